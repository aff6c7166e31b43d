"""FIT recordings as devices write them, made up byte by byte."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest
from fit_writer import (
    ACTIVITY,
    DEVELOPER_DATA_ID,
    DEVICE_INFO,
    FIELD_DESCRIPTION,
    RECORD,
    SESSION,
    START,
    FitWriter,
    add_file_id,
    add_session,
    add_timer,
    fit_run,
    stamp,
)

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.formats.fit.names import device_of, sport_of
from connectors.formats.fit.sessions import FORMAT, parse_fit
from connectors.frames import POINT, checked
from connectors.recordings.recording import build_recording

TIME_AND_HEART = [(253, "uint32"), (3, "uint8")]


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def seconds_of(points) -> list[int]:
    return [round(t - START.timestamp()) for t in points["time_s"]]


def hearts(fit: FitWriter, *seconds: int, local: int = 0) -> None:
    """Records with time and a heart rate of 100 + second."""
    fit.define(local, RECORD, TIME_AND_HEART)
    for second in seconds:
        fit.write(local, stamp(at(second)), 100 + second % 100)


def only(data: bytes):
    sessions = parse_fit(data)
    assert len(sessions) == 1
    checked(sessions[0].points, POINT)
    return sessions[0]


def holds_activity(data: bytes) -> bool:
    try:
        return bool(parse_fit(data))
    except UnreadableFile:
        return False


def stryd(
    fit: FitWriter, names: list[tuple], native: list[tuple], app: bytes = b"a" * 16, index: int = 0
) -> None:
    """Describe developer fields (name, type, unit) and lay out a record with the native fields before them."""
    fit.define(8, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8")])
    fit.write(8, app, index)
    described = [(0, "uint8"), (1, "uint8"), (2, "uint8"), (3, "string", 24), (8, "string", 16)]
    fit.define(9, FIELD_DESCRIPTION, described)
    codes = {"uint8": 2, "uint16": 132, "float32": 136}
    for number, (name, kind, unit) in enumerate(names):
        fit.write(9, index, number, codes[kind], name, unit)
    widths = {"uint8": 1, "uint16": 2, "float32": 4}
    fit.define(0, RECORD, native, [(n, widths[kind], index, kind) for n, (_, kind, _) in enumerate(names)])


class TestWholeRun:
    @pytest.mark.parametrize("big_endian", [False, True])
    def test_every_number_comes_back(self, big_endian):
        run = only(fit_run(seconds=10, rpe=40, place=(1.0, -30.0), big_endian=big_endian))
        last = run.points.row(-1, named=True)
        assert run.points.height == 11
        assert last["time_s"] == at(10).timestamp()
        assert (last["distance_m"], last["speed_mps"], last["altitude_m"]) == (30.0, 3.0, 20.0)
        assert (last["cadence_raw"], last["heart_rate_bpm"], last["power_w"]) == (85.0, 150.0, None)
        assert last["latitude_deg"] == pytest.approx(1 + 30 / 111_195, abs=1e-6)
        assert last["longitude_deg"] == pytest.approx(-30.0, abs=1e-6)
        assert (run.sport, run.is_indoor, run.is_virtual) == ("Run", None, False)
        assert (run.start_utc, run.utc_offset_s) == (START, 3600)
        assert (run.distance_m, run.timer_s, run.elapsed_s, run.cadence_raw) == (30.0, 10.0, 10.0, 85.0)
        assert run.perceived_exertion_0_10 == 4.0
        assert run.device == "Garmin Forerunner 255"
        assert run.notes == ()

    def test_unknown_is_null(self):
        run = only(fit_run(seconds=3, heart_rate=None, cadence=None, altitude_m=None, place=None))
        for name in ("heart_rate_bpm", "cadence_raw", "altitude_m", "latitude_deg", "longitude_deg"):
            assert run.points[name].null_count() == 4
        assert run.cadence_raw is None
        assert run.perceived_exertion_0_10 is None

    @pytest.mark.parametrize(("header", "crc"), [(12, True), (14, True), (12, False), (14, False)])
    def test_headers_and_checksums(self, header, crc):
        fit = FitWriter()
        add_file_id(fit)
        hearts(fit, 0, 1, 2)
        assert only(fit.bytes(header, crc)).points.height == 3

    def test_source_is_on_the_shelf(self):
        assert (FORMAT.id, FORMAT.suffixes) == ("fit", (".fit",))
        assert FORMAT.parse(fit_run(seconds=1))

    @pytest.mark.parametrize("raw", [0, 255])
    def test_heart_rate_zero_and_255_are_none(self, raw):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (3, "uint16")])
        fit.write(0, stamp(START), raw)
        fit.write(0, stamp(at(1)), 140)
        assert only(fit.bytes()).points["heart_rate_bpm"].to_list() == [None, 140.0]

    def test_altitude_of_minus_500_is_none_and_old_field_fills_in(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (2, "uint16"), (78, "uint32"), (6, "uint16"), (73, "uint32")])
        fit.write(0, stamp(START), 0, None, 2500, None)
        fit.write(0, stamp(at(1)), 2600, None, 2500, None)
        fit.write(0, stamp(at(2)), 2600, 2605, 2500, 3000)
        points = only(fit.bytes()).points
        assert points["altitude_m"].to_list() == [None, 20.0, 21.0]
        assert points["speed_mps"].to_list() == [2.5, 2.5, 3.0]

    def test_fraction_of_cadence_and_running_form(self):
        fit = FitWriter()
        fields = [(4, "uint8"), (53, "uint8"), (85, "uint16"), (41, "uint16"), (39, "uint16"), (13, "sint8")]
        fit.define(0, RECORD, [(253, "uint32"), *fields])
        fit.write(0, stamp(START), 85, 64, 10_500, 2400, 923, -4)
        fit.write(0, stamp(at(1)), 85, None, None, None, None, None)
        first, second = only(fit.bytes()).points.to_dicts()
        assert (first["cadence_raw"], second["cadence_raw"]) == (85.5, 85.0)
        assert (first["step_length_mm"], first["contact_ms"]) == (1050.0, 240.0)
        assert (first["vertical_oscillation_mm"], first["temperature_c"]) == (92.3, -4.0)
        assert second["step_length_mm"] is None

    def test_contact_balance_is_of_the_seconds_else_of_the_session(self):
        for seconds, total, left in (((4900, 5100, 0), 5200, 50.0), ((None, 0, None), 4850, 48.5)):
            fit = FitWriter()
            fit.define(0, RECORD, [(253, "uint32"), (73, "uint32"), (84, "uint16")])
            for at_s, share in enumerate(seconds):
                fit.write(0, stamp(at(at_s)), 3000, share)
            fit.define(1, SESSION, [(253, "uint32"), (2, "uint32"), (5, "enum"), (133, "uint16")])
            fit.write(1, stamp(at(2)), stamp(START), 1, total)
            assert build_recording(only(fit.bytes())).activity["contact_left_pct"] == pytest.approx(left)

    def test_no_fix_written_as_zero_zero_is_no_place(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (0, "sint32"), (1, "sint32")])
        fit.write(0, stamp(START), 0, 0)
        fit.write(0, stamp(at(1)), 2**31 - 2, 5)  # just under 180 degrees north
        assert only(fit.bytes()).points["latitude_deg"].to_list() == [None, None]


class TestLayouts:
    def test_layout_changed_midway_keeps_the_order(self):
        fit = FitWriter()
        fit.define(0, RECORD, TIME_AND_HEART)
        fit.write(0, stamp(at(0)), 100)
        fit.define(0, RECORD, [(4, "uint8"), (253, "uint32")])
        fit.write(0, 80, stamp(at(1)))
        fit.define(0, RECORD, TIME_AND_HEART)
        fit.write(0, stamp(at(2)), 102)
        points = only(fit.bytes()).points
        assert seconds_of(points) == [0, 1, 2]
        assert points["heart_rate_bpm"].to_list() == [100, None, 102]
        assert points["cadence_raw"].to_list() == [None, 80, None]

    def test_two_local_types_take_turns(self):
        fit = FitWriter()
        fit.define(0, RECORD, TIME_AND_HEART)
        fit.define(1, RECORD, [(253, "uint32"), (7, "uint16")])
        for second in range(0, 6, 2):
            fit.write(0, stamp(at(second)), 100 + second)
            fit.write(1, stamp(at(second + 1)), 200 + second)
        points = only(fit.bytes()).points
        assert seconds_of(points) == [0, 1, 2, 3, 4, 5]
        assert points["power_w"].to_list() == [None, 200, None, 202, None, 204]

    def test_size_that_does_not_fit_its_type_is_skipped(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (7, "uint16", 3), (3, "uint8")])
        fit.write(0, stamp(START), b"\x01\x02\x03", 140)
        assert only(fit.bytes()).points.select("power_w", "heart_rate_bpm").row(0) == (None, 140.0)

    def test_other_types_than_the_profile_are_read_as_written(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (3, "float32"), (7, "uint32"), (4, "float64")])
        fit.write(0, stamp(START), 141.5, 250, None)
        row = only(fit.bytes()).points.row(0, named=True)
        assert (row["heart_rate_bpm"], row["power_w"], row["cadence_raw"]) == (141.5, 250.0, None)

    def test_unknown_messages_are_stepped_over(self):
        fit = FitWriter()
        fit.define(3, 65_280, [(0, "string", 9), (1, "uint8")])
        for second in range(3):
            fit.write(3, "noise", 7)
            hearts(fit, second)
        assert seconds_of(only(fit.bytes()).points) == [0, 1, 2]

    def test_packed_speed_and_distance_run_over(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "uint32"), (8, "byte", 3)])
        for second, raw in enumerate([4000, 4090, 84]):
            packed = 300 | raw << 12
            fit.write(0, stamp(at(second)), packed.to_bytes(3, "little"))
        points = only(fit.bytes()).points
        assert points["speed_mps"].to_list() == [3.0, 3.0, 3.0]
        assert points["distance_m"].to_list() == [4000 / 16, 4090 / 16, 4180 / 16]


class TestTime:
    def test_short_times_count_on_and_roll_over(self):
        fit = FitWriter()
        hearts(fit, 0)
        base = stamp(START)
        fit.define(1, RECORD, [(3, "uint8")])
        for second in (1, 20, 31, 33, 64):
            fit.write_short(1, base + second, 120)
        hearts(fit, 70)
        fit.write_short(1, base + 71, 130)
        assert seconds_of(only(fit.bytes()).points) == [0, 1, 20, 31, 33, 64, 70, 71]

    def test_short_times_lean_on_messages_we_do_not_read(self):
        fit = FitWriter()
        fit.define(2, 65_280, [(253, "uint32")])
        fit.define(1, RECORD, [(3, "uint8")])
        fit.write_short(1, 5, 110)  # nothing to lean on yet
        fit.write(2, stamp(START))
        fit.write_short(1, stamp(at(3)), 120)
        run = only(fit.bytes())
        assert seconds_of(run.points) == [3]
        assert "Left out, as they have no time: 1 point." in run.notes

    def test_clock_running_backwards_and_twice_the_same_second_stay_as_written(self):
        fit = FitWriter()
        hearts(fit, 0, 5, 5, 3, 4)
        assert seconds_of(only(fit.bytes()).points) == [0, 5, 5, 3, 4]

    @pytest.mark.parametrize(
        ("offset", "maker", "expected"),
        [
            (19_800, 1, 19_800),
            (20_699, 1, 20_700),  # a device one second off a quarter of an hour
            (0, 1, 0),
            (0, 294, None),  # COROS writes UTC twice
            (80_000, 1, None),
            (-45_000, 1, None),
        ],
    )
    def test_offset_of_the_local_clock(self, offset, maker, expected):
        fit = FitWriter()
        add_file_id(fit, maker=maker)
        hearts(fit, 0)
        fit.define(7, ACTIVITY, [(253, "uint32"), (5, "uint32")])
        fit.write(7, stamp(START), stamp(START) + offset)
        assert only(fit.bytes()).utc_offset_s == expected

    def test_device_that_knows_local_time_only(self):
        fit = FitWriter()
        fit.define(0, RECORD, TIME_AND_HEART)
        fit.write(0, 5000, 100)
        fit.define(7, ACTIVITY, [(253, "uint32"), (5, "uint32")])
        fit.write(7, 5600, stamp(at(600)))
        run = only(fit.bytes())
        assert (run.start_utc, run.utc_offset_s) == (START, 0)
        assert seconds_of(run.points) == [0]
        assert any("local time" in note for note in run.notes)

    def test_clock_that_was_never_set_gives_no_date(self):
        fit = FitWriter()
        fit.define(0, RECORD, TIME_AND_HEART)
        fit.write(0, 5000, 100)
        run = only(fit.bytes())
        assert run.start_utc is None
        assert run.points.height == 1
        assert any("clock" in note for note in run.notes)


class TestPauses:
    def test_each_pause_opens_a_segment(self):
        fit = FitWriter()
        add_timer(fit, at(0), 0)
        hearts(fit, 0, 1, 2)
        add_timer(fit, at(2), 4)
        add_timer(fit, at(60), 0)
        hearts(fit, 60, 61)
        add_timer(fit, at(61), 1)
        add_timer(fit, at(90), 0)
        hearts(fit, 90)
        add_timer(fit, at(91), 4)
        assert only(fit.bytes()).points["segment"].to_list() == [0, 0, 0, 1, 1, 2]

    def test_points_written_during_a_pause_are_left_out_and_counted(self):
        fit = FitWriter()
        hearts(fit, 0, 1, 2)
        add_timer(fit, at(2), 1)
        hearts(fit, 3, 4, 5)
        add_timer(fit, at(5), 0)
        hearts(fit, 6)
        run = only(fit.bytes())
        assert seconds_of(run.points) == [0, 1, 2, 5, 6]
        assert run.points["segment"].to_list() == [0, 0, 0, 1, 1]
        assert run.notes == (
            "The file holds no summary of the session.",
            "Left out, as the timer stood still: 2 points.",
        )

    def test_events_written_at_the_end_count_by_their_time(self):
        fit = FitWriter()
        hearts(fit, 0, 1, 50, 51)
        for second, kind in ((0, 0), (1, 4), (50, 0), (51, 4)):
            add_timer(fit, at(second), kind)
        assert only(fit.bytes()).points["segment"].to_list() == [0, 0, 1, 1]

    def test_after_a_jump_of_the_clock_events_count_by_their_place(self):
        fit = FitWriter()
        hearts(fit, 500, 501)
        add_timer(fit, at(501), 4)
        add_timer(fit, at(10), 0)
        hearts(fit, 10, 11)
        assert only(fit.bytes()).points["segment"].to_list() == [0, 0, 1, 1]

    def test_more_starts_than_stops_and_a_stop_never_lifted(self):
        fit = FitWriter()
        add_timer(fit, at(0), 0)
        add_timer(fit, at(0), 0)
        hearts(fit, 0, 1)
        add_timer(fit, at(1), 4)
        hearts(fit, 2, 3)
        assert only(fit.bytes()).points["segment"].to_list() == [0, 0, 0, 0]

    def test_second_stop_in_a_row_loses_no_points(self):
        fit = FitWriter()
        add_timer(fit, at(10), 4)
        hearts(fit, 20, 21)
        add_timer(fit, at(21), 4)
        hearts(fit, 25)
        add_timer(fit, at(30), 0)
        hearts(fit, 30)
        points = only(fit.bytes()).points
        assert seconds_of(points) == [20, 21, 30]
        assert points["segment"].to_list() == [0, 0, 1]

    def test_sparse_recording_is_no_pause(self):
        fit = FitWriter()
        hearts(fit, 0, 4, 11, 30)
        assert only(fit.bytes()).points["segment"].unique().to_list() == [0]


class TestDeveloperFields:
    def test_stryd_fields_in_our_units(self):
        fit = FitWriter()
        names = [("Power", "uint16", "Watts"), ("Form Power", "uint16", "Watts")]
        names += [
            ("Vertical Oscillation", "float32", "Centimeters"),
            ("Ground Time", "uint16", "Milliseconds"),
        ]
        stryd(fit, names, TIME_AND_HEART)
        fit.write(0, stamp(START), 140, 250, 62, 5.5, 260)
        row = only(fit.bytes()).points.row(0, named=True)
        assert (row["power_w"], row["form_power_w"], row["contact_ms"]) == (250.0, 62.0, 260.0)
        assert row["vertical_oscillation_mm"] == pytest.approx(55.0)

    def test_native_goes_first_where_it_says_anything(self):
        fit = FitWriter()
        native = [*TIME_AND_HEART, (4, "uint8"), (7, "uint16")]
        stryd(fit, [("Cadence", "uint8", "RPM"), ("Power", "uint16", "Watts")], native)
        fit.write(0, stamp(START), 140, 85, None, 90, 250)
        fit.write(0, stamp(at(1)), 141, None, None, 91, 251)
        points = only(fit.bytes()).points
        assert points["cadence_raw"].to_list() == [85.0, None]
        assert points["power_w"].to_list() == [250.0, 251.0]

    def test_native_zeros_give_way(self):
        fit = FitWriter()
        stryd(fit, [("Power", "uint16", "Watts")], [*TIME_AND_HEART, (7, "uint16")])
        fit.write(0, stamp(START), 140, 0, 250)
        assert only(fit.bytes()).points["power_w"].to_list() == [250.0]

    def test_each_session_chooses_for_itself(self):
        fit = FitWriter()
        stryd(fit, [("Power", "uint16", "Watts")], [*TIME_AND_HEART, (7, "uint16")])
        fit.write(0, stamp(at(0)), 140, 180, None)  # a ride with a power meter
        fit.write(0, stamp(at(100)), 140, None, 250)  # then a run with a foot pod
        add_session(fit, at(0), 50, sport=2)
        add_session(fit, at(100), 50, sport=1)
        ride, run = parse_fit(fit.bytes())
        assert (ride.points["power_w"].to_list(), run.points["power_w"].to_list()) == ([180.0], [250.0])

    def test_same_name_from_two_apps_is_not_mixed(self):
        fit = FitWriter()
        stryd(fit, [("Power", "uint16", "Watts")], TIME_AND_HEART, app=b"a" * 16, index=0)
        fit.write(0, stamp(at(0)), 140, 250)
        stryd(fit, [("Power", "uint16", "Watts")], TIME_AND_HEART, app=b"b" * 16, index=1)
        fit.write(0, stamp(at(1)), 140, 999)
        assert only(fit.bytes()).points["power_w"].to_list() == [250.0, None]

    def test_field_described_anew_midway(self):
        fit = FitWriter()
        stryd(fit, [("Power", "uint16", "Watts")], TIME_AND_HEART)
        fit.write(0, stamp(at(0)), 140, 250)
        stryd(fit, [("Form Power", "uint16", "Watts")], TIME_AND_HEART)
        fit.write(0, stamp(at(1)), 140, 60)
        points = only(fit.bytes()).points
        assert points["power_w"].to_list() == [250.0, None]
        assert points["form_power_w"].to_list() == [None, 60.0]

    def test_field_never_described_is_stepped_over(self):
        fit = FitWriter()
        fit.define(0, RECORD, TIME_AND_HEART, [(7, 2, 0, "uint16")])
        fit.write(0, stamp(at(0)), 140, 250)
        fit.write(0, stamp(at(1)), 141, 250)
        assert only(fit.bytes()).points["heart_rate_bpm"].to_list() == [140.0, 141.0]


class TestSessions:
    def test_several_sessions_share_the_records_by_their_starts(self):
        fit = FitWriter()
        hearts(fit, 0, 1, 100, 101, 102)
        add_session(fit, at(100), 3, sport=1, sub_sport=3, distance=900)
        add_session(fit, at(0), 50, sport=5, distance=40_000)
        swim, run = parse_fit(fit.bytes())
        assert (swim.sport, swim.points.height, swim.distance_m) == ("Swim", 2, 400.0)
        assert (run.sport, run.points.height, run.is_indoor) == ("TrailRun", 3, False)
        assert run.points["segment"].to_list() == [0, 0, 0]

    def test_session_written_twice_counts_once(self):
        fit = FitWriter()
        hearts(fit, 0, 1)
        add_session(fit, at(0), 1, distance=100)
        add_session(fit, at(0), 2, distance=200)
        run = only(fit.bytes())
        assert (run.distance_m, run.points.height) == (2.0, 2)

    def test_chained_files_give_their_sessions_one_after_another(self):
        settings = FitWriter()
        add_file_id(settings, kind=2)
        later = START + timedelta(hours=5)
        runs = parse_fit(fit_run(seconds=5) + settings.bytes() + fit_run(start=later, seconds=8))
        assert [(r.start_utc, r.points.height) for r in runs] == [(START, 6), (later, 9)]

    def test_session_without_records(self):
        fit = FitWriter()
        add_session(fit, START, 1800, sport=10, sub_sport=20)
        session = only(fit.bytes())
        assert (session.sport, session.elapsed_s, session.points.height) == ("WeightTraining", 1800.0, 0)
        assert session.points.schema == POINT.schema

    def test_lost_summary_takes_the_sport_from_elsewhere(self):
        fit = FitWriter()
        fit.define(1, 12, [(0, "enum"), (1, "enum")])
        fit.write(1, 1, 1)
        hearts(fit, 0, 1)
        run = only(fit.bytes())
        assert (run.sport, run.is_indoor, run.start_utc, run.distance_m) == ("Run", True, START, None)
        assert run.notes == ("The file holds no summary of the session.",)

    def test_exertion_beyond_its_scale_is_unknown(self):
        assert only(fit_run(seconds=1, rpe=250)).perceived_exertion_0_10 is None

    def test_device_by_the_name_it_writes(self):
        fit = FitWriter()
        fit.define(1, DEVICE_INFO, [(0, "uint8"), (2, "uint16"), (27, "string", 20)])
        fit.write(1, 1, 123, "H10")  # a strap, not the watch
        fit.write(1, 0, 294, "COROS PACE 3")
        hearts(fit, 0)
        assert only(fit.bytes()).device == "COROS PACE 3"

    @pytest.mark.parametrize(
        ("numbers", "expected"),
        [
            ((1, 0), ("Run", None, False)),
            ((1, 1), ("Run", True, False)),
            ((1, 45), ("Run", True, False)),
            ((1, 4), ("Run", None, False)),
            ((1, 3), ("TrailRun", False, False)),
            ((1, 67), ("Run", None, False)),
            ((1, 58), ("VirtualRun", True, True)),
            ((4, 1), ("Run", True, False)),
            ((4, 15), ("Elliptical", True, False)),
            ((2, 8), ("MountainBikeRide", False, False)),
            ((2, 58), ("VirtualRide", True, True)),
            ((17, 0), ("Hike", None, False)),
            ((13, 0), ("AlpineSki", None, False)),
            ((0, None), (None, None, False)),
            ((None, None), (None, None, False)),
            ((200, 0), ("FIT sport 200", None, False)),
        ],
    )
    def test_sports(self, numbers, expected):
        assert sport_of(*numbers) == expected

    def test_devices(self):
        assert device_of(1, 3113, None) == "Garmin Forerunner 945"
        assert device_of(1, 65_000, None) == "Garmin"
        assert device_of(23, 50, "Suunto 9 Baro") == "Suunto 9 Baro"
        assert device_of(32, None, "ELEMNT") == "Wahoo ELEMNT"
        assert device_of(None, None, None) is None


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "empty"),
            (b"<html>not found</html>", "not a FIT file"),
            (b"\x0e\x10", "not a FIT file"),
            (FitWriter().bytes(), "no activity"),
        ],
    )
    def test_files_that_hold_nothing(self, data, words):
        with pytest.raises(UnreadableFile, match=words):
            parse_fit(data)

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            (2, "holds settings, no activity"),
            (5, "workout plan"),
            (32, "all-day monitoring"),
            (6, "a course"),
        ],
    )
    def test_kinds_of_file_that_hold_no_activity(self, kind, words):
        fit = FitWriter()
        add_file_id(fit, kind=kind)
        if kind == 6:
            hearts(fit, 0, 1)
        with pytest.raises(UnreadableFile, match=words):
            parse_fit(fit.bytes())

    def test_cut_off_keeps_what_was_read(self):
        whole = fit_run(seconds=100)
        run = only(whole[: len(whole) // 2])
        full = only(whole)
        assert 30 < run.points.height < 70
        assert run.points.equals(full.points.head(run.points.height))
        assert run.notes[0].startswith(f"The file is cut off after {run.points.height} points")
        assert run.start_utc == START

    def test_every_cut_is_sessions_or_one_clear_sentence(self):
        whole = fit_run(seconds=6)
        head = next(size for size in range(len(whole)) if holds_activity(whole[:size]))
        heights = [only(whole[:size]).points.height for size in range(head, len(whole))]
        assert heights == sorted(heights)
        assert (heights[0], heights[-1]) == (1, 7)

    def test_size_never_written_by_a_device_that_lost_power(self):
        fit = FitWriter()
        hearts(fit, 0, 1, 2)
        assert only(fit.bytes(size=0)).points.height == 3

    def test_damage_midway_keeps_what_came_before(self):
        fit = FitWriter()
        hearts(fit, 0, 1, 2)
        fit.raw(b"\x0b" * 40)  # a message of a kind never laid out
        run = only(fit.bytes())
        assert run.points.height == 3
        assert run.notes[0] == "The file is damaged after 3 points; what follows was left out."

    def test_foreign_bytes_after_the_file_are_told(self):
        run = only(fit_run(seconds=2) + b"<gpx/>" * 10)
        assert run.points.height == 3
        assert any("follows" in note for note in run.notes)

    def test_types_that_lie_do_no_harm(self):
        fit = FitWriter()
        fit.define(0, RECORD, [(253, "float64"), (3, "float64"), (0, "float64"), (8, "float32", 12)])
        fit.write(0, 1e300, 1e308, -1e308, struct.pack("<3f", 1e30, -1e30, 7))
        fit.write(0, float(stamp(START)), 1e308, -1e308, struct.pack("<3f", 1e30, -1e30, 7))
        fit.define(1, SESSION, [(2, "float64"), (7, "float64"), (9, "float64"), (5, "float64")])
        fit.write(1, 1e300, 1e300, -5.0, 1e300)
        session = only(fit.bytes())
        assert session.points.height == 1
        assert (session.start_utc, session.elapsed_s, session.distance_m) == (START, None, None)

    def test_more_layouts_than_any_device(self):
        fit = FitWriter()
        for number in range(1100):
            fit.define(0, 1000 + number, [(0, "uint8")])
        with pytest.raises(UnsafeFile, match="layouts"):
            parse_fit(fit.bytes())

    def test_more_sessions_than_any_day(self):
        fit = FitWriter()
        for number in range(300):
            add_session(fit, at(number * 60), 60)
        with pytest.raises(UnsafeFile, match="sessions"):
            parse_fit(fit.bytes())

    def test_more_files_in_one_than_any_download(self):
        fit = FitWriter()
        add_file_id(fit)
        with pytest.raises(UnsafeFile, match="files in one"):
            parse_fit(fit.bytes() * 300)

    def test_times_stay_in_utc(self):
        assert only(fit_run(seconds=1)).start_utc.tzinfo is UTC
