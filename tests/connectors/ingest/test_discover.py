"""Every sentence with which the import side leaves something out, provoked by what it is said of."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import python_calamine
from export_writer import Session, write_export
from refusal_texts import templates
from takeout_writer import START, fit_of_kind, zip_bytes
from workbook_writer import write_xlsx

from connectors import archive, tables
from connectors.archive import open_archive
from connectors.errors import SourceError
from connectors.formats.lifting_tables import parse_lifting
from connectors.ingest.pipeline import import_paths
from connectors.ingest.taking_back import take_back_import
from connectors.store import open_store
from connectors.tables import read_table

CONNECTOR_TESTS = Path(__file__).parents[1]
GPX = b'<?xml version="1.0"?><gpx version="1.1"><trk/></gpx>'
HEADER = "Activity ID,Activity Date,Activity Name,Activity Type,Distance,Filename\n"
STRONG = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes\n"

TABLES = {
    # diary
    "cells.csv": "date,side,morning_pain,pain_after,stiffness_band,warmed_up,morning_stiffness_min\n"
    "2026-05-01,left,30%,1,,,\n2026-05-02,left,11,1,,,\n2026-05-03,left,mild,1,,,\n2026-05-04,left,3/4,1,,,\n"
    "2026-05-05,nowhere,3,,,,\n2026-05-06,left,,1,,perhaps,\n2026-05-07,left,,1,often,,\n2026-05-08,left,,,,,\n"
    "2026-05-09,left,,1,,,-5\n31/31/2026,left,1,,,,\nsoon,left,1,,,,\n,left,1,,,,\n2035-05-10,left,1,,,,\n"
    "1926-05-10,left,1,,,,\n2026-05-11,left,1,,0-10,,45\n2026-05-12,left,1,,,,,more\n2026-05-13,,,,,,\n"
    "2026-05-14,left,2026-10-03,1,,,\n",
    "beside.csv": "date,exercise,sets,repetitions,event,end_date,measure,value,surprise,,morning_pain,morning_pain\n"
    "2026-05-01,,3,10,,,,,,,,\n2026-05-02,Single-leg heel raise,,1.5,,,,,,,,\n2026-05-03,,,,race,2026-05-01,,,,,,\n"
    "2026-05-04,,,,,,visa_a,,,,,\n2026-05-05,,,,,,,,,x,none,\n2026-05-05,,,,,,,,,,2,\n",
    "sign.csv": "date,side,measure,value\n2026-05-04,left,arc_sign,0.5\n",
    "no_rows.csv": "date,side,morning_pain\n",
    "serials.csv": "date,morning_pain\n46146,3\n",
    "from_one.csv": "date,morning_pain (1-10)\n2026-05-04,3\n",
    "scale.csv": "date,pain (0-5)\n2026-05-04,3\n",
    "open.csv": "date,morning_pain\n04/05/2026,3\n",
    "no_dates.csv": "side,morning_pain\nleft,3\n",
    "no_dates_scale.csv": "side,pain (0-5)\nleft,3\n",
    "headless.csv": "2026-05-04,left,3\n2026-05-05,left,2\n",
    "letter.txt": "Dear diary\nmy heel was sore\n",
    "expenses.csv": "date,amount\n2026-05-04,3\n",
    "log.csv": "date,distance,time\n2026-05-04,3,20:00\n",
    "wide.csv": 'date,morning_pain\n2026-05-04,3\n2026-05-05,"' + "x" * 5_000_000 + '"\n',
    "refused.csv": "date,morning_pain,pain\n2026-05-04,3,2\n",
    "outside.csv": "date,morning_pain,morning_stiffness_min,stiffness_band\n2026-05-04,1,45,1-10\n"
    "2026-05-04,1,45,5-15\n",
    # lists of services
    "garmin.csv": "Activity Type,Date,Favorite,Title\nx,y,z,a\n",
    "laps.csv": "Laps,Time,Distance,Avg Pace\n1,2,3,4\n",
    "runkeeper.csv": "Date,Type,Route Name,GPX File\n1,2,3,4\n",
    "weights.csv": "Date,Type,Value\n1,2,3\n",
    "strava_part.csv": "Activity Date,Activity Type\n1,2\n",
    "runalyze.csv": "time,sportid,distance\n1,2,3\n",
    "intervals.csv": "id,start_date_local,type\n1,2,3\n",
    "tp.csv": "Title,WorkoutType,WorkoutDay\n1,2,3\n",
    "polar.csv": "Sample rate,Time,HR (bpm)\n1,2,3\n",
    "mmr.csv": "Date Submitted,Workout Date,Activity Type\n1,2,3\n",
    "nike.csv": "Sport Type,Start Time,Distance\n1,2,3\n",
    "daylio.csv": "full_date,mood\n1,2\n",
    "fitbit.csv": "Date,Calories Burned,Steps\n1,2,3\n",
    "whoop.csv": "Cycle start time,Recovery score %\n1,2\n",
    "shoes_list.csv": "Shoe Name,Shoe Brand\n1,2\n",
    # lifting logs
    "strong_none.csv": STRONG,
    "strong.csv": STRONG
    + "2026-05-04 18:00:00,Legs,1h,Calf Raise,1,40,12,0,0,\n2026-05-04 18:00:00,Legs,1h,,1,40,12,0,0,\n"
    "2035-05-04 18:00:00,Legs,1h,Calf Raise,1,40,12,0,0,\n1985-05-04 18:00:00,Legs,1h,Calf Raise,1,40,12,0,0,\n"
    "soon,Legs,1h,Calf Raise,1,40,12,0,0,\n,Legs,1h,Calf Raise,1,40,12,0,0,\n"
    "2026-05-04 18:00:00,Legs,1h,Rowing,1,0,0,2000,0,\n2026-05-04 18:00:00,Legs,1h,Calf Raise,2,40,0,0,0,\n",
}
BINARY = {
    "page.gpx": b"<!DOCTYPE html><html>Log in</html>",
    "a.xml": b"<recipe/>",
    "b.xml": b"<",
    "c.json": b'{"a": 1}',
    "d.json": b'{"message": "no"}',
    "e.pdf": b"%PDF-1.7",
    "f.png": b"\x89PNG\r\n\x1a\n",
    "g.jpg": b"\xff\xd8\xff\xe0 JFIF",
    "h.gif": b"GIF89a",
    "i.db": b"SQLite format 3\0",
    "j.rtf": b"{\\rtf1",
    "k.7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "l.rar": b"Rar!\x1a\7",
    "n.bin": b"bplist00\0\1\2\3",
    "o.xml": b"<HealthData/>",
    "p.xml": b"<ClinicalDocument/>",
    "q.xml": b"<sml/>",
    "r.xml": b"<pwx/>",
    "s.xml": b"<FitnessWorkbook/>",
    "t.xml": b"<polar-exercise-data/>",
    "u.xml": b"<Workbook/>",
    "v.xml": b"<svg/>",
    "w.xml": b"<kml/>",
    "x.hrm": b"[Params]\n",
    "y.numbers": b"PK\3\4 Index/",
    "z.pages": b"PK\3\4",
    "a.docx": b"PK\3\4",
    "b.odt": b"PK\3\4",
    "c.icloud": b"bplist00\0\1\2\3",
    "d.crdownload": b"\1\2\3\0\4",
    "e.ics": b"BEGIN:VCALENDAR\n",
    "f.url": b"[InternetShortcut]\nURL=x\n",
    "g.lnk": b"L\0\0\0\1\2",
    "h.gpx": b"version https://git-lfs.github.com\n",
    "i.json": b'{"timelineObjects": []}',
    "j.json": b'{"dataPoints": []}',
    "k.json": b'{"features": []}',
    "l.json": b'{"summarizedActivitiesExport": []}',
    "m.heic": b"\0\0\0\x18ftypheic",
    "n.dat": bytes(range(256)),
    "o.csv": b" \n",
    "p.fit": b"",
    "q.gpx.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\3garbage",
    "r.gpx.gz": gzip.compress(GPX * 9)[:40],
    "s.gpx": b"\0\1\2\3",
    "training-session-2026-05-04.json": b'{"exercises": []}',
    "training-session-2026-05-05.json": b'{"exercises": [',
    "suunto.json": b'{"DeviceLog": {"Samples": []}}',
    "u.gz": gzip.compress(gzip.compress(b"x")),
    "v.xlsx": b"PK\3\4 cut off",
    "w.zip": b"PK\3\4 cut off",
    "x.csv": b"\0\1\2\3" * 50,
    "y.xlsx": write_xlsx({"Diary": []}),
    "z.xlsx": write_xlsx(
        {"Diary": [["date", "morning_pain"], ["2026-05-04", 3]], "Other": [["a", "b"], ["x", "y"]]}
    ),
    "hollow.xlsx": zip_bytes({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
    "stray.xlsx": write_xlsx({"Diary": [["date", "morning_pain"]]}, stray="XFD1048576"),
}


def bare_zip(entries: list[tuple[str, bytes]]) -> bytes:
    """A ZIP that may name a member twice, or by what no ordinary name is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return out.getvalue()


