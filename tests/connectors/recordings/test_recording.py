"""From raw points to the one-second clock."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import SourceError
from connectors.formats.fit.sessions import parse_fit
from connectors.formats.gpx import parse_gpx
from connectors.formats.tcx import parse_tcx
from connectors.frames import ACTIVITY, POINT, SAMPLE, checked
from connectors.recordings.recording import build_recording
from connectors.source import Recording, Session

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
T0 = START.timestamp()
METRE_DEG = 1 / 111_194.93


def points(seconds, **channels) -> pl.DataFrame:
    """POINT frame at the given seconds since START; a channel is a number or an array, NaN unknown."""
    seconds = np.asarray(seconds, float)
    columns = {"time_s": T0 + seconds, "segment": np.zeros(seconds.size), **channels}
    frame = pl.DataFrame(
        {n: np.broadcast_to(np.asarray(v, float), seconds.shape) for n, v in columns.items()}
    )
    return checked(frame.fill_nan(None), POINT)


def run(seconds, sport: str | None = "Run", **channels) -> Recording:
    return put(Session(points(seconds, **channels), sport=sport, start_utc=START))


def put(session: Session) -> Recording:
    """Record, and hold the result against both contracts."""
    out = build_recording(session)
    assert checked(out.samples, SAMPLE).equals(out.samples)
    assert set(out.activity) <= set(ACTIVITY.columns)
    for name, value in out.activity.items():
        column = ACTIVITY.columns[name]
        if isinstance(value, float | int) and not isinstance(value, bool):
            assert column.low is None or value >= column.low
            assert column.high is None or value <= column.high
    assert out.activity["sample_rows"] == out.samples.height
    return out


def col(out: Recording, name: str) -> np.ndarray:
    return out.samples[name].cast(pl.Float64).to_numpy()


EVERY = np.arange(601.0)


def test_a_plain_run_comes_out_as_it_went_in():
    out = run(EVERY, distance_m=EVERY * 3, speed_mps=3.0, cadence_raw=85, heart_rate_bpm=150, altitude_m=12.0)
    assert out.notes == ()
    assert out.samples["second"].to_list() == list(range(601))
    assert np.allclose(col(out, "distance_m"), EVERY * 3)
    assert np.allclose(col(out, "speed_mps"), 3)
    assert np.allclose(col(out, "cadence_spm"), 170)
    assert np.allclose(col(out, "grade_pct"), 0)
    assert out.activity["start_utc"] == START
    assert out.activity["distance_m"] == 1800
    assert out.activity["moving_s"] == 601
    assert out.activity["heart_rate_bpm"] == 150
    assert out.activity["ascent_m"] == 0


def test_no_points_keeps_the_summary():
    out = put(
        Session(
            POINT.empty(), sport="Run", start_utc=START, distance_m=5000.0, timer_s=1500.0, cadence_raw=84.0
        )
    )
    assert out.samples.schema == SAMPLE.schema
    assert out.activity["distance_m"] == 5000
    assert out.activity["cadence_spm"] == 168
    assert out.activity["ascent_m"] is None
    assert put(Session(POINT.empty())).activity["start_utc"] is None


def test_a_pause_is_a_gap_and_is_not_filled():
    seconds = np.r_[0:101, 105:201]
    out = run(
        seconds, segment=np.r_[np.zeros(101), np.ones(96)], distance_m=seconds * 3.0, heart_rate_bpm=140
    )
    assert out.samples["second"].to_list() == seconds.tolist()
    assert out.activity["moving_s"] == 197
    assert out.activity["elapsed_s"] == 201


@pytest.mark.parametrize(
    ("gap", "metres", "rows", "heart_known"),
    [
        (10, 30, 10, 10),  # short: filled, heart rate too
        (10, 0, 10, 10),  # short and standing: the timer ran
        (25, 75, 25, 1),  # longer, and the runner went on: filled, but not the heart rate
        (240, 720, 240, 1),
        (25, 0, 1, 1),  # a stop
        (240, 40, 1, 1),  # drift of the receiver is no movement
        (240, 2400, 1, 1),  # nobody runs that fast for so long
        (400, 1200, 1, 1),  # too long to say
    ],
)
def test_a_silence_without_a_pause(gap, metres, rows, heart_known):
    seconds = np.r_[0:101, 100 + gap : 201 + gap]
    distance = np.r_[0:101, 0:101][: seconds.size] * 3.0 + np.r_[np.zeros(101), np.full(101, 300 + metres)]
    out = run(seconds, distance_m=distance, heart_rate_bpm=140)
    after = out.samples.filter(pl.col("second").is_between(101, 100 + gap))
    assert after.height == rows
    assert after["heart_rate_bpm"].is_not_null().sum() == heart_known
    assert any("without points" in note for note in out.notes) == (gap > 300)


def test_smart_recording_is_filled_up_to_thirty_seconds():
    seconds = np.arange(0, 2000, 20.0)
    out = run(seconds, heart_rate_bpm=140)
    assert out.samples.height == 1981
    assert out.samples["heart_rate_bpm"].is_not_null().sum() == 100


def test_heart_rate_zero_is_unknown_and_the_impossible_is_left_out_with_a_word():
    heart = np.full(601, 150.0)
    heart[100:110], heart[200] = 0, 300
    out = run(EVERY, heart_rate_bpm=heart, temperature_c=np.where(EVERY == 5, 120, 20))
    assert out.samples["heart_rate_bpm"][200] == 150, "a second between known ones is filled"
    assert out.activity["max_heart_rate_bpm"] == 150
    assert any("heart rate" in note for note in out.notes)
    assert any("temperature" in note for note in out.notes)
    assert run(EVERY, heart_rate_bpm=0).samples["heart_rate_bpm"].null_count() == 601


@pytest.mark.parametrize(
    ("sport", "raw", "expected"),
    [
        ("Run", 80, 160),
        (None, 80, 160),
        ("TrailRun", 119, 119),
        ("TrailRun", 96, 192),
        ("Run", 172, 172),
        ("Walk", 58, 116),
        ("Walk", 112, 112),
        ("Ride", 80, None),
        ("Swim", 30, None),
        ("Elliptical", 80, None),
    ],
)
def test_one_leg_or_both(sport, raw, expected):
    out = run(
        EVERY, sport=sport, cadence_raw=np.where(EVERY < 200, 0, raw), speed_mps=np.where(EVERY < 200, 0, 3)
    )
    assert out.activity["cadence_spm"] == expected
    assert out.samples["cadence_spm"][500] == expected


def test_no_steps_while_running_is_a_silent_sensor():
    dropped = run(EVERY, cadence_raw=np.where(EVERY < 300, 0, 85), speed_mps=3.0, distance_m=EVERY * 3)
    assert dropped.samples["cadence_spm"].null_count() == 300
    assert run(EVERY, cadence_raw=0, speed_mps=3.0).samples["cadence_spm"].null_count() == 601


def test_distance_that_restarts_at_laps_is_added_up():
    laps = np.where(EVERY < 300, EVERY * 3, (EVERY - 299) * 3)
    out = run(EVERY, distance_m=laps)
    assert out.activity["distance_m"] == pytest.approx(1800, abs=3)
    assert (np.diff(col(out, "distance_m")) >= 0).all()


def test_distance_of_a_later_session_starts_at_zero():
    assert run(EVERY, distance_m=9000 + EVERY * 3).activity["distance_m"] == pytest.approx(1800)


def test_flat_distance_gives_way_to_places():
    out = run(EVERY, distance_m=0.0, latitude_deg=52 + EVERY * 3 * METRE_DEG, longitude_deg=5.0)
    assert out.activity["distance_m"] == pytest.approx(1800, rel=1e-3)
    assert any("stood still" in note for note in out.notes)
    assert np.allclose(col(out, "speed_mps"), 3, atol=0.02)


def test_places_skip_jumps_unknowns_and_pauses():
    latitude = 52 + EVERY * 3 * METRE_DEG
    latitude[100] += 0.01  # a kilometre off for a second
    latitude[200:220] = np.nan
    latitude[400:] += 0.02  # moved during the pause
    out = run(EVERY, latitude_deg=latitude, longitude_deg=5.0, segment=EVERY >= 400)
    assert out.activity["distance_m"] == pytest.approx(1800 - 3, rel=1e-3)
    assert any("jump" in note for note in out.notes)
    assert out.activity["max_speed_mps"] < 4


def test_treadmill_takes_speed_where_there_is_no_distance():
    out = put(
        Session(
            points(EVERY, speed_mps=2.5, cadence_raw=82, altitude_m=EVERY / 10), sport="Run", is_indoor=True,
            start_utc=START, distance_m=0.0,
        )
    )  # fmt: skip
    assert out.activity["distance_m"] == pytest.approx(1500, rel=0.01)
    assert out.samples["grade_pct"].null_count() == 601, "a treadmill's grade is unknown, not flat"
    assert out.activity["ascent_m"] is None
    assert out.activity["timezone"] is None


def test_neither_speed_nor_distance_is_unknown():
    out = put(Session(points(EVERY, heart_rate_bpm=120), sport="Run", start_utc=START, distance_m=0.0))
    assert out.activity["distance_m"] is None
    assert out.samples["speed_mps"].null_count() == 601
    assert out.samples["distance_m"].null_count() == 601


def test_speed_that_stands_at_zero_gives_way_to_distance():
    out = run(EVERY, speed_mps=0.0, distance_m=EVERY * 3)
    assert np.allclose(col(out, "speed_mps"), 3)


def test_speed_is_a_mean_of_five_seconds_that_keeps_off_pauses():
    speed = np.where(EVERY < 300, 2.0, 4.0)
    out = run(EVERY, speed_mps=speed, distance_m=np.cumsum(speed), segment=EVERY >= 300)
    assert np.allclose(col(out, "speed_mps"), speed)
    burst = run(EVERY, speed_mps=np.where(EVERY == 300, 7.0, 2.0))
    assert burst.samples["speed_mps"][298:303].to_list() == [3.0] * 5


def test_a_runner_faster_than_a_sprinter_is_an_error():
    out = run(EVERY, speed_mps=np.where(EVERY == 300, 55.0, 3.0), distance_m=EVERY * 3)
    assert out.activity["max_speed_mps"] == pytest.approx(3)
    ride = run(EVERY, sport="Ride", speed_mps=15.0, distance_m=EVERY * 15)
    assert ride.activity["max_speed_mps"] == pytest.approx(15)


def test_a_leap_between_places_is_no_sprint_but_a_stride_is():
    pace = np.where((EVERY >= 100) & (EVERY < 103), 9.0, np.where((EVERY >= 300) & (EVERY < 320), 6.0, 2.5))
    out = run(EVERY, latitude_deg=52 + np.cumsum(pace) * METRE_DEG, longitude_deg=5.0)
    assert max(out.samples["speed_mps"][95:110]) < 2.7
    assert out.samples["speed_mps"][310] == pytest.approx(6, abs=0.05)
    own = run(EVERY, distance_m=np.cumsum(pace))
    assert max(own.samples["speed_mps"][95:110]) > 5, "a device's own distance is believed"


def test_duplicate_times_complete_each_other():
    seconds = np.repeat(EVERY, 2)
    heart = np.where(np.arange(seconds.size) % 2, np.nan, 140)
    distance = np.where(np.arange(seconds.size) % 2, seconds * 3, np.nan)
    out = run(seconds, heart_rate_bpm=heart, distance_m=distance)
    assert out.samples.height == 601
    assert out.samples["heart_rate_bpm"].null_count() == 0
    assert out.samples["distance_m"].null_count() == 0


def test_a_step_back_of_seconds_is_sorted():
    seconds = EVERY.copy()
    seconds[300], seconds[301] = 301, 300
    assert run(seconds, distance_m=seconds * 3).samples.height == 601
    synced = np.r_[0:301, 298:601].astype(float)
    assert run(synced, distance_m=synced * 3).samples["second"].to_list() == list(range(601))


def test_a_straggler_is_dropped_with_a_word():
    seconds = EVERY.copy()
    seconds[300] = -4000
    out = run(seconds, distance_m=EVERY * 3)
    assert out.activity["start_utc"] == START
    assert out.samples.height == 601
    assert any("impossible time" in note for note in out.notes)
    seconds[300] = 9000
    assert run(seconds, distance_m=EVERY * 3).samples["second"].max() == 600


@pytest.mark.parametrize("years", [-30, 20])
def test_a_wrong_clock_at_the_start_or_end_is_left_out(years):
    off = years * 365 * 86_400.0
    head = run(np.where(EVERY < 20, EVERY + off, EVERY), distance_m=EVERY * 3)
    assert head.samples["second"].max() == 580
    assert head.activity["start_utc"].timestamp() == T0 + 20
    tail = run(np.where(EVERY > 580, EVERY + off, EVERY), distance_m=EVERY * 3)
    assert tail.samples["second"].max() == 580
    assert any("impossible time" in note for note in tail.notes)


@pytest.mark.parametrize("hours", [-1, 30 * 24, -20 * 365 * 24])
def test_a_clock_put_right_on_the_way_keeps_the_whole_run(hours):
    seconds = np.where(EVERY < 250, EVERY, EVERY + hours * 3600)
    out = run(seconds, distance_m=EVERY * 3)
    assert out.samples.height == 601
    assert out.activity["distance_m"] == pytest.approx(1800)
    assert out.activity["elapsed_s"] == 601
    assert any("clock" in note for note in out.notes)


def test_a_stretch_written_twice_counts_once():
    seconds = np.r_[EVERY, EVERY]
    out = run(seconds, distance_m=seconds * 3)
    assert out.samples.height == 601
    assert out.activity["distance_m"] == pytest.approx(1800)


def test_a_watch_left_on_for_days_keeps_its_gap():
    seconds = np.r_[EVERY, EVERY + 791_508]
    out = run(seconds, distance_m=np.r_[EVERY, EVERY + 600] * 3, segment=np.r_[EVERY * 0, EVERY * 0 + 1])
    assert out.samples.height == 1202
    assert out.activity["elapsed_s"] == 791_508 + 601


def test_the_devices_totals_count_where_they_can_be_true():
    def total(**said):
        return put(
            Session(points(EVERY, distance_m=EVERY * 3), sport="Run", start_utc=START, **said)
        ).activity

    assert total(distance_m=1850.0)["distance_m"] == 1850
    assert total(distance_m=99_000.0)["distance_m"] == 1800
    assert total(timer_s=598.5, elapsed_s=640.0)["moving_s"] == 598.5
    assert total(timer_s=598.5, elapsed_s=640.0)["elapsed_s"] == 640
    assert total(timer_s=90_000.0)["moving_s"] == 601
    assert total(elapsed_s=1e9)["elapsed_s"] == 601
    assert total(ascent_m=33.0)["ascent_device_m"] == 33
    assert total(perceived_exertion_0_10=12.0)["perceived_exertion_0_10"] is None


def test_the_start_is_the_devices_unless_its_points_say_otherwise():
    late = points(EVERY + 40, distance_m=EVERY * 3)
    out = put(Session(late, sport="Run", start_utc=START, elapsed_s=641.0))
    assert out.activity["start_utc"] == START
    assert out.samples["second"][0] == 40
    wrong = put(Session(late, sport="Run", start_utc=datetime(2006, 1, 1, tzinfo=UTC), elapsed_s=641.0))
    assert wrong.activity["start_utc"].timestamp() == T0 + 40


def test_the_zone_is_that_of_the_first_real_place():
    place = {"latitude_deg": np.where(EVERY < 5, 0, 35.68), "longitude_deg": np.where(EVERY < 5, 0, 139.69)}
    assert run(EVERY, **place).activity["timezone"] == "Asia/Tokyo"
    assert run(EVERY, latitude_deg=0.0, longitude_deg=0.0).activity["timezone"] is None
    assert run(EVERY, sport="VirtualRun", **place).activity["timezone"] is None
    assert put(Session(points(EVERY, **place), is_virtual=True)).activity["timezone"] is None


def test_no_place_leaves_this_function():
    out = run(EVERY, latitude_deg=35.681234 + EVERY * METRE_DEG, longitude_deg=139.6912345)
    text = f"{out.activity} {out.notes} {out.samples.columns}"
    assert "35.68" not in text
    assert "139.69" not in text
    assert not any("latitude" in name or "longitude" in name for name in out.samples.columns)


def test_a_virtual_run_has_no_real_hills():
    out = put(
        Session(
            points(EVERY, distance_m=EVERY * 3, altitude_m=EVERY / 5), sport="VirtualRun", is_virtual=True
        )
    )
    assert out.samples["grade_pct"].null_count() == 601
    assert out.activity["ascent_m"] is None


WILD = st.floats(-1e6, 1e6) | st.floats(-1e15, 1e15) | st.integers(0, 600).map(float)
VALUES = st.none() | st.floats(-1e4, 1e4) | st.sampled_from([0.0, float("inf"), -500.0, 65_535.0])


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_nothing_a_file_can_hold_breaks_the_contract(data):
    rows = data.draw(st.integers(0, 25))
    frame = pl.DataFrame(
        {
            name: data.draw(
                st.lists(
                    WILD if name == "time_s" else st.integers(0, 3) if name == "segment" else VALUES,
                    min_size=rows,
                    max_size=rows,
                )
            )
            for name in POINT.columns
        },
        schema=POINT.schema,
    )
    out = put(
        Session(frame, sport=data.draw(st.sampled_from([None, "Run", "Walk", "Ride"])), start_utc=START)
    )
    seconds = out.samples["second"].to_numpy()
    assert (np.diff(seconds) > 0).all()
    known = out.samples["distance_m"].drop_nulls().to_numpy()
    assert (np.diff(known) >= 0).all()


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(12)), st.integers(1, 9))
def test_points_of_one_minute_in_any_order_give_the_same(order, step):
    seconds = np.arange(12) * min(step, 5)
    one = run(seconds, distance_m=seconds * 3.0)
    other = run(seconds[list(order)], distance_m=seconds[list(order)] * 3.0)
    assert one.samples.equals(other.samples)


READERS = {".fit": parse_fit, ".gpx": parse_gpx, ".tcx": parse_tcx}


@pytest.mark.real_data
def test_every_real_recording_keeps_the_contract_and_the_devices_totals(real_data):
    """FIT runs and rides: distance within 3 %, running seconds within 6 % of what the watch itself added up."""
    read = far = long = 0
    for path in sorted((real_data / "activities").rglob("*")):
        try:
            sessions = READERS[path.suffix](path.read_bytes()) if path.suffix in READERS else []
        except SourceError:
            continue
        for session in sessions:
            out = put(session)
            read += 1
            if (
                path.suffix == ".fit"
                and session.distance_m
                and session.timer_s
                and session.points.height > 100
            ):
                covered = out.samples["distance_m"].max()
                far += abs(covered - session.distance_m) > 0.03 * session.distance_m
                long += abs(out.samples.height - session.timer_s) > 0.06 * session.timer_s
    assert read > 50
    assert (far, long) == (0, 0)


@pytest.mark.real_data
def test_the_same_run_in_two_formats_agrees(real_data):
    """One run as GPX and as TCX, with a stop in it: distance by places is 4 % longer, steps and time are the same."""
    folder = real_data / "activities" / "corriporai+runpandas"
    (gpx,) = parse_gpx((folder / "gpx" / "strava_export.gpx").read_bytes())
    (tcx,) = parse_tcx((folder / "tcx" / "stopped_example.tcx").read_bytes())
    one, other = put(gpx).activity, put(tcx).activity
    assert one["start_utc"] == other["start_utc"]
    assert one["sample_rows"] == pytest.approx(other["sample_rows"], rel=0.01)
    assert one["cadence_spm"] == pytest.approx(other["cadence_spm"], rel=0.01)
    assert one["distance_m"] == pytest.approx(other["distance_m"], rel=0.05)
