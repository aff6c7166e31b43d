"""The diary of the made-up runner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.frames import (
    EVENT,
    INTAKE,
    PROGRAMME,
    SHOE,
    SHOE_FACT,
    STRENGTH,
    SYMPTOM,
    TEST_RESULT,
    checked,
)
from connectors.manual_rows import result_id, strength_rows, symptom_id
from connectors.source import stable_id

LOGGED = 0.85
SIDE = "left"
STAYS_SORE = 4
"""Pain of the start, 0-10, from which the made-up heel no longer eases during the run."""


@dataclass(frozen=True)
class FlareCourse:
    """How one spell of symptoms goes."""

    from_day: int
    peak: float
    days: float
    note: str


COURSES = (
    FlareCourse(84, 4.6, 6, "Left Achilles stiff on the stairs since Tuesday"),
    FlareCourse(163, 4.2, 5, "Sore after the second track session, warmed up eventually"),
    FlareCourse(270, 5.4, 7, "Very stiff the morning after the long trail"),
    FlareCourse(372, 2.6, 3, "A bit stiff, no idea why"),
    FlareCourse(421, 5.8, 8, "Limped to the bathroom. Easing off"),
)


def demo_symptoms(athlete_id: int, start: date, last: date, run_days: Collection[int]) -> pl.DataFrame:
    """Build up a daily diary: mostly nothing, a few spells, some days not logged.

    Made up.
    """
    days = (last - start).days + 1
    drawn = np.random.default_rng(31).random((days, 4))
    level = _level(days)
    morning = _rounded(level + np.where(level > 0.5, 1.6 * (drawn[:, 0] - 0.5), (drawn[:, 0] > 0.9) * 0.6))
    stiff = _rounded(
        level * 0.9 + np.where(level > 0.5, 1.4 * (drawn[:, 1] - 0.5), (drawn[:, 1] > 0.86) * 1.0)
    )
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
            "pain_start_0_10": morning[day] if day in run_days else None,
            "warmed_up": bool(morning[day] < STAYS_SORE) if day in run_days and morning[day] else None,
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


def _rounded(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.clip(np.round(value), 0, 10)


SOURCE_NAME = "demo"
_SHOES = {  # makers and models that do not exist: name, kind, drop in mm, plate, retired
    "trainer_old": ("Larkfield Harrier 12", "conventional", 10.0, False, True),
    "trainer_new": ("Larkfield Harrier 13", "conventional", 10.0, False, False),
    "trail": ("Corvane Ridgeline 4", "trail", 6.0, False, False),
    "low": ("Larkfield Plover 4", "conventional", 4.0, False, False),
    "lowest": ("Corvane Pipit 2", "conventional", 0.0, False, False),
    "racer": ("Corvane Swift Plate", "racing", 8.0, True, False),
}
_EVENTS = (
    (168, "new_shoe", "Harrier 13 to take over from the Harrier 12"),
    (196, "travel", "Family holiday, no running shoes packed"),
    (259, "travel", "Two weeks on the island, trails every other day"),
    (322, "new_shoe", "Plover 4, the lower pair, for some of the easy runs"),
    (406, "new_shoe", "Pipit 2, straight into most runs"),
    (496, "race", "Half marathon"),
)


def provenance(athlete_id: int, source_id: str, day: date) -> dict[str, Any]:
    """Return the columns every row of the demo carries."""
    return {
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": source_id,
        "fetched_utc": datetime.combine(day, time(0), UTC),
    }


def demo_shoes(athlete_id: int, start: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Build up the pairs and what the runner says of them.

    Makers and models that do not exist.
    """
    pairs, facts = [], []
    for key, (name, kind, drop, is_plated, is_retired) in _SHOES.items():
        shared = {"shoe_id": stable_id(athlete_id, SOURCE_NAME, key), **provenance(athlete_id, key, start)}
        brand, model = name.split(" ", 1)
        pairs.append({**shared, "name": name, "brand": brand, "model": model, "is_retired": is_retired})
        facts.append({**shared, "kind": kind, "drop_mm": drop, "is_plated": is_plated})
    return checked(pl.DataFrame(pairs), SHOE), checked(pl.DataFrame(facts), SHOE_FACT)


