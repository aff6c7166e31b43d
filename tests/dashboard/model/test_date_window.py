"""Which dates."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.date_window import around_onset, choose_range, full_range, holding, last_days, neighbours

LAST = date(2025, 6, 23)


def test_lengths_end_with_the_record(jumping):
    assert choose_range(jumping, "16 weeks") == (LAST - timedelta(days=111), LAST)
    assert choose_range(jumping, "1 year") == (LAST - timedelta(days=364), LAST)
    assert choose_range(jumping, "3 years") == choose_range(jumping, "All") == full_range(jumping)


def test_the_last_days_stay_inside_the_record():
    assert last_days(LAST - timedelta(days=9), LAST, 7) == (LAST - timedelta(days=6), LAST)
    assert last_days(LAST, LAST, 7) == (LAST, LAST)


def test_neighbours_have_the_same_length_and_end_with_the_record(jumping):
    first, last = full_range(jumping)
    start, end = choose_range(jumping, "16 weeks")
    before, after = neighbours(jumping, start, end)
    assert after is None
    assert before is not None
    assert before == (start - (end - start), start)
    assert neighbours(jumping, *before)[1] == (start, end)
    near = (first + timedelta(days=3), first + timedelta(days=33))
    assert neighbours(jumping, *near)[0] == (first, first + timedelta(days=30))
    assert neighbours(jumping, first, last) == (None, None)


def test_own_dates_are_held_inside_the_record(jumping):
    given = (date(2000, 1, 1), date(2024, 3, 1))
    assert choose_range(jumping, "Dates", given) == (date(2024, 1, 2), date(2024, 3, 1))


def test_half_made_or_odd_dates_fall_back(jumping):
    usual = choose_range(jumping, "16 weeks")
    assert choose_range(jumping, "Dates", (date(2024, 3, 1),)) == usual
    assert choose_range(jumping, "Dates", None) == usual
    assert choose_range(jumping, "nonsense") == usual
    assert choose_range(jumping, None) == usual


@given(back=st.integers(-10, 560), days=st.integers(1, 300))
def test_an_onset_is_always_inside(jumping, back, days):
    first, last = full_range(jumping)
    onset = last - timedelta(days=back)
    start, end = around_onset(jumping, onset)
    assert start <= onset <= end
    if start <= first + timedelta(days=84) <= onset <= last - timedelta(days=28):
        assert (start, end) == (onset - timedelta(days=84), onset + timedelta(days=28))
    start, end = holding(last - timedelta(days=days), last, onset)
    assert start <= onset <= end
    assert (start, end) == (last - timedelta(days=days), last) or not last - timedelta(
        days=days
    ) <= onset <= last
    assert holding(start, end, None) == (start, end)
