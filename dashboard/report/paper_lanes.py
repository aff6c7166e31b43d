"""The lanes on paper: what each draws, with the scale it has on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import lane_symptoms
from dashboard.charts.flare_marks import TOP
from dashboard.charts.scale import round_top
from dashboard.report import paper_load, paper_shoes
from dashboard.report.paper import NAMES, SMALL, Band, Paper
from dashboard.report.paper_symptoms import pain, stiffness

Scale = tuple[float, float]


@dataclass(frozen=True)
class PaperLane:
    """One lane of the sheet.

    Parameters
    ----------
    title
        What stands beside it.
    unit
        Lines under the title.
    px
        Height; 0 leaves the lane out.
    scale
        Ends of its scale.
    draw
        Puts it on the sheet.
    ticks
        Values written on the scale.
    """

    title: str
    unit: Callable[[Paper], list[str]]
    px: Callable[[Paper], float]
    scale: Callable[[Paper], Scale]
    draw: Callable[[Paper, Band], None]
    ticks: Callable[[Paper, Band], list[tuple[float, str]]]


def volume(paper: Paper, band: Band) -> None:
    """Draw the distance of 7 days, and a mark on each run much longer than before.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours; spikes after Frandsen 2025 (PMID 40623829).
    """
    y = paper.values("distance_7d_m") / np.float32(paper.picture.units.metres(1.0))
    _filled(paper, band, y, paper.colours.volume)
    spikes = paper.picture.spikes.filter(
        pl.col("local_date").is_between(paper.picture.start, paper.picture.end)
    )
    for moment in spikes["local_date"]:
        at = int(np.clip(np.searchsorted(paper.x, paper.day(moment)), 0, max(len(y) - 1, 0)))
        _arrow(paper, paper.day(moment), float(band.y(np.nan_to_num(y[at : at + 1]))[0]) - 3)
    if spikes.height:
        _arrow(paper, NAMES + 4, band.top + 11)
        paper.beside(band.top + 8, "longer than any in", paper.colours.spike, room=11)
        paper.beside(band.top + 18, "30 days before", paper.colours.spike, room=11)
    first = paper.picture.first_runs.filter(
        pl.col("local_date").is_between(paper.picture.start, paper.picture.end)
    )
    for moment, count in first.select("local_date", "days_since").rows():
        at = int(np.clip(np.searchsorted(paper.x, paper.day(moment)), 0, max(len(y) - 1, 0)))
        tip = float(band.y(np.nan_to_num(y[at : at + 1]))[0]) - 6
        _open_arrow(paper, paper.day(moment), tip)
        text = words.FIRST_RUN.format(days=count)
        paper.sheet.text(paper.day(moment) + 6, band.top + 6, text, paper.colours.spike, SMALL)


def _arrow(paper: Paper, x: float, tip: float) -> None:
    above = np.full(3, tip - 6)
    low = np.array([tip - 6, tip, tip - 6])
    paper.sheet.area(np.array([x - 3.5, x, x + 3.5]), above, low, paper.colours.spike)


def _open_arrow(paper: Paper, x: float, middle: float) -> None:
    around = f"M{x - 3.5:.1f} {middle:.1f}L{x + 3:.1f} {middle - 4:.1f}V{middle + 4:.1f}Z"
    paper.sheet.stroke(around, paper.colours.spike, 1.2)


def fast(paper: Paper, band: Band) -> None:
    """Draw the minutes above the runner's own fast speed.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    y = paper.values("fast_7d_s") / np.float32(60)
    _filled(paper, band, y, paper.colours.fast)
    if not np.isfinite(y).any():
        paper.absent(band, words.NO_SPEED)


