"""The 24-hour pattern: medians of now, the largest since, and what settled; unknown is never zero."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import SYMPTOM
from connectors.manual_rows import symptom_rows
from dashboard.model.day_pattern import NOW_DAYS, SETTLING_DAYS, TIMES_OF_DAY, day_pattern

UNTIL = date(2026, 6, 30)
SINCE = date(2026, 4, 1)
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def diary(*entries: dict) -> pl.DataFrame:
    return symptom_rows(entries, 1, NOW)


def back(days: int) -> date:
    return UNTIL - timedelta(days=days)


def test_an_empty_diary_knows_nothing():
    pattern = day_pattern(SYMPTOM.empty(), [back(1), back(3)], SINCE, UNTIL)
    assert [one.id for one in pattern.times] == list(TIMES_OF_DAY)
    assert {(one.now_low, one.now_days, one.peak_high, one.peak_date) for one in pattern.times} == {
        (None, 0, None, None)
    }
    assert (pattern.settled, pattern.run_days, pattern.start_pain_days, pattern.last_logged) == (
        0,
        0,
        0,
        None,
    )


def test_now_is_the_median_and_the_most_has_its_date():
    days = [(0, 1.0), (4, 2.0), (13, 6.0), (14, 9.0), (40, 8.0), (100, 10.0)]
    pattern = day_pattern(
        diary(*({"date": back(n), "morning_pain_0_10": p} for n, p in days)), [], SINCE, UNTIL
    )
    first = pattern.moment("first_steps")
    assert (first.now_low, first.now_high, first.now_days) == (2.0, 2.0, 3)
    assert (first.peak_high, first.peak_date) == (9.0, back(14))  # the 10 lies before `since`
    assert pattern.moment("during").now_low is None


def test_zero_is_an_answer_and_an_open_field_is_none():
    pattern = day_pattern(
        diary({"date": back(0), "pain_during_0_10": 0.0}, {"date": back(1), "morning_pain_0_10": 3.0}),
        [],
        SINCE,
        UNTIL,
    )
    during = pattern.moment("during")
    assert (during.now_low, during.now_days, during.peak_high) == (0.0, 1, 0.0)
    assert pattern.moment("after").now_low is None


def test_minutes_tapped_as_a_band_keep_both_ends():
    entries = [
        {"date": back(0), "morning_stiffness_band": "5-15"},
        {"date": back(1), "morning_stiffness_min": 10.0},
        {"date": back(2), "morning_stiffness_band": "15-30"},
        {"date": back(30), "morning_stiffness_band": ">30"},
    ]
    minutes = day_pattern(diary(*entries), [], SINCE, UNTIL).moment("stiffness_min")
    assert (minutes.now_low, minutes.now_high, minutes.now_days) == (10.0, 15.0, 3)
    assert (minutes.peak_low, minutes.peak_high, minutes.peak_date) == (30.0, 1440.0, back(30))


def test_the_morning_after_a_run_is_the_larger_of_pain_and_stiffness():
    entries = [
        {"date": back(1), "morning_pain_0_10": 1.0, "morning_stiffness_0_10": 4.0},
        {"date": back(5), "morning_pain_0_10": 9.0},
    ]
    after = day_pattern(diary(*entries), [back(2)], SINCE, UNTIL).moment("next_morning")
    assert (after.now_low, after.now_days, after.peak_high) == (4.0, 1, 4.0)


def test_a_day_with_pain_of_a_run_logged_is_a_run_day_without_a_recording():
    entries = [
        {"date": back(6), "morning_pain_0_10": 1.0, "pain_during_0_10": 3.0},
        {"date": back(5), "morning_pain_0_10": 1.0},
    ]
    pattern = day_pattern(diary(*entries), [], SINCE, UNTIL)
    assert (pattern.settled, pattern.run_days) == (1, 1)


def test_settled_is_counted_only_where_the_next_morning_was_logged():
    entries = [
        {"date": back(20), "morning_pain_0_10": 3.0},
        {"date": back(19), "morning_pain_0_10": 3.0},  # no higher than before: settled
        {"date": back(15), "morning_pain_0_10": 3.0},
        {"date": back(14), "morning_pain_0_10": 4.0},  # higher: not settled
        {"date": back(10), "morning_pain_0_10": 5.0},  # the morning before was not logged: 5 is not settled
        {"date": back(6), "morning_pain_0_10": 2.0},  # the same with 2: settled
        {"date": back(SETTLING_DAYS - 1), "morning_pain_0_10": 9.0},  # its run lies before the 28 days
    ]
    runs = [back(n) for n in (20, 15, 11, 7, 3, 0, SETTLING_DAYS)]
    pattern = day_pattern(diary(*entries), runs, SINCE, UNTIL)
    assert (pattern.settled, pattern.run_days) == (2, 4)


def test_pain_of_the_start_warms_up_only_where_somebody_said_so():
    entries = [
        {"date": back(2), "pain_start_0_10": 3.0, "warmed_up": True},
        {"date": back(4), "pain_start_0_10": 3.0, "warmed_up": False},
        {"date": back(6), "pain_start_0_10": 3.0},
        {"date": back(8), "pain_start_0_10": 0.0, "warmed_up": True},
        {"date": back(9), "side": "left", "pain_start_0_10": 3.0, "warmed_up": True},
        {"date": back(9), "side": "right", "pain_start_0_10": 2.0, "warmed_up": False},
    ]
    pattern = day_pattern(diary(*entries), [], SINCE, UNTIL)
    assert (pattern.warmed_up, pattern.start_pain_days) == (1, 3)


scores = st.none() | st.integers(0, 10).map(float)


@given(
    st.dictionaries(st.integers(0, 90), st.tuples(scores, scores, scores), max_size=40),
    st.sets(st.integers(0, 90)),
)
def test_whatever_was_logged_the_numbers_hold_together(logged, ran):
    entries = [
        {
            "date": back(n),
            "morning_pain_0_10": one,
            "morning_stiffness_0_10": two,
            "pain_during_0_10": three,
            "warmed_up": True,
        }
        for n, (one, two, three) in logged.items()
    ]
    pattern = day_pattern(diary(*entries), [back(n) for n in ran], SINCE, UNTIL)
    assert 0 <= pattern.settled <= pattern.run_days <= SETTLING_DAYS
    for one in pattern.times:
        assert (one.now_low is None) == (one.now_days == 0)
        assert one.now_days <= NOW_DAYS
        assert (one.peak_high is None) == (one.peak_date is None)
        if one.now_high is not None:
            assert one.peak_high is not None
            assert one.now_high <= one.peak_high
    later = {"date": UNTIL + timedelta(days=1), "morning_pain_0_10": 10.0}
    assert day_pattern(diary(*entries, later), [back(n) for n in ran], SINCE, UNTIL) == pattern


@pytest.mark.parametrize("side", ["left", "right"])
def test_of_two_sides_the_larger_counts(side):
    entries = [
        {"date": back(0), "side": one, "morning_pain_0_10": 6.0 if one == side else 1.0}
        for one in ("left", "right")
    ]
    assert day_pattern(diary(*entries), [], SINCE, UNTIL).moment("first_steps").now_low == 6.0