def locked_zip() -> bytes:
    data = bytearray(bare_zip([("a.gpx", GPX), ("b.gpx", GPX)]))
    at = data.index(b"PK\1\2")
    struct.pack_into("<H", data, at + 8, 1)
    return bytes(data)


def broken_member() -> bytes:
    data = bytearray(zip_bytes({"a.gpx": GPX * 20, "b.gpx": GPX}))
    data[45:60] = b"\xff" * 15
    return bytes(data)


GOOD = '{0},"May 4, 2026, 4:00:00 PM",Run,Run,5.00,{1}\n'
ROWS = (
    GOOD.format(16_000_000_001, "")
    + GOOD.format(16_000_000_001, "")
    + '1.60E+10,"May 4, 2026, 4:00:00 PM",Run,Run,5.00,\n'
    'x,"May 4, 2026, 4:00:00 PM",Run,Run,5.00,\n3,yesterday,Run,Run,5.00,\n4\n'
    '5,"May 4, 2026, 4:00:00 PM",Run,Run,5.00,,,,more\n'
)
LISTED = GOOD.format(1, "activities/a.gpx")
MANY = "".join(GOOD.format(n, f"activities/{n}.gpx") for n in range(20))
RUNKEEPER = (
    "Activity Id,Date,Type,Route Name,Distance (km),Duration,GPX File\n"
    "a,2026-05-04 10:00:00,Running,,3,20:00,\n"
)
ZIPS = {
    "twice.zip": bare_zip([("a.gpx", GPX), ("a.gpx", GPX)]),
    "outside.zip": bare_zip([("../a.gpx", GPX), ("b.gpx", GPX)]),
    "deep.zip": zip_bytes({"a.zip": zip_bytes({"b.zip": zip_bytes({"c.gpx": GPX})})}),
    "inner.zip": zip_bytes({"a.zip": b"PK\3\4 damaged", "b.gpx": GPX}),
    "locked.zip": locked_zip(),
    "broken.zip": broken_member(),
    "nothing.zip": zip_bytes({}),
    "other_columns.zip": zip_bytes({"activities.csv": b"one,two\n1,2\n"}),
    "lacking.zip": zip_bytes(
        {"activities.csv": HEADER.replace("Activity Date,", "").encode() + b"1,x,Run,5,\n"}
    ),
    "rows.zip": zip_bytes({"activities.csv": (HEADER + ROWS).encode()}),
    "header.zip": zip_bytes({"activities.csv": HEADER.encode()}),
    "many.zip": zip_bytes({"activities.csv": (HEADER + MANY).encode(), "activities/0.gpx": GPX}),
    "kind.zip": zip_bytes(
        {"activities.csv": (HEADER + GOOD.format(1, "activities/1.pwx")).encode(), "activities/1.pwx": b"x"}
    ),
    "none_beside.zip": zip_bytes({"activities.csv": (HEADER + LISTED).encode()}),
    "one_absent.zip": zip_bytes(
        {
            "activities.csv": (HEADER + LISTED + GOOD.format(2, "activities/b.gpx")).encode(),
            "activities/a.gpx": GPX,
        }
    ),
    "rk.zip": zip_bytes({"cardioActivities.csv": RUNKEEPER.encode(), "a.gpx": GPX}),
    "takeout.zip": zip_bytes(
        {"DI_CONNECT/a.fit": fit_of_kind(32), "DI_CONNECT/b_0_summarizedActivities.json": b"[{"}
    ),
}
# Texts that only a limit, a lock or a state of the record brings about: the test that does.
ELSEWHERE = {
    "It lists more members than any takeout "
    "has.": "ingest/test_takeouts.py::test_members_are_counted_over_all_inner_zips",
    "It unpacks to more than any takeout "
    "does.": "ingest/test_takeouts.py::test_what_inner_zips_unpack_to_is_counted_over_all",
    "members, more than any export has.": "ingest/test_discover.py::test_limits_are_told",
    "holds more files than any export has.": "ingest/test_discover.py::test_limits_are_told",
    "is larger than {} MB.": "ingest/test_discover.py::test_limits_are_told",
    "{} unpacks to more than {} MB.": "ingest/test_discover.py::test_limits_are_told",
    "times its size, which no recording does.": "test_archive.py::test_zip_bomb_is_stopped_early",
    "is cut off and could not be unpacked.": "test_archive.py::test_cut_off_gzip_is_refused_or_given_as_far_as_it_goes",
    "is a workbook closed with a password.": "ingest/test_discover.py::test_workbooks_that_cannot_be_opened_are_told",
    "is a workbook without a sheet.": "ingest/test_discover.py::test_workbooks_that_cannot_be_opened_are_told",
    "is damaged and could not be opened.": "ingest/test_discover.py::test_workbooks_that_cannot_be_opened_are_told",
    "is a workbook or an archive that is cut off": "test_tables.py::test_a_cut_off_workbook_is_said_to_be_one",
    "{} is empty. Nothing was taken from it.": "ingest/test_discover.py::"
    "test_readers_refuse_what_is_no_table_of_theirs",
    "is not a text table.": "ingest/test_discover.py::test_readers_refuse_what_is_no_table_of_theirs",
    "is empty or not a text table.": "strava/export/test_activities_csv.py::"
    "test_an_empty_or_binary_table_is_refused_in_words",
    "This is no log of Hevy": "ingest/test_discover.py::test_readers_refuse_what_is_no_table_of_theirs",
    "This JSON is no recording that is known": "formats/test_json_recordings.py::test_other_json_is_told",
    "This is a Heelwise backup: "
    "restore it": "backup/test_container.py::test_a_backup_handed_to_the_import_is_offered_for_restoring",
    "It was taken back with import": "ingest/test_discover.py::test_what_the_record_brings_about_is_told",
    "not in this one (deleted on Strava since": "ingest/test_discover.py::test_what_the_record_brings_about_is_told",
    "sessions overlap in time with sessions on "
    "record": "ingest/test_import_holds.py::test_recordings_that_overlap_the_record_are_held_from_three_on",
    "This export belongs to Strava "
    "account": "ingest/test_import_holds.py::test_a_second_account_is_held_with_nothing_in",
    "These exports belong to two Strava "
    "accounts": "ingest/test_import_holds.py::test_two_accounts_in_one_import_are_held",
    "This export lists none of the": "ingest/test_import_holds.py::"
    "test_an_export_without_a_number_that_lists_none_of_the_entries_is_held",
    "both a watch and an app logged sets.": "ingest/test_logged_sets.py::test_a_day_logged_by_watch_and_app_is_doubted",
    "Times without a zone were read as UTC.": "formats/test_json_recordings.py::test_a_start_without_offset_is_told",
    "This early form of the export": "strava/export/test_activities_csv.py::test_early_tables_of_ten_columns",
    "Its distances agree with its speeds as "
    "miles": "strava/export/test_activities_csv.py::test_displayed_distance_in_any_separators",
    "Its distances were taken as "
    "kilometres.": "strava/export/test_layout.py::test_what_a_person_keeps_of_an_english_table_is_read",
    "It has not the columns of an untouched "
    "export": "strava/export/test_layout.py::test_no_column_is_read_as_another",
    "Columns were taken out of this activities.csv, and its "
    "headings": "strava/export/test_layout.py::test_no_column_is_read_as_another",
    "The columns are not those of": "strava/export/test_activities_csv.py::test_a_foreign_table_is_refused_in_words",
    "Columns were taken out of this activities.csv: it "
    "has no": "strava/export/test_layout.py::test_without_its_ids_it_is_refused_with_the_reason",
    "Nothing tells whether its distances": "strava/export/test_layout.py::test_no_column_is_read_as_another",
}
UNREACHED = {
    "Restore it on the Settings page.": "a backup is told as one before its kind is asked for",
    "Give it the ending .csv if it is a diary": "every text is read as a table first",
    "Give it the ending .zip and import it again.": "a ZIP is opened under any name",
    "min of stiffness is not within": "a diary's minutes are held against its bands cell by cell, before",
    "Its {} {} is less than {}.": "every number of a diary has an upper limit today, and both are told",
}
"""Texts of a last resort that no file reaches, with the reason."""


