"""Step rate over speed: the runner's own line, and the runs of some weeks as dots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from connectors.plural import count
from dashboard.cadence.experiment import CadenceExperiment
from dashboard.cadence.text import MechanicsMeasure, band_name
from dashboard.charts.axes import date_axis, date_ticks, round_top
from dashboard.charts.palette import Palette, Theme, palette_of, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import SMALL_PX, PlotlyDict, annotation, base_layout
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import SECOND_COLUMNS, between_dates, in_bands
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units

ON_LINE_PCT = 0.5
"""Nearer to the own line than this is on it: a watch counts whole steps. Design choice."""
FAR_PCT = 1.0
HEIGHT = 340
TICK_S = 30
ROOM_SPM = 4.0

NO_SPEED_POINTS = "No run from {span} has cadence on level ground."
RESTS_ON = "From {span} there are {runs} with cadence, {hours:.1f} h of flat running."
ABOVE = "At the same speed your cadence was {value:.1f} % above your normal cadence for the pace."
BELOW = "At the same speed your cadence was {value:.1f} % below your normal cadence for the pace."
ON_LINE = "At the same speed your cadence was your normal one, within half a per cent."
EASY_PACE = (
    "Around your easy speed, {band}, it was {cadence:.0f} steps/min; {own:.0f} is normal for you there."
)
FURTHEST = "Biggest difference: {value} at {band}."
NO_LINE = "Your normal cadence is not known yet: it takes half an hour of running with cadence."
SPEED_EXPLAINED = (
    "Each dot is the flat running of one run in one band of speed, a tenth of your easy speed wide; cadence counts "
    "both feet. The line is your own over the whole record: cadence rises with speed, so only the distance from the "
    "line says something of how you step."
)
SINCE = "Diamonds are runs since your experiment began; the dashed line is its target."


def speed_figure(
    rows: pl.DataFrame,
    personal: RunnerProfile,
    units: Units,
    theme: Theme,
    is_narrow: bool = False,
    experiment: CadenceExperiment | None = None,
    line: RunnerProfile | None = None,
) -> PageFigure | None:
    """Draw the own line with runs as dots.

    Raw cadence alone only mirrors speed.
    """
    if rows.is_empty():
        return None
    palette = palette_of(theme)
    speeds = rows["speed_mps"].sort()
    reach = (speeds[0] - 0.1, speeds[-1] + 0.1)
    traces: list[PlotlyDict] = []
    if personal.cadence_from != "default":
        traces.append(_own_line(personal, reach, palette.habitual, "solid", 1.0))
    if experiment and line:
        traces.append(_own_line(line, reach, palette.load, "dash", 1 + experiment.target_pct / 100))
    traces += [_dots(part, is_new, palette, units) for part, is_new in _parted(rows, experiment)]
    return PageFigure({"data": traces, "layout": _speed_layout(palette, traces, reach, units, is_narrow)})


def speed_in_words(
    rows: pl.DataFrame, personal: RunnerProfile, first: date, last: date, units: Units
) -> list[str]:
    """Describe how step rate stood to the own line in some dates."""
    shown = in_bands(rows, first, last)
    if shown.is_empty():
        return [NO_SPEED_POINTS.format(span=shared_text.span_in_words(first, last))]
    runs, hours = count(shown["activity_id"].n_unique(), "run"), shown["seconds"].sum() / 3600
    sentences = [RESTS_ON.format(span=shared_text.span_in_words(first, last), runs=runs, hours=hours)]
    deviation = _deviation(shown)
    if deviation is None:
        return [*sentences, NO_LINE]
    place = ON_LINE if abs(deviation) < ON_LINE_PCT else ABOVE if deviation > 0 else BELOW
    bands = between_dates(rows, first, last).drop_nulls("cadence_deviation_pct")
    easy = bands.filter(pl.col("band") == 0).to_dicts()
    near = [
        EASY_PACE.format(
            band=band_name(personal, 0, units).split(" · ")[0],
            cadence=row["cadence_spm"],
            own=row["own_cadence_spm"],
        )
        for row in easy
    ]
    return [
        *sentences,
        " ".join([place.format(value=abs(deviation)), *near, *_furthest(bands, personal, units)]),
    ]


def _deviation(rows: pl.DataFrame) -> float | None:
    known = rows.drop_nulls("own_cadence_spm")
    own = float((known["own_cadence_spm"] * known["seconds"]).sum())
    return (float((known["cadence_spm"] * known["seconds"]).sum()) / own - 1) * 100 if own else None


def _furthest(bands: pl.DataFrame, personal: RunnerProfile, units: Units) -> list[str]:
    far = bands.sort(pl.col("cadence_deviation_pct").abs(), descending=True).head(1).to_dicts()
    if bands.height < 2 or abs(far[0]["cadence_deviation_pct"]) < FAR_PCT:
        return []
    value = f"{far[0]['cadence_deviation_pct']:+.1f} %".replace("-", "−")
    return [FURTHEST.format(band=band_name(personal, far[0]["band"], units), value=value)]


def _parted(rows: pl.DataFrame, experiment: CadenceExperiment | None) -> list[tuple[pl.DataFrame, bool]]:
    if experiment is None:
        return [(rows, False)]
    new = pl.col("local_date").is_between(experiment.start, experiment.end or date.max)
    parts = ((rows.filter(~new), False), (rows.filter(new), True))
    return [(part, is_new) for part, is_new in parts if part.height]


def _own_line(
    personal: RunnerProfile, reach: tuple[float, float], colour: str, dash: str, by: float
) -> PlotlyDict:
    x = np.linspace(*reach, 40)
    y = [personal.cadence_at(float(v)) * by for v in x]
    line = {"color": colour, "width": 2, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _dots(rows: pl.DataFrame, is_new: bool, palette: Palette, units: Units) -> PlotlyDict:
    colour = palette.load if is_new else palette.cadence
    labels = [
        f"{shared_text.day_in_words(row['local_date'])}, {units.pace(row['speed_mps'])}, "
        f"{row[SECOND_COLUMNS['cadence_spm']] / 60:.0f} min"
        for row in rows.iter_rows(named=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": rows["speed_mps"].round(3).to_numpy(),
        "y": rows["cadence_spm"].round(1).to_numpy(),
        "marker": {
            "size": 9 if is_new else 8,
            "symbol": "diamond" if is_new else "circle",
            "color": with_alpha(colour, 0.45),
            "line": {"color": colour, "width": 1},
        },
        "customdata": labels,
        "hovertemplate": "%{y:.0f} steps/min<br>%{customdata}<extra></extra>",
    }


def _speed_layout(
    palette: Palette, traces: list[PlotlyDict], reach: tuple[float, float], units: Units, is_narrow: bool
) -> PlotlyDict:
    ys = np.concatenate([np.asarray(trace["y"], dtype=float) for trace in traces])
    axis = {
        "fixedrange": True,
        "gridcolor": palette.grid,
        "zeroline": False,
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
    }
    speeds, labels = _paces(reach, units, is_narrow)
    return {
        **base_layout(palette, HEIGHT, (46, 10, 8, 50), is_narrow),
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {
            **axis,
            "range": list(reach),
            "tickvals": speeds,
            "ticktext": labels,
            "title": {
                "text": f"Pace, min{units.pace_unit} (faster to the right)",
                "font": {"size": SMALL_PX},
            },
        },
        "yaxis": {
            **axis,
            "range": [float(ys.min()) - ROOM_SPM, float(ys.max()) + ROOM_SPM],
            "title": {"text": "Cadence, steps/min", "font": {"size": SMALL_PX}},
        },
    }


def _paces(reach: tuple[float, float], units: Units, is_narrow: bool) -> tuple[list[float], list[str]]:
    """Round paces on an axis of speed."""
    unit_m = units.metres(1.0)
    slow, fast = unit_m / reach[0], unit_m / reach[1]
    step = TICK_S * (2 if is_narrow or slow - fast > 8 * TICK_S else 1)
    seconds = np.arange(np.ceil(fast / step), np.floor(slow / step) + 1) * step
    speeds = [float(unit_m / s) for s in seconds]
    return speeds, [units.pace(v).split(" ")[0] for v in speeds]


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


def time_figure(
    series: pl.DataFrame,
    measure: MechanicsMeasure,
    bands: Sequence[int],
    personal: RunnerProfile,
    units: Units,
    theme: Theme,
    is_narrow: bool = False,
    began: date | None = None,
) -> PageFigure | None:
    """Draw a measure by band over time.

    Equal heights are equal amounts, so that bands can be set side by side.
    """
    shown = [band for band in bands if _of(series, band)[measure.column].count()]
    if not shown:
        return None
    palette = palette_of(theme)
    lines = [(band, _of(series, band)) for band in shown]
    column = measure.shown(pl.col(measure.column), units)
    values = [line.select(column).to_series().to_numpy() for _, line in lines]
    span = _span(values, measure, units)
    height = TOP_PX + BOTTOM_PX + len(shown) * PANEL_PX + (len(shown) - 1) * GAP_PX
    layout = _time_layout(palette, height, is_narrow)
    traces: list[PlotlyDict] = []
    for place, ((band, line), y) in enumerate(zip(lines, values, strict=True)):
        name = "y" if place == 0 else f"y{place + 1}"
        traces.append(_trace(line, y, name, palette, f"%{{y:.{measure.digits}f}} {measure.unit(units)}"))
        bottom = 1 - (place * (PANEL_PX + GAP_PX) + PANEL_PX) / (height - TOP_PX - BOTTOM_PX)
        top = 1 - place * (PANEL_PX + GAP_PX) / (height - TOP_PX - BOTTOM_PX)
        layout[f"yaxis{name[1:]}"] = _axis(y, span, (bottom, top), measure, palette)
        layout["annotations"].append(_note(band_name(personal, band, units), 0.0, top, palette.ink))
    if began is not None and series["from_date"][0] <= began:
        layout["shapes"] = [_mark(began, palette)]
        layout["annotations"].append(
            {**_note(BEGAN, str(began), 1.0, palette.muted, "x"), "xanchor": "right"}
        )
    begins = series["from_date"].sort().to_list()
    ticks = date_ticks(begins[0], begins[-1], 4 if is_narrow else 10)
    layout["xaxis"] |= {"anchor": "free", **date_axis(ticks)}
    return PageFigure({"data": traces, "layout": layout})


def _of(series: pl.DataFrame, band: int) -> pl.DataFrame:
    return series.filter(pl.col("band") == band).sort("from_date")


def _span(values: list[np.ndarray], measure: MechanicsMeasure, units: Units) -> float:
    """Height of every panel in the unit shown."""
    spread = max(float(np.nanmax(y) - np.nanmin(y)) for y in values)
    if measure.signed:
        spread = 2 * max(float(np.nanmax(np.abs(y))) for y in values)
    return max(spread * 1.15, float(measure.shown(LEAST_SPAN[measure.column], units)))


def _trace(line: pl.DataFrame, y: np.ndarray, axis: str, palette: Palette, amount: str) -> PlotlyDict:
    labels = [
        f"from {shared_text.day_in_words(day)}, {seconds / 60:.0f} min of running in this band"
        for day, seconds in line["from_date", "seconds"].rows()
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [str(day) for day in line["from_date"].dt.offset_by(f"{_half(line)}d")],
        "y": np.round(y.astype(float), 3),
        "yaxis": axis,
        "line": {"color": palette.cadence, "width": 2},
        "marker": {"size": 5, "color": palette.cadence},
        "connectgaps": False,
        "customdata": labels,
        "hovertemplate": f"{amount}<br>%{{customdata}}<extra></extra>",
        "showlegend": False,
    }


def _half(line: pl.DataFrame) -> int:
    """Half of a week or month in days: a mean belongs to the middle of its dates."""
    return (line["from_date"][1] - line["from_date"][0]).days // 2 if line.height > 1 else 0


def _axis(
    y: np.ndarray, span: float, domain: tuple[float, float], measure: MechanicsMeasure, palette: Palette
) -> PlotlyDict:
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
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
        "gridcolor": palette.grid,
        "zeroline": measure.signed,
        "zerolinecolor": palette.zero,
        "fixedrange": True,
    }


def _note(text: str, x: float | str, y: float, colour: str, xref: str = "paper") -> PlotlyDict:
    where = {"x": x, "xref": xref, "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom"}
    return annotation(text, colour, borderpad=2, **where)


def _mark(day: date, palette: Palette) -> PlotlyDict:
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    where = {"xref": "x", "x0": str(day), "x1": str(day), "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, **where}


def _time_layout(palette: Palette, height: int, is_narrow: bool) -> dict[str, Any]:
    return {
        **base_layout(palette, height, (46, 10, TOP_PX, BOTTOM_PX), is_narrow),
        "showlegend": False,
        "hovermode": "closest",
        "annotations": [],
        "xaxis": {
            "type": "date",
            "position": 0,
            "fixedrange": True,
            "gridcolor": palette.grid,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
    }
