"""The store: everything a runner keeps on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import polars as pl

from connectors.frames import ACTIVITY, Contract
from connectors.store.check import Finding, check_store
from connectors.store.database import Database, look_at, make_file
from connectors.store.failures import damaged
from connectors.store.home import DATABASE_NAME, SAMPLES_NAME, make_home
from connectors.store.jobs import Jobs
from connectors.store.matches import read_matches, write_matches
from connectors.store.migrations import bring_up_to_date
from connectors.store.rows import Counts, delete_rows, read_rows, write_rows
from connectors.store.runners import Runner, all_runners, erase_runner, find_runner, insert_runner
from connectors.store.samples import SampleFolder
from connectors.store.sessions import real_sessions
from connectors.store.settings import read_settings, write_settings
from connectors.store.versions import version_of


class Store:
    """All that is kept, behind one door. Made by `open_store`; may be used from several threads.

    Parameters
    ----------
    home
        Folder that holds everything.
    database
        Opened and up to date.
    """

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self.samples = SampleFolder(home / SAMPLES_NAME)
        self.jobs = Jobs(database)
        self._database = database

    def runners(self) -> list[Runner]:
        """List the runners on this machine: see `all_runners`."""
        with self._database.reading() as connection:
            return all_runners(connection)

    def runner(self, name: str | None = None, create: bool = False) -> Runner:
        """Find a runner, or add one where `create` allows it: see `find_runner`."""
        with self._database.writing() if create else self._database.reading() as connection:
            return find_runner(connection, name, create)

    def add_runner(self, name: str, is_demo: bool = False) -> Runner:
        """Add a runner: see `insert_runner`."""
        with self._database.writing() as connection:
            return insert_runner(connection, name, is_demo)

    def delete_runner(self, athlete_id: int) -> None:
        """Delete a runner with all rows, settings and samples, and leave no trace of them in the log.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1; one that is not there leaves everything as it is.

        Raises
        ------
        StoreError
            When something could not be deleted.

        Source
        ------
        ours: deleted pages are overwritten with zeros (secure_delete), and the log is emptied.
        """
        with self._database.writing() as connection:
            erase_runner(connection, athlete_id)
        self.samples.delete_runner(athlete_id)
        self._database.trim_log()

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Tell how often a runner's data changed: see `version_of`. Without contracts, all count, settings too."""
        with self._database.reading() as connection:
            return version_of(connection, athlete_id, [contract.name for contract in contracts])

    def write(self, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Put one frame in, as a whole or not at all: see `write_rows`."""
        return self.write_many([(contract, frame)])[0]

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> list[Counts]:
        """Put several frames in, all of them or none.

        Parameters
        ----------
        parts : sequence of (Contract, DataFrame)
            Each as for `write`.

        Returns
        -------
        list of Counts
            One for each part, in order.

        Raises
        ------
        ContractError
            When a frame breaks its contract.
        StoreError
            When the store cannot be written to, or a row names no runner.

        Source
        ------
        ours: one transaction, with the version counted up inside it.
        """
        with self._database.writing() as connection:
            return [write_rows(connection, contract, frame) for contract, frame in parts]

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows, and with activities their samples.

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`.
        athlete_id : int
            Runner on this machine, from 1.
        source : str
            Where the rows came from.
        source_ids : sequence of str
            Their ids there; those not in the store are passed over.

        Returns
        -------
        int
            Rows deleted.

        Raises
        ------
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: see `delete_rows`.
        """
        with self._database.writing() as connection:
            gone = delete_rows(connection, contract, athlete_id, source, source_ids)
        if contract is ACTIVITY:
            self.samples.delete(athlete_id, gone["activity_id"].to_list())
        return gone.height

    def read(self, contract: Contract, athlete_id: int) -> pl.DataFrame:
        """Read all rows of one runner under one contract: see `read_rows`."""
        with self._database.reading() as connection:
            return read_rows(connection, contract, athlete_id)

    def activities(self, athlete_id: int) -> pl.DataFrame:
        """Read the real sessions of one runner, several records of one run put together: see `real_sessions`."""
        with self._database.reading() as connection:
            return real_sessions(
                read_rows(connection, ACTIVITY, athlete_id), read_matches(connection, athlete_id)
            )

    def matches(self, athlete_id: int) -> pl.DataFrame:
        """Read which activities were found to be one run: see `read_matches`."""
        with self._database.reading() as connection:
            return read_matches(connection, athlete_id)

    def decide_matches(self, athlete_id: int, rows: Sequence[tuple[str, str, bool, str]]) -> None:
        """Keep decisions (activity_id, same_as, is_same, decided_by) on pairs: see `write_matches`."""
        with self._database.writing() as connection:
            write_matches(connection, athlete_id, rows)

    def settings(self, athlete_id: int) -> dict[str, str]:
        """Read the settings of one runner: see `read_settings`."""
        with self._database.reading() as connection:
            return read_settings(connection, athlete_id)

    def set_settings(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Set, change or (with None) take away settings: see `write_settings`."""
        with self._database.writing() as connection:
            write_settings(connection, athlete_id, values)

    def check(self) -> list[Finding]:
        """Look for everything that may be wrong: see `check_store`."""
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

    Parameters
    ----------
    home : Path
        Folder that holds everything, such as `home_folder` gives; made for its owner alone where it is not there.

    Returns
    -------
    Store
        Ready to read and write.

    Raises
    ------
    StoreUnreadable
        When the database is damaged or is none of ours; it is left byte for byte as it is.
    StoreTooNew
        When a later Heelwise has written it.
    StoreFull
        When the disk is full or the folder may not be written to.
    StoreError
        When another program keeps it locked.

    Source
    ------
    ours: looked at first without the right to write, so that a damaged store cannot be made worse.
    """
    make_home(home)
    path = home / DATABASE_NAME
    look_at(path)
    samples = SampleFolder(home / SAMPLES_NAME)
    if (not path.exists() or path.stat().st_size == 0) and next(samples.files(), None):
        raise damaged(path, "it is missing or empty, although samples of runs lie beside it")
    make_file(path)
    database = Database(path)
    try:
        bring_up_to_date(database)
        samples.sweep()
    except BaseException:
        database.close()
        raise
    return Store(home, database)
