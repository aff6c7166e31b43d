"""Numbers of the picture: round ends of a scale, stretches of days, the value a name belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def last_known(y: np.ndarray) -> float:
    """Give the last known value of a line, where its name belongs.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Values; NaN unknown.

    Returns
    -------
    float
        0 where none is known.

    Source
    ------
    ours.
    """
    known = y[np.isfinite(y)]
    return float(known[-1]) if len(known) else 0.0


def axis(top: float, bottom: float = 0.0, ticks: Sequence[float] | None = None) -> dict[str, Any]:
    """Give the y axis of a lane: fixed in every window, so that equal heights mean equal values.

    Parameters
    ----------
    top, bottom : float
        Ends of the axis in the lane's unit.
    ticks : sequence of float or None
        Values written on it; None is both ends and the middle.

    Returns
    -------
    dict
        Plotly's y axis, without its place.

    Source
    ------
    ours: three numbers are enough to read a lane by.
    """
    at = list(ticks) if ticks is not None else [bottom, (top + bottom) / 2, top]
    return {"range": [bottom, top], "tickvals": at, "ticktext": [f"{abs(value):g}" for value in at]}


def stretches(wanted: np.ndarray) -> list[tuple[int, int]]:
    """Find where a condition holds without a break.

    Parameters
    ----------
    wanted : ndarray of bool, shape (n,)
        The condition, row by row.

    Returns
    -------
    list of tuple of int
        First row and the row after the last, of each stretch in order.

    Source
    ------
    ours.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def round_top(value: float, least: float) -> float:
    """Give the round number a lane ends at.

    Parameters
    ----------
    value : float
        Largest value of the whole history, in the lane's unit.
    least : float
        Smallest end that makes sense, same unit.

    Returns
    -------
    float
        1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, at least `value` and `least`.

    Source
    ------
    ours: halves and wholes of it are round as well.
    """
    top = max(value, least)
    power = 10.0 ** np.floor(np.log10(top))
    return next(
        float(step * power) for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= top - 1e-9
    )
