"""JSON recordings of Polar (two shapes) and Suunto (two shapes)."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import UnknownFile, UnreadableFile
from connectors.formats.json_recordings import is_json_recording, parse_json
from connectors.recordings.recording import build_recording

START = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
SECONDS = 600


def local(second: int, offset_min: int = 120) -> str:
    at = START + timedelta(minutes=offset_min, seconds=second)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000")


def samples(name_value):
    return [{"dateTime": local(n), "value": name_value(n)} for n in range(SECONDS + 1)]


def polar(**values) -> dict:
    exercise = {
        "startTime": local(0),
        "stopTime": local(SECONDS),
        "timezoneOffset": 120,
        "duration": "PT10M0.0S",
        "distance": 1800.0,
        "sport": "RUNNING",
        "heartRate": {"avg": 150, "max": 160},
        "samples": {
            "heartRate": samples(lambda n: 150),
            "speed": samples(lambda n: 10.8),
            "distance": samples(lambda n: 3.0 * n),
            "cadence": samples(lambda n: 85),
            "altitude": samples(lambda n: "NaN" if n == 3 else 40.0),
            "recordedRoute": [
                {"dateTime": local(n), "latitude": 52.5, "longitude": 13.4 + 0.0000443 * n, "altitude": 40.0}
                for n in range(SECONDS + 1)
            ],
        },
        **values,
    }
    return {
        "exportVersion": "1.6",
        "name": "Evening run",
        "product": {"modelName": "Vantage V"},
        "exercises": [exercise],
    }


def polar_newer() -> dict:
    values = {"HEART_RATE": 150.0, "SPEED": 10.8, "CADENCE": 85.0}
    series = [{"type": k, "intervalMillis": 1000, "values": [v] * (SECONDS + 1)} for k, v in values.items()]
    series.append(
        {"type": "DISTANCE", "intervalMillis": 1000, "values": [3.0 * n for n in range(SECONDS + 1)]}
    )
    exercise = {
        "startTime": local(0)[:-4],
        "durationMillis": 600_000,
        "distanceMeters": 1800.0,
        "sport": {"id": "1"},
        "samples": {"samples": series},
        "routes": {
            "route": {
                "startTime": local(0)[:-4],
                "wayPoints": [
                    {"latitude": 52.5, "longitude": 13.4 + 0.0000443 * n, "elapsedMillis": 1000 * n}
                    for n in range(SECONDS + 1)
                ],
            }
        },
    }
    return {"timezoneOffsetMinutes": 120, "exercises": [exercise]}


def suunto(nested: bool) -> dict:
    rows = []
    for n in range(SECONDS + 1):
        values = {
            "HR": 2.5,
            "Cadence": 1.4167,
            "Speed": 3.0,
            "Distance": 3.0 * n,
            "Altitude": 40.0,
            "Temperature": 293.15,
            "Latitude": math.radians(52.5),
            "Longitude": math.radians(13.4 + 0.0000443 * n),
        }
        at = (START + timedelta(seconds=n)).astimezone().isoformat()
        inner = {"Attributes": {"suunto/sml": {"Sample": values}}} if nested else values
        rows.append({"TimeISO8601": at, **inner})
    header = {
        "ActivityType": 3,
        "DateTime": "2026-05-04T18:00:00+02:00",
        "Distance": 1800,
        "Duration": 600.0,
        "HR": [{"Avg": 2.5, "Max": 2.7}],
    }
    return {"DeviceLog": {"Header": header, "Device": {"Name": "Suunto 9"}, "Samples": rows}}


@pytest.mark.parametrize("document", [polar(), polar_newer(), suunto(False), suunto(True)])
def test_a_run_is_read_whole(document):
    (session,) = parse_json(json.dumps(document).encode())
    recording = build_recording(session)
    values = recording.activity
    assert session.sport == "Run"
    assert values["start_utc"] == START
    assert values["utc_offset_s"] == 7_200
    assert values["distance_m"] == pytest.approx(1800, rel=0.01)
    assert values["moving_s"] == pytest.approx(600, abs=1)
    assert values["cadence_spm"] == pytest.approx(170, abs=0.5)
    assert values["heart_rate_bpm"] == pytest.approx(150, abs=0.5)
    assert values["timezone"] == "Europe/Berlin"
    assert recording.samples["speed_mps"].median() == pytest.approx(3.0, abs=0.02)


def test_without_samples_the_summary_stands():
    (session,) = parse_json(json.dumps(polar(samples={})).encode())
    values = build_recording(session).activity
    assert (values["distance_m"], values["moving_s"], values["sample_rows"]) == (1800.0, 600.0, 0)


def test_a_start_without_offset_is_told():
    document = polar()
    del document["exercises"][0]["timezoneOffset"]
    (session,) = parse_json(json.dumps(document).encode())
    assert session.notes == ("Times without a zone were read as UTC.",)
    assert session.utc_offset_s is None


@pytest.mark.parametrize(
    ("sport", "ours"),
    [
        ("RUNNING", "Run"),
        ("TREADMILL_RUNNING", "Run"),
        ("TRAIL_RUNNING", "TrailRun"),
        ("STRENGTH_TRAINING", "WeightTraining"),
        ({"id": "15"}, "WeightTraining"),
        ({"id": "999"}, None),
        ("OTHER_OUTDOOR", None),
        ("WALKING", "Walk"),
        ("CYCLING", "Ride"),
    ],
)
def test_sports_of_polar(sport, ours):
    assert parse_json(json.dumps(polar(sport=sport)).encode())[0].sport == ours


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000])
def test_damaged_json_is_told(data):
    with pytest.raises(UnreadableFile, match="damaged"):
        parse_json(data)


@pytest.mark.parametrize(
    "document", [{"exercises": []}, {"DeviceLog": {}}, {"DeviceLog": {"Header": {}, "Samples": [1, {}]}}]
)
def test_no_session_is_told(document):
    with pytest.raises(UnreadableFile, match="holds no session"):
        parse_json(json.dumps(document).encode())


@pytest.mark.parametrize("document", [[], {}, {"sleep": 1}, 3])
def test_other_json_is_told(document):
    with pytest.raises(UnknownFile, match="no recording that is known"):
        parse_json(json.dumps(document).encode())


def test_recordings_are_told_by_name_and_head():
    assert is_json_recording("a/training-session-2026-05-04-1.json", b"")
    assert is_json_recording("x.json", b'{"DeviceLog":{')
    assert not is_json_recording("activity-2026.json", b'{"exportVersion":')