def hills(paper: Paper, band: Band) -> None:
    """Draw climb up and descent down from one zero line.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    per = np.float32(paper.picture.units.height(1.0))
    up, down = paper.values("ascent_7d_m") * per, -paper.values("descent_7d_m") * per
    _filled(paper, band, up, paper.colours.up)
    _filled(paper, band, down, paper.colours.down)
    if not np.isfinite(up).any():
        paper.absent(band, words.NO_ALTITUDE)
        return
    paper.beside(band.top + 8, "climb", paper.colours.up)
    paper.beside(band.bottom - 4, "descent", paper.colours.down)


def cadence(paper: Paper, band: Band) -> None:
    """Draw the step rate at matched speed against the runner's own line.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours.
    """
    y = paper.values("cadence_deviation_pct")
    paper.sheet.line(paper.x, band.y(np.clip(y, band.low, band.high)), paper.colours.cadence)
    if not np.isfinite(y).any():
        paper.absent(band, words.NO_CADENCE)


def _filled(paper: Paper, band: Band, y: np.ndarray, colour: str) -> None:
    zero = band.y(np.zeros(len(y)))
    paper.sheet.area(paper.x, zero, np.where(np.isfinite(y), band.y(y), np.nan), colour, fill_opacity=0.13)
    paper.sheet.line(paper.x, band.y(y), colour)


def _fixed(px: float) -> Callable[[Paper], float]:
    return lambda paper: px


def _ends(paper: Paper, band: Band) -> list[tuple[float, str]]:
    marks = [(band.high, f"{band.high:g}"), (0.0, "0")]
    return [*marks, (band.low, f"{abs(band.low):g}")] if band.low < 0 else marks


def _signed(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(band.high, f"+{band.high:g}"), (0.0, "0"), (band.low, f"−{abs(band.low):g}")]


def _hill_top(paper: Paper) -> Scale:
    highest = max(paper.highest("ascent_7d_m"), paper.highest("descent_7d_m"))
    top = round_top(paper.picture.units.height(highest), 100)
    return -top, top


def _cadence_top(paper: Paper) -> Scale:
    whole = paper.picture.lanes["cadence_deviation_pct"].abs().quantile(0.995)
    top = round_top(float(whole or 0), 4)
    return -top, top


def _stiff_top(paper: Paper) -> Scale:
    column = lane_symptoms.stiffness_column(paper)
    top = round_top(paper.highest(column), 30) if column == "stiffness_min" else 10.0
    return -top * 0.08, top


def _stiff_unit(paper: Paper) -> list[str]:
    return ["min, morning"] if lane_symptoms.stiffness_column(paper) == "stiffness_min" else ["0–10, morning"]


def _volume_top(paper: Paper) -> Scale:
    return 0.0, round_top(paper.picture.units.distance(paper.highest("distance_7d_m")), 10)


def _fast_top(paper: Paper) -> Scale:
    return 0.0, round_top(paper.highest("fast_7d_s") / 60, 20)


def _logged(px: float, otherwise: float) -> Callable[[Paper], float]:
    return lambda paper: px if lane_symptoms.ever_logged(paper) else otherwise


def _distance(paper: Paper) -> list[str]:
    return [f"{paper.picture.units.distance_unit}, last 7 days"]


def _height(paper: Paper) -> list[str]:
    return [f"{paper.picture.units.height_unit}, last 7 days"]


def _to_ten(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(0.0, "0"), (10.0, "10")]


def _whole(paper: Paper, band: Band) -> list[tuple[float, str]]:
    return [(0.0, "0"), (100.0, "100")]


LANES = (
    PaperLane("Pain", lambda p: ["0–10"], _logged(44, 24), lambda p: (-0.8, TOP), pain, _to_ten),
    PaperLane("Stiffness", _stiff_unit, _logged(24, 0), _stiff_top, stiffness, lambda p, b: _ends(p, b)[:2]),
    PaperLane("Tendon load", paper_load.unit, _fixed(70), paper_load.scale, paper_load.load, _ends),
    PaperLane("Volume", _distance, _fixed(36), _volume_top, volume, _ends),
    PaperLane("Fast minutes", lambda p: ["min, last 7 days"], _fixed(28), _fast_top, fast, _ends),
    PaperLane("Hills", _height, _fixed(38), _hill_top, hills, _ends),
    PaperLane("Shoes", paper_shoes.unit, paper_shoes.tall, lambda p: (0.0, 100.0), paper_shoes.shoes, _whole),
    PaperLane("Cadence", lambda p: ["% at same speed"], _fixed(28), _cadence_top, cadence, _signed),
)
"""In the order of the Timeline."""
