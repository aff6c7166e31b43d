"""The records of a FIT file as points, with its pauses and the fields of apps laid over its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from connectors.errors import UnsafeFile
from connectors.formats.fit.decoder import EVENT_MESSAGE, RECORD_MESSAGE, FilePart, check_sizes
from connectors.formats.fit.developer_fields import developer_columns
from connectors.formats.fit.fit_time import FIT_EPOCH_S
from connectors.formats.fit.message_table import FitTable, Numbers, Positions, decode_table
from connectors.frames import POINT, checked

MOST_POINTS = 2_000_000
OVERRIDES_LEAST = 0.5
"""Share of the device's own values that a developer field has to have before it overrides them: a foot pod that
fell silent after two minutes is not the run. Design choice."""
_DEGREES = 180 / 2**31
_STOPS = (1, 4, 8, 9)  # stop, stop all, and both as old devices wrote them
_START = 0


@dataclass(frozen=True)
class FitRecords:
    """All records of one FIT file, decoded but not yet shared out among its sessions.

    Parameters
    ----------
    time_s
        FIT seconds of each record that has a time, shape (n,), file order.
    columns
        POINT column to the arrays that may fill it, best first; NaN is unknown.
    segment
        Stretch with the timer running.
    is_running
        False where the record was written while the timer stood still.
    timeless
        Records without a time, which are not here.
    overridden
        Columns of which a developer field states that it stands for the device's own.
    """

    time_s: Numbers
    columns: dict[str, list[Numbers]]
    segment: NDArray[np.int64]
    is_running: NDArray[np.bool_]
    timeless: int
    overridden: frozenset[str] = frozenset()


def fit_records(part: FilePart) -> FitRecords:
    """Decode the records of one FIT file.

    Scales of the FIT profile; where old and new fields stand side by side the finer one goes first.

    Parameters
    ----------
    part : FilePart
        One FIT file.

    Returns
    -------
    FitRecords
        In file order; no record is made up or moved.

    Raises
    ------
    UnsafeFile
        When there are more than any recording has.
    """
    if part.count(RECORD_MESSAGE) > MOST_POINTS:
        raise UnsafeFile(check_sizes(f"more than {MOST_POINTS:,} points"))
    records = decode_table(part, RECORD_MESSAGE)
    times = records.times()
    columns = _native(records)
    overridden = _add_developer(columns, part, records)
    is_known = ~np.isnan(times)
    if not is_known.all():
        columns = {name: [v[is_known] for v in values] for name, values in columns.items()}
    segment, is_running = _segments(part, times[is_known], records.positions[is_known])
    return FitRecords(times[is_known], columns, segment, is_running, int((~is_known).sum()), overridden)


def _add_developer(columns: dict[str, list[Numbers]], part: FilePart, records: FitTable) -> frozenset[str]:
    """Insert a field that overrides a native one before it, any other behind it."""
    first: dict[str, list[Numbers]] = {}
    for field in developer_columns(part, records):
        own = columns.setdefault(field.name, [])
        known = np.isfinite(field.values).sum()
        covers = known >= OVERRIDES_LEAST * max((np.isfinite(one).sum() for one in own), default=0)
        if field.overrides and covers and np.nan_to_num(field.values).any():
            first.setdefault(field.name, []).append(field.values)
        else:
            own.append(field.values)
    for name, values in first.items():
        columns[name] = [*values, *columns[name]]
    return frozenset(first)


def points_of_session(records: FitRecords, rows: NDArray[np.bool_], shift_s: float = 0.0) -> pl.DataFrame:
    """Build the points of one session.

    Fields of apps that state the native field they stand for, then native ones, then other fields of apps; decided
    for each session, so that two sensors are not mixed.

    Parameters
    ----------
    records : FitRecords
        All records of the file.
    rows : ndarray of bool, shape (n,)
        Which of them belong to the session; those written while the timer stood still are left out here.
    shift_s : float
        Added to every time, for devices whose clock was not set.

    Returns
    -------
    DataFrame, shape (points, columns of POINT)
        Contract POINT, in file order.
    """
    selected = rows & records.is_running
    lift = slice(None) if selected.all() else selected
    segment = records.segment[lift]
    first = segment.min() if len(segment) else 0
    columns = {name: _best([v[lift] for v in values]) for name, values in records.columns.items()}
    known = {name: _nulled(name, values) for name, values in columns.items() if not np.isnan(values).all()}
    time = pl.Series("time_s", records.time_s[lift] + (FIT_EPOCH_S + shift_s))
    return checked(pl.DataFrame({"time_s": time, "segment": segment - first, **known}), POINT)


def _nulled(name: str, values: Numbers) -> pl.Series:
    return pl.Series(name, values, nan_to_null=bool(np.isnan(values).any()))


def _best(candidates: list[Numbers]) -> Numbers:
    """Return the first that says anything; nothing but zeros says nothing when there is another."""
    return next((v for v in candidates if np.nan_to_num(v).any()), candidates[0])


def _native(records: FitTable) -> dict[str, list[Numbers]]:
    get = records.numbers
    latitude, longitude = get(0) * _DEGREES, get(1) * _DEGREES
    nowhere = (np.abs(latitude) > 90) | (np.abs(longitude) > 180) | ((latitude == 0) & (longitude == 0))
    latitude[nowhere] = longitude[nowhere] = np.nan
    altitude = _first_known(get(78), get(2)) / 5 - 500
    altitude[altitude == -500] = np.nan
    heart_rate = get(3)
    heart_rate[(heart_rate == 0) | (heart_rate == 255)] = np.nan
    speed, distance = _first_known(get(73), get(6)) / 1000, get(5) / 100
    if any(8 in layout.native for layout, _ in records.layouts):
        packed_speed, packed_distance = _packed(records)
        speed, distance = _first_known(speed, packed_speed), _first_known(distance, packed_distance)
    return {
        "latitude_deg": [latitude],
        "longitude_deg": [longitude],
        "distance_m": [distance],
        "speed_mps": [speed],
        "altitude_m": [altitude],
        "cadence_raw": [get(4) + np.nan_to_num(get(53)) / 128],
        "heart_rate_bpm": [heart_rate],
        "power_w": [get(7)],
        "step_length_mm": [get(85) / 10],
        "contact_ms": [get(41) / 10],
        "contact_left_pct": [get(84) / 100],
        "vertical_oscillation_mm": [get(39) / 10],
        "temperature_c": [get(13)],
    }


def _first_known(first: Numbers, second: Numbers) -> Numbers:
    return np.where(np.isnan(first), second, first)


def _packed(records: FitTable) -> tuple[Numbers, Numbers]:
    """Speed and distance of twelve bits each in three bytes; the distance starts anew every 256 m."""
    low, middle, high = (
        np.nan_to_num(records.numbers(8, i), nan=255).clip(0, 255).astype(int) for i in range(3)
    )
    is_known = (low & middle & high) != 255
    speed = np.where(is_known, (low | (middle & 15) << 8) / 100, np.nan)
    steps = (middle >> 4 | high << 4)[is_known]
    distance = np.full(len(low), np.nan)
    distance[is_known] = np.cumsum(np.diff(steps, prepend=0) % 4096) / 16
    return speed, distance


def _segments(
    part: FilePart, times: Numbers, positions: Positions
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return each record its stretch between pauses, and whether the timer ran.

    Pauses are laid over the records by time, because some devices write all events at the end; where the
    clock jumped back, the order of the file decides.
    """
    events = decode_table(part, EVENT_MESSAGE)
    where = events.positions.astype(np.float64)
    what, when = events.numbers(1), events.times()
    is_timer = (events.numbers(0) == 0) & ~np.isnan(when)
    is_by_time = not (np.diff(times) < 0).any()
    axis = when[is_timer] if is_by_time else where[is_timer]
    order = np.argsort(axis, kind="stable")
    stops, starts = _pauses(axis[order].tolist(), what[is_timer][order].tolist())
    at = times if is_by_time else positions.astype(np.float64)
    resumed = np.searchsorted(np.array(starts), at, side="right")
    halted = np.searchsorted(np.array(stops), at, side="left")
    return resumed.astype(np.int64), halted <= resumed


def _pauses(axis: list[float], what: list[float]) -> tuple[list[float], list[float]]:
    """Pair each stop with the start after it; a stop at the very end belongs to no pause."""
    stops: list[float] = []
    starts: list[float] = []
    halted: float | None = None
    for at, kind in zip(axis, what, strict=True):
        if kind in _STOPS:
            halted = at  # a second stop means that the timer had been started unseen: the later one counts
        elif kind == _START and halted is not None:
            stops.append(halted)
            starts.append(at)
            halted = None
    return stops, starts
