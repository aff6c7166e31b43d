"""JSON recordings: the training sessions of Polar's takeout and the device logs of Suunto's."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from connectors.errors import UnknownFile, UnreadableFile
from connectors.frames import POINT, checked
from connectors.plain_text import read_json
from connectors.source import FileFormat, Session
from connectors.sports import SportKind, sport_kind

Track = dict[float, dict[str, float]]
"""Seconds since 1970 to the values of POINT at that moment."""

_POLAR_SAMPLES = {
    "heartrate": ("heart_rate_bpm", 1.0),
    "speed": ("speed_mps", 1 / 3.6),
    "distance": ("distance_m", 1.0),
    "altitude": ("altitude_m", 1.0),
    "cadence": ("cadence_raw", 1.0),
    "temperature": ("temperature_c", 1.0),
    "leftpedalcrankbasedpower": ("power_w", 1.0),
    "power": ("power_w", 1.0),
}
_POLAR_SPORTS = {
    "1": "RUNNING",
    "2": "CYCLING",
    "3": "WALKING",
    "4": "RUNNING",
    "5": "MOUNTAIN_BIKING",
    "11": "HIKING",
    "15": "STRENGTH_TRAINING",
    "17": "TREADMILL_RUNNING",
    "18": "INDOOR_CYCLING",
    "19": "RUNNING",
    "23": "SWIMMING",
    "27": "TRAIL_RUNNING",
    "JOGGING": "RUNNING",
    "ROAD_RUNNING": "RUNNING",
    "ULTRARUNNING_RUNNING": "RUNNING",
    "TRACK_AND_FIELD_RUNNING": "TRACK_RUNNING",
}
_SUUNTO_SPORTS = {
    3: "RUNNING",
    4: "CYCLING",
    5: "MOUNTAIN_BIKING",
    6: "SWIMMING",
    11: "HIKING",
    12: "WALKING",
    17: "INDOOR_CYCLING",
    20: "ALPINE_SKIING",
    22: "CROSS_COUNTRY_SKIING",
    23: "STRENGTH_TRAINING",
    82: "TRAIL_RUNNING",
}
_SUUNTO_SAMPLES = {
    "HR": ("heart_rate_bpm", 60.0, 0.0),
    "Cadence": ("cadence_raw", 60.0, 0.0),
    "Speed": ("speed_mps", 1.0, 0.0),
    "Distance": ("distance_m", 1.0, 0.0),
    "Altitude": ("altitude_m", 1.0, 0.0),
    "Power": ("power_w", 1.0, 0.0),
    "Temperature": ("temperature_c", 1.0, -273.15),
    "Latitude": ("latitude_deg", 180 / math.pi, 0.0),
    "Longitude": ("longitude_deg", 180 / math.pi, 0.0),
}
"""Suunto's name to ours, with what it is multiplied by and what is added: rates in Hz, angles in radians, kelvin."""

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_NOTHING = "This {what} holds no session, so there is nothing to read. It was left out."


def is_json_recording(name: str, head: bytes) -> bool:
    """Distinguish a recording from any other JSON by its name or its first few thousand bytes.

    Parameters
    ----------
    name : str
        Of the file.
    head : bytes
        Its first bytes.

    Returns
    -------
    bool
        Whether `parse_json` may be asked.
    """
    if re.search(r"training-session", name.lower()):
        return True
    return b'"DeviceLog"' in head or (b'"exercises"' in head and b'"startTime"' in head)


def parse_json(data: bytes) -> list[Session]:
    """Read one JSON recording.

    Parameters
    ----------
    data : bytes
        The whole file: a training session of Polar's takeout (with lists of `dateTime` and `value`, or with
        `intervalMillis` and `values`), or a device log of Suunto's.

    Returns
    -------
    list of Session
        At least one. Points in order of time; what the file does not hold is null.

    Raises
    ------
    UnreadableFile
        Damaged, or without a session.
    UnknownFile
        JSON of another kind.

    References
    ----------
    Polar Flow user data export; Suunto app and Movescount device logs (no public description; shapes as
    written by both services).
    """
    try:
        document = read_json(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            "This JSON is damaged or cut off and could not be read. It was left out."
        ) from error
    if isinstance(document, dict) and isinstance(document.get("exercises"), list):
        return _polar(document)
    if isinstance(document, dict) and isinstance(document.get("DeviceLog"), dict):
        return [_suunto(document["DeviceLog"])]
    raise UnknownFile(
        "This JSON is no recording that is known here (Polar's training sessions and Suunto's device logs are). "
        "It was left out; export the session as FIT, GPX or TCX."
    )


