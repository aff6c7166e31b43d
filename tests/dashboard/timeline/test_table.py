"""The same as a table."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from dashboard.shared.units import Units
from dashboard.timeline.table import timeline_csv, timeline_table, timeline_weeks

START, END = date(2025, 3, 1), date(2025, 4, 30)


def test_every_day_newest_first_with_its_unit(jumping):
    frame = timeline_table(jumping, START, END, Units())
    assert frame.height == 61
    assert frame["Date"][0] == END
    assert "Distance (km)" in frame.columns
    assert "Load (easy km)" in frame.columns


def test_units_change_numbers_together(jumping):
    metric, imperial = (
        timeline_table(jumping, START, END, Units()),
        timeline_table(jumping, START, END, Units("mi", "ft")),
    )
    assert metric["Distance (km)"].sum() / imperial["Distance (mi)"].sum() == pytest.approx(1.609, rel=0.01)
    assert metric["Load (easy km)"].sum() / imperial["Load (easy mi)"].sum() == pytest.approx(1.609, rel=0.01)
    assert (metric["× used to"] == imperial["× used to"]).all()


def test_not_logged_is_empty_and_not_zero(jumping):
    frame = timeline_table(jumping, START, END, Units())
    assert frame["Pain (0–10)"].null_count() > 0
    back = pl.read_csv(io.BytesIO(timeline_csv(frame)[3:]))
    assert back["Pain (0–10)"].null_count() == frame["Pain (0–10)"].null_count()
    assert back.height == frame.height


@pytest.mark.parametrize(("week_start", "weekday"), [("monday", 1), ("sunday", 7), ("saturday", 6)])
def test_calendar_weeks_begin_on_the_day_that_was_set_and_hold_every_day_once(jumping, week_start, weekday):
    first, last = jumping.days["local_date"].min(), jumping.days["local_date"].max()
    frame = timeline_weeks(jumping, first, last, Units(), week_start)
    assert set(frame["Week from"].dt.weekday()) == {weekday}
    assert frame["Runs"].sum() == jumping.days["runs"].sum()
    days = jumping.days.filter(pl.col("distance_m").is_not_null())
    assert frame["Distance (km)"].sum() == pytest.approx(
        days["distance_m"].sum() / 1000, abs=0.05 * frame.height
    )


def test_a_week_with_a_run_of_unknown_load_has_no_sum(jumping):
    hole = jumping.days["local_date"][100]
    days = jumping.days.with_columns(
        load_tkm=pl.when(pl.col("local_date") != hole).then("load_tkm"),
        runs=pl.when(pl.col("local_date") == hole).then(1).otherwise("runs"),
    )
    frame = timeline_weeks(replace(jumping, days=days), hole, hole, Units())
    assert frame["Load (easy km)"].to_list() == [None]
