"""What a page of the report shows of a period: coverage, totals, days, runs. The JSON report holds more."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl

from connectors import __version__
from connectors.store import Runner, Store
from dashboard.model.analysis import Analysis, coverage
from dashboard.model.settings import MODEL_VERSION, ModelSettings
from dashboard.settings import model_settings


def document_facts(
    store: Store, runner: Runner, analysis: Analysis, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """Return the keys of the document that every form of a report reads."""
    days = within(analysis.days, "local_date", since, until)
    runs = within(analysis.runs, "local_date", since, until).sort("local_date", "start_utc", "activity_id")
    names = store.shoe_names(runner.athlete_id)
    return {
        "heelwise": __version__,
        "model": MODEL_VERSION,
        "settings": _settings(analysis.settings),
        "athlete": {"name": runner.name, "is_demo": runner.is_demo},
        "period": {"from": day(days["local_date"].min()), "to": day(days["local_date"].max())},
        "coverage": _coverage(runs, days),
        "totals": _totals(runs),
        "days": [_day_row(row) for row in days.sort("local_date").iter_rows(named=True)],
        "runs": [_run(row, names) for row in _with_impact(store, runner, runs).iter_rows(named=True)],
        "unverified": [
            {"table": one.table, "month": one.period or None} for one in store.unverified(runner.athlete_id)
        ],
    }


def _settings(settings: ModelSettings) -> dict[str, Any]:
    return {
        "changed": model_settings.changed_choices(settings),
        "words": model_settings.choices_in_words(settings),
    }


def within(frame: pl.DataFrame, column: str, since: date | None, until: date | None) -> pl.DataFrame:
    """Return the rows whose date lies in a period."""
    if since is not None:
        frame = frame.filter(pl.col(column) >= since)
    if until is not None:
        frame = frame.filter(pl.col(column) <= until)
    return frame


def _coverage(runs: pl.DataFrame, days: pl.DataFrame) -> dict[str, int]:
    counts = coverage(runs, days)
    return {
        "runs": counts.runs,
        "with_samples": counts.with_samples,
        "with_cadence": counts.with_cadence,
        "with_altitude": counts.with_altitude,
        "with_shoe": counts.with_shoe,
        "symptom_days": counts.symptom_days,
    }


def _totals(runs: pl.DataFrame) -> dict[str, float | int | None]:
    return {
        "runs": runs.height,
        "distance_km": rounded(_sum(runs, "distance_m"), 1000),
        "moving_s": rounded(_sum(runs, "moving_s")),
        "ascent_m": rounded(_sum(runs, "ascent_m")),
        "descent_m": rounded(_sum(runs, "descent_m")),
        "load_tkm": rounded(_sum(runs, "load_tkm")),
    }


def _sum(frame: pl.DataFrame, column: str) -> float | None:
    """The sum of what is known; unknown when there are rows and none of them is known."""
    values = frame[column].drop_nulls()
    return None if frame.height and values.is_empty() else float(values.sum())


def _day_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": day(row["local_date"]),
        "distance_km": rounded(row["distance_m"], 1000),
        "load_tkm": rounded(row["load_tkm"]),
        "acute_tkm": rounded(row["acute_tkm"]),
        "habitual_tkm": rounded(row["habitual_tkm"]),
        "ratio": rounded(row["ratio"]),
        "held_against_tkm": rounded(row["held_against_tkm"]),
        "threshold": rounded(row["threshold"]),
        "state": row["state"],
        "pain_0_10": rounded(row["pain_0_10"]),
        "stiffness_min": rounded(row["stiffness_min"]),
        "stiffness_low_min": rounded(row["stiffness_low_min"]),
        "stiffness_high_min": rounded(row["stiffness_high_min"]),
        "known": row["known"],
    }


def _with_impact(store: Store, runner: Runner, runs: pl.DataFrame) -> pl.DataFrame:
    """Add Garmin's impact load, which no sum of ours uses."""
    known = store.activities(runner.athlete_id).select("activity_id", "impact_m")
    return runs.join(known, on="activity_id", how="left", maintain_order="left")


def _run(row: dict[str, Any], shoes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row["activity_id"],
        "source": row["source"],
        "source_id": row["source_id"],
        "date": day(row["local_date"]),
        "distance_km": rounded(row["distance_m"], 1000),
        "moving_s": rounded(row["moving_s"]),
        "load_tkm": rounded(row["load_tkm"]),
        "multiplier": rounded(row["multiplier"]),
        "impact_m": rounded(row["impact_m"]),
        "shoe": shoes.get(row["shoe_id"], row["shoe_id"]),
        "estimated": bool(row["estimated"]),
        "flags": (row["flags"] or "").split(),
    }


def day(value: Any) -> str | None:
    """Write a date as ISO 8601; None where there is none."""
    return value.isoformat() if isinstance(value, date) else None


def rounded(value: float | None, divisor: float = 1.0) -> float | None:
    """Return a finite number with the digits that mean something; None is unknown."""
    if value is None or not math.isfinite(value):
        return None
    return round(value / divisor, 4)
