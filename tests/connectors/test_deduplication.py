"""The same run arriving twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.deduplication import overlaps, same_sessions
from connectors.frames import ACTIVITY

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


def test_one_entry_through_api_and_export_is_one_whatever_it_says():
    frame = activities(
        {"source": "strava_export", "source_id": "7", "file_name": None},
        {
            "source": "strava_api",
            "source_id": "7",
            "file_name": None,
            "distance_m": 3.0,
            "start_utc": START + timedelta(days=3),
            "flags": "manual",
        },
    )
    assert same_sessions(frame) == [("id0", "id1")]


def test_two_entries_of_one_account_stay_two_although_both_came_both_ways():
    """Watch and phone of one run, both uploaded: Strava's own total counts both."""
    rows = [{"source": s, "source_id": i} for i in ("7", "8") for s in ("strava_export", "strava_api")]
    assert sorted(same_sessions(activities(*rows))) == [("id0", "id1"), ("id2", "id3")]


def test_an_entry_uploaded_anew_is_found_by_its_time():
    frame = activities(
        {"source": "strava_export", "source_id": "7"}, {"source": "strava_api", "source_id": "9"}
    )
    assert len(same_sessions(frame)) == 1


def test_a_race_entered_by_hand_on_strava_is_not_merged_with_the_watch():
    frame = activities({"source": "strava_api", "flags": "manual", "file_name": None}, {})
    assert same_sessions(frame) == []


HIDDEN = {
    "source": "strava_api",
    "flags": "hidden_start",
    "file_name": None,
    "start_utc": START.replace(hour=0, second=1),
}


def test_a_hidden_start_goes_with_the_only_recording_of_that_day():
    [pair] = same_sessions(activities(HIDDEN, {}))
    assert set(pair) == {"id0", "id1"}


@pytest.mark.parametrize(
    "others",
    [
        [{}, {"start_utc": START + timedelta(hours=5)}],
        [{"local_date": START.date() + timedelta(days=1)}],
        [{"distance_m": 5_000.0}],
    ],
    ids=["two that fit", "another day", "another distance"],
)
def test_a_hidden_start_is_not_guessed(others):
    pairs = same_sessions(activities(HIDDEN, *others))
    assert not [pair for pair in pairs if "id0" in pair]
