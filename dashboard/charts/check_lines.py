"""One test over time: a mark for each result, its error drawn, and what is usual at the runner's age."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import check_words, words
from dashboard.charts.palette import Palette, Theme, palette, veil
from dashboard.charts.quiet import PageFigure
from dashboard.charts.scale import round_top
from dashboard.charts.stage import BODY, FONT, SMALL
from dashboard.model.clinical import BETWEEN_DAYS_REPS, BY_ID, Measure

Plain = dict[str, Any]
MARKS = {
    "left": ("circle", "solid"),
    "right": ("square", "dash"),
    "both": ("diamond", "dot"),
    None: ("circle", "solid"),
}
HEIGHT_PX = 250
ROOM_ABOVE = 1.05


def figure(found: pl.DataFrame, measure: str, theme: Theme, usual: int | None = None) -> PageFigure:
    """Draw the results of one measure.

    Parameters
    ----------
    found : DataFrame
        CHANGE_SCHEMA of this measure.
    measure : str
        One of `connectors.frames.MEASURES`.
    theme : "light" or "dark"
        What the browser shows.
    usual : int or None
        Heel rises usual at the runner's age; None draws no such line.

    Returns
    -------
    PageFigure
        A line for each leg, told apart by mark, dash and name; a total has its least change as a band around it.

    Source
    ------
    ours; errors from `clinical.MEASURES`.
    """
    look, known = palette(theme), BY_ID[measure]
    traces: list[Plain] = [] if usual is None else _usual(found, usual, look)
    for side in found["side"].unique(maintain_order=True).sort(nulls_last=True).to_list():
        mine = found.filter(pl.col("side").eq_missing(pl.lit(side, pl.String))).sort("date")
        traces += _line(mine, known, side, look)
    return PageFigure({"data": traces, "layout": _layout(found, known, look, usual)})


def _line(mine: pl.DataFrame, known: Measure, side: str | None, look: Palette) -> list[Plain]:
    x, y = [str(day) for day in mine["date"]], mine["value"].to_list()
    symbol, dash = MARKS[side]
    colour = look.load if side != "right" else look.fast
    line: Plain = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "name": check_words.SIDES[side] or known.title,
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "hovertemplate": f"%{{y:g}} {known.unit}",
        "showlegend": side is not None,
    }
    if known.has_sides:
        line["error_y"] = {
            "array": [known.least_change] * len(y),
            "color": colour,
            "thickness": 1,
            "width": 4,
        }
        return [line]
    top = known.high or float("inf")
    low = [max(value - known.least_change, known.low) for value in y]
    high = [min(value + known.least_change, top) for value in y]
    return [_band(x, low, high, veil(colour, 0.16)), line]


def _band(x: list[str], low: list[float], high: list[float], colour: str) -> Plain:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *reversed(x)],
        "y": [*low, *reversed(high)],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _usual(found: pl.DataFrame, usual: int, look: Palette) -> list[Plain]:
    ends = [str(found["date"].min()), str(found["date"].max())]
    low, high = [usual - BETWEEN_DAYS_REPS] * 2, [usual + BETWEEN_DAYS_REPS] * 2
    line = {"color": look.habitual, "width": 2, "dash": "longdash"}
    at: Plain = {"type": "scatter", "mode": "lines", "x": ends, "y": [usual] * 2, "line": line}
    return [
        _band(ends, low, high, veil(look.habitual, 0.14)),
        {**at, "name": "Usual at your age", "hoverinfo": "skip"},
    ]


def _layout(found: pl.DataFrame, known: Measure, look: Palette, usual: int | None) -> Plain:
    highest = max(
        max(found["value"].to_list(), default=0.0) + known.least_change, (usual or 0) + known.least_change
    )
    top = known.high or round_top(highest, 10)
    days = sorted(set(found["date"].to_list()))
    shown = days if len(days) <= 4 else [days[round(n * (len(days) - 1) / 3)] for n in range(4)]
    hover = {"size": BODY, "family": FONT, "color": look.ink}
    font = {"size": BODY, "color": look.ink}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 40, "r": 12, "t": 28 if known.has_sides else 8, "b": 30, "pad": 4},
        "font": {"family": FONT, "size": BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": look.background, "bordercolor": look.zero, "font": hover},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": font},
        "xaxis": {
            "type": "date",
            "tickvals": [str(day) for day in shown],
            "ticktext": [words.day(day, days[0].year != days[-1].year) for day in shown],
            "hoverformat": "%-d %b %Y",
            "fixedrange": True,
            "showgrid": False,
            "tickangle": 0,
            "tickfont": {"size": SMALL, "color": look.muted},
        },
        "yaxis": {
            "range": [0, top * ROOM_ABOVE],
            "tickvals": [0, top / 2, top],
            "fixedrange": True,
            "gridcolor": look.grid,
            "zerolinecolor": look.zero,
            "tickfont": {"size": SMALL, "color": look.muted},
        },
    }


def in_words(found: pl.DataFrame) -> list[str]:
    """Say how the last result of each leg stands to the one before.

    Parameters
    ----------
    found : DataFrame
        CHANGE_SCHEMA of one measure.

    Returns
    -------
    list of str
        A sentence for each leg, or one for a total.

    Source
    ------
    ours.
    """
    last = found.sort("date").unique(["measure", "side"], keep="last", maintain_order=True)
    return [
        said for row in last.sort("side").iter_rows(named=True) for said in check_words.change_in_words(row)
    ]


def rows(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Give every result of one measure, newest first.

    Parameters
    ----------
    found : DataFrame
        CHANGE_SCHEMA of one measure.

    Returns
    -------
    list of dict
        By the title of the column; None is not known.

    Source
    ------
    ours: a picture is never the only way to a value.
    """
    newest = found.sort(["date", "side"], descending=[True, False])
    return [
        {
            "Date": row["date"],
            "Side": check_words.SIDES[row["side"]] or None,
            "Value": row["value"],
            "Change": row["change"],
            "Beyond error": {True: "yes", False: "no", None: None}[row["is_beyond"]],
        }
        for row in newest.iter_rows(named=True)
    ]


def alt(found: pl.DataFrame, measure: str) -> str:
    """Name the picture for those who hear it.

    Parameters
    ----------
    found : DataFrame
        CHANGE_SCHEMA of one measure.
    measure : str
        One of `connectors.frames.MEASURES`.

    Returns
    -------
    str
        Whole sentences.

    Source
    ------
    ours.
    """
    first, last = min(found["date"]), max(found["date"])
    return check_words.ALT.format(
        title=BY_ID[measure].title, count=found.height, span=words.span(first, last)
    )
