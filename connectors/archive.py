"""Reading ZIPs, folders and gzip members that somebody else made, without trusting what they say.

Nothing is extracted to disk, nothing outside the archive is followed, and no member is unpacked beyond
its cap: the count is of bytes that came out, never of what a header promises.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.gunzip import RECORDING_BYTES, TABLE_BYTES, read_capped, unpacked
from connectors.members import Member, list_members, open_plain
from connectors.source import Skipped, source_name

__all__ = ["RECORDING_BYTES", "TABLE_BYTES", "Archive", "open_archive"]

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    LookupError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Archive:
    """A ZIP, a folder or a single file, listed once; members are read one at a time.

    Pickled by its path alone, so that each worker process opens its own handle.

    Parameters
    ----------
    path
        Where it is.
    skipped
        Members left out because of their name or kind, with the reason.
    """

    def __init__(self, path: Path, members: dict[str, Member], skipped: Sequence[Skipped] = ()) -> None:
        self.path = path
        self.skipped = tuple(skipped)
        self._members = members
        self._names = tuple(sorted(members))
        self._found: dict[str, str] = {}
        self._zip: zipfile.ZipFile | None = None

    def __reduce__(self) -> tuple[Callable[[Path], Archive], tuple[Path]]:
        return open_archive, (self.path,)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; a later `read` opens it again."""
        if self._zip is not None:
            self._zip.close()
            self._zip = None

    def names(self) -> tuple[str, ...]:
        """Members that may be asked for, sorted, with `/` between the parts."""
        return self._names

    def find(self, name: str) -> str | None:
        r"""Find a member as a table names it.

        Parameters
        ----------
        name : str
            "activities/12.fit.gz", whatever the case, the slashes (`\`), one or two folders around the whole
            export, and whether somebody has taken the gzip layer off since.

        Returns
        -------
        str or None
            Its name in the archive; None where there is no such member.

        Source
        ------
        ours: people unpack exports with many tools, and pack them again.
        """
        wanted = name.replace("\\", "/")
        if wanted in self._members:
            return wanted
        if not self._found:
            self._found = self._ways_to_say()
        plain = wanted.casefold()
        return self._found.get(plain) or self._found.get(plain.removesuffix(".gz"))

    def holds(self, name: str) -> bool:
        """Say whether a member can be found.

        Parameters
        ----------
        name : str
            As for `find`.

        Returns
        -------
        bool
            True where `read` has something to try.
        """
        return self.find(name) is not None

    def read(self, name: str, most: int = RECORDING_BYTES, cut_off: bool = False) -> bytes:
        """Read one member, with its gzip layer taken off.

        Parameters
        ----------
        name : str
            As for `find`.
        most : int
            Bytes it may hold, packed as well as unpacked.
        cut_off : bool
            Whether a gzip layer that ends too early gives what it held up to there.

        Returns
        -------
        bytes
            The content.

        Raises
        ------
        UnreadableFile
            Not in the archive, locked with a password, damaged, or empty.
        UnsafeFile
            Larger than `most`, or unpacking to far more than any recording does.

        Source
        ------
        ours: an export holds thousands of members; one bad one costs only itself.
        """
        found = self.find(name)
        if found is None:
            raise UnreadableFile(f"{name} is not in {source_name(self.path)}.")
        member = self._members[found]
        if member.refused:
            raise UnreadableFile(f"{name} {member.refused}. It was left out; the rest is read.")
        if max(member.size, member.packed) > most:
            raise UnsafeFile(f"{name} is larger than {most >> 20} MB. It was left out; the rest is read.")
        try:
            with self._open(member) as stream:
                data = read_capped(stream.read, name, most, member.packed)
        except _DAMAGE as error:
            raise UnreadableFile(f"{name} is damaged and could not be read. It was left out.") from error
        return unpacked(data, found, most, cut_off)

    def _open(self, member: Member) -> IO[bytes]:
        if isinstance(member.stored_as, Path):
            return open_plain(member.stored_as)
        if self._zip is None:
            self._zip = zipfile.ZipFile(self.path)
        return self._zip.open(member.stored_as)

    def peek(self, name: str, size: int = 512) -> bytes:
        """Return the first bytes of a member, with its gzip layer taken off; none where it cannot be read."""
        member = self._members.get(name)
        if member is None or member.refused:
            return b""
        try:
            with self._open(member) as stream:
                head = stream.read(size)
            if head.startswith(b"\x1f\x8b"):
                return zlib.decompressobj(wbits=31).decompress(head, size)
        except _DAMAGE:
            return b""  # whoever reads the whole member says why
        return head

    def _ways_to_say(self) -> dict[str, str]:
        """Every way a table may name a member; where two answer to one, the shallower and first wins."""
        ways: dict[str, str] = {}
        for depth in range(3):
            for name in self._names:
                parts = name.casefold().split("/")
                if depth < len(parts):
                    ways.setdefault("/".join(parts[depth:]), name)
        for said, name in list(ways.items()):
            ways.setdefault(said.removesuffix(".gz"), name)
        return ways


def open_archive(path: Path) -> Archive:
    """List a ZIP, a folder, or a single file as an archive of itself.

    Parameters
    ----------
    path : Path
        What to open.

    Returns
    -------
    Archive
        Its names are those of ordinary members; links and names that lead outside are in `skipped`.

    Raises
    ------
    UnreadableFile
        Missing, not a ZIP, damaged beyond listing, or not to be opened.
    UnsafeFile
        More members than any export has.

    Source
    ------
    ours: what is not an ordinary file with an ordinary name is not opened.
    """
    members: dict[str, Member] = {}
    skipped: list[Skipped] = []
    try:
        for member in list_members(path):
            if member.left_out:
                skipped.append(Skipped(member.name, member.left_out))
                continue
            if member.name in members:
                reason = "The name stands twice in the archive; the later one was taken."
                skipped.append(Skipped(member.name, reason))
            members[member.name] = member
    except _DAMAGE as error:
        reason = "could not be opened: it is damaged, not what its ending says, or not readable here"
        raise UnreadableFile(f"{source_name(path)} {reason}. Nothing was taken from it.") from error
    return Archive(path, members, skipped)
