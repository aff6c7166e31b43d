"""How far long work has come, between one run of a program and the next."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.store.database import Part
from connectors.store.named import read_named, write_named
from connectors.store.tables import BOOKMARK


class BookmarksPart(Part):
    """Names and words that no view is drawn from, so that changing them wakes no cache."""

    def bookmarks(self, athlete_id: int) -> dict[str, str]:
        """Read the bookmarks of one runner.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        dict of str to str
            By name; one never made is absent.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: see `settings`, which these are not: nobody chose them.
        """
        with self._database.reading() as connection:
            return read_named(connection, BOOKMARK, athlete_id)

    def set_bookmarks(self, athlete_id: int, values: Mapping[str, str | None]) -> None:
        """Set, change or take away bookmarks; those not named stay.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        values : mapping of str to str or None
            None takes the bookmark away.

        Raises
        ------
        StoreError
            When the store cannot be written to, or there is no such runner.

        Source
        ------
        ours: called after what it stands for is in the store, never before.
        """
        with self._database.writing() as connection:
            write_named(connection, BOOKMARK, athlete_id, values)
