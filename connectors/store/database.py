"""Transactions, and the one place that says what SQLite and PostgreSQL call an upsert."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, select
from sqlalchemy.pool import QueuePool

from connectors.errors import RunnerNotShown, StoreGone
from connectors.plural import count
from connectors.store.disk_errors import WAIT_S, disk_error, is_damaged, plain_errors
from connectors.store.read_memory import Answer, ReadMemory
from connectors.store.tables import RUNNER_TABLE

_making = threading.Lock()
_SMALLEST_BYTES = 512
"""The smallest page of SQLite; a shorter file opens as an empty database."""


def inspect_file(path: Path) -> None:
    """Look at a database file without changing a byte of it."""
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


class StorePart:
    """A part of the store: what it can do lies in the classes made from it."""

    _left_out: tuple[str, ...] = ()
    """Sources whose rows are not read; see `Store.without`."""

    def __init__(self, database: Database) -> None:
        self._database = database


class Database:
    """Transactions on one database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = make_engine(path)
        self._memory = ReadMemory(partial(_connect, path))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view of the store.

        A write-ahead log lets readers go on while one writes.
        """
        with plain_errors(self.path), self._engine.connect() as connection:
            yield connection

    def remembered(self, question: Hashable, read: Callable[[Connection], Answer]) -> Answer:
        """Return what a question read since the last change of the database, by whichever program, else read it.

        The answer is shared: whoever changes it changes a copy.
        """

        def read_now() -> Answer:
            with self.reading() as connection:
                return read(connection)

        with plain_errors(self.path):
            return self._memory.answer(question, read_now)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write; it is all kept at the end of the block, or none of it.

        A lock taken at the start cannot end in two programs waiting for each other.
        """
        with plain_errors(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(takes_lock=True)
            with connection.begin():
                yield connection

    def raise_if_gone(self) -> None:
        """Raise where the folder was moved away: the open database goes with it, and files named by path do not."""
        if not self.path.exists():
            raise StoreGone(
                f"The folder {self.path.parent} was moved or deleted while Heelwise worked in it, so this was not "
                "finished. What was stored lies where that folder is now; the next start there finishes it."
            )

    def trim_log(self) -> bool:
        """Write the log into the file and empty it, so that deleted rows do not stay in it; False where others read.

        What a runner deletes is to be gone.
        """
        with plain_errors(self.path):
            raw = self._engine.raw_connection()
            try:
                busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.close()
        return not busy

    def close_alone(self) -> bool:
        """Close the database for good; True where no other program has it open, so that it may be deleted."""
        self.close()
        with closing(sqlite3.connect(self.path, timeout=1.0, isolation_level=None)) as last:
            try:
                # SQLite leaves the log only for whoever is alone, and answers with the mode that then holds.
                return last.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
            except sqlite3.OperationalError:
                return False

    def compact(self) -> None:
        """Write the database anew without what was deleted, and empty its log.

        Deleted pages are zeros already (secure_delete); this gives their room back.
        """
        with plain_errors(self.path):
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def problems(self) -> list[str]:
        """Run the database's full integrity check.

        The database's own words are the most exact there are.
        """
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

    def close(self) -> None:
        """Close every connection; the object may not be used afterwards.

        A closed store leaves no log file behind.
        """
        self._memory.close()
        self._engine.dispose()


RUNNER_GONE = "This runner is no longer on this machine. Nothing was saved."
OTHER_RUNNER = "This page was drawn for another runner. Nothing was saved; open the page again."
ONLY_FOR = "only_for_athlete_id"
"""Option of a connection: the one runner whose rows its transaction may write."""


class RunnerDatabase(Database):
    """The same file, written for one runner alone, who is asked for anew before each transaction."""

    def __init__(self, database: Database, athlete_id: Callable[[], int]) -> None:
        self.path = database.path
        self._engine = database._engine
        self._memory = database._memory
        self._athlete_id = athlete_id
        self._inner = database

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write rows of the one runner; a runner who is gone is refused."""
        athlete_id = self._athlete_id()
        with self._inner.writing() as connection:
            # Under the write lock nobody can delete the runner between this look and the rows.
            is_there = select(RUNNER_TABLE.c.athlete_id).where(RUNNER_TABLE.c.athlete_id == athlete_id)
            if connection.scalar(is_there) is None:
                raise RunnerNotShown(RUNNER_GONE)
            connection.execution_options(**{ONLY_FOR: athlete_id})
            yield connection


def check_runner(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse rows of another runner than the one that the transaction was opened for."""
    only = connection.get_execution_options().get(ONLY_FOR)
    if only is not None and any(row.get("athlete_id", only) != only for row in rows):
        raise RunnerNotShown(OTHER_RUNNER)


def _insert_for(connection: Connection, table: Table) -> Any:
    # The dialect of the database alone: PostgreSQL's takes a fiftieth of a second of every command.
    return import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(table)


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]], key: Sequence[str]) -> None:
    """Write rows, replacing those of the same key.

    SQLite and PostgreSQL say this alike, and this is the only place that says it.
    """
    if not rows:
        return
    check_runner(connection, rows)
    statement = _insert_for(connection, table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=fresh), rows)


def count_up(connection: Connection, table: Table, row: dict[str, Any], counter: str) -> None:
    """Add one to a counter, starting it at 1.

    Done by the database, so that two programs never count the same.
    """
    check_runner(connection, [row])
    statement = _insert_for(connection, table).values({**row, counter: 1})
    one_more = {counter: table.c[counter] + 1}
    connection.execute(statement.on_conflict_do_update(index_elements=list(row), set_=one_more))
