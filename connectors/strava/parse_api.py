"""When an activity began, from two texts of which one lies about its zone and either may hide the hour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.errors import UnreadableFile
from connectors.frames import ACTIVITY, POINT
from connectors.local_date import zone_name
from connectors.recordings.steps import both_feet
from connectors.source import Session, Skipped, stable_id
from connectors.sports import FOOT_SPORTS, UNKNOWN_SPORT, sport_name

MOST_OFFSET_S = 50_400
_HIDDEN_CLOCK = "T00:00:01"


def read_start(
    utc_text: str | None, local_text: str | None, zone: str | None, offset_s: int | None
) -> tuple[datetime, date, bool]:
    """Read a start.

    References
    ----------
    Strava's changelog of 2024-07-03: who hides the start shows 00:00:01.
    """
    utc, local = _moment(utc_text), _moment(local_text)
    is_hidden = _hides(local_text) and (_hides(utc_text) or _fits(utc, local, zone, offset_s))
    if local is not None and (is_hidden or utc is None):
        # The day is all that is known then, and it is the runner's own.
        return _from_local(local, zone, offset_s), local.date(), is_hidden
    if utc is None:
        raise UnreadableFile("Strava gave an activity without a date that can be read; it was left out.")
    there = utc.astimezone(ZoneInfo(zone)) if zone else local or utc
    return utc, there.date(), False


def offset_between(utc_text: str | None, local_text: str | None) -> int | None:
    """Work out the offset where neither zone nor offset are told.

    The two texts differ by the offset; zones are at most 14 hours from UTC.
    """
    utc, local = _moment(utc_text), _moment(local_text)
    if local is not None and (utc is None or _hides(local_text)):
        return 0
    if utc is None or local is None:
        return None
    apart = round((local - utc).total_seconds())
    return apart if abs(apart) <= MOST_OFFSET_S else None


def _hides(text: str | None) -> bool:
    return _HIDDEN_CLOCK in (text or "")


def _fits(utc: datetime | None, local: datetime | None, zone: str | None, offset_s: int | None) -> bool:
    return utc is not None and local is not None and _from_local(local, zone, offset_s) == utc


def _from_local(local: datetime, zone: str | None, offset_s: int | None) -> datetime:
    if zone:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return datetime.fromtimestamp(local.timestamp() - (offset_s or 0), UTC)


def _moment(text: str | None) -> datetime | None:
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC) if aware.year > 1970 else None


SOURCE_NAME = "strava_api"
HIDDEN_START = "hidden_start"
MANUAL = "manual"

_LONGEST_TEXT = 500
_ID_LIMIT = 2**63
_NUMBERS = {
    "distance_m": "distance",
    "moving_s": "moving_time",
    "elapsed_s": "elapsed_time",
    "ascent_device_m": "total_elevation_gain",
    "heart_rate_bpm": "average_heartrate",
    "max_heart_rate_bpm": "max_heartrate",
    "max_speed_mps": "max_speed",
    "perceived_exertion_0_10": "perceived_exertion",
}
_ZERO_IS_UNKNOWN = ("heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")


@dataclass
class ActivityPage:
    """What one page of summaries holds."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)


def parse_page(items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> ActivityPage:
    """Read a page of the list; one odd item never stops the others.

    See `parse_summary`.
    """
    page = ActivityPage()
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, Mapping):
            page.skipped.append(
                Skipped("activity", "Strava gave something that is no activity; it was left out.")
            )
            continue
        try:
            row = parse_summary(item, athlete_id, fetched_utc)
        except UnreadableFile as error:
            page.skipped.append(Skipped(f"activity {item.get('id')}", str(error)))
            continue
        if row["source_id"] in seen:
            continue
        seen.add(row["source_id"])
        page.rows.append(row)
        if sport_name(row["sport"]) is None and row["sport"] != UNKNOWN_SPORT:
            page.unknown_sports[row["sport"]] = page.unknown_sports.get(row["sport"], 0) + 1
    return page


