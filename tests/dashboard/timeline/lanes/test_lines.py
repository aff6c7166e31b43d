"""One day far beyond all others is cut off and marked, and does not flatten the lane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from dashboard.timeline.cut_marks import BEYOND, CUT_NAME
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.print_figure import draw_svg


def with_week(data, column: str, factor: float, days: int):
    """The demo with some days at a factor of the highest value, a week before the end."""
    top = data.lanes[column].max()
    last = pl.int_range(pl.len()).is_between(pl.len() - 7 - days, pl.len() - 8)
    raised = pl.when(last).then(pl.lit(factor * top)).otherwise(column).alias(column)
    return replace(data, lanes=data.lanes.with_columns(raised))


LANES = {"distance_7d_m": "Volume", "fast_7d_s": "Fast", "ascent_7d_m": "Climb", "load_7d_tkm": "Load"}


def lane_of(fig, name: str):
    """The traces on the axis of a named line, and the axis."""
    axis = next(trace.yaxis for trace in fig.data if trace.name == name)
    return [trace for trace in fig.data if trace.yaxis == axis], fig.layout[f"yaxis{axis[1:]}"]


def cuts(traces) -> list:
    return [trace for trace in traces if trace.name and "Cut off" in trace.name]


def test_one_week_far_beyond_is_cut_and_marked_with_its_value(demo_page):
    plain = timeline_figure(demo_page.picture)
    for column, name in LANES.items():
        raised = with_week(demo_page.picture, column, 6.0, 7)
        traces, axis = lane_of(timeline_figure(raised), name)
        edge = axis.tickvals[-1]
        (mark,) = [trace for trace in cuts(traces) if trace.name == CUT_NAME]
        assert all(BEYOND in text for text in mark.text)
        assert all(edge / 2 < y < edge for y in mark.y)
        assert edge <= 1.6 * lane_of(plain, name)[1].tickvals[-1]
        lines = [trace for trace in traces if trace.mode == "lines"]
        assert all(np.nanmax(np.asarray(trace.y, dtype=float)) <= axis.range[1] * 1.001 for trace in lines)
        values = [np.nanmax(trace.customdata) for trace in lines if trace.customdata is not None]
        assert max(values) > 2 * edge, "the pointer is answered with the value itself"
        told = [text for trace in lines if trace.text is not None for text in trace.text]
        assert sum(BEYOND in text for text in told) >= 7
        assert BEYOND in draw_svg(raised)


def test_a_long_stretch_of_more_is_not_cut(demo_page):
    traces, axis = lane_of(timeline_figure(with_week(demo_page.picture, "ascent_7d_m", 6.0, 30)), "Climb")
    assert not [trace for trace in cuts(traces) if trace.name == CUT_NAME]
    assert axis.range[1] > 3 * lane_of(timeline_figure(demo_page.picture), "Climb")[1].range[1]


def test_the_hover_says_the_usual_range(demo_page):
    fig = timeline_figure(demo_page.picture)
    for name in ("Volume", "Fast", "Climb", "Descent", "Cadence"):
        line = next(trace for trace in fig.data if trace.name == name)
        assert any(", usually " in text for text in line.text), name
        assert line.hovertemplate.endswith("%{text}")
    habit = next(trace for trace in fig.data if trace.name == "Used to")
    assert any("its band" in text for text in habit.text)
    shoes = next(trace for trace in fig.data if trace.name == "Shoes")
    assert any("mean drop, usually " in text for text in shoes.text)
