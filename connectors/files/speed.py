"""Speed on the one-second clock: from distance, calm, and without the leaps of a receiver."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

USUAL_S = 15
LEAP_RATIO = 1.5
LEAP_MPS = 0.5


def smooth_speed(speed: Floats, stretch: Ints) -> Floats:
    """Mean speed over five seconds centred on each second.

    Parameters
    ----------
    speed : ndarray of float, shape (m,)
        m/s at each running second; NaN unknown.
    stretch : ndarray of int, shape (m,)
        The mean does not reach across a change.

    Returns
    -------
    ndarray of float, shape (m,)
        Mean of what is known in the window; NaN where the second itself is unknown.

    Source
    ------
    ours: five seconds calm one-second rounding and leave intervals of 20 s whole.
    """
    if not speed.size:
        return speed
    known = np.isfinite(speed)
    total = np.r_[0.0, np.cumsum(np.where(known, speed, 0))]
    count = np.r_[0, np.cumsum(known)]
    row = np.arange(speed.size)
    low = np.maximum(row - 2, np.searchsorted(stretch, stretch, side="left"))
    high = np.minimum(row + 3, np.searchsorted(stretch, stretch, side="right"))
    number = count[high] - count[low]
    mean = np.divide(total[high] - total[low], number, out=np.full(speed.size, np.nan), where=number > 0)
    return np.where(known, np.maximum(mean, 0), np.nan)


def speed_of(distance: Floats, stretch: Ints) -> Floats:
    """Speed as the way from second to second.

    Parameters
    ----------
    distance : ndarray of float, shape (m,)
        m at each running second; NaN unknown.
    stretch : ndarray of int, shape (m,)
        No way is taken across a change.

    Returns
    -------
    ndarray of float, shape (m,)
        m/s; the first second of a stretch takes the speed of the next. NaN unknown.

    Source
    ------
    ours: the plainest derivative; `smooth_speed` follows.
    """
    if distance.size < 2:
        return np.full(distance.size, np.nan)
    steps = np.where(stretch[1:] == stretch[:-1], np.diff(distance), np.nan)
    ahead = np.r_[steps, np.nan]
    behind = np.r_[np.nan, steps]
    return np.where(np.isfinite(behind), behind, ahead)


def without_spikes(speed: Floats) -> Floats:
    """Calm the moments in which a receiver's place leapt.

    Parameters
    ----------
    speed : ndarray of float, shape (m,)
        m/s from place to place; NaN unknown.

    Returns
    -------
    ndarray of float, shape (m,)
        Where it is above 1.5 times the median of the 15 s around it plus 0.5 m/s, that median.

    Source
    ------
    ours: load grows faster than speed, so leaps of a few seconds would count as sprints; on a real run held
    as GPX and as TCX the fastest five seconds fall from 10.2 to 6.5 m/s, where the watch's own distance says
    3.4.
    """
    known = np.isfinite(speed)
    out = speed.copy()
    if known.any():
        usual = median_filter(speed[known], size=USUAL_S, mode="nearest")
        out[known] = np.where(speed[known] > LEAP_RATIO * usual + LEAP_MPS, usual, speed[known])
    return out
