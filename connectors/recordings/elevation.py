"""Up and down: altitude made calm, climb counted, grade along the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.late_imports import late_import

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SIGMA_S = 5.0
REACH_S = 20
TURN_M = 2.0
GRADE_WAY_M = 50.0
LEAST_WAY_M = 20.0
NODE_M = 5.0
STEEPEST_PCT = 45.0
LEAST_SPEED_MPS = 0.5
NOT_VALID_M = -499.5
HIGHEST_M = 9_000.0
STEP_MPS = 8.0
STEP_OTHER_MPS = 25.0
SETTLING_STEP_M = 3.0
SETTLING_START_S = 60
SETTLING_PAUSE_S = 10
_OFFSETS = np.arange(-REACH_S, REACH_S + 1)
_BELL = np.exp(-((_OFFSETS / SIGMA_S) ** 2) / 2)
KERNELS = (_BELL, _BELL * _OFFSETS, _BELL * _OFFSETS**2)


@dataclass(frozen=True)
class ElevationProfile:
    """What altitude says about a recording.

    Parameters
    ----------
    altitude_m : ndarray of float, shape (m,)
        As recorded; NaN unknown.
    grade_pct : ndarray of float, shape (m,)
        %, -45 to 45; NaN unknown.
    ascent_m, descent_m : float or None
        Metres up and down; None where no altitude is known, 0 where it is and the way is level.
    """

    altitude_m: FloatArray
    grade_pct: FloatArray
    ascent_m: float | None
    descent_m: float | None


def elevation_profile(
    second: IntArray,
    stretch: IntArray,
    altitude: FloatArray,
    distance: FloatArray,
    speed: FloatArray,
    is_foot: bool = True,
) -> ElevationProfile:
    """Read climb and grade from altitude on the one-second clock.

    Gaussian of 5 s, then turning points of at least 2 m; within 5 % of the watch on 7 of 11 files. Grade over 50 m:
    point to point it is noise (SD 9 to 18 %).

    Parameters
    ----------
    second, stretch : ndarray of int, shape (m,)
        Running seconds since the start and the number of their stretch; a new number follows a gap.
    altitude : ndarray of float, shape (m,)
        m as recorded; NaN unknown. Nothing but 0, and -500, mean unknown too.
    distance, speed : ndarray of float, shape (m,)
        m since the start and m/s; NaN unknown.
    is_foot : bool
        On foot, where a step of more than 8 m in a second is an error of the sensor.

    Returns
    -------
    ElevationProfile
        Steps of the sensor (calibration at the start, after a pause) are in no climb and no grade.
    """
    altitude = known_altitude(altitude)
    rows = np.flatnonzero(np.isfinite(altitude))
    grade = np.full(altitude.size, np.nan)
    if not rows.size:
        return ElevationProfile(altitude, grade, None, None)
    piece = _pieces(second[rows], stretch[rows])
    level = _without_steps(second[rows], piece, altitude[rows], distance[rows], is_foot)
    calm = smooth(second[rows], piece, level)
    ascent, descent = climb(calm)
    placed = np.isfinite(distance[rows])
    grade[rows[placed]] = _grade(piece[placed], calm[placed], distance[rows[placed]])
    with np.errstate(invalid="ignore"):
        grade[~(speed >= LEAST_SPEED_MPS)] = np.nan
    return ElevationProfile(altitude, grade, ascent, descent)


def known_altitude(altitude: FloatArray) -> FloatArray:
    """Part the altitudes that are measurements from those that say "not valid".

    -500 is the zero of the FIT scale; zeros are what services write for no altitude.

    Parameters
    ----------
    altitude : ndarray of float, shape (m,)
        m as recorded; NaN unknown.

    Returns
    -------
    ndarray of float, shape (m,)
        NaN for -500, for anything out of this world, for a recording of nothing but zeros, and for zeros in a
        recording that is otherwise never within 20 m of the sea.
    """
    with np.errstate(invalid="ignore"):
        good = (altitude > NOT_VALID_M) & (altitude <= HIGHEST_M)
        others = good & (altitude != 0)
        if not (others & (np.abs(altitude) < 20)).any():
            good = others
    return np.where(good, altitude, np.nan)


def smooth(second: IntArray, piece: IntArray, altitude: FloatArray) -> FloatArray:
    """Calm altitude with a Gaussian in time, each piece for itself.

    Sigma 5 s of elapsed time, cut off at 4 sigma, as a local line (a plain mean would flatten a slope by a third at
    each pause). Pieces are laid apart by more than the reach, so one pass does them all.

    Parameters
    ----------
    second, piece : ndarray of int, shape (m,)
        Seconds since the start, and the piece without a gap.
    altitude : ndarray of float, shape (m,)
        m, all known.

    Returns
    -------
    ndarray of float, shape (m,)
        m. A steady slope stays a steady slope, up to the ends of its piece.
    """
    apart = np.r_[0, np.cumsum(np.diff(piece) != 0)] * (REACH_S + 1)
    row = np.arange(second.size) + apart
    there = np.zeros(int(row[-1]) + 1)
    there[row] = 1
    middle = float(altitude.mean())
    filled = np.zeros(there.size)
    filled[row] = altitude - middle
    correlate1d = late_import("scipy.ndimage").correlate1d
    weight, lean, spread = (correlate1d(there, kernel, mode="constant")[row] for kernel in KERNELS)
    total, tilt = (correlate1d(filled, kernel, mode="constant")[row] for kernel in KERNELS[:2])
    # With as much on the left as on the right the lean is zero and this is the plain Gaussian mean.
    level = np.divide(
        spread * total - lean * tilt, weight * spread - lean**2, out=total / weight, where=spread > 0
    )
    return level + middle


def climb(profile: FloatArray, turn_m: float = TURN_M) -> tuple[float, float]:
    """Add up the climbs and descents between turning points.

    Turning points with a threshold keep the whole of each climb, where hysteresis loses a threshold at each turn.

    Parameters
    ----------
    profile : ndarray of float, shape (m,)
        Calm altitude, m, all known.
    turn_m : float
        A way up or down smaller than this, m, does not turn the profile.

    Returns
    -------
    tuple of float and float
        Ascent and descent, m, from 0. Their difference is last minus first to within two turns.
    """
    steps = np.diff(profile)
    moving = np.flatnonzero(steps)
    if not moving.size:
        return 0.0, 0.0
    signs = np.sign(steps[moving])
    turns = moving[1:][signs[1:] != signs[:-1]]
    corners = profile[np.r_[0, turns, profile.size - 1]].tolist()
    up = down = 0.0
    low = high = pivot = corners[0]
    heading = 0
    for height in corners[1:]:
        low, high = min(low, height), max(high, height)
        if heading >= 0 and high - height >= turn_m:
            up += high - pivot if heading else 0.0
            heading, pivot, low = -1, high, height
        elif heading <= 0 and height - low >= turn_m:
            down += pivot - low if heading else 0.0
            heading, pivot, high = 1, low, height
    up += high - pivot if heading > 0 else 0.0
    down += pivot - low if heading < 0 else 0.0
    return up, down


def _pieces(second: IntArray, stretch: IntArray) -> IntArray:
    """Return each piece without a gap in time, stretch or altitude its number."""
    cut = (np.diff(second) != 1) | (np.diff(stretch) != 0)
    return np.r_[0, np.cumsum(cut)]


def _without_steps(
    second: IntArray, piece: IntArray, altitude: FloatArray, distance: FloatArray, is_foot: bool
) -> FloatArray:
    """Join the pieces and take out the steps no runner climbs."""
    steps, seconds = np.diff(altitude), np.diff(second)
    opening = np.maximum.accumulate(np.where(np.r_[True, np.diff(piece) != 0], second, 0))
    settling = (second - opening < SETTLING_PAUSE_S) | (second - second[0] < SETTLING_START_S)
    way = np.nan_to_num(np.diff(distance))
    climbed = (np.abs(steps) * 100 <= STEEPEST_PCT * way) & (np.abs(steps) <= seconds)
    usual = np.abs(steps) <= (STEP_MPS if is_foot else STEP_OTHER_MPS)
    keep = np.where(np.diff(piece) != 0, climbed, usual)
    doubtful = np.flatnonzero(settling[1:] & keep & (np.abs(steps) > SETTLING_STEP_M) & (seconds == 1))
    if is_foot and doubtful.size:
        # A step of noise comes back at once; a step of calibration stays.
        near = np.arange(5)
        before = altitude[np.maximum(doubtful[:, None] - near, 0)]
        after = altitude[np.minimum(doubtful[:, None] + 1 + near, altitude.size - 1)]
        stays = np.abs(np.median(after, axis=1) - np.median(before, axis=1)) > SETTLING_STEP_M
        keep[doubtful[stays]] = False
    return altitude[0] + np.r_[0.0, np.cumsum(np.where(keep, steps, 0.0))]


def _grade(piece: IntArray, calm: FloatArray, distance: FloatArray) -> FloatArray:
    """Compute the rise over 50 m centred on each second, on nodes of 5 m; at the ends of a piece over 20 m."""
    if not piece.size:
        return np.zeros(0)
    heads = np.flatnonzero(np.r_[True, np.diff(piece) != 0])
    number = np.cumsum(np.r_[0, np.diff(piece) != 0])
    along = distance - distance[heads][number]
    nodes_of = np.floor(along[np.r_[heads[1:] - 1, -1]] / NODE_M).astype(np.int64) + 1
    # Pieces are laid one after the other with a node between, so that one interpolation serves them all.
    offset = ((np.cumsum(nodes_of + 1) - nodes_of - 1) * NODE_M)[number]
    end = offset + (nodes_of[number] - 1) * NODE_M
    along = along + offset
    nodes = np.arange(int(nodes_of.sum()) + nodes_of.size) * NODE_M
    heights = np.interp(nodes, along, calm)
    low, high = np.maximum(along - GRADE_WAY_M / 2, offset), np.minimum(along + GRADE_WAY_M / 2, end)
    rise = np.interp(high, nodes, heights) - np.interp(low, nodes, heights)
    span = high - low
    grade = np.divide(rise * 100, span, out=np.full(span.size, np.nan), where=span >= LEAST_WAY_M)
    return np.clip(grade, -STEEPEST_PCT, STEEPEST_PCT)
