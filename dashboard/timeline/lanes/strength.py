"""The lane of strength work: sets of the last 7 days by kind, a ring for a session without sets; no running load."""

from __future__ import annotations

import numpy as np
import polars as pl

from connectors.frames import EXERCISE_KINDS
from dashboard.charts.axes import round_top
from dashboard.charts.palette import pale, with_alpha
from dashboard.strength import text as strength_text
from dashboard.strength.progress import has_strength
from dashboard.timeline.canvas import (
    LARGE_RING,
    Canvas,
    Fill,
    Hover,
    LaneArea,
    LegendEntry,
    LineStyle,
    PaperFill,
    StackLayer,
)
from dashboard.timeline.cut_marks import beyond_texts, cut_stack
from dashboard.timeline.lane import KeyEntries, Lane, words

ROW_PX, PAPER_ROW_PX = 17.0, 11.0
LEAST_PX, PAPER_LEAST_PX = 64.0, 40.0
RING_AT = 0.12  # share of the lane's height: above the axis, so that a ring is not read as 0
OUTLINE = LineStyle(1, "", 0.8)
STRENGTH_COLOURS = {
    "isometric": ("habitual", "-"),
    "slow_heavy": ("volume", ""),
    "eccentric": ("up", "\\"),
    "plyometric": ("spike", "x"),
    "other": ("muted", "."),
}
"""Colour of the palette and pattern of each kind, so that no kind is told by colour alone."""


def draw_strength(canvas: Canvas, area: LaneArea) -> None:
    """Draw the sets of each kind one on another: a count beside running load, never added to it."""
    top = round_top(canvas.highest("sets_7d"), 10)
    canvas.scale(area, top)
    sets = _sets(canvas)
    shown = cut_stack(canvas, area, list(sets.values()), top, "{:.0f} sets".format, canvas.palette.muted)
    layers = [StackLayer(y, *_look(canvas, kind)) for y, kind in zip(shown, sets, strict=True)]
    canvas.stack(area, layers, "strength")
    has_rings = _mark_unlogged(canvas, area, top)
    if sets:
        _draw_total(canvas, area, sets, top)
    elif not has_rings:
        canvas.empty_message(area, strength_text.NONE_HERE)
    canvas.legend(area, _entries(canvas))


def _look(canvas: Canvas, kind: str) -> tuple[Fill, str]:
    name, pattern = STRENGTH_COLOURS[kind]
    colour = getattr(canvas.palette, name)
    paper = PaperFill(pale(colour), pattern, canvas.palette.muted)
    return Fill(with_alpha(colour, 0.4), paper, pattern, colour), colour


def _height(canvas: Canvas) -> float:
    """Return no height without any set or session, else room for the name of each kind."""
    data = canvas.timeline_data
    if not data.lanes["sets_7d"].count() and data.unlogged.is_empty():
        return 0.0
    least, row = canvas.pick(LEAST_PX, PAPER_LEAST_PX), canvas.pick(ROW_PX, PAPER_ROW_PX)
    return least if data.is_narrow else max(least, row * len(_entries(canvas)))


def _entries(canvas: Canvas) -> list[LegendEntry]:
    """Return the name of each kind drawn, from the bottom of the stack up."""
    entries = []
    for kind in _sets(canvas):
        fill, colour = _look(canvas, kind)
        entries.append(LegendEntry("■", strength_text.EXERCISE_KIND_NAMES[kind].lower(), colour, fill))
    if _unlogged(canvas).height:
        text = canvas.pick(strength_text.UNLOGGED, strength_text.UNLOGGED_SHORT)
        entries.append(LegendEntry("○", text, canvas.palette.muted, LARGE_RING))
    return entries


def _key(canvas: Canvas) -> KeyEntries:
    return [(f"{one.sign} {one.text}", one.colour) for one in _entries(canvas)]


def _unlogged(canvas: Canvas) -> pl.DataFrame:
    data = canvas.timeline_data
    return data.unlogged.filter(pl.col("local_date").is_between(data.start, data.end))


def _mark_unlogged(canvas: Canvas, area: LaneArea, top: float) -> bool:
    """Draw a ring on each session without sets: there was one, and nothing is known of how much."""
    sessions = _unlogged(canvas)
    x = sessions["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).cast(pl.Float64).to_numpy()
    y = np.full(len(x), RING_AT * top)
    texts = [strength_text.unlogged_in_words(sport, time_s) for _, sport, time_s in sessions.iter_rows()]
    canvas.marks(area, x, y, LARGE_RING, canvas.palette.muted, Hover("Session", "%{text}", text=texts))
    return bool(len(x))


def _sets(canvas: Canvas) -> dict[str, np.ndarray]:
    values = {kind: canvas.values(f"sets_7d_{kind}") for kind in EXERCISE_KINDS}
    return {kind: y for kind, y in values.items() if (y > 0).any()}


def _draw_total(canvas: Canvas, area: LaneArea, sets: dict[str, np.ndarray], top: float) -> None:
    """Draw an outline that names the kinds of each row in the shared hover: only those there were."""
    names = [strength_text.EXERCISE_KIND_NAMES[kind].lower() for kind in sets]
    table = np.stack(list(sets.values()), axis=1)
    texts = [
        "<br>".join(f"{n:.0f} {name}" for n, name in zip(row, names, strict=True) if n > 0) for row in table
    ]
    total = canvas.values("sets_7d")
    texts = [one + more for one, more in zip(texts, beyond_texts(total, top), strict=True)]
    y = np.where(total > 0, np.minimum(total, np.float32(top)), np.float32("nan"))
    canvas.line(area, y, canvas.palette.muted, OUTLINE, Hover("Sets", "%{text}", text=texts))


STRENGTH = Lane(
    id="strength",
    title="Strength",
    unit=words("sets, last 7 days"),
    height=_height,
    columns=("sets_7d", *(f"sets_7d_{kind}" for kind in EXERCISE_KINDS)),
    draw=draw_strength,
    key=_key,
    is_available=lambda analysis, strength: has_strength(analysis.others, strength),
)
