"""The symptom diary as people write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ContractError, SourceError
from connectors.frames import SIDES, SITES, STIFFNESS_BOUNDS_MIN, SYMPTOM, checked
from connectors.ingest.diary_columns import read_header
from connectors.ingest.diary_csv import parse_diary, write_diary
from connectors.manual_rows import BAND_MIDDLES_MIN, symptom_rows

NOW = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
HEADER = "date,side,site,morning_stiffness_min,morning_pain,pain_during,pain_after,note"
FULL = HEADER + "\n2026-03-01,left,midportion,10,3,2,4,after hills\n"


def read(text: str | bytes):
    return parse_diary(text.encode() if isinstance(text, str) else text, 7, NOW)


def test_a_full_row():
    diary = read(FULL)
    assert (diary.skipped, diary.warnings) == ([], [])
    assert diary.symptoms.row(0, named=True) == {
        "athlete_id": 7,
        "source": "manual",
        "source_id": "2026-03-01:left",
        "fetched_utc": NOW,
        "date": date(2026, 3, 1),
        "side": "left",
        "site": "midportion",
        "morning_stiffness_0_10": None,
        "morning_stiffness_min": 10.0,
        "morning_stiffness_band": None,
        "morning_pain_0_10": 3.0,
        "pain_start_0_10": None,
        "warmed_up": None,
        "pain_during_0_10": 2.0,
        "pain_after_0_10": 4.0,
        "is_same_as_before": None,
        "note": "after hills",
    }


def test_empty_is_unknown_and_zero_is_none():
    row = read("date,morning_pain,pain_after\n2026-03-01,0,\n").symptoms.row(0, named=True)
    assert row["morning_pain_0_10"] == 0
    assert row["pain_after_0_10"] is None
    assert row["source_id"] == "2026-03-01:unknown"


@pytest.mark.parametrize(
    "text",
    [
        "note,PAIN_AFTER , Date\nok,2.5,2026-03-01\n",
        " date ; note;Pain After\n2026-03-01;ok;2,5\n",
        "\ufeffdate,note,pain_after\r\n2026-03-01,ok,2.5\r\n",
        '"date","pain-after","note"\n"2026-03-01","2,5","ok"\n',
        "date\tpain_after\tnote\n2026-03-01\t2,5\tok\n",
        "\n\ndate,pain_after,note\n\n2026-03-01,2.5,ok\n,,\n",
    ],
)
def test_order_case_signs_and_blanks_do_not_matter(text):
    diary = read(text)
    assert diary.symptoms.select("date", "pain_after_0_10", "note").rows() == [(date(2026, 3, 1), 2.5, "ok")]
    assert diary.skipped == []


def test_windows_1252_and_notes_over_lines():
    text = 'date;note;morning_pain\n2026-03-01;"Steife Ferse\nfrüh, ""sehr""";3\n2026-03-02;café;1\n'
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        notes = read(text.encode(encoding)).symptoms["note"].to_list()
        assert notes == ['Steife Ferse\nfrüh, "sehr"', "café"]


def test_our_own_column_of_stiffness():
    assert read("date,morning_stiffness\n2026-03-01,4\n").symptoms["morning_stiffness_0_10"].to_list() == [
        4.0
    ]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("yesterday,,,,3,,,", "year-month-day"),
        ("2026-02-30,,,,3,,,", "calendar"),
        ("2206-03-01,,,,3,,,", "after the day of this import"),
        ("1906-03-01,,,,3,,,", "too far back"),
        (",left,,,3,,,", "no date"),
        ("2026-03-01,,,,11,,,", "0 to 10"),
        ("2026-03-01,,,,-1,,,", "0 to 10"),
        ("2026-03-01,,,1441,,,,", "0 to 1440"),
        ("2026-03-01,,,,nan,,,", "nothing else"),
        ("2026-03-01,,,,3/5,,,", "scale of 5"),
        ("2026-03-01,middle,,,,,,", "left, right, both"),
        ("2026-03-01,,calf,,,,,", "midportion"),
        ("2026-03-01,,,,,,,", "nothing else"),
        ("2026-03-01,left,,,3,,,sore, then fine", "more cells"),
    ],
)
def test_a_bad_row_is_told_and_costs_no_other(row, word):
    diary = read(f"{FULL}{row}\n2026-03-03,right,,,1,,,\n")
    assert diary.symptoms["source_id"].to_list() == ["2026-03-01:left", "2026-03-03:right"]
    assert [skipped.path for skipped in diary.skipped] == ["row 3"]
    assert word in diary.skipped[0].reason


