"""Words on a stretch of a lane: whole, wherever the stretch lies and however narrow the picture is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.shared.units import Units
from dashboard.timeline.canvas import DateSpan, LaneArea
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.screen_canvas import CAPTION_CHARACTER_PX, ScreenCanvas


@given(st.data())
def test_no_caption_is_cut_at_an_edge(jumping, shoe_names, data):
    days = data.draw(st.integers(28, 500))
    last = jumping.days["local_date"].max()
    start = last - timedelta(days=days - 1)
    options = TimelineOptions(Units(), is_narrow=data.draw(st.booleans()))
    canvas = ScreenCanvas(timeline_data(jumping, shoe_names, start, last, options))
    first = data.draw(st.integers(0, days - 1))
    end = data.draw(st.integers(first, days - 1))
    text = "x" * data.draw(st.integers(1, int(canvas.plot_px / CAPTION_CHARACTER_PX)))
    span = DateSpan(start + timedelta(days=first), start + timedelta(days=end), True, True)
    canvas.caption(LaneArea(0, 60, "y"), span, text, "#000000")
    (note,) = canvas.annotations
    wide, per_day = len(text) * CAPTION_CHARACTER_PX, canvas.plot_px / canvas.days
    if note["xref"] == "paper":
        left = 0.0
    elif note["xanchor"] == "left":
        left = first * per_day
    else:
        left = (end + 1) * per_day - wide
    assert left >= -1e-6
    assert left + wide <= canvas.plot_px + per_day + 1e-6
