"""Results of tests over time: by measure, by leg, beside the ones before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.model.clinical import MEASURES, Measure, Symmetry, changes, symmetry, usual_heel_rises
from dashboard.preferences import age_on


@dataclass(frozen=True)
class Course:
    """The results of one measure over time.

    Parameters
    ----------
    measure
        What was tested.
    found
        CHANGE_SCHEMA.
    symmetry
        Date and comparison of the legs, newest first; heel rises only.
    """

    measure: Measure
    found: pl.DataFrame
    symmetry: tuple[tuple[date, Symmetry], ...] = ()


def courses(found: pl.DataFrame) -> list[Course]:
    """Part the results by measure, each beside the one before it.

    Parameters
    ----------
    found : DataFrame
        TEST_RESULT.

    Returns
    -------
    list of Course
        Measures with a result, in the order of `clinical.MEASURES`.

    Source
    ------
    ours.
    """
    changed = changes(found)
    parted = ((measure, changed.filter(pl.col("measure") == measure.id)) for measure in MEASURES)
    return [
        Course(measure, mine, _symmetries(mine) if measure.id == "heel_rise_reps" else ())
        for measure, mine in parted
        if mine.height
    ]


def _symmetries(found: pl.DataFrame) -> tuple[tuple[date, Symmetry], ...]:
    by_day: dict[date, dict[str | None, float]] = {}
    for day, side, value in found.select("date", "side", "value").iter_rows():
        by_day.setdefault(day, {})[side] = value
    compared = (
        (day, symmetry(legs.get("left"), legs.get("right")))
        for day, legs in sorted(by_day.items(), reverse=True)
    )
    return tuple((day, one) for day, one in compared if one)


def last_before(found: pl.DataFrame, day: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Give the last result before a date, to be shown in grey beside an empty field.

    Parameters
    ----------
    found : DataFrame
        TEST_RESULT.
    day : date
        Local date.

    Returns
    -------
    dict of (measure, side) to dict
        Rows of TEST_RESULT.

    Source
    ------
    ours: a value shown beside the field anchors less than one inside it.
    """
    earlier = found.filter(pl.col("date") < day).sort("date", "source_id")
    return {(row["measure"], row["side"]): row for row in earlier.iter_rows(named=True)}


def on_day(found: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    """Give the results of one date.

    Parameters
    ----------
    found : DataFrame
        TEST_RESULT.
    day : date
        Local date.

    Returns
    -------
    list of dict
        Rows of TEST_RESULT.

    Source
    ------
    ours.
    """
    return found.filter(pl.col("date") == day).to_dicts()


def usual(settings: Mapping[str, str], day: date) -> int | None:
    """Give the heel rises usual at the runner's age.

    Parameters
    ----------
    settings : mapping of str to str
        `birth_year` and `sex`, where the runner set them.
    day : date
        Local date.

    Returns
    -------
    int or None
        Repetitions; None where either is not said or nobody that young was measured.

    Source
    ------
    `clinical.usual_heel_rises`.
    """
    return usual_heel_rises(age_on(day, settings), settings.get("sex"))
