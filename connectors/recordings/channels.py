"""Speed on the one-second clock: from distance, calm, and without the leaps of a receiver."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from connectors.frames import SAMPLE
from connectors.late_imports import late_import
from connectors.plural import count as plural
from connectors.recordings import distance as recordings_distance
from connectors.recordings.elevation import known_altitude
from connectors.recordings.resample import SecondGrid, values_on_grid
from connectors.recordings.steps import BOTH_FEET_WALKING_SPM, both_feet, counted
from connectors.source import Session

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

USUAL_S = 15
LEAP_RATIO = 1.5
LEAP_MPS = 0.5


def smooth_speed(speed: FloatArray, stretch: IntArray) -> FloatArray:
    """Mean speed over five seconds centred on each second.

    Five seconds calm one-second rounding and leave intervals of 20 s whole.

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


def speed_of(distance: FloatArray, stretch: IntArray) -> FloatArray:
    """Speed as the way from second to second.

    The plainest derivative; `smooth_speed` follows.

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
    """
    if distance.size < 2:
        return np.full(distance.size, np.nan)
    steps = np.where(stretch[1:] == stretch[:-1], np.diff(distance), np.nan)
    ahead = np.r_[steps, np.nan]
    behind = np.r_[np.nan, steps]
    return np.where(np.isfinite(behind), behind, ahead)


def drop_spikes(speed: FloatArray) -> FloatArray:
    """Calm the moments in which a receiver's place leapt.

    Load grows faster than speed, so leaps of a few seconds would count as sprints; on a real run held as GPX and as
    TCX the fastest five seconds fall from 10.2 to 6.5 m/s, where the watch's own distance says 3.4.

    Parameters
    ----------
    speed : ndarray of float, shape (m,)
        m/s from place to place; NaN unknown.

    Returns
    -------
    ndarray of float, shape (m,)
        Where it is above 1.5 times the median of the 15 s around it plus 0.5 m/s, that median.
    """
    known = np.isfinite(speed)
    out = speed.copy()
    if known.any():
        usual = late_import("scipy.ndimage").median_filter(speed[known], size=USUAL_S, mode="nearest")
        out[known] = np.where(speed[known] > LEAP_RATIO * usual + LEAP_MPS, usual, speed[known])
    return out


WALKING_SPORTS = ("Walk", "Hike", "Snowshoe")
SHORT_GAP_S = 10.0
MOVING_GAP_S = 300.0
DROPOUT_MPS = 1.5
BODY_CHANNELS = (
    "heart_rate_bpm",
    "power_w",
    "step_length_mm",
    "contact_ms",
    "contact_left_pct",
    "vertical_oscillation_mm",
    "form_power_w",
)
NOT_COUNTED = {
    "heart_rate_bpm": "heart rate",
    "power_w": "power",
    "step_length_mm": "step length",
    "contact_ms": "contact time",
    "contact_left_pct": "left share of contact time",
    "vertical_oscillation_mm": "vertical oscillation",
    "form_power_w": "form power",
    "temperature_c": "temperature",
    "altitude_m": "altitude",
    "cadence_spm": "cadence",
}


def channels_on_grid(
    grid: SecondGrid,
    given: Mapping[str, FloatArray],
    way: recordings_distance.DistanceTrack,
    step_factor: float | None,
    limit_mps: float,
) -> tuple[dict[str, FloatArray], list[str]]:
    """Carry every channel to the one-second grid.

    What the body does is not made up beyond 10 s; where the runner was, is followed for as long as a stretch goes
    on.

    Parameters
    ----------
    grid : Grid
        Running seconds.
    given : mapping of str to ndarray of float, shape (k,)
        Columns of POINT in time order; NaN unknown.
    way : DistanceTrack
        Distance covered at each point.
    step_factor : float or None
        What makes the recorded cadence steps of both feet; None when it does not count steps.
    limit_mps : float
        Faster than this nobody moves in this sport, m/s.

    Returns
    -------
    tuple of dict of str to ndarray of float, shape (m,), and list of str
        Columns of SAMPLE but for `second` and `grade_pct`, within the contract's bounds, NaN unknown; and
        what was left out, in plain sentences.
    """
    notes: list[str] = []

    def carried(name: str, values: FloatArray, gap: float) -> FloatArray:
        is_valid, note = _within(name, values)
        notes.extend(note)
        return values_on_grid(grid, is_valid, gap)

    columns = {name: carried(name, _zero_unknown(name, given[name]), SHORT_GAP_S) for name in BODY_CHANNELS}
    columns["temperature_c"] = carried("temperature_c", given["temperature_c"], MOVING_GAP_S)
    columns["altitude_m"] = carried("altitude_m", known_altitude(given["altitude_m"]), MOVING_GAP_S)
    distance = values_on_grid(grid, way.distance_m, MOVING_GAP_S)
    device, note = _device_speed(given["speed_mps"], limit_mps, way.distance_m)
    notes.extend(note)
    speed = values_on_grid(grid, device, MOVING_GAP_S)
    if not np.isfinite(distance).any() and np.nanmax(speed, initial=0.0) > 0:
        distance = np.cumsum(np.nan_to_num(speed))
        notes.append("No distance was recorded; added up from the recorded speed.")
    else:
        derived = speed_of(distance, grid.stretch)
        derived = drop_spikes(derived) if way.is_from_places else derived
        speed = np.where(np.isfinite(speed), speed, derived)
    columns["distance_m"] = distance
    columns["speed_mps"] = smooth_speed(speed, grid.stretch)
    cadence = carried("cadence_spm", given["cadence_raw"] * (step_factor or np.nan), SHORT_GAP_S)
    columns["cadence_spm"] = _stepping(cadence, columns["speed_mps"])
    return columns, notes


