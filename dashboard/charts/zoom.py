"""A figure as it is, larger: for a screen that is looked at from across a room."""

from __future__ import annotations

import re
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.quiet import PageFigure

_SPAN = re.compile(r"font-size:(\d+(?:\.\d+)?)px")
_PIXELS = {"height", "l", "r", "t", "b", "xshift", "yshift", "ax", "ay", "ticklen", "width"}
_OF_TRACE = ("line", "marker", "textfont")
_HOLDS_PIXELS = {"margin", "line", "marker"}


def zoomed(figure: PageFigure, by: float) -> PageFigure:
    """Enlarge letters, lines, margins and height alike; the width stays the page's.

    Parameters
    ----------
    figure : PageFigure
        As drawn for a page.
    by : float
        1 leaves it as it is.

    Returns
    -------
    PageFigure
        With the same data and scales.

    Source
    ------
    ours: one picture for desk and projector, so that the two can never say different things.
    """
    plain = go.Figure.to_dict(figure)  # without what `PageFigure` adds for the browser
    layout = _grown(plain["layout"], by, "layout")
    data = [
        {**trace, **{k: _grown(trace[k], by, k) for k in ("line", "marker", "textfont") if k in trace}}
        for trace in plain["data"]
    ]
    return PageFigure({"data": data, "layout": layout})


def _grown(part: Any, by: float, name: str) -> Any:
    if isinstance(part, dict):
        return {key: _value(key, value, by, name) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_grown(one, by, name) for one in part]
    return part


def _value(key: str, value: Any, by: float, owner: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "size" and is_number:
        return round(value * by, 2)
    if key == "size" and isinstance(value, list | tuple):
        return [None if one is None else round(one * by, 2) for one in value]
    if key in _PIXELS and is_number and (owner in _HOLDS_PIXELS or key not in ("width",)):
        return round(value * by, 2)
    if key == "text" and isinstance(value, str):
        return _SPAN.sub(lambda m: f"font-size:{float(m.group(1)) * by:g}px", value)
    return _grown(value, by, key)
