"""Dates along the clock."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from dashboard.charts.axes import date_axis, date_ticks


@given(some.dates(date(1990, 1, 1), date(2060, 1, 1)), some.integers(1, 9000), some.sampled_from([5, 13]))
def test_dates_are_few_in_order_and_inside(start, days, most):
    end = start + timedelta(days=days)
    found = [moment for moment, _ in date_ticks(start, end, most)]
    assert len(found) <= most + 1
    assert found == sorted(set(found))
    assert all(start <= moment <= end for moment in found)


def test_sixteen_weeks_have_mondays_and_the_year_once():
    found = date_ticks(date(2026, 8, 3), date(2026, 11, 22), 13)
    assert all(moment.weekday() == 0 for moment, _ in found)
    assert sum("2026" in text for _, text in found) == 1


def test_a_year_has_months_and_names_each_new_year():
    found = date_ticks(date(2025, 11, 21), date(2026, 11, 20), 13)
    assert [text.split("<")[0] for _, text in found][:3] == ["Dec", "Jan", "Feb"]
    assert "2026" in found[1][1]


def test_an_axis_has_a_text_at_each_date_and_each_year_once():
    axis = date_axis(date_ticks(date(2026, 11, 2), date(2027, 1, 31), 13))
    assert len(axis["tickvals"]) == len(axis["ticktext"]) == 13
    assert axis["tickvals"][0] == "2026-11-02"
    assert ["<b>" in text for text in axis["ticktext"]].count(True) == 2
