"""When a recording begins, by its first bytes and its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fit_writer import fit_run

from connectors.ingest.begin_times import begin_utc
from connectors.ingest.summed_sessions import SummedSession, share_out, summed_as

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


def session(number: int, start: datetime, **values: float) -> SummedSession:
    return SummedSession(str(number), start, **values)


def test_each_session_is_shared_out_to_one_recording_that_begins_before_or_with_it():
    first, twin = session(1, START), session(2, START + timedelta(seconds=40))
    leg, next_day = session(3, START + timedelta(hours=2)), session(4, START + timedelta(days=2))
    begins = [START, None, START + timedelta(seconds=41), START + timedelta(days=3)]
    shares = share_out([first, twin, leg, next_day], begins)
    assert shares == [(first,), (), (twin, leg), ()]
    assert share_out([], begins) == [()] * 4
    assert share_out([first], []) == []


@pytest.mark.parametrize(
    ("apart_s", "metres", "is_it"),
    [(1, 900.0, True), (60, 1_790.0, True), (60, 900.0, False), (120, 1_800.0, False)],
)
def test_a_recording_is_of_the_session_of_its_start_and_length(apart_s, metres, is_it):
    one = session(1, START, distance_m=1_800.0)
    facts = {"start_utc": START + timedelta(seconds=apart_s), "distance_m": metres}
    assert (summed_as([one], facts) == one) is is_it
