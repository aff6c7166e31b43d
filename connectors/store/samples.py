"""One Parquet file for each activity's samples: written once as a whole, replaced as a whole."""

from __future__ import annotations

import copy
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from connectors.errors import ContractError, HeelwiseError, RunnerForgotten, StoreUnreadable
from connectors.frames import SAMPLE
from connectors.store.disk_errors import disk_error
from connectors.store.process_token import process_token
from connectors.store.sample_file import (
    NO_STATE,
    PART_SUFFIX,
    SAMPLE_SUFFIX,
    encoded,
    is_complete,
    put_file,
    scan_files,
    state_of,
    verifies,
)

ASIDE = ".restore-"
"""Begins the folder in which a restore unpacks recordings before they are moved to their places."""
CLOSED = ".closed-"
"""Begins the name of the empty file that tells every process to write no more recordings of a runner."""
EARLIER = ".before"
"""Folder of what imports replaced, inside the runner's own, so that whatever deletes the runner deletes it too."""
CACHE_FOLDER = ".cache"
"""Folder of what was worked out of a runner's recordings, inside the runner's own; see `frame_cache`."""
MOST_CACHED = 4
"""Files of one kind: the runner's own view, a therapist's without what came by a link, and settings tried out."""
LEFT_OVER_S = 3_600.0


def remove_parts(folder: Path) -> int:
    """Delete what writes that never ended have left, once it is an hour old.

    A younger one may belong to an import that is running.
    """
    swept = 0
    for path in folder.glob(f"*/*/.*{PART_SUFFIX}"):
        try:
            if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                path.unlink()
                swept += 1
        except OSError:
            continue  # gone by now, or not ours to delete: it takes room and harms nothing
    return swept


_GOOD_ID = re.compile(r"[0-9a-z]{2,64}")
_GOOD_CACHED = re.compile(r"[a-z]{1,16}-[0-9a-f]{32}\.cache")


@dataclass(frozen=True)
class Placed:
    """A recording that a restore has put in its place: how that is undone, and how it is made final."""

    undo: Callable[[], object]
    settle: Callable[[], object] = lambda: None


