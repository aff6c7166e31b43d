"""Tests and questionnaires: what is usual at an age, how the legs compare, which change is beyond error."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import polars as pl

FEMALE, MALE = "female", "male"
HEEL_RISES = {
    MALE: (37, 33, 28, 24, 19, 15, 10),
    FEMALE: (31, 27, 25, 22, 19, 17, 14),
}
"""Repetitions from the twenties to the eighties, by decade as printed."""
YOUNGEST, DECADE = 20, 10
BETWEEN_DAYS_REPS = 6.0
TENDINS_IMPORTANT, TENDINS_SEM, TENDINS_BEYOND_ERROR = 12.0, 6.54, 18.0
"""Change that people call important on average; standard error of measurement; 1.96·√2 of it: beyond error."""
FIRST_BEYOND_ERROR_REPS = 7.0
"""Single days lie within 6 repetitions of each other: a change of 7 is the first beyond error."""
WITHIN_LIMITS = 1.96
HEEL_RISE_SOURCE = (
    "Hébert-Losier 2017, Physiotherapy 103:446, 566 people on a 10° incline; table and ±6 repetitions as "
    "secondary pages print them"
)


@dataclass(frozen=True)
class Measure:
    """One thing that is tested.

    Parameters
    ----------
    id
        One of `connectors.frames.MEASURES`.
    title
        What a reader calls it.
    low, high
        Ends of its scale; `high` None is open.
    unit
        Of its numbers.
    has_sides
        Whether each leg has its own.
    is_more_better
        True where a higher number is the better one.
    least_change
        Smallest change that is more than error, in the measure's own unit.
    source
        Where it is from, and how sure it is.
    """

    id: str
    title: str
    low: float
    high: float | None
    unit: str
    has_sides: bool
    is_more_better: bool
    least_change: float
    source: str


_PAIN = "ours: 2 on such a scale, from memory and not checked in print"
MEASURES = (
    Measure(
        "heel_rise_reps", "Single-leg heel rises", 0, None, "repetitions", True, True, BETWEEN_DAYS_REPS,
        HEEL_RISE_SOURCE,
    ),
    Measure("pain_on_loading_0_10", "Pain on loading", 0, 10, "of 10", True, False, 2.0, _PAIN),
    Measure("hop_pain_0_10", "Pain on hopping", 0, 10, "of 10", True, False, 2.0, _PAIN),
    Measure(
        "visa_a", "VISA-A total", 0, 100, "of 100", False, True, 14.0,
        "JOSPT, Oct 2021, 61 people; Robinson 2001 for the scale (PMC1724384)",
    ),
    Measure(
        "tendins_a", "TENDINS-A total", 0, 100, "of 100", False, False, TENDINS_IMPORTANT,
        "Murphy 2024, Br J Sports Med (medRxiv 2023.10.05.23296581): 12 is important to people on average; beyond the "
        "error of one measurement is 18 (SEM 6.54)",
    ),
)  # fmt: skip
BY_ID = {measure.id: measure for measure in MEASURES}

CHANGE_SCHEMA = pl.Schema(
    {
        "date": pl.Date,
        "measure": pl.String,
        "side": pl.String,
        "value": pl.Float64,
        "before_date": pl.Date,
        "before": pl.Float64,
        "change": pl.Float64,
        "is_beyond": pl.Boolean,
        "is_worse": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Symmetry:
    """How the leg with less compares with the other.

    Parameters
    ----------
    percent
        Less over more, %.
    low, high
        95 % band from the day-to-day error of both legs, %; `high` may pass 100.
    side
        The leg with less; None where both are alike.
    """

    percent: float
    low: float
    high: float
    side: str | None


def usual_heel_rises(age: int | None, sex: str | None) -> int | None:
    """Give the single-leg heel rises that are usual at an age.

    Parameters
    ----------
    age : int or None
        Years.
    sex : str or None
        "female" or "male".

    Returns
    -------
    int or None
        Repetitions, of the decade as printed; None under 20, where nobody was measured, and where age or sex is not
        known. Single days lie within 6 of a person's own usual.

    Source
    ------
    Hébert-Losier 2017 (n = 566), from secondary tables that agree within 1. Evidence: measured.
    """
    if age is None or age < YOUNGEST or sex not in HEEL_RISES:
        return None
    decades = HEEL_RISES[sex]
    return decades[min((age - YOUNGEST) // DECADE, len(decades) - 1)]


def symmetry(left: float | None, right: float | None) -> Symmetry | None:
    """Compare the heel rises of both legs.

    Parameters
    ----------
    left, right : float or None
        Repetitions of one day.

    Returns
    -------
    Symmetry or None
        None where a leg is not known or had none, for which no share has a meaning.

    Source
    ------
    ours: the day-to-day limits of 6 repetitions (Hébert-Losier 2017) are taken as 95 % limits of the difference of
    two days, and carried to first order into the share, the legs as independent. Evidence: extrapolated.
    """
    if not left or not right or left < 0 or right < 0:
        return None
    less, more = sorted((left, right))
    share = less / more
    one_day = BETWEEN_DAYS_REPS / WITHIN_LIMITS / sqrt(2)
    half = WITHIN_LIMITS * share * one_day * sqrt(1 / less**2 + 1 / more**2)
    side = None if left == right else "left" if left < right else "right"
    return Symmetry(100 * share, 100 * max(share - half, 0.0), 100 * (share + half), side)


def is_beyond(measure: str, change: float | None) -> bool | None:
    """Tell whether a change is at least the smallest that counts.

    Parameters
    ----------
    measure : str
        One of `connectors.frames.MEASURES`.
    change : float or None
        Later less earlier, in the measure's own unit.

    Returns
    -------
    bool or None
        None where the change is not known.

    Source
    ------
    VISA-A 14 (12 weeks), TENDINS-A 12 (important on average; 18 is beyond error), heel rises from 7: see
    `MEASURES`. Evidence: measured.
    """
    if change is None:
        return None
    least = BY_ID[measure].least_change
    # The limits of heel rises hold what is still day-to-day; a smallest change is itself the first that counts.
    return abs(change) > least if measure == "heel_rise_reps" else abs(change) >= least


def is_beyond_error(measure: str, change: float | None) -> bool | None:
    """Return whether a change is larger than measurement error alone would give.

    Parameters
    ----------
    measure : str
        One of `connectors.frames.MEASURES`.
    change : float or None
        Later less earlier, in the measure's own unit.

    Returns
    -------
    bool or None
        None where the change, or the error of the measure, is not known: TENDINS-A from 18, heel rises from 7.
    """
    limits = {"tendins_a": TENDINS_BEYOND_ERROR, "heel_rise_reps": FIRST_BEYOND_ERROR_REPS}
    if change is None or measure not in limits:
        return None
    return abs(change) >= limits[measure]


def changes(results: pl.DataFrame) -> pl.DataFrame:
    """Put each result beside the one before it of the same measure and side.

    Parameters
    ----------
    results : DataFrame
        TEST_RESULT; of several on one date the last by id counts.

    Returns
    -------
    DataFrame
        CHANGE_SCHEMA, oldest first. `change`: value less the one before; null for a first one. `is_beyond`: at least
        the smallest change that counts. `is_worse`: beyond it, and in the direction of more trouble.

    Source
    ------
    ours, with the least changes of `MEASURES`: a VISA-A total 14 lower or a TENDINS-A total 12 higher is marked.
    """
    group = ("measure", "side")
    ordered = (
        results.sort("date", "source", "source_id")
        .unique(["date", *group], keep="last", maintain_order=True)
        .with_columns(
            before_date=pl.col("date").shift().over(group),
            before=pl.col("value").shift().over(group),
        )
        .with_columns(change=pl.col("value") - pl.col("before"))
        .sort("date", "measure", "side")
    )
    told = [is_beyond(m, c) for m, c in ordered.select("measure", "change").iter_rows()]
    better = [BY_ID[measure].is_more_better for measure in ordered["measure"]]
    falls = (pl.col("change") < 0) == pl.Series("better", better, dtype=pl.Boolean)
    return ordered.with_columns(is_beyond=pl.Series(told, dtype=pl.Boolean)).select(
        *(name for name in CHANGE_SCHEMA if name != "is_worse"), is_worse=pl.col("is_beyond") & falls
    )
