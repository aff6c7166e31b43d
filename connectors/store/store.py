"""The store: everything a runner keeps on this machine, behind one door."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from connectors.store.bookmarks import BookmarksPart
from connectors.store.check import Finding, check_store
from connectors.store.database import Database
from connectors.store.edits import EditsPart
from connectors.store.failures import damaged
from connectors.store.home import DATABASE_NAME, SAMPLES_NAME, make_home
from connectors.store.import_batches import finish_moves, sweep_imports
from connectors.store.import_undo import ImportUndoPart
from connectors.store.jobs import Jobs
from connectors.store.matches import MatchesPart
from connectors.store.migrations import bring_up_to_date, check_ours
from connectors.store.opening import look_at, make_file
from connectors.store.parquet import sweep_parts
from connectors.store.runners import RunnersPart, erase_runner
from connectors.store.samples import SampleFolder
from connectors.store.settings import SettingsPart
from connectors.store.whole import WholePart


class Store(RunnersPart, ImportUndoPart, MatchesPart, EditsPart, SettingsPart, BookmarksPart, WholePart):
    """All that is kept. Made by `open_store`; may be used from several threads.

    Parameters
    ----------
    home
        Folder that holds everything.
    database
        Opened and up to date.
    """

    def __init__(self, home: Path, database: Database) -> None:
        super().__init__(database, SampleFolder(home / SAMPLES_NAME))
        self.home = home
        self.jobs = Jobs(database)

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

    def compact(self) -> None:
        """Give back the room of what was deleted.

        Raises
        ------
        StoreError
            When another program is using the store, or the disk has no room; nothing is lost then.

        Source
        ------
        ours: see `Database.compact`.
        """
        self._database.compact()

    def without(self, *sources: str) -> Store:
        """Give the same store, read as if nothing had come from some sources.

        Parameters
        ----------
        sources : str
            Names as in `connectors.frames.SOURCES`; none gives everything.

        Returns
        -------
        Store
            For reading: `read` and `activities` leave these rows out, and a run of which another record is there is
            read from that one. What is written goes into the store as ever.

        Source
        ------
        ours: what may not leave this machine is left out where it is read, so that no sum can still hold it.
        """
        part = Store(self.home, self._database)
        part._left_out = sources
        return part

    def check(self) -> list[Finding]:
        """Look for everything that may be wrong.

        Returns
        -------
        list of Finding
            Empty when all is well; serious ones first. See `check.check_store`.

        Source
        ------
        ours: `doctor` shows each as what is wrong, what was kept, what to do.
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

    Parameters
    ----------
    home : Path
        Folder that holds everything, such as `home_folder` gives; made for its owner alone where it is not
        there.

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
    samples = SampleFolder(home / SAMPLES_NAME)
    look_at(path)
    check_ours(path)
    _miss(path, samples)
    make_file(path)
    database = Database(path)
    try:
        bring_up_to_date(database)
        sweep_parts(samples.folder)
        finish_moves(database, samples)
        sweep_imports(database, samples)
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
        raise damaged(path, "it is missing or empty, although its log or samples of runs lie beside it")
