"""The channels of training that a change is looked for in: one value of the last seven days for each date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from dashboard.model.adaptation import YEAR_DAYS
from dashboard.model.day_table import by_day, day_numbers
from dashboard.model.rolling_week import rolling_weeks
from dashboard.model.schemas import WEEK
from dashboard.model.settings import ModelSettings

PRIOR_WEEKS = 8
NEW_KM = 50.0
NEW_AFTER_DAYS = 42
"""A pair first seen in the first weeks of the record may be old; it never counts as new. Design choice."""
LOWER_MM = 4.0
"""Drop this much below the usual counts as another shoe. A starting guess, to be argued with."""
SHARE_PER_UNIT = 0.25
HARD = 1.25
"""A day at this many times the median running day of the last eight weeks is hard. Design choice."""
GAP_DAYS = 14
NEEDED_SHOES = 0.5


@dataclass(frozen=True)
class Channel:
    """One thing about training that may change.

    Parameters
    ----------
    id, title, unit
        Name in code, name for a reader, unit of the values.
    sign
        1 where more is the change that adds load, -1 where less is.
    spread
        Least spread of ln that counts as the runner's own, so that a very even runner does not make every week
        unusual. Design choice.
    in_index
        Whether it is part of the stacked-change index.
    """

    id: str
    title: str
    unit: str
    sign: int
    spread: float
    in_index: bool


CHANNELS = (
    Channel("volume", "Distance", "m", 1, 0.05, True),
    Channel("longest", "Longest run", "m", 1, 0.05, True),
    Channel("fast", "Fast running", "s", 1, 0.25, False),
    Channel("speed", "Mean speed", "m/s", 1, 0.02, True),
    Channel("climb", "Climb", "m", 1, 0.25, True),
    Channel("descent", "Descent", "m", 1, 0.25, False),
    Channel("cadence", "Cadence at the same speed", "%", -1, 0.01, True),
    Channel("run_days", "Days with a run", "d", 1, 0.2, True),
    Channel("hard_gap", "Spacing of hard days", "d", -1, 0.35, False),
    Channel("shoe_new", "Running in a new or lower-drop shoe", "share", 1, 0.25, True),
    Channel("drop", "Mean drop of the shoes", "mm", -1, 4.0, False),
)
"""In the order a reader meets them. Descent stands apart from climb: clinics name it as a trigger, the laboratory
sees less load on the Achilles downhill."""


def weekly_values(runs: pl.DataFrame, days: pl.DataFrame, settings: ModelSettings) -> dict[str, np.ndarray]:
    """Compute the last seven days of every channel on every date.

    Seven days hold one of each weekday, so a weekly rhythm is no change.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA.
    settings : ModelSettings
        Passed to `lanes`.

    Returns
    -------
    dict of str to ndarray, shape (days,)
        By channel, in its unit; NaN where too little is known.
    """
    rolled = rolling_weeks(days, settings)
    read = {n: rolled[n].fill_null(float("nan")).to_numpy() for n in rolled.columns if n != "local_date"}
    metres, moving = read["distance_7d_m"], read["moving_7d_s"]
    reached = np.isfinite(metres)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(moving > 0, metres / moving, np.nan)
    shoes = _shoes(runs, days, reached)
    return {
        "volume": metres,
        "longest": np.where(reached, _rolling_max(_longest(runs, days)), np.nan),
        "fast": read["fast_7d_s"],
        "speed": speed,
        "climb": read["ascent_7d_m"],
        "descent": read["descent_7d_m"],
        "cadence": read["cadence_deviation_pct"],
        "run_days": np.where(reached, _rolling_sum((days["runs"].fill_null(0) > 0).to_numpy()), np.nan),
        "hard_gap": np.where(reached, _hard_gap(days), np.nan),
        **shoes,
    }


def _rolling_sum(values: np.ndarray, width: int = WEEK) -> np.ndarray:
    total = np.concatenate([np.zeros(1), np.cumsum(np.nan_to_num(values.astype(float)))])
    day = np.arange(len(values)) + 1
    return total[day] - total[np.maximum(day - width, 0)]


def _rolling_max(values: np.ndarray) -> np.ndarray:
    return pl.Series(np.nan_to_num(values)).rolling_max(WEEK, min_samples=1).to_numpy()


def _longest(runs: pl.DataFrame, days: pl.DataFrame) -> np.ndarray:
    furthest = runs.group_by("local_date").agg(pl.col("distance_m").max())
    joined = days.select("local_date").join(furthest, on="local_date", how="left", maintain_order="left")
    return joined["distance_m"].fill_null(0.0).to_numpy()


def _hard_gap(days: pl.DataFrame) -> np.ndarray:
    """Fewest days between two hard days of the last fourteen; fourteen where there are not two."""
    load = days["load_tkm"]
    ran = pl.select(pl.when(load > 0).then(load)).to_series()
    middle = ran.rolling_median(WEEK * PRIOR_WEEKS, min_samples=WEEK).shift(1)
    hard = (ran >= middle * HARD).fill_null(False).to_numpy()
    at = np.nonzero(hard)[0]
    gap = np.full(len(hard), float(GAP_DAYS))
    for before, after in pairwise(at):
        apart = int(after - before)
        if apart < GAP_DAYS:
            seen = slice(after, before + GAP_DAYS)
            gap[seen] = np.minimum(gap[seen], apart)
    return gap


def _shoes(runs: pl.DataFrame, days: pl.DataFrame, reached: np.ndarray) -> dict[str, np.ndarray]:
    """Share of the last seven days in a pair that is new or lower than usual, and mean drop."""
    worn = runs.filter(pl.col("distance_m") > 0).sort("local_date", "start_utc", "activity_id")
    marked = mark_other_pairs(worn, days)
    known = pl.col("shoe_id").is_not_null()
    told_m, metres = pl.col("distance_m") * known, pl.col("distance_m")
    has_drop = pl.col("drop_mm").is_not_null()
    sums = by_day(
        marked,
        days,
        [
            metres,
            told_m,
            metres * pl.col("other"),
            metres * has_drop,
            metres * pl.col("drop_mm").fill_null(0.0),
        ],
    )
    total, known_m, other, with_drop, drop = (_rolling_sum(row) for row in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(reached & (known_m > 0) & (known_m >= NEEDED_SHOES * total), other / known_m, np.nan)
        mean = np.where(
            reached & (with_drop > 0) & (with_drop >= NEEDED_SHOES * total), drop / with_drop, np.nan
        )
    return {"shoe_new": share, "drop": mean}


def mark_other_pairs(worn: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Add `other`: 1 for runs in a pair with less than 50 km on record, or with a drop well below the usual.

    Parameters
    ----------
    worn, days : DataFrame
        RUN_SCHEMA with a distance, in order of time, and DAY_SCHEMA.

    Returns
    -------
    DataFrame
        The same runs; 0 where neither is known.
    """
    if worn.is_empty():
        return worn.with_columns(other=pl.lit(0.0))
    begin = worn["local_date"].min()
    before = pl.col("distance_m").cum_sum().over("shoe_id") - pl.col("distance_m")
    seen = pl.col("local_date").min().over("shoe_id")
    late = (seen - pl.lit(begin)).dt.total_days() >= NEW_AFTER_DAYS
    new = pl.col("shoe_id").is_not_null() & late & (before < NEW_KM * 1000)
    lower = (pl.Series(_usual_drop(worn, days)) - pl.col("drop_mm") >= LOWER_MM).fill_null(False)
    return worn.with_columns(other=(new | lower).cast(pl.Float64))


