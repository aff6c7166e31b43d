"""The lane of volume: the distance of the last 7 days, and a mark on each run much longer than before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard.charts.axes import round_top, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.shared import text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas
from dashboard.timeline.lanes import load, shoes, symptoms
from dashboard.timeline.lanes.symptoms import PAIN_TOP, print_pain, print_stiffness
from dashboard.timeline.print_canvas import PRINT_NAMES, PrintArea, PrintCanvas

MANY_SPIKES = 30  # marks, from which they are drawn small


def volume(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the distance of the last 7 days, and a mark on each run much longer than before.

    References
    ----------
    Spikes after Frandsen 2025 (PMID 40623829).
    """
    units, look = canvas.picture.units, canvas.colours
    y = canvas.values("distance_7d_m") / np.float32(units.metres(1.0))
    top = round_top(units.distance(canvas.highest("distance_7d_m")), 10)
    canvas.area(area, y, with_alpha(look.volume, 0.10))
    hover = f"%{{y:.0f}} {units.distance_unit}"
    out = canvas.values("left_out_m") / np.float32(units.metres(1.0))
    load.excluded_overlay(canvas, area, y, out, top, units.distance_unit)
    canvas.line(area, y, look.volume, name="Volume", hovertemplate=hover)
    _spikes(canvas, area, y)
    return value_axis(top)