def demo_events(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Build up what happened beside the training.

    Made up.
    """
    rows = [
        {
            **provenance(athlete_id, f"{kind}-{day}", start),
            "date": start + timedelta(day),
            "kind": kind,
            "note": note,
        }
        for day, kind, note in _EVENTS
        if start + timedelta(day) <= last
    ]
    return checked(pl.DataFrame(rows), EVENT)


DONE = 0.85
HEAVY_DAYS = (0, 2, 4)  # of a week
HEAVY_STAGES = ((1, 1, 3, 15), (2, 3, 3, 12), (4, 5, 4, 10), (6, 8, 4, 8), (9, 12, 4, 6))


@dataclass(frozen=True)
class DemoLift:
    """One exercise of the heavy programme."""

    exercise: str
    knee: str
    first_kg: float
    more_kg: float


LIFTS = (
    DemoLift("Seated calf raise, weighted", "bent", 20.0, 2.5),
    DemoLift("Leg-press calf raise", "straight", 50.0, 5.0),
    DemoLift("Standing calf raise with barbell", "straight", 15.0, 2.5),
)
HEAVY_FROM = {287: 0.0, 476: 10.0}
"""First day of each round of the heavy programme, and the kg it begins higher than the first."""
HOLDS_FROM, HOLD_DAYS = 427, (0, 2, 4, 6)
TESTED = {
    # heel rises left and right, pain on loading and on hopping (left), VISA-A, TENDINS-A
    275: (16, 27, 5, 6, 58, 44),
    317: (19, 27, 3, 4, 70, 33),
    359: (23, 28, 1, 2, 84, 20),
    428: (15, 26, 5, 6, 61, 41),
    470: (19, 27, 3, 3, 72, 31),
    512: (22, 28, 2, 2, 83, 19),
    540: (24, 28, 1, 1, 88, 15),
}
COLUMNS = (
    ("heel_rise_reps", "left"),
    ("heel_rise_reps", "right"),
    ("pain_on_loading_0_10", "left"),
    ("hop_pain_0_10", "left"),
    ("visa_a", None),
    ("tendins_a", None),
)


def demo_strength(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Build up the ledger of exercises: two rounds of heavy calf work, holds in a flare, hops near the end.

    Made up.
    """
    length = (last - start).days + 1
    is_done = np.random.default_rng(67).random(700) < DONE
    sets: list[dict[str, Any]] = []
    for day in np.flatnonzero(is_done[:length]).tolist():
        for one in (*_heavy(day), *_holds(day), *_hops(day), *_plank(day)):
            sets.append({**one, "date": start + timedelta(day)})
    rows = strength_rows(sets, athlete_id, provenance(athlete_id, "", start)["fetched_utc"])
    return checked(rows.with_columns(source=pl.lit("demo")), STRENGTH)


def _heavy(day: int) -> list[dict[str, Any]]:
    for first, more_kg in HEAVY_FROM.items():
        week, weekday = divmod(day - first, 7)
        if not 0 <= week < 12 or weekday not in HEAVY_DAYS:
            continue
        _, _, count, most = next(phase for phase in HEAVY_STAGES if phase[0] <= week + 1 <= phase[1])
        pain = float(max(3 - week // 2, 0))
        return [
            {
                "exercise": lift.exercise,
                "side": "both",
                "repetitions": most,
                "load_kg": lift.first_kg + more_kg + lift.more_kg * week,
                "tempo": "3-0-3",
                "kind": "slow_heavy",
                "knee": lift.knee,
                "pain_0_10": pain,
            }
            for lift in LIFTS
            for _ in range(count)
        ]
    return []


def _holds(day: int) -> list[dict[str, Any]]:
    week, weekday = divmod(day - HOLDS_FROM, 7)
    if not 0 <= week < 2 or weekday not in HOLD_DAYS:
        return []
    hold = {"exercise": "Seated calf hold", "side": "left", "repetitions": 1, "hold_s": 45.0, "load_kg": 25.0}
    return [{**hold, "kind": "isometric", "knee": "bent", "pain_0_10": float(4 - 2 * week)}] * 5


def _hops(day: int) -> list[dict[str, Any]]:
    if day < 518 or day % 7 not in (1, 5):
        return []
    return [
        {"exercise": "Two-leg hop", "side": "both", "repetitions": 20, "kind": "plyometric", "pain_0_10": 1.0}
    ] * 3


def _plank(day: int) -> list[dict[str, Any]]:
    if day < HOLDS_FROM or day % 7 != 3:
        return []
    return [{"exercise": "Plank", "repetitions": 1, "hold_s": 60.0, "kind": "isometric"}] * 2


def demo_results(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Build up the tests: low in each flare, better after.

    Made up.
    """
    rows = []
    for day, values in TESTED.items():
        on = start + timedelta(day)
        for (measure, side), value in zip(COLUMNS, values, strict=True):
            result = {"date": on, "measure": measure, "side": side}
            shared = provenance(athlete_id, result_id(result), start)
            rows.append({**shared, **result, "value": float(value), "decided_by": "therapist"})
    frame = pl.DataFrame(rows, schema=TEST_RESULT.schema)
    return checked(frame.filter(pl.col("date") <= last), TEST_RESULT)


def demo_intake(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Build up the answers of the intake card, as taken at the visit of the newest tests.

    Made up.
    """
    asked = max(on for day in TESTED if (on := start + timedelta(day)) <= last)
    answers: dict[str, dict[str, Any]] = {
        "reason": {"answer": "Sore Achilles since July; wants to know what to change"},
        "goal": {"answer": "half marathon", "on_date": asked + timedelta(days=160)},
        "training_age": {"years": 9.0},
        "fluoroquinolone": {"answer": "no"},
        "steroid": {"answer": "no"},
        "work": {"answer": "desk, cycles to work"},
        "footwear": {"answer": "flat office shoes, no inserts"},
    }
    rows = [
        {
            **provenance(athlete_id, topic, start),
            "date": asked,
            "topic": topic,
            "decided_by": "therapist",
            **answer,
        }
        for topic, answer in answers.items()
    ]
    return checked(pl.DataFrame(rows, schema=INTAKE.schema), INTAKE)


def demo_programme(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Build up the programmes behind the ledger.

    Made up; the numbers are those of a programme that was published.
    """
    rows = [
        {
            "programme": "Heavy slow resistance",
            "start_date": start + timedelta(first),
            "week_from": week_from,
            "week_to": week_to,
            "exercise": lift.exercise,
            "kind": "slow_heavy",
            "knee": lift.knee,
            "sets": count,
            "repetitions": most,
            "load_kg": lift.first_kg + more_kg + lift.more_kg * (week_from - 1),
            "tempo": "3-0-3",
            "times_per_week": 3.0,
            "decided_by": "therapist",
            "note": f"Heaviest weight that allows {most}",
        }
        for first, more_kg in HEAVY_FROM.items()
        for week_from, week_to, count, most in HEAVY_STAGES
        for lift in LIFTS
        if start + timedelta(first) <= last
    ]
    full_rows = [
        {**provenance(athlete_id, f"{row['programme']}:{row['start_date']}:{n:03d}", start), **row}
        for n, row in enumerate(rows)
    ]
    return checked(pl.DataFrame(full_rows, schema=PROGRAMME.schema), PROGRAMME)
