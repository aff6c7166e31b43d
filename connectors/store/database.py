"""Transactions, and the one place that says what SQLite and PostgreSQL call an upsert."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from connectors.errors import DatabaseUnreachable, RunnerNotShown
from connectors.store.backend import Backend
from connectors.store.read_memory import Answer, ReadMemory, unsettle
from connectors.store.row_security import bind, is_partial
from connectors.store.tables import RUNNER_TABLE


class StorePart:
    """A part of the store: what it can do lies in the classes made from it."""

    _left_out: tuple[str, ...] = ()
    """Sources whose rows are not read; see `Store.without`."""

    def __init__(self, database: Database) -> None:
        self._database = database


class Database:
    """Transactions on one database. `home` is the folder of recordings and locks, wherever the rows are."""

    _settings: Mapping[str, str] = {}
    """What each transaction says of itself first: whose it is, for a database with its own lock on rows."""

    def __init__(self, home: Path, backend: Backend) -> None:
        self.home = home
        self._backend = backend
        self._memory = ReadMemory(backend.change_mark())

    @property
    def backend(self) -> Backend:
        """The database itself, for what is not said in rows."""
        return self._backend

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view of the store; readers go on while one writes."""
        try:
            with self._backend.plain_errors(), self._backend.reading() as connection:
                bind(connection, self._settings)
                yield connection
        finally:
            unsettle()

    def bound(self, settings: Mapping[str, str]) -> Database:
        """Return the same database, of which every transaction names somebody; see `row_security`."""
        part = copy(self)
        part._settings = dict(settings)
        if (inner := part._within()) is not None:
            vars(part)["_inner"] = inner.bound(settings)
        return part

    def name_runner(self, settings: Mapping[str, str]) -> None:
        """Name a runner in every transaction from now on, beside whom it names already."""
        self._settings = {**self._settings, **settings}
        if (inner := self._within()) is not None:
            inner.name_runner(settings)

    def _within(self) -> Database | None:
        """Return the database whose transactions this one adds to; None where it opens its own."""
        return vars(self).get("_inner")

    @property
    def settings(self) -> Mapping[str, str]:
        """What every transaction says of itself."""
        return self._settings

    def unnoted(self) -> Database:
        """Return the same database without a note of what is changed, for a deletion that leaves nothing to note."""
        return self

    def is_partial(self) -> bool:
        """Return whether what is not seen here may be there all the same."""
        with self.reading() as connection:
            return is_partial(connection)

    def remembered(self, question: Hashable, read: Callable[[Connection], Answer]) -> Answer:
        """Return what a question read since the last change of the database, by whichever program, else read it.

        The answer is shared: whoever changes it changes a copy.
        """

        def read_now() -> Answer:
            try:
                with self.reading() as connection:
                    return read(connection)
            except DatabaseUnreachable:
                # A connection that broke in the middle of a read: nothing was changed by it, so it is read anew.
                with self.reading() as connection:
                    return read(connection)

        with self._backend.plain_errors():
            return self._memory.answer(self._own(question), read_now)

    def _own(self, question: Hashable) -> Hashable:
        """Keep the answers of one person from another; a right also ends by the day, with no change of the database."""
        if not self._settings:
            return question
        return (*self._settings.items(), datetime.now(UTC).date(), question)

    @contextmanager
    def writing(self, is_note: bool = False) -> Iterator[Connection]:
        """Open a transaction that may write; it is all kept at the end of the block, or none of it.

        There is one writer at a time in the whole database, as much of the store relies on. Notes: see `Backend`.
        """
        try:
            with self._backend.plain_errors(), self._backend.writing(is_note) as connection:
                bind(connection, self._settings)
                yield connection
        finally:
            unsettle()

    def raise_if_gone(self) -> None:
        """Raise where the database or its folder was moved away under an open store."""
        self._backend.raise_if_gone()

    def trim_log(self) -> bool:
        """Take deleted rows out of the database's log; False where others read.

        What a runner deletes is to be gone.
        """
        return self._backend.trim_log()

    def close_alone(self) -> bool:
        """Close the database for good; True where no other program has it open, so that it may be deleted."""
        self._memory.close()
        return self._backend.close_alone()

    def compact(self) -> None:
        """Release the room of what was deleted."""
        self._backend.compact()

    def problems(self) -> list[str]:
        """Run the database's full integrity check."""
        return self._backend.problems()

    def close(self) -> None:
        """Close every connection; the object may not be used afterwards."""
        self._memory.close()
        self._backend.close()


RUNNER_GONE = "This runner is no longer on this machine. Nothing was saved."
OTHER_RUNNER = "This page was drawn for another runner. Nothing was saved; open the page again."
ONLY_FOR = "only_for_athlete_id"
"""Option of a connection: the one runner whose rows its transaction may write."""


class RunnerDatabase(Database):
    """The same database, written for one runner alone, who is asked for anew before each transaction."""

    def __init__(self, database: Database, athlete_id: Callable[[], int]) -> None:
        self.home = database.home
        self._backend = database._backend
        self._memory = database._memory
        self._settings = database._settings
        self._athlete_id = athlete_id
        self._inner = database

    def bound(self, settings: Mapping[str, str]) -> Database:
        """Return the same database, of which every transaction names somebody."""
        return RunnerDatabase(self._inner.bound(settings), self._athlete_id)

    @contextmanager
    def writing(self, is_note: bool = False) -> Iterator[Connection]:
        """Open a transaction that may write rows of the one runner; a runner who is gone is refused."""
        athlete_id = self._athlete_id()
        with self._inner.writing(is_note) as connection:
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


def insert_counted(connection: Connection, table: Table, row: dict[str, Any]) -> Any:
    """Write one new row, and return its key: the number that the database gave it, which it never gives again."""
    key = connection.execute(table.insert().values(row)).inserted_primary_key
    return key[0] if key else 0
