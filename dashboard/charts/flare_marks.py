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
    free = 0.0
    per_day = stage.plot_px / stage.days
    for row in seen.iter_rows(named=True):
        first, last = max(row["onset"], start), min(row["last_high"], end)
        x0, x1 = stage.shade(first, last)
        is_closed = row["end"] is not None and row["last_high"] <= end
        _bracket(stage, lane, (x0, x1), row["onset"] >= start, is_closed)
        left = (first - start).days * per_day
        if left >= free and left + LABEL_PX <= stage.plot_px:
            _label(stage, lane, str(first))
            free = left + LABEL_PX


def _bracket(stage: Stage, lane: Lane, at: tuple[str, str], begins: bool, ends: bool) -> None:
    x0, x1 = at
    where: Plain = {"xref": "x", "yref": lane.axis, "layer": "below"}
    pale = {"fillcolor": veil(stage.colours.stiffness, 0.16), "line": {"width": 0}}
    stage.shapes.append({"type": "rect", **where, "x0": x0, "x1": x1, "y0": 0, "y1": LINE, **pale})
    line = {"color": stage.colours.stiffness, "width": 1.5}
    legs = [(x0, x1, LINE, LINE), *([(x0, x0, LEG, LINE)] * begins), *([(x1, x1, LEG, LINE)] * ends)]
    for a, b, low, high in legs:
        stage.shapes.append({"type": "line", **where, "x0": a, "x1": b, "y0": low, "y1": high, "line": line})


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
