"""How fast GPX and TCX are read, and how long the made-up runner takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from connectors.demo import add_demo
from connectors.formats.gpx import parse_gpx
from connectors.formats.tcx import parse_tcx
from connectors.source import Session
from connectors.store import open_store

POINTS = 50_000
GPX_POINT = (
    '<trkpt lat="48.1" lon="11.5"><ele>{0}.5</ele><time>2024-05-01T{1:02}:{2:02}:{3:02}Z</time><extensions>'
    "<x:TrackPointExtension><x:hr>150</x:hr><x:cad>85</x:cad></x:TrackPointExtension></extensions></trkpt>\n"
)
TCX_POINT = (
    "<Trackpoint><Time>2024-05-01T{1:02}:{2:02}:{3:02}Z</Time><Position><LatitudeDegrees>48.1</LatitudeDegrees>"
    "<LongitudeDegrees>11.5</LongitudeDegrees></Position><AltitudeMeters>{0}.5</AltitudeMeters>"
    "<DistanceMeters>{0}</DistanceMeters><HeartRateBpm><Value>150</Value></HeartRateBpm><Extensions><x:TPX>"
    "<x:Speed>3.1</x:Speed><x:RunCadence>85</x:RunCadence></x:TPX></Extensions></Trackpoint>\n"
)


def written(point: str, head: str, tail: str) -> bytes:
    clock = ((i % 900, i // 3600, i // 60 % 60, i % 60) for i in range(POINTS))
    return (head + "".join(point.format(*at) for at in clock) + tail).encode()


def best_rate(parse: Callable[[bytes], list[Session]], data: bytes) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        [session] = parse(data)
        taken.append(time.perf_counter() - start)
        assert session.points.height == POINTS
    return POINTS / min(taken)


@pytest.mark.benchmark
def test_gpx_points_a_second() -> None:
    data = written(GPX_POINT, "<gpx xmlns:x='x'><trk><trkseg>", "</trkseg></trk></gpx>")
    print(f"\nGPX: {best_rate(parse_gpx, data):,.0f} points/s")


@pytest.mark.benchmark
def test_tcx_points_a_second() -> None:
    head = "<TrainingCenterDatabase xmlns:x='x'><Activities><Activity Sport='Running'><Lap><Track>"
    tail = "</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    print(f"\nTCX: {best_rate(parse_tcx, written(TCX_POINT, head, tail)):,.0f} points/s")


@pytest.mark.benchmark
def test_seconds_to_add_the_demo(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        start = time.perf_counter()
        add_demo(store, date(2026, 11, 23))
        print(f"\nDemo runner in the store: {time.perf_counter() - start:.2f} s")
