"""Reading ZIPs, folders and gzip members that somebody else made, without trusting what they say.

Nothing is extracted to disk, nothing outside the archive is followed, and no member is unpacked beyond
its cap: the count is of bytes that came out, never of what a header promises.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.source import Skipped, source_name

CHUNK_BYTES = 1 << 20
RECORDING_BYTES = 200 << 20
TABLE_BYTES = 100 << 20
FREE_BYTES = 16 << 20
MOST_RATIO = 200
"""The most repetitive recordings seen unpack to about 40 times their size; a bomb to 1,000 times and more."""

_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
FEED_BYTES = 1 << 16


def decompress(data: bytes, name: str, most: int = RECORDING_BYTES, cut_off: bool = False) -> bytes:
    """Take off one gzip layer, if there is one.

    One layer and no more; a gzip inside a gzip is not unpacked again.
    """
    if not data:
        raise UnreadableFile(f"{name} is empty.")
    if not data.startswith(_GZIP):
        if name.lower().endswith(".gz") and not _looks_plain(data):
            raise UnreadableFile(f"{name} is damaged and could not be unpacked. It was left out.")
        return data
    try:
        content, whole = _gunzip(data, name, most)
    except zlib.error as error:
        raise UnreadableFile(f"{name} is damaged and could not be unpacked. It was left out.") from error
    if not whole and not (cut_off and content):
        raise UnreadableFile(f"{name} is cut off and could not be unpacked. It was left out.")
    if not content:
        raise UnreadableFile(f"{name} is empty.")
    return content


def read_capped(read: Callable[[int], bytes], name: str, most: int, packed: int) -> bytes:
    """Read a stream to its end, or refuse it.

    See `MOST_RATIO`.
    """
    pieces: list[bytes] = []
    total = 0
    while piece := read(CHUNK_BYTES):
        total += len(piece)
        _hold(total, packed, name, most)
        pieces.append(piece)
    return b"".join(pieces)


def _gunzip(data: bytes, name: str, most: int) -> tuple[bytes, bool]:
    """Content of all gzip members in a row, and whether the last one ended."""
    pieces: list[bytes] = []
    total = 0
    layer = zlib.decompressobj(wbits=_GZIP_BITS)
    for start in range(0, len(data), FEED_BYTES):
        left, full = data[start : start + FEED_BYTES], False
        while left or full:
            if layer.eof:
                if not left.startswith(_GZIP[:1]):
                    return b"".join(pieces), True
                layer = zlib.decompressobj(wbits=_GZIP_BITS)
            piece = layer.decompress(left, CHUNK_BYTES)
            total += len(piece)
            _hold(total, len(data), name, most)
            pieces.append(piece)
            left = layer.unused_data if layer.eof else layer.unconsumed_tail
            full = len(piece) == CHUNK_BYTES and not layer.eof
    return b"".join(pieces), layer.eof


def _hold(total: int, packed: int, name: str, most: int) -> None:
    if total > most:
        raise UnsafeFile(f"{name} unpacks to more than {most >> 20} MB. It was left out; the rest is read.")
    if total > FREE_BYTES and total > MOST_RATIO * max(packed, 1):
        raise UnsafeFile(
            f"{name} unpacks to more than {MOST_RATIO} times its size, which no recording does. "
            "It was left out; the rest is read."
        )


def _looks_plain(data: bytes) -> bool:
    """Whether this is a FIT or XML file whose gzip layer is already off."""
    return data[8:12] == b".FIT" or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


MOST_MEMBERS = 300_000

_LOCKED = 0x1
_READ_HERE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LINK = "It is a link or a device, not a file; it was not opened."
_OUTSIDE = "Its name leads outside the archive; it was not opened."


@dataclass(frozen=True)
class Member:
    """One member."""

    name: str
    stored_as: zipfile.ZipInfo | Path
    size: int = 0
    packed: int = 0
    left_out: str = ""
    refused: str = ""


def list_members(path: Path) -> Iterator[Member]:
    """List a ZIP, a folder, or a single file as an archive of itself.

    Only ordinary files with ordinary names are worth opening.
    """
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise UnreadableFile(f"There is no file or folder called {source_name(path)}.")
    if _is_zip(path):
        return _in_zip(path)
    size = path.stat().st_size
    return iter([Member(path.name, path.resolve(), size, size)])


def open_member(path: Path) -> IO[bytes]:
    """Open an ordinary file, never through a link, and never waiting on a pipe.

    A folder may have changed since it was listed.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(f"{path.name} is not an ordinary file")


