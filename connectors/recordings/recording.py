"""One raw session put on our clock: a row for every running second, and what they add up to.

Latitude and longitude are read here (zone, distance) and go no further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl
from tzfpy import get_tz

from connectors.frames import SAMPLE
from connectors.recordings import channels as recordings_channels
from connectors.recordings import distance, resample, totals
from connectors.recordings.elevation import elevation_profile
from connectors.recordings.true_time import with_true_time
from connectors.source import Recording, Session
from connectors.sports import FOOT_SPORTS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SMART_GAP_S = 30.0
FOOT_MPS = (1.0, 7.0)
OTHER_MPS = (1.0, 25.0)
STILL_MPS = 0.2
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
SMART_SHARE = 0.2


@dataclass(frozen=True)
class _Points:
    """Points in time order as arrays; NaN is unknown."""

    at: FloatArray
    segment: IntArray
    channels: dict[str, FloatArray]
    start: float
    notes: tuple[str, ...]


def build_recording(session: Session, zone: str | None = None) -> Recording:
    """Resample one session to the one-second clock.

    Gaps of up to 10 s are filled, up to 30 s where the device saves points, up to 300 s where the runner clearly
    went on; heart rate, cadence and the like are never filled beyond 10 s.

    Parameters
    ----------
    session : Session
        As a recording file holds it: points in file order, times in any state.
    zone : str or None
        IANA zone of the account, for local times of a session without a place; None unknown.

    Returns
    -------
    Recording
        `samples` under contract SAMPLE, one row for each second the timer ran; `activity` with the columns of
        ACTIVITY that the file knows; null is unknown; `notes` say what was left out or moved. No place is in
        any of them.
    """
    session = with_true_time(session, zone)
    points = _points(session)
    is_foot = session.sport is None or session.sport in FOOT_SPORTS
    limit = distance.FOOT_LIMIT_MPS if is_foot else distance.OTHER_LIMIT_MPS
    given = points.channels
    way = distance.distance_track(
        points.at, points.segment, given["distance_m"], given["latitude_deg"], given["longitude_deg"], limit
    )
    breaks, gap_notes = _breaks(points, way.distance_m, FOOT_MPS if is_foot else OTHER_MPS)
    grid = resample.second_grid(points.at, breaks)
    factor, feet_notes = recordings_channels.steps_per_cycle(
        given["cadence_raw"], session, points.at, way.distance_m, given["speed_mps"]
    )
    columns, notes = recordings_channels.channels_on_grid(
        grid, given, way, factor if is_foot else None, limit
    )
    hills = elevation_profile(
        grid.second, grid.stretch, columns["altitude_m"], columns["distance_m"], columns["speed_mps"], is_foot
    )
    columns["altitude_m"] = hills.altitude_m
    is_real = not (session.is_indoor or session.is_virtual)
    columns["grade_pct"] = hills.grade_pct if is_real else np.full(grid.second.size, np.nan)
    samples = _frame(grid.second, columns)
    activity = totals.recording_totals(
        session,
        grid.second,
        columns,
        start_utc=_start(session, points),
        timezone=_zone(session, given["latitude_deg"], given["longitude_deg"]),
        climbed=(hills.ascent_m, hills.descent_m) if is_real else (None, None),
        cadence_factor=factor,
        is_foot=is_foot,
    )
    all_notes = (*session.notes, *points.notes, *way.notes, *gap_notes, *notes)
    return Recording(activity, samples, (*all_notes, *(feet_notes if is_foot else ())), session.sets)


def _points(session: Session) -> _Points:
    """Return the points of the frame, in time order, counted from the start."""
    frame = session.points
    time = frame["time_s"].to_numpy()
    raw = {name: frame[name].to_numpy() for name in frame.columns if name not in ("time_s", "segment")}
    ordered = resample.order_points(time, raw["distance_m"])
    index = ordered.index
    is_unbroken = index.size == time.size and bool((index == np.arange(time.size)).all())
    if not is_unbroken:
        raw = {name: values[index] for name, values in raw.items()}
    lat, lon = raw["latitude_deg"], raw["longitude_deg"]
    with np.errstate(invalid="ignore"):
        nowhere = ((lat == 0) & (lon == 0)) | ~(np.abs(lat) <= 90) | ~(np.abs(lon) <= 180)
    raw["latitude_deg"], raw["longitude_deg"] = np.where(nowhere, np.nan, [lat, lon])
    start = _start_s(session, ordered.time_s)
    return _Points(
        ordered.time_s - start,
        frame["segment"].to_numpy()[index].astype(np.int64),
        raw,
        start,
        ordered.notes,
    )


def _start_s(session: Session, time: FloatArray) -> float:
    """Find the second the session starts: the device's own word unless its points contradict it."""
    if not time.size:
        return session.start_utc.timestamp() if session.start_utc else 0.0
    first = float(time[0])
    stated_s = session.start_utc.timestamp() if session.start_utc else first
    lasts = max(session.elapsed_s or 0.0, session.timer_s or 0.0)
    believed = (
        stated_s <= first
        and (first - stated_s <= resample.LONG_PAUSE_S)
        and time[-1] <= stated_s + lasts + 60
    )
    return float(np.floor(stated_s if believed or abs(first - stated_s) < 1 else first))


