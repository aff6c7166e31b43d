"""Step rate at matched speed, before the cadence experiment and since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.stats import ttest_ind

from dashboard.model.experiment import Experiment
from dashboard.model.personal import LINE_NEEDS_S, SLOPE_RANGE, Personal

BEFORE_DAYS = 56
"""Days before the start that it is set against: the eight weeks of every other comparison here. Design choice."""
NEEDED_RUNS = 5
"""Runs that each side needs. Design choice."""
WITHIN_PCT = 1.0
"""A stretch of a run counts as at target from this far below it. Design choice."""
SPREAD_MPS = 0.1
"""Spread of speed, one standard deviation, from which the weeks before have a slope of their own. Design choice."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Side:
    """One of the two sides that are compared.

    Parameters
    ----------
    first, last
        Local dates, both included; `last` before `first` has no day.
    runs, seconds
        Runs with step rate on level ground, and the seconds of them.
    """

    first: date
    last: date
    runs: int
    seconds: float

    @property
    def is_enough(self) -> bool:
        """Whether there is as much as a comparison needs."""
        return self.runs >= NEEDED_RUNS and self.seconds >= LINE_NEEDS_S


@dataclass(frozen=True)
class Stepped:
    """Step rate at matched speed, before the experiment and since.

    Parameters
    ----------
    before, since
        The two sides.
    line
        The own line of the weeks before; None where they are not enough.
    rows
        MECHANICS_SCHEMA of both sides, with `is_since`, `relative_cadence` (over that line) and `weight` (share
        of its run, so that each run counts once). No rows where either side is not enough.
    change_pct, low_pct, high_pct
        Since less before, %, with its 95 % interval from run to run; None where not enough.
    at_target
        Share of the time since in which step rate was at the target, 0 to 1; None where not enough.
    """

    before: Side
    since: Side
    line: Personal | None
    rows: pl.DataFrame
    change_pct: float | None = None
    low_pct: float | None = None
    high_pct: float | None = None
    at_target: float | None = None


def stepped(rows: pl.DataFrame, personal: Personal, experiment: Experiment, today: date) -> Stepped:
    """Compare step rate since the start with the eight weeks before, at matched speed.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA of the whole history.
    personal : Personal
        The own line of the whole history, for the slope where the weeks before have but one speed.
    experiment : Experiment
        Start, target and end.
    today : date
        Local date; the last day of an experiment that is still running.

    Returns
    -------
    Stepped
        Nulls where either side has fewer than five runs or half an hour.

    Source
    ------
    ours: the line is fitted to the weeks before alone, so that the new steps do not become their own measure, and
    a slower or faster runner is held to the step rate that went with that speed. Interval: Welch's t over runs.
    """
    start = experiment.start
    last = min(experiment.end or today, today)
    day = pl.col("local_date")
    earlier = rows.filter(day.is_between(start - timedelta(BEFORE_DAYS), start - timedelta(1)))
    later = rows.filter(day.is_between(start, last))
    before = _side(start - timedelta(BEFORE_DAYS), start - timedelta(1), earlier)
    since = _side(start, last, later)
    line = _line(earlier, personal) if before.is_enough else None
    if line is None or not since.is_enough:
        return Stepped(before, since, line, _relative(rows.clear(), personal, start))
    both = _relative(pl.concat([earlier, later]), line, start)
    change, low, high = _change(both)
    target = 1 + (experiment.target_pct - WITHIN_PCT) / 100
    new = both.filter("is_since")
    reached = new.filter(pl.col("relative_cadence") >= target)["seconds"].sum()
    return Stepped(before, since, line, both, change, low, high, float(reached) / since.seconds)


def _side(first: date, last: date, rows: pl.DataFrame) -> Side:
    return Side(first, last, rows["activity_id"].n_unique(), float(rows["seconds"].sum()))


def _relative(rows: pl.DataFrame, line: Personal, start: date) -> pl.DataFrame:
    own = line.own_cadence(pl.col("speed_mps"))
    return rows.with_columns(
        is_since=pl.col("local_date") >= start,
        relative_cadence=pl.col("cadence_spm") / own,
        weight=pl.col("seconds") / pl.col("seconds").sum().over("activity_id"),
    )


def _line(rows: pl.DataFrame, personal: Personal) -> Personal:
    """Fit a straight line to the means of runs and bands, each weighted by its seconds."""
    speed, cadence, weight = (rows[n].to_numpy() for n in ("speed_mps", "cadence_spm", "seconds"))
    middle, level = np.average(speed, weights=weight), np.average(cadence, weights=weight)
    away = speed - middle
    variance = np.average(away**2, weights=weight)
    slope = personal.cadence_slope
    if variance >= SPREAD_MPS**2:
        slope = np.average(away * cadence, weights=weight) / variance
    slope = float(np.clip(slope, *SLOPE_RANGE))
    return replace(
        personal,
        cadence_intercept_spm=float(level - slope * middle),
        cadence_slope=slope,
        cadence_from="samples",
        cadence_s=float(weight.sum()),
    )


def _change(both: pl.DataFrame) -> tuple[float, float | None, float | None]:
    """Difference of the mean deviation of runs, %, with its interval."""
    by_run = (
        both.group_by("is_since", "activity_id")
        .agg((pl.col("relative_cadence") * pl.col("weight")).sum() * 100)
        .sort("is_since", "activity_id")
    )
    old, new = (by_run.filter(pl.col("is_since") == side)["relative_cadence"] for side in (False, True))
    return welch(new.to_numpy(), old.to_numpy())


def welch(new: np.ndarray, old: np.ndarray) -> tuple[float, float | None, float | None]:
    """Give the difference of two means with its interval.

    Parameters
    ----------
    new, old : ndarray, shape (n,) and (m,)
        At least two values each.

    Returns
    -------
    tuple of float, float or None, float or None
        New less old, and its 95 % interval, in the unit of the values; None where nothing varies.

    Source
    ------
    Welch's t test, which takes runs as independent; they are not quite, so the interval is somewhat narrow.
    """
    difference = float(new.mean() - old.mean())
    if max(np.ptp(new), np.ptp(old)) <= 1e-9 * max(abs(difference), 1.0):
        return difference, None, None
    interval = ttest_ind(new, old, equal_var=False).confidence_interval(CONFIDENCE)
    return difference, float(interval.low), float(interval.high)
