"""Results of tests and questionnaires kept by hand: keep, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import sqrt
from typing import Any

import polars as pl

from connectors.frames import TEST_RESULT
from connectors.manual_rows import result_rows
from connectors.store import Store
from dashboard.shared.preferences import age_on
from dashboard.shared.undo import Change, replace_rows


def test_results(store: Store, athlete_id: int) -> pl.DataFrame:
    """Return every result on record."""
    return store.read(TEST_RESULT, athlete_id).sort("date", "measure", "side", "source_id")


def save_results(
    store: Store, athlete_id: int, day: date, values: Mapping[tuple[str, str | None], float], decided_by: str
) -> Change:
    """Store the results of one day.

    A second try on one day takes the place of the first.
    """
    results = [
        {"date": day, "measure": measure, "side": side, "value": float(value), "decided_by": decided_by}
        for (measure, side), value in values.items()
    ]
    return replace_rows(
        store, TEST_RESULT, athlete_id, result_rows(results, athlete_id, datetime.now(UTC)).to_dicts()
    )


def remove_results(store: Store, athlete_id: int, rows: Sequence[Mapping[str, Any]]) -> Change:
    """Delete results."""
    return replace_rows(store, TEST_RESULT, athlete_id, (), rows)


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
class ClinicalMeasure:
    """One thing that is tested."""

    id: str
    title: str
    low: float
    high: float | None
    unit: str
    has_sides: bool
    is_more_better: bool | None
    least_change: float | None
    source: str
    is_exam: bool = False
    step: float = 1.0

    @property
    def is_sign(self) -> bool:
        """Whether it is there or not, with nothing between."""
        return self.id == "arc_sign"


_PAIN = "Farrar 2001, Pain 94:149, on other chronic pain: about 2 of 10 is what people call much improved"
KNEE_TO_WALL_CM = 1.9
"""Smallest change beyond error of one examiner (Powden 2015, Man Ther 20:524, doi:10.1016/j.math.2015.01.004)."""
_NO_ERROR = "no error of a repeat is on record here, so a change is told and not judged"
CLINICAL_MEASURES = (
    ClinicalMeasure(
        "heel_rise_reps", "Single-leg heel rises", 0, None, "repetitions", True, True, BETWEEN_DAYS_REPS,
        HEEL_RISE_SOURCE,
    ),
    ClinicalMeasure("pain_on_loading_0_10", "Pain on loading", 0, 10, "of 10", True, False, 2.0, _PAIN),
    ClinicalMeasure("hop_pain_0_10", "Pain on hopping", 0, 10, "of 10", True, False, 2.0, _PAIN),
    ClinicalMeasure(
        "visa_a", "VISA-A total", 0, 100, "of 100", False, True, 14.0,
        "JOSPT, Oct 2021, 61 people; Robinson 2001 for the scale (PMC1724384)",
    ),
    ClinicalMeasure(
        "tendins_a", "TENDINS-A total", 0, 100, "of 100", False, False, TENDINS_IMPORTANT,
        "Murphy 2024, Br J Sports Med (medRxiv 2023.10.05.23296581): 12 is important to people on average; beyond the "
        "error of one measurement is 18 (SEM 6.54)",
    ),
    ClinicalMeasure("hop_count", "Single-leg hops", 0, None, "hops", True, True, None, _NO_ERROR),
    ClinicalMeasure(
        "palpation_pain_0_10", "Pain on palpation", 0, 10, "of 10", True, False, 2.0, _PAIN, is_exam=True
    ),
    ClinicalMeasure(
        "arc_sign", "Arc sign", 0, 1, "", True, None, None,
        "Reiman 2014, as physiotutors.com passes it on: sensitivity 42 %, specificity 88 %", is_exam=True,
    ),
    ClinicalMeasure(
        "knee_to_wall_cm", "Knee to wall", 0, 30, "cm", True, None, KNEE_TO_WALL_CM,
        "Powden 2015, Man Ther 20:524: 1.9 cm is beyond the error of one examiner, 1.6 cm of two", is_exam=True,
        step=0.5,
    ),
    ClinicalMeasure(
        "heel_rise_height_cm", "Heel-rise height", 0, 30, "cm", True, True, None, _NO_ERROR, is_exam=True, step=0.5
    ),
)  # fmt: skip
OPEN_LIMITS = ("heel_rise_reps", "knee_to_wall_cm")
"""Measures whose least change is what still lies within error; of the others it is the first that counts."""
BY_ID = {measure.id: measure for measure in CLINICAL_MEASURES}

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
class LimbSymmetry:
    """How the leg with less compares with the other."""

    percent: float
    low: float
    high: float
    side: str | None


def usual_heel_rises(age: int | None, sex: str | None) -> int | None:
    """Return the single-leg heel rises that are usual at an age.

    Hébert-Losier 2017 (n = 566), from secondary tables that agree within 1. Evidence: measured.
    """
    if age is None or age < YOUNGEST or sex not in HEEL_RISES:
        return None
    decades = HEEL_RISES[sex]
    return decades[min((age - YOUNGEST) // DECADE, len(decades) - 1)]


def limb_symmetry(left: float | None, right: float | None) -> LimbSymmetry | None:
    """Compare the heel rises of both legs."""
    # The day-to-day limits of 6 repetitions (Hébert-Losier 2017) are taken as 95 % limits of the difference
    # of two days, and carried to first order into the share, the legs as independent. Evidence: extrapolated.
    if not left or not right or left < 0 or right < 0:
        return None
    less, more = sorted((left, right))
    share = less / more
    one_day = BETWEEN_DAYS_REPS / WITHIN_LIMITS / sqrt(2)
    half = WITHIN_LIMITS * share * one_day * sqrt(1 / less**2 + 1 / more**2)
    side = None if left == right else "left" if left < right else "right"
    return LimbSymmetry(100 * share, 100 * max(share - half, 0.0), 100 * (share + half), side)


def is_beyond(measure: str, change: float | None) -> bool | None:
    """Return whether a change is at least the smallest that counts."""
    # VISA-A 14 (12 weeks), TENDINS-A 12 (important on average; 18 is beyond error), heel rises from 7: see
    # `CLINICAL_MEASURES`. Evidence: measured.
    if change is None:
        return None
    least = BY_ID[measure].least_change
    if least is None:
        return None
    return abs(change) > least if measure in OPEN_LIMITS else abs(change) >= least


def is_beyond_error(measure: str, change: float | None) -> bool | None:
    """Return whether a change is larger than measurement error alone would give."""
    limits = {"tendins_a": TENDINS_BEYOND_ERROR, "heel_rise_reps": FIRST_BEYOND_ERROR_REPS}
    if change is None or measure not in limits:
        return None
    return abs(change) >= limits[measure]


def result_changes(results: pl.DataFrame) -> pl.DataFrame:
    """Compare each result with the one before it of the same measure and side.

    A VISA-A total 14 lower or a TENDINS-A total 12 higher is marked.
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
    beyond_error = [is_beyond(m, c) for m, c in ordered.select("measure", "change").iter_rows()]
    better = [BY_ID[measure].is_more_better for measure in ordered["measure"]]
    falls = (pl.col("change") < 0) == pl.Series(
        "better", better, dtype=pl.Boolean
    )  # null: neither way is worse
    return ordered.with_columns(is_beyond=pl.Series(beyond_error, dtype=pl.Boolean)).select(
        *(name for name in CHANGE_SCHEMA if name != "is_worse"), is_worse=pl.col("is_beyond") & falls
    )


