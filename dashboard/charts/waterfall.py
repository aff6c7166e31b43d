"""What made up a rise in load: one bar for each driver, standing on the ones before, on a scale of ratios."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

from dashboard.charts.palette import Theme, palette
from dashboard.charts.quiet import PageFigure
from dashboard.charts.stage import BODY, FONT, SMALL, Plain
from dashboard.model.driver_words import rise_in_words
from dashboard.why_words import DRIVER_NAMES

PARTS = ("volume", "speed", "climb", "descent", "cadence", "shoe")
WHOLE_HILLS = ("volume", "speed", "hills", "cadence", "shoe")
ROW_PX = 28
START, END = "Weeks before", "These days"
LEAST_REACH = 1.12


def figure(row: Mapping[str, Any], theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw the drivers of one stretch of days.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.

    Returns
    -------
    PageFigure or None
        A bar for each driver with what it multiplied the load by and its share; None where there is no rise.

    Source
    ------
    ours: ratios multiply, so equal lengths on the scale are equal factors; climb and descent stand apart.
    """
    if row["leading"] is None:
        return None
    look, steps = palette(theme), _steps(row)
    names = [DRIVER_NAMES[name] for name, _ in steps]
    at, bars = 0.0, []
    for _, size in steps:
        bars.append((at, size))
        at += size
    colours = [look.load if size >= 0 else look.habitual for _, size in steps]
    ends = [abs(begin) + abs(size) for begin, size in bars]
    traces: list[Plain] = [
        _bars(names, bars, colours, [_label(name, size, at) for name, size in steps]),
        _bars([END], [(0.0, at)], [look.window_edge], [f"×{row['rise']:.2f}"]),
    ]
    low = min([0.0, *(begin + size for begin, size in bars)])
    high = max([log(LEAST_REACH), at, *(begin + size for begin, size in bars), *(e * 0 for e in ends)])
    room = (high - low) * (0.5 if is_narrow else 0.25)
    height = ROW_PX * (len(steps) + 1) + 34
    return PageFigure({"data": traces, "layout": _layout(look, height, (low, high + room), is_narrow, names)})


def in_words(row: Mapping[str, Any]) -> str:
    """Say the same in a sentence.

    Parameters
    ----------
    row : mapping
        One row of DRIVER_SCHEMA.

    Returns
    -------
    str
        One or two sentences.

    Source
    ------
    ours.
    """
    return rise_in_words(row)


def _steps(row: Mapping[str, Any]) -> list[tuple[str, float]]:
    parts = PARTS if row["x_climb"] is not None and row["x_descent"] is not None else WHOLE_HILLS
    return [(name, log(row[f"x_{name}"])) for name in parts]


def _label(name: str, size: float, total: float) -> str:
    share = round(100 * size / total) if total else 0
    return f"×{2.718281828459045**size:.2f} · {'−' if share < 0 else ''}{abs(share)} %"


def _bars(names: list[str], bars: list[tuple[float, float]], colours: list[str], said: list[str]) -> Plain:
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": [min(begin, begin + size) for begin, size in bars],
        "x": [abs(size) for _, size in bars],
        "marker": {"color": colours, "line": {"width": 0}},
        "text": said,
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.62,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _layout(look: Any, height: int, reach: tuple[float, float], is_narrow: bool, names: list[str]) -> Plain:
    ticks = [
        t
        for t in (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
        if reach[0] - 0.02 <= log(t) <= reach[1]
    ]
    kept = [t for i, t in enumerate(ticks) if t == 1.0 or len(ticks) <= 6 or i % 2 == ticks.index(1.0) % 2]
    return {
        "height": height,
        "margin": {"l": 118, "r": 8, "t": 4, "b": 30, "pad": 4},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "showlegend": False,
        "hovermode": False,
        "barmode": "overlay",
        "xaxis": {
            "range": list(reach),
            "tickvals": [log(t) for t in kept],
            "ticktext": [f"×{t:g}" for t in kept],
            "fixedrange": True,
            "gridcolor": look.grid,
            "zeroline": True,
            "zerolinecolor": look.zero,
            "tickfont": {"size": SMALL, "color": look.muted},
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
