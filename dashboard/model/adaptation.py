"""What the runner was used to, and how far the last seven days lie from it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from dashboard.model.running_state import (
    BREAK,
    IRREGULAR,
    NEEDED_WEEKS,
    NEW_DAYS,
    WAY_BACK,
    Course,
    build_course,
    build_regularity,
)
from dashboard.model.schemas import NEEDED_OF_WEEK, WEEK
from dashboard.model.settings import ModelSettings

SEED_DAYS = 28
HIDDEN_DAYS = 42
YEAR_DAYS = 365
FLOOR_SHARE = 0.2
"""Habit is never below this share of the median week of the runner's last year: a long break does not make
every run countless times the habit. Design choice."""
NEEDED_OF_YEAR = 90
"""Days of the last year that must count before the threshold is the runner's own. Design choice."""
TOLERANCE = 1e-9
"""Lets a ratio of exactly the threshold count, whatever the last binary digit says."""
LENSES = {"A": "load_a_tkm", "B": "load_tkm", "C": "load_c_tkm"}
SUFFIXES = {"A": "_a", "B": "", "C": "_c"}


def acute(load: np.ndarray) -> np.ndarray:
    """Average the last seven days.

    A rolling mean, because an exponential one swings by a third within a steady week.

    Parameters
    ----------
    load : ndarray, shape (days,)
        Load of each date; NaN unknown, 0 rest.

    Returns
    -------
    ndarray, shape (days,)
        Mean of the known days among the last seven, where at least five are known and seven have passed;
        else NaN.
    """
    known = np.isfinite(load)
    reached = np.concatenate([[0.0], np.cumsum(np.where(known, load, 0.0))])
    counted = np.concatenate([[0], np.cumsum(known)])
    mean = np.full(len(load), np.nan)
    if len(load) >= WEEK:
        total, count = reached[WEEK:] - reached[:-WEEK], counted[WEEK:] - counted[:-WEEK]
        enough = count >= NEEDED_OF_WEEK
        mean[WEEK - 1 :][enough] = np.maximum(total[enough], 0.0) / count[enough]
    return mean


@dataclass(frozen=True)
class Week:
    """What of a series of loads no time constant changes.

    Parameters
    ----------
    acute, floor
        Mean of the last seven days, and the least that habit may be, tkm a day, shape (days,).
    """

    acute: np.ndarray
    floor: np.ndarray


def prepare_week(load: np.ndarray) -> Week:
    """Return mean and floor of the known part of a series, to be used for several time constants.

    Parameters
    ----------
    load : ndarray, shape (days,)
        tkm of each date; NaN unknown, 0 rest.

    Returns
    -------
    Week
        From the first to the last known day; empty where none is known.
    """
    known = np.nonzero(np.isfinite(load))[0]
    week = acute(load[known[0] : known[-1] + 1]) if len(known) else np.zeros(0)
    return Week(week, _floor(week))


def habitual(load: np.ndarray, settings: ModelSettings, prepared: Week | None = None) -> np.ndarray:
    """Follow the load slowly: what the runner is used to by the end of each day.

    A first-order response with the time constant tau, without a limit on either side, so that the mean of habit
    is the mean of the load. All numbers are design choices.

    Parameters
    ----------
    load : ndarray, shape (days,)
        Load of each date from the first known one, tkm; NaN unknown, 0 rest.
    settings : ModelSettings
        `tau_days`.
    prepared : Week or None
        Of the same days; None works it out.

    Returns
    -------
    ndarray, shape (days,)
        Load of a day, NaN after the last known day. Seeded with the mean of the first 28 days; never below a fifth
        of the median week of the last year. Where the acute mean is unknown, habit stays as it was: nothing is
        learned from a day nobody recorded.
    """
    series = np.full(len(load), np.nan)
    known = np.isfinite(load)
    if not known[:SEED_DAYS].any():
        return series
    seed = float(np.mean(load[:SEED_DAYS][known[:SEED_DAYS]]))
    last = int(np.nonzero(known)[0][-1]) + 1
    week = prepared or Week(acute(load), _floor(acute(load)))
    driving = week.acute.copy()
    driving[: WEEK - 1] = seed
    rate, habit = 1 - math.exp(-1 / settings.tau_days), seed
    path = []
    for mean, least in zip(driving[:last].tolist(), week.floor[:last].tolist(), strict=True):
        if not math.isnan(mean):
            habit += rate * (mean - habit)
        habit = max(habit, least)
        path.append(habit)
    series[:last] = path
    return series


