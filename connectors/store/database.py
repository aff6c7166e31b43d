"""Transactions, and the one place that says what SQLite and PostgreSQL call an upsert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from connectors.plural import count
from connectors.store.failures import in_plain_words
from connectors.store.opening import make_engine

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Part:
    """A part of the store: what it can do lies in the classes made from it.

    Parameters
    ----------
    database
        Opened and up to date.
    """

    _left_out: tuple[str, ...] = ()
    """Sources whose rows are not read; see `Store.without`."""

    def __init__(self, database: Database) -> None:
        self._database = database


class Database:
    """Transactions on one database file.

    Parameters
    ----------
    path
        The SQLite file. It must have passed `look_at`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = make_engine(path)

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
        with in_plain_words(self.path), self._engine.connect() as connection:
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
        with in_plain_words(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(takes_lock=True)
            with connection.begin():
                yield connection

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
        with in_plain_words(self.path):
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def compact(self) -> None:
        """Write the database anew without what was deleted, and empty its log.

        Raises
        ------
        StoreError
            When another program is using it, or the disk has no room for a second copy; it is then as it was.

        Source
        ------
        ours: deleted pages are zeros already (secure_delete); this gives their room back.
        """
        with in_plain_words(self.path):
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

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
        # A connection of its own: one that is open already may remember pages as they were.
        watching = make_engine(self.path, writes=False)
        try:
            with in_plain_words(self.path), watching.connect() as connection:
                found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        finally:
            watching.dispose()
        faults = [] if found == ["ok"] else found
        return faults + [f"{count(len(orphans), 'row belongs', 'rows belong')} to no runner"] * bool(orphans)

    def close(self) -> None:
        """Close every connection; the object may not be used afterwards.

        Source
        ------
        ours: a closed store leaves no log file behind.
        """
        self._engine.dispose()


def _insert_for(connection: Connection, table: Table) -> Any:
    return _INSERT[connection.dialect.name](table)


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
    statement = _insert_for(connection, table)
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
    statement = _insert_for(connection, table).values({**row, counter: 1})
    one_more = {counter: table.c[counter] + 1}
    connection.execute(statement.on_conflict_do_update(index_elements=list(row), set_=one_more))
