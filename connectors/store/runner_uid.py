"""The random name of a runner over all machines."""

from __future__ import annotations

from sqlalchemy import Connection, select

from connectors.store.tables import SETTING_TABLE

UID = "runner_uid"
"""Setting: names one person over all machines, so that a restore finds them again. Made at random."""


def uid_of(connection: Connection, athlete_id: int) -> str | None:
    """Return the random name of a runner; None before their first backup."""
    query = select(SETTING_TABLE.c.value).where(
        SETTING_TABLE.c.athlete_id == athlete_id, SETTING_TABLE.c.name == UID
    )
    return connection.scalar(query)


def runner_of(connection: Connection, uid: str) -> int | None:
    """Return the runner of a random name; None where they are not here."""
    query = select(SETTING_TABLE.c.athlete_id).where(
        SETTING_TABLE.c.name == UID, SETTING_TABLE.c.value == uid
    )
    return connection.scalar(query)
