"""Where the members of a backup lie: a ZIP, a ZIP with a folder around them, or an unpacked folder.

Browsers unpack a download, Finder packs it again with a folder around it and files of its own beside it.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from connectors.archive import _is_clutter as is_clutter
from connectors.archive import open_member
from connectors.backup.format import MANIFEST, README
from connectors.errors import UnreadableFile

MOST_FOLDERS_AROUND = 3
_END_FIXED, _END_BYTES, _ZIP64 = 22, 22 + 0xFFFF, 0xFFFFFFFF
"""The end of a ZIP: its fixed part and its longest, and what stands for a number too large (APPNOTE.TXT 4.3.16)."""


class Container(Protocol):
    """The members of a backup by the names the manifest gives them."""

    sizes: dict[str, int]
    twice: bool

    def read(self, name: str) -> bytes:
        """Return the content of one member; raises what the ZIP or the disk raises."""
        ...


class ZipContainer:
    """A backup as a ZIP."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        entries = {_plain(entry.filename): entry for entry in packed.infolist() if not entry.is_dir()}
        names = [_plain(entry.filename) for entry in packed.infolist() if not entry.is_dir()]
        around = folder_around(names)
        self.twice = len(names) != len(entries)
        self._entries = {
            name.removeprefix(around): entry
            for name, entry in entries.items()
            if name.startswith(around) and not is_clutter(name.removeprefix(around))
        }
        self.sizes = {name: entry.file_size for name, entry in self._entries.items()}

    def read(self, name: str) -> bytes:
        """Return the content of one member."""
        return self._packed.read(self._entries[name])


class FolderContainer:
    """A backup unpacked into a folder, or into one inside it."""

    def __init__(self, folder: Path) -> None:
        files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        around = folder_around(list(files))
        self._files = {
            name.removeprefix(around): path for name, path in files.items() if name.startswith(around)
        }
        self.twice = False
        self.sizes = {name: path.lstat().st_size for name, path in self._files.items()}

    def read(self, name: str) -> bytes:
        """Return the content of one member; never through a link."""
        with open_member(self._files[name]) as stream:
            return stream.read()


@contextmanager
def opened_zip(file: IO[bytes]) -> Iterator[ZipContainer]:
    """Open a backup packed as a ZIP."""
    with zipfile.ZipFile(file) as packed:
        yield ZipContainer(packed)


def may_list(file: IO[bytes], names: tuple[str, ...]) -> bool:
    """Whether a ZIP may list members of these names: looked for in the bytes of its list, since it may be very long."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_FIXED:
        return False
    length, start = struct.unpack("<LL", tail[at + 12 : at + 20])
    if _ZIP64 in (length, start):
        return True
    file.seek(max(0, size - len(tail) + at - length))  # what stands before the ZIP moves it, its length stays
    listed = file.read(length)
    return all(name.encode() in listed for name in names)


def folder_around(names: list[str]) -> str:
    """Return the folder around the members, with a slash at its end; "" where there is none."""
    listed = set(names)
    folders = [
        name.removesuffix(MANIFEST)
        for name in names
        if name.rpartition("/")[2] == MANIFEST and not is_clutter(name)
    ]
    inside = [one for one in folders if one.count("/") <= MOST_FOLDERS_AROUND]
    complete = [one for one in inside if f"{one}{README}" in listed]
    return min(complete or inside, key=lambda one: (one.count("/"), one), default="")


def packed_inside(folder: Path, is_packed_backup: Mapping[Path, bool]) -> Path | None:
    """Return the one backup that lies packed in a folder; several are refused, since one has to be named."""
    backups = sorted(path for path, is_one in is_packed_backup.items() if is_one)
    if len(backups) > 1:
        names = ", ".join(path.name for path in backups)
        raise UnreadableFile(
            f"There are several backups in {folder.name}: {names}. Nothing was changed. Name the one to restore."
        )
    return backups[0] if backups else None


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not is_clutter(one))
        for name in sorted(names):
            path = Path(where, name)
            if not is_clutter(name) and not path.is_symlink():
                yield path
