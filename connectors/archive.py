"""Reading ZIPs, folders and gzip members that somebody else made, without trusting what they say."""

# Nothing is extracted to disk, nothing outside the archive is followed, and no member is unpacked beyond its
# cap: the count is of bytes that came out, never of what a header promises.

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.gunzip import RECORDING_BYTES, decompress, read_capped
from connectors.nested_zip import Allowance, open_inner
from connectors.source import Skipped, source_name

MOST_MEMBERS = 300_000

_LOCKED = 0x1
_ZIPPED_DOCUMENTS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".odt", ".docx", ".numbers", ".pages", ".kmz")
_READ_HERE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LINK = "It is a link or a device, not a file; it was not opened."
_OUTSIDE = "Its name leads outside the archive; it was not opened."
_TOO_DEEP = (
    "A ZIP within a ZIP within a ZIP is not opened; unpack the outermost one, then import what is in it."
)
_NO_INNER = "This ZIP within the ZIP could not be opened: it is damaged or locked. The rest is read."
_TOO_MANY = "It lists more members than any takeout has. It was left out; the rest is read."
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Member:
    """One member."""

    name: str
    stored_as: zipfile.ZipInfo | Path
    size: int = 0
    packed: int = 0
    left_out: str = ""
    refused: str = ""
    inside: zipfile.ZipInfo | None = None


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
        if stream.read(4) != b"PK\x03\x04":
            return False
    return path.suffix.lower() not in _ZIPPED_DOCUMENTS and not _is_document(path)


def _is_document(path: Path) -> bool:
    """Whether a ZIP is a workbook or a text of an office program, under whatever name."""
    try:
        with zipfile.ZipFile(path) as file:
            names = set(file.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return bool(path.suffix)
    return bool(names & {"[Content_Types].xml", "mimetype", "Index/Document.iwa", "doc.kml"})


def _in_zip(path: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as file:
        entries = file.infolist()
        if len(entries) > MOST_MEMBERS:
            raise UnsafeFile(f"{source_name(path)} lists {len(entries):,} members, more than any export has.")
        allowance = Allowance(MOST_MEMBERS - len(entries))
        for member in _members(entries):
            is_zip = member.name.lower().endswith(".zip") and not (member.left_out or member.refused)
            yield from _in_inner(path, file, member, allowance) if is_zip else (member,)


def _members(entries: list[zipfile.ZipInfo]) -> Iterator[Member]:
    for entry in entries:
        name, outside = _plain_name(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.is_dir() or not name or kind == stat.S_IFDIR or _is_clutter(name):
            continue
        left_out = _OUTSIDE if outside else _LINK if kind not in (0, stat.S_IFREG) else ""
        yield Member(name, entry, entry.file_size, entry.compress_size, left_out, _refused(entry))


def _in_inner(path: Path, outer: zipfile.ZipFile, member: Member, allowance: Allowance) -> Iterator[Member]:
    """Members of a ZIP in a ZIP, named `<inner ZIP>/<member>`."""
    entry = member.stored_as
    if not isinstance(entry, zipfile.ZipInfo):
        return
    try:
        with open_inner(path, outer, entry, allowance) as inner:
            entries = inner.infolist()
    except UnsafeFile as error:
        yield replace(member, left_out=str(error))
        return
    except _ZIP_DAMAGE:
        yield replace(member, left_out=_NO_INNER)
        return
    if len(entries) > allowance.members:
        yield replace(member, left_out=_TOO_MANY)
        return
    allowance.members -= len(entries)
    for one in _members(entries):
        left_out = _TOO_DEEP if one.name.lower().endswith(".zip") else one.left_out
        yield replace(one, name=f"{member.name}/{one.name}", left_out=left_out, inside=entry)


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
    dotted = any(part.startswith(".") and part != ".." and not part.endswith(".icloud") for part in parts)
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


class Archive(AbstractContextManager["Archive", None]):
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
        self._inner: tuple[int, zipfile.ZipFile] | None = None

    def __reduce__(self) -> tuple[Callable[[Path], Archive], tuple[Path]]:
        return open_archive, (self.path,)

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a later `read` opens it again."""
        if self._inner is not None:
            self._inner[1].close()
            self._inner = None
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
        """Return whether a member can be found."""
        return self.find(name) is not None

    def read(self, name: str, most: int = RECORDING_BYTES, cut_off: bool = False) -> bytes:
        """Read one member, with its gzip layer taken off.

        An export holds thousands of members; one bad one costs only itself.
        """
        entry = self.find(name)
        if entry is None:
            raise UnreadableFile(f"{name} is not in {source_name(self.path)}.")
        member = self._members[entry]
        if member.refused:
            raise UnreadableFile(f"{name} {member.refused}. It was left out; the rest is read.")
        if max(member.size, member.packed) > most:
            raise UnsafeFile(f"{name} is larger than {most >> 20} MB. It was left out; the rest is read.")
        try:
            with self._open(member) as stream:
                data = read_capped(stream.read, name, most, member.packed)
        except _DAMAGE as error:
            raise UnreadableFile(f"{name} is damaged and could not be read. It was left out.") from error
        return decompress(data, entry, most, cut_off)

    def _open(self, member: Member) -> IO[bytes]:
        if isinstance(member.stored_as, Path):
            return open_member(member.stored_as)
        if self._zip is None:
            self._zip = zipfile.ZipFile(self.path)
        if member.inside is not None:
            return self._inner_zip(self._zip, member.inside).open(member.stored_as)
        return self._zip.open(member.stored_as)

    def _inner_zip(self, outer: zipfile.ZipFile, entry: zipfile.ZipInfo) -> zipfile.ZipFile:
        """Open an inner ZIP; the last one stays open, since members are read in the order of their names."""
        if self._inner is None or self._inner[0] != entry.header_offset:
            if self._inner is not None:
                self._inner[1].close()
                self._inner = None
            self._inner = entry.header_offset, open_inner(self.path, outer, entry)
        return self._inner[1]

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
        except (*_DAMAGE, UnsafeFile):
            return b""  # whoever reads the whole member says why
        return head

    def _ways_to_say(self) -> dict[str, str]:
        """Every way a table may name a member; where two answer to one, the shallower and first wins."""
        members: dict[str, str] = {}
        for depth in range(3):
            for name in self._names:
                parts = name.casefold().split("/")
                if depth < len(parts):
                    members.setdefault("/".join(parts[depth:]), name)
        for spelling, name in list(members.items()):
            members.setdefault(spelling.removesuffix(".gz"), name)
        return members


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
