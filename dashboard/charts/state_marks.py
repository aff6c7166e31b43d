"""The states of a record over the lane of load: a strip of bars, each with its own pattern and its name in words."""

from __future__ import annotations

from datetime import date

from dashboard import state_words
from dashboard.charts.palette import Palette
from dashboard.charts.stage import SMALL, Lane, Plain, Stage
from dashboard.model.running_state import BREAK, IRREGULAR, NEW, WAY_BACK

STRIP_SHARE = 0.14
"""Room above the lane's values, over their height: kept in every window, so that the scale stays."""
DASHES = {NEW: "1px,3px", IRREGULAR: "9px,5px", BREAK: "solid", WAY_BACK: "2px,4px"}
SIGNS = {NEW: "┄", IRREGULAR: "╌", BREAK: "▬", WAY_BACK: "┅"}
"""The same bars as signs, for a phone, where a name has no room over its days."""
PX_PER_CHARACTER = 6.4
MOST_NAMED = 8


def mark_states(stage: Stage, lane: Lane, top: float, strip_top: float) -> None:
    """Draw the states of the dates shown above the values of the lane; the ordinary one is left open.

    Parameters
    ----------
    stage, lane
        What is drawn on, and where.
    top, strip_top : float
        Where the strip begins and ends, in the lane's unit.

    Notes
    -----
    A name is written where it has room; one that has none answers the pointer.
    """
    picture = stage.picture
    if stage.rows.is_empty():
        return
    found = state_words.stretches(stage.rows, picture.start, picture.end)
    for name, first, last in found:
        _bar(stage, lane, name, first, last, top, strip_top)
    widest = sorted(found, key=lambda one: one[1] - one[2])[:MOST_NAMED]
    for name, first, last in widest:
        _name(stage, lane, name, first, last, strip_top)
    _answer(stage, lane, strip_top)


def colour(name: str, look: Palette) -> str:
    """Give the colour of a state; pattern and words tell them apart as well.

    Parameters
    ----------
    name : str
        Of `running_state.STATES`.
    look : Palette
        Of the theme.

    Returns
    -------
    str
        Hex.
    """
    return look.window_edge if name == WAY_BACK else look.unknown if name == IRREGULAR else look.habitual


def _bar(stage: Stage, lane: Lane, name: str, first: date, last: date, top: float, strip_top: float) -> None:
    x0, x1 = stage.shade(first, last)
    at = top + 0.12 * (strip_top - top)
    where: Plain = {"type": "line", "xref": "x", "yref": lane.axis, "x0": x0, "x1": x1, "y0": at, "y1": at}
    line = {"color": colour(name, stage.colours), "width": 3, "dash": DASHES[name]}
    stage.shapes.append({**where, "line": line})


def _name(stage: Stage, lane: Lane, name: str, first: date, last: date, strip_top: float) -> None:
    text = state_words.NAMES[name]
    room = ((last - first).days + 1) / stage.days * stage.plot_px
    if room < len(text) * PX_PER_CHARACTER:
        return
    stage.note(
        text,
        xref="x",
        x=str(first),
        xanchor="left",
        yref=lane.axis,
        y=strip_top,
        yanchor="middle",
        yshift=-3,
        font={"size": SMALL, "color": stage.colours.muted},
    )


def _answer(stage: Stage, lane: Lane, strip_top: float) -> None:
    """Name the state of each day under the pointer."""
    seen = stage.rows.filter(stage.rows["state"].is_in(list(state_words.NAMES)))
    if seen.is_empty():
        return
    rows = stage.rows["state"].is_in(list(state_words.NAMES)).fill_null(False).to_numpy()
    stage.marks(
        lane,
        stage.moments[rows],
        rows[rows] * strip_top,
        {"size": 1, "opacity": 0},
        name="State",
        text=[state_words.NAMES[state] for state in seen["state"].to_list()],
        hovertemplate="%{text}",
    )