def _usual_drop(worn: pl.DataFrame, days: pl.DataFrame) -> np.ndarray:
    """Mean drop of the eight weeks before the week of each run, by distance."""
    has = pl.col("drop_mm").is_not_null()
    metres, drop = by_day(
        worn, days, [pl.col("distance_m") * has, pl.col("distance_m") * pl.col("drop_mm").fill_null(0.0)]
    )
    span = WEEK * PRIOR_WEEKS
    weight, total = _rolling_sum(metres, span), _rolling_sum(drop, span)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(weight > 0, total / weight, np.nan)
    at = day_numbers(worn["local_date"]) - int(day_numbers(days["local_date"])[0]) - WEEK
    return np.where(at >= 0, mean[np.maximum(at, 0)], np.nan)


NEEDED_WEEKS = 4
USUAL_FREEDOM = PRIOR_WEEKS - 1
"""Degrees of freedom that the usual spread of the last year counts for: as much as eight weeks. Design choice."""
NEEDED_SPREAD_DAYS = 84
"""Days with a spread before one counts as usual. Design choice."""
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

    Ln, because training is changed by shares. The spread is that of the eight weeks and, in equal parts, what such a
    spread usually was in the year before: eight weeks alone tell it badly, so that eight weeks that happened to be even
    would make an ordinary week stand out further than other shoes on every run, and eight weeks that still hold an
    earlier change would hide the next. Never below `Channel.spread`.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA; at least one day.
    settings : ModelSettings
        Passed to `lanes`.

    Returns
    -------
    Novelty
        z needs four of the eight weeks; the usual spread needs twelve weeks of days with one, and without it the eight
        weeks stand alone.

    References
    ----------
    Smyth 2004 (doi:10.2202/1544-6115.1027): a variance from few values, moderated by what is usual, weighed by degrees
    of freedom. The weight is a design choice.
    """
    values = weekly_values(runs, days, settings)
    z = {channel.id: _z(values[channel.id], channel) for channel in CHANNELS}
    return Novelty(int(day_numbers(days["local_date"])[0]), values, z)


def prior_weeks(values: np.ndarray) -> np.ndarray:
    """Return the eight weeks before each date beside it.

    Weeks that do not overlap the one they are compared with.

    Parameters
    ----------
    values : ndarray, shape (days,)
        Of the last seven days.

    Returns
    -------
    ndarray, shape (8, days)
        The value 7, 14, ... 56 days earlier; NaN before the record.
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
        spread = np.sqrt(_moderated(square, count))
        z = channel.sign * (scaled - mean) / np.maximum(spread, channel.spread)
    return np.where(count >= NEEDED_WEEKS, z, np.nan)


def _moderated(square: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Weigh each variance with the square of the usual spread by their degrees of freedom."""
    own = pl.Series(np.where(count >= NEEDED_WEEKS, np.sqrt(square), np.nan), nan_to_null=True)
    usual = own.rolling_median(YEAR_DAYS, min_samples=NEEDED_SPREAD_DAYS).to_numpy() ** 2
    free = count - 1
    return np.where(
        np.isfinite(usual), (free * square + USUAL_FREEDOM * usual) / (free + USUAL_FREEDOM), square
    )


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
