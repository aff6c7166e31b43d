"""Made-up runners in whose calm training one thing changes at a time, some of them followed by a flare.

The generator knows nothing of the model: sizes are those a person would name ("track twice a week", "the flat pair on
every run"). Each cause comes once with a flare ten to fourteen days after its first day and once, as a decoy of another
kind, without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from connectors.frames import SYMPTOM
from dashboard.model.schemas import RUN_SCHEMA

FIRST = date(2022, 1, 3)
CAUSES = ("shoe", "speed", "hills", "volume", "long run", "cadence", "several")
CHANNELS = {
    "shoe": {"shoe_new", "drop"},
    "speed": {"fast", "speed"},
    "hills": {"climb", "descent"},
    "volume": {"volume", "longest", "run_days"},
    "long run": {"longest", "volume"},
    "cadence": {"cadence"},
    "several": {"volume", "longest", "fast", "speed", "climb", "descent", "cadence", "shoe_new", "drop"},
}
WEEK = {1: 0.8, 2: 0.9, 4: 0.8, 6: 1.5}
"""Weekday to length of its run, in usual runs; Wednesday's holds the fast minutes."""
FAST_DAY, LONG_DAY = 2, 6


@dataclass(frozen=True)
class Plant:
    """One change: its kind, first and last day, and the day a flare begins after it."""

    cause: str
    first: int
    last: int
    onset: int | None = None


@dataclass(frozen=True)
class Runner:
    """One made-up runner."""

    runs: pl.DataFrame
    symptoms: pl.DataFrame
    plants: tuple[Plant, ...]
    days: int
    names: dict[str, str] = field(
        default_factory=lambda: {"daily": "Daily", "second": "Second", "flat": "Flat One"}
    )


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def grow(
    seed: int, causes: tuple[str, ...] = CAUSES, with_flare: bool = True, calm_days: int = 420
) -> Runner:
    """Grow a runner: a calm start, then each cause for three weeks, nine weeks apart."""
    rng = np.random.default_rng([14, seed])
    plants = []
    for place, cause in enumerate(causes):
        first = calm_days + 70 * place + int(rng.integers(0, 7))
        onset = first + int(rng.integers(10, 15)) if with_flare else None
        plants.append(Plant(cause, first, first + 20, onset))
    total = calm_days + 70 * len(causes) + 28
    rows = [row for number in range(total) for row in _run(number, tuple(plants), rng)]
    frame = pl.DataFrame({n: pl.Series([row.get(n) for row in rows], dtype=t) for n, t in RUN_SCHEMA.items()})
    return Runner(frame, write_diary(total, plants, rng), tuple(plants), total)


def _run(number: int, plants: tuple[Plant, ...], rng: np.random.Generator) -> list[dict[str, object]]:
    weekday = number % 7
    draws = rng.standard_normal(6)
    missed, pair = rng.random(2)
    active = next((one for one in plants if one.first <= number <= one.last), None)
    cause = active.cause if active else ""
    if weekday not in WEEK or (missed < 0.05 and not cause):
        return []
    km = 9.0 * WEEK[weekday] * np.exp(0.1 * draws[0])
    fast, climb = (
        (660.0 * np.exp(0.2 * draws[1]) if weekday == FAST_DAY else 20.0),
        6.0 * np.exp(0.3 * draws[2]),
    )
    pace, rate = 3.0 * np.exp(0.02 * draws[3]), 0.6 * draws[4]
    shoe = "daily" if pair < 0.75 else "second"
    if cause == "shoe":
        shoe = "flat"
    elif cause == "speed" and weekday in (1, FAST_DAY, 4):
        fast, pace = 1500.0 * np.exp(0.1 * draws[1]), pace * 1.1
    elif cause == "hills":
        climb *= 3.5
    elif cause == "volume":
        km *= 1.6
    elif cause == "long run" and weekday == LONG_DAY:
        km *= 1.9
    elif cause == "cadence":
        rate -= 4.5
    elif cause == "several":
        km, fast, climb, rate = km * 1.3, fast * 1.8, climb * 1.9, rate - 2.2
    return [_row(number, km, fast, climb, pace, rate, shoe)]


def _row(
    number: int, km: float, fast: float, climb: float, pace: float, rate: float, shoe: str
) -> dict[str, object]:
    start = datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=17)
    metres, drop = 1000 * km, {"daily": 10.0, "second": 8.0, "flat": 0.0}[shoe]
    share = min(1.0, fast * 4.2 / metres)
    parts = {
        "speed": (pace / 3.0) ** 0.5 * (1 + 0.35 * share),
        "hills": 1 + 0.006 * climb,
        "cadence": (1 + rate / 100) ** -2,
        "shoe": 1 + 0.015 * (10 - drop),
    }
    steps = metres / 2.1
    load = km * float(np.prod(list(parts.values())))
    sums = {
        f"w_{s}{h}{c}": steps * parts["speed"] ** s * parts["hills"] ** h * parts["cadence"] ** c
        for s in (0, 1) for h in (0, 1) for c in (0, 1) if s + h + c
    }  # fmt: skip
    return {
        "activity_id": f"{number:05d}", "local_date": day(number), "start_utc": start, "sport": "Run",
        "distance_m": metres, "moving_s": metres / pace, "ascent_m": climb * km, "descent_m": climb * km,
        "fast_s": fast, "cadence_deviation_pct": rate, "has_samples": True, "has_cadence": True, "has_altitude": True,
        "shoe_id": shoe, "drop_mm": drop, "steps": steps, "load_tkm": load, "load_low_tkm": load,
        "load_high_tkm": load, "load_a_tkm": load, "load_c_tkm": load, "multiplier": load / km,
        "x_shoe": parts["shoe"], "x_cadence": parts["cadence"], "x_hills": parts["hills"], "x_speed": parts["speed"],
        "x_hills_a": parts["hills"], "x_hills_c": parts["hills"], "w_climb": steps * 0.01, "w_descent": steps * 0.008,
        "is_excluded": False, "estimated": False, "flags": "", **sums,
    }  # fmt: skip


def write_diary(total: int, plants: list[Plant], rng: np.random.Generator) -> pl.DataFrame:
    """Write four mornings of five, calm but for a fortnight from each onset."""
    pain = np.zeros(total)
    for one in plants:
        if one.onset is not None:
            pain[one.onset : one.onset + 14] = np.linspace(6, 2, 14)
    logged = np.nonzero((rng.random(total) < 0.8) | (pain > 0))[0].tolist()
    known = {
        "date": [day(number) for number in logged],
        "morning_pain_0_10": [round(float(pain[number])) for number in logged],
    }
    return pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(logged)), dtype=c.dtype) for n, c in SYMPTOM.columns.items()}
    )
