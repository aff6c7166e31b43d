"""Four weeks of load: sums of whole weeks only, unknown left open, and one short line each."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.report.four_weeks import four_weeks_grid, load_week, mean_before


def test_sums_are_those_of_the_record(consult_input):
    grid = four_weeks_grid(consult_input)
    assert grid is not None
    assert grid.rows[0] == ["29 Apr", "32.0", "8.0", "–", "160", "32.5", "0.84", "0", "7 of 7"]
    assert grid.rows[2][:3] == ["15 Apr", "68.0", "20.0"]
    assert len(grid.rows) == 5
    days = consult_input.analysis.days
    eight = days.filter(pl.col("local_date").is_between(date(2026, 2, 5), date(2026, 4, 1)))[
        "distance_m"
    ].sum()
    assert grid.rows[-1][:2] == ["mean before", f"{eight / 8000:.1f}"]
    assert grid.in_words[0] == "Week to 29 Apr: 32.0 km (longest 8.0), 160 m up, load ×0.84, pain 0"


def test_a_week_with_a_hole_is_left_open(consult_input):
    last = consult_input.end
    days, runs = consult_input.analysis.days, consult_input.analysis.runs
    hole = days.with_columns(
        known=pl.when(pl.col("local_date") == last - timedelta(days=2)).then(False).otherwise("known")
    )
    week = load_week(hole, runs, last)
    assert (week.distance_m, week.longest_m, week.load_tkm) == (None, None, None)
    assert week.pain_0_10 == 0
    assert mean_before(hole, last).distance_m is None


def test_what_the_record_does_not_hold_is_not_reckoned(consult_input):
    first = consult_input.analysis.days["local_date"].min()
    assert mean_before(consult_input.analysis.days, first + timedelta(days=54)) is None
    assert mean_before(consult_input.analysis.days, first + timedelta(days=55)) is not None
