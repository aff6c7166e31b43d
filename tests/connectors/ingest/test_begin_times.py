"""When a recording begins, by its first bytes and its name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fit_writer import fit_run

from connectors.ingest.begin_times import begin_utc

START = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
GPX = b'<gpx><metadata><time>2026-06-01T10:00:00Z</time></metadata><trk><trkseg><trkpt lat="1" lon="2">'


@pytest.mark.parametrize(
    ("head", "name", "begin"),
    [
        (fit_run(start=START, seconds=5, is_dated=True), "a.fit", START),
        (fit_run(start=START, seconds=5, is_dated=True, big_endian=True), "a.fit", START),
        (fit_run(start=START, seconds=5)[:60], "a.fit", None),
        (fit_run(start=START, seconds=5)[:60], "2026-05-04-run.fit", START.replace(hour=12)),
        (GPX + b"<time>2026-05-04T16:00:00.000Z</time>", "a.gpx", START),
        (GPX + b"<ele>3</ele>", "a.gpx", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        (b"<TrainingCenterDatabase><Id>2026-05-04T18:00:00+02:00</Id>", "a.tcx", START),
        (b'{"startTime": "2026-05-04T16:00:00", "x": 1}', "a.json", START),
        (b"<gpx><time>2026-13-44T16:00:00Z</time>", "a.gpx", None),
        (b"", "a.gpx", None),
    ],
)
def test_the_first_bytes_say_it_before_the_name(head, name, begin):
    assert begin_utc(head[:4_096], name) == begin
