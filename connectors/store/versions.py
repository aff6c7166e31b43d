"""The counters by which a reader knows that something changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from connectors.store.database import count_up
from connectors.store.tables import VERSION


def bump(connection: Connection, athlete_id: int, name: str) -> None:
    """Count one change, inside the transaction that makes it.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.
    name : str
        Contract name, or "setting".

    Source
    ------
    ours: a change and its counter are kept together or not at all.
    """
    count_up(connection, VERSION, {"athlete_id": athlete_id, "contract": name}, "number")


def version_of(connection: Connection, athlete_id: int, names: Sequence[str]) -> int:
    """Read the counters of one runner.

    Parameters
    ----------
    connection : Connection
        From `Database.reading`.
    athlete_id : int
        Runner on this machine, from 1.
    names : sequence of str
        Contract names; none means all.

    Returns
    -------
    int
        Sum of the counters: 0 before the first change, and it only grows.

    Source
    ------
    ours: a number to key a cache on, read in microseconds.
    """
    query = select(func.coalesce(func.sum(VERSION.c.number), 0)).where(VERSION.c.athlete_id == athlete_id)
    if names:
        query = query.where(VERSION.c.contract.in_(list(names)))
    return int(connection.scalar(query) or 0)
