"""Everything of one runner at once: read for a backup, put in by a restore."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select, update

from connectors.frames import STORED
from connectors.store.database import Part
from connectors.store.matches import read_matches, write_matches
from connectors.store.named import read_named, write_named
from connectors.store.rows import Counts, read_rows, write_rows
from connectors.store.runners import LONGEST_NAME, Runner, all_runners, insert_runner
from connectors.store.settings import write_settings
from connectors.store.tables import BOOKMARK, RUNNER, SETTING

UID = "runner_uid"
"""Setting: names one person over all machines, so that a restore finds them again. Made at random."""


@dataclass(frozen=True)
class Whole:
    """All rows of one runner.

    Parameters
    ----------
    frames
        Contract name to frame, each of `connectors.frames.STORED`.
    matches
        As from `Store.matches`.
    settings, bookmarks
        Names and words.
    """

    frames: Mapping[str, pl.DataFrame]
    matches: pl.DataFrame
    settings: Mapping[str, str]
    bookmarks: Mapping[str, str]


class WholePart(Part):
    """One runner as a whole."""

    def read_whole(self, athlete_id: int) -> Whole:
        """Read all rows of one runner, in one moment.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        Whole
            With a name for good (`UID`) among the settings, except for a made-up runner.

        Raises
        ------
        StoreError
            When the store cannot be used.

        Source
        ------
        ours: one transaction, so that no half of a sync gets into a backup.
        """
        with self._database.writing() as connection:
            settings = read_named(connection, SETTING, athlete_id)
            real = any(one.athlete_id == athlete_id and not one.is_demo for one in all_runners(connection))
            if real and UID not in settings:
                settings[UID] = secrets.token_hex(16)
                write_settings(connection, athlete_id, {UID: settings[UID]})
            frames = {contract.name: read_rows(connection, contract, athlete_id) for contract in STORED}
            matches = read_matches(connection, athlete_id)
            return Whole(frames, matches, settings, read_named(connection, BOOKMARK, athlete_id))

    def put_whole(
        self, given: Runner, whole: Callable[[int], Whole], place: Callable[[int], None]
    ) -> tuple[Runner, list[Counts]]:
        """Put all rows of one runner in: all of them or none.

        Parameters
        ----------
        given : Runner
            As on the machine they come from. Added where this store does not know them; a number is put behind a
            name in use.
        whole : callable
            Number of the runner on this machine to their rows, which carry it.
        place : callable
            Given the number when all rows are in and nothing is kept yet; what it raises takes all back.

        Returns
        -------
        tuple of Runner and list of Counts
            The runner, and a count for each of STORED in order.

        Raises
        ------
        ContractError
            When a frame breaks its contract.
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: a runner is told by their name for good, since two people may both be called Runner. Rows of the
        same key are replaced, others stay; nothing is deleted.
        """
        with self._database.writing() as connection:
            known = _called(connection, whole(0).settings.get(UID))
            runner = known or insert_runner(connection, _free(connection, given.name), given.is_demo)
            if known is None and given.is_archived:
                mine = update(RUNNER).where(RUNNER.c.athlete_id == runner.athlete_id)
                connection.execute(mine.values(is_archived=1))
            rows = whole(runner.athlete_id)
            counts = [write_rows(connection, contract, rows.frames[contract.name]) for contract in STORED]
            write_matches(connection, runner.athlete_id, rows.matches)
            write_settings(connection, runner.athlete_id, rows.settings)
            write_named(connection, BOOKMARK, runner.athlete_id, rows.bookmarks)
            place(runner.athlete_id)
            return runner, counts


def _called(connection: Connection, uid: str | None) -> Runner | None:
    if uid is None:
        return None
    told = select(SETTING.c.athlete_id).where(SETTING.c.name == UID, SETTING.c.value == uid)
    mine = connection.scalar(told)
    return next((one for one in all_runners(connection) if one.athlete_id == mine), None)


def _free(connection: Connection, name: str) -> str:
    """Put a number behind a name in use."""
    taken = {one.name.casefold() for one in all_runners(connection)}
    tried, number = name, 1
    while tried.casefold() in taken:
        number += 1
        ending = f" {number}"
        tried = name[: LONGEST_NAME - len(ending)] + ending
    return tried
