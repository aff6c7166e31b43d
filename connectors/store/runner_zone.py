"""The time zone that a runner lives in: a grant ends with the end of a day there."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, Table, select

from connectors.frames import ACTIVITY
from connectors.store.tables import BOOKMARK_TABLE, SETTING_TABLE, TABLES

RUNNER_ZONE = "browser_zone"
"""Bookmark: the IANA name of the zone that the runner's own browser named when a right was last given."""
CHOSEN_ZONE = "timezone"
"""Setting: the zone that the runner chose on Settings."""


def zone_of_name(name: str | None) -> tzinfo | None:
    """Return the zone of an IANA name; None for a name that is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def zone_of(connection: Connection, athlete_id: int) -> tzinfo:
    """Return a runner's zone: chosen, else named by their browser, else of the latest recording, else UTC."""
    for query in (
        _word(SETTING_TABLE, athlete_id, CHOSEN_ZONE),
        _word(BOOKMARK_TABLE, athlete_id, RUNNER_ZONE),
    ):
        if zone := zone_of_name(connection.scalar(query)):
            return zone
    table = TABLES[ACTIVITY.name]
    latest = (
        select(table.c.timezone)
        .where(table.c.athlete_id == athlete_id, table.c.timezone.is_not(None))
        .order_by(table.c.start_utc.desc())
        .limit(1)
    )
    return zone_of_name(connection.scalar(latest)) or UTC


def _word(table: Table, athlete_id: int, name: str) -> Select:
    return select(table.c.value).where(table.c.athlete_id == athlete_id, table.c.name == name)