def _is_zip(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as stream:
        return not path.suffix and stream.read(4) == b"PK\x03\x04"


def _in_zip(path: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as file:
        entries = file.infolist()
    if len(entries) > MOST_MEMBERS:
        raise UnsafeFile(f"{source_name(path)} lists {len(entries):,} members, more than any export has.")
    for entry in entries:
        name, outside = _plain_name(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() or not name or kind == stat.S_IFDIR or _is_clutter(name):
            continue
        left_out = _OUTSIDE if outside else _LINK if kind not in (0, stat.S_IFREG) else ""
        yield Member(name, entry, entry.file_size, entry.compress_size, left_out, _refused(entry))


def _refused(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _LOCKED:
        return "is locked with a password"
    return "" if entry.compress_type in _READ_HERE else "is packed in a way that is not read here"


def _in_folder(root: Path) -> Iterator[Member]:
    seen = 0
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(f for f in folders if not _is_clutter(f))
        links = [f for f in folders if Path(folder, f).is_symlink()]
        for name in sorted([*names, *links]):
            if _is_clutter(name):
                continue
            seen += 1
            if seen > MOST_MEMBERS:
                raise UnsafeFile(f"{source_name(root)} holds more files than any export has.")
            path = Path(folder, name)
            facts = path.lstat()
            left_out = "" if stat.S_ISREG(facts.st_mode) else _LINK
            yield Member(path.relative_to(root).as_posix(), path, facts.st_size, facts.st_size, left_out)


def _plain_name(name: str) -> tuple[str, bool]:
    """Name with `/` between its parts, and whether it leads outside the archive."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    outside = plain.startswith("/") or ".." in parts or bool(re.match(r"[A-Za-z]:", plain))
    hidden = any(ord(letter) < 32 for letter in plain)
    shown = "/".join(part for part in parts if part not in ("", "."))
    return "".join(c if ord(c) >= 32 else "?" for c in shown), outside or hidden


def _is_clutter(name: str) -> bool:
    """Whether an operating system left it behind: not worth a word."""
    parts = name.split("/")
    dotted = any(part.startswith(".") and part != ".." for part in parts)
    return dotted or "__MACOSX" in parts or parts[-1] in ("Thumbs.db", "desktop.ini")


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

        People unpack exports with many tools, and pack them again.
        """
        wanted = name.replace("\\", "/")
        if wanted in self._members:
            return wanted
        if not self._found:
            self._found = self._ways_to_say()
        plain = wanted.casefold()
        return self._found.get(plain) or self._found.get(plain.removesuffix(".gz"))

    def holds(self, name: str) -> bool:
        """Say whether a member can be found."""
        return self.find(name) is not None

    def read(self, name: str, most: int = RECORDING_BYTES, cut_off: bool = False) -> bytes:
        """Read one member, with its gzip layer taken off.

        An export holds thousands of members; one bad one costs only itself.
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
        return decompress(data, found, most, cut_off)

    def _open(self, member: Member) -> IO[bytes]:
        if isinstance(member.stored_as, Path):
            return open_member(member.stored_as)
        if self._zip is None:
            self._zip = zipfile.ZipFile(self.path)
        return self._zip.open(member.stored_as)

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

    What is not an ordinary file with an ordinary name is not opened.
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
