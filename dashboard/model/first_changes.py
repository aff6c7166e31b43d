"""Every channel in the weeks before one day, the furthest from usual first."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.changes import changes
from dashboard.model.novelty import novelty
from dashboard.model.step_ups import find_step_ups

BEFORE_DAYS = 28


def changes_before(found: Analysis, flares: pl.DataFrame, day: date) -> pl.DataFrame:
    """Say for each channel what stood out most in the four weeks before a day.

    Parameters
    ----------
    found : Analysis
        Runs, days and settings of the whole history.
    flares : DataFrame
        FLARE_SCHEMA, for the counter-examples.
    day : date
        Such as an onset that a person moved.

    Returns
    -------
    DataFrame, one row for each channel
        CHANGE_SCHEMA, in the order of `step_ups.order_changes`.

    Source
    ------
    ours: the same rule as for flares, on a day that a person chose.
    """
    span = pl.DataFrame(
        {"from_date": [day - timedelta(days=BEFORE_DAYS)], "to_date": [day - timedelta(days=1)]}
    )
    weeks = novelty(found.runs, found.days, found.settings)
    stepped = find_step_ups(weeks, found.runs, found.days, found.settings)
    return changes(weeks, span, flares, found.days, found.settings, stepped)
