"""What a runner set: names and words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from connectors.store.database import Part
from connectors.store.named import read_named, write_named
from connectors.store.tables import SETTING
from connectors.store.versions import bump

VERSION_NAME = "setting"


class SettingsPart(Part):
    """Settings of the runners."""

    def settings(self, athlete_id: int) -> dict[str, str]:
        """Read the settings of one runner.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        dict of str to str
            By name, in the order of the names; a setting never made is absent.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: words only, so that a new setting needs no new table.
        """
        with self._database.reading() as connection:
            return read_named(connection, SETTING, athlete_id)

    def set_settings(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Set, change or take away settings; those not named stay.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        values : mapping of str to str or None
            None takes the setting away.

        Raises
        ------
        StoreError
            When the store cannot be written to, or there is no such runner.

        Source
        ------
        ours: see `settings`.
        """
        with self._database.writing() as connection:
            write_settings(connection, athlete_id, values)


def write_settings(connection: Connection, athlete_id: int, values: Mapping[str, str | None]) -> None:
    """Set, change or take away settings inside a transaction.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.
    values : mapping of str to str or None
        As `SettingsPart.set_settings`.

    Source
    ------
    ours: what is set to what it is already wakes no cache.
    """
    before = read_named(connection, SETTING, athlete_id)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if changed:
        write_named(connection, SETTING, athlete_id, changed)
        bump(connection, athlete_id, VERSION_NAME)
