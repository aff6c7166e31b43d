"""The states of a record over the lane of load: a strip of bars, each with its own pattern and its name in words."""

from __future__ import annotations

from datetime import date

from dashboard.charts.palette import Palette
from dashboard.charts.style import SMALL_PX, PlotlyDict
from dashboard.model.running_state import BREAK, IRREGULAR, NEW, WAY_BACK
from dashboard.shared import state_text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas

STRIP_SHARE = 0.14
"""Room above the lane's values, over their height: kept in every window, so that the scale stays."""
DASHES = {NEW: "1px,3px", IRREGULAR: "9px,5px", BREAK: "solid", WAY_BACK: "2px,4px"}
SIGNS = {NEW: "┄", IRREGULAR: "╌", BREAK: "▬", WAY_BACK: "┅"}
"""The same bars as signs, for a phone, where a name has no room over its days."""
PX_PER_CHARACTER = 6.4
MOST_NAMED = 8


def mark_states(canvas: ScreenCanvas, area: LaneArea, top: float, strip_top: float) -> None:
    """Draw the states of the dates shown above the values of the lane; the ordinary one is left open."""
    picture = canvas.picture
    if canvas.rows.is_empty():
        return
    found = state_text.stretches(canvas.rows, picture.start, picture.end)
    for name, first, last in found:
        _bar(canvas, area, name, first, last, top, strip_top)
    widest = sorted(found, key=lambda one: one[1] - one[2])[:MOST_NAMED]
    for name, first, last in widest:
        _name(canvas, area, name, first, last, strip_top)
    _answer(canvas, area, strip_top)


def colour(name: str, palette: Palette) -> str:
    """Return the colour of a state; pattern and words tell them apart as well."""
    return (
        palette.window_edge
        if name == WAY_BACK
        else palette.unknown
        if name == IRREGULAR
        else palette.habitual
    )


def _bar(
    canvas: ScreenCanvas, area: LaneArea, name: str, first: date, last: date, top: float, strip_top: float
) -> None:
    x0, x1 = canvas.shade(first, last)
    at = top + 0.12 * (strip_top - top)
    where: PlotlyDict = {
        "type": "line",
        "xref": "x",
        "yref": area.axis,
        "x0": x0,
        "x1": x1,
        "y0": at,
        "y1": at,
    }
    line = {"color": colour(name, canvas.colours), "width": 3, "dash": DASHES[name]}
    canvas.shapes.append({**where, "line": line})


def _name(canvas: ScreenCanvas, area: LaneArea, name: str, first: date, last: date, strip_top: float) -> None:
    text = state_text.NAMES[name]
    room = ((last - first).days + 1) / canvas.days * canvas.plot_px
    if room < len(text) * PX_PER_CHARACTER:
        return
    canvas.note(
        text,
        xref="x",
        x=str(first),
        xanchor="left",
        yref=area.axis,
        y=strip_top,
        yanchor="middle",
        yshift=-3,
        font={"size": SMALL_PX, "color": canvas.colours.muted},
    )


def _answer(canvas: ScreenCanvas, area: LaneArea, strip_top: float) -> None:
    """Name the state of each day under the pointer."""
    seen = canvas.rows.filter(canvas.rows["state"].is_in(list(state_text.NAMES)))
    if seen.is_empty():
        return
    rows = canvas.rows["state"].is_in(list(state_text.NAMES)).fill_null(False).to_numpy()
    canvas.marks(
        area,
        canvas.times_ms[rows],
        rows[rows] * strip_top,
        {"size": 1, "opacity": 0},
        name="State",
        text=[state_text.NAMES[state] for state in seen["state"].to_list()],
        hovertemplate="%{text}",
    )
