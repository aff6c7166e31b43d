"""What a session adds up to: the device's own totals where they can be believed, ours where not."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from connectors.frames import ACTIVITY
from connectors.source import Session

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AGREE = 2.0
LEAST_S = 60.0
CONTACT_LEFT_PCT = (30.0, 70.0)
"""Shares of contact time that two feet can have; the clearest limp of a runner lies well inside. Design choice."""


def recording_totals(
    session: Session,
    second: IntArray,
    columns: dict[str, FloatArray],
    *,
    start_utc: datetime | None,
    timezone: str | None,
    climbed: tuple[float | None, float | None],
    cadence_factor: float,
    is_foot: bool,
) -> dict[str, object]:
    """Fill the columns of ACTIVITY that a recording knows.

    A device's total is believed within a factor of two of its own points; a foot session of a minute and more with
    distance zero has an unknown distance, not none.

    Parameters
    ----------
    session : Session
        Totals as the device wrote them.
    second : ndarray of int, shape (m,)
        Running seconds since the start.
    columns : dict of str to ndarray of float, shape (m,)
        Columns of SAMPLE; NaN unknown.
    start_utc : datetime or None
        Aware start, None unknown.
    timezone : str or None
        IANA zone of the first place.
    climbed : tuple of float or None
        Our ascent and descent, m.
    cadence_factor : float
        What makes the device's cadence steps of both feet.
    is_foot : bool
        Whether cadence means steps.

    Returns
    -------
    dict
        Column name to value; None is unknown or out of the contract's bounds.
    """
    moving = _moving(session, second)
    elapsed = _elapsed(session, second, moving)
    heart = columns["heart_rate_bpm"]
    values: dict[str, object] = {
        "start_utc": start_utc,
        "timezone": timezone,
        "utc_offset_s": session.utc_offset_s,
        "sport": session.sport,
        "is_indoor": session.is_indoor,
        "name": session.name or None,
        "distance_m": _distance(session, columns["distance_m"], moving, is_foot),
        "moving_s": moving,
        "elapsed_s": elapsed,
        "ascent_m": climbed[0],
        "descent_m": climbed[1],
        "ascent_device_m": session.ascent_m,
        "descent_device_m": session.descent_m,
        "cadence_spm": _cadence(session, columns, cadence_factor, is_foot),
        "heart_rate_bpm": _mean(heart) or session.heart_rate_bpm,
        "max_heart_rate_bpm": _most(heart) or session.max_heart_rate_bpm,
        "max_speed_mps": _most(columns["speed_mps"]) or session.max_speed_mps,
        "perceived_exertion_0_10": session.perceived_exertion_0_10,
        "feel_0_100": session.feel_0_100,
        "contact_left_pct": _contact_left(columns["contact_left_pct"], session.contact_left_pct),
        "device": session.device or None,
        "sample_rows": int(second.size),
    }
    return {name: _bounded(name, value) for name, value in values.items()}


def _contact_left(seconds: FloatArray, stated: float | None) -> float | None:
    """Mean share of the left foot; beyond these limits a pod has lost a foot, and tells nothing."""
    low, high = CONTACT_LEFT_PCT
    mean = _mean(seconds[(seconds >= low) & (seconds <= high)])
    return mean if mean is not None else stated if stated is not None and low <= stated <= high else None


def _moving(session: Session, second: IntArray) -> float | None:
    rows = float(second.size)
    timer = session.timer_s
    if timer is None or not timer > 0:
        return rows or session.elapsed_s
    if rows and timer > max(float(second[-1]) * AGREE, rows + LEAST_S):
        return rows
    return timer


def _elapsed(session: Session, second: IntArray, moving: float | None) -> float | None:
    ours = float(second[-1]) + 1 if second.size else moving
    stated = session.elapsed_s
    if stated is None or not stated > 0 or _bounded("elapsed_s", stated) is None:
        return max(ours, moving) if ours is not None and moving is not None else ours
    return max(stated, moving or 0.0)


def _distance(session: Session, distance: FloatArray, moving: float | None, is_foot: bool) -> float | None:
    ours = _most(distance)
    stated = session.distance_m
    if stated is not None and stated > 0 and (ours is None or ours / AGREE <= stated <= ours * AGREE):
        return stated
    if ours is None and stated == 0 and not (is_foot and (moving or 0) >= LEAST_S):
        return 0.0
    return ours


def _cadence(session: Session, columns: dict[str, FloatArray], factor: float, is_foot: bool) -> float | None:
    """Mean steps while stepping."""
    if not is_foot:
        return None
    steps = columns["cadence_spm"]
    mean = _mean(steps[steps > 0])
    if mean is not None:
        return mean
    return session.cadence_raw * factor if session.cadence_raw else None


def _mean(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else None


def _most(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else None


def _bounded(name: str, value: object) -> object:
    """None for a number the contract does not allow."""
    column = ACTIVITY.columns[name]
    if isinstance(value, float | int) and not isinstance(value, bool):
        low, high = column.low, column.high
        if not np.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
            return None
    return value
