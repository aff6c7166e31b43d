"""Which run the log asks about first: one that has just arrived and that nobody has spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.store import Store
from dashboard.diary import entries
from dashboard.diary.questions import questions_of
from dashboard.model.next_morning import latest_runs

WITHIN_DAYS = 7
"""How far back a run can be spoken of on a phone, d, today included."""
MOST_RUNS = 7
ASKED_FIRST_DAYS = 2
"""Today and yesterday: an older run stays in the list, and pushes nothing aside."""
PAINS = tuple(one.field for one in questions_of("heel") if one.field.endswith("_0_10"))


def runs_to_ask(store: Store, athlete_id: int, today: date) -> list[dict[str, Any]]:
    """Return the runs of the last days, newest first."""
    return latest_runs(store.activities(athlete_id), today, MOST_RUNS, WITHIN_DAYS - 1).to_dicts()


def answered_fields(run: dict[str, Any], symptoms: pl.DataFrame) -> list[str]:
    """Return which questions of a run are answered, and not how."""
    rows = [run, *entries.entries_on(symptoms, run["local_date"])]
    asked = [one.field for group in ("run", "heel") for one in questions_of(group)]
    return [name for name in asked if any(row.get(name) is not None for row in rows)]


def _is_open(run: dict[str, Any], symptoms: pl.DataFrame) -> bool:
    answered = answered_fields(run, symptoms)
    return "perceived_exertion_0_10" not in answered or not set(PAINS) & set(answered)


def first_run(runs: Sequence[dict[str, Any]], symptoms: pl.DataFrame, today: date) -> str | None:
    """Return the newest run of the last days whose effort or pain is open, by its `activity_id`."""
    since = today - timedelta(days=ASKED_FIRST_DAYS - 1)
    near = (run for run in runs if run["local_date"] >= since)
    return next((run["activity_id"] for run in near if _is_open(run, symptoms)), None)