def _floor(week: np.ndarray) -> np.ndarray:
    """Return a fifth of the median of the last year's weeks with running, held through longer breaks.

    A record that never held enough of them goes by all it has, so that habit stops short of nothing.
    """
    running = pl.Series(np.where(week > 0, week, np.nan), nan_to_null=True)
    middle = running.rolling_median(YEAR_DAYS, min_samples=HIDDEN_DAYS).fill_null(strategy="forward")
    so_far = running.rolling_median(max(len(week), 1), min_samples=1)
    held = middle.fill_null(so_far).fill_null(strategy="forward").fill_null(0.0)
    return held.to_numpy() * FLOOR_SHARE


@dataclass(frozen=True)
class Adapted:
    """One series of loads, held against what the runner was used to; all arrays have one value for each day.

    Parameters
    ----------
    acute, habit
        Mean of the last seven days, and habit of seven days earlier, tkm a day; NaN not known.
    ratio
        Acute over habit.
    held_against
        Habit, or on the way back from a break the line where it is higher.
    held_ratio
        Acute over that.
    threshold
        The runner's own: from here a day is high.
    high
        Whether the day is high: never on a day without a ratio, when irregular or on a break.
    counts
        Whether the day is part of the year that thresholds are taken from.
    course
        States and breaks; None where no load is known.
    start
        Position of the first known day: positions of `course` count from it.
    """

    acute: np.ndarray
    habit: np.ndarray
    ratio: np.ndarray
    held_against: np.ndarray
    held_ratio: np.ndarray
    threshold: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    course: Course | None
    start: int


def adapt_load(
    load: np.ndarray,
    ran: np.ndarray,
    settings: ModelSettings,
    ladder: np.ndarray | None = None,
    prepared: Week | None = None,
) -> Adapted:
    """Compare one series of loads with what the runner was used to.

    Parameters
    ----------
    load : ndarray, shape (days,)
        tkm of each date; NaN unknown, 0 rest.
    ran : ndarray of bool, shape (days,)
        Whether any run is on record, whatever is known of its load.
    settings : ModelSettings
        Of habit, thresholds and states.
    ladder : ndarray of bool, shape (days,), or None
        Days with a run while a return ladder is in use; None is none.
    prepared : Week or None
        As from `prepare_week` of the same load; None works it out.

    Returns
    -------
    Adapted
        Habit is that of seven days earlier, so that the last seven days are not part of what they are compared
        with, and hidden in the first 42 days.

    References
    ----------
    Lolli et al. 2017 (doi:10.1136/bjsports-2017-098110): coupling the two makes them correlate by themselves.
    """
    load = np.asarray(load, dtype=np.float64)
    known = np.nonzero(np.isfinite(load))[0]
    if not len(known):
        return _nothing(len(load))
    start, end = int(known[0]), int(known[-1]) + 1
    part, steps = load[start:end], np.zeros(end - start, bool) if ladder is None else ladder[start:end]
    prepared = prepared or prepare_week(load)
    week, by_day = prepared.acute, habitual(part, settings, prepared)
    habit = np.full(len(part), np.nan)
    habit[HIDDEN_DAYS:] = by_day[HIDDEN_DAYS - WEEK : -WEEK or None]
    regular = build_regularity(part, ran[start:end], settings)
    course = build_course(part, week, by_day, habit, regular, steps, settings)
    held = np.fmax(habit, np.where(np.isfinite(habit), course.line, np.nan))
    ratio, held_ratio = _ratio(week, habit), _ratio(week, held)
    counts = (held_ratio > 0) & ~course.is_in(IRREGULAR, WAY_BACK)
    threshold = personal_threshold(np.where(counts, held_ratio, np.nan), settings)
    high = np.nan_to_num(held_ratio, nan=-1.0) >= threshold - TOLERANCE
    high &= ~course.is_in(IRREGULAR, BREAK)
    series = {
        "acute": week,
        "habit": habit,
        "ratio": ratio,
        "held_against": held,
        "held_ratio": held_ratio,
        "threshold": np.where(np.isfinite(habit), threshold, np.nan),
        "high": high,
        "counts": counts,
    }
    padded = {name: _padded(values, start, len(load)) for name, values in series.items()}
    return Adapted(**padded, course=course, start=start)


def _nothing(count: int) -> Adapted:
    empty, no = np.full(count, np.nan), np.zeros(count, dtype=bool)
    return Adapted(empty, empty, empty, empty, empty, empty, no, no, None, 0)


def _padded(values: np.ndarray, start: int, count: int) -> np.ndarray:
    padded = np.zeros(count, bool) if values.dtype == bool else np.full(count, np.nan)
    padded[start : start + len(values)] = values
    return padded


def _ratio(week: np.ndarray, habit: np.ndarray) -> np.ndarray:
    return np.divide(week, habit, out=np.full(len(week), np.nan), where=habit > 0)


