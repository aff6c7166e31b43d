"""Opens a backup and holds every byte of it against its own list before anything is believed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import polars as pl
import pyrage

from connectors.backup.bounds import read_table, rows_within
from connectors.backup.container import (
    MOST_FOLDERS_AROUND,
    Container,
    FolderContainer,
    may_list,
    opened_zip,
    packed_inside,
)
from connectors.backup.format import (
    LEFT_HERE,
    LOCKED,
    MANIFEST,
    README,
    Manifest,
    damaged_backup,
    parse_manifest,
    table_member,
)
from connectors.errors import ExcessiveWork, LockedFile, UnreadableFile, UnsafeFile
from connectors.frames import ACTIVITY, STORED, Contract
from connectors.source import Progress, silent
from connectors.store.corrections import MATCH_SCHEMA
from connectors.store.runners import RunnerExport

MOST_BYTES = 64 * 1024**3
"""B of content beyond which no runner's history goes."""
MOST_PER_MEMBER = 2 * 1024**3
MOST_MANIFEST = 256 * 1024**2
_EXCESSIVE_WORK = "Excessive work parameter"
MOST_BESIDE = 200
"""Folders in one folder beyond which it is not looked through for a backup."""
_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True)
class OpenBackup:
    """A backup that was looked at from end to end and is whole."""

    manifest: Manifest
    packed: Container
    damaged: tuple[str, ...] = ()

    def damaged_of(self, folder: str) -> tuple[str, ...]:
        """Name the damaged members of one runner."""
        return tuple(name for name in self.damaged if name.startswith(f"{folder}/"))

    def read_runner(self, folder: str) -> tuple[RunnerExport, list[str]]:
        """Read the rows of one runner, and a sentence for each row that is refused.

        The same check as at every other way in.
        """
        read = {contract.name: self._table(folder, contract) for contract in STORED}
        frames = {name: rows for name, (rows, _) in read.items()}
        refused = [sentence for _, sentences in read.values() for sentence in sentences]
        matches = self._parquet(table_member(folder, "match", "parquet"))
        words = self._words(f"{folder}/words.json")
        if matches is not None and matches.schema != MATCH_SCHEMA:
            raise damaged_backup("its list of doubles is not whole")
        matches = pl.DataFrame(schema=MATCH_SCHEMA) if matches is None else matches
        return RunnerExport(frames, matches, *words), refused

    def recording_ids(self, folder: str) -> list[str]:
        """List the recordings of one runner."""
        start = f"{folder}/samples/"
        return [
            name.removeprefix(start).removesuffix(".parquet")
            for name in self.manifest.files
            if name.startswith(start)
        ]

    def recording(self, folder: str, activity_id: str) -> bytes:
        """Read one recording; its bytes were held against the list before, its values were not."""
        return self.packed.read(f"{folder}/samples/{activity_id}.parquet")

    def _table(self, folder: str, contract: Contract) -> tuple[pl.DataFrame, list[str]]:
        table = self._parquet(table_member(folder, contract.name, "parquet"))
        if table is None:
            return contract.empty(), []
        whose = self.manifest.runners[folder].athlete_id
        rows, refused = rows_within(table, contract)
        if (rows["athlete_id"] != whose).any():
            raise damaged_backup(f"its table {contract.name} holds somebody else's rows")
        if contract is ACTIVITY and rows["activity_id"].n_unique() != rows.height:
            raise damaged_backup("two of its runs have one id")
        return rows, refused

    def _parquet(self, name: str) -> pl.DataFrame | None:
        if name not in self.manifest.files:
            return None
        try:
            return read_table(self.packed.read(name))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
            raise damaged_backup("one of its tables cannot be read") from error

    def _words(self, name: str) -> tuple[dict[str, str], dict[str, str]]:
        if name not in self.manifest.files:
            return {}, {}
        try:
            content = json.loads(self.packed.read(name))
            settings, bookmarks = dict(content["settings"]), dict(content["bookmarks"])
        except (ValueError, KeyError, TypeError) as error:
            raise damaged_backup("its settings cannot be read") from error
        if not all(
            isinstance(part, str) for pair in (*settings.items(), *bookmarks.items()) for part in pair
        ):
            raise damaged_backup("its settings are not words")
        return settings, {name: text for name, text in bookmarks.items() if name not in LEFT_HERE}


@contextmanager
def open_backup(
    source: Path,
    passphrase: str | None = None,
    what_is_whole: bool = False,
    progress: Progress = silent,
) -> Iterator[OpenBackup]:
    """Open a backup.

    Looked at as a whole first, so that a damaged file cannot leave half of itself in a store.
    """
    try:
        if source.is_dir():
            inner = packed_inside(source, {one: is_backup(one) for one in _beside(source)})
            if inner is None or _holds_backup(source):
                yield _checked_container(FolderContainer(source), what_is_whole, progress)
                return
            source = inner
        with source.open("rb") as file, opened_zip(_unlocked(file, passphrase)) as packed:
            yield _checked_container(packed, what_is_whole, progress)
    except _FAULTS as error:
        if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            raise UnreadableFile(
                f"There is no file called {source.name} that can be read. Nothing was changed."
            ) from error
        if isinstance(error, zipfile.BadZipFile):
            raise UnreadableFile(
                f"{source.name} is not a Heelwise backup, or it is cut off: its list of contents stands at its end. "
                "Nothing was changed. Copy the file again from where it came, or use an earlier backup."
            ) from error
        raise damaged_backup("it cannot be unpacked") from error


