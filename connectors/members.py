"""What lies in a ZIP, a folder or a single file, and what is left out because of its name or kind."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.nested_zip import Allowance, open_inner
from connectors.source import source_name

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
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Member:
    """One member.

    Parameters
    ----------
    name
        With `/` between the parts.
    stored_as
        The ZIP's own entry, or the path of the file.
    size, packed
        Bytes, as the archive states them: its content, and what it takes there.
    left_out
        Why it may not even be listed; "" where it may.
    refused
        Why it cannot be read ("is locked with a password"); "" where it can be tried.
    inside
        The inner ZIP it lies in; None where it lies in the archive itself.
    """

    name: str
    stored_as: zipfile.ZipInfo | Path
    size: int = 0
    packed: int = 0
    left_out: str = ""
    refused: str = ""
    inside: zipfile.ZipInfo | None = None


def list_members(path: Path) -> Iterator[Member]:
    """List a ZIP, a folder, or a single file as an archive of itself.

    Parameters
    ----------
    path : Path
        What to list. A ZIP is told by its ending, or by its first bytes where it has no ending.

    Yields
    ------
    Member
        In the archive's order; a name may come twice. What operating systems leave behind is not listed.

    Raises
    ------
    UnreadableFile
        Missing, or neither a file nor a folder.
    UnsafeFile
        More members than any export has.
    OSError, zipfile.BadZipFile
        As they come; `open_archive` turns them into sentences.

    Source
    ------
    ours: only ordinary files with ordinary names are worth opening.
    """
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise UnreadableFile(f"There is no file or folder called {source_name(path)}.")
    if _is_zip(path):
        return _in_zip(path)
    size = path.stat().st_size
    return iter([Member(path.name, path.resolve(), size, size)])


def open_plain(path: Path) -> IO[bytes]:
    """Open an ordinary file, never through a link, and never waiting on a pipe.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    binary stream
        Open for reading.

    Raises
    ------
    OSError
        When it is not there, is a link, or is not an ordinary file.

    Source
    ------
    ours: a folder may have changed since it was listed.
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
    except _DAMAGE:
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