def _spikes(canvas: ScreenCanvas, area: LaneArea, y: np.ndarray) -> None:
    picture, look = canvas.picture, canvas.colours
    spikes = picture.spikes.filter(pl.col("local_date").is_between(picture.start, picture.end))
    if spikes.is_empty() or not len(y):
        return
    days = spikes["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
    rows = np.clip(np.searchsorted(canvas.moments, days), 0, len(y) - 1)
    border = {"color": look.background, "width": 1}
    size = 11 if spikes.height <= MANY_SPIKES else 7
    top = canvas.highest("distance_7d_m") / picture.units.metres(1.0)
    canvas.marks(
        area,
        canvas.moments[rows],
        np.nan_to_num(y[rows]) + np.float32(0.08 * top),
        {"symbol": "triangle-down", "size": size, "color": look.spike, "line": border},
        name="▼ Longest run",
        customdata=spikes["distance_ratio"].cast(pl.Float32).to_numpy(),
        hovertemplate="×%{customdata:.1f} of the longest before",
    )
    canvas.beside(area, 0.85, "▼ run longer than<br>     in 30 days before", look.spike)


def volume_unit(canvas: ScreenCanvas) -> str:
    """Name the unit of the lane of distance, and what its crossed parts are where there are any."""
    asides = ["{distance}, last 7 days"] + ([text.CROSSED] if load.has_excluded(canvas) else [])
    return (", " if canvas.picture.is_narrow else "<br>").join(asides)


Scale = tuple[float, float]


@dataclass(frozen=True)
class PrintLane:
    """One lane of the sheet."""

    title: str
    unit: Callable[[PrintCanvas], list[str]]
    px: Callable[[PrintCanvas], float]
    scale: Callable[[PrintCanvas], Scale]
    draw: Callable[[PrintCanvas, PrintArea], None]
    ticks: Callable[[PrintCanvas, PrintArea], list[tuple[float, str]]]


def print_volume(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw the distance of 7 days, and a mark on each run much longer than before.

    References
    ----------
    Spikes after Frandsen 2025 (PMID 40623829).
    """
    y = canvas.values("distance_7d_m") / np.float32(canvas.picture.units.metres(1.0))
    _filled(canvas, area, y, canvas.colours.volume)
    spikes = canvas.picture.spikes.filter(
        pl.col("local_date").is_between(canvas.picture.start, canvas.picture.end)
    )
    for moment in spikes["local_date"]:
        at = int(np.clip(np.searchsorted(canvas.x, canvas.day(moment)), 0, max(len(y) - 1, 0)))
        _arrow(canvas, canvas.day(moment), float(area.y(np.nan_to_num(y[at : at + 1]))[0]) - 3)
    if spikes.height:
        _arrow(canvas, PRINT_NAMES + 4, area.top + 11)
        canvas.beside(area.top + 8, "longer than any in", canvas.colours.spike, room=11)
        canvas.beside(area.top + 18, "30 days before", canvas.colours.spike, room=11)


def _arrow(canvas: PrintCanvas, x: float, tip: float) -> None:
    above = np.full(3, tip - 6)
    low = np.array([tip - 6, tip, tip - 6])
    canvas.sheet.area(np.array([x - 3.5, x, x + 3.5]), above, low, canvas.colours.spike)


def print_fast(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw the minutes above the runner's own fast speed."""
    y = canvas.values("fast_7d_s") / np.float32(60)
    _filled(canvas, area, y, canvas.colours.fast)
    if not np.isfinite(y).any():
        canvas.absent(area, text.NO_SPEED)


def print_hills(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw climb up and descent down from one zero line."""
    per = np.float32(canvas.picture.units.height(1.0))
    up, down = canvas.values("ascent_7d_m") * per, -canvas.values("descent_7d_m") * per
    _filled(canvas, area, up, canvas.colours.up)
    _filled(canvas, area, down, canvas.colours.down)
    if not np.isfinite(up).any():
        canvas.absent(area, text.NO_ALTITUDE)
        return
    canvas.beside(area.top + 8, "climb", canvas.colours.up)
    canvas.beside(area.bottom - 4, "descent", canvas.colours.down)


def print_cadence(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw the step rate at matched speed against the runner's own line."""
    y = canvas.values("cadence_deviation_pct")
    canvas.sheet.line(canvas.x, area.y(np.clip(y, area.low, area.high)), canvas.colours.cadence)
    if not np.isfinite(y).any():
        canvas.absent(area, text.NO_CADENCE)


def _filled(canvas: PrintCanvas, area: PrintArea, y: np.ndarray, colour: str) -> None:
    zero = area.y(np.zeros(len(y)))
    canvas.sheet.area(canvas.x, zero, np.where(np.isfinite(y), area.y(y), np.nan), colour, fill_opacity=0.13)
    canvas.sheet.line(canvas.x, area.y(y), colour)


def _fixed_px(px: float) -> Callable[[PrintCanvas], float]:
    return lambda paper: px


def _ends(canvas: PrintCanvas, area: PrintArea) -> list[tuple[float, str]]:
    marks = [(area.high, f"{area.high:g}"), (0.0, "0")]
    return [*marks, (area.low, f"{abs(area.low):g}")] if area.low < 0 else marks


def _signed(canvas: PrintCanvas, area: PrintArea) -> list[tuple[float, str]]:
    return [(area.high, f"+{area.high:g}"), (0.0, "0"), (area.low, f"−{abs(area.low):g}")]


def _hill_top(canvas: PrintCanvas) -> Scale:
    highest = max(canvas.highest("ascent_7d_m"), canvas.highest("descent_7d_m"))
    top = round_top(canvas.picture.units.height(highest), 100)
    return -top, top


def _cadence_top(canvas: PrintCanvas) -> Scale:
    whole = canvas.picture.lanes["cadence_deviation_pct"].abs().quantile(0.995)
    top = round_top(float(whole or 0), 4)
    return -top, top


def _stiff_top(canvas: PrintCanvas) -> Scale:
    column = symptoms.stiffness_column(canvas)
    top = round_top(canvas.highest(column), 30) if column == "stiffness_min" else 10.0
    return -top * 0.08, top


def _stiff_unit(canvas: PrintCanvas) -> list[str]:
    return ["min, morning"] if symptoms.stiffness_column(canvas) == "stiffness_min" else ["0–10, morning"]


def _volume_top(canvas: PrintCanvas) -> Scale:
    return 0.0, round_top(canvas.picture.units.distance(canvas.highest("distance_7d_m")), 10)


def _fast_top(canvas: PrintCanvas) -> Scale:
    return 0.0, round_top(canvas.highest("fast_7d_s") / 60, 20)


def _logged(px: float, otherwise: float) -> Callable[[PrintCanvas], float]:
    return lambda paper: px if symptoms.ever_logged(paper) else otherwise


def _distance(canvas: PrintCanvas) -> list[str]:
    return [f"{canvas.picture.units.distance_unit}, last 7 days"]


def _height(canvas: PrintCanvas) -> list[str]:
    return [f"{canvas.picture.units.height_unit}, last 7 days"]


def _to_ten(canvas: PrintCanvas, area: PrintArea) -> list[tuple[float, str]]:
    return [(0.0, "0"), (10.0, "10")]


def _whole(canvas: PrintCanvas, area: PrintArea) -> list[tuple[float, str]]:
    return [(0.0, "0"), (100.0, "100")]


PRINT_LANES = (
    PrintLane("Pain", lambda p: ["0–10"], _logged(44, 24), lambda p: (-0.8, PAIN_TOP), print_pain, _to_ten),
    PrintLane(
        "Stiffness", _stiff_unit, _logged(24, 0), _stiff_top, print_stiffness, lambda p, b: _ends(p, b)[:2]
    ),
    PrintLane(
        "Tendon load", load.print_load_unit, _fixed_px(70), load.print_load_scale, load.print_load, _ends
    ),
    PrintLane("Volume", _distance, _fixed_px(36), _volume_top, print_volume, _ends),
    PrintLane("Fast minutes", lambda p: ["min, last 7 days"], _fixed_px(28), _fast_top, print_fast, _ends),
    PrintLane("Hills", _height, _fixed_px(38), _hill_top, print_hills, _ends),
    PrintLane(
        "Shoes",
        shoes.print_shoes_unit,
        shoes.print_shoes_px,
        lambda p: (0.0, 100.0),
        shoes.print_shoes,
        _whole,
    ),
    PrintLane("Cadence", lambda p: ["% at same speed"], _fixed_px(28), _cadence_top, print_cadence, _signed),
)
"""In the order of the Timeline."""
