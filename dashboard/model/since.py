"""What changed between two consults: symptoms, load, windows and flares, each against the weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard.model.analysis import Analysis

LOOK_BACK_DAYS = 14
"""Days on either side that are compared. Design choice: the window of a flare's onset."""


@dataclass(frozen=True)
class Middle:
    """One measure before a visit and in the last days.

    Parameters
    ----------
    before, now
        Medians; None where nothing was logged.
    logged_before, logged_now
        Days with an entry behind each.
    """

    before: float | None
    now: float | None
    logged_before: int
    logged_now: int


@dataclass(frozen=True)
class Since:
    """What changed since a visit.

    Parameters
    ----------
    visit, until
        First and last day of the time between.
    pain, stiffness_min
        0-10 and min.
    week_before_m, week_now_m
        m a week over the four weeks before the visit and since it; None where a day is not known.
    ratio
        Load over habit on the last day; None not known.
    windows, flares
        Outpaced windows that began, and flares whose onset lies, after the visit.
    """

    visit: date
    until: date
    pain: Middle
    stiffness_min: Middle
    week_before_m: float | None
    week_now_m: float | None
    ratio: float | None
    windows: int
    flares: int


def since(found: Analysis, flares: pl.DataFrame, visit: date, today: date) -> Since:
    """Set the time since a visit against the time before it.

    Parameters
    ----------
    found : Analysis
        Days and windows.
    flares : DataFrame
        FLARE_SCHEMA.
    visit, today : date
        Local dates; the visit lies before.

    Returns
    -------
    Since
        Nothing logged is None, never none felt.

    Source
    ------
    ours: medians, so that one bad morning is not a trend; the count of days behind each is said with it.
    """
    days = found.days
    last = days.filter(pl.col("local_date") <= today)["ratio"].drop_nulls()
    began = found.windows.filter(pl.col("from_date") > visit).height if not found.windows.is_empty() else 0
    return Since(
        visit,
        today,
        _middle(days, "pain_0_10", visit, today),
        _middle(days, "stiffness_min", visit, today),
        _week_m(days, visit - timedelta(days=28), visit - timedelta(days=1)),
        _week_m(days, visit, today),
        float(last[-1]) if last.len() else None,
        began,
        flares.filter(pl.col("onset") > visit).height,
    )


def _middle(days: pl.DataFrame, name: str, visit: date, today: date) -> Middle:
    before = _between(days, visit - timedelta(days=LOOK_BACK_DAYS), visit - timedelta(days=1))[
        name
    ].drop_nulls()
    now = _between(days, max(visit, today - timedelta(days=LOOK_BACK_DAYS - 1)), today)[name].drop_nulls()

    def median(values: pl.Series) -> float | None:
        middle = values.median()
        return float(middle) if isinstance(middle, int | float) else None

    return Middle(median(before), median(now), before.len(), now.len())


def _week_m(days: pl.DataFrame, first: date, last: date) -> float | None:
    part = _between(days, first, last)
    if part.is_empty() or part["distance_m"].null_count() or not part["known"].all():
        return None
    return float(part["distance_m"].sum()) * 7 / part.height


def _between(days: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    return days.filter(pl.col("local_date").is_between(first, last))
