"""What a runner set: names and words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from connectors.store.database import upsert
from connectors.store.tables import SETTING
from connectors.store.versions import bump

VERSION_NAME = "setting"


def read_settings(connection: Connection, athlete_id: int) -> dict[str, str]:
    """Read the settings of one runner.

    Parameters
    ----------
    connection : Connection
        From `Database.reading`.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    dict of str to str
        By name, in the order of the names; a setting never made is absent.

    Source
    ------
    ours: words only, so that a new setting needs no new table.
    """
    query = select(SETTING.c.name, SETTING.c.value).where(SETTING.c.athlete_id == athlete_id)
    return {name: value for name, value in connection.execute(query.order_by(SETTING.c.name)).all()}


def write_settings(connection: Connection, athlete_id: int, values: Mapping[str, str | None]) -> None:
    """Set, change or take away settings; those not named stay.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.
    values : mapping of str to str or None
        None takes the setting away.

    Source
    ------
    ours: see `read_settings`.
    """
    before = read_settings(connection, athlete_id)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if not changed:
        return
    gone = [name for name, value in changed.items() if value is None]
    mine = SETTING.c.athlete_id == athlete_id
    connection.execute(delete(SETTING).where(mine, SETTING.c.name.in_(gone)))
    rows = [
        {"athlete_id": athlete_id, "name": name, "value": value}
        for name, value in changed.items()
        if value is not None
    ]
    upsert(connection, SETTING, rows, ("athlete_id", "name"))
    bump(connection, athlete_id, VERSION_NAME)
