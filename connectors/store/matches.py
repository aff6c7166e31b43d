"""Which activities are one and the same run, as decided by rule or by the runner."""

from __future__ import annotations

import time
from collections.abc import Sequence

import polars as pl
from sqlalchemy import Connection, select

from connectors.errors import ContractError
from connectors.frames import ACTIVITY, UTC_TIME
from connectors.store.database import Part, upsert
from connectors.store.rows import read_rows
from connectors.store.sessions import real_sessions
from connectors.store.tables import MATCH
from connectors.store.versions import bump

DECIDED_BY = ("rule", "person")
_KEY = ("athlete_id", "activity_id", "same_as")
_SCHEMA = pl.Schema(
    {
        "activity_id": pl.String,
        "same_as": pl.String,
        "decided_by": pl.String,
        "is_same": pl.Boolean,
        "decided_utc": UTC_TIME,
    }
)


class MatchesPart(Part):
    """Several records of one run."""

    def activities(self, athlete_id: int) -> pl.DataFrame:
        """Read the real sessions of one runner, several records of one run put together.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        DataFrame, shape (sessions, len(ACTIVITY.columns) + 1)
            Contract ACTIVITY plus `samples_id`, the activity whose samples to use; null where there are none.
            By start. How records are put together: `sessions.real_sessions`.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: all records are kept, and the putting together is done anew at each reading, so it can be undone.
        """
        with self._database.reading() as connection:
            rows, pairs = read_rows(connection, ACTIVITY, athlete_id), _decided(connection, athlete_id)
        return real_sessions(rows, pairs, self._left_out)

    def matches(self, athlete_id: int) -> pl.DataFrame:
        """Read what was decided on pairs of activities.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        DataFrame, shape (pairs, 5)
            activity_id, same_as (never the lesser id of the two), decided_by ("rule" or "person"), is_same,
            decided_utc; by ids. No nulls.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: a pair has one row whichever way round it was found.
        """
        with self._database.reading() as connection:
            return _decided(connection, athlete_id)

    def decide_matches(self, athlete_id: int, rows: Sequence[tuple[str, str, bool, str]]) -> None:
        """Keep decisions; what a person decided is only changed by a person.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        rows : sequence of (activity_id, same_as, is_same, decided_by)
            Pairs, either way round. Where a pair comes twice, the later counts.

        Raises
        ------
        ContractError
            When a pair is one activity twice, or is decided by neither rule nor person. Nothing is stored then.
        StoreError
            When the store cannot be written to, or there is no such runner.

        Source
        ------
        ours: a choice that the next import undoes would be no choice.
        """
        if any(one == other or by not in DECIDED_BY for one, other, _, by in rows):
            raise ContractError("A match needs two activities and a rule or a person. Nothing was stored.")
        with self._database.writing() as connection:
            changed = _changed(_decided(connection, athlete_id), rows)
            if changed:
                now = {"athlete_id": athlete_id, "decided_utc": time.time_ns() // 1_000}
                upsert(connection, MATCH, [row | now for row in changed], _KEY)
                bump(connection, athlete_id, ACTIVITY.name)


def _decided(connection: Connection, athlete_id: int) -> pl.DataFrame:
    query = select(*(MATCH.c[name] for name in _SCHEMA)).where(MATCH.c.athlete_id == athlete_id)
    rows = [tuple(row) for row in connection.execute(query)]
    kept = pl.Schema({name: pl.String if kind == pl.String else pl.Int64 for name, kind in _SCHEMA.items()})
    return pl.DataFrame(rows, schema=kept, orient="row").cast(_SCHEMA).sort("activity_id", "same_as")


def _changed(before: pl.DataFrame, rows: Sequence[tuple[str, str, bool, str]]) -> list[dict[str, object]]:
    held = {(row[0], row[1]): (row[2], row[3]) for row in before.iter_rows()}
    changed: dict[tuple[str, str], dict[str, object]] = {}
    for one, other, is_same, decided_by in rows:
        pair = (min(one, other), max(one, other))
        by_person = held.get(pair, ("rule", None))[0] == "person"
        if held.get(pair) == (decided_by, is_same) or (by_person and decided_by == "rule"):
            continue
        held[pair] = (decided_by, is_same)
        words = {"activity_id": pair[0], "same_as": pair[1], "decided_by": decided_by}
        changed[pair] = {**words, "is_same": int(is_same)}
    return list(changed.values())