def is_locked(source: Path) -> bool:
    """Return whether a backup was closed with a passphrase.

    The age format (age-encryption.org/v1): a file begins with its name and version.
    """
    try:
        with source.open("rb") as file:
            return file.read(len(LOCKED)) == LOCKED
    except OSError:
        return False


def is_backup(source: Path) -> bool:
    """Distinguish a backup from any other file, without believing it.

    Whoever is given a file should not need to know which page it belongs on.
    """
    if is_locked(source):
        return True
    try:
        if source.is_dir():
            return _holds_backup(source)
        with source.open("rb") as file:
            if not may_list(file, (MANIFEST, README)):
                return False
        with source.open("rb") as file, opened_zip(file) as packed:
            return {MANIFEST, README} <= set(packed.sizes)
    except _FAULTS:
        return False


def _holds_backup(folder: Path) -> bool:
    """Whether a folder, or one of the few around it, is an unpacked backup; looked for without listing all of it."""
    depth = [folder]
    for _ in range(MOST_FOLDERS_AROUND + 1):
        if any((one / MANIFEST).is_file() and (one / README).is_file() for one in depth):
            return True
        depth = [inner for one in depth for inner in _folders_in(one)]
    return False


def _folders_in(folder: Path) -> list[Path]:
    folders = [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]
    return folders if len(folders) <= MOST_BESIDE else []


def _beside(folder: Path) -> list[Path]:
    """Files in a folder that may be packed backups."""
    return [one for one in folder.iterdir() if one.suffix.lower() in (".zip", ".age") and one.is_file()]


def _unlocked(file: IO[bytes], passphrase: str | None) -> IO[bytes]:
    head = file.read(len(LOCKED))
    file.seek(0)
    if head != LOCKED:
        return file
    if passphrase is None:
        raise LockedFile(
            "This backup is closed with a passphrase. Nothing was changed. Try again and give it."
        )
    try:
        return io.BytesIO(pyrage.passphrase.decrypt(file.read(), passphrase))
    except pyrage.DecryptError as error:
        # age asks for as much work as takes the machine that closes a file one second, and refuses a file that would
        # take this one sixteen times as long. The text is the only sign of it, and it comes before the passphrase.
        if _EXCESSIVE_WORK in str(error):
            raise ExcessiveWork(
                "This backup was closed on a much faster machine, or this one is busy: opening it would take too "
                "long here, whatever the passphrase. Nothing was changed. Close other programs and try again, or "
                "open it on a faster machine and write it there without a passphrase."
            ) from error
        raise LockedFile(
            "The passphrase does not fit this backup, or the file is damaged. Nothing was changed. Try again."
        ) from error


def _checked_container(packed: Container, what_is_whole: bool, progress: Progress) -> OpenBackup:
    manifest = _manifest(packed)
    names = set(packed.sizes) - {MANIFEST}
    extra = sorted(names - set(manifest.files))
    if extra and not what_is_whole:
        raise damaged_backup(f"{extra[0]} was put into it later")
    damaged: tuple[str, ...] = ()
    for done, (name, digest) in enumerate(manifest.files.items(), start=1):
        if name not in names or _digest(packed, name) != digest:
            damaged = (*damaged, name)
        progress(done, len(manifest.files), "checking the file")
    if damaged and not what_is_whole:
        raise damaged_backup(_list_damage(damaged), can_be_saved=True)
    intact = {name: digest for name, digest in manifest.files.items() if name not in damaged}
    return OpenBackup(replace(manifest, files=intact), packed, damaged)


def _manifest(packed: Container) -> Manifest:
    sizes = packed.sizes
    if packed.twice:
        raise damaged_backup("a name is in it twice")
    if MANIFEST not in sizes:
        raise UnreadableFile("This is not a Heelwise backup: no manifest.json is in it. Nothing was changed.")
    if sum(sizes.values()) > MOST_BYTES or max(sizes.values()) > MOST_PER_MEMBER:
        raise UnsafeFile("This file unpacks to more than any backup holds. Nothing was changed.")
    if sizes[MANIFEST] > MOST_MANIFEST:
        raise UnsafeFile("This file lists more than any backup holds. Nothing was changed.")
    try:
        return parse_manifest(json.loads(packed.read(MANIFEST)))
    except (*_FAULTS, ValueError) as error:
        raise damaged_backup("its list of contents, manifest.json, cannot be read") from error


def _digest(packed: Container, name: str) -> str | None:
    """Digest of one member; None where it cannot be read."""
    try:
        return hashlib.sha256(packed.read(name)).hexdigest()
    except (*_FAULTS, ValueError):
        return None


def _list_damage(damaged: tuple[str, ...]) -> str:
    more = len(damaged) - 1
    return f"{damaged[0]} is missing or not as it was written" + (f", and so are {more} more" if more else "")
