"""What was usual, behind a lane; where its channel stepped up, a thick stretch and its words once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from dashboard.flares.change_text import amount
from dashboard.timeline.canvas import THICK, Canvas, DateSpan, LaneArea, shade
from dashboard.timeline.robust_scale import CUT_RATIO

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
USUALLY = "usually {low} to {high}"
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


def top(canvas: Canvas, channel: str, highest: float) -> float:
    """Return the largest value a lane makes room for: its line, and its usual range as far as that hides no line.

    The range is taken as high as it is on half of the days shown: one rare day raises it for weeks.
    """
    name = f"usual_high_{channel}"
    usual = canvas.rows[name].median() if name in canvas.rows.columns else None
    if not isinstance(usual, int | float):
        return highest
    return max(highest, min(float(usual), CUT_RATIO * highest) if highest else float(usual))


def usual_texts(
    canvas: Canvas, channel: str, per: float, write: Callable[[float], str] = "{:,.0f}".format
) -> list[str]:
    """Return for each row what the hover adds of the usual range; nothing where it is not known."""
    if f"usual_low_{channel}" not in canvas.rows.columns:
        return [""] * canvas.rows.height
    ends = np.stack([canvas.values(f"usual_{end}_{channel}") * np.float32(per) for end in ("low", "high")], 1)
    known = np.isfinite(ends.sum(axis=1)).tolist()
    return [
        f", {usual_range(low, high, write)}" if k else ""
        for k, (low, high) in zip(known, ends.tolist(), strict=True)
    ]


def usual_range(low: float, high: float, write: Callable[[float], str]) -> str:
    """Write a usual range, or one number where both ends read alike."""
    ends = [write(low), write(high)]
    return f"usually {ends[0]}" if ends[0] == ends[1] else USUALLY.format(low=ends[0], high=ends[1])


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
