"""Flares against the same runner's other days: shifted dates, and weeks around each flare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard.model.daily import day_numbers

NEEDED_KNOWN = 0.8
LEAST_SHIFT = 28
CONTROLS = (28, 84)
WASHOUT = 14


@dataclass(frozen=True)
class Shifted:
    """One question put to the calendar: how often it stood before a flare, and before any other day.

    Parameters
    ----------
    flares
        Flares whose days can be looked at.
    exposed
        Of these, with it in the days looked at.
    expected
        How many there would be by chance: the mean over all shifts of the flare dates.
    p
        Share of shifts with at least as many, the observed one counted in; None without a shift.
    """

    flares: int
    exposed: int
    expected: float | None
    p: float | None


@dataclass(frozen=True)
class Span:
    """The stretch of days in which both load and diary are known.

    Parameters
    ----------
    first, last
        Positions of the first and last day with an entry.
    days
        Days between them whose load before is known.
    logged
        Share of the days between them with an entry.
    """

    first: int
    last: int
    days: int
    logged: float


def exposure(high: np.ndarray, known: np.ndarray, lag_days: int, after: bool = False) -> np.ndarray:
    """Ask of each day whether one of the days before it was high.

    Parameters
    ----------
    high, known : ndarray of bool, shape (days,)
        Whether a day was high, and whether that is known.
    lag_days : int
        How many days before; the day itself is not one of them.
    after : bool
        True asks the days after it instead.

    Returns
    -------
    ndarray, shape (days,)
        1 or 0; NaN where fewer than four fifths of those days are known.

    Source
    ------
    ours: 14 days before, 7, 21 and 28 beside it.
    """
    if after:
        return exposure(high[::-1], known[::-1], lag_days)[::-1]
    hits = np.concatenate([[0], np.cumsum(high & known)])
    seen = np.concatenate([[0], np.cumsum(known)])
    day = np.arange(len(high))
    start = np.maximum(day - lag_days, 0)
    told = seen[day] - seen[start] >= NEEDED_KNOWN * lag_days
    return np.where(told, (hits[day] - hits[start] > 0).astype(float), np.nan)


def shift_test(exposed: np.ndarray, onsets: np.ndarray, first: int, last: int) -> Shifted:
    """Compare flares with themselves on other dates.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposure`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first, last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    Shifted
        All flare dates are moved together, around the end to the beginning, by every number of days from 28 on:
        their spacing and the course of the load stay as they were.

    Source
    ------
    ours: a circular shift keeps what a free shuffle would break. Every shift is taken, so that no draw of random
    numbers is part of the answer.
    """
    days = np.arange(first, last + 1)
    days = days[np.isfinite(exposed[first : last + 1])]
    values = exposed[days].astype(int)
    at = np.nonzero(np.isin(days, onsets))[0]
    observed = int(values[at].sum())
    shifts = np.arange(LEAST_SHIFT, len(days) - LEAST_SHIFT + 1)
    if not len(at) or not len(shifts):
        return Shifted(len(at), observed, None, None)
    counts = values[(at[None, :] + shifts[:, None]) % len(days)].sum(axis=1)
    p = (1 + int((counts >= observed).sum())) / (1 + len(shifts))
    return Shifted(len(at), observed, float(counts.mean()), p)


def span(days: pl.DataFrame, exposed: np.ndarray) -> Span:
    """Find the days in which a flare could have been seen and the load before it is known.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    exposed : ndarray, shape (days,)
        As from `exposure`.

    Returns
    -------
    Span
        Nothing logged gives a span without days.

    Source
    ------
    ours: before the first entry no flare could be found, however many there were.
    """
    told = days.select(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    logged = told.to_series().to_numpy()
    at = np.nonzero(logged)[0]
    if not len(at):
        return Span(0, -1, 0, 0.0)
    first, last = int(at[0]), int(at[-1])
    known = int(np.isfinite(exposed[first : last + 1]).sum())
    return Span(first, last, known, float(logged[first : last + 1].mean()))


def control_share(
    exposed: np.ndarray, flares: pl.DataFrame, first_day: int, lag_days: int
) -> tuple[int, int]:
    """Count how often it stood in the same runner's own weeks around each flare.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposure`.
    flares : DataFrame
        `onset`, `last_high`.
    first_day : int
        Day number of the first date.
    lag_days : int
        Length of a block.

    Returns
    -------
    tuple of int and int
        Blocks with it, and blocks in all: whole blocks from 28 to 84 days before and after each onset that do
        not touch a flare or the 14 days after one.

    Source
    ------
    ours: case windows against control windows of the same person, as in a case-crossover study.
    """
    onsets, lasts = (day_numbers(flares[name]) - first_day for name in ("onset", "last_high"))
    blocked = np.zeros(len(exposed), dtype=bool)
    for onset, last in zip(onsets.tolist(), lasts.tolist(), strict=True):
        blocked[max(onset, 0) : max(last + WASHOUT + 1, 0)] = True
    near, far = CONTROLS
    offsets = [side * off for off in range(near, far + 1, lag_days) for side in (-1, 1)]
    ends = np.unique(np.array([onset + off for onset in onsets.tolist() for off in offsets], dtype=int))
    usable = [
        end
        for end in ends.tolist()
        if 0 < end < len(exposed)
        and np.isfinite(exposed[end])
        and not blocked[max(end - lag_days, 0) : end].any()
    ]
    return int(exposed[usable].sum()) if usable else 0, len(usable)
