"""GPX recordings as devices write them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parser_checks import damage, gives_checked_points_or_source_error, parse_all

from connectors.errors import SourceError, UnreadableFile
from connectors.formats.gpx import FORMAT, parse_gpx
from connectors.frames import POINT, checked

START = datetime(2024, 5, 1, 6, 0, tzinfo=UTC)


def stamp(second: float, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return (START + timedelta(seconds=second)).strftime(form)


def point(second: float | None, inner: str = "", lat: float = 48.1, lon: float = 11.5) -> str:
    when = "" if second is None else f"<time>{stamp(second)}</time>"
    return f'<trkpt lat="{lat}" lon="{lon}"><ele>500.5</ele>{when}{inner}</trkpt>'


def track(*segments: str, kind: str = "", name: str = "Morning") -> str:
    body = "".join(f"<trkseg>{segment}</trkseg>" for segment in segments)
    return f"<trk><name>{name}</name>{f'<type>{kind}</type>' if kind else ''}{body}</trk>"


def gpx(*tracks: str, creator: str = "Somewatch 3") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><gpx creator="{creator}" version="1.1" '
        f'xmlns="http://www.topografix.com/GPX/1/1" xmlns:tpx="urn:tpx">{"".join(tracks)}</gpx>'
    ).encode()


def line(first: int, last: int, inner: str = "") -> str:
    return "".join(point(i, inner, lon=11.5 + i * 4e-5) for i in range(first, last))


def test_a_plain_track() -> None:
    [session] = parse_gpx(gpx(track(line(0, 5), kind="running")))
    checked(session.points, POINT)
    assert session.sport == "Run"
    assert session.is_indoor is None
    assert session.start_utc == START
    assert session.utc_offset_s is None
    assert (session.name, session.device, session.notes) == ("Morning", "Somewatch 3", ())
    assert session.points["time_s"].to_list() == [START.timestamp() + i for i in range(5)]
    assert session.points["altitude_m"].to_list() == [500.5] * 5
    assert session.points["longitude_deg"][1] == pytest.approx(11.50004)
    assert session.points["segment"].to_list() == [0] * 5
    assert session.points["heart_rate_bpm"].null_count() == 5


@pytest.mark.parametrize(
    ("inner", "column", "value"),
    [
        ("<tpx:TrackPointExtension><tpx:hr>150</tpx:hr></tpx:TrackPointExtension>", "heart_rate_bpm", 150),
        ("<tpx:TrackPointExtension><tpx:cad>85</tpx:cad></tpx:TrackPointExtension>", "cadence_raw", 85),
        ("<tpx:atemp>21.5</tpx:atemp>", "temperature_c", 21.5),
        ("<heartrate>151</heartrate>", "heart_rate_bpm", 151),
        ("<gpxdata:cadence>84</gpxdata:cadence>", "cadence_raw", 84),
        ("<gpxdata:cadence>\n <gpxdata:cadence>83</gpxdata:cadence></gpxdata:cadence>", "cadence_raw", 83),
        ("<gpxdata:cadence>82</gpxdata:cadence><tpx:cad>82</tpx:cad>", "cadence_raw", 82),
        ("<RunCadence>81</RunCadence>", "cadence_raw", 81),
        ("<power>240</power>", "power_w", 240),
        ("<Temperature>19</Temperature>", "temperature_c", 19),
        ("<temp>18</temp>", "temperature_c", 18),
        ("<distance>12,5</distance>", "distance_m", 12.5),
        ("<speed>2.5</speed>", "speed_mps", 2.5),
        ("<seaLevelPressure>1013</seaLevelPressure>", "altitude_m", 500.5),
        ("<hr>0</hr>", "heart_rate_bpm", None),
        ("<hr>broken</hr>", "heart_rate_bpm", None),
    ],
)
def test_extensions_are_found_by_local_name(inner: str, column: str, value: float | None) -> None:
    [session] = parse_gpx(gpx(track(point(0, f"<extensions>{inner}</extensions>") + point(1))))
    assert session.points[column][0] == value


def test_each_segment_is_a_stretch_of_its_own() -> None:
    [session] = parse_gpx(gpx(track(line(0, 3), line(90, 92))))
    assert session.points["segment"].to_list() == [0, 0, 0, 1, 1]


def test_tracks_that_follow_one_another_are_one_session() -> None:
    [session] = parse_gpx(gpx(track(line(60, 63), kind="running"), track(line(0, 3), line(20, 22))))
    assert session.points["segment"].to_list() == [0, 0, 0, 1, 1, 2, 2, 2]
    assert session.points["time_s"].is_sorted()
    assert session.start_utc == START
    assert session.sport == "Run"
    assert session.notes == ("2 tracks that follow one another were read as one session.",)


def test_tracks_apart_are_sessions_of_their_own() -> None:
    late = 3 * 3600
    first, second = parse_gpx(gpx(track(line(0, 3), name="a"), track(line(late, late + 4), name="b")))
    assert (first.points.height, second.points.height) == (3, 4)
    assert (first.name, second.name) == ("a", "b")


def test_sports_that_differ_are_not_joined() -> None:
    data = gpx(track(line(0, 3), kind="cycling"), track(line(4, 8), kind="running"))
    assert [s.sport for s in parse_gpx(data)] == ["Ride", "Run"]


def test_tracks_at_the_same_time_are_not_joined() -> None:
    assert len(parse_gpx(gpx(track(line(0, 60)), track(line(0, 60))))) == 2


def test_offset_of_every_point_is_kept() -> None:
    data = gpx(track(line(0, 3))).replace(b"Z</time>", b".500+02:00</time>")
    [session] = parse_gpx(data)
    assert session.utc_offset_s == 7200
    assert session.start_utc == START - timedelta(hours=2) + timedelta(seconds=0.5)


def test_times_that_step_back_stay_as_they_are() -> None:
    [session] = parse_gpx(gpx(track(point(5) + point(2) + point(3))))
    assert (session.points["time_s"] - START.timestamp()).to_list() == [5, 2, 3]


def test_points_without_time_are_left_out_and_counted() -> None:
    [session] = parse_gpx(gpx(track(point(None) + line(0, 3))))
    assert session.points.height == 3
    assert session.notes == ("1 point without a time left out.",)


def test_a_place_of_nought_is_no_place() -> None:
    [session] = parse_gpx(gpx(track(point(0, lat=0, lon=0) + point(1, lat=99) + point(2))))
    assert session.points["latitude_deg"].to_list() == [None, None, 48.1]
    assert session.points["longitude_deg"].to_list() == [None, None, 11.5]


def test_speed_in_kilometres_per_hour_is_seen() -> None:
    metres_per_second = 4e-5 * 111_195 * 0.667833  # what the longitudes of `line` come to at 48.1° north
    data = gpx(track(line(0, 30, f"<speed>{metres_per_second * 3.6}</speed>")))
    [session] = parse_gpx(data)
    assert session.points["speed_mps"][3] == pytest.approx(metres_per_second, rel=0.01)
    assert session.notes == ("Speeds in km/h were turned into m/s.",)


def test_a_file_that_breaks_off_keeps_what_it_has() -> None:
    whole = gpx(track(line(0, 20, "<hr>123</hr>")))
    [session] = parse_gpx(whole[: whole.rindex(b"<hr>") + 5])
    assert session.points.height == 19
    assert set(session.points["heart_rate_bpm"]) == {123}
    assert session.notes == ("The file is cut off; 19 points kept.",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gpx(track(point(None) * 3)), "route without times"),
        (gpx("<rte><rtept lat='1' lon='2'/></rte>"), "route without times"),
        (gpx(track(point(0) * 4)), "route without times"),
        (gpx(track(line(0, 9))).replace(b"2024-05-01T06", b"2010-01-01T00"), "route without times"),
        (gpx(track()), "no track points"),
        (gpx(), "no track points"),
        (b"<gpx>", "no track points"),
    ],
)
def test_what_holds_no_session_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        parse_gpx(data)


def test_source_record() -> None:
    assert (FORMAT.id, FORMAT.suffixes, FORMAT.parse) == ("gpx", (".gpx",), parse_gpx)


@given(data=st.binary(max_size=300))
def test_random_bytes_give_a_source_error(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_gpx(data)


SAMPLE_FILE = gpx(track(line(0, 6, "<extensions><tpx:hr>150</tpx:hr></extensions>"), line(60, 63), kind="9"))


@given(data=damage(SAMPLE_FILE))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_mutated_files_give_points_under_contract_or_a_source_error(data: bytes) -> None:
    gives_checked_points_or_source_error(parse_gpx, data)


@pytest.mark.real_data
def test_real_files_parse_or_say_why(real_data: Path) -> None:
    read, refused = parse_all(real_data / "activities", ".gpx", parse_gpx)
    assert set(refused) == {"Route-only.gpx"}
    assert "route without times" in refused["Route-only.gpx"]
    assert read["strava_export.gpx"][0].sport == "Run"
    assert read["run.gpx"][0].sport is None
    assert read["Movescount-mixed-extensions.gpx"][0].points["cadence_raw"].null_count() == 0
    assert read["SpoQ-2.gpx"][0].points["speed_mps"].max() < 12  # a bicycle; 36 as written