def _polar(document: Mapping[str, Any]) -> list[Session]:
    exercises = [one for one in document["exercises"] if isinstance(one, dict)]
    if not exercises:
        raise UnreadableFile(_NOTHING.format(what="Polar training session"))
    return [
        _polar_exercise({**_shared(document), **one}, len(exercises) == 1 and document) for one in exercises
    ]


def _shared(document: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "timeZoneOffset",
        "timezoneOffset",
        "timezoneOffsetMinutes",
        "timeZoneOffsetMinutes",
        "startTime",
    )
    return {name: document[name] for name in names if name in document}


def _polar_exercise(one: Mapping[str, Any], exercise: Mapping[str, Any] | bool) -> Session:
    minutes = next(
        (m for n in ("timezoneOffset", "timeZoneOffset", "timezoneOffsetMinutes", "timeZoneOffsetMinutes")
         if (m := _number(one.get(n))) is not None),
        None,
    )  # fmt: skip
    offset_s = None if minutes is None else int(minutes * 60)
    start = _moment(one.get("startTime"), offset_s or 0)
    samples = one.get("samples") if isinstance(one.get("samples"), dict) else {}
    track: Track = {}
    for at, column, value in _polar_values(samples or {}, one, start, offset_s or 0):
        track.setdefault(at, {})[column] = value
    exercise = exercise if isinstance(exercise, dict) else {}
    kind = _polar_kind(one.get("sport") or exercise.get("sport"))
    heart, summary = _part(one, "heartRate"), {**exercise, **one}
    notes = () if offset_s is not None else ("Times without a zone were read as UTC.",)
    return Session(
        points=_frame(track),
        sport=kind.sport,
        is_indoor=kind.is_indoor,
        start_utc=start,
        utc_offset_s=offset_s,
        distance_m=_first(summary, "distance", "distanceMeters"),
        timer_s=_duration_s(summary),
        ascent_m=_first(one, "ascent", "ascentMeters"),
        descent_m=_first(one, "descent", "descentMeters"),
        heart_rate_bpm=_first(heart, "avg") or _first(summary, "averageHeartRate", "hrAvg"),
        max_heart_rate_bpm=_first(heart, "max") or _first(summary, "maximumHeartRate", "hrMax"),
        cadence_raw=_first(_part(one, "cadence"), "avg"),
        name=_title(exercise.get("name") or one.get("name")),
        device=_device(exercise),
        notes=notes,
    )


def _polar_values(
    samples: Mapping[str, Any], one: Mapping[str, Any], start: datetime | None, offset_s: int
) -> Iterator[tuple[float, str, float]]:
    """Moment, column and value of everything one exercise holds, in either of Polar's two shapes."""
    begin = start.timestamp() if start else None
    for name, rows in samples.items():
        column, factor = _POLAR_SAMPLES.get(name.lower(), ("", 0.0))
        if column and isinstance(rows, list):
            for row in rows:
                at = _moment(row.get("dateTime"), offset_s) if isinstance(row, dict) else None
                value = _number(row.get("value")) if at else None
                if at and value is not None:
                    yield at.timestamp(), column, value * factor
    listed = samples.get("samples")
    for series in listed if isinstance(listed, list) and begin is not None else ():
        column, factor = _POLAR_SAMPLES.get(str(series.get("type", "")).lower().replace("_", ""), ("", 0.0))
        step = (_number(series.get("intervalMillis")) or 1000.0) / 1000
        for count, value in enumerate(map(_number, series.get("values") or ())):
            if column and value is not None:
                yield (begin or 0.0) + count * step, column, value * factor
    yield from _polar_route(samples, one, begin, offset_s)


def _polar_route(
    samples: Mapping[str, Any], one: Mapping[str, Any], begin: float | None, offset_s: int
) -> Iterator[tuple[float, str, float]]:
    route = _part(_part(one, "routes"), "route")
    from_route = _moment(route.get("startTime"), offset_s)
    first = from_route.timestamp() if from_route else begin
    places = samples.get("recordedRoute")
    points = places if isinstance(places, list) else route.get("wayPoints") or ()
    for point in points:
        if not isinstance(point, dict):
            continue
        moment, elapsed = _moment(point.get("dateTime"), offset_s), _number(point.get("elapsedMillis"))
        at = moment.timestamp() if moment else None
        if at is None and elapsed is not None and first is not None:
            at = first + elapsed / 1000
        for name, column in (
            ("latitude", "latitude_deg"),
            ("longitude", "longitude_deg"),
            ("altitude", "altitude_m"),
        ):
            if at is not None and (value := _number(point.get(name))) is not None:
                yield at, column, value


