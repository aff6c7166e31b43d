"""The same run arriving twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import ACTIVITY
from connectors.matching import overlaps, same_sessions

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def activities(*rows: dict) -> pl.DataFrame:
    full = []
    for number, row in enumerate(rows):
        base = {
            "activity_id": f"id{number}",
            "athlete_id": 1,
            "source": "file",
            "source_id": str(number),
            "fetched_utc": START,
            "start_utc": START,
            "local_date": START.date(),
            "sport": "Run",
            "distance_m": 10_000.0,
            "moving_s": 3_000.0,
            "elapsed_s": 3_060.0,
            "file_name": "a.fit",
        }
        full.append({name: {**base, **row}.get(name) for name in ACTIVITY.columns})
    return pl.DataFrame(full, schema=ACTIVITY.schema)


def test_export_and_watch_file_of_one_run_are_one():
    frame = activities(
        {"source": "strava_export"}, {"start_utc": START + timedelta(seconds=4), "distance_m": 10_080.0}
    )
    assert same_sessions(frame) == [("id1", "id0")]


def test_fit_and_gpx_of_one_run_are_one():
    frame = activities({}, {"distance_m": 9_900.0, "moving_s": None, "sport": "Unknown"})
    assert len(same_sessions(frame)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"start_utc": START + timedelta(seconds=200)},
        {"distance_m": 12_000.0},
        {"moving_s": 3_600.0, "elapsed_s": 3_700.0},
        {"sport": "Ride"},
        {"distance_m": None, "moving_s": None, "elapsed_s": None},
    ],
    ids=["another start", "another distance", "another length", "another sport", "nothing to compare"],
)
def test_what_differs_stays_two(other):
    assert same_sessions(activities({}, other)) == []


def test_two_entries_of_one_account_stay_two():
    assert same_sessions(activities({"source": "strava_export"}, {"source": "strava_export"})) == []


def test_hand_entered_race_is_shown_not_merged():
    frame = activities(
        {"source": "strava_export", "file_name": None, "distance_m": 10_000.0},
        {"source": "file", "start_utc": START + timedelta(seconds=30)},
    )
    assert same_sessions(frame) == []
    assert overlaps(frame).height == 1
    assert overlaps(frame)["overlap_s"].item() == pytest.approx(3_030)


def test_runs_one_after_the_other_do_not_overlap():
    frame = activities({}, {"start_utc": START + timedelta(seconds=3_100)})
    assert overlaps(frame).is_empty()


@given(
    offsets=st.lists(st.integers(0, 400), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
)
def test_row_order_does_not_matter(offsets, order):
    rows = [
        {"start_utc": START + timedelta(seconds=s), "activity_id": f"id{n}"} for n, s in enumerate(offsets)
    ]
    mixed = rows.copy()
    order.shuffle(mixed)
    one = {frozenset(pair) for pair in same_sessions(activities(*rows))}
    two = {frozenset(pair) for pair in same_sessions(activities(*mixed))}
    wanted = {
        frozenset((f"id{i}", f"id{j}"))
        for i in range(len(offsets))
        for j in range(i)
        if abs(offsets[i] - offsets[j]) <= 90
    }
    assert one == two == wanted


def test_nothing_in_nothing_out():
    assert same_sessions(ACTIVITY.empty()) == []
    assert overlaps(ACTIVITY.empty()).is_empty()
