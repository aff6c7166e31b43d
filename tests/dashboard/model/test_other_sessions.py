"""Other sports and what is left out: shown, and in no sum."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model.other_sessions import last_days_of, other_sports
from dashboard.model.schemas import RUN_SCHEMA

FIRST = date(2024, 1, 1)


def test_other_sports_are_time_and_never_runs(made):
    rows = [
        made.activity(0, sport="Ride", moving_s=3_600.0, elapsed_s=4_000.0),
        made.activity(1, sport="Run", moving_s=3_600.0),
        made.activity(2, sport="Swim", elapsed_s=1_800.0),
        made.activity(3, sport="Yoga"),
        made.activity(4, sport="Walk", moving_s=600.0),
    ]
    frame = made.activities(rows).with_columns(is_excluded=pl.col("sport") == "Walk")
    found = other_sports(frame)
    assert found["sport"].to_list() == ["Ride", "Swim", "Yoga"]
    assert found["time_s"].to_list() == [3_600.0, 1_800.0, None]


def test_the_last_seven_days(made):
    rows = pl.DataFrame(
        {"local_date": [FIRST, FIRST, FIRST + timedelta(days=3)], "sport": ["Ride", "Swim", "Ride"],
         "time_s": [100.0, 10.0, None]}
    )  # fmt: skip
    dates = pl.select(pl.date_range(FIRST, FIRST + timedelta(days=9))).to_series()
    found = last_days_of(rows, dates, ["time_s"], by="sport")
    ride = found.filter(pl.col("sport") == "Ride")
    assert ride["local_date"].to_list() == [FIRST + timedelta(days=n) for n in range(7)]
    assert set(ride["time_s"]) == {100.0}


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-20, 60), st.floats(0, 1e5)), max_size=12),
    st.integers(0, 30),
    st.integers(1, 40),
)
def test_it_is_the_plain_sum(sessions, first, length):
    days = [FIRST + timedelta(days=n) for n, _ in sessions]
    frame = pl.DataFrame({"local_date": days, "load_tkm": [v for _, v in sessions]},
                         schema={"local_date": pl.Date, "load_tkm": pl.Float64})  # fmt: skip
    grid = [FIRST + timedelta(days=first + n) for n in range(length)]
    rows = last_days_of(frame, pl.Series(grid), ["load_tkm"])
    known = dict(rows.select("local_date", "load_tkm").rows())
    for day in grid:
        inside = [v for d, (_, v) in zip(days, sessions, strict=True) if day - timedelta(days=6) <= d <= day]
        assert known.get(day, 0.0) == pytest.approx(sum(inside), abs=1e-6)


def test_nothing_left_out_is_no_rows():
    dates = pl.Series([FIRST], dtype=pl.Date)
    assert last_days_of(RUN_SCHEMA.to_frame(), dates, ["distance_m", "load_tkm"]).is_empty()
