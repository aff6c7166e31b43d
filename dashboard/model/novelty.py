"""How far every channel of training lies from the runner's own eight weeks before, on every date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard.model.channels import CHANNELS, PRIOR_WEEKS, SHARE_PER_UNIT, WEEK, Channel, weekly
from dashboard.model.daily import day_numbers
from dashboard.model.settings import ModelSettings

NEEDED_WEEKS = 4
OFFSET = 0.1
"""Added to the values before ln, as a share of the runner's own median, so that a week of none is no abyss."""


@dataclass(frozen=True)
class Novelty:
    """Every channel on every date, and how far each lies from the runner's own weeks.

    Parameters
    ----------
    first
        Day number of the first date.
    values
        Channel to its value of the last seven days.
    z
        Channel to how many of its own spreads that is beyond the eight weeks before; positive is the direction
        that adds load. NaN not known.
    """

    first: int
    values: Mapping[str, np.ndarray]
    z: Mapping[str, np.ndarray]


def novelty(runs: pl.DataFrame, days: pl.DataFrame, settings: ModelSettings) -> Novelty:
    """Compare the last seven days with the eight weeks before, in every channel, on every date.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA; at least one day.
    settings : ModelSettings
        Passed to `lanes`.

    Returns
    -------
    Novelty
        z needs four of the eight weeks.

    Source
    ------
    ours, design choice: ln, because training is changed by shares; the spread of the eight weeks, never below
    that of `Channel.spread`.
    """
    values = weekly(runs, days, settings)
    z = {channel.id: _z(values[channel.id], channel) for channel in CHANNELS}
    return Novelty(int(day_numbers(days["local_date"])[0]), values, z)


def prior_weeks(values: np.ndarray) -> np.ndarray:
    """Lay the eight weeks before each date beside it.

    Parameters
    ----------
    values : ndarray, shape (days,)
        Of the last seven days.

    Returns
    -------
    ndarray, shape (8, days)
        The value 7, 14, ... 56 days earlier; NaN before the record.

    Source
    ------
    ours: weeks that do not overlap the one they are compared with.
    """
    back = np.full((PRIOR_WEEKS, len(values)), np.nan)
    for week in range(1, PRIOR_WEEKS + 1):
        back[week - 1, week * WEEK :] = values[: max(len(values) - week * WEEK, 0)]
    return back


def _z(values: np.ndarray, channel: Channel) -> np.ndarray:
    if channel.id == "shoe_new":
        return values / SHARE_PER_UNIT
    scaled = _scaled(values, channel)
    back = prior_weeks(scaled)
    known = np.isfinite(back)
    count = known.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, back, 0.0).sum(axis=0) / count
        square = np.where(known, (back - mean) ** 2, 0.0).sum(axis=0) / (count - 1)
        z = channel.sign * (scaled - mean) / np.maximum(np.sqrt(square), channel.spread)
    return np.where(count >= NEEDED_WEEKS, z, np.nan)


def _scaled(values: np.ndarray, channel: Channel) -> np.ndarray:
    """Ln of what is counted; shares of the own line as ln of one and that share; drop as it is."""
    if channel.id == "drop":
        return values
    if channel.id == "cadence":
        counted = 1 + values / 100
    else:
        positive = values[np.isfinite(values) & (values > 0)]
        offset = OFFSET * float(np.median(positive)) if len(positive) else 1.0
        counted = values + (0.0 if channel.id == "speed" else offset)
    return np.log(np.where(counted > 0, counted, np.nan))