def test_a_short_row_is_unknown_where_it_ends():
    assert read(f"{HEADER}\n2026-03-01,Left,,,3\n").symptoms["morning_pain_0_10"].to_list() == [3.0]


def test_the_last_of_a_pair_wins_with_a_remark():
    diary = read(f"{FULL}2026-03-01,left,,,9,,,later\n2026-03-01,right,,,1,,,\n")
    assert diary.symptoms.select("side", "morning_pain_0_10", "note").rows() == [
        ("left", 9.0, "later"),
        ("right", 1.0, None),
    ]
    assert len(diary.warnings) == 1
    assert "row 3 was kept" in diary.warnings[0]


def test_a_bad_second_row_does_not_cost_the_first():
    assert read(f"{FULL}2026-03-01,left,,,99,,,\n").symptoms["morning_pain_0_10"].to_list() == [3.0]


def test_unknown_columns_are_named():
    diary = read("date,weight,morning_pain,mood\n2026-03-01,70,2,fine\n")
    assert diary.symptoms.height == 1
    assert "weight, mood" in diary.warnings[0]


def test_rows_after_a_note_over_lines_keep_a_spreadsheets_number():
    diary = read('date,note\n2026-03-01,"one\ntwo"\nx,y\n')
    assert diary.skipped[0].path == "row 3"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"day,pain\n2026-03-01,2\n", "when the pain was felt"),
        (b"\x00\x01\x02", "not a text table"),
    ],
)
def test_what_is_no_diary_is_refused_in_words(data, word):
    with pytest.raises(SourceError, match=word):
        read(data)


def test_only_a_diary_looks_like_one():
    assert all(read_header(line.split(",")).is_diary() for line in (HEADER, "date"))
    for line in ("Activity ID,Activity Date,Activity Name", "date,weight"):
        assert not read_header(line.split(",")).is_diary()


@given(st.binary(max_size=300))
def test_no_bytes_bring_a_traceback(data):
    try:
        diary = read(data)
    except SourceError:
        return
    assert checked(diary.symptoms, SYMPTOM).equals(diary.symptoms)


@given(st.text(max_size=200))
def test_no_rows_bring_a_traceback(text):
    try:
        diary = read("date,side,morning_pain,note\n" + text)
    except SourceError:
        return
    assert checked(diary.symptoms, SYMPTOM).height + len(diary.skipped) >= diary.symptoms.height


def test_one_way_to_build_a_row():
    entries = [{"date": date(2026, 3, 1), "side": "left", "morning_pain_0_10": 3}, {"date": date(2026, 3, 2)}]
    built = symptom_rows(entries, 7, NOW)
    assert built["source_id"].to_list() == ["2026-03-01:left", "2026-03-02:unknown"]
    assert built.schema == SYMPTOM.schema
    assert symptom_rows([], 7, NOW).schema == SYMPTOM.schema
    assert (
        symptom_rows(entries[:1], 7, NOW)
        .drop("fetched_utc")
        .equals(read("date,side,morning_pain\n2026-03-01,left,3\n").symptoms.drop("fetched_utc"))
    )


@pytest.mark.parametrize(
    "wrong", [{"morning_pain_0_10": 11.0}, {"side": "middle"}, {"paint": 3.0}, {"morning_pain_0_10": "much"}]
)
def test_a_wrong_entry_is_refused(wrong):
    with pytest.raises(ContractError):
        symptom_rows([{"date": date(2026, 3, 1), **wrong}], 7, NOW)


NEW = "date,stiffness_band,pain_start,warmed_up,same_as_before\n"


