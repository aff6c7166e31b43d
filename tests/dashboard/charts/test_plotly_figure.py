"""No figure offers to leave this machine."""

from __future__ import annotations

import plotly.io as pio

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
