"""One day far beyond all others is cut off and marked, and does not flatten the lane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.lanes.lines import BEYOND
from dashboard.timeline.print_figure import draw_svg


def with_week(data, column: str, factor: float, days: int):
    """The demo with some days at a factor of the highest value, a week before the end."""
    top = data.lanes[column].max()
    last = pl.int_range(pl.len()).is_between(pl.len() - 7 - days, pl.len() - 8)
    raised = pl.when(last).then(pl.lit(factor * top)).otherwise(column).alias(column)
    return replace(data, lanes=data.lanes.with_columns(raised))


@pytest.mark.parametrize("column", ["distance_7d_m", "fast_7d_s", "ascent_7d_m"])
def test_one_week_far_beyond_is_cut_and_marked_with_its_value(demo_page, column):
    fig = timeline_figure(with_week(demo_page.picture, column, 6.0, 7))
    (mark,) = [trace for trace in fig.data if trace.name == "▲ Cut off"]
    assert BEYOND in mark.text[0]
    axis = fig.layout[f"yaxis{mark.yaxis[1:]}"]
    assert mark.y[0] == pytest.approx(axis.range[1])
    plain = timeline_figure(demo_page.picture)
    assert axis.range[1] <= 1.6 * plain.layout[f"yaxis{mark.yaxis[1:]}"].range[1]
    lines = [trace for trace in fig.data if trace.yaxis == mark.yaxis and trace.mode == "lines"]
    assert all(np.nanmax(np.asarray(trace.y, dtype=float)) <= axis.range[1] * 1.001 for trace in lines)
    values = [np.nanmax(trace.customdata) for trace in lines if trace.customdata is not None]
    assert max(values) > 2 * axis.range[1], "the pointer is answered with the value itself"
    assert BEYOND in draw_svg(with_week(demo_page.picture, column, 6.0, 7))


def test_a_long_stretch_of_more_is_not_cut(demo_page):
    fig = timeline_figure(with_week(demo_page.picture, "ascent_7d_m", 6.0, 30))
    assert not [trace for trace in fig.data if trace.name == "▲ Cut off"]
    assert BEYOND not in draw_svg(demo_page.picture)
