"""Files under any name: read where they are a table or a recording, else told what they are."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from workbook_writer import write_xlsx

from connectors.ingest.discover import discover

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
GPX = b'<?xml version="1.0"?><gpx version="1.1"><trk/></gpx>'
TCX = b"<TrainingCenterDatabase/>"
FIT = b"\x0e\x10\x43\x08\x00\x00\x00\x00.FIT\x00\x00"
DIARY = b"date\tside\tmorning_pain\n2026-05-04\tleft\t3\n"


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def look(folder, name: str, data: bytes):
    (folder / name).write_bytes(data)
    return discover([folder / name], 1, NOW)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *(
            ("run.gpx", FIT),
            ("run.fit", GPX),
            ("run.gpx", TCX),
            ("run", FIT),
            ("run.txt", GPX),
            ("run.xml", TCX),
        ),
        *(("run.gpx", gzip.compress(GPX)), ("run.fit", packed({"1_ACTIVITY.fit": FIT}))),
        *(("run.fit.zip", packed({"1.fit": FIT})), ("run.csv", packed({"1.fit": FIT}))),
    ],
)
def test_a_recording_under_another_name_is_one(tmp_path, name, data):
    found = look(tmp_path, name, data)
    assert (len(found.tasks), found.skipped) == (1, [])


@pytest.mark.parametrize(
    "name", ["diary.tsv", "diary.txt", "diary.tab", "diary.gpx", "diary", "diary.csv", "diary.xlsx"]
)
def test_a_diary_under_another_name_is_one(tmp_path, name):
    assert look(tmp_path, name, DIARY).symptoms.height == 1


@pytest.mark.parametrize("name", ["diary.xlsx", "diary.csv", "diary.fit", "diary"])
def test_a_workbook_under_another_name_is_one(tmp_path, name):
    found = look(tmp_path, name, write_xlsx({"Diary": [["date", "morning_pain"], ["2026-05-04", 3]]}))
    assert found.symptoms.height == 1, found.skipped


REFUSALS = [
    ("run.fit", b"<!DOCTYPE html><html>Please log in</html>", "a web page, not a FIT recording"),
    ("run.gpx", b"\xef\xbb\xbf<HTML><body>Log in</body></HTML>", "a web page, not a GPX recording"),
    ("diary.csv", b"<html>Log in</html>", "a web page"),
    ("run.fit", b'{"message":"Record Not Found"}', "a short message in JSON"),
    (
        "run.tcx",
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        "an error message of a web server",
    ),
    ("a.json", b'{"a": 1}', "a JSON file"),
    ("run.kml", b"<kml/>", "a map file (KML)"),
    ("run.kmz", packed({"doc.kml": b"<kml/>"}), "a map file (KMZ)"),
    ("diary.numbers", packed({"Index/Document.iwa": b"x"}), "Apple Numbers"),
    ("export.xml", b"<HealthData/>", "Apple Health's export"),
    ("move.sml", b"<sml/>", "Movescount"),
    ("run.pwx", b"<pwx/>", "TrainingPeaks (PWX)"),
    ("run.fitlog", b"<x/>", "SportTracks"),
    ("run.hrm", b"[Params]\nVersion=106\n", "Polar heart rate monitor"),
    ("other.xml", b"<recipe/>", "an XML file of another kind (recipe)"),
    ("photo.jpg", b"\xff\xd8\xff\xe0 JFIF", "a picture (JPEG)"),
    ("photo.fit", b"\x89PNG\r\n\x1a\n", "a picture (PNG), not a FIT recording"),
    ("diary.pdf", b"%PDF-1.7", "a PDF document"),
    ("diary.docx", packed({"[Content_Types].xml": b"", "word/document.xml": b""}), "a text document (Word)"),
    ("things.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
    ("data.db", b"SQLite format 3\0", "a database (SQLite)"),
    ("plan.ics", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a calendar"),
    ("run.gpx", b"version https://git-lfs.github.com/spec/v1\n", "a placeholder for a file kept elsewhere"),
    ("noise.bin", bytes(range(256)), "of a kind that is not known here"),
    ("blank.csv", b" \n\n", "a file without content"),
    ("diary.xlsx", write_xlsx({"Diary": [["date"]]})[:300], "cut off or damaged"),
    ("empty.xlsx", write_xlsx({"Diary": []}), "holds no table"),
    ("diary.csv", b"date,side,morning_pain\n", "its header, and no entry below it"),
    ("diary.csv", b"date,morning_pain\n04/05/2026,3\n", "4 May 2026 or 5 April 2026"),
    ("old_runs.csv", b"Date,Distance (km),Time\n04/05/2026,8.2,45:10\n", "it has Date, Distance (km), Time"),
]


@pytest.mark.parametrize(("name", "data", "reason"), REFUSALS)
def test_every_refusal_says_what_the_file_is(tmp_path, name, data, reason):
    found = look(tmp_path, name, data)
    assert (found.symptoms.height, found.tasks) == (0, [])
    (skipped,) = found.skipped
    assert skipped.path == name
    assert reason in skipped.reason
    assert skipped.reason.rstrip()[-1] in ".)"


def test_runkeepers_lists_are_named_and_its_recordings_read(tmp_path):
    lists = {
        "cardioActivities.csv": b"Activity Id,Date,Type,Route Name,GPX File\na,2026-05-04,Running,,1.gpx\n",
        "measurements.csv": b"Date,Type,Value\n2026-05-04 08:00:00,weight,70\n",
    }
    found = look(tmp_path, "runkeeper.zip", packed({**lists, "1.gpx": GPX}))
    assert len(found.tasks) == 1
    assert [one.reason for one in found.skipped] == [
        "1 file of body weight of Runkeeper: no recording, so left out."
    ]


def test_each_file_that_is_open_has_its_own_question_and_answer(tmp_path):
    for name in ("a.csv", "b.tsv"):
        (tmp_path / name).write_bytes(b"date;morning_pain\n04/05/2026;3\n")
    (tmp_path / "c.csv").write_bytes(b"date,morning_pain\n2026-05-01,3\n")
    plan = discover([tmp_path], 1, NOW)
    assert plan.symptoms.height == 1
    assert len(plan.questions) == len(plan.skipped) == 2
    answers = {one.key: one.path.endswith("a.csv") for one in plan.questions}
    assert sorted(map(str, discover([tmp_path], 1, NOW, answers).symptoms["date"])) == [
        *("2026-04-05", "2026-05-01", "2026-05-04"),
    ]
    files = [one.file for one in plan.questions if one.file]
    assert discover(files, 1, NOW, True).symptoms.height == 2
