"""What was usual, behind a lane; where its channel stepped up, a thick stretch and its words once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import polars as pl

from dashboard.charts.palette import with_alpha
from dashboard.charts.style import SMALL_PX
from dashboard.flares.change_text import amount
from dashboard.timeline.canvas import LaneArea, ScreenCanvas

NAMES = {
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
WIDE_PX = 5
NAME_CHARACTERS = 20
PX_PER_CHARACTER = 6.2


def band(canvas: ScreenCanvas, area: LaneArea, channel: str, per: float, least: float, most: float) -> None:
    """Draw the usual range behind a lane."""
    if f"usual_low_{channel}" not in canvas.rows.columns:
        return
    ends = [canvas.values(f"usual_{end}_{channel}") * np.float32(per) for end in ("low", "high")]
    low, high = (np.clip(end, least, most) for end in (ends if per > 0 else ends[::-1]))
    canvas.between(area, low, high, with_alpha(canvas.colours.habitual, 0.2))


def step_up(
    canvas: ScreenCanvas, area: LaneArea, lines: dict[str, np.ndarray], channels: Sequence[str]
) -> None:
    """Draw the stretches in which the channels of a lane stepped up, and name the one furthest out."""
    picture = canvas.picture
    inside = pl.col("channel").is_in(list(channels)) & (pl.col("from_date") <= picture.end)
    rows = picture.step_ups.filter(inside & (pl.col("to_date") >= picture.start)).to_dicts()
    for row in rows:
        if row["channel"] in lines:
            _thick(canvas, area, lines[row["channel"]], row)
        else:
            _bar(canvas, area, row)
    if rows:
        _say(canvas, area, max(rows, key=lambda row: row["z"]))


def _thick(canvas: ScreenCanvas, area: LaneArea, y: np.ndarray, row: dict[str, Any]) -> None:
    there = canvas.rows["local_date"].is_between(row["from_date"], row["to_date"]).to_numpy()
    if there.any():
        line = {"width": WIDE_PX}
        canvas.line(area, np.where(there, y, np.nan), canvas.colours.spike, line=line, hoverinfo="skip")


def _bar(canvas: ScreenCanvas, area: LaneArea, row: dict[str, Any]) -> None:
    start, end = max(row["from_date"], canvas.picture.start), min(row["to_date"], canvas.picture.end)
    x0, x1 = canvas.shade(start, end)
    where = {"type": "line", "xref": "x", "yref": f"{area.axis} domain", "x0": x0, "x1": x1, "y0": 1, "y1": 1}
    canvas.shapes.append({**where, "line": {"color": canvas.colours.spike, "width": WIDE_PX}})


def _say(canvas: ScreenCanvas, area: LaneArea, row: dict[str, Any]) -> None:
    """Name a step-up at its first day, or up to its last where there is no room to the right."""
    text = in_words(row, canvas)
    start, end = max(row["from_date"], canvas.picture.start), min(row["to_date"], canvas.picture.end)
    left = (start - canvas.picture.start).days / canvas.days * canvas.plot_px
    fits = left + len(text) * PX_PER_CHARACTER <= canvas.plot_px
    look = canvas.colours
    canvas.note(
        text,
        xref="x",
        x=str(start if fits else end),
        xanchor="left" if fits else "right",
        yref=f"{area.axis} domain",
        y=1,
        yanchor="top" if canvas.picture.is_narrow else "middle",
        bgcolor=look.background,
        font={"color": look.spike, "size": SMALL_PX},
    )


def in_words(row: dict[str, Any], canvas: ScreenCanvas) -> str:
    """Say what a step-up reached and what is usual."""
    units = canvas.picture.units
    worn = canvas.picture.shoe_names.get(row["shoe_id"] or "", "")
    named = escape(worn if len(worn) <= NAME_CHARACTERS else f"{worn[:NAME_CHARACTERS]}…", quote=False)
    name = named if named and row["channel"] == "shoe_new" else NAMES[row["channel"]]
    told = {end: amount(row["channel"], row[end], units) for end in ("reached", "usual")}
    return STEP_UP.format(name=name, **told)
