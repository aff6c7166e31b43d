"""Summaries, recordings and gear as Strava writes them."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strava_stand_in import made_run, made_streams

from connectors.errors import SourceError
from connectors.frames import ACTIVITY, SAMPLE, checked, split
from connectors.recordings.recording import build_recording
from connectors.strava.parse_api import as_frame, parse_page, parse_summary
from connectors.strava.sync_shoes import parse_gear
from connectors.sync.streams import parse_streams

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MORNING = datetime(2025, 7, 5, 6, 0, tzinfo=UTC)


def summary(**changes: Any) -> dict[str, Any]:
    return made_run(9_007_199_254_740_993, MORNING, 3_000, random.Random(1), **changes)


def read(**changes: Any) -> dict[str, Any]:
    return parse_summary(summary(**changes), 1, NOW)


def test_units_and_names():
    row = read(
        distance=10_123.4, total_elevation_gain=103, average_cadence=84.5, trainer=True, name="  A \n run "
    )
    assert row["source_id"] == "9007199254740993"
    assert row["distance_m"] == 10_123.4
    assert row["ascent_device_m"] == 103
    assert row["cadence_spm"] == 169
    assert row["is_indoor"] is True
    assert row["name"] == "A run"
    assert (row["timezone"], row["utc_offset_s"], row["local_date"]) == (
        "Europe/Berlin",
        7_200,
        date(2025, 7, 5),
    )
    assert row["device"] == "Made-up watch"


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"average_cadence": 168.0}, "cadence_spm", 168.0),
        ({"average_cadence": 70, "sport_type": "Ride"}, "cadence_spm", None),
        ({"average_cadence": 0}, "cadence_spm", None),
        ({"average_heartrate": 0}, "heart_rate_bpm", None),
        ({"average_heartrate": 900}, "heart_rate_bpm", None),
        ({"distance": 0}, "distance_m", 0.0),
        ({"distance": None}, "distance_m", None),
        ({"distance": "5000"}, "distance_m", 5_000.0),
        ({"distance": "far"}, "distance_m", None),
        ({"distance": -1}, "distance_m", None),
        ({"moving_time": True}, "moving_s", None),
        ({"gear_id": "b7"}, "shoe_id", None),
        ({"gear_id": None}, "shoe_id", None),
        ({"sport_type": None, "type": "Walk"}, "sport", "Walk"),
        ({"sport_type": "TrailRun", "type": "Run"}, "sport", "TrailRun"),
        ({"sport_type": None, "type": None}, "sport", "Unknown"),
        ({"sport_type": "Padel2", "type": "Workout"}, "sport", "Padel2"),
        ({"timezone": "(GMT+01:00) Nowhere/Atlantis"}, "timezone", None),
        ({"timezone": None}, "timezone", None),
        ({"trainer": None}, "is_indoor", None),
    ],
)
def test_odd_fields(changes, column, value):
    assert read(**changes)[column] == value


@pytest.mark.parametrize(
    "absent", ["timezone", "utc_offset", "start_latlng", "gear_id", "name", "device_name", "map"]
)
def test_absent_is_unknown(absent):
    item = summary()
    del item[absent]
    row = parse_summary(item, 1, NOW)
    assert row["local_date"] == date(2025, 7, 5)
    assert split(as_frame([row]), ACTIVITY)[1] == []


@pytest.mark.parametrize(
    "given_id", [None, "", "x", 1.5, True, -3, 0, 2**63, [], 194641753419464175341946417534]
)
def test_without_a_usable_id_it_is_left_out_with_a_reason(given_id):
    page = parse_page([summary(id=given_id), summary()], 1, NOW)
    assert len(page.rows) == 1
    assert "id" in page.skipped[0].reason


def test_the_false_z_of_local_time_is_not_believed():
    late = read(start_date="2025-07-05T22:30:00Z", start_date_local="2025-07-06T00:30:00Z")
    assert late["start_utc"] == datetime(2025, 7, 5, 22, 30, tzinfo=UTC)
    assert late["local_date"] == date(2025, 7, 6)


@pytest.mark.parametrize("zone", ["(GMT-05:00) America/New_York", "(GMT+12:00) Pacific/Auckland", None])
def test_a_hidden_start_keeps_the_day(zone):
    row = read(
        start_date="2025-07-05T00:00:01Z", start_date_local="2025-07-05T00:00:01Z", timezone=zone,
        utc_offset={"(GMT-05:00) America/New_York": -14_400.0, None: None}.get(zone, 43_200.0),
    )  # fmt: skip
    assert row["flags"] == "hidden_start"
    assert row["local_date"] == date(2025, 7, 5)


def test_a_hidden_start_that_was_put_into_utc_is_known_too():
    row = read(
        start_date="2025-07-05T04:00:01Z", start_date_local="2025-07-05T00:00:01Z", utc_offset=-14_400.0,
        timezone="(GMT-05:00) America/New_York",
    )  # fmt: skip
    assert (row["flags"], row["local_date"]) == ("hidden_start", date(2025, 7, 5))


def test_a_start_at_midnight_utc_alone_is_not_hidden():
    row = read(start_date="2025-07-05T00:00:01Z", start_date_local="2025-07-05T02:00:01Z")
    assert row["flags"] is None
    assert row["start_utc"] == datetime(2025, 7, 5, 0, 0, 1, tzinfo=UTC)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(summary())), JSON, max_size=6))
def test_no_value_of_any_field_breaks_the_page(changes):
    page = parse_page([{**summary(), **changes}, summary(id=3)], 1, NOW)
    assert page.rows[-1]["source_id"] == "3"
    assert split(as_frame(page.rows), ACTIVITY)[1] == []


@given(st.one_of(JSON, st.dictionaries(st.sampled_from(sorted(made_streams(5, random.Random(1)))), JSON)))
def test_no_recording_breaks_more_than_itself(streams):
    try:
        session = parse_streams(streams, read())
    except SourceError:
        return
    if session is not None and not session.points.is_empty():
        checked(build_recording(session).samples, SAMPLE)


def test_streams_become_what_a_file_becomes():
    streams = made_streams(600, random.Random(2))
    shapes = [
        streams,
        {name: {"data": data, "series_type": "time"} for name, data in streams.items()},
        [{"type": name, "data": data} for name, data in streams.items()],
    ]
    recordings = [
        build_recording(parse_streams(shape, read(distance=None, moving_time=None))) for shape in shapes
    ]
    assert recordings[0].samples.equals(recordings[1].samples)
    assert recordings[0].samples.equals(recordings[2].samples)
    samples = recordings[0].samples
    assert samples.height == 601
    assert samples["cadence_spm"].mean() == pytest.approx(170, abs=0.5)
    assert samples["temperature_c"].unique().to_list() == [18]
    assert recordings[0].activity["timezone"] == "Europe/Berlin"


def test_channels_of_another_length_are_left_out_and_named():
    streams = made_streams(60, random.Random(2))
    streams["heartrate"] = streams["heartrate"][:-5]
    session = parse_streams(streams, read())
    assert session.points["heart_rate_bpm"].null_count() == session.points.height
    assert "heartrate" in session.notes[0]


def test_nulls_in_a_channel_are_gaps():
    streams = made_streams(60, random.Random(2))
    streams["heartrate"][10:14] = [None] * 4
    streams["latlng"][3] = None
    session = parse_streams(streams, read())
    assert session.points["heart_rate_bpm"].null_count() == 4
    assert session.points["latitude_deg"].null_count() == 1


@pytest.mark.parametrize(
    "nothing", [{}, [], {"distance": {"data": [1, 2]}}, {"time": {"data": []}}, {"time": None}]
)
def test_without_time_there_is_no_recording(nothing):
    assert parse_streams(nothing, read()) is None


def test_gear():
    shoe = {"id": "g3", "name": "Maker Model", "nickname": "", "retired": True, "brand_name": "Maker"}
    row = parse_gear(shoe, 1, NOW)
    assert (row["name"], row["brand"], row["model"], row["is_retired"]) == (
        "Maker Model",
        "Maker",
        None,
        True,
    )
    assert parse_gear({"id": "g3", "nickname": "Old"}, 1, NOW)["name"] == "Old"
    assert parse_gear({"id": "g3"}, 1, NOW)["name"] == "Unnamed pair g3"
    assert parse_gear({"id": "b3", "name": "Bike"}, 1, NOW) is None


@pytest.fixture
def recorded(real_data) -> Path:
    folder = real_data / "strava_api"
    if not folder.is_dir():
        pytest.skip("no recorded answers here")
    return folder


@pytest.mark.real_data
def test_every_recorded_summary_comes_through_whole(recorded):
    answers = json.loads(
        (recorded / "dblock+strava-ruby-client/http/all_athlete_activities.json").read_text()
    )
    items = [item for answer in answers for item in answer["body"]]
    page = parse_page(items, 1, NOW)
    frame = as_frame(page.rows)
    assert (len(items), frame.height, page.skipped, page.unknown_sports) == (1_132, 1_132, [], {})
    assert split(frame, ACTIVITY)[1] == []
    by_id = {item["id"]: item for item in items}
    for row in page.rows:
        item = by_id[int(row["source_id"])]
        assert row["distance_m"] == item["distance"]
        assert (row["moving_s"], row["elapsed_s"]) == (item["moving_time"], item["elapsed_time"])
        assert row["ascent_device_m"] == item["total_elevation_gain"]
        assert row["heart_rate_bpm"] == (item.get("average_heartrate") or None)
        assert row["sport"] == item["sport_type"]
        assert row["local_date"].isoformat() == item["start_date_local"][:10]
        assert row["utc_offset_s"] == item["utc_offset"]
        assert (row["shoe_id"] is None) == (item["gear_id"] is None)
        assert (row["flags"] == "manual") == item["manual"]
    runs = frame.filter(pl.col("sport").is_in(["Run", "TrailRun"]))
    assert 140 < runs["cadence_spm"].median() < 175


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("path", "rows", "metres"),
    [
        ("corriporai+runpandas/streams.json", 4_916, 12_019.7),
        (
            "thomaschampagne+elevate/webextension/specs/fixtures/activities/829770999/stream.json",
            2_284,
            15_149.9,
        ),
        (
            "thomaschampagne+elevate/desktop/src/connectors/strava/fixtures/sample_streams.fixture.json",
            342,
            1_552.7,
        ),
    ],
)
def test_recorded_streams_of_each_shape(recorded, path, rows, metres):
    row = read(distance=None, moving_time=None, elapsed_time=None)
    recording = build_recording(parse_streams(json.loads((recorded / path).read_text()), row))
    assert recording.samples.height == rows
    assert recording.activity["distance_m"] == pytest.approx(metres, abs=1)
    checked(recording.samples, SAMPLE)


@pytest.mark.real_data
def test_recorded_gear_and_details(recorded):
    answers = json.loads((recorded / "dblock+strava-ruby-client/http/gear.json").read_text())
    shoe, bike = (parse_gear(answer["body"], 1, NOW) for answer in answers)
    assert (shoe["name"], shoe["brand"], shoe["model"]) == ("Adidas Supernova ST", "Adidas", "Supernova ST")
    assert shoe["is_retired"] is True
    assert bike is None
    [detail] = json.loads((recorded / "dblock+strava-ruby-client/http/activity.json").read_text())
    row = parse_summary(detail["body"], 1, NOW)
    assert row["distance_m"] == detail["body"]["distance"]
    manual = json.loads((recorded / "stravalib+stravalib/activity-manual.3.json").read_text())
    assert parse_summary(manual, 1, NOW)["sample_rows"] == 0