@pytest.mark.parametrize("text", ["5-15", "5 to 15", " 5 – 15 min", "5to15"])
def test_a_band_is_read_however_it_is_written_and_stands_for_its_middle(text):
    row = read(f"{NEW}2026-03-01,{text},4,yes,no\n").symptoms.row(0, named=True)
    assert (row["morning_stiffness_band"], row["morning_stiffness_min"]) == ("5-15", 10.0)
    assert (row["pain_start_0_10"], row["warmed_up"], row["is_same_as_before"]) == (4.0, True, False)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("2026-03-01,5-20,,,", "none of 0, <5, 5 to 15, 15 to 30, >30"),
        ("2026-03-01,,,perhaps,", "neither yes nor no"),
        ("2026-03-01,,11,,", "outside 0 to 10"),
    ],
)
def test_a_bad_new_cell_is_told(row, word):
    diary = read(f"{NEW}{row}\n2026-03-02,0,,,\n")
    assert diary.symptoms["date"].to_list() == [date(2026, 3, 2)]
    assert word in diary.skipped[0].reason


def test_minutes_outside_their_band_are_told():
    diary = read("date,stiffness_band,morning_stiffness_min\n2026-03-01,5-15,40\n2026-03-02,5-15,12\n")
    assert "outside its stiffness_band" in diary.skipped[0].reason
    assert diary.symptoms["morning_stiffness_min"].to_list() == [12.0]


def test_every_band_holds_its_own_middle():
    assert list(BAND_MIDDLES_MIN) == list(STIFFNESS_BOUNDS_MIN)
    for band, (low, high) in STIFFNESS_BOUNDS_MIN.items():
        assert low <= BAND_MIDDLES_MIN[band] <= high


scores = st.none() | st.floats(0, 10) | st.integers(0, 10).map(float)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip)
entry = st.fixed_dictionaries(
    {
        "date": st.dates(date(2000, 1, 1), NOW.date()),
        "side": st.none() | st.sampled_from(SIDES),
        "site": st.none() | st.sampled_from(SITES),
        "morning_stiffness_0_10": scores,
        "morning_stiffness_band": st.none() | st.sampled_from(list(STIFFNESS_BOUNDS_MIN)),
        "morning_pain_0_10": scores,
        "pain_start_0_10": scores,
        "warmed_up": st.none() | st.booleans(),
        "pain_during_0_10": scores,
        "pain_after_0_10": scores,
        "is_same_as_before": st.none() | st.booleans(),
        "note": st.none() | words.filter(bool),
    }
)


@given(st.lists(entry, max_size=6, unique_by=lambda one: (one["date"], one["side"])), st.data())
def test_what_is_written_is_read_back(said, data):
    for one in said:
        low, high = STIFFNESS_BOUNDS_MIN.get(one["morning_stiffness_band"], (0, 1440))
        one["morning_stiffness_min"] = data.draw(st.none() | st.floats(low, high))
    told = [one for one in said if any(v is not None for k, v in one.items() if k != "date")]
    rows = symptom_rows(said, 7, NOW)
    diary = read(write_diary(rows))
    assert (diary.skipped, diary.warnings) == ([], [])
    assert diary.symptoms.height == len(told)
    expected = symptom_rows(told, 7, NOW).sort("date", "side", nulls_last=True)
    assert diary.symptoms.sort("date", "side", nulls_last=True).equals(expected)


def test_a_spreadsheet_makes_no_date_of_a_band_and_no_middle_is_handed_on():
    rows = symptom_rows([{"date": date(2026, 3, 1), "morning_stiffness_band": "5-15"}], 7, NOW)
    written = write_diary(rows).decode("utf-8-sig")
    assert "5 to 15" in written
    assert "10" not in written


def test_two_sources_of_one_day_are_written_once_with_the_later_word():
    rows = symptom_rows([{"date": date(2026, 3, 1), "side": "left", "morning_pain_0_10": 1.0}], 7, NOW)
    later = rows.with_columns(
        source=pl.lit("demo"), fetched_utc=pl.lit(NOW + timedelta(hours=1)), morning_pain_0_10=pl.lit(2.0)
    )
    diary = read(write_diary(pl.concat([later, rows], how="vertical_relaxed")))
    assert diary.symptoms["morning_pain_0_10"].to_list() == [2.0]