def _polar_kind(sport: object) -> SportKind:
    word = str(sport.get("id", "")) if isinstance(sport, dict) else str(sport or "")
    word = _POLAR_SPORTS.get(word.upper(), word)
    return SportKind() if word.isdecimal() or word.upper().startswith("OTHER") else sport_kind(word)


def _suunto(log: Mapping[str, Any]) -> Session:
    header = _part(log, "Header")
    track: Track = {}
    for sample in log.get("Samples") or ():
        at, values = _suunto_sample(sample)
        if at is not None and values:
            track.setdefault(at, {}).update(values)
    written = str(header.get("DateTime") or "")
    start = _moment(written, 0)
    if start is None and not track:
        raise UnreadableFile(_NOTHING.format(what="Suunto device log"))
    number = _number(header.get("ActivityType"))
    word = _SUUNTO_SPORTS.get(int(number) if number is not None else -1)
    kind = sport_kind(word or str(header.get("Activity") or ""))
    heart = _part(header, "HR")
    return Session(
        points=_frame(track),
        sport=kind.sport,
        is_indoor=kind.is_indoor,
        start_utc=start,
        utc_offset_s=_offset(written),
        distance_m=_first(header, "Distance"),
        timer_s=_first(header, "Duration"),
        ascent_m=_first(header, "Ascent"),
        descent_m=_first(header, "Descent"),
        heart_rate_bpm=(_first(heart, "Avg") or 0) * 60 or None,
        max_heart_rate_bpm=(_first(heart, "Max") or 0) * 60 or None,
        device=_title(_part(log, "Device").get("Name")),
        notes=() if not written or _has_zone(written) else ("Times without a zone were read as UTC.",),
    )


def _suunto_sample(sample: object) -> tuple[float | None, dict[str, float]]:
    if not isinstance(sample, dict):
        return None, {}
    inner = _part(_part(_part(sample, "Attributes"), "suunto/sml"), "Sample") or sample
    moment = _moment(sample.get("TimeISO8601") or inner.get("TimeISO8601"), 0)
    values = {}
    for name, (column, factor, shift) in _SUUNTO_SAMPLES.items():
        if (value := _number(inner.get(name))) is not None:
            values[column] = value * factor + shift
    return (moment.timestamp() if moment else None), values


def _frame(track: Track) -> pl.DataFrame:
    times = sorted(track)
    columns: dict[str, Any] = {
        "time_s": np.array(times, dtype=float),
        "segment": np.zeros(len(times), np.int32),
    }
    for name in {column for values in track.values() for column in values}:
        column = np.array([track[at].get(name, np.nan) for at in times])
        columns[name] = pl.Series(name, column, nan_to_null=True)
    return checked(pl.DataFrame(columns), POINT)


def _moment(text: object, offset_s: int) -> datetime | None:
    """Aware UTC time of an ISO text; one without a zone is local, `offset_s` seconds east of UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC) - timedelta(seconds=offset_s)
    return moment.astimezone(UTC)


def _has_zone(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _offset(text: str) -> int | None:
    """Seconds east of UTC as the time states them; zero tells no place, since many writers put Z."""
    try:
        offset = datetime.fromisoformat(text).utcoffset()
    except ValueError:
        return None
    return int(offset.total_seconds()) or None if offset is not None else None


def _duration_s(values: Mapping[str, Any]) -> float | None:
    millis = _number(values.get("durationMillis"))
    if millis is not None:
        return millis / 1000
    match = _DURATION.fullmatch(str(values.get("duration") or ""))
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _number(value: object) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _first(values: Mapping[str, Any], *names: str) -> float | None:
    return next((n for name in names if (n := _number(values.get(name))) is not None), None)


def _part(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A dictionary inside another; Suunto puts one into a list of one."""
    part = values.get(name)
    if isinstance(part, list) and part:
        part = part[0]
    return part if isinstance(part, dict) else {}


def _title(text: object) -> str | None:
    return text.strip() or None if isinstance(text, str) else None


def _device(recording: Mapping[str, Any]) -> str | None:
    model = _title(_part(recording, "product").get("modelName"))
    return f"Polar {model}" if model and not model.lower().startswith("polar") else model


FORMAT = FileFormat("json", "JSON recording of Polar or Suunto", (".json",), parse_json)
