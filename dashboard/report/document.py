"""The report as plain values: every key of the contract, from the store and the analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors import __version__
from connectors.store import Runner, Store
from dashboard import model_choices
from dashboard.gather import why_of
from dashboard.model.analysis import Analysis, coverage
from dashboard.model.settings import MODEL_VERSION, ModelSettings
from dashboard.model.why import Why
from dashboard.report import answers, rehab
from dashboard.report.doubts import Doubt, doubts
from dashboard.report.plan_section import plan_section


def compose(
    store: Store,
    runner: Runner,
    analysis: Analysis,
    since: date | None = None,
    until: date | None = None,
    why: Why | None = None,
    doubted: Sequence[Doubt] | None = None,
) -> dict[str, Any]:
    """Put the analysis of one runner into the shape of the contract.

    Parameters
    ----------
    store : Store
        For the names of shoes, and the diary.
    runner : Runner
        Whose analysis it is.
    analysis : Analysis
        What the model gave.
    since, until : date or None
        First and last local date; None is the first or last there is.
    why : Why or None
        What `gather.why_of` gave; None works it out.
    doubted : sequence of Doubt or None
        What `doubts.doubts` gave; None looks for them.

    Returns
    -------
    dict
        Plain values only. Unknown is None, rest is 0; `days` has every local date of the period.

    Source
    ------
    ours: the contract for those who run Heelwise from outside.
    """
    days = _within(analysis.days, "local_date", since, until)
    runs = _within(analysis.runs, "local_date", since, until).sort("local_date", "start_utc", "activity_id")
    told = why or why_of(store, runner.athlete_id, analysis)
    driven = answers.windows(told)
    if doubted is None:
        doubted = doubts(store, runner.athlete_id, analysis, since, until)
    return {
        "heelwise": __version__,
        "model": MODEL_VERSION,
        "settings": _settings(analysis.settings),
        "athlete": {"name": runner.name, "is_demo": runner.is_demo},
        "period": {"from": _day(days["local_date"].min()), "to": _day(days["local_date"].max())},
        "coverage": _coverage(runs, days),
        "totals": _totals(runs),
        "days": [_day_row(row) for row in days.sort("local_date").iter_rows(named=True)],
        "runs": _runs(store, runner, runs),
        "outpaced": [
            _window(row) | driven[row["from_date"], row["to_date"]]
            for row in _touching(analysis.windows, since, until).iter_rows(named=True)
        ],
        "spikes": [
            _spike(row) for row in _within(analysis.spikes, "local_date", since, until).iter_rows(named=True)
        ],
        "step_ups": answers.step_ups(told, since, until),
        "flares": answers.flares(told, since, until),
        "linkage": answers.linkage(told.linkage),
        "doubts": [one.as_row() for one in doubted],
        "strength": rehab.strength(store, runner.athlete_id, since, until),
        "tests": rehab.tests(store, runner.athlete_id, since, until),
        "events": rehab.events(store, runner.athlete_id, since, until),
        "cadence_experiment": rehab.experiment(store, runner.athlete_id),
        "ladder": rehab.ladder(store, runner.athlete_id),
        **plan_section(store, runner.athlete_id, analysis),
    }


def _settings(settings: ModelSettings) -> dict[str, Any]:
    return {"changed": model_choices.changed(settings), "words": model_choices.in_words(settings)}


def _within(frame: pl.DataFrame, column: str, since: date | None, until: date | None) -> pl.DataFrame:
    if since is not None:
        frame = frame.filter(pl.col(column) >= since)
    if until is not None:
        frame = frame.filter(pl.col(column) <= until)
    return frame


def _touching(windows: pl.DataFrame, since: date | None, until: date | None) -> pl.DataFrame:
    if since is not None:
        windows = windows.filter(pl.col("to_date") >= since)
    if until is not None:
        windows = windows.filter(pl.col("from_date") <= until)
    return windows


def _coverage(runs: pl.DataFrame, days: pl.DataFrame) -> dict[str, int]:
    found = coverage(runs, days)
    return {
        "runs": found.runs,
        "with_samples": found.with_samples,
        "with_cadence": found.with_cadence,
        "with_altitude": found.with_altitude,
        "with_shoe": found.with_shoe,
        "symptom_days": found.symptom_days,
    }


def _totals(runs: pl.DataFrame) -> dict[str, float | int | None]:
    return {
        "runs": runs.height,
        "distance_km": _number(_sum(runs, "distance_m"), 1000),
        "moving_s": _number(_sum(runs, "moving_s")),
        "ascent_m": _number(_sum(runs, "ascent_m")),
        "descent_m": _number(_sum(runs, "descent_m")),
        "load_tkm": _number(_sum(runs, "load_tkm")),
    }


def _sum(frame: pl.DataFrame, column: str) -> float | None:
    """The sum of what is known; unknown when there are rows and none of them is known."""
    values = frame[column].drop_nulls()
    return None if frame.height and values.is_empty() else float(values.sum())


def _day_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": _day(row["local_date"]),
        "distance_km": _number(row["distance_m"], 1000),
        "load_tkm": _number(row["load_tkm"]),
        "acute_tkm": _number(row["acute_tkm"]),
        "habitual_tkm": _number(row["habitual_tkm"]),
        "ratio": _number(row["ratio"]),
        "held_against_tkm": _number(row["held_against_tkm"]),
        "threshold": _number(row["threshold"]),
        "state": row["state"],
        "pain_0_10": _number(row["pain_0_10"]),
        "stiffness_min": _number(row["stiffness_min"]),
        "stiffness_low_min": _number(row["stiffness_low_min"]),
        "stiffness_high_min": _number(row["stiffness_high_min"]),
        "known": row["known"],
    }


def _runs(store: Store, runner: Runner, runs: pl.DataFrame) -> list[dict[str, Any]]:
    shoes = store.shoes(runner.athlete_id)
    names = dict(zip(shoes["shoe_id"].to_list(), shoes["name"].to_list(), strict=True))
    return [_run(row, names) for row in runs.iter_rows(named=True)]


def _run(row: dict[str, Any], shoes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row["activity_id"],
        "source": row["source"],
        "source_id": row["source_id"],
        "date": _day(row["local_date"]),
        "distance_km": _number(row["distance_m"], 1000),
        "moving_s": _number(row["moving_s"]),
        "load_tkm": _number(row["load_tkm"]),
        "multiplier": _number(row["multiplier"]),
        "shoe": shoes.get(row["shoe_id"], row["shoe_id"]),
        "estimated": bool(row["estimated"]),
        "flags": (row["flags"] or "").split(),
    }


def _window(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": _day(row["from_date"]),
        "to": _day(row["to_date"]),
        "peak_date": _day(row["peak_date"]),
        "peak_ratio": _number(row["peak_ratio"]),
        "threshold": _number(row["threshold"]),
        "above_share_of_year": _number(row["above_share_of_year"]),
        "robust": row["robust"],
    }


def _spike(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": _day(row["local_date"]),
        "run_id": row["activity_id"],
        "distance_ratio": _number(row["distance_ratio"]),
        "band": row["band"],
        "days_since": row["days_since"],
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def _number(value: float | None, divisor: float = 1.0) -> float | None:
    """A finite number with the digits that mean something; None is unknown."""
    if value is None or not math.isfinite(value):
        return None
    return round(value / divisor, 4)
