"""The store: everything a runner keeps on this machine, behind one door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import polars as pl

from connectors.frames import ACTIVITY, Contract
from connectors.store.corrections import EditStore, MatchStore
from connectors.store.database import Database, StorePart, inspect_file, make_file
from connectors.store.diagnostics import Finding, check_store
from connectors.store.disk_errors import is_damaged
from connectors.store.jobs import Jobs
from connectors.store.key_values import BookmarkStore, SettingStore, version_of
from connectors.store.migrations import bring_up_to_date, check_schema
from connectors.store.paths import DATABASE_NAME, SAMPLES_NAME, make_home
from connectors.store.rows import Counts, delete_rows, mark_seen, read_rows, write_rows
from connectors.store.runners import ExportStore, RunnerStore, erase_runner
from connectors.store.samples import SampleFolder, remove_parts


class ShoeStore(StorePart):
    """What came in, and how often it changed."""

    def __init__(self, database: Database, samples: SampleFolder) -> None:
        super().__init__(database)
        self.samples = samples

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Tell how often a runner's data changed.

        A number to key a cache on, read in less than a millisecond.
        """
        with self._database.reading() as connection:
            return version_of(connection, athlete_id, [contract.name for contract in contracts])

    def write(self, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Put one frame in, as a whole or not at all.

        See `rows.write_rows`.
        """
        return self.write_many([(contract, frame)])[0]

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> list[Counts]:
        """Put several frames in, all of them or none.

        One transaction, with the version counted up inside it.
        """
        with self._database.writing() as connection:
            return [write_rows(connection, contract, frame) for contract, frame in parts]

    def replace(
        self, contract: Contract, athlete_id: int, frame: pl.DataFrame, gone: Iterable[tuple[str, str]]
    ) -> Counts:
        """Put one frame in and take rows out, both or neither.

        A row that takes the place of another is never there beside it, nor is neither there.
        """
        left = set(gone) - set(frame.select("source", "source_id").iter_rows())
        with self._database.writing() as connection:
            counts = write_rows(connection, contract, frame)
            for source in sorted({source for source, _ in left}):
                ids = sorted(source_id for where, source_id in left if where == source)
                delete_rows(connection, contract, athlete_id, source, ids)
        return counts

    def read(self, contract: Contract, athlete_id: int) -> pl.DataFrame:
        """Read all rows of one runner under one contract.

        See `rows.read_rows`.
        """
        with self._database.reading() as connection:
            rows = read_rows(connection, contract, athlete_id)
        return rows.filter(~pl.col("source").is_in(self._left_out)) if self._left_out else rows

    def touch(
        self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str], when: datetime
    ) -> None:
        """Note that rows were seen again at their source; no fact changes, and no cache wakes.

        What may be kept for a week only is counted from when it was last fetched.
        """
        with self._database.writing() as connection:
            mark_seen(connection, contract, athlete_id, source, source_ids, when)

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows, and with activities their samples.

        See `rows.delete_rows`.
        """
        with self._database.writing() as connection:
            gone = delete_rows(connection, contract, athlete_id, source, source_ids)
        if contract is ACTIVITY:
            self.samples.delete(athlete_id, gone["activity_id"].to_list())
        return gone.height


class Store(RunnerStore, ShoeStore, MatchStore, EditStore, SettingStore, BookmarkStore, ExportStore):
    """All that is kept. Made by `open_store`; may be used from several threads."""

    def __init__(self, home: Path, database: Database) -> None:
        super().__init__(database, SampleFolder(home / SAMPLES_NAME))
        self.home = home
        self.jobs = Jobs(database)

    def delete_runner(self, athlete_id: int) -> None:
        """Delete a runner with all rows, settings and samples, and leave no trace of them in the log.

        Deleted pages are overwritten with zeros (secure_delete), and the log is emptied.
        """
        with self._database.writing() as connection:
            erase_runner(connection, athlete_id)
        self.samples.delete_runner(athlete_id)
        self._database.trim_log()

    def compact(self) -> None:
        """Return back the room of what was deleted.

        See `Database.compact`.
        """
        self._database.compact()

    def without(self, *sources: str) -> Store:
        """Return the same store, read as if nothing had come from some sources.

        What may not leave this machine is left out where it is read, so that no sum can still hold it.
        """
        part = Store(self.home, self._database)
        part._left_out = sources
        return part

    def check(self) -> list[Finding]:
        """Look for everything that may be wrong.

        `doctor` shows each as what is wrong, what was kept, what to do.
        """
        return check_store(self.home, self._database, self.samples)

    def close(self) -> None:
        """Close the files; the store may not be used afterwards."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(home: Path) -> Store:
    """Open the store of a folder; make it, or bring it up to date, where needed.

    Looked at first without the right to write, so that a damaged store cannot be made worse.
    """
    make_home(home)
    path = home / DATABASE_NAME
    samples = SampleFolder(home / SAMPLES_NAME)
    inspect_file(path)
    check_schema(path)
    _miss(path, samples)
    make_file(path)
    database = Database(path)
    try:
        bring_up_to_date(database)
        remove_parts(samples.folder)
    except BaseException:
        database.close()
        raise
    return Store(home, database)


def _miss(path: Path, samples: SampleFolder) -> None:
    """Refuse to begin anew where a store must have been: SQLite would delete the log of an empty file."""
    log = path.with_name(f"{path.name}-wal")
    # Asked in this order, so that a store another program is just making is not taken for a lost one.
    has_been = bool(log.exists() and log.stat().st_size) or next(samples.files(), None) is not None
    if has_been and not (path.exists() and path.stat().st_size):
        raise is_damaged(path, "it is missing or empty, although its log or samples of runs lie beside it")
