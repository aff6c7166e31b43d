"""The one place that knows which database lies beneath: engine, transactions, upserts, first look at a file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

from connectors.store.failures import WAIT_S, damaged, disk_error, in_plain_words

_MAGIC = b"SQLite format 3\x00"
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Database:
    """Transactions on one database file.

    Parameters
    ----------
    path
        The SQLite file. It must have passed `look_at`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = _engine(path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view of the store.

        Yields
        ------
        Connection
            Sees the same rows throughout, whatever other programs write meanwhile.

        Raises
        ------
        StoreError
            When the file cannot be read.

        Source
        ------
        ours: a write-ahead log lets readers go on while one writes.
        """
        with in_plain_words(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write; it is all kept at the end of the block, or none of it.

        Yields
        ------
        Connection
            Holds the write lock from its first moment.

        Raises
        ------
        StoreError
            When another program keeps the lock, the disk is full or the file is damaged.

        Source
        ------
        ours: a lock taken at the start cannot end in two programs waiting for each other.
        """
        with in_plain_words(self.path), self.engine.connect() as plain:
            connection = plain.execution_options(takes_lock=True)
            with connection.begin():
                yield connection

    def tables(self) -> set[str]:
        """Name the tables there are.

        Returns
        -------
        set of str
            Empty for a new file.

        Raises
        ------
        StoreError
            When the file cannot be read.

        Source
        ------
        ours: tells a store of ours from somebody else's database.
        """
        with self.reading() as connection:
            return set(inspect(connection).get_table_names())

    def trim_log(self) -> None:
        """Put the write-ahead log into the file and empty it, so that deleted rows do not stay in it.

        Raises
        ------
        StoreError
            When the file cannot be written to.

        Source
        ------
        ours: what a runner deletes is to be gone.
        """
        with self._outside_transactions() as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def problems(self) -> list[str]:
        """Let the database check itself through and through.

        Returns
        -------
        list of str
            One sentence part for each fault found; empty when all is well.

        Raises
        ------
        StoreError
            When the file cannot even be checked.

        Source
        ------
        ours: the database's own words are the most exact there are.
        """
        with self._outside_transactions() as raw:
            found = [str(row[0]) for row in raw.execute("PRAGMA integrity_check(20)")]
            orphans = raw.execute("PRAGMA foreign_key_check").fetchall()
        faults = [] if found == ["ok"] else found
        return faults + [f"{len(orphans)} rows belong to no runner"] * bool(orphans)

    @contextmanager
    def _outside_transactions(self) -> Iterator[Any]:
        with in_plain_words(self.path):
            raw = self.engine.raw_connection()
            try:
                yield raw.cursor()
            finally:
                raw.close()

    def close(self) -> None:
        """Close every connection; the object may not be used afterwards.

        Source
        ------
        ours: a closed store leaves no log file behind.
        """
        self.engine.dispose()


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]], key: Sequence[str]) -> None:
    """Put rows in, replacing those of the same key.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    table : Table
        Where to.
    rows : list of dict
        Every column of the table by name; None is unknown. May be empty.
    key : sequence of str
        Columns of the table's key.

    Source
    ------
    ours: SQLite and PostgreSQL say this alike, and this is the only place that says it.
    """
    if not rows:
        return
    statement = _INSERT[connection.dialect.name](table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=fresh), rows)


def count_up(connection: Connection, table: Table, row: dict[str, Any], counter: str) -> None:
    """Add one to a counter, starting it at 1.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    table : Table
        Holds the counter.
    row : dict
        The key of the row.
    counter : str
        The column to count in.

    Source
    ------
    ours: done by the database, so that two programs never count the same.
    """
    statement = _INSERT[connection.dialect.name](table).values({**row, counter: 1})
    one_more = {counter: table.c[counter] + 1}
    connection.execute(statement.on_conflict_do_update(index_elements=list(row), set_=one_more))


def look_at(path: Path) -> None:
    """Look at a database file without changing a byte of it.

    Parameters
    ----------
    path : Path
        The file. One that is not there, or has no bytes, passes.

    Raises
    ------
    StoreError
        When it is not a file, may not be read, is not SQLite, or is damaged.

    Source
    ------
    ours: a damaged store is never opened for writing, so it cannot be made worse.
    """
    if not path.exists():
        return
    if not path.is_file():
        raise damaged(path, "it is a folder or something else, where a file was expected")
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise damaged(path, f"it may not be read ({error.strerror})") from error
    if not start:
        return
    if start != _MAGIC:
        raise damaged(path, "it is not a SQLite database")
    _check_quickly(path)


def make_file(path: Path) -> None:
    """Make the empty database file for its owner alone; one that is there stays as it is.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    StoreError
        When the folder may not be written to or the disk is full.

    Source
    ------
    ours: SQLite gives its log files the mode of the database, so this one mode guards all three.
    """
    try:
        path.touch(mode=0o600, exist_ok=True)
        if path.stat().st_mode & 0o777 != 0o600:
            path.chmod(0o600)
    except OSError as error:
        raise disk_error(error, path) from error


def _check_quickly(path: Path) -> None:
    watching = _engine(path, writes=False)
    try:
        with in_plain_words(path), watching.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    finally:
        watching.dispose()
    if found != "ok":
        raise damaged(path, f"it is damaged ({' '.join(str(found).split())})")


def _engine(path: Path, writes: bool = True) -> Engine:
    # A file: address escapes what a path may hold that an address may not, and can ask for reading alone.
    address = f"{path.absolute().as_uri()}?mode={'rw' if writes else 'ro'}"
    url = URL.create("sqlite+pysqlite", database=":memory:")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False
        )

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
    until = time.monotonic() + WAIT_S
    while raw.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)
