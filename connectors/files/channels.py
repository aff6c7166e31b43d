"""Each channel of a recording, cleaned and carried to the one-second clock."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from connectors.files import odometer
from connectors.files import speed as speeds
from connectors.files.clock import Grid, on_grid
from connectors.files.terrain import known_altitude
from connectors.frames import SAMPLE
from connectors.plural import count as plural
from connectors.recordings.steps import BOTH_FEET_WALKING_SPM, both_feet, counted
from connectors.source import Session

Floats = npt.NDArray[np.float64]

WALKING_SPORTS = ("Walk", "Hike", "Snowshoe")
SHORT_GAP_S = 10.0
MOVING_GAP_S = 300.0
DROPOUT_MPS = 1.5
BODY = (
    "heart_rate_bpm",
    "power_w",
    "step_length_mm",
    "contact_ms",
    "contact_left_pct",
    "vertical_oscillation_mm",
    "form_power_w",
)
WORDS = {
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


def on_clock(
    grid: Grid,
    given: Mapping[str, Floats],
    way: odometer.Odometer,
    step_factor: float | None,
    limit_mps: float,
) -> tuple[dict[str, Floats], list[str]]:
    """Carry every channel to the one-second grid.

    Parameters
    ----------
    grid : Grid
        Running seconds.
    given : mapping of str to ndarray of float, shape (k,)
        Columns of POINT in time order; NaN unknown.
    way : Odometer
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

    Source
    ------
    ours: what the body does is not made up beyond 10 s; where the runner was, is followed for as long as a
    stretch goes on.
    """
    notes: list[str] = []

    def carried(name: str, values: Floats, gap: float) -> Floats:
        kept, note = _within(name, values)
        notes.extend(note)
        return on_grid(grid, kept, gap)

    columns = {name: carried(name, _zero_unknown(name, given[name]), SHORT_GAP_S) for name in BODY}
    columns["temperature_c"] = carried("temperature_c", given["temperature_c"], MOVING_GAP_S)
    columns["altitude_m"] = carried("altitude_m", known_altitude(given["altitude_m"]), MOVING_GAP_S)
    distance = on_grid(grid, way.distance_m, MOVING_GAP_S)
    device, note = _device_speed(given["speed_mps"], limit_mps, way.distance_m)
    notes.extend(note)
    speed = on_grid(grid, device, MOVING_GAP_S)
    if not np.isfinite(distance).any() and np.nanmax(speed, initial=0.0) > 0:
        distance = np.cumsum(np.nan_to_num(speed))
        notes.append("No distance was recorded; added up from the recorded speed.")
    else:
        derived = speeds.speed_of(distance, grid.stretch)
        derived = speeds.without_spikes(derived) if way.is_from_places else derived
        speed = np.where(np.isfinite(speed), speed, derived)
    columns["distance_m"] = distance
    columns["speed_mps"] = speeds.smooth_speed(speed, grid.stretch)
    cadence = carried("cadence_spm", given["cadence_raw"] * (step_factor or np.nan), SHORT_GAP_S)
    columns["cadence_spm"] = _stepping(cadence, columns["speed_mps"])
    return columns, notes


def _stepping(cadence: Floats, speed: Floats) -> Floats:
    """No steps while running is a sensor that fell silent; no steps at all is no sensor."""
    with np.errstate(invalid="ignore"):
        if not (cadence > 0).any():
            return np.full(cadence.size, np.nan)
        return np.where((cadence <= 0) & (speed > DROPOUT_MPS), np.nan, cadence)


def _zero_unknown(name: str, values: Floats) -> Floats:
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


def _within(name: str, values: Floats) -> tuple[Floats, list[str]]:
    """Keep what the contract allows; the rest is unknown, and said so."""
    column = SAMPLE.columns[name]
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    with np.errstate(invalid="ignore"):
        outside = (values < low) | (values > high)
    count = int(outside.sum())
    if not count:
        return values, []
    unit = column.unit.split(",")[0]
    text = f"{plural(count, 'value')} of {WORDS[name]} outside {low:g} to {high:g} {unit} left out."
    return np.where(outside, np.nan, values), [text]


def _device_speed(speed: Floats, limit: float, way: Floats) -> tuple[Floats, list[str]]:
    """Take the device's speed, unless it stands at zero while the distance grows."""
    known = np.isfinite(speed)
    if not known.any():
        return speed, []
    grown = np.nanmax(way, initial=0.0) > odometer.LEAST_WAY_M
    with np.errstate(invalid="ignore"):
        if grown and not (speed > 0).any():
            return np.full(speed.size, np.nan), []
        outside = (speed < 0) | (speed > limit)
    count = int(outside.sum())
    notes = [f"{plural(count, 'value')} of speed above {limit:g} m/s or below 0 left out."] if count else []
    return np.where(outside, np.nan, speed), notes


def steps_per_cycle(
    raw: Floats, session: Session, at: Floats, way_m: Floats, speed_mps: Floats
) -> tuple[float, list[str]]:
    """Decide whether a device counted one foot or both.

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

    Source
    ------
    ours: see `connectors.recordings.steps`. FIT, GPX and TCX of one run carry one foot, some writers both.
    """
    is_walk = session.sport in WALKING_SPORTS
    with np.errstate(invalid="ignore"):
        if not (raw > 0).any():
            return _of_mean(session), []
    gaps = np.diff(at, prepend=at[:1] - 1.0)
    weights = np.clip(gaps, 0.0, SHORT_GAP_S)
    found = counted(raw, _speed_at(at, way_m, speed_mps), weights, is_walk=is_walk)
    if found.is_sure:
        return found.factor, []
    feet = "one foot and doubled" if found.factor == 2 else "both feet"
    return found.factor, [
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


def _speed_at(at: Floats, way_m: Floats, speed_mps: Floats) -> Floats:
    """Speed over 15 s around each point; as the device wrote it where no distance is known."""
    known = np.isfinite(way_m)
    if known.sum() < 2:
        return speed_mps
    ahead, behind = np.minimum(at + 7.5, at[known][-1]), np.maximum(at - 7.5, at[known][0])
    way = np.interp(ahead, at[known], way_m[known]) - np.interp(behind, at[known], way_m[known])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(ahead > behind, way / (ahead - behind), np.nan)