def personal_threshold(ratio: np.ndarray, settings: ModelSettings) -> np.ndarray:
    """Compute the runner's own threshold for each day from the year before it.

    Parameters
    ----------
    ratio : ndarray, shape (days,)
        Load over habit on the days that count; NaN on all others.
    settings : ModelSettings
        `outpaced_ratio`, the least; `outpaced_quantile` of the days of the year that count.

    Returns
    -------
    ndarray, shape (days,)
        The least where fewer than 90 days of the year count.
    """
    rolled = pl.Series(ratio, nan_to_null=True).rolling_quantile(
        settings.outpaced_quantile, "linear", YEAR_DAYS, min_samples=NEEDED_OF_YEAR
    )
    own = rolled.shift(1).fill_null(settings.outpaced_ratio).to_numpy()
    return np.maximum(own, settings.outpaced_ratio)


def days_run(days: pl.DataFrame) -> np.ndarray:
    """Return for each day whether a run is on record; a planned day with load counts as one.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.

    Returns
    -------
    ndarray of bool, shape (days,)
    """
    ran = pl.when(pl.col("runs").is_not_null()).then(pl.col("runs") > 0).otherwise(pl.col("load_tkm") > 0)
    return days.select(ran.fill_null(False)).to_series().to_numpy()


def adapt_days(
    days: pl.DataFrame, settings: ModelSettings, ladder_days: Collection[date] = ()
) -> pl.DataFrame:
    """Fill acute, habitual, ratios, thresholds and states.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `day_table.dense_days`.
    settings : ModelSettings
        Of habit, thresholds and states.
    ladder_days : collection of date
        Local dates on which a step of a return ladder was done.

    Returns
    -------
    DataFrame
        The same days. `habitual_tkm` is what the runner was used to seven days earlier; `ratio` is acute over that;
        both are null in the first 42 days of the record and where the load is not known. `held_against_tkm` is
        habit, or on the way back the line where that is higher (`line_tkm`); `threshold`, from where a day is high,
        and `is_high`, are of that. `state`: one of `running_state.STATES`; null not known. Each lens has its own
        threshold, breaks and line; the state shown is that of lens B.
    """
    return adapt_lenses(days, settings, ladder_days)[0]


def adapt_lenses(
    days: pl.DataFrame, settings: ModelSettings, ladder_days: Collection[date] = ()
) -> tuple[pl.DataFrame, dict[str, Adapted]]:
    """Do as `adapt_days` and return each lens beside the days.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `day_table.dense_days`.
    settings : ModelSettings
        Of habit, thresholds and states.
    ladder_days : collection of date
        Local dates on which a step of a return ladder was done.

    Returns
    -------
    tuple of DataFrame and dict of str to Adapted
        The days, and "A", "B" and "C".
    """
    ran = days_run(days)
    ladder = ran & days["local_date"].is_in(list(ladder_days)).to_numpy() if ladder_days else None
    lenses = {
        lens: adapt_load(days[column].to_numpy(), ran, settings, ladder) for lens, column in LENSES.items()
    }
    own = lenses["B"]
    new: dict[str, np.ndarray] = {
        "acute_tkm": own.acute,
        "habitual_tkm": own.habit,
        "held_against_tkm": own.held_against,
        "line_tkm": np.full(days.height, np.nan)
        if own.course is None
        else _padded(own.course.line, own.start, days.height),
        "threshold": own.threshold,
        **{f"ratio{suffix}": lenses[lens].ratio for lens, suffix in SUFFIXES.items()},
    }
    filled = days.with_columns(
        *(pl.Series(name, v, nan_to_null=True) for name, v in new.items()),
        *(pl.Series(f"is_high{suffix}", lenses[lens].high) for lens, suffix in SUFFIXES.items()),
        _states(own, days.height),
    )
    return filled, lenses


def _states(own: Adapted, count: int) -> pl.Series:
    if own.course is None:
        return pl.Series("state", [None] * count, pl.String)
    names = own.course.names().to_list()
    return pl.Series(
        "state", [None] * own.start + names + [None] * (count - own.start - len(names)), pl.String
    )


def plain_mean(days: pl.DataFrame) -> np.ndarray:
    """Average the load of the last twelve weeks, which habit weighs by how long ago it was.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.

    Returns
    -------
    ndarray, shape (days,)
        tkm a day over the known days; NaN where fewer than two thirds of the 84 days are known.
    """
    load = days["load_tkm"]
    least = NEEDED_WEEKS * WEEK
    known = load.is_not_null().cast(pl.Float64).rolling_sum(NEW_DAYS, min_samples=1)
    mean = load.rolling_mean(NEW_DAYS, min_samples=least)
    return pl.select(pl.when(load.is_not_null() & (known >= least)).then(mean)).to_series().to_numpy()
