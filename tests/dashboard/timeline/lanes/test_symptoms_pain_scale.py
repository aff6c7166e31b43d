"""The scale of pain: of the dates shown, from 4 to 10, and no score ever cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from dashboard.shared.units import Units
from dashboard.timeline.canvas import LaneArea
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.lanes.symptoms import PAIN, pain_top
from dashboard.timeline.print_canvas import PrintCanvas
from dashboard.timeline.screen_canvas import ScreenCanvas

START, END = date(2025, 1, 1), date(2025, 4, 22)


def data_of(analysis, shoe_names, most: float):
    days = analysis.days.with_columns(pain_0_10=pl.lit(most))
    options = TimelineOptions(Units(), shown=("symptoms",))
    return timeline_data(replace(analysis, days=days), shoe_names, START, END, options)


@pytest.mark.parametrize(
    ("most", "top"), [(0.0, 4.0), (2.0, 4.0), (4.0, 4.0), (4.5, 6.0), (7.0, 8.0), (9.0, 10.0), (10.0, 10.0)]
)
def test_the_scale_of_pain_is_that_of_the_dates_shown(steady, shoe_names, most, top):
    data = data_of(steady, shoe_names, most)
    screen, paper = ScreenCanvas(data), PrintCanvas(data, "serif")
    assert pain_top(screen) == pain_top(paper) == top
    area = LaneArea(10, 60, "y")
    PAIN.draw(screen, area)
    assert list(screen.axes["yaxis"]["tickvals"]) == [0, top / 2, top]
    assert area.high > top >= most


def test_a_record_without_symptoms_has_the_whole_scale(steady, shoe_names):
    none = steady.days.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("pain_0_10", "stiffness_min", "stiffness_0_10")
    )
    options = TimelineOptions(Units(), shown=("symptoms",))
    data = timeline_data(replace(steady, days=none), shoe_names, START, END, options)
    assert pain_top(ScreenCanvas(data)) == 10.0
