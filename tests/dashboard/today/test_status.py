"""Where load stands on a day, also on one in the past."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from connectors.frames import SYMPTOM
from dashboard.model.analysis import adapt
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings
from dashboard.today.status import current_load

FIRST, DAYS, JUMP = date(2024, 1, 1), 300, 200


def history():
    """A run every other day, twice as far for three weeks from day 200."""
    far = {n: 16_000.0 if JUMP <= n < JUMP + 21 else 8_000.0 for n in range(0, DAYS, 2)}
    known = {
        "activity_id": [str(n) for n in far],
        "local_date": [FIRST + timedelta(days=n) for n in far],
        "distance_m": list(far.values()),
        "moving_s": [metres / 3 for metres in far.values()],
        "load_tkm": [metres / 1000 for metres in far.values()],
    }
    for lens in ("load_low_tkm", "load_high_tkm", "load_a_tkm", "load_c_tkm"):
        known[lens] = known["load_tkm"]
    runs = pl.DataFrame(
        {n: pl.Series(known.get(n, [None] * len(far)), dtype=t) for n, t in RUN_SCHEMA.items()}
    )
    return adapt(runs, SYMPTOM.empty(), ModelSettings(), FIRST + timedelta(days=DAYS - 1))


def test_a_window_that_is_still_to_come_is_not_told_of_an_earlier_day():
    found = history()
    assert found.windows.height == 1
    begins, ends = found.windows.select("from_date", "to_date").row(0)
    before = current_load(found, begins - timedelta(days=30))
    assert (before.window_from, before.window_robust) == (None, None)
    assert current_load(found, begins + timedelta(days=2)).window_from == begins
    assert current_load(found, ends + timedelta(days=3)).window_from == begins
    assert current_load(found, ends + timedelta(days=20)).window_from is None


def test_the_longest_run_is_of_the_30_days_before():
    found = history()
    now = current_load(found, FIRST + timedelta(days=JUMP + 20))
    assert (now.longest_m, now.limit_m) == (16_000.0, 16_000.0 * 1.1)
    assert current_load(found, FIRST + timedelta(days=JUMP - 1)).longest_m == 8_000.0


def test_a_record_without_a_known_day_stands_nowhere_and_warns_of_nothing():
    found = history()
    nothing = replace(found, days=found.days.clear())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert current_load(nothing, FIRST).window_from is None
