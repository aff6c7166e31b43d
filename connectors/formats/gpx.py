"""GPX recordings: tracks of points, with what each writer adds to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import lxml.etree
import polars as pl

from connectors.errors import UnreadableFile
from connectors.formats.xml_points import (
    XmlClock,
    build_session,
    cut_off_note,
    is_made_up,
    only_unreadable_times,
    points_frame,
    read_times,
    unreadable_times,
    without_time_note,
)
from connectors.formats.xml_reader import FieldNames, child_of, children_of, local_name, read_xml, text_of
from connectors.source import FileFormat, Session
from connectors.sports import SportKind, sport_kind

TOUCH_S = 300.0
_COLUMNS = (
    "time_s",
    "segment",
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
    "heart_rate_bpm",
    "cadence_raw",
    "power_w",
    "speed_mps",
    "temperature_c",
    "distance_m",
)
_FIELDS = {  # local names in lower case; seaLevelPressure, verticalSpeed and the like are not ours
    "time": "time_s",
    "ele": "altitude_m",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_raw",
    "cadence": "cadence_raw",
    "runcadence": "cadence_raw",
    "power": "power_w",
    "watts": "power_w",
    "powerinwatts": "power_w",
    "speed": "speed_mps",
    "atemp": "temperature_c",
    "temp": "temperature_c",
    "temperature": "temperature_c",
    "distance": "distance_m",
}
_PLACE = {name: _COLUMNS.index(column) for name, column in _FIELDS.items()}


@dataclass(frozen=True)
class _Track:
    points: pl.DataFrame
    clock: XmlClock
    kind: SportKind
    name: str | None
    dropped: int

    @property
    def start_s(self) -> float:
        return self.points["time_s"][0]

    @property
    def span_s(self) -> tuple[float, float]:
        low, high = self.points.select(pl.min("time_s").alias("low"), pl.max("time_s").alias("high")).row(0)
        return low, high


def parse_gpx(data: bytes) -> list[Session]:
    """Read the sessions of one GPX file.

    GPX 1.0 and 1.1 (topografix.com/GPX/1/1); the five minutes are a design choice: apps that write a track for
    each stretch part it at pauses, and separate sessions lie further apart.

    Parameters
    ----------
    data : bytes
        The file, unpacked.

    Returns
    -------
    list of Session
        One for each track with a time span of its own, by time; tracks that follow one another within five
        minutes and do not name different sports are one session. Each `<trkseg>` is a segment of POINT.

    Raises
    ------
    UnreadableFile
        Not GPX, without points, or a route without times.
    UnsafeFile
        Larger or built otherwise than any recording is.
    """
    document = read_xml(data, "gpx", "GPX")
    read_tracks = [_track(node) for node in children_of(document.root, "trk")]
    if not document.is_whole:
        read_tracks = _without_last_point(read_tracks)
    tracks = [track for track in read_tracks if not (track.points.is_empty() or is_made_up(track.points))]
    if not tracks:
        raise UnreadableFile(_why_nothing(document.root, read_tracks))
    tracks.sort(key=lambda track: track.span_s[0])
    device = (document.root.get("creator") or "").strip()[:200] or None
    points = sum(track.points.height for track in tracks)
    cut = () if document.is_whole else (cut_off_note(points),)
    stated = _stated(document.root)
    return [_session(group, device, cut, stated) for group in _touching(tracks)]


FORMAT = FileFormat("gpx", "GPX", (".gpx",), parse_gpx)


def _track(node: lxml.etree._Element) -> _Track:
    rows = _rows(node)
    points, clock = points_frame(rows, _COLUMNS)
    kind = sport_kind(text_of(child_of(node, "type")))
    dropped = len(rows) - points.height - clock.unreadable
    return _Track(points, clock, kind, text_of(child_of(node, "name")), dropped)


def _rows(track: lxml.etree._Element) -> list[list]:
    """Collect texts only: this loop runs for each element of the file."""
    place_of, width, rows = FieldNames(_PLACE), len(_COLUMNS), []
    for number, segment in enumerate(list(children_of(track, "trkseg")) or [track]):
        for point in children_of(segment, "trkpt"):
            row: list[object] = [None] * width
            row[1], row[2], row[3] = number, point.get("lat"), point.get("lon")
            for node in point.iterdescendants():
                place = place_of[node.tag]
                # Some writers put a value twice, one inside the other: the first with a text counts.
                if place is not None and row[place] is None and (text := node.text) and not text.isspace():
                    row[place] = text
            rows.append(row)
    return rows


def _without_last_point(tracks: list[_Track]) -> list[_Track]:
    """Drop the point in which the file breaks off: its last number may lack digits."""
    if not tracks:
        return tracks
    last = tracks[-1]
    return [*tracks[:-1], replace(last, points=last.points.head(max(last.points.height - 1, 0)))]


def _why_nothing(root: lxml.etree._Element, tracks: list[_Track]) -> str:
    names = {local_name(node.tag) for node in root}
    if unread := [track.clock for track in tracks if track.clock.unreadable]:
        return only_unreadable_times("GPX", unread[0])
    if any(track.dropped or track.points.height for track in tracks) or "rte" in names:
        return "This GPX file is a route without times, not a recorded session. Nothing was taken from it."
    return "This GPX file holds no track points. Nothing was taken from it."


def _touching(tracks: list[_Track]) -> list[list[_Track]]:
    groups: list[list[_Track]] = []
    for track in tracks:
        if groups and _is_same_session(groups[-1][-1], track):
            groups[-1].append(track)
        else:
            groups.append([track])
    return groups


def _is_same_session(before: _Track, after: _Track) -> bool:
    gap = after.span_s[0] - before.span_s[1]
    sports = {before.kind.sport, after.kind.sport} - {None}
    return -1 <= gap <= TOUCH_S and len(sports) < 2


def _stated(root: lxml.etree._Element) -> tuple[float, ...]:
    """Times the file states of itself: GPX 1.1 in its metadata, GPX 1.0 at its root."""
    nodes = (child_of(root, "metadata", "time"), child_of(root, "time"))
    times, clock = read_times(text_of(node) for node in nodes)
    return () if clock.without_zone else tuple(at for at in times if at is not None)


def _session(
    group: list[_Track], device: str | None, notes: tuple[str, ...], stated: tuple[float, ...]
) -> Session:
    points, speed_note = _in_metres_per_second(_joined([track.points for track in group]))
    offsets = {track.clock.utc_offset_s for track in group}
    dropped = sum(track.dropped for track in group)
    kind = next((track.kind for track in group if track.kind.sport), SportKind())
    remarks = (
        *notes,
        *([f"{len(group)} tracks that follow one another were read as one session."] * (len(group) > 1)),
        *(without_time_note(dropped)),
        *(line for track in group for line in unreadable_times(track.clock)),
        *speed_note,
    )
    return build_session(
        points,
        kind,
        group[0].start_s,
        utc_offset_s=offsets.pop() if len(offsets) == 1 else None,
        name=next((track.name for track in group if track.name), None),
        device=device,
        notes=remarks,
        is_local_time=any(track.clock.without_zone for track in group),
        stated_s=stated,
    )


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    moved, first = [], 0
    for part in parts:
        moved.append(part.with_columns(pl.col("segment") + first))
        first += int(part["segment"].max() or 0) + 1  # pyright: ignore[reportArgumentType] - Int32 column
    return pl.concat(moved)


def _in_metres_per_second(points: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Find the writers that put km/h where the format wants m/s: 3.6 times what the places say."""
    lat, lon = pl.col("latitude_deg").radians(), pl.col("longitude_deg").radians()
    half = (lat.diff() / 2).sin() ** 2 + lat.cos() * lat.shift().cos() * (lon.diff() / 2).sin() ** 2
    by_place = 2 * 6_371_008.8 * half.sqrt().arcsin() / pl.col("time_s").diff()
    moving = by_place.is_between(0.5, 30) & (pl.col("speed_mps") > 0)
    factor = points.select((pl.col("speed_mps") / by_place).filter(moving).median()).item()
    if factor is None or not 3.2 <= factor <= 4.0:
        return points, []
    return points.with_columns(pl.col("speed_mps") / 3.6), ["Speeds in km/h were turned into m/s."]