def parse_summary(item: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any]:
    """Read one activity.

    References
    ----------
    Field list of the API and 1,132 recorded summaries. `start_date_local` is local time with a false "Z"; a hidden
    start stands as 00:00:01 (Strava's changelog of 2024-07-03).
    """
    source_id = _identity(item)
    zone, offset = zone_name(_text(item.get("timezone"))), _offset(item)
    texts = (_text(item.get("start_date")), _text(item.get("start_date_local")))
    if zone is None and offset is None:
        offset = offset_between(*texts)
    start, day, is_hidden = read_start(*texts, zone, offset)
    sport = _sport(item)
    is_manual = item.get("manual") is True
    row: dict[str, Any] = dict.fromkeys(ACTIVITY.columns)
    row |= {
        "activity_id": stable_id(athlete_id, SOURCE_NAME, source_id),
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": source_id,
        "fetched_utc": fetched_utc,
        "start_utc": start,
        "timezone": zone,
        "utc_offset_s": offset,
        "local_date": day,
        "sport": sport,
        "is_indoor": item["trainer"] if isinstance(item.get("trainer"), bool) else None,
        "name": _text(item.get("name")),
        "cadence_spm": _steps(item, sport),
        "shoe_id": _shoe(item, athlete_id),
        "device": _text(item.get("device_name")),
        "sample_rows": 0 if is_manual else None,
        "flags": " ".join(sorted([HIDDEN_START] * is_hidden + [MANUAL] * is_manual)) or None,
    }
    for name, foreign in _NUMBERS.items():
        value = api_number(item.get(foreign))
        row[name] = _bounded(name, (value or None) if name in _ZERO_IS_UNKNOWN else value)
    return row


def gear_ids(items: Iterable[Any]) -> set[str]:
    """List the pairs of shoes worn.

    The API marks shoes with "g" and bikes with "b".
    """
    objects = (item for item in items if isinstance(item, Mapping))
    return {gear for item in objects if (gear := _gear(item)) is not None}


def api_number(value: Any) -> float | None:
    """Read a number as JSON gives it.

    The API gives one field as whole number, fraction, text or null.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def _identity(item: Mapping[str, Any]) -> str:
    given = item.get("id")
    if isinstance(given, str) and given.isdecimal():
        given = int(given)
    # Never by way of a float: ids go beyond 2**53.
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < _ID_LIMIT:
        raise UnreadableFile("Strava gave an activity without a usable id; it was left out.")
    return str(given)


def _offset(item: Mapping[str, Any]) -> int | None:
    value = api_number(item.get("utc_offset"))
    offset = _bounded("utc_offset_s", value)
    return None if offset is None else round(offset)


def _sport(item: Mapping[str, Any]) -> str:
    sport = _text(item.get("sport_type")) or _text(item.get("type"))
    return (sport_name(sport) or sport) if sport else UNKNOWN_SPORT


def _steps(item: Mapping[str, Any], sport: str) -> float | None:
    one_leg = api_number(item.get("average_cadence"))
    if not one_leg or sport not in FOOT_SPORTS:
        return None
    metres, seconds = (api_number(item.get(name)) for name in ("distance", "moving_time"))
    speed = metres / seconds if metres and seconds else None
    return _bounded("cadence_spm", both_feet(one_leg, speed))


def _gear(item: Mapping[str, Any]) -> str | None:
    inside = item.get("gear")
    given = _text(item.get("gear_id")) or (_text(inside.get("id")) if isinstance(inside, Mapping) else None)
    return given if given and given.startswith("g") else None


def _shoe(item: Mapping[str, Any], athlete_id: int) -> str | None:
    gear = _gear(item)
    return stable_id(athlete_id, SOURCE_NAME, gear) if gear else None


def _text(value: Any) -> str | None:
    return " ".join(value.split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None


def _bounded(name: str, value: float | None) -> float | None:
    """None for a number the contract does not allow."""
    column = ACTIVITY.columns[name]
    low, high = (-math.inf if column.low is None else column.low), column.high
    return value if value is not None and low <= value <= (math.inf if high is None else high) else None


def as_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Build a frame of rows."""
    return pl.DataFrame(list(rows), schema=ACTIVITY.schema)


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
"""Strava's names to ours. `grade_smooth` and `moving` are left: both are worked out from the rest, and we do that
ourselves, alike for every source."""


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
        notes=tuple(f"The channel {name} has another length than the time; left out." for name in odd),
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
    raise UnreadableFile("Strava gave a recording of a shape that is not known; it was left out.")


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
