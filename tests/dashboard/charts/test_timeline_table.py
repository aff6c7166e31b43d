"""The same as a table."""

from __future__ import annotations

import io
from datetime import date

import polars as pl
import pytest

from dashboard.charts.timeline_table import csv, table
from dashboard.units import Units

START, END = date(2025, 3, 1), date(2025, 4, 30)


def test_every_day_newest_first_with_its_unit(jumping):
    frame = table(jumping, START, END, Units())
    assert frame.height == 61
    assert frame["Date"][0] == END
    assert "Distance (km)" in frame.columns
    assert "Load (tkm)" in frame.columns


def test_units_change_numbers_together(jumping):
    metric, imperial = table(jumping, START, END, Units()), table(jumping, START, END, Units("mi", "ft"))
    assert metric["Distance (km)"].sum() / imperial["Distance (mi)"].sum() == pytest.approx(1.609, rel=0.01)
    assert metric["Load (tkm)"].sum() / imperial["Load (tmi)"].sum() == pytest.approx(1.609, rel=0.01)
    assert (metric["Ratio to habit"] == imperial["Ratio to habit"]).all()


def test_not_logged_is_empty_and_not_zero(jumping):
    frame = table(jumping, START, END, Units())
    assert frame["Pain (0–10)"].null_count() > 0
    back = pl.read_csv(io.BytesIO(csv(frame)[3:]))
    assert back["Pain (0–10)"].null_count() == frame["Pain (0–10)"].null_count()
    assert back.height == frame.height