def provoke(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Import files one by one, as a runner would, and give back all that was said."""
    sentences: list[str] = []
    (folder / "in").mkdir()
    with open_store(folder / "home") as store:
        store.add_runner("Robin")
        for name, data in files.items():
            path = folder / "in" / name
            path.write_bytes(data)
            result = import_paths(store, 1, [path])
            sentences += [one.reason for one in (*result.skipped, *result.notes)]
        (folder / "in" / "link.gpx").symlink_to(folder / "in" / "page.gpx")
        (folder / "empty").mkdir()
        for path in (folder / "in", folder / "nowhere", folder / "empty"):
            result = import_paths(store, 1, [path])
            sentences += [one.reason for one in (*result.skipped, *result.notes)]
    return sentences


def test_every_refusal_has_a_file_that_provokes_it(tmp_path):
    files = {name: text.encode() for name, text in TABLES.items()} | BINARY | ZIPS
    sentences = provoke(tmp_path, files)
    missing = [text for text, pattern in templates().items() if not any(map(pattern.search, sentences))]
    known = (*ELSEWHERE, *UNREACHED)
    assert [text for text in missing if not any(part in text for part in known)] == []
    assert [part for part in known if not any(part in text for text in templates())] == [], (
        "texts that are gone"
    )
    for place in ELSEWHERE.values():
        file, test = place.split("::")
        assert f"def {test}(" in (CONNECTOR_TESTS / file).read_text(encoding="utf-8"), place


def refusal(act, *given, **more) -> str:
    with pytest.raises(SourceError) as error:
        act(*given, **more)
    return str(error.value)


def test_limits_are_told(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    path.write_bytes(zip_bytes({"a.gpx": bytes(range(256)) * 8_192, "b.gpx": GPX}))
    assert "a.gpx is larger than 1 MB" in refusal(open_archive(path).read, "a.gpx", most=1 << 20)
    book = write_xlsx({"Diary": [["date", "morning_pain"]]})
    monkeypatch.setattr(tables, "RECORDING_BYTES", 10)
    assert "b.xlsx unpacks to more than 0 MB" in refusal(read_table, book, "b.xlsx")
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    assert "a.zip lists 2 members, more than any export has." in refusal(open_archive, path)
    (tmp_path / "folder").mkdir()
    for name in "ab":
        (tmp_path / "folder" / f"{name}.gpx").write_bytes(GPX)
    assert "folder holds more files than any export has." in refusal(open_archive, tmp_path / "folder")


def test_workbooks_that_cannot_be_opened_are_told(monkeypatch):
    book = write_xlsx({"Diary": [["date", "morning_pain"]]})

    def refuse(_stream):
        raise python_calamine.PasswordError("locked")

    with monkeypatch.context() as patched:
        patched.setattr(python_calamine.CalamineWorkbook, "from_filelike", refuse)
        assert "closed with a password" in refusal(read_table, book, "a.xlsx")
    with monkeypatch.context() as patched:
        patched.setattr(tables, "_sheets", lambda data, name: iter(()))
        assert "a workbook without a sheet" in refusal(read_table, book, "a.xlsx")
    at = book.index(b"xl/worksheets/sheet1.xml") + 30
    assert "damaged and could not be opened" in refusal(
        read_table, book[:at] + b"\xff" * 40 + book[at + 40 :], "a.xlsx"
    )


def test_readers_refuse_what_is_no_table_of_theirs():
    assert "is empty" in refusal(read_table, b" ", "a.csv")
    assert "is not a text table" in refusal(read_table, b"{}", "a.csv")
    assert "This is no log of Hevy" in refusal(parse_lifting, b"date,morning_pain\n", "a.csv", START.date())


def test_what_the_record_brings_about_is_told(tmp_path):
    first = [Session(n, START + timedelta(days=n)) for n in range(1, 6)]
    with open_store(tmp_path / "home") as store:
        store.add_runner("Robin")
        path = write_export(tmp_path / "export_1.zip", first)
        done = import_paths(store, 1, [path])
        later = import_paths(store, 1, [write_export(tmp_path / "b.zip", [first[0], *first[2:]])])
        assert "not in this one (deleted on Strava since" in later.notes[0].reason
        take_back_import(store, done.import_id)
        assert "It was taken back with import 1" in import_paths(store, 1, [path]).skipped[0].reason
