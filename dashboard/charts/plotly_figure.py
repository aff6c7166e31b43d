"""The one Plotly configuration for every figure that leaves Python, and the page-friendly figure."""

# Plotly 7 adds a button that uploads the figure unless it is told not to. Nothing of a runner leaves the
# machine.

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from _plotly_utils.utils import convert_to_base64

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
    """A figure over which a finger scrolls the page, drawn as plain data."""

    # Plotly's own objects of the Timeline take longer to make than the picture takes to draw, and no page asks for
    # them: they are made, and all that was drawn is checked by them, once somebody does, as the tests of figures do.

    # Streamlit replaces `dragmode=False` by "pan" as soon as points can be selected, and "pan" swallows every
    # touch. A drag mode Plotly does not know makes it fall back to the template's, which is False.

    def __init__(self, drawn: dict[str, Any]) -> None:
        self._drawn = {"data": [], "layout": {}, **drawn}

    def __getattr__(self, name: str) -> Any:
        """Make Plotly's own objects with the first of their attributes that is asked for."""
        if "_drawn" not in vars(self) or "_data_objs" in vars(self) or not name.startswith("_"):
            raise AttributeError(name)
        # An empty template: what Streamlit sets for figures of its own theme is not for these.
        super().__init__({**self._drawn, "layout": {"template": {}, **self._drawn["layout"]}})
        return getattr(self, name)

    def plain(self) -> dict[str, Any]:
        """Return the figure as it was drawn, to go on with."""
        if "_data_objs" in vars(self):
            made = super().to_dict()
            if "template" not in self._drawn["layout"]:
                del made["layout"]["template"]
            return made
        drawn = _copied(self._drawn)
        convert_to_base64(drawn)
        return drawn

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain data.

        Read in Streamlit 1.67 and plotly.js 4; held by a browser test.
        """
        plain = self.plain()
        if plain["layout"].get("dragmode") == DRAG_CHOOSES:
            return plain
        plain["layout"]["dragmode"] = LET_THE_PAGE_SCROLL
        plain["layout"].setdefault("template", {}).setdefault("layout", {})["dragmode"] = False
        return plain


def _copied(part: Any) -> Any:
    """Copy what may be changed on the way to the browser; numbers and words are shared."""
    if isinstance(part, dict):
        return {name: _copied(one) for name, one in part.items()}
    if isinstance(part, list | tuple) and part and isinstance(part[0], dict):
        return [_copied(one) for one in part]
    return part
