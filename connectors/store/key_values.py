"""Tables of names and words, one word for each name of a runner: read and changed inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial

from sqlalchemy import Connection, Table, delete, func, select

from connectors.store.database import StorePart, check_runner, count_up, upsert
from connectors.store.deletion_mark import refuse_marked
from connectors.store.digests import tracked
from connectors.store.tables import BOOKMARK_TABLE, SETTING_TABLE, VERSION_TABLE


def read_key_values(connection: Connection, table: Table, athlete_id: int) -> dict[str, str]:
    """Read the words of one runner.

    Words only, so that a new name needs no new table.
    """
    query = select(table.c.name, table.c.value).where(table.c.athlete_id == athlete_id)
    return {row.name: row.value for row in connection.execute(query.order_by(table.c.name))}


def write_key_values(
    connection: Connection, table: Table, athlete_id: int, values: Mapping[str, str | None]
) -> None:
    """Set, change or take away words; those not named stay."""
    check_runner(connection, [{"athlete_id": athlete_id}])
    refuse_marked(connection, athlete_id)
    gone = [name for name, value in values.items() if value is None]
    rows = [
        {"athlete_id": athlete_id, "name": name, "value": value}
        for name, value in values.items()
        if value is not None
    ]
    is_digested = table is SETTING_TABLE
    with (
        tracked(connection, athlete_id, table, table.c.name.in_(list(values)))
        if is_digested
        else nullcontext()
    ):
        connection.execute(delete(table).where(table.c.athlete_id == athlete_id, table.c.name.in_(gone)))
        upsert(connection, table, rows, ("athlete_id", "name"))


class BookmarkStore(StorePart):
    """Names and words that no view is drawn from, so that changing them wakes no cache."""

    def bookmarks(self, athlete_id: int) -> dict[str, str]:
        """Read the bookmarks of one runner.

        See `settings`, which these are not: nobody chose them.
        """
        with self._database.reading() as connection:
            return read_key_values(connection, BOOKMARK_TABLE, athlete_id)

    def set_bookmarks(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Set, change or take away bookmarks; those not named stay.

        Called after what it stands for is in the store, never before.
        """
        with self._database.writing() as connection:
            write_key_values(connection, BOOKMARK_TABLE, athlete_id, values)


def increment_version(connection: Connection, athlete_id: int, name: str) -> None:
    """Count one change, inside the transaction that makes it.

    A change and its counter are kept together or not at all, and nothing changes for a runner who is being deleted.
    """
    refuse_marked(connection, athlete_id)
    count_up(connection, VERSION_TABLE, {"athlete_id": athlete_id, "contract": name}, "number")


def version_of(connection: Connection, athlete_id: int, names: Sequence[str]) -> int:
    """Read the counters of one runner.

    A number to key a cache on, read in microseconds.
    """
    query = select(func.coalesce(func.sum(VERSION_TABLE.c.number), 0)).where(
        VERSION_TABLE.c.athlete_id == athlete_id
    )
    if names:
        query = query.where(VERSION_TABLE.c.contract.in_(list(names)))
    return int(connection.scalar(query) or 0)


VERSION_NAME = "setting"


class SettingStore(StorePart):
    """Settings of the runners."""

    def settings(self, athlete_id: int) -> dict[str, str]:
        """Read the settings of one runner.

        Words only, so that a new setting needs no new table.
        """
        read = partial(read_key_values, table=SETTING_TABLE, athlete_id=athlete_id)
        return dict(self._database.remembered(("settings", athlete_id), read))

    def set_settings(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Set, change or take away settings; those not named stay.

        See `settings`.
        """
        with self._database.writing() as connection:
            write_settings(connection, athlete_id, values)


def write_settings(connection: Connection, athlete_id: int, values: Mapping[str, str | None]) -> None:
    """Set, change or take away settings inside a transaction.

    What is set to what it is already wakes no cache.
    """
    before = read_key_values(connection, SETTING_TABLE, athlete_id)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if changed:
        write_key_values(connection, SETTING_TABLE, athlete_id, changed)
        increment_version(connection, athlete_id, VERSION_NAME)
