"""TCX recordings: activities of laps of tracks of points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import lxml.etree
import polars as pl

from connectors.errors import UnreadableFile
from connectors.formats.xml_points import (
    build_session,
    cut_off_note,
    only_unreadable_times,
    points_frame,
    read_times,
    unreadable_times,
    without_time_note,
)
from connectors.formats.xml_reader import (
    FieldNames,
    child_of,
    children_of,
    local_name,
    number_of,
    read_xml,
    text_of,
)
from connectors.source import FileFormat, Session
from connectors.sports import sport_kind

_FASTEST_MPS = 60.0
_DAY_S = 86_400.0
_COLUMNS = (
    "time_s",
    "segment",
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
    "distance_m",
    "heart_rate_bpm",
    "cadence_raw",
    "speed_mps",
    "power_w",
)
_FIELDS = {
    "time": "time_s",
    "latitudedegrees": "latitude_deg",
    "longitudedegrees": "longitude_deg",
    "altitudemeters": "altitude_m",
    "distancemeters": "distance_m",
    "heartratebpm": "heart_rate_bpm",
    "cadence": "cadence_raw",
    "runcadence": "cadence_raw",
    "speed": "speed_mps",
    "watts": "power_w",
}
_PLACE = {name: _COLUMNS.index(column) for name, column in _FIELDS.items()}
_PLACE["value"] = _VALUE = -1
_HEART_RATE = _COLUMNS.index("heart_rate_bpm")
_CONTAINERS = ("activities", "multisportsession", "firstsport", "nextsport")


@dataclass(frozen=True)
class _Totals:
    """What the laps say, added up."""

    distance_m: float | None = None
    timer_s: float | None = None
    heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    cadence_raw: float | None = None
    max_speed_mps: float | None = None
    notes: tuple[str, ...] = ()


def parse_tcx(data: bytes) -> list[Session]:
    """Read the sessions of one TCX file.

    Parameters
    ----------
    data : bytes
        The file, unpacked.

    Returns
    -------
    list of Session
        One for each `<Activity>`, those of a multisport session included, in file order. A second `<Track>`
        within a lap is a new segment of POINT; a new lap is not. Totals are added up over the laps.

    Raises
    ------
    UnreadableFile
        Not TCX, or without any activity that has a time.
    UnsafeFile
        Larger or built otherwise than any recording is.

    References
    ----------
    Garmin Training Center Database v2 schema; several tracks in a lap as pauses: seen in files of devices.
    """
    document = read_xml(data, "TrainingCenterDatabase", "TCX")
    activities = list(_activities(document.root))
    sessions = [_session(node, document.is_whole or node is not activities[-1]) for node in activities]
    known = [session for session in sessions if session.start_utc is not None]
    if not known:
        raise UnreadableFile(_why_nothing(document.root, activities))
    return known


FORMAT = FileFormat("tcx", "TCX", (".tcx",), parse_tcx)


def _activities(root: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if local_name(node.tag) == "activity":
            yield node
        else:
            inner = [c for c in node if local_name(c.tag) in ("activity", *_CONTAINERS)]
            waiting.extend(reversed(inner))


def _why_nothing(root: lxml.etree._Element, activities: list[lxml.etree._Element]) -> str:
    has_activity = bool(activities)
    clocks = [points_frame(_rows(activity), _COLUMNS)[1] for activity in activities]
    if unread := [clock for clock in clocks if clock.unreadable]:
        return only_unreadable_times("TCX", unread[0])
    if not has_activity and child_of(root, "courses", "course") is not None:
        return "This TCX file is a course to follow, not a recorded session. Nothing was taken from it."
    if has_activity:
        return "This TCX file holds an activity without any time. Nothing was taken from it."
    return "This TCX file holds no activity. Nothing was taken from it."


def _session(activity: lxml.etree._Element, is_complete: bool) -> Session:
    rows = _rows(activity)
    points, clock = points_frame(rows if is_complete else rows[:-1], _COLUMNS)
    kind = sport_kind(activity.get("Sport"))
    start_s, offset, stated, is_unzoned = _start(activity, points)
    totals = _totals(activity, points) if is_complete else _Totals()
    untimed = len(rows) - points.height - (not is_complete and bool(rows)) - clock.unreadable
    notes = (
        *([cut_off_note(points.height)] * (not is_complete)),
        *(without_time_note(untimed)),
        *unreadable_times(clock),
        *totals.notes,
    )
    session = build_session(
        points,
        kind,
        start_s,
        utc_offset_s=offset if points.is_empty() else clock.utc_offset_s,
        name=(text_of(child_of(activity, "notes")) or "").split("\n")[0].strip() or None,
        device=text_of(child_of(activity, "creator", "name")),
        notes=notes,
        is_local_time=is_unzoned if points.is_empty() else clock.without_zone,
        stated_s=stated,
    )
    return replace(
        session,
        distance_m=totals.distance_m,
        timer_s=totals.timer_s,
        heart_rate_bpm=totals.heart_rate_bpm,
        max_heart_rate_bpm=totals.max_heart_rate_bpm,
        cadence_raw=totals.cadence_raw,
        max_speed_mps=totals.max_speed_mps,
    )


def _rows(activity: lxml.etree._Element) -> list[list]:
    """Collect texts only: this loop runs for each element of the file."""
    place_of, width, rows = FieldNames(_PLACE), len(_COLUMNS), []
    for segment, track in _tracks(activity):
        for point in children_of(track, "trackpoint"):
            row: list[object] = [None] * width
            row[1], before = segment, None
            for node in point.iterdescendants():
                place, text = place_of[node.tag], None
                if place is not None:
                    text = node.text
                if text and not text.isspace():
                    if place is not None and place != _VALUE:
                        row[place] = text  # the last counts: RunCadence follows a Cadence of zero
                    elif before == _HEART_RATE:  # a bare Value also stands elsewhere
                        row[_HEART_RATE] = text
                before = place
            rows.append(row)
    return rows


def _tracks(activity: lxml.etree._Element) -> Iterator[tuple[int, lxml.etree._Element]]:
    segment = 0
    for lap in _laps(activity) or [activity]:
        for number, track in enumerate(children_of(lap, "track")):
            segment += number > 0
            yield segment, track


def _laps(activity: lxml.etree._Element) -> list[lxml.etree._Element]:
    """Laps, oldest first, where all of them state their start and stand newest first."""
    laps = list(children_of(activity, "lap"))
    starts = [start for start in read_times(lap.get("StartTime") for lap in laps)[0] if start is not None]
    is_newest_first = len(starts) == len(laps) > 1 and all(a > b for a, b in pairwise(starts))
    return laps[::-1] if is_newest_first else laps


def _start(
    activity: lxml.etree._Element, points: pl.DataFrame
) -> tuple[float | None, int | None, tuple[float, ...], bool]:
    """Start the file states where the points agree within a day, else the first point's; offset; all it states.

    The last value is whether what it states has no zone: such times are no witness against the points.
    """
    lap = next(iter(_laps(activity)), None)
    stated, clock = read_times(
        [lap.get("StartTime") if lap is not None else None, text_of(child_of(activity, "id"))]
    )
    known = tuple(t for t in stated if t is not None)
    first = None if points.is_empty() else float(points["time_s"][0])
    near = [t for t in known if first is None or abs(t - first) < _DAY_S]
    start = near[0] if near else first
    return start, clock.utc_offset_s, () if clock.without_zone else known, clock.without_zone


def _totals(activity: lxml.etree._Element, points: pl.DataFrame) -> _Totals:
    laps = _laps(activity)
    seconds = [number_of(child_of(lap, "totaltimeseconds")) for lap in laps]
    metres = [number_of(child_of(lap, "distancemeters")) for lap in laps]
    pulse = [number_of(child_of(lap, "averageheartratebpm", "value")) for lap in laps]
    top_pulse = [number_of(child_of(lap, "maximumheartratebpm", "value")) for lap in laps]
    speed = [number_of(child_of(lap, "maximumspeed")) for lap in laps]
    steps = [_lap_cadence(lap) for lap in laps]
    starts, _ = read_times(lap.get("StartTime") for lap in laps)
    seconds, metres, notes = _each_lap(seconds, metres, starts, points)
    return _Totals(
        distance_m=_sum(metres, points),
        timer_s=_sum(seconds, points),
        heart_rate_bpm=_mean(pulse, seconds),
        max_heart_rate_bpm=_most(top_pulse, 260),
        cadence_raw=_mean(steps, seconds),
        max_speed_mps=_most(speed, _FASTEST_MPS),
        notes=notes,
    )


def _each_lap(
    seconds: list[float | None], metres: list[float | None], starts: list[float | None], points: pl.DataFrame
) -> tuple[list[float | None], list[float | None], tuple[str, ...]]:
    """Turn totals that run on from lap to lap into those of each lap; points or starts tell which they are."""
    span_s = None if points.height < 2 else float(points["time_s"].max() - points["time_s"].min())  # type: ignore[operator]
    time_runs_on = not _fits_starts(seconds, starts, points) and (
        _runs_on(seconds, span_s) or (span_s is None and _follows_starts(seconds, starts))
    )
    way_m = _way_m(points)
    way_runs_on = _runs_on(metres, way_m) or (way_m is None and time_runs_on and _is_rising(metres))
    notes = ("The totals of its laps run on from lap to lap; each lap's own part was taken.",)
    return (
        _parts(seconds) if time_runs_on else seconds,
        _parts(metres) if way_runs_on else metres,
        notes if time_runs_on or way_runs_on else (),
    )


def _way_m(points: pl.DataFrame) -> float | None:
    """Distance by the points' own; a fall to less than half is a new start."""
    known = points["distance_m"].drop_nulls()
    if known.len() < 2:
        return None
    steps = pl.select(
        pl.when(known < known.shift() / 2).then(known).otherwise(known.diff().clip(lower_bound=0))
    ).to_series()
    way = float(known[0]) + float(steps.sum())
    return way if way > 0 else None


