"""One measure of the step over time: a panel for each band of speed, all on one clock and one scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts.mechanics_measures import Measure, band_name
from dashboard.charts.palette import Palette, Theme, palette
from dashboard.charts.quiet import PageFigure
from dashboard.charts.ruler import as_axis, ticks
from dashboard.charts.scale import round_top
from dashboard.charts.stage import BODY, FONT, SMALL, Plain
from dashboard.model.personal import Personal
from dashboard.units import Units

PANEL_PX, GAP_PX, TOP_PX, BOTTOM_PX = 78, 30, 26, 40
LEAST_SPAN = {
    "cadence_deviation_pct": 4.0,
    "cadence_spm": 6.0,
    "step_length_mm": 80.0,
    "contact_ms": 20.0,
    "contact_left_pct": 2.0,
    "vertical_oscillation_mm": 10.0,
    "form_power_w": 8.0,
}
"""Smallest height of a panel in the unit of the column, so that noise is not drawn as a change. Design choice."""

BEGAN = "experiment"


def figure(
    series: pl.DataFrame,
    measure: Measure,
    bands: Sequence[int],
    personal: Personal,
    units: Units,
    theme: Theme,
    is_narrow: bool = False,
    began: date | None = None,
) -> PageFigure | None:
    """Draw a measure by band over time.

    Parameters
    ----------
    series : DataFrame
        STRETCH_SCHEMA from `mechanics_time.over_time`.
    measure : Measure
        What is drawn.
    bands : sequence of int
        Which bands, slowest first.
    personal : Personal
        Easy speed, for the names of the bands.
    units : Units
        What the runner reads in.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.
    began : date or None
        Start of the experiment, marked through all panels.

    Returns
    -------
    PageFigure or None
        None where nothing is known.

    Source
    ------
    ours: equal heights are equal amounts, so that bands can be set side by side.
    """
    shown = [band for band in bands if _of(series, band)[measure.column].count()]
    if not shown:
        return None
    look = palette(theme)
    lines = [(band, _of(series, band)) for band in shown]
    column = measure.shown(pl.col(measure.column), units)
    values = [line.select(column).to_series().to_numpy() for _, line in lines]
    span = _span(values, measure, units)
    height = TOP_PX + BOTTOM_PX + len(shown) * PANEL_PX + (len(shown) - 1) * GAP_PX
    layout = _layout(look, height, is_narrow)
    traces: list[Plain] = []
    for place, ((band, line), y) in enumerate(zip(lines, values, strict=True)):
        name = "y" if place == 0 else f"y{place + 1}"
        traces.append(_trace(line, y, name, look, f"%{{y:.{measure.digits}f}} {measure.unit(units)}"))
        bottom = 1 - (place * (PANEL_PX + GAP_PX) + PANEL_PX) / (height - TOP_PX - BOTTOM_PX)
        top = 1 - place * (PANEL_PX + GAP_PX) / (height - TOP_PX - BOTTOM_PX)
        layout[f"yaxis{name[1:]}"] = _axis(y, span, (bottom, top), measure, look)
        layout["annotations"].append(_note(band_name(personal, band, units), 0.0, top, look.ink))
    if began is not None and series["from_date"][0] <= began:
        layout["shapes"] = [_mark(began, look)]
        layout["annotations"].append({**_note(BEGAN, str(began), 1.0, look.muted, "x"), "xanchor": "right"})
    begins = series["from_date"].sort().to_list()
    found = ticks(begins[0], begins[-1], 4 if is_narrow else 10)
    layout["xaxis"] |= {"anchor": "free", **as_axis(found)}
    return PageFigure({"data": traces, "layout": layout})


def _of(series: pl.DataFrame, band: int) -> pl.DataFrame:
    return series.filter(pl.col("band") == band).sort("from_date")


def _span(values: list[np.ndarray], measure: Measure, units: Units) -> float:
    """Height of every panel in the unit shown."""
    spread = max(float(np.nanmax(y) - np.nanmin(y)) for y in values)
    if measure.signed:
        spread = 2 * max(float(np.nanmax(np.abs(y))) for y in values)
    return max(spread * 1.15, float(measure.shown(LEAST_SPAN[measure.column], units)))


def _trace(line: pl.DataFrame, y: np.ndarray, axis: str, look: Palette, amount: str) -> Plain:
    said = [
        f"from {words.day(day)}, {seconds / 60:.0f} min of running in this band"
        for day, seconds in line["from_date", "seconds"].rows()
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [str(day) for day in line["from_date"].dt.offset_by(f"{_half(line)}d")],
        "y": np.round(y.astype(float), 3),
        "yaxis": axis,
        "line": {"color": look.cadence, "width": 2},
        "marker": {"size": 5, "color": look.cadence},
        "connectgaps": False,
        "customdata": said,
        "hovertemplate": f"{amount}<br>%{{customdata}}<extra></extra>",
        "showlegend": False,
    }


def _half(line: pl.DataFrame) -> int:
    """Half of a week or month in days: a mean belongs to the middle of its dates."""
    return (line["from_date"][1] - line["from_date"][0]).days // 2 if line.height > 1 else 0


def _axis(y: np.ndarray, span: float, domain: tuple[float, float], measure: Measure, look: Palette) -> Plain:
    middle = 0.0 if measure.signed else float(np.nanmax(y) + np.nanmin(y)) / 2
    low, high = middle - span / 2, middle + span / 2
    step = round_top(span / 3.5, 0.0)
    ticks = [float(n * step) for n in range(ceil(low / step), floor(high / step) + 1)]
    sign = "+" if measure.signed else ""
    texts = [f"{t:{sign if t else ''}g}".replace("-", "−") for t in ticks]
    return {
        "domain": list(domain),
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": texts,
        "tickfont": {"size": SMALL, "color": look.muted},
        "gridcolor": look.grid,
        "zeroline": measure.signed,
        "zerolinecolor": look.zero,
        "fixedrange": True,
    }


def _note(text: str, x: float | str, y: float, colour: str, xref: str = "paper") -> Plain:
    return {
        "text": text,
        "x": x,
        "xref": xref,
        "xanchor": "left",
        "y": y,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": SMALL, "color": colour},
        "borderpad": 2,
    }


def _mark(day: date, look: Palette) -> Plain:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    where = {"xref": "x", "x0": str(day), "x1": str(day), "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, **where}


def _layout(look: Palette, height: int, is_narrow: bool) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 46, "r": 10, "t": TOP_PX, "b": BOTTOM_PX, "pad": 4},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "showlegend": False,
        "hovermode": "closest",
        "annotations": [],
        "xaxis": {
            "type": "date",
            "position": 0,
            "fixedrange": True,
            "gridcolor": look.grid,
            "tickfont": {"size": SMALL, "color": look.muted},
        },
    }
