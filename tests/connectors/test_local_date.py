"""The local date of a session: zones, offsets, DST, travel."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import local_date as connectors_local_date
from connectors.frames import UTC_TIME
from connectors.local_date import machine_zone, usual_zone, with_local_date, zone_name

SCHEMA = {"start_utc": UTC_TIME, "timezone": pl.String, "utc_offset_s": pl.Int32}


def frame(*rows: tuple[datetime, str | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


CASES = [
    # An evening run in California is the next day in UTC.
    (utc(2026, 3, 2, 3, 30), "America/Los_Angeles", None, date(2026, 3, 1)),
    # A morning run in Auckland is the day before in UTC.
    (utc(2026, 3, 1, 18, 0), "Pacific/Auckland", None, date(2026, 3, 2)),
    # The night the clocks go forward and the night they go back, a quarter to midnight.
    (utc(2026, 3, 28, 22, 45), "Europe/Amsterdam", None, date(2026, 3, 28)),
    (utc(2026, 3, 29, 21, 45), "Europe/Amsterdam", None, date(2026, 3, 29)),
    (utc(2026, 3, 29, 22, 15), "Europe/Amsterdam", None, date(2026, 3, 30)),
    (utc(2026, 10, 24, 22, 15), "Europe/Amsterdam", None, date(2026, 10, 25)),
    (utc(2026, 10, 25, 22, 15), "Europe/Amsterdam", None, date(2026, 10, 25)),
    # Only an offset is known.
    (utc(2026, 3, 1, 23, 30), None, 3600, date(2026, 3, 2)),
    (utc(2026, 3, 1, 0, 30), None, -3600, date(2026, 2, 28)),
    # The zone's own word goes before the offset.
    (utc(2026, 3, 1, 23, 30), "Europe/London", 3600, date(2026, 3, 1)),
    # Nothing is known, or only a name nobody knows: the fallback, Europe/Amsterdam.
    (utc(2026, 7, 1, 22, 30), None, None, date(2026, 7, 2)),
    (utc(2026, 7, 1, 22, 30), "Mars/Olympus", None, date(2026, 7, 2)),
    (utc(2026, 7, 1, 22, 30), "../../etc/passwd", None, date(2026, 7, 2)),
    (utc(2026, 7, 1, 22, 30), "Mars/Olympus", -7200, date(2026, 7, 1)),
]


def test_the_day_is_the_runners_own():
    rows = frame(*(case[:3] for case in CASES))
    out = with_local_date(rows, "Europe/Amsterdam")
    assert out["local_date"].to_list() == [case[3] for case in CASES]
    assert out["start_utc"].to_list() == rows["start_utc"].to_list()


def test_a_bad_zone_becomes_unknown_and_a_good_one_stays():
    out = with_local_date(
        frame((utc(2026, 1, 1), "Mars/Olympus", None), (utc(2026, 1, 1), "Asia/Tokyo", None))
    )
    assert out["timezone"].to_list() == [None, "Asia/Tokyo"]


def test_a_bad_fallback_is_utc():
    out = with_local_date(frame((utc(2026, 1, 1, 23), None, None)), "Nowhere/At_All")
    assert out["local_date"].to_list() == [date(2026, 1, 1)]


def test_an_empty_frame_and_an_old_date_column():
    assert with_local_date(frame()).schema["local_date"] == pl.Date
    dated = frame((utc(2026, 1, 1, 23), "Asia/Tokyo", None)).with_columns(local_date=pl.lit(date(1999, 1, 1)))
    assert with_local_date(dated)["local_date"].to_list() == [date(2026, 1, 2)]


def test_travel_over_the_date_line_can_skip_a_day():
    """Two runs nine hours apart, Honolulu then Auckland, lie two calendar days apart."""
    out = with_local_date(
        frame((utc(2026, 5, 2, 4), "Pacific/Honolulu", None), (utc(2026, 5, 2, 13), "Pacific/Auckland", None))
    )
    assert out["local_date"].to_list() == [date(2026, 5, 1), date(2026, 5, 3)]


ZONES = st.sampled_from(
    ["Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", None, "No/Zone"]
)
TIMES = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def local_date(start_utc, zone, utc_offset_s):
    """The rule for one run, by the standard library alone."""
    if zone_name(zone) is None and utc_offset_s is not None:
        return (start_utc + timedelta(seconds=utc_offset_s)).date()
    return start_utc.astimezone(ZoneInfo(zone_name(zone) or "Asia/Kolkata")).date()


@given(st.lists(st.tuples(TIMES, ZONES, st.one_of(st.none(), st.integers(-50_400, 50_400))), max_size=8))
def test_one_row_and_many_rows_agree(rows):
    out = with_local_date(frame(*rows), "Asia/Kolkata")
    assert out["local_date"].to_list() == [local_date(*row) for row in rows]


def test_names_as_services_write_them():
    assert zone_name("(GMT+01:00) Europe/Amsterdam") == "Europe/Amsterdam"
    assert zone_name("Europe/Amsterdam") == "Europe/Amsterdam"
    assert zone_name(None) is None
    assert zone_name("") is None
    assert zone_name("(GMT+01:00)") is None


def test_the_usual_zone_is_the_one_named_most():
    rows = [(utc(2026, 1, day), "Europe/Oslo", None) for day in (1, 2, 3)]
    rows += [(utc(2026, 2, day), "Asia/Tokyo", None) for day in (1, 2)]
    rows += [(utc(2026, 3, day), "Bad/Name", None) for day in (1, 2, 3, 4)]
    assert usual_zone(frame(*rows)) == "Europe/Oslo"
    assert usual_zone(frame(*rows[::-1])) == "Europe/Oslo"


def test_a_draw_goes_to_the_later_zone():
    assert usual_zone(
        frame((utc(2025, 1, 1), "Europe/Oslo", None), (utc(2026, 1, 1), "Asia/Tokyo", None))
    ) == ("Asia/Tokyo")


@pytest.mark.parametrize(
    ("home", "like"),
    [
        ("Europe/Amsterdam", "Europe/Berlin"),
        ("America/Vancouver", "America/Los_Angeles"),
        ("America/Phoenix", "America/Phoenix"),
        ("Asia/Yangon", "Asia/Rangoon"),
    ],
)
def test_offsets_alone_give_a_zone_with_the_same_clock(home, like):
    starts = [utc(2026, month, 10, 7) for month in range(1, 13)]
    offsets = [int(s.astimezone(ZoneInfo(home)).utcoffset().total_seconds()) for s in starts]
    rows = [(s, None, o) for s, o in zip(starts, offsets, strict=True)]
    assert usual_zone(frame(*rows)) == like
    assert usual_zone(frame(*rows, (utc(2026, 6, 1), None, 32_400))) == like, "one trip changes nothing"


def test_nothing_known_gives_no_zone():
    assert usual_zone(frame((utc(2026, 1, 1), None, None))) is None
    assert usual_zone(frame()) is None


def test_the_machines_zone_is_read_from_tz(monkeypatch):
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert machine_zone() == "Asia/Tokyo"


def test_the_machines_zone_is_read_from_the_link(monkeypatch, tmp_path):
    target = tmp_path / "zoneinfo" / "Europe" / "Oslo"
    target.parent.mkdir(parents=True)
    target.touch()
    link = tmp_path / "localtime"
    link.symlink_to(target)
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(connectors_local_date, "LINKS", (str(link),))
    monkeypatch.setattr(connectors_local_date, "ZONE_FILE", tmp_path / "none")
    assert machine_zone() == "Europe/Oslo"


def test_without_any_name_the_machines_own_clock_decides(monkeypatch, tmp_path):
    monkeypatch.setenv("TZ", "")
    monkeypatch.setattr(connectors_local_date, "LINKS", ())
    monkeypatch.setattr(connectors_local_date, "ZONE_FILE", tmp_path / "none")
    zone = machine_zone()
    now = datetime.now().astimezone()
    assert now.astimezone(ZoneInfo(zone)).utcoffset() == (now.utcoffset() or timedelta())
