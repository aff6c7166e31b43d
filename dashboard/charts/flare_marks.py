"""Flares in the lane of pain: a pale bracket over their days, with a word, never a block."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts.palette import veil
from dashboard.charts.stage import SMALL, Lane, Plain, Stage

TOP = 12.0
"""Top of the axis of pain, 0-10: room for the bracket above the highest score."""
LINE, LEG = 11.4, 10.6
LABEL_PX = 34.0


def mark_flares(stage: Stage, lane: Lane) -> None:
    """Draw each flare of the dates shown as a bracket; one whose end was not seen stays open.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        The lane of pain.

    Source
    ------
    ours: a bracket says from when to when, and no more.
    """
    found, start, end = stage.picture.flares, stage.picture.start, stage.picture.end
    if found is None:
        return
    seen = found.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    free, per_day = 0.0, stage.plot_px / stage.days
    x: list[str | None] = []
    y: list[float | None] = []
    for row in seen.iter_rows(named=True):
        first, last = max(row["onset"], start), min(row["last_high"], end)
        x0, x1 = stage.shade(first, last)
        _shade(stage, lane, (x0, x1))
        legs = (
            LEG if row["onset"] >= start else None,
            LEG if row["end"] and row["last_high"] <= end else None,
        )
        x += [x0, x0, x1, x1, None]
        y += [legs[0], LINE, LINE, legs[1], None]
        left = (first - start).days * per_day
        if left >= free and left + LABEL_PX <= stage.plot_px:
            _label(stage, lane, str(first))
            free = left + LABEL_PX
    _brackets(stage, lane, x, y)


def _shade(stage: Stage, lane: Lane, at: tuple[str, str]) -> None:
    where: Plain = {"type": "rect", "xref": "x", "yref": lane.axis, "layer": "below"}
    pale = {"fillcolor": veil(stage.colours.stiffness, 0.16), "line": {"width": 0}}
    stage.shapes.append({**where, "x0": at[0], "x1": at[1], "y0": 0, "y1": LINE, **pale})


def _brackets(stage: Stage, lane: Lane, x: list[str | None], y: list[float | None]) -> None:
    """All brackets as one line with gaps: a shape for each leg would make a long history slow."""
    if not x:
        return
    line = {"color": stage.colours.stiffness, "width": 1.5}
    drawn = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}
    stage.traces.append({**drawn, "xaxis": "x", "yaxis": lane.axis, "showlegend": False})


def _label(stage: Stage, lane: Lane, at: str) -> None:
    stage.note(
        words.FLARE,
        xref="x",
        x=at,
        xanchor="left",
        xshift=3,
        yref=lane.axis,
        y=LINE,
        yanchor="top",
        yshift=-1,
        font={"size": SMALL, "color": stage.colours.muted},
    )
