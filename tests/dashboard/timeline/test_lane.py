"""One record is one lane: drawn on the screen and on paper, chosen by its title and heard in the printed picture."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from connectors.frames import STRENGTH
from dashboard.model.channels import CHANNELS
from dashboard.model.step_ups import is_leading
from dashboard.timeline import lanes
from dashboard.timeline.canvas import Canvas, Hover, LaneArea, TimelineWindow
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.lane import Lane, fixed, words
from dashboard.timeline.print_canvas import PrintCanvas
from dashboard.timeline.print_figure import draw_svg, picture_alt
from dashboard.timeline.screen_canvas import ScreenCanvas

SLEEP = "#123456"


def draw_sleep(canvas: Canvas, area: LaneArea) -> None:
    y = canvas.values("sleep_h")
    canvas.scale(area, 12)
    canvas.fill(area, y, SLEEP, 0.1)
    canvas.line(area, y, SLEEP, hover=Hover("Sleep", "%{y:.1f} h"))
    canvas.label_line(area, 0.5, "asleep", SLEEP, "top")


ADDED = Lane(
    id="sleep",
    title="Hours of sleep",
    unit=words("h, last night"),
    height=fixed(62.0, 28.0),
    columns=("sleep_h",),
    draw=draw_sleep,
    is_available=lambda analysis, strength: not analysis.runs.is_empty(),
)


def test_each_channel_that_can_lead_opens_one_lane():
    own = [channel for lane in lanes.LANES for channel in lane.channels]
    assert sorted(own) == sorted(one.id for one in CHANNELS if is_leading(one.id))


@pytest.fixture
def with_sleep(demo_page, monkeypatch):
    """The demo runner with hours of sleep, and the one row that adds their lane."""
    monkeypatch.setattr(lanes, "LANES", (*lanes.LANES, ADDED))
    data = demo_page.picture
    return replace(data, lanes=data.lanes.with_columns(sleep_h=pl.lit(7.5)))


def test_a_lane_added_once_is_on_the_screen_on_paper_and_in_the_words(with_sleep, demo_ready):
    fig = timeline_figure(with_sleep)
    words_drawn = " ".join(note.text for note in fig.layout.annotations)
    (trace,) = [trace for trace in fig.data if trace.name == "Sleep"]
    assert np.allclose(trace.y, 7.5)
    assert all(text in words_drawn for text in ("Hours of sleep", "h, last night", "asleep"))
    svg = draw_svg(with_sleep)
    assert all(f">{text}</text>" in svg for text in ("Hours of sleep", "h, last night", "asleep", "12"))
    assert f"stroke='{SLEEP}'" in svg
    assert "Strength, Hours of sleep." in picture_alt(with_sleep)
    assert lanes.lane_titles()["sleep"] == "Hours of sleep"
    assert "sleep" in lanes.available_ids(demo_ready[0], STRENGTH.empty())


def test_a_lane_whose_columns_are_not_there_is_drawn_nowhere(with_sleep):
    bare = replace(with_sleep, lanes=with_sleep.lanes.drop("sleep_h"))
    assert "Hours of sleep" not in draw_svg(bare)
    assert "Hours of sleep" not in picture_alt(bare)
    assert not [trace for trace in timeline_figure(bare).data if trace.name == "Sleep"]


def test_a_lane_not_asked_for_is_drawn_nowhere(with_sleep):
    some = replace(with_sleep, shown=("load", "sleep"))
    assert picture_alt(some).endswith(
        "Tendon load, Hours of sleep. The sentences and the table of this report say the same."
    )


@pytest.mark.parametrize("lane", lanes.LANES, ids=lambda lane: lane.title)
def test_a_lane_is_drawn_with_the_verbs_alone(lane, demo_page):
    """A canvas that has the verbs and nothing else is enough for every lane."""
    calls: list[str] = []
    verbs = {name for name in vars(Canvas) if not name.startswith("_")}

    def verb(name: str):
        def call(self, *args, **more):
            calls.append(name)
            inspect.signature(getattr(Canvas, name)).bind(self, *args, **more)
            return args[1] if name == "pick" else None

        return call

    bare = type("BareCanvas", (Canvas,), {name: verb(name) for name in verbs})
    canvas = bare(demo_page.picture)
    assert lane.height(canvas) > 0
    assert lane.unit(canvas)
    lane.draw(canvas, LaneArea(0, 50))
    assert "scale" in calls
    assert set(lane.columns) <= set(demo_page.picture.lanes.columns)


def test_both_canvases_have_every_verb_and_no_lane_verb_of_their_own():
    verbs = {name for name in vars(Canvas) if not name.startswith("_")}
    window = set(dir(TimelineWindow))
    for canvas in (ScreenCanvas, PrintCanvas):
        assert verbs <= set(vars(canvas))
    assert {name for name in vars(PrintCanvas) if not name.startswith("_")} - verbs - window == {
        *("x", "at", "at_ms", "day", "span")
    }


def test_each_lane_has_a_title_and_lanes_of_one_id_stand_together():
    ids = [lane.id for lane in lanes.LANES]
    assert [one for one, before in zip(ids, ["", *ids], strict=False) if one != before] == list(
        dict.fromkeys(ids)
    )
    assert list(lanes.lane_titles()) == list(dict.fromkeys(ids))
    assert lanes.lane_titles()["symptoms"] == "Symptoms"
