"""The files of an import by the digest of their bytes; what was taken back before, and backups, are left out."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors.archive import list_members
from connectors.backup.verify import is_backup
from connectors.errors import SourceError
from connectors.source import Skipped, source_name
from connectors.store.import_batches import ImportFile

FULL_DIGEST_BYTES = 512 << 20
END_BYTES = 64 << 20
"""Bytes up to which a file is read whole, and those of each end of a larger one. Design choices, for speed."""
_TABLE = "activities.csv"
BACKUP = "This is a Heelwise backup: restore it (heelwise restore {name})."


@dataclass
class GivenFiles:
    """What was given to an import: the paths to read, their files, what is left out and why, and backups among it.

    `size` is that of all files in bytes.
    """

    paths: list[Path] = field(default_factory=list)
    files: list[ImportFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    size: int = 0


def file_digest(path: Path) -> str | None:
    """Return the digest of a file's bytes; None where it cannot be read."""
    # Of a very large file its size, its beginning and its end are taken: the end of a ZIP holds the checksum
    # of each of its members.
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            if size <= FULL_DIGEST_BYTES:
                return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
            digest = hashlib.blake2b(str(size).encode(), digest_size=16)
            digest.update(stream.read(END_BYTES))
            stream.seek(size - END_BYTES)
            digest.update(stream.read(END_BYTES))
            return digest.hexdigest()
    except OSError:
        return None


def given_files(paths: Sequence[Path], taken_back: Mapping[str, tuple[int, float]]) -> GivenFiles:
    """List the files under some paths; those taken back before, and backups, are left out with their reason."""
    # A folder that holds such a file is read file by file, unless it is an unpacked export: that is one
    # thing, and stands or falls with its table of activities.
    given = GivenFiles()
    for path in paths:
        if is_backup(path):
            _leave_backup(given, path)
        else:
            _add(given, path, taken_back)
    return given


def _add(given: GivenFiles, path: Path, taken_back: Mapping[str, tuple[int, float]]) -> None:
    members = _members(path)
    packed = [one for name, one in members if path.is_dir() and _may_be_backup(name) and is_backup(one)]
    for one in packed:
        _leave_backup(given, one)
    members = [(name, one) for name, one in members if one not in packed]
    files = [(name, digest) for name, one in members if (digest := file_digest(one)) is not None]
    back = {name: taken_back[digest] for name, digest in files if digest in taken_back}
    tables = [name for name, _ in members if name.rpartition("/")[2].casefold() == _TABLE]
    if back and (any(name in back for name in tables) or not path.is_dir()):
        name = next(name for name in back if name in tables or not tables)
        given.skipped.append(Skipped(source_name(path), _reason(*back[name])))
        return
    if tables or not (back or packed):
        given.paths.append(path)
        back = {}
    else:
        given.paths += [one for name, one in members if name not in back]
        given.skipped += [Skipped(name, _reason(*back[name])) for name in back]
    given.files += [ImportFile(name, digest) for name, digest in files if name not in back]


def _leave_backup(given: GivenFiles, path: Path) -> None:
    given.backups.append(path)
    given.skipped.append(backup_left_out(path))


def backup_left_out(path: Path) -> Skipped:
    """Return what is said of a backup among the files of an import."""
    return Skipped(source_name(path), BACKUP.format(name=shlex.quote(source_name(path))))


def _may_be_backup(name: str) -> bool:
    return name.lower().endswith((".zip", ".age"))


def _members(path: Path) -> list[tuple[str, Path]]:
    if not path.is_dir():
        return [(source_name(path), path)]
    try:
        return [
            (one.name, one.stored_as)
            for one in list_members(path)
            if isinstance(one.stored_as, Path) and not one.left_out
        ]
    except (SourceError, OSError):
        return []  # the import itself says why


def _reason(import_id: int, when_s: float) -> str:
    day = datetime.fromtimestamp(when_s).astimezone().strftime("%Y-%m-%d")
    return (
        f"It was taken back with import {import_id} on {day}, so it was left out; --again reads it once more."
    )
