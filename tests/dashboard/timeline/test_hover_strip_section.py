"""No trace draws a floating box: each carries what it answers for the strip beside its lane."""

from __future__ import annotations

import pytest

from dashboard.shared.units import Units
from dashboard.timeline import hover_strip_section
from dashboard.timeline.data import ScreenFit, TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_plain


@pytest.fixture(scope="module")
def silent(jumping, shoe_names):
    days = jumping.days["local_date"]
    options = TimelineOptions(Units(), fit=ScreenFit(400.0, {"Tendon load": 50.0, "Volume": 44.0}))
    data = timeline_data(jumping, shoe_names, days[-112], days[-1], options)
    return hover_strip_section.without_box(timeline_plain(data), False, 1)


def test_no_trace_has_a_box_and_each_answer_is_carried(silent):
    plain = silent.to_dict()
    assert all(trace["hoverinfo"] in ("skip", "none") for trace in plain["data"])
    assert not any("hovertemplate" in trace for trace in plain["data"])
    answers = {trace["meta"]["name"]: trace["meta"]["template"] for trace in plain["data"] if "meta" in trace}
    assert {"Load", "Volume", "Pain"} <= set(answers)
    assert "%{y" in answers["Volume"]
    assert plain["layout"]["hovermode"] == "x"


def test_every_lane_has_its_place_for_the_strip(silent):
    meta = silent.to_dict()["layout"]["meta"]
    axes = {name.replace("yaxis", "y") for name in silent.to_dict()["layout"] if name.startswith("yaxis")}
    assert {lane["axis"] for lane in meta["lanes"]} == axes


def test_on_one_screen_a_lane_has_the_height_it_is_given(silent):
    layout = silent.to_dict()["layout"]
    inner = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    heights = [
        round((axis["domain"][1] - axis["domain"][0]) * inner)
        for name, axis in layout.items()
        if name.startswith("yaxis") and axis.get("visible", True)
    ]
    assert {44, 50} <= set(heights)
