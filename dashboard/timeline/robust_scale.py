"""The scale of a lane, from the values shown."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from dashboard.charts.axes import stretches

ONE_WEEK = 7
CUT_RATIO, CUT_ROOM = 2.5, 1.2  # a peak this far above the next one is cut, so far above that one
DAYS_A_CUT = 56  # at most one peak is cut for so many days shown


def robust_highest(y: np.ndarray, step_days: int = 1) -> float:
    """Return the largest size that is no rare peak: one day must not flatten the others.

    A peak with a week on both sides counts once; a stretch longer than two weeks is never a rare peak.
    """
    sizes = np.nan_to_num(np.abs(np.asarray(y, dtype=np.float64)))
    if not len(sizes):
        return 0.0
    reach = math.ceil(ONE_WEEK / step_days)
    peaks = _peaks(sizes, reach, 1 + max(1, len(sizes) * step_days // DAYS_A_CUT))
    top = peaks[0]
    for upper, lower in pairwise(peaks):
        if 0 < CUT_RATIO * lower < upper:
            above = stretches(sizes > CUT_ROOM * lower)
            top = CUT_ROOM * lower if max(b - a for a, b in above) <= 2 * reach + 1 else top
    return top


def _peaks(sizes: np.ndarray, reach: int, most: int) -> list[float]:
    """Return the largest values, each at least a week from every larger one."""
    rest, peaks = sizes.copy(), []
    for _ in range(most):
        at = int(np.argmax(rest))
        peaks.append(float(rest[at]))
        rest[max(at - reach, 0) : at + reach + 1] = 0.0
    return peaks
