"""What the runner was used to, and how far the last seven days lie from it."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from dashboard.model.settings import ModelSettings

WEEK = 7
SEED_DAYS = 28
HIDDEN_DAYS = 42
YEAR = 365
FLOOR = 0.2
"""Habit is never below this share of the median week of the runner's last year: a long break does not make
every run countless times the habit. Design choice."""
NEEDED_OF_WEEK = 5
"""Days of seven that must be known for their mean to stand for the week. Design choice."""
LENSES = {"": "load_tkm", "_a": "load_a_tkm", "_c": "load_c_tkm"}


def acute(load: np.ndarray) -> np.ndarray:
    """Average the last seven days.

    Parameters
    ----------
    load : ndarray, shape (days,)
        Load of each date; NaN unknown, 0 rest.

    Returns
    -------
    ndarray, shape (days,)
        Mean of the known days among the last seven, where at least five are known and seven have passed;
        else NaN.

    Source
    ------
    ours: a rolling mean, because an exponential one swings by a third within a steady week.
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


def habitual(load: np.ndarray, settings: ModelSettings) -> np.ndarray:
    """Follow the load slowly: what the runner is used to by the end of each day.

    Parameters
    ----------
    load : ndarray, shape (days,)
        Load of each date from the first known one; NaN unknown, 0 rest.
    settings : ModelSettings
        `tau_days`, `clip`.

    Returns
    -------
    ndarray, shape (days,)
        Load of a day, NaN after the last known day. Where the acute mean is unknown, habit stays as it was:
        nothing is learned from a day nobody recorded.

    Source
    ------
    ours, all design choices: first-order response with the time constant tau, seeded with the mean of the
    first 28 days; one week counts at most `clip` times the habit, so that a peak does not buy habit at once;
    never below a fifth of the median week of the last year.
    """
    series = np.full(len(load), np.nan)
    known = np.isfinite(load)
    if not known[:SEED_DAYS].any():
        return series
    seed = float(np.mean(load[:SEED_DAYS][known[:SEED_DAYS]]))
    last = int(np.nonzero(known)[0][-1]) + 1
    week = acute(load)
    driving = week.copy()
    driving[: WEEK - 1] = seed
    rate, clip, habit = 1 - math.exp(-1 / settings.tau_days), settings.clip, seed
    path = []
    for mean, least in zip(driving[:last].tolist(), _floor(week)[:last].tolist(), strict=True):
        if not math.isnan(mean):
            habit += rate * (min(mean, clip * habit) - habit)
        habit = max(habit, least)
        path.append(habit)
    series[:last] = path
    return series


def _floor(week: np.ndarray) -> np.ndarray:
    """Give a fifth of the median of the last year's weeks with running, held through longer breaks.

    A record that never held enough of them goes by all it has, so that habit stops short of nothing.
    """
    running = pl.Series(np.where(week > 0, week, np.nan), nan_to_null=True)
    middle = running.rolling_median(YEAR, min_samples=HIDDEN_DAYS).fill_null(strategy="forward")
    so_far = running.rolling_median(max(len(week), 1), min_samples=1)
    held = middle.fill_null(so_far).fill_null(strategy="forward").fill_null(0.0)
    return held.to_numpy() * FLOOR


def adapt_days(days: pl.DataFrame, settings: ModelSettings) -> pl.DataFrame:
    """Fill acute, habitual and the ratios of the three lenses.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA from `days.dense_days`.
    settings : ModelSettings
        `tau_days`, `clip`.

    Returns
    -------
    DataFrame
        The same days. `habitual_tkm` is what the runner was used to seven days earlier, so that the last
        seven days are not part of what they are compared with; `ratio` is acute over that. Both are null in
        the first 42 days of the record and where the load is not known.

    Source
    ------
    ours; coupling the two makes them correlate by themselves (Lolli, bjsm 53/15/921).
    """
    filled = days
    for suffix, column in LENSES.items():
        week, habit = _lens(days[column].to_numpy(), settings)
        ratio = np.divide(week, habit, out=np.full(len(week), np.nan), where=habit > 0)
        new = {f"ratio{suffix}": ratio}
        if not suffix:
            new |= {"acute_tkm": week, "habitual_tkm": habit}
        filled = filled.with_columns(pl.Series(name, v, nan_to_null=True) for name, v in new.items())
    return filled


def _lens(load: np.ndarray, settings: ModelSettings) -> tuple[np.ndarray, np.ndarray]:
    """Acute, and habitual of a week ago with the first six weeks hidden, aligned to all days."""
    load = np.asarray(load, dtype=np.float64)
    week, habit = np.full(len(load), np.nan), np.full(len(load), np.nan)
    known = np.nonzero(np.isfinite(load))[0]
    if not len(known):
        return week, habit
    start, end = int(known[0]), int(known[-1]) + 1
    week[start:end] = acute(load[start:end])
    shown = slice(start + HIDDEN_DAYS, end)
    habit[shown] = habitual(load[start:end], settings)[HIDDEN_DAYS - WEEK : -WEEK or None]
    return week, habit
