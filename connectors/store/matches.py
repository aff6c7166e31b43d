"""Which activities are one and the same run, as decided by rule or by the runner."""

from __future__ import annotations

import time
from collections.abc import Sequence

import polars as pl
from sqlalchemy import Connection, select

from connectors.edits import lay_over
from connectors.errors import ContractError
from connectors.frames import ACTIVITY, EDIT, UTC_TIME
from connectors.store.database import Part, upsert
from connectors.store.edits import same_pairs
from connectors.store.rows import read_rows
from connectors.store.sessions import one_run, real_sessions
from connectors.store.tables import MATCH
from connectors.store.versions import bump

DECIDED_BY = ("rule", "person")
_KEY = ("athlete_id", "activity_id", "same_as")
MATCH_SCHEMA = pl.Schema(
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
        DataFrame, one row for each session
            Contract ACTIVITY plus `samples_id`, the activity whose samples to use (null where there are none),
            SESSION_EXTRA of `connectors.frames` and `edited`, the fields a person spoke of. By start. How records
            are put together: `sessions.real_sessions`; a person's last word is laid over them, and a pair that
            is really another is named by that one.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: all records are kept, and the putting together is done anew at each reading, so it can be undone.
        """
        with self._database.reading() as connection:
            records = read_rows(connection, ACTIVITY, athlete_id)
            decided = read_matches(connection, athlete_id)
            edits = read_rows(connection, EDIT, athlete_id)
        return _as_said(real_sessions(records, decided, self._left_out), records, decided, edits)

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
            return read_matches(connection, athlete_id)

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
            changed = _changed(read_matches(connection, athlete_id), rows)
            if changed:
                now = {"athlete_id": athlete_id, "decided_utc": time.time_ns() // 1_000}
                upsert(connection, MATCH, [row | now for row in changed], _KEY)
                bump(connection, athlete_id, ACTIVITY.name)


def _as_said(
    sessions: pl.DataFrame, records: pl.DataFrame, decided: pl.DataFrame, edits: pl.DataFrame
) -> pl.DataFrame:
    groups = one_run(decided, set(records["activity_id"].to_list())) if edits.height else {}
    shown = {groups[one]: one for one in sessions["activity_id"].to_list() if one in groups}
    same = {record: shown[group] for record, group in groups.items() if group in shown}
    said = lay_over(sessions, edits, "activity", same)
    trusted = pl.col("uses_recording").fill_null(True)
    said = said.with_columns(pl.when(trusted).then("samples_id").alias("samples_id"))
    pairs = same_pairs(edits)
    return said.with_columns(pl.col("shoe_id").replace(pairs)) if pairs else said


def read_matches(connection: Connection, athlete_id: int) -> pl.DataFrame:
    """Read decisions inside a transaction.

    Parameters
    ----------
    connection : Connection
        From `Database.reading` or `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    DataFrame, shape (pairs, 5)
        As `MatchesPart.matches`.

    Source
    ------
    ours.
    """
    query = select(*(MATCH.c[name] for name in MATCH_SCHEMA)).where(MATCH.c.athlete_id == athlete_id)
    rows = [tuple(row) for row in connection.execute(query)]
    kept = pl.Schema(
        {name: pl.String if kind == pl.String else pl.Int64 for name, kind in MATCH_SCHEMA.items()}
    )
    return pl.DataFrame(rows, schema=kept, orient="row").cast(MATCH_SCHEMA).sort("activity_id", "same_as")


def write_matches(connection: Connection, athlete_id: int, decided: pl.DataFrame) -> None:
    """Put decisions in as they are, with who made them and when.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.
    decided : DataFrame, shape (pairs, 5)
        As `MatchesPart.matches`; a pair that is there is replaced.

    Source
    ------
    ours: for what was decided on another machine.
    """
    before = read_matches(connection, athlete_id)
    fresh = decided.join(before, on=decided.columns, how="anti", maintain_order="left")
    if fresh.is_empty():
        return
    rows = fresh.with_columns(
        pl.lit(athlete_id).alias("athlete_id"),
        pl.col("is_same").cast(pl.Int64),
        pl.col("decided_utc").cast(pl.Int64),
    )
    upsert(connection, MATCH, rows.to_dicts(), _KEY)
    bump(connection, athlete_id, ACTIVITY.name)


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
