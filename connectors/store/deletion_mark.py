"""The mark of a runner who is being deleted: nobody sees them any more, and whoever writes for them is stopped."""

# A bookmark, so that it goes with the runner's other rows in the transaction that ends the deletion.

from __future__ import annotations

from sqlalchemy import Connection, Select, select

from connectors.errors import RunnerForgotten
from connectors.store.tables import BOOKMARK_TABLE

MARK = "deletion"
"""Bookmark: the process that deletes this runner, by its token."""
STOPPED = (
    "This runner is being deleted, so nothing more is written for them. What was begun has stopped; there is "
    "nothing to do."
)


def marked_ids() -> Select:
    """Select the runners who are being deleted."""
    return select(BOOKMARK_TABLE.c.athlete_id).where(BOOKMARK_TABLE.c.name == MARK)


def is_marked(connection: Connection, athlete_id: int) -> bool:
    """Return whether a runner is being deleted."""
    query = marked_ids().where(BOOKMARK_TABLE.c.athlete_id == athlete_id)
    return connection.scalar(query) is not None


def refuse_marked(connection: Connection, athlete_id: int) -> None:
    """Raise `RunnerForgotten` inside a transaction that would write for a runner who is being deleted."""
    if is_marked(connection, athlete_id):
        raise RunnerForgotten(STOPPED)
