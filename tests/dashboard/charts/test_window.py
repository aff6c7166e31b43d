"""Which dates."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.charts.window import chosen, whole

LAST = date(2025, 6, 23)


def test_lengths_end_with_the_record(jumping):
    assert chosen(jumping, "16 weeks") == (LAST - timedelta(days=111), LAST)
    assert chosen(jumping, "1 year") == (LAST - timedelta(days=364), LAST)
    assert chosen(jumping, "3 years") == chosen(jumping, "All") == whole(jumping)


def test_own_dates_are_held_inside_the_record(jumping):
    given = (date(2000, 1, 1), date(2024, 3, 1))
    assert chosen(jumping, "Dates", given) == (date(2024, 1, 2), date(2024, 3, 1))


def test_half_made_or_odd_dates_fall_back(jumping):
    usual = chosen(jumping, "16 weeks")
    assert chosen(jumping, "Dates", (date(2024, 3, 1),)) == usual
    assert chosen(jumping, "Dates", None) == usual
    assert chosen(jumping, "nonsense") == usual
    assert chosen(jumping, None) == usual
