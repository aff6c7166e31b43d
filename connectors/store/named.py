"""Tables of names and words, one word for each name of a runner: read and changed inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table, delete, select

from connectors.store.database import upsert


def read_named(connection: Connection, table: Table, athlete_id: int) -> dict[str, str]:
    """Read the words of one runner.

    Parameters
    ----------
    connection : Connection
        From `Database.reading` or `Database.writing`.
    table : Table
        With `athlete_id`, `name` and `value`.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    dict of str to str
        By name, in the order of the names; what was never set is absent.

    Source
    ------
    ours: words only, so that a new name needs no new table.
    """
    query = select(table.c.name, table.c.value).where(table.c.athlete_id == athlete_id)
    return {row.name: row.value for row in connection.execute(query.order_by(table.c.name))}


def write_named(
    connection: Connection, table: Table, athlete_id: int, values: Mapping[str, str | None]
) -> None:
    """Set, change or take away words; those not named stay.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    table : Table
        As for `read_named`.
    athlete_id : int
        Runner on this machine, from 1.
    values : mapping of str to str or None
        By name; None takes the word away.

    Source
    ------
    ours.
    """
    gone = [name for name, value in values.items() if value is None]
    rows = [
        {"athlete_id": athlete_id, "name": name, "value": value}
        for name, value in values.items()
        if value is not None
    ]
    connection.execute(delete(table).where(table.c.athlete_id == athlete_id, table.c.name.in_(gone)))
    upsert(connection, table, rows, ("athlete_id", "name"))
