"""The pain-monitoring rule, read against the log: what it says, and where the log says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

LOOK_BACK_DAYS = 7
SETTLED = 2.0
"""Morning pain, 0-10, that counts as settled where the morning before the run was not logged. Design choice."""
WEEK_RISE = 0.5
"""Rise of the mean morning from week to week that counts, 0-10. Design choice."""
NEEDED_MORNINGS = 3
DURING = ("pain_start_0_10", "pain_during_0_10", "pain_after_0_10")
MORNING = ("morning_pain_0_10", "morning_stiffness_0_10")

PainPart = Literal["run", "morning", "week"]


@dataclass(frozen=True)
class PainCrossing:
    """One place where the log lies beyond the pain rule.

    Parameters
    ----------
    date
        Local date.
    part
        "run" during or after a run, "morning" not settled by the next morning, "week" a rise on the week before.
    amount, limit
        0-10.
    """

    date: date
    part: PainPart
    amount: float
    limit: float


@dataclass(frozen=True)
class PainState:
    """What the log says of the pain rule in some days.

    Parameters
    ----------
    crossed
        By date.
    logged
        Dates with something said of pain during or after a run, or of a morning.
    """

    crossed: tuple[PainCrossing, ...]
    logged: tuple[date, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything was logged: nothing logged is not the same as no pain."""
        return bool(self.logged)


def pain_rule(symptoms: pl.DataFrame, until: date, limit: float, days: int = LOOK_BACK_DAYS) -> PainState:
    """Check the last days of the log against the pain rule.

    Silbernagel 2007 (read.qxmd.com/read/17307888), n = 38: running went on under such rules and was no worse. Up to
    5 during and after, settled by the next morning, no rise from week to week; how "settled" and "rise" are read in
    numbers is a design choice of ours.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    until : date
        Last date looked at.
    limit : float
        Most pain during and after a run, 0-10.
    days : int
        How many days are looked at.

    Returns
    -------
    PainState
        Crossings by date. A morning or a week that was not logged is not judged.
    """
    felt = _by_day(symptoms)
    first = until - timedelta(days=days - 1)
    crossed: list[PainCrossing] = []
    for day, (during, _) in felt.items():
        if not first <= day <= until or during is None:
            continue
        if during > limit:
            crossed.append(PainCrossing(day, "run", during, limit))
        unsettled = _unsettled(felt, day)
        if unsettled is not None and unsettled.date <= until:
            crossed.append(unsettled)
    rise = _week_rise(felt, until)
    logged = tuple(day for day in felt if first <= day <= until)
    return PainState(tuple(sorted([*crossed, *([rise] if rise else [])], key=lambda one: one.date)), logged)


def morning_after(symptoms: pl.DataFrame, day: date) -> float | None:
    """Return what was felt on the morning after a date.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    day : date
        Local date of the run.

    Returns
    -------
    float or None
        Largest of pain and stiffness, 0-10; None not logged.
    """
    return _by_day(symptoms).get(day + timedelta(days=1), (None, None))[1]


def pain_of_run(symptoms: pl.DataFrame, day: date) -> float | None:
    """Return the most pain logged during and after running on a date.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    day : date
        Local date.

    Returns
    -------
    float or None
        0-10; None not logged.
    """
    return _by_day(symptoms).get(day, (None, None))[0]


def settled_mornings(symptoms: pl.DataFrame, run_days: Iterable[date]) -> dict[date, bool]:
    """Return which run days had settled by the next morning, by the same reading as `pain_rule`.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM.
    run_days : iterable of date
        Local dates with a run.

    Returns
    -------
    dict of date to bool
        True: the next morning was no higher than that of the run day, or at most 2 of 10. A run day whose next
        morning was not logged is left out: unknown is not settled.
    """
    felt = _by_day(symptoms)
    known = (day for day in run_days if felt.get(day + timedelta(days=1), (None, None))[1] is not None)
    return {day: _unsettled(felt, day) is None for day in known}


def _by_day(symptoms: pl.DataFrame) -> dict[date, tuple[float | None, float | None]]:
    """Largest of both sides: during and after running, and in the morning; days that say neither are left out."""
    largest = symptoms.group_by("date").agg(
        during=pl.max_horizontal(*(pl.col(name).max() for name in DURING)),
        morning=pl.max_horizontal(*(pl.col(name).max() for name in MORNING)),
    )
    answered = largest.filter(pl.any_horizontal(pl.col("during", "morning").is_not_null())).sort("date")
    return {day: (during, morning) for day, during, morning in answered.rows()}


def _unsettled(felt: dict[date, tuple[float | None, float | None]], day: date) -> PainCrossing | None:
    after = felt.get(day + timedelta(days=1), (None, None))[1]
    before = felt.get(day, (None, None))[1]
    limit = SETTLED if before is None else max(before, SETTLED)
    if after is None or after <= limit:
        return None
    return PainCrossing(day + timedelta(days=1), "morning", after, limit)


def _week_rise(felt: dict[date, tuple[float | None, float | None]], until: date) -> PainCrossing | None:
    means = []
    for back in (0, 7):
        span = [until - timedelta(days=back + n) for n in range(7)]
        known = [m for day in span if (m := felt.get(day, (None, None))[1]) is not None]
        if len(known) < NEEDED_MORNINGS:
            return None
        means.append(sum(known) / len(known))
    return PainCrossing(until, "week", means[0], means[1]) if means[0] - means[1] > WEEK_RISE else None
