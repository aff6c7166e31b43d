"""Samples in a bucket: objects under random names, and rows that say which object is whose."""

# A path below the folder of all samples is a name of the store alone here: the row of that name holds the random name
# of the object, so that whoever may not read the row cannot reach the object. Objects are written once and never
# changed, so that a copy brought near, which Polars reads, is right for as long as its row stands.

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, insert, select, update

from connectors.errors import RunnerForgotten, RunnerUnknown, StoreError, StoreUnreadable
from connectors.frames import SAMPLE
from connectors.store.address import open_backend
from connectors.store.database import Database, check_runner, upsert
from connectors.store.disk_errors import disk_error
from connectors.store.object_bucket import bucket_of
from connectors.store.paths import CACHE_NAME
from connectors.store.process_token import process_token
from connectors.store.rows import batches
from connectors.store.sample_file import NO_STATE, SAMPLE_SUFFIX, encoded, put_file, scan_files, verifies
from connectors.store.samples import EARLIER, Placed, SampleFolder, may_be_id
from connectors.store.tables import SAMPLE_FILE_TABLE

CACHE_BYTES = 4_000_000_000
_IN_USE_S = 3_600.0
_AT_ONCE = 16
_KEY = ("athlete_id", "path")
_ROW = SAMPLE_FILE_TABLE.c


