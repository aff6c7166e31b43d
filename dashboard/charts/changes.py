"""What changed: one dot for each channel, as far from the runner's own weeks as it was, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.change_words import CHANNEL_NAMES, NOTHING_CHANGED, amount, change_in_words
from dashboard.charts.palette import Theme, palette
from dashboard.charts.quiet import PageFigure
from dashboard.charts.stage import BODY, FONT, SMALL, Plain
from dashboard.units import Units

Row = Mapping[str, Any]
REACH = (-2.0, 5.0)
USUAL = 1.0
ROW_PX = 26
MOST = 6


def known(rows: Sequence[Row]) -> list[Row]:
    """Give the channels of which something is known, in the order of the model.

    Parameters
    ----------
    rows : sequence of mapping
        CHANGE_SCHEMA of one span.

    Returns
    -------
    list of mapping
        Those with a `z`: what stepped up first, then by how far out it was.

    Source
    ------
    ours.
    """
    return [row for row in rows if row["z"] is not None]


def unusual(rows: Sequence[Row]) -> list[Row]:
    """Give the channels that stood out, in the order of the model.

    Parameters
    ----------
    rows : sequence of mapping
        CHANGE_SCHEMA of one span.

    Returns
    -------
    list of mapping
        Those at least one of their own spreads beyond the eight weeks before.

    Source
    ------
    ours.
    """
    return [row for row in known(rows) if row["unusual"]]


def figure(rows: Sequence[Row], units: Units, theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw how far each channel lay from the runner's own eight weeks before.

    Parameters
    ----------
    rows : sequence of mapping
        CHANGE_SCHEMA of one span.
    units : Units
        What the runner reads in.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.

    Returns
    -------
    PageFigure or None
        The shaded band is the usual; a dot beyond the scale is an arrow at its end. None where nothing is known.

    Source
    ------
    ours: channels of different units on one scale, each in its own spreads.
    """
    shown = known(rows)
    if not shown:
        return None
    look = palette(theme)
    names = [CHANNEL_NAMES[row["channel"]] for row in shown]
    at = [min(max(row["z"], REACH[0]), REACH[1]) for row in shown]
    dots: Plain = {
        "type": "scatter",
        "mode": "markers+text",
        "x": at,
        "y": names,
        "marker": {
            "size": 11,
            "color": [look.load if row["unusual"] else look.habitual for row in shown],
            "symbol": ["triangle-right" if row["z"] > REACH[1] else "circle" for row in shown],
        },
        "text": [_said(row, units, is_narrow) for row in shown],
        "textposition": ["middle left" if x > 3.2 else "middle right" for x in at],
        "textfont": {"size": SMALL, "color": look.ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return PageFigure({"data": [dots], "layout": _layout(look, names, is_narrow)})


def in_words(rows: Sequence[Row], units: Units, before_days: int, most: int = MOST) -> list[list[str]]:
    """Say of each channel that stood out how far, how unusual, since when, and how often without a flare.

    Parameters
    ----------
    rows : sequence of mapping
        CHANGE_SCHEMA of one span.
    units : Units
        What the runner reads in.
    before_days : int
        How soon after a change a flare counts as after it, d.
    most : int
        Channels at most.

    Returns
    -------
    list of list of str
        Sentences of one channel each; one calm sentence where none stood out.

    Source
    ------
    ours.
    """
    found = [change_in_words(row, units, before_days) for row in unusual(rows)[:most]]
    return found or [[NOTHING_CHANGED]]


def _said(row: Row, units: Units, is_narrow: bool) -> str:
    value = amount(row["channel"], row["value"], units)
    if is_narrow or row["usual"] is None:
        return f"  {value}  "
    return f"  {value}, usually {amount(row['channel'], row['usual'], units)}  "


_BAND = {"type": "rect", "xref": "x", "x0": -USUAL, "x1": USUAL, "yref": "paper", "y0": 0, "y1": 1}


def _layout(look: Any, names: list[str], is_narrow: bool) -> Plain:
    return {
        "height": ROW_PX * len(names) + 44,
        "margin": {"l": 150 if is_narrow else 210, "r": 12, "t": 4, "b": 38, "pad": 4},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "hovermode": False,
        "showlegend": False,
        "shapes": [{**_BAND, "layer": "below", "fillcolor": look.grid, "line": {"width": 0}}],
        "xaxis": {
            "range": [REACH[0] - 0.3, REACH[1] + (0.6 if is_narrow else 0.3)],
            "tickvals": [-USUAL, 0, USUAL, 3, 5],
            "ticktext": ["", "usual", "", "3 spreads", "5 or more"],
            "tickfont": {"size": SMALL, "color": look.muted},
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": look.zero,
            "fixedrange": True,
        },
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": list(reversed(names)),
            "range": [-0.6, len(names) - 0.4],
            "showgrid": True,
            "gridcolor": look.grid,
            "fixedrange": True,
            "automargin": False,
            "ticklabelstandoff": 4,
        },
    }
