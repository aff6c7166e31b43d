"""Breaks that are long for a runner, and runs by which a date is remembered."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.run_breaks import LEAST_DAYS, MOST_ANCHORS, Anchor, RunBreak, anchor_runs, long_breaks

FIRST = date(2025, 1, 6)


def days(*numbers: int) -> list[date]:
    return [FIRST + timedelta(days=n) for n in numbers]


def test_ten_days_are_a_break_for_who_runs_every_other_day():
    assert long_breaks(days(*range(0, 40, 2), 49, *range(51, 80, 2))) == [
        RunBreak(FIRST + timedelta(days=39), FIRST + timedelta(days=48))
    ]
    assert long_breaks(days(*range(0, 40, 2), 48, *range(50, 80, 2))) == []


def test_who_runs_once_a_week_has_no_break_of_two_weeks():
    assert long_breaks(days(0, 7, 14, 21, 36, 43, 50)) == []
    assert [one.days for one in long_breaks(days(0, 7, 14, 21, 43, 50))] == [21]


def test_the_usual_gap_is_that_of_the_breaks_own_year():
    often = [date(2024, 1, 1) + timedelta(days=n) for n in range(0, 200, 2)]
    seldom = [date(2025, 1, 10) + timedelta(days=n) for n in (0, 9, 18, 27, 43, 52)]
    assert [one.first.year for one in long_breaks([*often, *seldom])] == [2024]


def test_longest_first_and_of_equal_ones_the_newest():
    dates = days(0, 2, 4, 20, 22, 24, 40, 42, 72, 74)
    assert [(one.days, one.first) for one in long_breaks(dates)] == [
        (29, FIRST + timedelta(days=43)),
        (15, FIRST + timedelta(days=25)),
        (15, FIRST + timedelta(days=5)),
    ]


@given(st.lists(st.integers(0, 800), max_size=40))
def test_a_break_holds_no_run_and_is_bounded_by_two(numbers):
    dates = set(days(*numbers))
    for one in long_breaks(dates):
        assert one.days >= LEAST_DAYS
        assert not any(one.first <= day <= one.last for day in dates)
        assert {one.first - timedelta(days=1), one.last + timedelta(days=1)} <= dates


def runs(*rows: tuple[int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [(FIRST + timedelta(days=n), metres) for n, metres in rows],
        schema={"local_date": pl.Date, "distance_m": pl.Float64},
        orient="row",
    )


def test_races_long_runs_and_last_runs_before_breaks_are_anchors():
    frame = runs((0, 5e3), (2, 15e3), (4, 5e3), (6, 8e3), (30, 5e3), (32, 9e3), (34, None))
    anchors = anchor_runs(frame, [FIRST + timedelta(days=32), date(2025, 12, 1)], 2025)
    assert anchors == [
        Anchor(FIRST + timedelta(days=2), "longest", 15e3),
        Anchor(FIRST + timedelta(days=6), "before_break", 8e3, 23),
        Anchor(FIRST + timedelta(days=32), "race", 9e3),
    ]
    assert anchor_runs(frame, [], 2024) == []


@given(st.lists(st.tuples(st.integers(0, 700), st.floats(1e3, 4e4)), max_size=80))
def test_anchors_are_runs_of_the_year_in_order_and_few(rows):
    frame = runs(*rows)
    anchors = anchor_runs(frame, [], 2025)
    assert [one.date for one in anchors] == sorted({one.date for one in anchors})
    assert len(anchors) <= MOST_ANCHORS
    assert {one.date for one in anchors} <= {day for day in frame["local_date"] if day.year == 2025}