def _stepping(cadence: FloatArray, speed: FloatArray) -> FloatArray:
    """No steps while running is a sensor that fell silent; no steps at all is no sensor."""
    with np.errstate(invalid="ignore"):
        if not (cadence > 0).any():
            return np.full(cadence.size, np.nan)
        return np.where((cadence <= 0) & (speed > DROPOUT_MPS), np.nan, cadence)


def _zero_unknown(name: str, values: FloatArray) -> FloatArray:
    """Drop zeros that are no measurement: of heart rate and steps always, of power when all are."""
    if name in (
        "heart_rate_bpm",
        "step_length_mm",
        "contact_ms",
        "contact_left_pct",
        "vertical_oscillation_mm",
    ):
        return np.where(values == 0, np.nan, values)
    return np.where(values == 0, np.nan, values) if not (values > 0).any() else values


def _within(name: str, values: FloatArray) -> tuple[FloatArray, list[str]]:
    """Null what the contract does not allow, with a note."""
    column = SAMPLE.columns[name]
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    with np.errstate(invalid="ignore"):
        outside = (values < low) | (values > high)
    count = int(outside.sum())
    if not count:
        return values, []
    unit = column.unit.split(",")[0]
    text = f"{plural(count, 'value')} of {NOT_COUNTED[name]} outside {low:g} to {high:g} {unit} left out."
    return np.where(outside, np.nan, values), [text]


def _device_speed(speed: FloatArray, limit: float, way: FloatArray) -> tuple[FloatArray, list[str]]:
    """Return the device's speed, unless it stands at zero while the distance grows."""
    known = np.isfinite(speed)
    if not known.any():
        return speed, []
    grown = np.nanmax(way, initial=0.0) > recordings_distance.LEAST_WAY_M
    with np.errstate(invalid="ignore"):
        if grown and not (speed > 0).any():
            return np.full(speed.size, np.nan), []
        outside = (speed < 0) | (speed > limit)
    count = int(outside.sum())
    notes = [f"{plural(count, 'value')} of speed above {limit:g} m/s or below 0 left out."] if count else []
    return np.where(outside, np.nan, speed), notes


def steps_per_cycle(
    raw: FloatArray, session: Session, at: FloatArray, way_m: FloatArray, speed_mps: FloatArray
) -> tuple[float, list[str]]:
    """Decide whether a device counted one foot or both.

    See `connectors.recordings.steps`. FIT, GPX and TCX of one run carry one foot, some writers both.

    Parameters
    ----------
    raw : ndarray of float, shape (k,)
        Cadence as written, per minute; NaN unknown, 0 standing.
    session : Session
        Its averages stand in where no point has a cadence; walking has its own threshold.
    at : ndarray of float, shape (k,)
        Seconds since the start, never falling.
    way_m : ndarray of float, shape (k,)
        Distance covered, m; NaN unknown.
    speed_mps : ndarray of float, shape (k,)
        Speed as written, m/s, used where no distance is known; NaN unknown.

    Returns
    -------
    tuple of float and list of str
        2 where one foot was counted, 1 where both were; and a sentence where neither is clear.
    """
    is_walk = session.sport in WALKING_SPORTS
    with np.errstate(invalid="ignore"):
        if not (raw > 0).any():
            return _of_mean(session), []
    gaps = np.diff(at, prepend=at[:1] - 1.0)
    weights = np.clip(gaps, 0.0, SHORT_GAP_S)
    steps = counted(raw, _speed_at(at, way_m, speed_mps), weights, is_walk=is_walk)
    if steps.is_sure:
        return steps.factor, []
    feet = "one foot and doubled" if steps.factor == 2 else "both feet"
    return steps.factor, [
        f"Its cadence lies between the steps of one foot and those of both; it was taken for {feet}. Look at it."
    ]


def _of_mean(session: Session) -> float:
    if not session.cadence_raw:
        return 2.0
    metres, seconds = session.distance_m, session.timer_s or session.elapsed_s
    speed = metres / seconds if metres and seconds else None
    if speed is None and session.sport in WALKING_SPORTS:
        return 1.0 if session.cadence_raw > BOTH_FEET_WALKING_SPM else 2.0
    return both_feet(session.cadence_raw, speed) / session.cadence_raw


def _speed_at(at: FloatArray, way_m: FloatArray, speed_mps: FloatArray) -> FloatArray:
    """Speed over 15 s around each point; as the device wrote it where no distance is known."""
    known = np.isfinite(way_m)
    if known.sum() < 2:
        return speed_mps
    ahead, behind = np.minimum(at + 7.5, at[known][-1]), np.maximum(at - 7.5, at[known][0])
    way = np.interp(ahead, at[known], way_m[known]) - np.interp(behind, at[known], way_m[known])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(ahead > behind, way / (ahead - behind), np.nan)
