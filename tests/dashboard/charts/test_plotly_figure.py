"""No figure offers to leave this machine."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from dashboard.charts.plotly_figure import QUIET, PageFigure


def test_nothing_is_sent_and_nothing_traps_the_wheel():
    assert QUIET["showSendToCloud"] is False
    assert QUIET["displaylogo"] is False
    assert QUIET["scrollZoom"] is False
    assert QUIET["displayModeBar"] is False
    assert QUIET["plotlyServerURL"] == ""


def test_the_configuration_reaches_the_page():
    html = pio.to_html(PageFigure({"data": []}), config=QUIET, include_plotlyjs=False)
    assert '"showSendToCloud": false' in html
    assert '"displaylogo": false' in html


def test_drawing_twice_gives_the_same_bytes():
    one, two = (
        pio.to_json(PageFigure({"data": [{"y": [1, 2]}]}).to_dict(), validate=False) for _ in range(2)
    )
    assert one == two


def test_plotly_makes_its_own_objects_of_a_figure_once_they_are_asked_for():
    figure = PageFigure({"data": [{"type": "scatter", "y": [1.0, 2.0]}], "layout": {"height": 90}})
    drawn = figure.to_dict()
    assert "_data_objs" not in vars(figure)
    assert figure.layout.height == 90
    figure.update_layout(height=80)
    assert figure.to_dict() == {**drawn, "layout": {**drawn["layout"], "height": 80}}


def test_what_plotly_does_not_know_is_refused_once_they_are_asked_for():
    figure = PageFigure({"data": [{"type": "scatter", "lines": {}}], "layout": {}})
    with pytest.raises(ValueError, match="lines"):
        figure.data  # noqa: B018


def test_a_figure_is_sent_as_plotly_itself_sends_it_and_drawing_leaves_it_as_it_was():
    x = np.array([1.5e12, 1.6e12], dtype="float32")
    plain = {
        "data": [{"type": "scatter", "x": x, "y": np.array([1, 300]), "text": ["a", None]}],
        "layout": {
            "dragmode": False,
            "shapes": [{"type": "line", "x0": date(2026, 1, 1)}],
            "meta": {"of": x},
        },
    }
    one = PageFigure(plain)
    sent = json.loads(pio.to_json(one.to_dict(), validate=False))
    assert sent["data"] == json.loads(pio.to_json(go.Figure(plain).to_dict(), validate=False))["data"]
    assert plain["layout"]["dragmode"] is False
    assert plain["data"][0]["x"] is x
