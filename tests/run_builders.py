"""A made-up runner, straight as RUN and SYMPTOM frames: what the charts are given, without samples."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from connectors.frames import SYMPTOM, checked
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2024, 1, 1)


def run_row(number: int, day: date, metres: float, multiplier: float | None = 1.0, **more) -> dict:
    load = metres / 1000 * (multiplier or 1.0)
    row = {
        "activity_id": f"run{number}",
        "source": "demo",
        "source_id": str(number),
        "local_date": day,
        "start_utc": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        "sport": "Run",
        "is_indoor": False,
        "name": f"Run {number}",
        "shoe_id": "ghost" if number % 3 else "racer",
        "distance_m": metres,
        "moving_s": metres / 3,
        "ascent_m": metres / 100,
        "descent_m": metres / 110,
        "fast_s": 300.0,
        "cadence_spm": 170.0,
        "cadence_deviation_pct": 0.5,
        "has_samples": True,
        "has_cadence": True,
        "has_altitude": True,
        "steps": metres / 2,
        "load_tkm": load,
        "load_low_tkm": load * 0.98,
        "load_high_tkm": load * 1.02,
        "load_a_tkm": load,
        "load_c_tkm": load,
        "multiplier": multiplier,
        "x_steps": multiplier,
        "x_speed": 1.0,
        "x_hills": 1.0,
        "x_cadence": 1.0,
        "x_shoe": 1.0,
        "estimated": False,
        "flags": "",
    }
    return row | more


def symptom_row(number: int, day: date, pain: float | None, minutes: float | None) -> dict:
    return {
        "athlete_id": 1,
        "source": "demo",
        "source_id": f"s{number}",
        "fetched_utc": datetime(2024, 1, 1, tzinfo=UTC),
        "date": day,
        "side": "left",
        "morning_pain_0_10": pain,
        "morning_stiffness_min": minutes,
    }


def made_up(
    days: int, jumps: tuple[int, ...] = (), symptoms: bool = True, seed: int = 1, first: date = FIRST
) -> Analysis:
    """Five runs a week; from each day in `jumps`, two weeks of double distance with pain after."""
    noise = np.random.default_rng(seed)
    runs, felt = [], []
    for number in range(days):
        day = first + timedelta(days=number)
        in_jump = any(jump <= number < jump + 14 for jump in jumps)
        if day.weekday() not in (0, 4):
            metres = 8000.0 * (2 if in_jump else 1) * float(noise.uniform(0.97, 1.03))
            runs.append(run_row(number, day, metres))
        sore = any(jump + 4 <= number < jump + 24 for jump in jumps)
        if symptoms and number % 4:
            felt.append(symptom_row(number, day, 4.0 if sore else 0.0, 20.0 if sore else 0.0))
    frame = pl.DataFrame(runs, schema=RUN_SCHEMA)
    log = checked(pl.DataFrame(felt), SYMPTOM) if felt else SYMPTOM.empty()
    return adapt(frame, log, ModelSettings(), first + timedelta(days=days - 1))


NAMES = {"ghost": "Ghost 15", "racer": "Racer 2"}
