"""Which session of a takeout's summaries a recording is of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.ingest.summed_sessions import SummedSession, is_begin, share_out, summed_as

START = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)


def session(number: int, start: datetime, distance_m: float | None = None) -> SummedSession:
    return SummedSession(str(number), start, distance_m=distance_m)


def test_each_session_is_shared_out_to_one_recording_that_begins_before_or_with_it():
    first, twin = session(1, START), session(2, START + timedelta(seconds=40))
    leg, next_day = session(3, START + timedelta(hours=2)), session(4, START + timedelta(days=2))
    begins = [START, None, START + timedelta(seconds=41), START + timedelta(days=3)]
    shares = share_out([first, twin, leg, next_day], begins)
    assert shares == [(first,), (), (twin, leg), ()]
    assert share_out([], begins) == [()] * 4
    assert share_out([first], []) == []


def test_a_recording_begins_with_a_session_or_with_none():
    begins = [START, START + timedelta(days=1)]
    assert is_begin(begins, START + timedelta(seconds=80))
    assert is_begin(begins, START - timedelta(seconds=80))
    assert not is_begin(begins, START + timedelta(hours=1))
    assert not is_begin(begins, None)
    assert not is_begin([], START)


@pytest.mark.parametrize(
    ("apart_s", "metres", "is_it"),
    [(1, 900.0, True), (60, 1_790.0, True), (60, 900.0, False), (120, 1_800.0, False)],
)
def test_a_recording_is_of_the_session_of_its_start_and_length(apart_s, metres, is_it):
    one = session(1, START, distance_m=1_800.0)
    facts = {"start_utc": START + timedelta(seconds=apart_s), "distance_m": metres}
    assert (summed_as([one], facts) == one) is is_it
