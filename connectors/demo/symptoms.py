"""The diary of the made-up runner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.frames import SYMPTOM, checked
from connectors.symptoms import symptom_id

LOGGED = 0.85
SIDE = "left"


@dataclass(frozen=True)
class Course:
    """How one spell of symptoms goes.

    Parameters
    ----------
    from_day
        First day, from the first of the demo.
    peak
        Highest morning pain, 0-10.
    days
        Days until half of it is gone, from the peak on.
    note
        What the runner wrote on the second day.
    """

    from_day: int
    peak: float
    days: float
    note: str


COURSES = (
    Course(84, 4.6, 6, "Left Achilles stiff on the stairs since Tuesday"),
    Course(163, 4.2, 5, "Sore after the second track session, warmed up eventually"),
    Course(270, 5.4, 7, "Very stiff the morning after the long trail"),
    Course(372, 2.6, 3, "A bit stiff, no idea why"),
    Course(421, 5.8, 8, "Limped to the bathroom. Easing off"),
)


def demo_symptoms(athlete_id: int, start: date, last: date, run_days: Collection[int]) -> pl.DataFrame:
    """Make up a daily diary: mostly nothing, a few spells, some days not logged.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    start, last : date
        First and last local date.
    run_days : collection of int
        Days with a run, from the first of the demo; only those have pain during and after.

    Returns
    -------
    DataFrame, contract SYMPTOM
        One entry a day of the left heel on about 85 % of the days. A day with nothing is 0; a day not logged
        has no row.

    Source
    ------
    ours: made up.
    """
    days = (last - start).days + 1
    drawn = np.random.default_rng(31).random((days, 4))
    level = _level(days)
    morning = _whole(level + np.where(level > 0.5, 1.6 * (drawn[:, 0] - 0.5), (drawn[:, 0] > 0.9) * 0.6))
    stiff = _whole(level * 0.9 + np.where(level > 0.5, 1.4 * (drawn[:, 1] - 0.5), (drawn[:, 1] > 0.86) * 1.0))
    minutes = np.round(stiff * (3.5 + 3 * drawn[:, 2]))
    rows = [
        {
            "athlete_id": athlete_id,
            "source": "demo",
            "source_id": symptom_id(start + timedelta(day), SIDE),
            "fetched_utc": datetime.combine(start, time(0), UTC),
            "date": start + timedelta(day),
            "side": SIDE,
            "site": "midportion",
            "morning_stiffness_0_10": stiff[day],
            "morning_stiffness_min": minutes[day],
            "morning_pain_0_10": morning[day],
            "pain_during_0_10": max(morning[day] - 1, 0) if day in run_days else None,
            "pain_after_0_10": morning[day] if day in run_days else None,
            "note": next((c.note for c in COURSES if day == c.from_day + 1), None),
        }
        for day in range(days)
        if drawn[day, 3] < LOGGED or any(day == c.from_day + 1 for c in COURSES)
    ]
    return checked(pl.DataFrame(rows, infer_schema_length=None), SYMPTOM)


def _level(days: int) -> npt.NDArray[np.float64]:
    """Pain without noise: up within two days, then half of it gone every few."""
    day = np.arange(days)
    level = np.zeros(days)
    for course in COURSES:
        since = day - course.from_day
        rising = np.clip((since + 1) / 2, 0, 1)
        falling = 0.5 ** (np.maximum(since - 4, 0) / course.days)
        level = np.maximum(level, course.peak * rising * falling)
    return np.where(level < 0.4, 0.0, level)


def _whole(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.clip(np.round(value), 0, 10)
