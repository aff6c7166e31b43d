"""Clauses of a runner's sessions as rows: what was written, on which date, of which session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from connectors.frames import RUN_SPORTS, STATEMENT, checked
from connectors.statements.clauses import Clause, find_clauses

GYM_SPORTS = (
    "WeightTraining",
    "Crossfit",
    "Workout",
    "HighIntensityIntervalTraining",
    "Yoga",
    "Pilates",
    "StairStepper",
    "Elliptical",
)
"""Sessions whose texts list exercises, in which every part of the leg is named and none hurts."""


def statement_rows(
    activities: pl.DataFrame, texts: Mapping[str, Sequence[str]], fetched_utc: datetime
) -> pl.DataFrame:
    """Return the clauses about a leg in titles, descriptions and notes (by `activity_id`), as contract STATEMENT.

    Of runs every clause is taken; of other sessions only a place with a complaint, of the gym none.
    """
    columns = ("athlete_id", "source", "source_id", "activity_id", "local_date", "sport", "name")
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for session in activities.select(columns).iter_rows(named=True):
        wrote = (session["name"], *texts.get(session["activity_id"], ()))
        for clause in _clauses(wrote, session["sport"]):
            row = _row(session, clause, fetched_utc)
            rows.setdefault((row["source"], row["source_id"]), row)
    if not rows:
        return STATEMENT.empty()
    return checked(pl.DataFrame(list(rows.values()), infer_schema_length=None), STATEMENT)


def _clauses(texts: Sequence[str | None], sport: str) -> Iterator[Clause]:
    if sport in GYM_SPORTS:
        return
    for text in filter(None, texts):
        for clause in find_clauses(text):
            if sport in RUN_SPORTS or not clause.is_alone:
                yield clause


def _row(session: Mapping[str, Any], clause: Clause, fetched_utc: datetime) -> dict[str, Any]:
    digest = hashlib.blake2b(clause.text.encode(), digest_size=6).hexdigest()
    return {
        "athlete_id": session["athlete_id"],
        "source": session["source"],
        "source_id": f"{session['source_id']}-{digest}",
        "fetched_utc": fetched_utc,
        "date": session["local_date"],
        "activity_id": session["activity_id"],
        "text": clause.text,
        "body_part": clause.place,
        "side": clause.side,
        "kind": clause.kind,
    }
