"""A recording as channels that a service made of it, to one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.errors import UnreadableFile
from connectors.frames import POINT
from connectors.source import Session
from connectors.sync.json_values import api_number

FloatArray = npt.NDArray[np.float64]

COLUMNS = {
    "distance": "distance_m",
    "velocity_smooth": "speed_mps",
    "altitude": "altitude_m",
    "cadence": "cadence_raw",
    "heartrate": "heart_rate_bpm",
    "watts": "power_w",
    "temp": "temperature_c",
}
"""Strava's names, which intervals.icu uses too, to ours. `grade_smooth` and `moving` are left: both are worked out from
the rest, and we do that ourselves, alike for every source."""


def parse_streams(given: Any, activity: Mapping[str, Any]) -> Session | None:
    """Read the channels of one activity."""
    # The API's stream sets; three shapes are in use. A place is used for the time zone and distance, and goes
    # no further.
    channels = _channels(given)
    time = _numbers(channels.get("time"))
    if time is None or not np.isfinite(time).any():
        return None
    start = activity["start_utc"]
    columns: dict[str, FloatArray] = {"time_s": time + start.timestamp()}
    odd = []
    for foreign, ours in COLUMNS.items():
        values = _numbers(channels.get(foreign))
        if values is not None and values.size == time.size:
            columns[ours] = values
        elif values is not None:
            odd.append(foreign)
    places = _places(channels.get("latlng"), time.size)
    if places is not None:
        columns["latitude_deg"], columns["longitude_deg"] = places
    return _session(columns, activity, odd)


def _session(columns: dict[str, FloatArray], activity: Mapping[str, Any], odd: Sequence[str]) -> Session:
    known = np.isfinite(columns["time_s"])
    rows = int(known.sum())
    # Made at once: each further step over a frame costs more than reading the channel did.
    series = {n: pl.Series(n, [None], c.dtype).new_from_index(0, rows) for n, c in POINT.columns.items()}
    series["segment"] = pl.Series("segment", np.zeros(rows, np.int32))
    for name, values in columns.items():
        series[name] = pl.Series(name, values[known], nan_to_null=True)
    frame = pl.DataFrame(series)
    sport = str(activity["sport"])
    cadence = activity.get("cadence_spm")
    return Session(
        points=frame,
        sport=sport,
        is_indoor=activity.get("is_indoor"),
        start_utc=activity["start_utc"],
        utc_offset_s=activity.get("utc_offset_s"),
        distance_m=activity.get("distance_m"),
        timer_s=activity.get("moving_s"),
        elapsed_s=activity.get("elapsed_s"),
        heart_rate_bpm=activity.get("heart_rate_bpm"),
        max_heart_rate_bpm=activity.get("max_heart_rate_bpm"),
        cadence_raw=None if cadence is None else cadence / 2,
        max_speed_mps=activity.get("max_speed_mps"),
        device=activity.get("device"),
        is_virtual=sport.startswith("Virtual"),
        notes=tuple(f"The measure {name} has another length than the time; left out." for name in odd),
    )


def _channels(given: Any) -> dict[str, Any]:
    """Name to list of values, whatever the shape."""
    if isinstance(given, Mapping):
        return {
            str(name): part.get("data") if isinstance(part, Mapping) else part for name, part in given.items()
        }
    if isinstance(given, list):
        parts = [part for part in given if isinstance(part, Mapping)]
        return {str(part.get("type")): part.get("data") for part in parts}
    raise UnreadableFile("The service gave a recording of a shape that is not known; it was left out.")


def _numbers(values: Any) -> FloatArray | None:
    """Read one channel; null and what is no number become NaN. None when it is no list or empty."""
    if not isinstance(values, list) or not values:
        return None
    try:
        read = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        read = np.array([_or_nan(value) for value in values], dtype=np.float64)
    if read.ndim != 1:
        return None
    return np.where(np.isfinite(read), read, np.nan)


def _or_nan(value: Any) -> float:
    known = api_number(value)
    return np.nan if known is None else known


def _places(values: Any, count: int) -> tuple[FloatArray, FloatArray] | None:
    if not isinstance(values, list) or len(values) != count:
        return None
    try:
        read = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        read = np.array([_pair(value) for value in values], dtype=np.float64)
    return (read[:, 0], read[:, 1]) if read.shape == (count, 2) else None


def _pair(value: Any) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2:
        return _or_nan(value[0]), _or_nan(value[1])
    return np.nan, np.nan