def _is_rising(values: list[float | None]) -> bool:
    known = [v for v in values if v is not None]
    return len(known) == len(values) > 1 and all(a <= b for a, b in pairwise(known))


def _runs_on(values: list[float | None], truth: float | None) -> bool:
    """Whether the last total fits the points and the sum of all is a tenth and more beyond them."""
    if truth is None or not _is_rising(values):
        return False
    known = [v for v in values if v is not None]
    total, last = sum(known), known[-1]
    return total > truth * 1.1 and abs(last - truth) < abs(total - truth)


def _fits_starts(seconds: list[float | None], starts: list[float | None], points: pl.DataFrame) -> bool:
    """Whether each lap is over when the next one starts, and the last one when the points end."""
    if points.is_empty() or len(starts) < 2:
        return False
    ends = [*starts[1:], float(points["time_s"][-1]) + 60]
    laps = zip(starts, seconds, ends, strict=True)
    return all(a is not None and s is not None and e is not None and a + s <= e + 5 for a, s, e in laps)


def _follows_starts(seconds: list[float | None], starts: list[float | None]) -> bool:
    """Whether each lap's time ends where the next one starts, counted from the first; two laps cannot tell."""
    first = starts[0] if starts else None
    if len(seconds) < 3 or first is None or not _is_rising(seconds):
        return False
    pairs = [(s, after) for s, after in zip(seconds[1:], starts[2:], strict=False) if s is not None and after]
    return len(pairs) == len(seconds) - 2 and all(abs(first + s - after) <= 2 for s, after in pairs)


def _parts(values: list[float | None]) -> list[float | None]:
    known = [v or 0.0 for v in values]
    return [known[0], *(b - a for a, b in pairwise(known))]


def _lap_cadence(lap: lxml.etree._Element) -> float | None:
    run = number_of(child_of(lap, "extensions", "lx", "avgruncadence"))
    return run if run is not None else number_of(child_of(lap, "cadence"))


def _sum(values: list[float | None], points: pl.DataFrame) -> float | None:
    """Add up; None when a lap is silent, or when it comes to nothing although there are points."""
    known = [v for v in values if v is not None and v >= 0]
    if not known or len(known) < len(values):
        return None
    total = sum(known)
    return total if total > 0 or points.is_empty() else None


def _mean(values: list[float | None], seconds: list[float | None]) -> float | None:
    """Average over the laps that know a value above zero, weighted by their time."""
    pairs = [(v, s) for v, s in zip(values, seconds, strict=True) if v and s and v > 0 and s > 0]
    return sum(v * s for v, s in pairs) / sum(s for _, s in pairs) if pairs else None


def _most(values: list[float | None], limit: float) -> float | None:
    known = [v for v in values if v is not None and 0 < v <= limit]
    return max(known, default=None)
