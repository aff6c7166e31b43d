"""Speed of the FIT reader over a whole real export, and against Garmin's own decoder in the same run."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest
from garmin_fit_sdk import Decoder, Stream

from connectors.formats.fit.sessions import parse_fit

pytestmark = [pytest.mark.benchmark, pytest.mark.real_data]
GOAL_RECORDS_PER_S = 300_000
GOAL_TIMES_GARMIN = 25
ROUNDS = 3


def unpacked(real_data: Path) -> list[bytes]:
    paths = sorted((real_data / "strava_export").glob("slalom007*/activities/*.fit.gz"))
    return [gzip.decompress(path.read_bytes()) for path in paths]


def our_speed(files: list[bytes]) -> tuple[int, float]:
    """Records of all files, and records a second to POINT frames: best of a few rounds."""
    best, points = 0.0, 0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        points = sum(session.points.height for data in files for session in parse_fit(data))
        best = max(best, points / (time.perf_counter() - begin))
    return points, best


def garmin_speed(files: list[bytes]) -> float:
    """Records a second of Garmin's decoder as it comes, but for the checksum."""
    begin = time.perf_counter()
    records = 0
    for data in files:
        messages, _ = Decoder(Stream.from_byte_array(bytearray(data))).read(enable_crc_check=False)
        records += len(messages.get("record_mesgs", []))
    return records / (time.perf_counter() - begin)


def test_a_whole_history_decodes_in_seconds(real_data):
    files = unpacked(real_data)
    points, ours = our_speed(files)
    garmin = garmin_speed(files[::8])
    print(
        f"\n{len(files)} files, {points:,} records: {ours:,.0f} records/s, {ours / garmin:.0f} x Garmin's {garmin:,.0f}"
    )
    assert len(files) == 237
    assert ours >= GOAL_RECORDS_PER_S
    assert ours >= GOAL_TIMES_GARMIN * garmin
