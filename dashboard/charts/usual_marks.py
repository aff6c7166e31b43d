"""What was usual, behind a lane; where its channel stepped up, a thick stretch and its words once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import polars as pl

from dashboard.change_words import amount
from dashboard.charts.palette import veil
from dashboard.charts.stage import SMALL, Lane, Stage

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


def band(stage: Stage, lane: Lane, channel: str, per: float, least: float, most: float) -> None:
    """Draw the usual range behind a lane.

    Parameters
    ----------
    stage, lane
        What is drawn on, and where.
    channel : str
        One of `BANDED`.
    per : float
        From the channel's unit to the lane's; below 0 where the lane is drawn downwards.
    least, most : float
        Ends of the lane.
    """
    if f"usual_low_{channel}" not in stage.rows.columns:
        return
    ends = [stage.values(f"usual_{end}_{channel}") * np.float32(per) for end in ("low", "high")]
    low, high = (np.clip(end, least, most) for end in (ends if per > 0 else ends[::-1]))
    stage.between(lane, low, high, veil(stage.colours.habitual, 0.2))


def step_up(stage: Stage, lane: Lane, lines: dict[str, np.ndarray], channels: Sequence[str]) -> None:
    """Draw the stretches in which the channels of a lane stepped up, and name the one furthest out.

    Parameters
    ----------
    stage, lane
        What is drawn on, and where.
    lines : dict of str to ndarray, shape (rows,)
        Channel to the line it is drawn as, in the lane's unit.
    channels : sequence of str
        All channels told in this lane; those without a line get a bar at the top of it.
    """
    picture = stage.picture
    inside = pl.col("channel").is_in(list(channels)) & (pl.col("from_date") <= picture.end)
    rows = picture.step_ups.filter(inside & (pl.col("to_date") >= picture.start)).to_dicts()
    for row in rows:
        if row["channel"] in lines:
            _thick(stage, lane, lines[row["channel"]], row)
        else:
            _bar(stage, lane, row)
    if rows:
        _say(stage, lane, max(rows, key=lambda row: row["z"]))


def _thick(stage: Stage, lane: Lane, y: np.ndarray, row: dict[str, Any]) -> None:
    there = stage.rows["local_date"].is_between(row["from_date"], row["to_date"]).to_numpy()
    if there.any():
        line = {"width": WIDE_PX}
        stage.line(lane, np.where(there, y, np.nan), stage.colours.spike, line=line, hoverinfo="skip")


def _bar(stage: Stage, lane: Lane, row: dict[str, Any]) -> None:
    start, end = max(row["from_date"], stage.picture.start), min(row["to_date"], stage.picture.end)
    x0, x1 = stage.shade(start, end)
    where = {"type": "line", "xref": "x", "yref": f"{lane.axis} domain", "x0": x0, "x1": x1, "y0": 1, "y1": 1}
    stage.shapes.append({**where, "line": {"color": stage.colours.spike, "width": WIDE_PX}})


def _say(stage: Stage, lane: Lane, row: dict[str, Any]) -> None:
    """Name a step-up at its first day, or up to its last where there is no room to the right."""
    text = in_words(row, stage)
    start, end = max(row["from_date"], stage.picture.start), min(row["to_date"], stage.picture.end)
    left = (start - stage.picture.start).days / stage.days * stage.plot_px
    fits = left + len(text) * PX_PER_CHARACTER <= stage.plot_px
    look = stage.colours
    stage.note(
        text,
        xref="x",
        x=str(start if fits else end),
        xanchor="left" if fits else "right",
        yref=f"{lane.axis} domain",
        y=1,
        yanchor="middle",
        bgcolor=look.background,
        font={"color": look.spike, "size": SMALL},
    )


def in_words(row: dict[str, Any], stage: Stage) -> str:
    """Say what a step-up reached and what is usual.

    Parameters
    ----------
    row : dict
        One row of `step_ups.STEP_UP_SCHEMA`.
    stage : Stage
        For units and names of pairs.

    Returns
    -------
    str
        Such as "fast 35 min, usually 11 min".
    """
    units = stage.picture.units
    worn = stage.picture.shoe_names.get(row["shoe_id"] or "", "")
    named = escape(worn if len(worn) <= NAME_CHARACTERS else f"{worn[:NAME_CHARACTERS]}…", quote=False)
    name = named if named and row["channel"] == "shoe_new" else NAMES[row["channel"]]
    told = {end: amount(row["channel"], row[end], units) for end in ("reached", "usual")}
    return STEP_UP.format(name=name, **told)
