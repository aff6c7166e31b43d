"""The one Plotly configuration for every figure that leaves Python, and the page-friendly figure."""

# Plotly 7 adds a button that uploads the figure unless it is told not to. Nothing of a runner leaves the
# machine.

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

QUIET: dict[str, Any] = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "doubleClickDelay": 1,  # a tap arrives twice, as touch and as mouse: never one double click
    "showTips": False,
    "showAxisDragHandles": False,
    "responsive": True,
    "editable": False,
}

LET_THE_PAGE_SCROLL = "page"
DRAG_CHOOSES = "select"
"""A drag chooses dates: for a mouse alone, since it takes every touch."""


class PageFigure(go.Figure):
    """A figure over which a finger scrolls the page."""

    # Streamlit replaces `dragmode=False` by "pan" as soon as points can be selected, and "pan" swallows every
    # touch. A drag mode Plotly does not know makes it fall back to the template's, which is False.

    def plain(self) -> dict[str, Any]:
        """Return the figure as it was drawn, to go on with."""
        return super().to_dict()

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain data.

        Read in Streamlit 1.67 and plotly.js 4; held by a browser test.
        """
        plain = super().to_dict()
        if plain["layout"].get("dragmode") == DRAG_CHOOSES:
            return plain
        plain["layout"]["dragmode"] = LET_THE_PAGE_SCROLL
        plain["layout"].setdefault("template", {}).setdefault("layout", {})["dragmode"] = False
        return plain
