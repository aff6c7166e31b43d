"""Which activities are one and the same run, as decided by rule or by the runner."""

from __future__ import annotations

import time
from collections.abc import Sequence

import polars as pl
from sqlalchemy import Connection, select

from connectors.errors import ContractError
from connectors.frames import ACTIVITY, UTC_TIME
from connectors.store.database import upsert
from connectors.store.tables import MATCH
from connectors.store.versions import bump

DECIDED_BY = ("rule", "person")
_KEY = ("athlete_id", "activity_id", "same_as")
_SCHEMA = {
    "activity_id": pl.String,
    "same_as": pl.String,
    "decided_by": pl.String,
    "is_same": pl.Boolean,
    "decided_utc": UTC_TIME,
}


def read_matches(connection: Connection, athlete_id: int) -> pl.DataFrame:
    """Read what was decided.

    Parameters
    ----------
    connection : Connection
        From `Database.reading`.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    DataFrame, shape (pairs, 5)
        activity_id, same_as (the lesser id first), decided_by ("rule" or "person"), is_same, decided_utc; by ids.

    Source
    ------
    ours: a pair has one row whichever way round it was found.
    """
    columns = [MATCH.c[name] for name in _SCHEMA]
    query = (
        select(*columns)
        .where(MATCH.c.athlete_id == athlete_id)
        .order_by(MATCH.c.activity_id, MATCH.c.same_as)
    )
    rows = [tuple(row) for row in connection.execute(query)]
    kept = {n: d if d == pl.String else pl.Int64 for n, d in _SCHEMA.items()}
    return pl.DataFrame(rows, schema=kept, orient="row").cast(_SCHEMA)  # pyright: ignore[reportArgumentType]


def write_matches(
    connection: Connection, athlete_id: int, rows: Sequence[tuple[str, str, bool, str]]
) -> None:
    """Keep decisions; what a person decided is only changed by a person.

    Parameters
    ----------
    connection : Connection
        From `Database.writing`.
    athlete_id : int
        Runner on this machine, from 1.
    rows : sequence of (activity_id, same_as, is_same, decided_by)
        Pairs, either way round.

    Raises
    ------
    ContractError
        When a pair is one activity twice, or is decided by neither rule nor person.

    Source
    ------
    ours: a choice that the next import undoes would be no choice.
    """
    before = {
        (r.activity_id, r.same_as): (r.decided_by, bool(r.is_same))
        for r in connection.execute(select(MATCH).where(MATCH.c.athlete_id == athlete_id))
    }
    now = time.time_ns() // 1_000
    changed: dict[tuple[str, str], dict[str, object]] = {}
    for one, other, is_same, decided_by in rows:
        if one == other or decided_by not in DECIDED_BY:
            raise ContractError("A match needs two activities and a rule or a person. Nothing was stored.")
        pair = (min(one, other), max(one, other))
        held = before.get(pair)
        if held == (decided_by, is_same) or (held and held[0] == "person" and decided_by == "rule"):
            continue
        before[pair] = (decided_by, is_same)
        changed[pair] = {
            "athlete_id": athlete_id,
            "activity_id": pair[0],
            "same_as": pair[1],
            "decided_by": decided_by,
            "is_same": int(is_same),
            "decided_utc": now,
        }
    if changed:
        upsert(connection, MATCH, list(changed.values()), _KEY)
        bump(connection, athlete_id, ACTIVITY.name)
