"""What was usual, behind a lane; where its channel stepped up, a thick stretch and its words once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from dashboard.flares.change_text import amount
from dashboard.timeline.canvas import THICK, Canvas, DateSpan, LaneArea, shade

CHANNEL_NAMES = {
    "volume": "distance",
    "longest": "longest run",
    "fast": "fast",
    "speed": "mean pace",
    "climb": "climb",
    "descent": "descent",
    "cadence": "cadence",
    "run_days": "days with a run",
    "shoe_new": "new or lower pair",
    "drop": "mean drop",
}
STEP_UP = "{name} {reached}, usually {usual}"
WIDE_PX = THICK.px
NAME_CHARACTERS = 20


def band(canvas: Canvas, area: LaneArea, channel: str, per: float, least: float, most: float) -> None:
    """Draw the usual range behind a lane."""
    if f"usual_low_{channel}" not in canvas.rows.columns:
        return
    ends = [canvas.values(f"usual_{end}_{channel}") * np.float32(per) for end in ("low", "high")]
    low, high = (np.clip(end, least, most) for end in (ends if per > 0 else ends[::-1]))
    canvas.between(area, low, high, shade(canvas.palette.habitual, 0.2))


def step_up(canvas: Canvas, area: LaneArea, lines: dict[str, np.ndarray], channels: Sequence[str]) -> None:
    """Draw the stretches in which the channels of a lane stepped up, and name the one furthest out."""
    data, colour = canvas.timeline_data, canvas.palette.spike
    inside = pl.col("channel").is_in(list(channels)) & (pl.col("from_date") <= data.end)
    rows = data.step_ups.filter(inside & (pl.col("to_date") >= data.start)).to_dicts()
    for row in rows:
        if row["channel"] in lines:
            _thick(canvas, area, lines[row["channel"]], row)
        else:
            canvas.bar(area, _span(canvas, row), colour)
    if rows:
        furthest = max(rows, key=lambda row: row["z"])
        canvas.caption(area, _span(canvas, furthest), in_words(furthest, canvas), colour)


def _span(canvas: Canvas, row: dict[str, Any]) -> DateSpan:
    data = canvas.timeline_data
    return DateSpan(max(row["from_date"], data.start), min(row["to_date"], data.end))


def _thick(canvas: Canvas, area: LaneArea, y: np.ndarray, row: dict[str, Any]) -> None:
    there = canvas.rows["local_date"].is_between(row["from_date"], row["to_date"]).to_numpy()
    if there.any():
        canvas.line(area, np.where(there, y, np.nan), canvas.palette.spike, THICK)


def in_words(row: dict[str, Any], canvas: Canvas) -> str:
    """Return what a step-up reached and what is usual, as plain text."""
    data = canvas.timeline_data
    worn = data.shoe_names.get(row["shoe_id"] or "", "")
    pair = worn if len(worn) <= NAME_CHARACTERS else f"{worn[:NAME_CHARACTERS]}…"
    name = pair if pair and row["channel"] == "shoe_new" else CHANNEL_NAMES[row["channel"]]
    amounts = {end: amount(row["channel"], row[end], data.units) for end in ("reached", "usual")}
    return STEP_UP.format(name=name, **amounts)
