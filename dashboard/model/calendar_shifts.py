"""Flares moved along the runner's own calendar: how often something stood before them, and would have by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard.model.day_table import day_numbers

NEEDED_KNOWN = 0.8
LEAST_SHIFT = 28
CONTROLS = (28, 84)
WASHOUT = 14
TOLERANCE = 1e-9


@dataclass(frozen=True)
class ShiftTest:
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
    base_rate
        Share of all days asked that are exposed; None without a day.
    """

    flares: int
    exposed: int
    expected: float | None
    p: float | None
    base_rate: float | None = None


@dataclass(frozen=True)
class ShiftSpan:
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


def exposed_days(high: np.ndarray, known: np.ndarray, lag_days: int, after: bool = False) -> np.ndarray:
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

    Notes
    -----
    7 days are looked back first: with a link of 0 to 3 days they find it far more often than 14.
    """
    if after:
        return exposed_days(high[::-1], known[::-1], lag_days)[::-1]
    hits = np.concatenate([[0], np.cumsum(high & known)])
    seen = np.concatenate([[0], np.cumsum(known)])
    day = np.arange(len(high))
    start = np.maximum(day - lag_days, 0)
    is_known = seen[day] - seen[start] >= NEEDED_KNOWN * lag_days
    return np.where(is_known, (hits[day] - hits[start] > 0).astype(float), np.nan)


def shift_test(exposed: np.ndarray, onsets: np.ndarray, first: int, last: int) -> ShiftTest:
    """Compare flares with themselves on other dates.

    All flare dates are moved together, around the end to the beginning, by every number of days from 28 on: their
    spacing and the course of the load stay as they were. Every shift is taken, so that no draw of random numbers is
    part of the answer.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposed_days`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first, last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    ShiftTest
        `base_rate` is the mean exposure of the days of the span.
    """
    known = exposed[first : last + 1]
    known = known[np.isfinite(known)]
    base = float(known.mean()) if len(known) else None
    observed, counts, flares = shift_counts(exposed, onsets, first, last)
    if not flares or not len(counts):
        return ShiftTest(flares, observed, None, None, base)
    p = (1 + int((counts >= observed).sum())) / (1 + len(counts))
    return ShiftTest(flares, observed, float(counts.mean()), p, base)


def shift_counts(
    exposed: np.ndarray, onsets: np.ndarray, first: int, last: int
) -> tuple[int, np.ndarray, int]:
    """Count exposed flares on their own dates and under every shift of `shift_test`.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposed_days`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first, last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    tuple of int, ndarray of int, shape (shifts,), and int
        Exposed flares as observed, under every shift, and flares whose days before are known. No shift where the
        span is too short for one.
    """
    days = np.arange(first, last + 1)
    days = days[np.isfinite(exposed[first : last + 1])]
    return _counts(exposed[days].astype(int), days, onsets)


def _counts(values: np.ndarray, days: np.ndarray, onsets: np.ndarray) -> tuple[int, np.ndarray, int]:
    """Exposed flares as observed and under every shift, and how many flares there are."""
    at = np.nonzero(np.isin(days, onsets))[0]
    shifts = np.arange(LEAST_SHIFT, len(days) - LEAST_SHIFT + 1)
    if not len(at) or not len(shifts):
        return int(values[at].sum()), np.zeros(0), len(at)
    return int(values[at].sum()), values[(at[None, :] + shifts[:, None]) % len(days)].sum(axis=1), len(at)


def channel_test(
    exposed: Mapping[str, np.ndarray], onsets: np.ndarray, first: int, last: int
) -> dict[str, ShiftTest]:
    """Ask the same of several channels at once, without letting many questions make a link by chance.

    Parameters
    ----------
    exposed : mapping of str to ndarray, shape (days,)
        Channel to exposure, as from `exposed_days`.
    onsets : ndarray of int
        Positions of the flares' onsets.
    first : int
        Positions between which a flare could have been seen, inclusive.
    last : int
        Positions between which a flare could have been seen, inclusive.

    Returns
    -------
    dict of str to Shifted
        Each channel is measured as (exposed − its mean over the shifts) / its standard deviation over the shifts; p is
        the share of shifts whose largest such number over all channels is at least the channel's own, so it is
        already that of the whole family. A channel that never varies over the shifts, or that is known on fewer than
        four fifths of the days, is left out.
    """
    span_days = np.arange(first, last + 1)
    known = {name: np.isfinite(values[first : last + 1]) for name, values in exposed.items()}
    asked = [name for name, is_known in known.items() if len(is_known) and is_known.mean() >= NEEDED_KNOWN]
    if not asked:
        return {}
    days = span_days[np.logical_and.reduce([known[name] for name in asked])]
    counted = {name: _counts(exposed[name][days].astype(int), days, onsets) for name in asked}
    varying = {name: one for name, one in counted.items() if len(one[1]) and one[1].std() > 0}
    if not varying:
        return {}
    shifted = np.array([(counts - counts.mean()) / counts.std() for _, counts, _ in varying.values()])
    largest = shifted.max(axis=0)
    answers = {}
    for name, (observed, counts, flares) in varying.items():
        size = (observed - counts.mean()) / counts.std()
        p = (1 + int((largest >= size - TOLERANCE).sum())) / (1 + len(largest))
        base = float(exposed[name][days].mean())
        answers[name] = ShiftTest(flares, observed, float(counts.mean()), p, base)
    return answers


def shift_span(days: pl.DataFrame, exposed: np.ndarray) -> ShiftSpan:
    """Find the days in which a flare could have been seen and the load before it is known.

    Before the first entry no flare could be found, however many there were.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    exposed : ndarray, shape (days,)
        As from `exposed_days`.

    Returns
    -------
    ShiftSpan
        Nothing logged gives a span without days.
    """
    logged_days = days.select(
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
    )
    logged = logged_days.to_series().to_numpy()
    at = np.nonzero(logged)[0]
    if not len(at):
        return ShiftSpan(0, -1, 0, 0.0)
    first, last = int(at[0]), int(at[-1])
    known = int(np.isfinite(exposed[first : last + 1]).sum())
    return ShiftSpan(first, last, known, float(logged[first : last + 1].mean()))


def control_share(
    exposed: np.ndarray, flares: pl.DataFrame, first_day: int, lag_days: int
) -> tuple[int, int]:
    """Count how often it stood in the same runner's own weeks around each flare.

    Case windows against control windows of the same person, as in a case-crossover study.

    Parameters
    ----------
    exposed : ndarray, shape (days,)
        As from `exposed_days`.
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