@dataclass(frozen=True)
class TestHistory:
    """The results of one measure over time."""

    measure: ClinicalMeasure
    results: pl.DataFrame
    symmetry: tuple[tuple[date, LimbSymmetry], ...] = ()


def test_histories(rows: pl.DataFrame) -> list[TestHistory]:
    """Part the results by measure, each beside the one before it."""
    changed = result_changes(rows)
    parted = ((measure, changed.filter(pl.col("measure") == measure.id)) for measure in CLINICAL_MEASURES)
    return [
        TestHistory(measure, own_rows, _symmetries(own_rows) if measure.id == "heel_rise_reps" else ())
        for measure, own_rows in parted
        if own_rows.height
    ]


def _symmetries(rows: pl.DataFrame) -> tuple[tuple[date, LimbSymmetry], ...]:
    by_day: dict[date, dict[str | None, float]] = {}
    for day, side, value in rows.select("date", "side", "value").iter_rows():
        by_day.setdefault(day, {})[side] = value
    compared = (
        (day, limb_symmetry(legs.get("left"), legs.get("right")))
        for day, legs in sorted(by_day.items(), reverse=True)
    )
    return tuple((day, one) for day, one in compared if one)


def last_before(rows: pl.DataFrame, day: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Return the last result before a date, to be shown in grey beside an empty field.

    A value shown beside the field anchors less than one inside it.
    """
    earlier = rows.filter(pl.col("date") < day).sort("date", "source_id")
    return {(row["measure"], row["side"]): row for row in earlier.iter_rows(named=True)}


def on_day(rows: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    """Return the results of one date."""
    return rows.filter(pl.col("date") == day).to_dicts()


def usual_value(settings: Mapping[str, str], day: date) -> int | None:
    """Return the heel rises usual at the runner's age.

    `clinical_tests.usual_heel_rises`.
    """
    return usual_heel_rises(age_on(day, settings), settings.get("sex"))
