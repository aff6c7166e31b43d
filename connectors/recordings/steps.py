"""Whether a device counted the steps of one foot or of both: told by how fast the runner went meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

RUNNING_MPS = 1.9
"""Below it people walk (the model's own limit)."""
FASTEST_MPS, SLOWEST_MPS = 7.5, 0.5
"""Outside these a second says nothing of steps."""
LEAST_SPM = 20.0
ENOUGH_S, ENOUGH_SHARE = 30.0, 0.1
"""Seconds of running, and share of all that moved, that decide before any walking is looked at."""
HALF_WAY = 2**-0.5
"""One foot counts half of the steps, both count all: in between, in proportion, lies the root of one half."""
UNSURE = (0.64, 0.78)
"""Shares of the expected steps from which neither reading follows clearly. Design choice."""
MOST_SPM = 225.0
"""Nobody keeps more steps a minute: what would double to more counts both feet already."""
BOTH_FEET_SPM, BOTH_FEET_WALKING_SPM = 115.0, 80.0
"""Where no speed is known: high counts above it are those of both feet, for a run and for a walk. Design choice."""


@dataclass(frozen=True)
class Counted:
    """How a cadence was counted.

    Parameters
    ----------
    factor
        2 where one foot was counted, 1 where both were.
    is_sure
        False where the count lies between the two.
    """

    factor: float
    is_sure: bool = True


def counted(raw: Floats, speed_mps: Floats, weight_s: Floats, *, is_walk: bool) -> Counted:
    """Decide whether a device counted one foot or both.

    Seconds of running decide first, for walking counts both ways in a session of both; a runner takes about 136
    steps a minute and 10 more for each m/s, a walker 60 and 35 more. Design choice.

    Parameters
    ----------
    raw : ndarray of float, shape (k,)
        Cadence as written, per minute; NaN unknown.
    speed_mps : ndarray of float, shape (k,)
        Speed at the same moments, m/s; NaN unknown.
    weight_s : ndarray of float, shape (k,)
        Seconds each stands for.
    is_walk : bool
        Whether the session is called a walk or a hike.

    Returns
    -------
    Counted
        One foot where nothing is known, as most devices write.
    """
    with np.errstate(invalid="ignore"):
        stepping = raw >= LEAST_SPM
        runs = stepping & (speed_mps >= RUNNING_MPS) & (speed_mps <= FASTEST_MPS)
        walks = stepping & (speed_mps >= SLOWEST_MPS) & (speed_mps < RUNNING_MPS)
    run_s, walk_s = float(weight_s[runs].sum()), float(weight_s[walks].sum())
    if run_s + walk_s < ENOUGH_S:
        return _without_speed(raw[stepping], is_walk)
    is_enough = run_s >= max(ENOUGH_S, ENOUGH_SHARE * (run_s + walk_s))
    chosen = runs | walks if is_walk else runs if is_enough else walks if walk_s >= ENOUGH_S else runs
    speed = np.minimum(speed_mps[chosen], np.nextafter(RUNNING_MPS, 0)) if is_walk else speed_mps[chosen]
    share = _middle(raw[chosen] / expected_spm(speed), weight_s[chosen])
    return _by_share(share, _middle(raw[chosen], weight_s[chosen]))


def expected_spm(speed_mps: Floats) -> Floats:
    """Return the steps of both feet that go with a speed, running or below 1.9 m/s walking.

    Parameters
    ----------
    speed_mps : ndarray of float, shape (k,)
        m/s.

    Returns
    -------
    ndarray of float, shape (k,)
        Steps a minute.
    """
    return np.where(speed_mps >= RUNNING_MPS, 136 + 10 * speed_mps, 60 + 35 * speed_mps)


def both_feet(cadence: float, speed_mps: float | None) -> float:
    """Convert the mean cadence of a session into steps of both feet.

    Parameters
    ----------
    cadence : float
        Per minute, one foot or both.
    speed_mps : float or None
        Mean speed, m/s; None unknown.

    Returns
    -------
    float
        Steps a minute.
    """
    if speed_mps is None or not SLOWEST_MPS <= speed_mps <= FASTEST_MPS:
        return cadence * (1.0 if cadence > BOTH_FEET_SPM else 2.0)
    share = cadence / float(expected_spm(np.array([speed_mps]))[0])
    return cadence * _by_share(share, cadence).factor


def both_feet_expr(cadence: str, speed: pl.Expr) -> pl.Expr:
    """Convert a column of mean cadences into steps of both feet, as `both_feet` does.

    Parameters
    ----------
    cadence : str
        Column, per minute; null stays null.
    speed : Expr
        Mean speed, m/s; null unknown.

    Returns
    -------
    Expr
        Steps a minute.
    """
    raw = pl.col(cadence)
    expected = pl.when(speed >= RUNNING_MPS).then(136 + 10 * speed).otherwise(60 + 35 * speed)
    is_known = speed.is_between(SLOWEST_MPS, FASTEST_MPS).fill_null(False)
    is_both = (
        pl.when(is_known)
        .then((raw >= HALF_WAY * expected) | (2 * raw > MOST_SPM))
        .otherwise(raw > BOTH_FEET_SPM)
    )
    return pl.when(is_both).then(raw).otherwise(2 * raw)


def _by_share(share: float, middle: float) -> Counted:
    if 2 * middle > MOST_SPM:
        return Counted(1.0)
    return Counted(2.0 if share < HALF_WAY else 1.0, not UNSURE[0] <= share <= UNSURE[1])


def _without_speed(raw: Floats, is_walk: bool) -> Counted:
    if not raw.size:
        return Counted(2.0)
    if is_walk:
        return Counted(1.0 if float(np.median(raw)) > BOTH_FEET_WALKING_SPM else 2.0)
    high = float(np.percentile(raw, 90))
    return Counted(1.0 if high > BOTH_FEET_SPM else 2.0, not 105 <= high <= 125)


def _middle(values: Floats, weight_s: Floats) -> float:
    order = np.argsort(values)
    up_to = np.cumsum(weight_s[order])
    return float(values[order][np.searchsorted(up_to, up_to[-1] / 2)])
