"""The lane of volume: the distance of the last 7 days, and a mark on each run much longer than before."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import crossed, usual_marks
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, round_top
from dashboard.charts.stage import Lane, Plain, Stage

FIRST_RUN_MARK = "◁ First run"
FIRST_RUNS_NAMED = 3
MANY = 30  # marks, from which they are drawn small


def volume(stage: Stage, lane: Lane) -> Plain:
    """Draw the distance of the last 7 days, and a mark on each run much longer than before.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.

    Returns
    -------
    dict
        Plotly's y axis.

    Source
    ------
    ours; spikes after Frandsen 2025 (PMID 40623829).
    """
    units, look = stage.picture.units, stage.colours
    y = stage.values("distance_7d_m") / np.float32(units.metres(1.0))
    top = round_top(units.distance(stage.highest("distance_7d_m")), 10)
    usual_marks.band(stage, lane, "volume", units.distance(1.0), 0, top)
    stage.area(lane, y, veil(look.volume, 0.10))
    hover = f"%{{y:.0f}} {units.distance_unit}"
    out = stage.values("left_out_m") / np.float32(units.metres(1.0))
    crossed.left_out(stage, lane, y, out, top, units.distance_unit)
    stage.line(lane, y, look.volume, name="Volume", hovertemplate=hover)
    usual_marks.step_up(stage, lane, {"volume": y}, ("volume", "longest", "run_days"))
    _spikes(stage, lane, y)
    _first_runs(stage, lane, y, top)
    return axis(top)


def _spikes(stage: Stage, lane: Lane, y: np.ndarray) -> None:
    picture, look = stage.picture, stage.colours
    spikes = picture.spikes.filter(pl.col("local_date").is_between(picture.start, picture.end))
    if spikes.is_empty() or not len(y):
        return
    days = spikes["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
    rows = np.clip(np.searchsorted(stage.moments, days), 0, len(y) - 1)
    border = {"color": look.background, "width": 1}
    size = 11 if spikes.height <= MANY else 7
    top = stage.highest("distance_7d_m") / picture.units.metres(1.0)
    stage.marks(
        lane,
        stage.moments[rows],
        np.nan_to_num(y[rows]) + np.float32(0.08 * top),
        {"symbol": "triangle-down", "size": size, "color": look.spike, "line": border},
        name="▼ Longest run",
        customdata=spikes["distance_ratio"].cast(pl.Float32).to_numpy(),
        hovertemplate="×%{customdata:.1f} of the longest before",
    )
    stage.beside(lane, 0.85, "▼ run longer than<br>     in 30 days before", look.spike)


def _first_runs(stage: Stage, lane: Lane, y: np.ndarray, top: float) -> None:
    """Mark first runs after 30 days without one: open, since there is no run to compare them with."""
    picture, look = stage.picture, stage.colours
    first = picture.first_runs.filter(pl.col("local_date").is_between(picture.start, picture.end))
    if first.is_empty() or not len(y):
        return
    days = first["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
    rows = np.clip(np.searchsorted(stage.moments, days), 0, len(y) - 1)
    since = first["days_since"].to_list()
    stage.marks(
        lane,
        stage.moments[rows],
        np.nan_to_num(y[rows]) + np.float32(0.1 * top),
        {"symbol": "triangle-left-open", "size": 10, "color": look.spike, "line": {"width": 2}},
        name=FIRST_RUN_MARK,
        text=[words.FIRST_RUN.format(days=count) for count in since],
        hovertemplate="%{text}",
    )
    stage.beside(lane, 0.4, f"{FIRST_RUN_MARK}<br>     after a break", look.spike)
    widest = sorted(zip(rows.tolist(), since, strict=True), key=lambda one: -one[1])[:FIRST_RUNS_NAMED]
    for row, count in () if picture.is_narrow else widest:
        if (len(y) - row) / len(y) * stage.plot_px > 150:
            at = {"xref": "x", "x": float(stage.moments[row]), "yref": f"{lane.axis} domain", "y": 1}
            text = words.FIRST_RUN.format(days=count)
            stage.note(text, **at, xanchor="left", xshift=8, yanchor="top", font={"color": look.spike})


def unit(stage: Stage) -> str:
    """Name the unit of the lane of distance, and what its crossed parts are where there are any.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    str
        One or two lines.

    Source
    ------
    ours.
    """
    asides = ["{distance}, last 7 days"] + ([words.CROSSED] if crossed.has_left_out(stage) else [])
    return (", " if stage.picture.is_narrow else "<br>").join(asides)
