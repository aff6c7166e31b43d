"""What was logged, on paper: pain as dots, stiffness as stems, none as a ring, flares as brackets."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import lane_symptoms
from dashboard.charts.flare_marks import LEG, LINE
from dashboard.report.paper import NAMES, SMALL, Band, Paper
from dashboard.report.svg import CHARACTER


def pain(paper: Paper, band: Band) -> None:
    """Draw pain as dots, none as rings, and flares as brackets.

    Parameters
    ----------
    paper : Paper
        What is drawn on.
    band : Band
        Where.

    Source
    ------
    ours: a day without an entry is not a day without pain.
    """
    look, y = paper.colours, paper.values("pain_0_10")
    _flares(paper, band)
    _marks(paper, band, y, 2.4, look.pain)
    if (
        not np.isfinite(y).any()
        and not np.isfinite(paper.values(lane_symptoms.stiffness_column(paper))).any()
    ):
        paper.absent(band, words.NOTHING_LOGGED)
    elif lane_symptoms.ever_logged(paper):
        here = np.array([NAMES + 3]), np.array([band.top + 10])
        paper.sheet.dots(*here, 2.4, look.pain)
        paper.beside(band.top + 10, "pain", look.ink, room=9)
        _rings(paper, here[0] + 32, here[1], 1.0)
        paper.beside(band.top + 10, "none", look.ink, room=41)


def stiffness(paper: Paper, band: Band) -> None:
    """Draw morning stiffness as stems.

    Parameters
    ----------
    paper, band
        As for `pain`.

    Source
    ------
    ours.
    """
    y = paper.values(lane_symptoms.stiffness_column(paper))
    some = y > 0
    stems = "".join(
        f"M{x:.1f} {band.y(np.array(0.0)):.1f}V{top:.1f}"
        for x, top in zip(paper.x[some], band.y(y[some]), strict=True)
    )
    if stems:
        wide = min(max(0.6 * paper.plot_width / max(len(y), 1), 0.8), 2.6)
        paper.sheet.stroke(stems, paper.colours.stiffness, wide)
    _marks(paper, band, np.where(some, np.nan, y), 0, "none")


def _marks(paper: Paper, band: Band, y: np.ndarray, radius: float, colour: str) -> None:
    """Draw dots for some and small rings for none, small enough that days do not hide one another."""
    some, none = y > 0, y == 0
    least = min(1.0, max(0.5, 0.25 * paper.plot_width / max(len(y), 1)))
    if radius:
        paper.sheet.dots(paper.x[some], band.y(y[some]), max(radius * least, 0.8), colour)
    _rings(paper, paper.x[none], band.y(y[none]), least)


def _rings(paper: Paper, x: np.ndarray, y: np.ndarray, size: float) -> None:
    for radius, tone in ((1.7, paper.colours.stiffness), (0.9, paper.colours.background)):
        paper.sheet.dots(x, y, radius * size, tone)


def _flares(paper: Paper, band: Band) -> None:
    """Bracket each flare; one whose end was not seen stays open."""
    found, start, end = paper.picture.flares, paper.picture.start, paper.picture.end
    if found is None:
        return
    look, free = paper.colours, 0.0
    line, leg, zero = (float(band.y(np.array(v))) for v in (LINE, LEG, 0.0))
    seen = found.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    for row in seen.iter_rows(named=True):
        left, right = paper.span(max(row["onset"], start), min(row["last_high"], end))
        paper.sheet.box(left, line, right - left, zero - line, look.stiffness, fill_opacity=0.14)
        first = f"M{left:.1f} {leg:.1f}V{line:.1f}" if row["onset"] >= start else f"M{left:.1f} {line:.1f}"
        last = f"V{leg:.1f}" if row["end"] and row["last_high"] <= end else ""
        paper.sheet.stroke(f"{first}H{right:.1f}{last}", look.stiffness, 1.2)
        if left >= free:
            paper.sheet.text(left + 3, line + 9.5, words.FLARE, look.muted, SMALL)
            free = left + len(words.FLARE) * SMALL * CHARACTER + 8