class SampleFolder:
    """The samples of all runners."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writer: str | None = None
        self._import_id: int | None = None
        self.is_lasting = True
        """False where the whole store is deleted in a moment: then no write waits for the disk."""

    is_shared = False
    """Whether several stores could have their recordings in the same place."""

    @property
    def where(self) -> str:
        """Name the place of all samples in a sentence."""
        return str(self.folder)

    def of_import(self, import_id: int) -> Self:
        """Return the samples as one import writes them: what it replaces is set aside first, once."""
        part = copy.copy(self)
        part._import_id = import_id
        return part

    def __getstate__(self) -> dict[str, object]:
        """Hand the token of this process to those that decode for it: their unfinished files are its own."""
        return {**self.__dict__, "_writer": self._writer or process_token(self.folder.parent)}

    def path(self, athlete_id: int, activity_id: str) -> Path:
        """Name the file of one activity.

        256 small folders list faster than one with ten thousand files.
        """
        if not may_be_id(activity_id):
            raise ContractError(f"{activity_id!r} is no activity id of ours. Nothing was read or stored.")
        return self.of_runner(athlete_id) / activity_id[:2] / f"{activity_id}{SAMPLE_SUFFIX}"

    def of_runner(self, athlete_id: int) -> Path:
        """Name the folder of one runner.

        One folder to take away when a runner leaves.
        """
        return self.folder / str(int(athlete_id))

    def relative(self, path: Path) -> str:
        """Write a path as it stands in the store: below the folder of all samples."""
        return path.relative_to(self.folder).as_posix()

    def write(self, athlete_id: int, activity_id: str, frame: pl.DataFrame) -> None:
        """Store the samples of one activity, in place of any stored before.

        A new name first and the final name last, so that a file is whole or not there at all.
        """
        target = self.path(athlete_id, activity_id)
        if self._import_id is not None:
            self._set_aside(target, self.earlier_path(athlete_id, self._import_id, activity_id))
        try:
            self._put(athlete_id, target, encoded(frame))
        except OSError as error:
            raise disk_error(error, target) from error

    def _put(self, athlete_id: int, target: Path, content: bytes) -> None:
        """Write a file into a folder of a runner's own, unless that runner is being deleted."""
        self._refuse_closed(athlete_id)
        self._make(target.parent)
        put_file(
            target, memoryview(content), self._writer or process_token(self.folder.parent), self.is_lasting
        )
        try:
            # Asked again: a deletion that began in between may have listed the folder before this file was there.
            self._refuse_closed(athlete_id)
        except RunnerForgotten:
            target.unlink(missing_ok=True)
            raise

    def _set_aside(self, there: Path, aside: Path) -> None:
        if aside.exists() or not is_complete(there):
            return
        try:
            for step in (aside.parent.parent, aside.parent):
                step.mkdir(mode=0o700, exist_ok=True)
            _link(there, aside)
        except OSError as error:
            raise disk_error(error, aside) from error

    def earlier_folder(self, athlete_id: int, import_id: int) -> Path:
        """Return the folder of what one import replaced, whether or not it is there."""
        return self.of_runner(athlete_id) / EARLIER / str(int(import_id))

    def earlier_path(self, athlete_id: int, import_id: int, activity_id: str) -> Path:
        """Return the file of one activity as it was before an import, whether or not it is there."""
        return self.earlier_folder(athlete_id, import_id) / self.path(athlete_id, activity_id).name

    def earlier_ids(self, athlete_id: int, import_id: int) -> set[str]:
        """List the activities whose samples an import replaced."""
        folder = self.earlier_folder(athlete_id, import_id)
        return {path.stem for path in folder.glob(f"*{SAMPLE_SUFFIX}")}

    def delete_earlier(self, athlete_id: int, import_id: int) -> None:
        """Delete what an import replaced; a folder that is not there is passed over."""
        folder = self.earlier_folder(athlete_id, import_id)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            with suppress(OSError):  # another import's folder is still in it, or there never was one
                folder.parent.rmdir()
        except OSError as error:
            raise disk_error(error, folder) from error

    def move(self, athlete_id: int, origin: str | None, target: str) -> None:
        """Move one file to its place, or delete it where no origin is given; a second call changes nothing.

        `athlete_id` is whose file it is; both names are below the folder of all samples.
        """
        to = self.folder / target
        try:
            if origin is None:
                to.unlink(missing_ok=True)
            elif (self.folder / origin).exists():
                to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                (self.folder / origin).replace(to)
        except OSError as error:
            raise disk_error(error, to) from error
        self.drop_cache(athlete_id)

    def prepare(self, paths: Sequence[Path]) -> None:
        """Do what takes long about placing recordings, before the transaction that writes their rows begins."""

    def place(self, transaction: Any, path: Path, athlete_id: int, activity_id: str) -> Placed:
        """Move a recording that a restore has unpacked to its name; one that was there is kept aside until all is well.

        `transaction` is the one that writes the runner's rows.
        """
        del transaction  # a bucket's rows are written in it
        target = self.path(athlete_id, activity_id)
        for step in (target.parent.parent, target.parent):
            step.mkdir(mode=0o700, exist_ok=True)
        placed = Placed(lambda: target.unlink(missing_ok=True))
        if target.exists():
            before = path.with_suffix(".before")
            target.replace(before)
            placed = Placed(lambda: before.replace(target))
        path.replace(target)
        return placed

    def all_files(self) -> Iterator[tuple[int, str]]:
        """Walk through all recordings, those that imports set aside too, by their names below the folder."""
        for pattern in (f"*/*/*{SAMPLE_SUFFIX}", f"*/{EARLIER}/*/*{SAMPLE_SUFFIX}"):
            for path in sorted(self.folder.glob(pattern)):
                name = path.relative_to(self.folder)
                if name.parts[0].isdigit() and not path.name.startswith("."):
                    yield int(name.parts[0]), name.as_posix()

    def read_file(self, athlete_id: int, name: str) -> bytes:
        """Read one recording by its name below the folder."""
        del athlete_id
        path = self.folder / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise disk_error(error, path) from error

    def write_file(self, transaction: Any, athlete_id: int, name: str, content: bytes) -> None:
        """Write one recording under its name; `transaction` is the one that writes the rows of all."""
        del transaction, athlete_id
        path = self.folder / name
        try:
            for step in (self.folder, *reversed(path.relative_to(self.folder).parents[:-1])):
                (self.folder / step).mkdir(mode=0o700, exist_ok=True)
            put_file(path, memoryview(content), self._writer or process_token(self.folder.parent))
        except OSError as error:
            raise disk_error(error, path) from error

    def listed(self, athlete_id: int) -> list[str]:
        """List what lies elsewhere than in the runner's own folder, as names below the folder of all samples."""
        del athlete_id
        return []

    def remove(self, athlete_id: int, places: Iterable[str]) -> int:
        """Delete what `listed` names; return how many."""
        del athlete_id, places
        return 0

    def runners_elsewhere(self) -> list[int]:
        """List the runners of whom something lies elsewhere than in their own folder."""
        return []

    def remove_unlisted(self) -> int:
        """Delete what writes that were cut off have left elsewhere than in the folder; return how many."""
        return 0

    def close_runner(self, athlete_id: int) -> None:
        """Let no process write recordings of a runner any more."""
        mark = self.folder / f"{CLOSED}{int(athlete_id)}"
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(mark, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError:
            return  # on a full disk: the last sweep finds what is written in between

    def open_runner(self, athlete_id: int) -> None:
        """Take away what `close_runner` made, once nobody can write any more."""
        (self.folder / f"{CLOSED}{int(athlete_id)}").unlink(missing_ok=True)

    def closed_runners(self) -> list[int]:
        """List the runners of whom nothing more is written."""
        numbers = [path.name.removeprefix(CLOSED) for path in self.folder.glob(f"{CLOSED}*")]
        return sorted(int(number) for number in numbers if number.isdigit())

    def _refuse_closed(self, athlete_id: int) -> None:
        if (self.folder / f"{CLOSED}{int(athlete_id)}").exists():
            raise RunnerForgotten("This runner is being deleted, so nothing more is written for them.")

    def read(self, athlete_id: int, activity_id: str) -> pl.DataFrame:
        """Read the samples of one activity.

        None stored and none recorded look alike to whoever computes.
        """
        path = self.path(athlete_id, activity_id)
        if not path.exists():
            return SAMPLE.empty()
        try:
            return scan_files({activity_id: path}).drop("activity_id").collect()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise StoreUnreadable(
                f"The samples in {path} cannot be read. The run itself and everything else is kept. Move this "
                "file away and import the recording again."
            ) from error

    def read_bytes(self, athlete_id: int, activity_id: str) -> bytes:
        """Read the file of one activity as it is."""
        return self.path(athlete_id, activity_id).read_bytes()

    def verifies(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether the samples of an activity are there and are those that were written."""
        try:
            return self.exists(athlete_id, activity_id) and verifies(
                self.path(athlete_id, activity_id).read_bytes()
            )
        except OSError:
            return False

    def exists(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether samples of an activity are stored.

        Both ends of the file are looked at, which takes microseconds.
        """
        return may_be_id(activity_id) and is_complete(self.path(athlete_id, activity_id))

    def scan(self, athlete_id: int, activity_ids: Sequence[str]) -> pl.LazyFrame:
        """Open the samples of many activities as one lazy frame.

        Ten million rows are read as they are needed; an id of the kind Enum takes 4 bytes a row.
        """
        paths = {i: self.path(athlete_id, i) for i in filter(may_be_id, dict.fromkeys(activity_ids))}
        complete = {i: path for i, path in paths.items() if is_complete(path)}
        return scan_files(complete)

    def states(self, athlete_id: int, activity_ids: Iterable[str]) -> list[str]:
        """Name what is stored of each activity at present, in words that change whenever it is written anew."""
        return [state_of(self.path(athlete_id, one)) if may_be_id(one) else NO_STATE for one in activity_ids]

    def delete(self, athlete_id: int, activity_ids: Iterable[str]) -> None:
        """Delete the samples of some activities, and what was worked out of them."""
        for activity_id in filter(may_be_id, activity_ids):
            path = self.path(athlete_id, activity_id)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise disk_error(error, path) from error
        self.drop_cache(athlete_id)

    def read_cached(self, athlete_id: int, name: str) -> bytes | None:
        """Read a file that was worked out of a runner's recordings; None where there is none."""
        try:
            return self._cached_path(athlete_id, name).read_bytes()
        except OSError:
            return None

    def write_cached(self, athlete_id: int, name: str, content: bytes) -> None:
        """Keep a file that was worked out of a runner's recordings, and let go of the oldest of its kind.

        Nothing is kept where it cannot be written: on a full or protected disk, of a runner who is being deleted.
        """
        target = self._cached_path(athlete_id, name)
        if not self.is_lasting:
            return
        with suppress(OSError, HeelwiseError, sqlite3.Error):
            self._put(athlete_id, target, content)
            kind = target.name.partition("-")[0]
            there = sorted(target.parent.glob(f"{kind}-*"), key=lambda one: one.stat().st_mtime_ns)
            for path in there[:-MOST_CACHED]:
                path.unlink(missing_ok=True)

    def _cached_path(self, athlete_id: int, name: str) -> Path:
        if not _GOOD_CACHED.fullmatch(name):
            raise ContractError(f"{name!r} is no file of ours. Nothing was read or kept.")
        return self.of_runner(athlete_id) / CACHE_FOLDER / name

    def drop_cache(self, athlete_id: int) -> None:
        """Delete what was worked out of a runner's recordings: it tells of runs that may be gone."""
        folder = self.of_runner(athlete_id) / CACHE_FOLDER
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except FileNotFoundError:
            return  # another process was quicker
        except OSError as error:
            raise disk_error(error, folder) from error

    def files(self) -> Iterator[tuple[int, str, Path]]:
        """Walk through all sample files, in order; whoever asks for the first lists one folder and not all."""
        for folder in sorted(self.folder.glob("*/*")):
            for path in sorted(folder.glob(f"*{SAMPLE_SUFFIX}")):
                if path.parts[-3].isdigit() and not path.name.startswith("."):
                    yield int(path.parts[-3]), path.stem, path

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        # Never the folder above: where the store vanished, recordings would lie in a new folder with no row of them.
        for step in (self.folder, folder.parent, folder):
            step.mkdir(mode=0o700, exist_ok=True)


def _link(there: Path, aside: Path) -> None:
    """Return the file a second name; where the disk knows no such thing, copy it whole."""
    try:
        os.link(there, aside)
    except FileExistsError:
        return
    except OSError:
        part = aside.with_name(f".{aside.stem}.part")
        shutil.copyfile(there, part)
        part.chmod(0o600)
        part.replace(aside)


def may_be_id(activity_id: str) -> bool:
    """Whether samples can be stored under this id at all; an id with a path in it never reaches the disk."""
    return _GOOD_ID.fullmatch(activity_id) is not None
