"""Whether load came before flares in many athletes at once, each compared with their own other days only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard.model.calendar_shifts import shift_counts, shift_span
from dashboard.model.day_table import day_numbers
from dashboard.model.linkage import NEEDED_DAYS, NEEDED_LOGGED


@dataclass(frozen=True)
class ShiftStratum:
    """Flares of one athlete on their own calendar.

    Parameters
    ----------
    flares
        Flares whose days before are known.
    exposed
        Of these, with an outpaced day in the days before.
    counts : ndarray of int, shape (shifts,)
        As many under every shift of the flare dates, the true dates included.
    days, exposed_days
        Days of the span in which a flare could have been seen, and how many of them are exposed.
    """

    flares: int
    exposed: int
    counts: np.ndarray
    days: int
    exposed_days: int


@dataclass(frozen=True)
class PooledLinkage:
    """The question put to all athletes together.

    Parameters
    ----------
    athletes
        Athletes with enough days and entries and at least one flare: the strata.
    flares, exposed
        Sums over the strata.
    expected
        Sum of what each stratum gives by chance: the mean over its shifts.
    ratio
        `exposed` over `expected`; None where nothing is expected.
    p
        Chance that independent shifts of all strata give at least as many exposed flares; None without a stratum.
    base_rate
        Share of all days of the strata that are exposed; None without a day.
    """

    athletes: int
    flares: int
    exposed: int
    expected: float | None
    ratio: float | None
    p: float | None
    base_rate: float | None


def stratum(days: pl.DataFrame, flares: pl.DataFrame) -> ShiftStratum | None:
    """Put the question to one athlete's calendar.

    Parameters
    ----------
    days : DataFrame
        `local_date`, every date in order; `outpaced_before`, null not known; `pain_0_10`, `stiffness_min` and
        `stiffness_0_10`, null not logged.
    flares : DataFrame
        `onset`.

    Returns
    -------
    ShiftStratum or None
        None with fewer than 180 days of load and diary, with an entry on less than half of them, or without a flare:
        the gates of `linkage.unmet_needs` but for the number of flares, which is that of all athletes together.
    """
    if days.is_empty() or flares.is_empty():
        return None
    exposed = days["outpaced_before"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    seen = shift_span(days, exposed)
    if seen.days < NEEDED_DAYS or seen.logged < NEEDED_LOGGED:
        return None
    onsets = day_numbers(flares["onset"]) - int(day_numbers(days["local_date"].head(1))[0])
    observed, counts, asked = shift_counts(exposed, onsets, seen.first, seen.last)
    if not asked or not len(counts):
        return None
    known = exposed[seen.first : seen.last + 1]
    known = known[np.isfinite(known)]
    return ShiftStratum(asked, observed, np.append(counts, observed), len(known), int(known.sum()))


def pool_strata(strata: Iterable[ShiftStratum]) -> PooledLinkage:
    """Put the question to all athletes together, each a stratum of its own.

    Parameters
    ----------
    strata : iterable of ShiftStratum
        One for each athlete.

    Returns
    -------
    PooledLinkage
        Under the null each athlete's flare dates are moved by an independent shift, all equally likely, so the number
        of exposed flares of all is the sum of independent numbers whose distributions are known: it is convolved,
        not drawn. No athlete is compared with another one.
    """
    strata = list(strata)
    distribution = np.ones(1)
    for one in strata:
        weights = np.bincount(one.counts.astype(int), minlength=one.flares + 1)
        distribution = np.convolve(distribution, weights / weights.sum())
    exposed = sum(one.exposed for one in strata)
    expected = float(sum(one.counts.mean() for one in strata)) if strata else None
    days = sum(one.days for one in strata)
    return PooledLinkage(
        athletes=len(strata),
        flares=sum(one.flares for one in strata),
        exposed=exposed,
        expected=expected,
        ratio=exposed / expected if expected else None,
        p=min(1.0, float(distribution[exposed:].sum())) if strata else None,
        base_rate=sum(one.exposed_days for one in strata) / days if days else None,
    )
