"""The files of an import by the digest of their bytes, and which of them were taken back before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors.errors import SourceError
from connectors.members import list_members
from connectors.source import Skipped, source_name
from connectors.store.import_batches import ImportFile

_TABLE = "activities.csv"


@dataclass
class GivenFiles:
    """What was given to an import: the paths to read, their files, and what is left out as taken back before."""

    paths: list[Path] = field(default_factory=list)
    files: list[ImportFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def file_digest(path: Path) -> str | None:
    """Return the digest of a file's bytes; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return None


def given_files(paths: Sequence[Path], taken_back: Mapping[str, tuple[int, float]]) -> GivenFiles:
    """List the files under some paths; those taken back before are left out with their reason.

    A folder that holds a file taken back is read file by file, unless it is an unpacked export: that is one thing, and
    stands or falls with its table of activities.
    """
    given = GivenFiles()
    for path in paths:
        members = _members(path)
        files = [(name, one, digest) for name, one in members if (digest := file_digest(one)) is not None]
        given.files += [ImportFile(name, digest) for name, _, digest in files]
        back = {name: taken_back[digest] for name, _, digest in files if digest in taken_back}
        tables = [name for name, _ in members if name.rpartition("/")[2].casefold() == _TABLE]
        if not back or (tables and not any(name in back for name in tables)):
            given.paths.append(path)
        elif tables or not path.is_dir():
            name = next(iter(back))
            given.skipped.append(Skipped(source_name(path), _reason(*back[name])))
        else:
            given.paths += [one for name, one in members if name not in back]
            given.skipped += [Skipped(name, _reason(*back[name])) for name in back]
    return given


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
