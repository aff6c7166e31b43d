"""Numbered steps from an older store to this one.

A step is a function of a connection that writes only what it is for. It is never changed once released; a new
one goes to the end. Its body holds its own words, since the tables of `tables.py` move on and it must not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, insert, inspect, select

from connectors.errors import StoreTooNew
from connectors.store.database import Database
from connectors.store.failures import damaged
from connectors.store.tables import METADATA, MIGRATION

Step = Callable[[Connection], None]


def first_tables(connection: Connection) -> None:
    """Make every table of a new store.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`, on a file without tables.

    Source
    ------
    ours: a new store is made as it is today, and counted as having taken every step.
    """
    METADATA.create_all(connection)


STEPS: tuple[Step, ...] = (first_tables,)


def bring_up_to_date(database: Database, steps: Sequence[Step] = STEPS) -> int:
    """Make the tables of a new file, or take an older store step by step to this version.

    Parameters
    ----------
    database : Database
        Opened on a file that passed `look_at`.
    steps : sequence of Step
        All steps there are; step number 1 is the first.

    Returns
    -------
    int
        Number of steps taken now; 0 when the store was up to date.

    Raises
    ------
    StoreTooNew
        When a later Heelwise has written it.
    StoreUnreadable
        When it is a database, but not one of ours.

    Source
    ------
    ours: all steps lie in one transaction, so a store is the old one or the new one and never between.
    """
    if database.tables() and _applied(database, len(steps)) == len(steps):
        return 0
    with database.writing() as connection:
        # Asked again under the lock: another program may just have done the work.
        if not inspect(connection).get_table_names():
            first_tables(connection)
            _note(connection, steps, 0)
            return len(steps)
        number = int(connection.scalar(select(func.max(MIGRATION.c.number))) or 0)
        for step in steps[number:]:
            step(connection)
        _note(connection, steps, number)
        return len(steps) - number


def _applied(database: Database, known: int) -> int:
    if MIGRATION.name not in database.tables():
        raise damaged(database.path, "it is a database, but not one that Heelwise made")
    with database.reading() as connection:
        number = int(connection.scalar(select(func.max(MIGRATION.c.number))) or 0)
    if number > known:
        raise StoreTooNew(
            f"The store {database.path} was written by a later Heelwise (its step {number}; this one "
            f"knows {known}). Nothing was changed. Install the newer Heelwise again, or use "
            "another folder with --home."
        )
    return number


def _note(connection: Connection, steps: Sequence[Step], after: int) -> None:
    now = time.time_ns() // 1_000
    rows = [
        {"number": number, "name": step.__name__, "applied_utc": now}
        for number, step in enumerate(steps, start=1)
        if number > after
    ]
    connection.execute(insert(MIGRATION), rows)
