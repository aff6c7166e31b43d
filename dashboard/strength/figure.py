"""One test over time: a mark for each result, its error drawn, and what is usual at the runner's age."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.charts.axes import round_top
from dashboard.charts.palette import Palette, Theme, palette_of, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import BODY_PX, FONT, SMALL_PX, base_layout
from dashboard.shared import text as shared_text
from dashboard.strength import text
from dashboard.strength.clinical_tests import BETWEEN_DAYS_REPS, BY_ID, ClinicalMeasure, is_beyond_error

Plain = dict[str, Any]
MARKS = {
    "left": ("circle", "solid"),
    "right": ("square", "dash"),
    "both": ("diamond", "dot"),
    None: ("circle", "solid"),
}
YES_NO = {True: "yes", False: "no", None: None}
HEIGHT_PX = 250
ROOM_ABOVE = 1.05


def clinical_tests_figure(
    rows: pl.DataFrame, measure: str, theme: Theme, usual: int | None = None
) -> PageFigure:
    """Draw the results of one measure.

    Errors from `clinical_tests.CLINICAL_MEASURES`.
    """
    palette, known = palette_of(theme), BY_ID[measure]
    traces: list[Plain] = [] if usual is None else _usual(rows, usual, palette)
    for side in rows["side"].unique(maintain_order=True).sort(nulls_last=True).to_list():
        side_rows = rows.filter(pl.col("side").eq_missing(pl.lit(side, pl.String))).sort("date")
        traces += _line(side_rows, known, side, palette)
    return PageFigure({"data": traces, "layout": _layout(rows, known, palette, usual)})


def _line(rows: pl.DataFrame, known: ClinicalMeasure, side: str | None, palette: Palette) -> list[Plain]:
    x, y = [str(day) for day in rows["date"]], rows["value"].to_list()
    symbol, dash = MARKS[side]
    colour = palette.load if side != "right" else palette.fast
    line: Plain = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "name": shared_text.SIDE_NAMES.get(side or "", known.title),
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "hovertemplate": f"%{{y:g}} {known.unit}",
        "showlegend": side is not None,
    }
    if known.least_change is None:
        return [line]
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
    return [_band(x, low, high, with_alpha(colour, 0.16)), line]


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


def _usual(rows: pl.DataFrame, usual: int, palette: Palette) -> list[Plain]:
    ends = [str(rows["date"].min()), str(rows["date"].max())]
    low, high = [usual - BETWEEN_DAYS_REPS] * 2, [usual + BETWEEN_DAYS_REPS] * 2
    line = {"color": palette.habitual, "width": 2, "dash": "longdash"}
    at: Plain = {"type": "scatter", "mode": "lines", "x": ends, "y": [usual] * 2, "line": line}
    return [
        _band(ends, low, high, with_alpha(palette.habitual, 0.14)),
        {**at, "name": "Usual at your age", "hoverinfo": "skip"},
    ]


def _layout(rows: pl.DataFrame, known: ClinicalMeasure, palette: Palette, usual: int | None) -> Plain:
    highest = max(max(rows["value"].to_list(), default=0.0), usual or 0) + (known.least_change or 0)
    top = known.high or round_top(highest, 10)
    days = sorted(set(rows["date"].to_list()))
    shown = days if len(days) <= 4 else [days[round(n * (len(days) - 1) / 3)] for n in range(4)]
    hover = {"size": BODY_PX, "family": FONT, "color": palette.ink}
    font = {"size": BODY_PX, "color": palette.ink}
    return {
        **base_layout(palette, HEIGHT_PX, (40, 12, 28 if known.has_sides else 8, 30)),
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": palette.background, "bordercolor": palette.zero, "font": hover},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": font},
        "xaxis": {
            "type": "date",
            "tickvals": [str(day) for day in shown],
            "ticktext": [shared_text.day_in_words(day, days[0].year != days[-1].year) for day in shown],
            "hoverformat": "%-d %b %Y",
            "fixedrange": True,
            "showgrid": False,
            "tickangle": 0,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
        "yaxis": {
            "range": [0, top * ROOM_ABOVE],
            "tickvals": [0, top / 2, top],
            "fixedrange": True,
            "gridcolor": palette.grid,
            "zerolinecolor": palette.zero,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
    }


def clinical_tests_in_words(rows: pl.DataFrame) -> list[str]:
    """Describe how the last result of each leg stands to the one before."""
    last = rows.sort("date").unique(["measure", "side"], keep="last", maintain_order=True)
    return [
        sentence for row in last.sort("side").iter_rows(named=True) for sentence in text.change_in_words(row)
    ]


def clinical_tests_rows(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return every result of one measure, newest first.

    A picture is never the only way to a value.
    """
    newest = rows.sort(["date", "side"], descending=[True, False])
    return [
        {
            "Date": row["date"],
            "Side": shared_text.SIDE_NAMES.get(row["side"]),
            "Value": row["value"],
            "Change": row["change"],
            "Enough to count": YES_NO[row["is_beyond"]],
            "Beyond error": YES_NO[is_beyond_error(row["measure"], row["change"])],
        }
        for row in newest.iter_rows(named=True)
    ]


def clinical_tests_alt(rows: pl.DataFrame, measure: str) -> str:
    """Name the picture for those who hear it."""
    first, last = min(rows["date"]), max(rows["date"])
    return text.ALT.format(
        title=BY_ID[measure].title, count=rows.height, span=shared_text.span_in_words(first, last)
    )
