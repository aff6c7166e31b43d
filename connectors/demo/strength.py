"""Calf work, tests and programmes of the made-up runner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from connectors.demo.things import provenance
from connectors.frames import PROGRAMME, STRENGTH, TEST_RESULT, checked
from connectors.results import result_id
from connectors.strength import strength_rows

DONE = 0.85
HEAVY_DAYS = (0, 2, 4)  # of a week
HEAVY_STAGES = ((1, 1, 3, 15), (2, 3, 3, 12), (4, 5, 4, 10), (6, 8, 4, 8), (9, 12, 4, 6))


@dataclass(frozen=True)
class Lift:
    """One exercise of the heavy programme.

    Parameters
    ----------
    exercise, knee
        As in STRENGTH.
    first_kg, more_kg
        Load of the first week, and what each week adds.
    """

    exercise: str
    knee: str
    first_kg: float
    more_kg: float


LIFTS = (
    Lift("Seated calf raise, weighted", "bent", 20.0, 2.5),
    Lift("Leg-press calf raise", "straight", 50.0, 5.0),
    Lift("Standing calf raise with barbell", "straight", 15.0, 2.5),
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
    """Make up the ledger of exercises: two rounds of heavy calf work, holds in a flare, hops near the end.

    Parameters
    ----------
    athlete_id : int
        Runner on this machine, from 1.
    start, last : date
        First and last local date.

    Returns
    -------
    DataFrame
        Contract STRENGTH; about one planned day in seven is not there.

    Source
    ------
    ours: made up.
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
        _, _, count, most = next(stage for stage in HEAVY_STAGES if stage[0] <= week + 1 <= stage[1])
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
    """Make up the tests: low in each flare, better after.

    Parameters
    ----------
    athlete_id, start, last
        As for `demo_strength`.

    Returns
    -------
    DataFrame
        Contract TEST_RESULT.

    Source
    ------
    ours: made up.
    """
    rows = []
    for day, values in TESTED.items():
        on = start + timedelta(day)
        for (measure, side), value in zip(COLUMNS, values, strict=True):
            said = {"date": on, "measure": measure, "side": side}
            common = provenance(athlete_id, result_id(said), start)
            rows.append({**common, **said, "value": float(value), "decided_by": "therapist"})
    frame = pl.DataFrame(rows, schema=TEST_RESULT.schema)
    return checked(frame.filter(pl.col("date") <= last), TEST_RESULT)


def demo_programme(athlete_id: int, start: date, last: date) -> pl.DataFrame:
    """Make up the programmes behind the ledger.

    Parameters
    ----------
    athlete_id, start, last
        As for `demo_strength`.

    Returns
    -------
    DataFrame
        Contract PROGRAMME.

    Source
    ------
    ours: made up; the numbers are those of a programme that was published.
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
    whole = [
        {**provenance(athlete_id, f"{row['programme']}:{row['start_date']}:{n:03d}", start), **row}
        for n, row in enumerate(rows)
    ]
    return checked(pl.DataFrame(whole, schema=PROGRAMME.schema), PROGRAMME)
