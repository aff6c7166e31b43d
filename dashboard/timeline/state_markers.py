"""The states of a record over the lane of load: a strip of bars, each with its own pattern and its name in words."""

from __future__ import annotations

import numpy as np

from dashboard.charts.palette import Palette
from dashboard.model.running_state import BREAK, IRREGULAR, NEW, WAY_BACK
from dashboard.shared import state_text
from dashboard.timeline.canvas import Canvas, DateSpan, Hover, LaneArea, LineStyle, StateBar

STRIP_SHARE = 0.14
"""Room above the lane's values, over their height: the same in every window."""
STATE_STYLES = {
    NEW: LineStyle(3, "1px,3px", 1.6, "0.8 2"),
    IRREGULAR: LineStyle(3, "9px,5px", 1.6, "5 3"),
    BREAK: LineStyle(3, "solid", 1.6),
    WAY_BACK: LineStyle(3, "2px,4px", 1.6, "1 3"),
}
SIGNS = {NEW: "┄", IRREGULAR: "╌", BREAK: "▬", WAY_BACK: "┅"}
"""The same bars as signs, for a phone, where a name has no room over its days."""


def mark_states(canvas: Canvas, area: LaneArea, strip_top: float) -> None:
    """Draw the states of the dates shown above the values of the lane; the ordinary one is left open."""
    data = canvas.timeline_data
    if canvas.rows.is_empty():
        return
    bars = [
        StateBar(
            DateSpan(first, last), state_text.NAMES[name], colour(name, canvas.palette), STATE_STYLES[name]
        )
        for name, first, last in state_text.stretches(canvas.rows, data.start, data.end)
    ]
    canvas.strip(area, bars)
    rows = canvas.rows["state"].is_in(list(state_text.NAMES)).fill_null(False).to_numpy()
    names = [state_text.NAMES[state] for state in canvas.rows.filter(rows)["state"].to_list()]
    hover = Hover("State", "%{text}", text=names)
    canvas.answer_at(area, canvas.times_ms[rows], np.full(int(rows.sum()), strip_top), hover)


def colour(name: str, palette: Palette) -> str:
    """Return the colour of a state; pattern and words tell them apart as well."""
    if name == WAY_BACK:
        return palette.window_edge
    return palette.unknown if name == IRREGULAR else palette.habitual
