"""What changed: one dot for each channel, as far from the runner's own weeks as it was, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, Any

from dashboard.charts.late_figure import page_figure
from dashboard.charts.palette import Theme, palette_of
from dashboard.charts.style import SMALL_PX, PlotlyDict, base_layout
from dashboard.flares.change_text import CHANNEL_NAMES, NOTHING_CHANGED, amount, change_in_words
from dashboard.flares.text import DRIVER_NAMES
from dashboard.model.attribution import rise_in_words
from dashboard.shared.units import Units

if TYPE_CHECKING:
    from dashboard.charts.plotly_figure import PageFigure

ChangeRow = Mapping[str, Any]
REACH_Z = (-2.0, 5.0)
USUAL_BAND = 1.0
CHANGE_ROW_PX = 26
MOST = 6


def known_changes(rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Return the channels of which something is known, in the order of the model."""
    return [row for row in rows if row["z"] is not None]


def unusual_changes(rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Return the channels that stood out, in the order of the model."""
    return [row for row in known_changes(rows) if row["unusual"]]


def changes_figure(
    rows: Sequence[ChangeRow], units: Units, theme: Theme, is_narrow: bool = False
) -> PageFigure | None:
    """Draw how far each channel lay from the runner's own eight weeks before.

    Channels of different units on one scale, each in its own spreads.
    """
    shown = known_changes(rows)
    if not shown:
        return None
    palette = palette_of(theme)
    names = [CHANNEL_NAMES[row["channel"]] for row in shown]
    at = [min(max(row["z"], REACH_Z[0]), REACH_Z[1]) for row in shown]
    dots: PlotlyDict = {
        "type": "scatter",
        "mode": "markers+text",
        "x": at,
        "y": names,
        "marker": {
            "size": 11,
            "color": [palette.load if row["unusual"] else palette.habitual for row in shown],
            "symbol": ["triangle-right" if row["z"] > REACH_Z[1] else "circle" for row in shown],
        },
        "text": [_value_label(row, units, is_narrow) for row in shown],
        "textposition": ["middle left" if x > 3.2 else "middle right" for x in at],
        "textfont": {"size": SMALL_PX, "color": palette.ink},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return page_figure({"data": [dots], "layout": _changes_layout(palette, names, is_narrow)})


def changes_in_words(
    rows: Sequence[ChangeRow], units: Units, before_days: int, most: int = MOST
) -> list[list[str]]:
    """Describe for each channel that stood out how far, how unusual, since when, and how often without a flare."""
    sentences = [change_in_words(row, units, before_days) for row in unusual_changes(rows)[:most]]
    return sentences or [[NOTHING_CHANGED]]


def _value_label(row: ChangeRow, units: Units, is_narrow: bool) -> str:
    value = amount(row["channel"], row["value"], units)
    if is_narrow or row["usual"] is None:
        return f"  {value}  "
    return f"  {value}, usually {amount(row['channel'], row['usual'], units)}  "


_BAND = {"type": "rect", "xref": "x", "x0": -USUAL_BAND, "x1": USUAL_BAND, "yref": "paper", "y0": 0, "y1": 1}


def _changes_layout(look: Any, names: list[str], is_narrow: bool) -> PlotlyDict:
    return {
        **base_layout(
            look, CHANGE_ROW_PX * len(names) + 44, (150 if is_narrow else 210, 12, 4, 38), is_narrow
        ),
        "hovermode": False,
        "showlegend": False,
        "shapes": [{**_BAND, "layer": "below", "fillcolor": look.grid, "line": {"width": 0}}],
        "xaxis": {
            "range": [REACH_Z[0] - 0.3, REACH_Z[1] + (0.6 if is_narrow else 0.3)],
            "tickvals": [-USUAL_BAND, 0, USUAL_BAND, 3, 5],
            "ticktext": ["", "usual", "", "3 ×", "5 × or more"],
            "tickfont": {"size": SMALL_PX, "color": look.muted},
            "tickangle": 0,
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


DRIVER_PARTS = ("volume", "speed", "climb", "descent", "cadence", "shoe")
UPHILL_FACTORS = ("volume", "speed", "hills", "cadence", "shoe")
DRIVER_ROW_PX = 28
END = "These days"
LEAST_REACH = 1.12


def drivers_figure(row: Mapping[str, Any], theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw the drivers of one stretch of days.

    Ratios multiply, so equal lengths on the scale are equal factors; climb and descent stand apart.
    """
    if row["leading"] is None:
        return None
    palette, steps = palette_of(theme), _steps(row)
    names = [DRIVER_NAMES[name] for name, _ in steps]
    at, bars = 0.0, []
    for _, size in steps:
        bars.append((at, size))
        at += size
    colours = [palette.load if size >= 0 else palette.habitual for _, size in steps]
    ends = [abs(begin) + abs(size) for begin, size in bars]
    traces: list[PlotlyDict] = [
        _bars(names, bars, colours, [_label(name, size, at) for name, size in steps]),
        _bars([END], [(0.0, at)], [palette.window_edge], [f"×{row['rise']:.2f}"]),
    ]
    low = min([0.0, *(begin + size for begin, size in bars)])
    high = max([log(LEAST_REACH), at, *(begin + size for begin, size in bars), *(e * 0 for e in ends)])
    room = (high - low) * (0.5 if is_narrow else 0.25)
    height = DRIVER_ROW_PX * (len(steps) + 1) + 34
    return page_figure(
        {"data": traces, "layout": _drivers_layout(palette, height, (low, high + room), is_narrow, names)}
    )


def drivers_in_words(row: Mapping[str, Any]) -> str:
    """Describe the same in a sentence."""
    return rise_in_words(row)


def _steps(row: Mapping[str, Any]) -> list[tuple[str, float]]:
    parts = DRIVER_PARTS if row["x_climb"] is not None and row["x_descent"] is not None else UPHILL_FACTORS
    return [(name, log(row[f"x_{name}"])) for name in parts]


def _label(name: str, size: float, total: float) -> str:
    share = round(100 * size / total) if total else 0
    return f"×{2.718281828459045**size:.2f} · {'−' if share < 0 else ''}{abs(share)} %"


def _bars(
    names: list[str], bars: list[tuple[float, float]], colours: list[str], sentences: list[str]
) -> PlotlyDict:
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": [min(begin, begin + size) for begin, size in bars],
        "x": [abs(size) for _, size in bars],
        "marker": {"color": colours, "line": {"width": 0}},
        "text": sentences,
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.62,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _drivers_layout(
    look: Any, height: int, reach: tuple[float, float], is_narrow: bool, names: list[str]
) -> PlotlyDict:
    ticks = [
        t
        for t in (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
        if reach[0] - 0.02 <= log(t) <= reach[1]
    ]
    labelled = [
        t for i, t in enumerate(ticks) if t == 1.0 or len(ticks) <= 6 or i % 2 == ticks.index(1.0) % 2
    ]
    return {
        **base_layout(look, height, (118, 8, 4, 30), is_narrow),
        "showlegend": False,
        "hovermode": False,
        "barmode": "overlay",
        "xaxis": {
            "range": list(reach),
            "tickvals": [log(t) for t in labelled],
            "ticktext": [f"×{t:g}" for t in labelled],
            "fixedrange": True,
            "gridcolor": look.grid,
            "zeroline": True,
            "zerolinecolor": look.zero,
            "tickfont": {"size": SMALL_PX, "color": look.muted},
        },
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": [END, *reversed(names)],
            "fixedrange": True,
            "showgrid": False,
            "automargin": False,
            "ticklabelstandoff": 4,
        },
    }
