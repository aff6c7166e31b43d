"""What a person left out, drawn crossed on top of what counts: it never vanishes."""

from __future__ import annotations

import numpy as np

from dashboard import words
from dashboard.charts.stage import Lane, Stage

CLEAR = "rgba(0,0,0,0)"


def left_out(stage: Stage, lane: Lane, counted: np.ndarray, out: np.ndarray, top: float, unit: str) -> None:
    """Draw what was left out, crossed, on top of what counts.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.
    counted, out : ndarray, shape (rows,)
        What counts in the last 7 days and what was left out, in the lane's unit; NaN unknown or none.
    top : float
        End of the lane: what is left out may be nonsense and must not set the scale.
    unit : str
        Of the lane, for the hover.

    Source
    ------
    ours: what a person leaves out never vanishes, and is told by pattern and word.
    """
    there = out > 0
    if not there.any():
        return
    look = stage.colours
    base = np.nan_to_num(counted).astype(np.float32)
    high = np.where(there, np.minimum(base + np.nan_to_num(out), np.float32(top)), np.float32("nan"))
    pattern = {"shape": "x", "fgcolor": look.muted, "bgcolor": CLEAR, "size": 6, "solidity": 0.15}
    edge = {"width": 1, "color": look.muted, "dash": "dot"}
    stage.between(lane, np.where(there, base, np.float32("nan")), high, CLEAR, fillpattern=pattern, line=edge)
    said = {"customdata": out, "hovertemplate": f"%{{customdata:.0f}} {unit}", "name": words.LEFT_OUT}
    stage.line(lane, high, look.muted, line={"width": 0.01}, **said)


def has_left_out(stage: Stage) -> bool:
    """Tell whether anything was left out in the window.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    bool
        True with one run at least.

    Source
    ------
    ours.
    """
    return bool((stage.values("left_out_m") > 0).any() or (stage.values("left_out_tkm") > 0).any())
