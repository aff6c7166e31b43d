"""How long the answer takes for 15 years of running and diary, and how often runners without a link are linked.

Run with -m benchmark.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from connectors.frames import SYMPTOM
from dashboard.model.adaptation import adapt_load
from dashboard.model.analysis import adapt
from dashboard.model.attribution import before_flares, before_windows, drivers, weighted_steps_by_day
from dashboard.model.calendar_shifts import exposed_days, shift_test
from dashboard.model.explain import explain_flares
from dashboard.model.flares import find_flares
from dashboard.model.robustness import in_windows
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST, YEARS = date(2010, 1, 4), 15
DAYS = YEARS * 365
SETTINGS = ModelSettings()
WEEK = np.array([0, 8, 0, 10, 0, 6, 16.0])


def history() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Five runs a week whose distance, speed, hills, cadence and shoes drift; a diary with a spell now and then."""
    rng = np.random.default_rng(7)
    day = np.array([d for d in range(DAYS) if d % 7 not in (0, 4)])
    months = np.arange(0, DAYS + 30, 30)
    level = np.exp(np.interp(day, months, rng.normal(0, 0.25, len(months))))
    km = 8 * level * np.exp(rng.normal(0, 0.2, len(day)))
    steps = km * 480
    part = {
        n: np.exp(rng.normal(0, s, len(day))) for n, s in (("speed", 0.1), ("hills", 0.1), ("cadence", 0.04))
    }
    shoe = np.where(day // 200 % 2, 1.06, 1.0)
    sums = {
        f"w_{s}{h}{c}": steps * part["speed"] ** s * part["hills"] ** h * part["cadence"] ** c
        for s in (0, 1) for h in (0, 1) for c in (0, 1) if s + h + c
    }  # fmt: skip
    load = sums["w_111"] * shoe / 480
    starts = [datetime(2010, 1, 4, 7, tzinfo=UTC) + timedelta(int(d)) for d in day]
    known = {
        "activity_id": [f"{d:016x}" for d in day], "local_date": [s.date() for s in starts], "start_utc": starts,
        "distance_m": km * 1000, "moving_s": km * 345, "ascent_m": km * 8 * part["hills"], "descent_m": km * 8,
        "fast_s": rng.uniform(0, 400, len(day)), "cadence_deviation_pct": rng.normal(0, 1, len(day)),
        "steps": steps, "load_tkm": load, "load_low_tkm": load, "load_high_tkm": load, "load_a_tkm": km,
        "load_c_tkm": load * part["speed"] ** 2, "multiplier": load / km, "x_shoe": shoe, "x_cadence": part["cadence"],
        "x_hills_a": part["hills"] ** 0.4, "x_hills_c": part["hills"] ** 3, "drop_mm": np.where(shoe > 1, 4.0, 10.0),
        "shoe_id": [f"{d // 200}" for d in day], "w_climb": steps * 0.1, "w_descent": steps * 0.08, **sums,
    }  # fmt: skip
    runs = pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(day)), dtype=t) for n, t in RUN_SCHEMA.items()}
    )
    pain = np.zeros(DAYS)
    for at in range(120, DAYS - 30, 170):
        pain[at : at + 14] = np.linspace(5, 1, 14)
    logged = np.nonzero(rng.random(DAYS) < 0.85)[0]
    diary = {"date": [FIRST + timedelta(int(d)) for d in logged], "morning_pain_0_10": np.round(pain[logged])}
    symptoms = pl.DataFrame(
        {n: pl.Series(diary.get(n, [None] * len(logged)), dtype=c.dtype) for n, c in SYMPTOM.columns.items()}
    )
    return runs, symptoms


def best(call: Callable[[], object], times: int = 3) -> tuple[float, float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return min(taken), max(taken)


@pytest.mark.benchmark
def test_fifteen_years_of_answers() -> None:
    runs, symptoms = history()
    analysis = adapt(runs, symptoms, SETTINGS)
    rows = find_flares(analysis.days, SETTINGS)

    def all_drivers() -> None:
        kept = weighted_steps_by_day(runs, analysis.days, SETTINGS)
        drivers(kept, before_windows(analysis.windows))
        drivers(kept, before_flares(rows, SETTINGS))

    shares, everything = best(all_drivers), best(lambda: explain_flares(analysis, symptoms))
    after = best(lambda: explain_flares(adapt(runs, symptoms, SETTINGS), symptoms))
    print(f"\n{runs.height} runs, {DAYS} days, {analysis.windows.height} windows, {rows.height} flares")
    print(f"drivers of all windows and flares: {shares[0]:.3f} s (worst {shares[1]:.3f}); wanted < 1")
    print(f"the whole answer: {everything[0]:.3f} s (worst {everything[1]:.3f})")
    print(f"everything after run loads: {after[0]:.3f} s (worst {after[1]:.3f}); wanted < 2")
    assert rows.height > 20
    assert analysis.windows.height > 20


@pytest.mark.benchmark
def test_a_thousand_runners_without_a_link() -> None:
    """Flare dates drawn without looking at load: how often is p at most a level?"""
    rng, p = np.random.default_rng(18), []
    for _ in range(1000):
        weeks = int(rng.integers(60, 160))
        level = np.exp(np.cumsum(rng.normal(0, 0.05, weeks)) + rng.normal(0, 0.12, weeks))
        level[rng.random(weeks) < 0.04] *= 0.1
        load = np.repeat(level, 7) * np.tile(WEEK, weeks) * np.exp(rng.normal(0, 0.2, weeks * 7))
        followed = adapt_load(load, load > 0, SETTINGS)
        lag, known = int(SETTINGS.lag_days), np.isfinite(followed.held_ratio)
        exposed = exposed_days(in_windows(followed.high, SETTINGS), known, lag)
        at = rng.choice(np.arange(60, len(load), 40), size=int(rng.integers(3, 9)), replace=False)
        p.append(shift_test(exposed, at + rng.integers(0, 20, len(at)), 0, len(load) - 1).p)
    levels = {
        level: float(np.mean([x is not None and x <= level for x in p]))
        for level in (0.01, 0.05, 0.1, 0.2, 0.5)
    }
    print("\nshare of null runners with p at most " + ", ".join(f"{k:g}: {v:.3f}" for k, v in levels.items()))
    assert levels[0.05] <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / len(p))
