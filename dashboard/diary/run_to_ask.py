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


def is_answered(run: dict[str, Any], symptoms: pl.DataFrame) -> bool:
    """Return whether effort and pain of a run are known."""
    rows = entries.entries_on(symptoms, run["local_date"])
    has_pain = any(row[name] is not None for row in rows for name in PAINS)
    return has_pain and run["perceived_exertion_0_10"] is not None


def first_run(runs: Sequence[dict[str, Any]], symptoms: pl.DataFrame, today: date) -> str | None:
    """Return the newest run of the last days whose effort or pain is open, by its `activity_id`."""
    since = today - timedelta(days=ASKED_FIRST_DAYS - 1)
    near = (run for run in runs if run["local_date"] >= since)
    return next((run["activity_id"] for run in near if not is_answered(run, symptoms)), None)