def _start(session: Session, points: _Points) -> datetime | None:
    """Return when it began; a clock that was never set shows a year in which nothing recorded a run."""
    begin = datetime.fromtimestamp(points.start, UTC) if points.at.size else session.start_utc
    return begin if begin is not None and begin >= EARLIEST else None


def _zone(session: Session, latitude: FloatArray, longitude: FloatArray) -> str | None:
    """IANA zone of the first known place; a made-up place has none."""
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if session.is_virtual or session.sport in ("VirtualRun", "VirtualRide") or not known.any():
        return None
    first = int(np.argmax(known))
    return get_tz(float(longitude[first]), float(latitude[first])) or None


def _breaks(
    points: _Points, way: FloatArray, moving_mps: tuple[float, float]
) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Find where the clock has a gap: pauses, and silences in which nobody can say what happened."""
    gap = np.diff(points.at)
    breaks = np.diff(points.segment) != 0
    silent = ~breaks & (gap > recordings_channels.SHORT_GAP_S)
    if not silent.any():
        return breaks, []
    known = np.isfinite(way)
    metres = np.full(gap.size, np.nan)
    if known.any():
        line = np.interp(points.at, points.at[known], way[known])
        metres = np.where(
            known[1:] & known[:-1] | (gap <= recordings_channels.MOVING_GAP_S), np.diff(line), np.nan
        )
    pace = metres / np.maximum(gap, 1)
    with np.errstate(invalid="ignore"):
        went_on = (pace >= moving_mps[0]) & (pace <= moving_mps[1])
        is_still = pace < STILL_MPS
    is_smart = float((gap > 1.5).mean()) >= SMART_SHARE
    saved = is_smart & (gap <= SMART_GAP_S) & ~is_still
    left = silent & ~saved & ~(went_on & (gap <= recordings_channels.MOVING_GAP_S))
    notes = _silences(gap[left & (gap > recordings_channels.MOVING_GAP_S)])
    return breaks | left, notes


def _silences(gaps: FloatArray) -> list[str]:
    if not gaps.size:
        return []
    many = "A stretch" if gaps.size == 1 else f"{gaps.size} stretches"
    return [f"{many} without points, {gaps.sum() / 60:.0f} min in all, stays a gap."]


def _frame(second: IntArray, columns: dict[str, FloatArray]) -> pl.DataFrame:
    """Build the SAMPLE frame, with NaN turned into null."""
    series = [pl.Series("second", second.astype(np.int32))]
    for name in list(SAMPLE.columns)[1:]:
        values = columns[name]
        if np.isfinite(values).any():
            series.append(pl.Series(name, values.astype(np.float32), nan_to_null=True))
        else:
            series.append(pl.Series(name, [None], dtype=pl.Float32).new_from_index(0, second.size))
    return pl.DataFrame(series)
