"""Every date of a record: rest and no record apart, what was felt, what is not known."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from connectors.frames import SYMPTOM
from dashboard.model.day_table import dense_days
from dashboard.model.schemas import DAY_SCHEMA


def entry(day, **facts):
    row = {"date": day} | facts
    return pl.DataFrame({n: pl.Series([row.get(n)], dtype=c.dtype) for n, c in SYMPTOM.columns.items()})


def test_rest_is_zero_and_unknown_is_not(made) -> None:
    runs = made.run_days([5.0, 0, None, 0, 7.0])
    symptoms = pl.concat([entry(made.first + timedelta(days=d), morning_pain_0_10=1.0) for d in (-2, 7)])
    days = dense_days(runs, symptoms, made.first + timedelta(days=5))
    assert days.schema == DAY_SCHEMA
    assert days["local_date"].to_list() == [made.first + timedelta(days=d) for d in range(-2, 8)]
    assert days["known"].to_list() == [False] * 2 + [True] * 6 + [False] * 2
    assert days["load_tkm"].to_list() == [None, None, 5, 0, None, 0, 7, 0, None, None]
    assert days["runs"].to_list() == [None, None, 1, 0, 1, 0, 1, 0, None, None]
    assert days["distance_m"].to_list()[2:7] == [5000, 0, None, 0, 7000]


def test_the_largest_value_of_a_date_counts(made) -> None:
    both = pl.concat(
        [
            entry(made.first, side="left", morning_pain_0_10=2.0, morning_stiffness_min=5.0),
            entry(made.first, side="right", pain_after_0_10=4.0, morning_stiffness_0_10=0.0),
        ]
    )
    day = dense_days(made.run_days([]), both).row(0, named=True)
    assert (day["pain_0_10"], day["stiffness_min"], day["stiffness_0_10"]) == (4.0, 5.0, 0.0)
    assert day["known"] is False


def test_two_runs_of_a_day_add_up_and_one_unknown_makes_the_load_unknown(made) -> None:
    runs = made.run_days([4.0])
    twice = dense_days(pl.concat([runs, runs]), made.no_symptoms).row(0, named=True)
    assert (twice["runs"], twice["load_tkm"], twice["distance_m"]) == (2, 8.0, 8000.0)
    half = dense_days(pl.concat([runs, made.run_days([None])]), made.no_symptoms).row(0, named=True)
    assert half["load_tkm"] is None
    assert half["distance_m"] == 4000.0


def test_nothing_at_all(made) -> None:
    assert dense_days(made.run_days([]), made.no_symptoms).schema == DAY_SCHEMA


def test_cadence_deviation_is_weighted_by_time(made) -> None:
    one = made.run_days([1.0]).with_columns(cadence_deviation_pct=pl.lit(3.0), moving_s=pl.lit(1000.0))
    other = made.run_days([1.0]).with_columns(cadence_deviation_pct=pl.lit(0.0), moving_s=pl.lit(500.0))
    silent = made.run_days([1.0])
    day = dense_days(pl.concat([one, other, silent]), made.no_symptoms).row(0, named=True)
    assert day["cadence_deviation_pct"] == pytest.approx(2.0)


def test_a_band_keeps_its_ends_and_exact_minutes_are_their_own(made) -> None:
    both = pl.concat(
        [
            entry(made.first, morning_stiffness_min=10.0, morning_stiffness_band="5-15", side="left"),
            entry(made.first, morning_stiffness_min=12.0, side="right"),
            entry(made.first + timedelta(days=1), morning_stiffness_min=12.0),
            entry(made.first + timedelta(days=2), pain_start_0_10=3.0),
        ]
    )
    days = dense_days(made.run_days([]), both)
    assert days["stiffness_low_min"].to_list() == [12.0, 12.0, None]
    assert days["stiffness_min"].to_list() == [12.0, 12.0, None]
    assert days["stiffness_high_min"].to_list() == [15.0, 12.0, None]
    assert days["pain_0_10"].to_list() == [None, None, 3.0]
