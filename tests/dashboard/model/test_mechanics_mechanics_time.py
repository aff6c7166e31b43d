"""Weeks, months and stretches of dates: weighted by time, without gaps in the grid, null where little is known."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dashboard.model.mechanics import (
    MECHANICS_SCHEMA,
    STRETCH_SCHEMA,
    between_dates,
    mechanics_over_time,
    usual_bands,
)

FIRST = date(2024, 1, 1)


def row(day: int, band: int = 0, seconds: float = 1200.0, cadence: float = 170.0, **more) -> dict:
    facts = {
        "activity_id": f"{day:04x}",
        "local_date": FIRST + timedelta(day),
        "band": band,
        "seconds": seconds,
        "speed_mps": 3.0,
        "cadence_spm": cadence,
        "own_cadence_spm": 170.0,
        "cadence_deviation_pct": (cadence / 170 - 1) * 100,
        "step_length_mm": 1_050.0,
        "step_length_s": seconds,
        "contact_s": 0.0,
        "vertical_oscillation_s": 0.0,
        "form_power_s": 0.0,
    }
    return facts | more


def rows(*given: dict) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema=MECHANICS_SCHEMA)


def test_an_hour_says_more_than_a_minute() -> None:
    found = between_dates(
        rows(row(0, seconds=3600.0, cadence=170.0), row(1, seconds=1200.0, cadence=178.5)),
        FIRST,
        FIRST + timedelta(9),
    )
    assert found.schema == STRETCH_SCHEMA
    (one,) = found.to_dicts()
    assert (one["runs"], one["seconds"]) == (2, 4800.0)
    assert one["cadence_spm"] == pytest.approx((170 * 3 + 178.5) / 4)
    assert one["cadence_deviation_pct"] == pytest.approx(1.25)


def test_a_measure_is_weighted_by_its_own_seconds_and_unknown_below_five_minutes() -> None:
    told = rows(
        row(0, contact_ms=250.0, contact_s=600.0, form_power_w=60.0, form_power_s=299.0),
        row(1, contact_ms=280.0, contact_s=1200.0),
        row(2),
    )
    (one,) = between_dates(told, FIRST, FIRST + timedelta(9)).to_dicts()
    assert one["contact_ms"] == pytest.approx(270.0)
    assert one["contact_s"] == 1800.0
    assert one["form_power_w"] is None
    assert one["vertical_oscillation_mm"] is None


def test_less_than_five_minutes_says_nothing_of_cadence() -> None:
    (one,) = between_dates(rows(row(0, seconds=299.0)), FIRST, FIRST).to_dicts()
    assert one["cadence_spm"] is None
    assert one["cadence_deviation_pct"] is None
    assert one["step_length_mm"] is None


def test_without_an_own_line_the_distance_from_it_is_null_and_not_a_number() -> None:
    flat = rows(row(0, own_cadence_spm=None, cadence_deviation_pct=None))
    found = between_dates(flat, FIRST, FIRST)
    assert found["cadence_deviation_pct"].to_list() == [None]
    assert found["cadence_spm"].to_list() == [170.0]


@pytest.mark.parametrize(("every", "steps"), [("week", 10), ("month", 3)])
def test_every_step_is_there_for_every_band_and_a_gap_is_unknown(every: str, steps: int) -> None:
    found = mechanics_over_time(rows(row(0), row(65), row(65, band=2)), every)
    assert found.height == 2 * steps
    assert found["runs"].sum() == 3
    empty = found.filter(pl.col("runs") == 0)
    assert empty["cadence_spm"].null_count() == empty.height
    assert empty["seconds"].sum() == 0
    assert found["band"].to_list() == [0] * steps + [2] * steps


def test_no_rows_give_no_rows() -> None:
    assert mechanics_over_time(rows(), "week").schema == STRETCH_SCHEMA
    assert between_dates(rows(row(0)), FIRST + timedelta(1), FIRST + timedelta(9)).is_empty()


def test_usual_bands_are_those_with_the_most_time_slowest_first() -> None:
    many = rows(
        *(row(n, band=n, seconds=400.0 * (1 + abs(n - 3))) for n in range(7)), row(9, band=9, seconds=299.0)
    )
    assert usual_bands(many) == [0, 1, 5, 6]
    assert 9 not in usual_bands(many, 20)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.floats(60, 7200), st.floats(150, 200)), min_size=1, max_size=12)
)
def test_a_mean_lies_within_its_rows_and_knows_no_order(told: list[tuple[int, float, float]]) -> None:
    made = rows(
        *(row(day, 0, seconds, cadence, activity_id=f"{n}") for n, (day, seconds, cadence) in enumerate(told))
    )
    found = between_dates(made, FIRST, FIRST + timedelta(40))
    value = found["cadence_spm"][0]
    if value is not None:
        assert made["cadence_spm"].min() - 1e-6 <= value <= made["cadence_spm"].max() + 1e-6
    assert_frame_equal(found, between_dates(made.reverse(), FIRST, FIRST + timedelta(40)))
