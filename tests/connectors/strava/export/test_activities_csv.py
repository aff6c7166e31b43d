"""activities.csv in many languages, eras and states of repair."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from export_writer import ERAS, LANGUAGES, LONG_ERAS, MARKUP, Session, activities_csv, headings
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceError, UnknownFile, UnreadableFile
from connectors.strava.export.activities_csv import is_activities_csv, parse_activities
from connectors.strava.export.layout import find_layout

START = datetime(2024, 6, 4, 18, 5, 11, tzinfo=UTC)
RUN = Session(
    9_007_199_254_740_993,
    START,
    name="Lunch\nRun &amp; coffee",
    description='He said "go",\nand so\n\nwe went',
    distance_m=12_345.6,
    exertion=6,
    gear_name="Old faithful",
    gear_id=20_828_548,
    file_name="activities/77.fit.gz",
)
SWIM = Session(5, START - timedelta(days=400), sport="Swim", distance_m=1_073.0, moving_s=1_500.0)

TEXTS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=40)
"""A carriage return alone is left out: the writer of the tests, unlike Strava's, does not quote it."""


def table(*sessions: Session, language: str = "en", era: str = "2026"):
    return parse_activities(activities_csv(sessions, language, era).encode())


@pytest.mark.parametrize("era", sorted(LONG_ERAS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_and_era_gives_the_same_row(language, era):
    row = table(RUN, SWIM, language=language, era=era).rows.row(0, named=True)
    assert row["source_id"] == "9007199254740993"
    assert row["start_utc"] == START
    assert row["name"] == "Lunch Run & coffee"
    assert row["elapsed_s"] == 3_600
    assert row["moving_s"] == 3_500
    assert row["distance_m"] == 12_345.6
    assert row["max_speed_mps"] == 4.5
    assert (row["ascent_device_m"], row["descent_device_m"]) == (50, 48)
    assert row["cadence_one_leg"] == 85
    assert (row["heart_rate_bpm"], row["max_heart_rate_bpm"]) == (150, 180)
    assert row["perceived_exertion_0_10"] == 6
    assert (row["gear_name"], row["gear_id"], row["bike_id"]) == ("Old faithful", 20_828_548, None)
    assert row["file_name"] == "activities/77.fit.gz"


@pytest.mark.parametrize("era", ["2018", "2019"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_early_tables_of_ten_columns(language, era):
    parsed = table(RUN, SWIM, language=language, era=era)
    rounded = 12_345.6 if era == "2018" else 12_350
    assert parsed.rows["distance_m"].to_list() == [rounded, 1_073]
    assert parsed.rows["elapsed_s"].to_list() == [3_600, 3_600]
    assert parsed.rows["moving_s"].to_list() == [None, None]
    assert parsed.rows["start_utc"].to_list() == [START, SWIM.start]
    assert parsed.rows["gear_name"].to_list() == ["Old faithful", None]
    assert parsed.rows["file_name"].to_list() == ["activities/77.fit.gz", None]
    assert any("kilometres" in note.reason for note in parsed.notes) == (era == "2019")


@pytest.mark.parametrize(("shown", "metres"), [("0", 0), ("1.234,56", 1_234_560), ("9,7", 9_700), ("", None)])
def test_displayed_distance_in_any_separators(shown, metres):
    text = activities_csv([replace(RUN, distance_m=1_000)], "de", "2019").replace('"1,00"', f'"{shown}"')
    assert parse_activities(text.encode()).rows["distance_m"].to_list() == [metres]


@pytest.mark.parametrize(
    "cell", ["#error#", "", "activities/", "media/1.jpg", "../activities/1.fit", "1.fit"]
)
def test_what_names_no_recording_is_no_file(cell):
    rows = table(replace(RUN, file_name=cell), replace(RUN, id=2)).rows
    assert rows["file_name"].to_list() == [None, "activities/77.fit.gz"]


def test_a_history_entered_by_hand_alone_is_read():
    rows = table(replace(RUN, file_name="")).rows
    assert rows["file_name"].to_list() == [None]
    assert rows["gear_name"].to_list() == ["Old faithful"]


def test_broken_rows_are_skipped_with_their_number_and_the_rest_kept():
    lines = list(csv.reader(io.StringIO(activities_csv([replace(RUN, id=i) for i in range(1, 8)]))))
    lines[1] = lines[1][:12]
    lines[2][0] = "1.08E+10"
    lines[3][1] = "some day"
    lines[4].append("one cell too many")
    lines[5] = []
    lines[6] = lines[6][:40]
    parsed = parse_activities(text_of(lines))
    assert parsed.rows["source_id"].to_list() == ["6", "7"]
    assert [s.path for s in parsed.skipped] == [f"activities.csv row {n}" for n in (2, 3, 4, 5)]
    words = ["12 cells", "has rounded the number", "date", "more cells"]
    assert all(word in s.reason for word, s in zip(words, parsed.skipped, strict=True))
    assert "Lunch" not in str(parsed.skipped)


def test_of_one_id_twice_the_last_row_stands():
    parsed = table(RUN, SWIM, replace(RUN, name="Renamed"))
    assert sorted(parsed.rows["name"].to_list()) == ["Morning Run", "Renamed"]
    assert [n.path for n in parsed.notes] == ["activities.csv row 4"]


def test_unknown_is_null_and_never_zero():
    nothing = Session(
        1,
        START,
        elapsed_s=None,
        moving_s=None,
        distance_m=None,
        max_speed_mps=None,
        ascent_m=None,
        descent_m=None,
        cadence_one_leg=None,
        max_heart_rate=None,
        heart_rate=None,
    )
    row = table(RUN, nothing).rows.row(1, named=True)
    known = {"source_id", "start_utc", "name", "sport_text"}
    assert {name for name, value in row.items() if value is not None} == known


def test_zero_heart_rate_and_cadence_are_unknown_and_zero_distance_is_known():
    row = table(replace(RUN, heart_rate=0, max_heart_rate=0, cadence_one_leg=0, distance_m=0)).rows.row(
        0, named=True
    )
    assert (row["heart_rate_bpm"], row["max_heart_rate_bpm"], row["cadence_one_leg"]) == (None, None, None)
    assert row["distance_m"] == 0


def test_highest_heart_rate_of_the_first_block_fills_in():
    lines = list(csv.reader(io.StringIO(activities_csv([RUN], "de", "2023"))))
    lines[1][30] = ""
    assert parse_activities(text_of(lines)).rows["max_heart_rate_bpm"].to_list() == [180]


def test_raw_markup_as_headings_does_not_matter():
    lines = list(csv.reader(io.StringIO(activities_csv([RUN]))))
    lines[0][5] = MARKUP.format("elapsed_time", "Elapsed Time")
    lines[0][15] = "translation missing: en-US.lib.export.portability_exporter.activities.elapsed_time"
    assert parse_activities(text_of(lines)).rows["distance_m"].to_list() == [12_345.6]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_anchor_is_found_without_any_heading(language):
    lines = list(
        csv.reader(
            io.StringIO(
                activities_csv([replace(RUN, elapsed_s=3_600.0 + i, id=i + 1) for i in range(9)], language)
            )
        )
    )
    lines[0] = [f"column {n}" for n in range(len(lines[0]))]
    rows = parse_activities(text_of(lines)).rows
    assert rows["distance_m"].to_list() == [12_345.6] * 9
    assert rows["file_name"].to_list() == ["activities/77.fit.gz"] * 9


def test_a_misleading_heading_is_outvoted_by_the_numbers():
    lines = list(csv.reader(io.StringIO(activities_csv([RUN, SWIM]))))
    for line, cell in zip(lines, ("Elapsed Time", "3", "4"), strict=True):
        line[8] = cell
    assert parse_activities(text_of(lines)).rows["distance_m"].to_list() == [12_345.6, 1_073]


@pytest.mark.parametrize("era", ERAS)
def test_a_header_alone_is_an_empty_table(era):
    parsed = table(era=era)
    assert parsed.rows.is_empty()
    assert parsed.skipped == []


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (lambda t: t, "utf-8-sig"),
        (lambda t: t, "utf-16"),
        (lambda t: t, "cp1252"),
        (lambda t: t.replace("\n", "\r\n"), "utf-8"),
    ],
)
def test_a_table_saved_again_by_a_spreadsheet(change, encoding):
    text = change(activities_csv([replace(RUN, name="Café run")], "fr"))
    assert parse_activities(text.encode(encoding)).rows["name"].to_list() == ["Café run"]


def test_a_table_saved_with_semicolons_and_decimal_commas():
    lines = list(csv.reader(io.StringIO(activities_csv([RUN]))))
    lines[1][15:] = [cell.replace(".", ",") for cell in lines[1][15:]]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    assert parse_activities(out.getvalue().encode()).rows["distance_m"].to_list() == [12_345.6]


def test_a_table_cut_off_in_the_middle_keeps_its_whole_rows():
    data = activities_csv([replace(RUN, id=i) for i in range(1, 6)]).encode()
    parsed = parse_activities(data[: data.rindex(b"He said") + 4])
    assert parsed.rows["source_id"].to_list() == ["1", "2", "3", "4"]
    assert len(parsed.skipped) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"date,side,site,morning_pain\n2024-01-01,left,insertion,3\n",
        b"Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,TE\nRunning,2024,x,y,1,2,3,4,5,6\n",
        b"a,b,c\n1,2,3\n",
    ],
)
def test_a_foreign_table_is_refused_in_words(data):
    assert not is_activities_csv(data)
    with pytest.raises(UnknownFile, match="not those of an activities"):
        parse_activities(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02\x03" * 50, b"<html>Log in</html>"])
def test_an_empty_or_binary_table_is_refused_in_words(data):
    assert not is_activities_csv(data)
    with pytest.raises(UnreadableFile):
        parse_activities(data)


def test_telling_an_export_needs_only_its_beginning():
    data = activities_csv([replace(RUN, id=i) for i in range(1, 2_000)]).encode()
    assert len(data) > 1 << 18
    assert is_activities_csv(data)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_sentence(data):
    whole = activities_csv([RUN, SWIM]).encode()
    for text in (data, whole[:2_000] + data + whole[2_000:], whole + data):
        try:
            parsed = parse_activities(text)
        except SourceError:
            continue
        assert parsed.rows["source_id"].n_unique() == parsed.rows.height
        assert parsed.rows["start_utc"].null_count() == 0


@given(
    st.lists(
        st.builds(
            Session,
            id=st.integers(1, 2**63 - 1),
            start=st.datetimes(datetime(2006, 1, 1), datetime(2030, 1, 1)).map(
                lambda d: d.replace(microsecond=0, tzinfo=UTC)
            ),
            name=TEXTS,
            description=TEXTS,
            distance_m=st.none() | st.floats(0, 500_000),
            elapsed_s=st.none() | st.integers(1, 800_000).map(float),
        ),
        max_size=8,
        unique_by=lambda s: s.id,
    ),
    st.sampled_from(LANGUAGES),
    st.sampled_from(sorted(LONG_ERAS)),
)
def test_what_was_written_is_read(sessions, language, era):
    rows = table(*sessions, language=language, era=era).rows
    assert rows["source_id"].to_list() == [str(s.id) for s in sessions]
    assert rows["start_utc"].to_list() == [s.start for s in sessions]
    assert rows["distance_m"].to_list() == [s.distance_m for s in sessions]
    assert rows["elapsed_s"].to_list() == [s.elapsed_s for s in sessions]


@pytest.mark.real_data
def test_real_headings_of_every_era_are_placed(real_data):
    headers = json.loads((real_data / "strava_export/_headers/header_versions.json").read_text("utf-8"))
    columns = headers["columns"]
    rows = [headers[k] for k in ("nl_2020", "en_2020_78", "en_103_2026")]
    rows += [[c[k] or "" for c in columns] for k in ("en", "nl_2026", "de_92", "fr")]
    for header in rows:
        layout = find_layout(header, [])
        assert layout.at["elapsed_s"] == (13 if len(header) < 80 else 15)
        assert layout.at["gear_name"] == layout.at["elapsed_s"] - 4
        expected = {72: 52}.get(len(header), 54)
        assert layout.at["gear_id"] - layout.at["elapsed_s"] == expected
    for name, unit in (("pre_july_2019", "m"), ("july_2019", "km")):
        text = ",".join(headers[f"{name}_en"]) + "\n" + headers[f"{name}_row"] + "\n"
        assert find_layout(headers[f"{name}_en"], []).shown_distance == unit
        assert parse_activities(text.encode()).rows["start_utc"].item() == datetime(
            2018, 9, 12, 15, 2, 23, tzinfo=UTC
        )


def text_of(lines: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def test_headings_have_the_widths_of_their_eras():
    assert all(
        len(headings(language, era)) == width for era, width in LONG_ERAS.items() for language in LANGUAGES
    )
