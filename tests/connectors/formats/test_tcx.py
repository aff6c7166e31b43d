"""TCX recordings as devices write them, and as nobody should."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parser_checks import damage, gives_checked_points_or_source_error, parse_all

from connectors.errors import SourceError, UnreadableFile
from connectors.formats.tcx import FORMAT, parse_tcx
from connectors.frames import POINT, checked
from connectors.recordings.recording import build_recording

START = datetime(2024, 5, 1, 6, 0, tzinfo=UTC)
PLACE = (
    "<Position><LatitudeDegrees>48.1</LatitudeDegrees><LongitudeDegrees>11.5</LongitudeDegrees></Position>"
)


def stamp(second: float) -> str:
    return (START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def point(second: float | None, inner: str = "", metres: float | None = None, place: str = PLACE) -> str:
    when = "" if second is None else f"<Time>{stamp(second)}</Time>"
    along = "" if metres is None else f"<DistanceMeters>{metres}</DistanceMeters>"
    return f"<Trackpoint>{when}{place}<AltitudeMeters>500.5</AltitudeMeters>{along}{inner}</Trackpoint>"


def lap(*tracks: str, second: float = 0, head: str = "") -> str:
    body = "".join(f"<Track>{track}</Track>" for track in tracks)
    return f'<Lap StartTime="{stamp(second)}">{head}{body}</Lap>'


def totals(seconds: float, metres: float, more: str = "") -> str:
    return f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds><DistanceMeters>{metres}</DistanceMeters>{more}"


def activity(*laps: str, sport: str = "Running", tail: str = "") -> str:
    return f'<Activity Sport="{sport}"><Id>{stamp(0)}</Id>{"".join(laps)}{tail}</Activity>'


def tcx(*activities: str) -> bytes:
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ns3="urn:ae">'
        f"<Activities>{''.join(activities)}</Activities></TrainingCenterDatabase>"
    ).encode()


def line(first: int, last: int, inner: str = "") -> str:
    return "".join(point(i, inner, metres=3.0 * i) for i in range(first, last))


def test_a_plain_activity() -> None:
    head = totals(
        10,
        30.5,
        "<MaximumSpeed>3.5</MaximumSpeed><AverageHeartRateBpm><Value>140</Value></AverageHeartRateBpm>"
        "<MaximumHeartRateBpm><Value>150</Value></MaximumHeartRateBpm><Cadence>84</Cadence>",
    )
    tail = "<Notes>Loop\nround the lake</Notes><Creator><Name>Somewatch 3</Name></Creator>"
    [session] = parse_tcx(tcx(activity(lap(line(0, 10), head=head), tail=tail)))
    checked(session.points, POINT)
    assert (session.sport, session.device, session.name) == ("Run", "Somewatch 3", "Loop")
    assert (session.distance_m, session.timer_s, session.max_speed_mps) == (30.5, 10, 3.5)
    assert (session.heart_rate_bpm, session.max_heart_rate_bpm, session.cadence_raw) == (140, 150, 84)
    assert session.start_utc == START
    assert session.points["distance_m"].to_list() == [3.0 * i for i in range(10)]
    assert session.points["latitude_deg"].to_list() == [48.1] * 10
    assert session.notes == ()


@pytest.mark.parametrize(
    ("inner", "column", "value"),
    [
        ("<HeartRateBpm><Value>150</Value></HeartRateBpm>", "heart_rate_bpm", 150),
        ("<HeartRateBpm>\n<Value>150</Value>\n</HeartRateBpm>", "heart_rate_bpm", 150),
        ("<HeartRateBpm>151</HeartRateBpm>", "heart_rate_bpm", 151),
        ("<HeartRateBpm><Value>0</Value></HeartRateBpm>", "heart_rate_bpm", None),
        ("<Extensions><Other><Value>7</Value></Other></Extensions>", "heart_rate_bpm", None),
        ("<Cadence>83</Cadence>", "cadence_raw", 83),
        (
            "<Extensions><ns3:TPX><ns3:RunCadence>85</ns3:RunCadence></ns3:TPX></Extensions>",
            "cadence_raw",
            85,
        ),
        ("<Cadence>0</Cadence><Extensions><RunCadence>86</RunCadence></Extensions>", "cadence_raw", 86),
        ("<Extensions><TPX><Speed>2.5</Speed></TPX></Extensions>", "speed_mps", 2.5),
        ("<Extensions><ns9:Watts>250</ns9:Watts></Extensions>", "power_w", 250),
        ("<SensorState>Present</SensorState>", "altitude_m", 500.5),
    ],
)
def test_values_are_found_by_local_name(inner: str, column: str, value: float | None) -> None:
    [session] = parse_tcx(tcx(activity(lap(point(0, inner) + point(1)))))
    assert session.points[column][0] == value


def test_a_second_track_in_a_lap_is_a_pause_and_a_new_lap_is_not() -> None:
    laps = (
        lap(line(0, 2), line(60, 62)),
        lap(line(62, 64), second=62),
        lap(line(64, 65), line(90, 91), second=64),
    )
    [session] = parse_tcx(tcx(activity(*laps)))
    assert session.points["segment"].to_list() == [0, 0, 1, 1, 1, 1, 1, 2]


def test_totals_are_added_up_and_averages_weighted_by_time() -> None:
    def pulse(bpm: int, top: int) -> str:
        return (
            f"<AverageHeartRateBpm><Value>{bpm}</Value></AverageHeartRateBpm>"
            f"<MaximumHeartRateBpm><Value>{top}</Value></MaximumHeartRateBpm>"
        )

    laps = (
        lap(line(0, 3), head=totals(300, 1000, pulse(140, 150))),
        lap(line(3, 5), second=3, head=totals(100, 350, pulse(160, 171))),
    )
    [session] = parse_tcx(tcx(activity(*laps)))
    assert (session.distance_m, session.timer_s) == (1350, 400)
    assert session.heart_rate_bpm == pytest.approx(145)
    assert session.max_heart_rate_bpm == 171


def test_totals_that_are_not_whole_are_unknown() -> None:
    silent = lap(line(3, 5), second=3)
    [session] = parse_tcx(tcx(activity(lap(line(0, 3), head=totals(300, 1000)), silent)))
    assert (session.distance_m, session.timer_s) == (None, None)
    [session] = parse_tcx(tcx(activity(lap(line(0, 3), head=totals(0, 0)))))
    assert (session.distance_m, session.timer_s) == (None, None)


def test_a_maximum_speed_no_one_runs_is_unknown() -> None:
    head = totals(3, 9, "<MaximumSpeed>16200.0</MaximumSpeed>")
    assert parse_tcx(tcx(activity(lap(line(0, 3), head=head))))[0].max_speed_mps is None


def test_an_activity_without_points_keeps_its_totals() -> None:
    [session] = parse_tcx(tcx(activity(lap(head=totals(1800, 5000)))))
    assert session.points.is_empty()
    assert list(session.points.columns) == list(POINT.columns)
    assert (session.start_utc, session.distance_m, session.timer_s) == (START, 5000, 1800)


def test_several_activities_and_a_multisport_session() -> None:
    first, second = activity(lap(line(0, 3))), activity(lap(line(9000, 9004), second=9000), sport="Biking")
    assert [s.sport for s in parse_tcx(tcx(first, second))] == ["Run", "Ride"]
    multi = (
        f"<MultiSportSession><Id>{stamp(0)}</Id><FirstSport>{first}</FirstSport><NextSport><Transition/>"
        f"{second}</NextSport></MultiSportSession>"
    )
    sessions = parse_tcx(tcx(multi))
    assert [(s.sport, s.points.height) for s in sessions] == [("Run", 3), ("Ride", 4)]


@pytest.mark.parametrize(
    ("word", "sport"),
    [("running", "Run"), ("RUNNING", "Run"), ("Biking", "Ride"), ("Other", "Other"), ("", None)],
)
def test_sport_in_any_case(word: str, sport: str | None) -> None:
    assert parse_tcx(tcx(activity(lap(line(0, 2)), sport=word)))[0].sport == sport


def test_points_without_time_or_place() -> None:
    track = point(None) + point(0, place="") + point(1, metres=3)
    [session] = parse_tcx(tcx(activity(lap(track))))
    assert session.points["latitude_deg"].to_list() == [None, 48.1]
    assert session.notes == ("1 point without a time left out.",)


def test_offset_of_every_point_is_kept() -> None:
    data = tcx(activity(lap(line(0, 3)))).replace(b":00Z", b":00+01:00").replace(b"Z<", b"+01:00<")
    [session] = parse_tcx(data)
    assert session.utc_offset_s == 3600
    assert session.start_utc == START - timedelta(hours=1)


def test_a_lap_start_far_from_the_points_is_not_believed() -> None:
    [session] = parse_tcx(tcx(activity(lap(line(0, 3), second=-400_000))).replace(b"<Id>", b"<Idle>"))
    assert session.start_utc == START


def test_a_file_that_breaks_off_keeps_what_it_has() -> None:
    pulse = "<HeartRateBpm><Value>123</Value></HeartRateBpm>"
    whole = tcx(activity(lap(line(0, 20, pulse), head=totals(20, 60))))
    [session] = parse_tcx(whole[: whole.rindex(b"<Value>") + 8])
    assert session.points.height == 19
    assert set(session.points["heart_rate_bpm"]) == {123}
    assert session.distance_m is None
    assert session.notes == ("The file is cut off; 19 points kept.",)


COURSE = (
    b"<TrainingCenterDatabase><Courses><Course><Name>a</Name></Course></Courses></TrainingCenterDatabase>"
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (COURSE, "a course to follow"),
        (tcx(), "no activity"),
        (tcx("<Activity Sport='Running'/>"), "without any time"),
        (b"<gpx/>", "starts with <gpx>"),
    ],
)
def test_what_holds_no_session_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        parse_tcx(data)


def test_source_record() -> None:
    assert (FORMAT.id, FORMAT.suffixes, FORMAT.parse) == ("tcx", (".tcx",), parse_tcx)


@given(data=st.binary(max_size=300))
def test_random_bytes_give_a_source_error(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_tcx(data)


SAMPLE_FILE = tcx(activity(lap(line(0, 4, "<Cadence>80</Cadence>"), line(60, 62), head=totals(6, 18))))


@given(data=damage(SAMPLE_FILE))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_mutated_files_give_points_under_contract_or_a_source_error(data: bytes) -> None:
    gives_checked_points_or_source_error(parse_tcx, data)


@pytest.mark.real_data
def test_real_files_parse_or_say_why(real_data: Path) -> None:
    read, refused = parse_all(real_data / "activities", ".tcx", parse_tcx)
    assert set(refused) == {"Route-only.tcx"}
    assert len(read["Multiple-Trainings.tcx"]) == 3
    assert read["Wrong-time-zone-by-polar.tcx"][0].utc_offset_s == 3600
    assert read["run_garmin.tcx"][0].distance_m == pytest.approx(2153.67)
    assert read["cross-country-skiing_activity_1.tcx"][0].sport == "Other"
    assert read["Standard.tcx"][0].points["segment"].n_unique() == 5


REPORTS = Path(__file__).parents[2] / "reports" / "laps_run_on"


def laps_of(
    ends: list[int], is_time: bool, is_way: bool, with_points: bool = True, speed: float = 3.0
) -> bytes:
    """Laps that end at these seconds; their totals run on, or are of each lap."""
    made, begin = [], 0
    for end in ends:
        head = totals(end if is_time else end - begin, speed * (end if is_way else end - begin))
        tracks = [line(begin, end + 1)] if with_points else []
        made.append(lap(*tracks, second=begin, head=head))
        begin = end
    return tcx(activity(*made))


@pytest.mark.parametrize("is_time", [True, False])
@pytest.mark.parametrize("is_way", [True, False])
@pytest.mark.parametrize(
    "ends", [[500, 1000], [200, 1000], [800, 1000], [333, 666, 1000], [*range(100, 1001, 100)]]
)
def test_totals_that_run_on_are_told_from_those_of_each_lap(ends, is_time, is_way) -> None:
    (run,) = parse_tcx(laps_of(ends, is_time, is_way))
    assert (run.distance_m, run.timer_s) == (3000.0, 1000.0)
    assert bool(run.notes) == (is_time or is_way)


@pytest.mark.parametrize(("is_time", "is_way"), [(True, True), (False, False)])
def test_without_points_the_starts_of_the_laps_tell(is_time, is_way) -> None:
    (run,) = parse_tcx(laps_of([300, 700, 1000], is_time, is_way, with_points=False))
    assert (run.distance_m, run.timer_s) == (3000.0, 1000.0)


def test_growing_laps_of_which_only_the_last_has_points_do_not_run_on() -> None:
    first = lap(second=0, head=totals(300, 900))
    second = lap(line(300, 901), second=300, head=totals(600, 1800))
    (run,) = parse_tcx(tcx(activity(first, second)))
    assert run.timer_s == 900.0


def test_means_over_laps_that_run_on_weigh_each_lap_by_its_own_time() -> None:
    pulse = "<AverageHeartRateBpm><Value>{}</Value></AverageHeartRateBpm>"
    first = lap(line(0, 501), second=0, head=totals(500, 1500, pulse.format(100)))
    second = lap(line(500, 1001), second=500, head=totals(1000, 3000, pulse.format(160)))
    (run,) = parse_tcx(tcx(activity(first, second)))
    assert run.heart_rate_bpm == pytest.approx(130.0)


@pytest.mark.parametrize("name", ["cum2.tcx.gz", "cum3.tcx.gz", "cum5.tcx.gz"])
def test_laps_that_run_on_as_reported(name) -> None:
    found = build_recording(parse_tcx(gzip.decompress((REPORTS / name).read_bytes()))[0]).activity
    assert found["distance_m"] == pytest.approx(3000.0, abs=3)
    assert found["moving_s"] == pytest.approx(1000.0, abs=1)
