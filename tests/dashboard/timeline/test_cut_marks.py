"""What a scale cuts off is marked where it is, up or down, and told."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.timeline import cut_marks
from dashboard.timeline.canvas import LaneArea
from dashboard.timeline.print_canvas import PrintCanvas
from dashboard.timeline.screen_canvas import ScreenCanvas


@pytest.fixture
def canvas(demo_page):
    return ScreenCanvas(demo_page.picture)


def test_every_stretch_that_is_cut_is_marked_and_the_largest_named(canvas):
    y = np.ones(canvas.rows.height)
    y[10:13], y[40], y[70] = (5, 7, 6), 9, -8
    shown = cut_marks.cut_line(canvas, LaneArea(0, 50, "y", -2, 2), y, 2.0, "{:.0f} m".format, "#000000")
    up, down = canvas.traces
    assert (up["name"], list(up["text"])) == ("▲ Cut off", ["7 m, beyond the scale", "9 m, beyond the scale"])
    assert (down["name"], list(down["y"])) == ("▼ Cut off", pytest.approx([-(2 - 14 * 4 / 50)]))
    assert list(up["x"]) == canvas.times_ms[[11, 40]].tolist()
    assert [note["text"] for note in canvas.annotations] == ["9 m, beyond the scale"]
    assert (shown.min(), shown.max()) == (-2, 2)
    assert cut_marks.beyond_texts(y, 2.0)[9:12] == ["", ", beyond the scale", ", beyond the scale"]


def test_what_fits_is_left_as_it_is(canvas):
    y = np.ones(canvas.rows.height)
    assert cut_marks.cut_line(canvas, LaneArea(0, 50, "y"), y, 2.0, str, "#000000") is y
    assert not canvas.traces


def test_a_stack_is_cut_from_the_top_and_its_sum_is_marked(canvas):
    low, high = np.full(canvas.rows.height, 3.0), np.zeros(canvas.rows.height)
    high[20:27] = 30
    area = LaneArea(0, 50, "y")
    one, other = cut_marks.cut_stack(canvas, area, [low, high], 5.0, "{:.0f} h".format, "#000000")
    assert set(one) == {3.0}
    assert set(other) == {0.0, 2.0}
    assert list(canvas.traces[0]["text"]) == ["33 h, beyond the scale"]
    assert cut_marks.cut_stack(canvas, area, [], 5.0, str, "#000000") == []


def test_the_words_of_a_cut_at_the_end_stay_inside(demo_page):
    for canvas in (ScreenCanvas(demo_page.picture), PrintCanvas(demo_page.picture, "serif")):
        y = np.ones(canvas.rows.height)
        y[-1] = 9
        cut_marks.cut_line(canvas, LaneArea(0, 50, "y", 0, 2), y, 2.0, "{:.0f} m".format, "#000000")
        if isinstance(canvas, ScreenCanvas):
            assert [note["xanchor"] for note in canvas.annotations] == ["right"]
        else:
            assert "text-anchor='end'>9 m" in canvas.sheet.written("", "")