class SampleBucket(SampleFolder):
    """The samples of all runners in a bucket."""

    is_shared = True

    def __init__(self, folder: Path, database: Database, url: str) -> None:
        super().__init__(folder)
        self._open_database: Database | None = database
        self._settings: Mapping[str, str] = {}
        self._url = url
        self._bucket = bucket_of(url)
        self._cache = folder.parent / CACHE_NAME
        self._prepared: dict[Path, str] = {}

    def __getstate__(self) -> dict[str, object]:
        """Hand on what a process that decodes needs to open the bucket and the rows itself."""
        state = super().__getstate__()
        del state["_bucket"]
        return {**state, "_open_database": None, "_settings": self._database.settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bucket = bucket_of(self._url)

    @property
    def _database(self) -> Database:
        if self._open_database is None:
            home = self.folder.parent
            self._open_database = Database(home, open_backend(home)).bound(self._settings)
        return self._open_database

    @property
    def where(self) -> str:
        """Name the bucket in a sentence."""
        return self._bucket.where

    def write(self, athlete_id: int, activity_id: str, frame: pl.DataFrame) -> None:
        """Store the samples of one activity: the object first, then the row that names it."""
        place = self.relative(self.path(athlete_id, activity_id))
        content = encoded(frame)
        self._refuse_closed(athlete_id)
        name = self._bucket.put(content)
        try:
            with self._database.writing() as connection:
                replaced = self._note(connection, athlete_id, place, name, content, self._aside(place))
            self._refuse_closed(athlete_id)
        except RunnerUnknown as error:
            self._bucket.delete([name])
            raise RunnerForgotten(
                "This runner is no longer on this machine, so nothing is written for them."
            ) from error
        except RunnerForgotten:
            self.remove(athlete_id, [place])
            raise
        except BaseException:
            with suppress(StoreError):  # the failure itself is on its way; a sweep finds the object
                self._bucket.delete([name])
            raise
        self._drop(replaced)
        self._bring_near(name, content)

    def _aside(self, place: str) -> str | None:
        if self._import_id is None:
            return None
        runner, _, name = place.split("/")
        return f"{runner}/{EARLIER}/{int(self._import_id)}/{name}"

    def _note(
        self,
        connection: Connection,
        athlete_id: int,
        place: str,
        name: str,
        content: bytes,
        aside: str | None,
    ) -> list[str]:
        """Write the row of an object inside a transaction; return the objects that no row names any more."""
        before = connection.execute(select(SAMPLE_FILE_TABLE).where(*_at(athlete_id, place))).first()
        if before is not None and aside is not None and not _is_there(connection, athlete_id, aside):
            connection.execute(insert(SAMPLE_FILE_TABLE).values({**before._mapping, "path": aside}))
        row = {
            "athlete_id": athlete_id,
            "path": place,
            "object_name": name,
            "digest": _digest(content),
            "byte_count": len(content),
        }
        upsert(connection, SAMPLE_FILE_TABLE, [row], _KEY)
        return _unnamed(connection, athlete_id, [before.object_name] if before is not None else [])

    def read(self, athlete_id: int, activity_id: str) -> pl.DataFrame:
        """Read the samples of one activity; none stored is an empty frame."""
        place = self.relative(self.path(athlete_id, activity_id))
        rows = self._rows(athlete_id, [place])
        if not rows:
            return SAMPLE.empty()
        near = self._near(rows)
        if place not in near:
            raise StoreUnreadable(
                f"The recording of {activity_id} in {self.where} is missing or is not as it was written. The run "
                "itself and everything else is kept. Import the recording again."
            )
        return scan_files({activity_id: near[place]}).drop("activity_id").collect()

    def read_bytes(self, athlete_id: int, activity_id: str) -> bytes:
        """Read the file of one activity as it is; one that is gone raises."""
        place = self.relative(self.path(athlete_id, activity_id))
        rows = self._rows(athlete_id, [place])
        content = self._bucket.get(rows[place][0]) if rows else None
        if content is None:
            raise StoreUnreadable(
                f"The recording of {activity_id} in {self.where} is missing. Nothing was changed; everything else is "
                "kept. Import the recording again, then repeat this."
            )
        return content

    def verifies(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether the object of an activity is there and is the one that was written; never the copy near by."""
        place = self.relative(self.path(athlete_id, activity_id))
        rows = self._rows(athlete_id, [place])
        content = self._bucket.get(rows[place][0]) if rows else None
        return content is not None and _digest(content) == rows[place][1] and verifies(content)

    def exists(self, athlete_id: int, activity_id: str) -> bool:
        """Return whether a row names samples of an activity."""
        return may_be_id(activity_id) and bool(
            self._rows(athlete_id, [self.relative(self.path(athlete_id, activity_id))])
        )

    def scan(self, athlete_id: int, activity_ids: Sequence[str]) -> pl.LazyFrame:
        """Open the samples of many activities as one lazy frame; copies that are missing are fetched first."""
        places = {
            self.relative(self.path(athlete_id, one)): one
            for one in filter(may_be_id, dict.fromkeys(activity_ids))
        }
        near = self._near(self._rows(athlete_id, list(places)))
        return scan_files({one: near[place] for place, one in places.items() if place in near})

    def states(self, athlete_id: int, activity_ids: Iterable[str]) -> list[str]:
        """Name what is stored of each activity at present: its object, which is never changed, and its digest."""
        places = [self.relative(self.path(athlete_id, one)) if may_be_id(one) else "" for one in activity_ids]
        rows = self._rows(athlete_id, list(filter(None, places)))
        return [" ".join(rows.get(place, (NO_STATE,))) for place in places]

    def delete(self, athlete_id: int, activity_ids: Iterable[str]) -> None:
        """Delete the samples of some activities."""
        self.remove(
            athlete_id, [self.relative(self.path(athlete_id, i)) for i in activity_ids if may_be_id(i)]
        )

    def files(self) -> Iterator[tuple[int, str, Path]]:
        """Walk through all recordings that rows name, by the name of each in the store."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_ROW.athlete_id, _ROW.path)).all()
        for athlete_id, place in sorted(tuple(row) for row in rows):
            if f"/{EARLIER}/" not in place:
                yield athlete_id, Path(place).stem, self.folder / place

    def earlier_ids(self, athlete_id: int, import_id: int) -> set[str]:
        """List the activities whose samples an import replaced."""
        return {Path(place).stem for place in self._earlier(athlete_id, import_id)}

    def delete_earlier(self, athlete_id: int, import_id: int) -> None:
        """Delete what an import replaced."""
        self.remove(athlete_id, self._earlier(athlete_id, import_id))

    def _earlier(self, athlete_id: int, import_id: int) -> list[str]:
        below = self.relative(self.earlier_folder(athlete_id, import_id)) + "/"
        return [place for place in self.listed(athlete_id) if place.startswith(below)]

    def move(self, athlete_id: int, origin: str | None, target: str) -> None:
        """Give a recording another name, or delete it where no origin is given; a second call changes nothing."""
        with self._database.writing() as connection:
            if origin is not None and not _is_there(connection, athlete_id, origin):
                return
            names = _deleted(connection, athlete_id, [target])
            if origin is not None:
                here = update(SAMPLE_FILE_TABLE).where(*_at(athlete_id, origin))
                connection.execute(here.values(path=target))
            gone = _unnamed(connection, athlete_id, names)
        self._drop(gone)
        self.drop_cache(athlete_id)

    def prepare(self, paths: Sequence[Path]) -> None:
        """Write the objects of recordings that a restore has unpacked: others wait while a transaction is open."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            names = pool.map(lambda path: self._bucket.put(path.read_bytes()), paths)
            self._prepared |= dict(zip(paths, names, strict=True))

    def place(self, transaction: Any, path: Path, athlete_id: int, activity_id: str) -> Placed:
        """Write a recording that a restore has unpacked, with its row inside the transaction of the runner's rows."""
        place = self.relative(self.path(athlete_id, activity_id))
        content = path.read_bytes()
        name = self._prepared.pop(path, None) or self._bucket.put(content)
        replaced = self._note(transaction, athlete_id, place, name, content, None)
        return Placed(lambda: self._drop([name]), lambda: self._drop(replaced))

    def all_files(self) -> Iterator[tuple[int, str]]:
        """Walk through all recordings that rows name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_ROW.athlete_id, _ROW.path)).all()
        yield from sorted((row.athlete_id, row.path) for row in rows)

    def read_file(self, athlete_id: int, name: str) -> bytes:
        """Read one recording by its name in the store."""
        rows = self._rows(athlete_id, [name])
        content = self._bucket.get(rows[name][0]) if rows else None
        if content is None or _digest(content) != rows[name][1]:
            raise StoreUnreadable(
                f"A recording in {self.where} is missing or is not as it was written. Nothing was changed. "
                "`heelwise doctor` names it."
            )
        return content

    def write_file(self, transaction: Any, athlete_id: int, name: str, content: bytes) -> None:
        """Write one recording under its name, with its row inside the transaction that writes the rows of all."""
        self._note(transaction, athlete_id, name, self._bucket.put(content), content, None)

    def listed(self, athlete_id: int) -> list[str]:
        """List all recordings of a runner in the bucket, those set aside by imports too."""
        with self._database.reading() as connection:
            of_runner = _ROW.athlete_id == athlete_id
            return sorted(connection.scalars(select(_ROW.path).where(of_runner)))

    def remove(self, athlete_id: int, places: Iterable[str]) -> int:
        """Delete rows and then what no row names any more; return how many rows."""
        wanted = list(places)
        if not wanted:
            return 0
        with self._database.writing() as connection:
            names = _deleted(connection, athlete_id, wanted)
            gone = _unnamed(connection, athlete_id, names)
        self._drop(gone)
        self.drop_cache(athlete_id)
        return len(names)

    def runners_elsewhere(self) -> list[int]:
        """List the runners with recordings in the bucket."""
        with self._database.reading() as connection:
            return sorted(connection.scalars(select(_ROW.athlete_id).distinct()))

    def remove_unlisted(self) -> int:
        """Delete the objects that writes which were cut off have left: older than any write, and named by no row."""
        there = self._bucket.older_names()
        with self._database.reading() as connection:
            live_names = set(connection.scalars(select(_ROW.object_name)))
        gone = [name for name in there if name not in live_names]
        self._drop(gone)
        for path in self._cache.glob(f"*{SAMPLE_SUFFIX}"):
            if path.name not in live_names:  # forgotten by another process, perhaps on another machine
                path.unlink(missing_ok=True)
        return len(gone)

    def _rows(self, athlete_id: int, places: list[str]) -> dict[str, tuple[str, str]]:
        """Return object and digest by place, of the rows that the reader may see."""
        rows: dict[str, tuple[str, str]] = {}
        with self._database.reading() as connection:
            for some in batches(places):
                query = select(_ROW.path, _ROW.object_name, _ROW.digest)
                these = query.where(_ROW.athlete_id == athlete_id, _ROW.path.in_(some))
                rows |= {place: (name, digest) for place, name, digest in connection.execute(these)}
        return rows

    def _near(self, rows: dict[str, tuple[str, str]]) -> dict[str, Path]:
        """Return copies of objects by place, fetched where missing; what is not as it was written is left out."""
        now = time.time()
        near: dict[str, Path] = {}
        missing: list[str] = []
        for place, (name, _) in rows.items():
            path = self._cache / name
            try:
                os.utime(path, (now, now))
                near[place] = path
            except OSError:
                missing.append(place)
        if missing:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                fetched = pool.map(lambda place: self._fetch(*rows[place]), missing)
                near |= {place: path for place, path in zip(missing, fetched, strict=True) if path}
            _trim(self._cache, now)
        return near

    def _fetch(self, name: str, digest: str) -> Path | None:
        content = self._bucket.get(name)
        if content is None or _digest(content) != digest:
            return None  # `doctor` names it; without its recording a run counts by its totals
        return self._bring_near(name, content)

    def _bring_near(self, name: str, content: bytes) -> Path:
        path = self._cache / name
        try:
            self._cache.mkdir(mode=0o700, exist_ok=True)
            put_file(path, memoryview(content), self._writer or process_token(self.folder.parent))
        except OSError as error:
            raise disk_error(error, path) from error
        return path

    def _drop(self, names: list[str]) -> None:
        self._bucket.delete(names)
        for name in names:
            (self._cache / name).unlink(missing_ok=True)


def _at(athlete_id: int, place: str) -> tuple[Any, Any]:
    return _ROW.athlete_id == athlete_id, _ROW.path == place


def _is_there(connection: Connection, athlete_id: int, place: str) -> bool:
    return connection.scalar(select(_ROW.path).where(*_at(athlete_id, place))) is not None


def _deleted(connection: Connection, athlete_id: int, places: list[str]) -> list[str]:
    """Delete rows; return the objects they named."""
    check_runner(connection, [{"athlete_id": athlete_id}])
    names: list[str] = []
    for some in batches(places):
        these = (_ROW.athlete_id == athlete_id, _ROW.path.in_(some))
        names += connection.scalars(select(_ROW.object_name).where(*these))
        connection.execute(delete(SAMPLE_FILE_TABLE).where(*these))
    return names


def _unnamed(connection: Connection, athlete_id: int, names: list[str]) -> list[str]:
    """Return the objects that no row of the runner names any more; an object is never of two runners."""
    live_names: set[str] = set()
    for some in batches(names):
        query = select(_ROW.object_name).where(_ROW.athlete_id == athlete_id, _ROW.object_name.in_(some))
        live_names |= set(connection.scalars(query))
    return sorted(set(names) - live_names)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _trim(cache: Path, now: float) -> None:
    """Delete the copies that were used longest ago, once all together take more room than they may."""
    there: list[tuple[float, int, Path]] = []
    for path in cache.glob(f"*{SAMPLE_SUFFIX}"):
        with suppress(OSError):  # another process has just deleted it
            status = path.stat()
            there.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in there)
    for used, size, path in sorted(there):
        if total <= CACHE_BYTES or now - used < _IN_USE_S:
            return
        path.unlink(missing_ok=True)
        total -= size
