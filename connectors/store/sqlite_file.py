"""The store in a SQLite file: everything about it that is SQLite's own."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from connectors.errors import StoreGone, StoreUnreadable
from connectors.plural import count
from connectors.store.before_upgrade import copy_before_upgrade
from connectors.store.disk_errors import disk_error, is_damaged
from connectors.store.sqlite_errors import WAIT_S, plain_errors

LOOK_S = 0.2
"""s between two looks at the count of changes."""
_making = threading.Lock()
_SMALLEST_BYTES = 512
"""The smallest page of SQLite; a shorter file opens as an empty database."""


def inspect_file(path: Path) -> None:
    """Look at a database file; nothing of it is changed but a write that was cut off, which SQLite takes back."""
    # A damaged store is never opened for writing, so it cannot be made worse. The file is read by SQLite
    # alone: closing it by any other way lets go the locks that this process holds on it, and another program
    # would then take the log away under its feet (SQLite, "How To Corrupt An SQLite Database File", 2.2).
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise is_damaged(path, "it is a folder or something else, where a file was expected")
        if not path.stat().st_size:
            return
        may_read = os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)
    except OSError as error:
        raise is_damaged(path, f"it may not be read ({error.strerror})") from error
    if not may_read:
        raise is_damaged(path, f"it may not be read ({os.strerror(errno.EACCES)})")
    _take_back_cut_write(path)
    _check_quickly(path)


def make_file(path: Path) -> None:
    """Build the empty database file for its owner alone; one that is there stays as it is.

    SQLite gives its log files the mode of the database, so this one mode guards all three.
    """
    try:
        with _making, suppress(FileExistsError):
            # Never an open of a file that is there: see `look_at`.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if path.stat().st_mode & 0o777 != 0o600:
            path.chmod(0o600)
    except OSError as error:
        raise disk_error(error, path) from error


def _take_back_cut_write(path: Path) -> None:
    """Have SQLite take back a write that was cut off outside its write-ahead log, such as the turn to that log."""
    # A connection that may not write refuses a file beside which such a journal lies ("hot": SQLite, "File Locking And
    # Concurrency In SQLite Version 3", 4.2); one that may write restores the file from it at its first read.
    journal = path.with_name(f"{path.name}-journal")
    # What is wrong with the file is told by the check that follows.
    with suppress(OSError, sqlite3.Error):
        if journal.stat().st_size:
            with closing(_connect(path)) as raw:
                raw.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _check_quickly(path: Path) -> None:
    # On a disk mounted for reading nobody writes, and a log beside the file cannot be made to look at it.
    is_fixed = hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    watching = make_engine(path, writes=False, is_fixed=is_fixed)
    try:
        with plain_errors(path), watching.connect() as connection:
            problem = (
                _cut_off(path, connection) or connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            )
    finally:
        watching.dispose()
    if problem != "ok":
        raise is_damaged(path, f"it is damaged ({' '.join(str(problem).split())})")


def _connect(path: Path, writes: bool = True, is_fixed: bool = False) -> sqlite3.Connection:
    # A file: address escapes what a path may hold that an address may not, and can ask for reading alone.
    mode = f"mode={'rw' if writes else 'ro'}{'&immutable=1' if is_fixed else ''}"
    address = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)


def _cut_off(path: Path, connection: Connection) -> str | None:
    """Return what is wrong with the length of a file: SQLite takes what is missing of its last page for zeros."""
    size = path.stat().st_size
    if size < _SMALLEST_BYTES:
        return "it is too short to be a database"
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        return None  # pages on their way into the file may be half there
    rest = size % int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 1)
    return "it is cut off" if rest else None


def make_engine(path: Path, writes: bool = True, is_fixed: bool = False) -> Engine:
    """Build the connections to a database file.

    Readers see one state throughout, and a writer takes its lock first of all.
    """
    url = URL.create("sqlite+pysqlite", database=":memory:")
    connect = partial(_connect, path, writes, is_fixed)
    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_size=5, max_overflow=20)
    event.listen(engine, "begin", _begin)
    if writes:
        event.listen(engine, "connect", _prepare)
    return engine


def _begin(connection: Connection) -> None:
    takes_lock = connection.get_execution_options().get("takes_lock", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if takes_lock else "BEGIN")


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA secure_delete = ON")
    _log_ahead(raw)
    raw.execute("PRAGMA synchronous = NORMAL")


def _log_ahead(raw: sqlite3.Connection) -> None:
    # Changing the mode does not wait for other programs as other statements do, so the waiting is done here.
    # Where the disk knows no such log, such as on some network drives, the store works without it.
    until = time.monotonic() + WAIT_S
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)


class DataVersion:
    """SQLite's own count of the changes that other connections make, over all processes, read in microseconds.

    A connection that never writes sees every change there is.
    """

    settled_s = 0.0

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watching: sqlite3.Connection | None = None

    def current(self) -> int:
        """Return the count of now."""
        if self._watching is None:
            self._watching = _connect(self._path)
        return self._watching.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close the connection that watches."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None


class DataVersionListener:
    """Looks at SQLite's count of changes five times a second: a file sends no message."""

    def __init__(self, path: Path) -> None:
        self._mark = DataVersion(path)
        self._seen = self._mark.current()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the count is another, s at most."""
        until = time.monotonic() + timeout_s
        while (now := self._mark.current()) == self._seen:
            rest = until - time.monotonic()
            if rest <= 0:
                return False
            time.sleep(min(LOOK_S, rest))
        self._seen = now
        return True

    def close(self) -> None:
        """Close the connection that looks."""
        self._mark.close()


class SqliteFile:
    """A database in one file of this machine; see `connectors.store.backend.Backend`."""

    is_of_one_machine = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = make_engine(path)

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self.path)

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn what SQLite raises into the store's own errors."""
        with plain_errors(self.path):
            yield

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view; a write-ahead log lets readers go on while one writes."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, is_note: bool = False) -> Iterator[Connection]:
        """Open a transaction that may write; a lock taken at the start cannot end in two waiting for each other."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(takes_lock=True)
            with connection.begin():
                yield connection

    def change_mark(self) -> DataVersion:
        """Build SQLite's count of changes."""
        return DataVersion(self.path)

    def listener(self) -> DataVersionListener:
        """Build what looks at the count of changes."""
        return DataVersionListener(self.path)

    def now_us(self, connection: Connection) -> int:
        """Return the clock of this machine, which is the only one that has the file open."""
        return time.time_ns() // 1_000

    def inspect(self) -> None:
        """Look at the file without changing a byte of it."""
        inspect_file(self.path)

    @contextmanager
    def inspecting(self) -> Iterator[Connection | None]:
        """Open the file for reading alone: setting up a connection that may write would change somebody else's."""
        if not self.path.exists() or not self.path.stat().st_size:
            yield None
            return
        watching = make_engine(self.path, writes=False)
        try:
            with plain_errors(self.path), watching.connect() as connection:
                yield connection
        finally:
            watching.dispose()

    def not_ours(self) -> StoreUnreadable:
        """Build the error for a database of another program."""
        return is_damaged(self.path, "it is a database, but not one that Heelwise made")

    def raise_if_lost(self, number: int, has_samples: bool) -> None:
        """Refuse to begin anew where a store must have been: SQLite would delete the log of an empty file."""
        log = self.path.with_name(f"{self.path.name}-wal")
        # Asked in this order, so that a store another program is just making is not taken for a lost one.
        has_been = bool(log.exists() and log.stat().st_size) or has_samples
        if has_been and not (self.path.exists() and self.path.stat().st_size):
            raise is_damaged(
                self.path, "it is missing or empty, although its log or samples of runs lie beside it"
            )

    def make(self) -> None:
        """Build the empty file."""
        make_file(self.path)

    def copy_before_upgrade(self, number: int) -> None:
        """Copy the file. Under the write lock nobody changes what is copied; the copy itself only reads."""
        copy_before_upgrade(self.path, number)

    def raise_if_gone(self) -> None:
        """Raise where the folder was moved away: the open file goes with it, and files named by path do not."""
        if not self.path.exists():
            raise StoreGone(
                f"The folder {self.path.parent} was moved or deleted while Heelwise worked in it, so this was not "
                "finished. What was stored lies where that folder is now; the next start there finishes it."
            )

    def trim_log(self) -> bool:
        """Write the log into the file and empty it; False where others read."""
        with plain_errors(self.path):
            raw = self.engine.raw_connection()
            try:
                busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.close()
        return not busy

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty its log.

        Deleted pages are zeros already (secure_delete); this gives their room back.
        """
        with plain_errors(self.path):
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def problems(self) -> list[str]:
        """Run SQLite's full integrity check; its own words are the most exact there are."""
        # A connection of its own: one that is open already may remember pages as they were.
        watching = make_engine(self.path, writes=False)
        try:
            with plain_errors(self.path), watching.connect() as connection:
                problems = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        finally:
            watching.dispose()
        faults = [] if problems == ["ok"] else problems
        return faults + [f"{count(len(orphans), 'row belongs', 'rows belong')} to no runner"] * bool(orphans)

    def size_b(self) -> int:
        """Return how many bytes the database takes, with its log."""
        parts = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(one.stat().st_size for one in parts if one.exists())

    def close_alone(self) -> bool:
        """Close for good; True where no other program has the file open, so that it may be deleted."""
        self.close()
        with closing(sqlite3.connect(self.path, timeout=1.0, isolation_level=None)) as last:
            try:
                # SQLite leaves the log only for whoever is alone, and answers with the mode that then holds.
                return last.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
            except sqlite3.OperationalError:
                return False

    def close(self) -> None:
        """Close every connection; a closed store leaves no log file behind."""
        self.engine.dispose()
