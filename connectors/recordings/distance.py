"""Distance from whatever the device left: its own, or the way from place to place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.plural import count

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FOOT_LIMIT_MPS = 12.0
OTHER_LIMIT_MPS = 60.0
EARTH_RADIUS_M = 6_371_008.8
LEAST_WAY_M = 1.0
FLAT_BESIDE_M = 200.0
WORTH_A_WORD_M = 100.0


@dataclass(frozen=True)
class DistanceTrack:
    """Distance covered at each point.

    Parameters
    ----------
    distance_m : ndarray of float, shape (k,)
        Never falling, from the start of the session; NaN unknown.
    notes : tuple of str
        What was left out, in plain sentences.
    is_from_places : bool
        Whether it was measured from place to place, which is rougher than a device's own distance.
    """

    distance_m: FloatArray
    notes: tuple[str, ...] = ()
    is_from_places: bool = False

    @property
    def total_m(self) -> float:
        """Distance at the end; 0 when nothing is known."""
        known = self.distance_m[np.isfinite(self.distance_m)]
        return float(known[-1]) if known.size else 0.0


def distance_track(
    at: FloatArray,
    segment: IntArray,
    device_m: FloatArray,
    latitude: FloatArray,
    longitude: FloatArray,
    limit_mps: float,
) -> DistanceTrack:
    """Return the device's distance where it can be believed, else the way between places.

    A device's distance counts steps and turns that places miss, so it comes first; it is given up when it stands
    still, or covers less than half of the way, while the places move.

    Parameters
    ----------
    at : ndarray of float, shape (k,)
        Seconds since the start, never falling.
    segment : ndarray of int, shape (k,)
        A new number is a pause.
    device_m : ndarray of float, shape (k,)
        Distance as written, m; NaN unknown.
    latitude, longitude : ndarray of float, shape (k,)
        Degrees; NaN unknown.
    limit_mps : float
        Faster than this nobody moves in this sport, m/s.

    Returns
    -------
    DistanceTrack
        All NaN when neither source says anything: a distance that stays at zero is unknown, not zero.
    """
    device = device_distance(at, device_m, limit_mps)
    if device.total_m >= LEAST_WAY_M and not np.isfinite(latitude).any():
        return device
    places = distance_between_places(at, segment, latitude, longitude, limit_mps)
    stuck = places.total_m > FLAT_BESIDE_M and device.total_m < places.total_m / 2
    if device.total_m >= LEAST_WAY_M and not stuck:
        return device
    if places.total_m >= LEAST_WAY_M:
        stood = ("The recorded distance stood still; taken from the places instead.",)
        return DistanceTrack(
            places.distance_m, places.notes + stood * bool(np.isfinite(device_m).any()), True
        )
    return DistanceTrack(np.full(at.size, np.nan))


def device_distance(at: FloatArray, device_m: FloatArray, limit_mps: float) -> DistanceTrack:
    """Turn a distance that may restart, jump or fall into one that never falls.

    A fall to less than half is a restart (laps, sessions) and is added up; a smaller fall and a jump add nothing.

    Parameters
    ----------
    at : ndarray of float, shape (k,)
        Seconds since the start, never falling.
    device_m : ndarray of float, shape (k,)
        Distance as written, m; NaN unknown.
    limit_mps : float
        Faster than this is a jump, m/s.

    Returns
    -------
    DistanceTrack
        NaN where the device wrote none.
    """
    known = np.flatnonzero(np.isfinite(device_m) & (device_m >= 0))
    out = np.full(at.size, np.nan)
    if not known.size:
        return DistanceTrack(out)
    values, times = device_m[known], at[known]
    steps = np.diff(values)
    restart = values[1:] < values[:-1] / 2
    steps = np.where(restart, values[1:], np.maximum(steps, 0))
    changed = np.r_[True, steps > 0]
    last_change = np.maximum.accumulate(np.where(changed, times, -np.inf))[:-1]
    allowed = limit_mps * np.maximum(times[1:] - last_change, 1) + LEAST_WAY_M
    jumps = steps > allowed
    first = values[0] if values[0] <= limit_mps * (max(times[0], 0) + 10) else 0.0
    out[known] = first + np.r_[0.0, np.cumsum(np.where(jumps, 0, steps))]
    count, lost = int(jumps.sum()), float(steps[jumps].sum())
    is_worth_a_word = lost > max(WORTH_A_WORD_M, float(out[known[-1]]) / 100)
    return DistanceTrack(out, (_jumps(count, "recorded distance"),) if is_worth_a_word else ())


def distance_between_places(
    at: FloatArray, segment: IntArray, latitude: FloatArray, longitude: FloatArray, limit_mps: float
) -> DistanceTrack:
    """Add up the way from place to place within each segment.

    Great circle by the haversine formula, sphere of mean earth radius 6,371,008.8 m (IUGG).

    Parameters
    ----------
    at : ndarray of float, shape (k,)
        Seconds since the start, never falling.
    segment : ndarray of int, shape (k,)
        The way across a change of segment is not counted.
    latitude, longitude : ndarray of float, shape (k,)
        Degrees; NaN unknown and passed over.
    limit_mps : float
        Faster than this is a jump of the receiver, m/s.

    Returns
    -------
    DistanceTrack
        NaN where the place is unknown. A single place off the way is left out; any other jump adds nothing.
    """
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    out = np.full(at.size, np.nan)
    if known.size < 2:
        return DistanceTrack(out)
    steps, jumps = _ways(known, at, segment, latitude, longitude, limit_mps)
    lone = np.flatnonzero(jumps[:-1] & jumps[1:]) + 1
    count = int(lone.size)
    if count:
        known = np.delete(known, lone)
        steps, jumps = _ways(known, at, segment, latitude, longitude, limit_mps)
    count += int(jumps.sum())
    out[known] = np.r_[0.0, np.cumsum(np.where(jumps, 0, steps))]
    return DistanceTrack(out, (_jumps(count, "place"),) if count else (), True)


def _ways(
    known: IntArray,
    at: FloatArray,
    segment: IntArray,
    latitude: FloatArray,
    longitude: FloatArray,
    limit_mps: float,
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Metres from each known place to the next, and which of them are jumps; nothing across a pause."""
    phi, lam = np.radians(latitude[known]), np.radians(longitude[known])
    half = np.sin(np.diff(phi) / 2) ** 2 + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(np.diff(lam) / 2) ** 2
    metres = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    metres = np.where(np.diff(segment[known]) == 0, metres, 0.0)
    return metres, metres > limit_mps * np.maximum(np.diff(at[known]), 1)


def _jumps(jumps: int, what: str) -> str:
    return f"Ignored {count(jumps, 'jump')} of the {what}, too fast for a person."
