"""The runner's own usual range of each channel that a lane shows, on the grid of the lanes."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from dashboard.model.step_ups import StepUps

BANDED = ("volume", "fast", "climb", "descent", "cadence")
"""Channels that are the value of a lane: their range is drawn behind it."""
HOVER_ONLY = ("shoe_new", "drop")
"""Channels of a lane without a line: their range is only told."""


def usual_table(step_ups: StepUps, dates: pl.Series) -> pl.DataFrame:
    """Return the runner's own usual range of each channel of a lane on a grid.

    Usual means the runner's own eight weeks.

    Parameters
    ----------
    step_ups : StepUps
        Of the whole record.
    dates : Series of Date
        The grid.

    Returns
    -------
    DataFrame
        `local_date`, and for each channel `usual_low_…` and `usual_high_…`, the 10th and 90th percentile of the eight
        weeks before, in the unit of the channel; null not known.
    """
    at = dates.cast(pl.Int32).to_numpy().astype(np.int64) - step_ups.first
    columns: dict[str, Any] = {"local_date": dates}
    for channel in (*BANDED, *HOVER_ONLY):
        ranges = step_ups.usual.get(channel)
        for name, row in (("low", 0), ("high", 2)):
            values = np.full(len(at), np.nan)
            if ranges is not None:
                there = (at >= 0) & (at < ranges.shape[1])
                values[there] = ranges[row, at[there]]
            columns[f"usual_{name}_{channel}"] = pl.Series(values, nan_to_null=True)
    return pl.DataFrame(columns)
