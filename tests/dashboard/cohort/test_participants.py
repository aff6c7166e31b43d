from __future__ import annotations

import pytest

from connectors.errors import HeelwiseError
from dashboard.cohort.participants import read_participants


@pytest.fixture
def source(tmp_path):
    for name in ("a.zip", "b.fit", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "unpacked").mkdir()
    return tmp_path


def listed(source, text: str):
    (source / "participants.csv").write_text(text, encoding="utf-8")
    return read_participants(source)


def test_without_a_list_each_file_is_an_athlete_and_a_folder_is_one(source):
    assert [one.name for one in read_participants(source)] == ["a.zip", "b.fit", "unpacked"]
    assert {one.kind for one in read_participants(source)} == {"file"}


def test_a_row_names_files_and_what_is_known(source):
    one, two = listed(
        source,
        "Athlete,files,sex,birth_year,timezone\nQ,b.fit,,,\nP,a.zip;unpacked ,Male,1990,Europe/Oslo\n\n",
    )
    assert (one.name, one.files, one.sex, one.birth_year, one.timezone) == (
        *("P", ("a.zip", "unpacked"), "male", 1990, "Europe/Oslo"),
    )
    assert (two.name, two.sex, two.birth_year, two.timezone) == ("Q", None, None, None)


@pytest.mark.parametrize("name", ["gone.zip", "../outside", "/etc/hostname", ".", "a\0b"])
def test_files_that_are_not_in_the_folder_refuse_the_athlete_alone(source, name):
    people = {one.name: one.refused for one in listed(source, f"athlete,files\nP,a.zip;{name}\nQ,b.fit\n")}
    assert people == {"P": "file_missing", "Q": None}


def test_a_link_in_the_folder_may_lead_to_where_the_exports_lie(source, tmp_path_factory):
    there = tmp_path_factory.mktemp("archive") / "real.zip"
    there.write_bytes(b"x")
    (source / "link.zip").symlink_to(there)
    assert [one.refused for one in listed(source, "athlete,files\nP,./link.zip\n")] == [None]


def test_a_file_of_two_athletes_refuses_both(source):
    people = {one.name: one.refused for one in listed(source, "athlete,files\nP,a.zip\nQ,a.zip;b.fit\n")}
    assert people == {"P": "same_file", "Q": "same_file"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("files\na.zip\n", "must have the columns"),
        ("athlete,files,Lotte\nP,a.zip,x\n", "no other"),
        ("athlete,files,files\nP,a.zip,x\n", "none twice"),
        ("athlete,files\nP,a.zip\nP,b.fit\n", "more than one row"),
        ("athlete,files\nP,\n", "Line 2"),
        ("athlete,files,sex\nP,a.zip,Lotte\n", "sex is one of"),
        ("athlete,files,birth_year\nP,a.zip,19x0\n", "four digits"),
        ("athlete,files,birth_year\nP,a.zip,1066\n", "four digits"),
        ("athlete,files,timezone\nP,a.zip,Lotte\n", "Europe/Oslo"),
        ("", "must have the columns"),
        ("athlete,files\n", "names no athlete"),
        ("athlete,files\nP,a.zip,b.fit\n", "Line 2 .* more cells"),
        ('athlete,files\n"P",a.zip\n\n"Q\nq",b.fit,Lotte\n', "Line 5 .* more cells"),
        ("athlete;files\nP;a.zip;b.fit\n", "Line 2 .* more cells"),
    ],
)
def test_a_list_with_a_slip_is_refused_by_its_line_without_a_word_of_it(source, text, part):
    with pytest.raises(HeelwiseError, match=part) as raised:
        listed(source, text)
    assert "Lotte" not in str(raised.value)
    assert "a.zip" not in str(raised.value)


def test_a_list_may_have_semicolons_a_mark_of_its_encoding_and_any_case_in_its_name(source):
    text = 'athlete;files;sex\r\nP;"a.zip; unpacked";male\r\nQ;b.fit;\r\n'
    (source / "Participants.CSV").write_text(text, encoding="utf-8-sig", newline="")
    assert [(one.name, one.files, one.sex) for one in read_participants(source)] == [
        ("P", ("a.zip", "unpacked"), "male"),
        ("Q", ("b.fit",), None),
    ]
    with pytest.raises(HeelwiseError, match="more than once"):
        listed(source, text)


def test_a_list_that_is_a_folder_or_leads_nowhere_is_not_passed_over(source):
    """Each file would be an athlete then, and nobody would be told."""
    path = source / "participants.csv"
    path.mkdir()
    with pytest.raises(HeelwiseError, match="cannot be read"):
        read_participants(source)
    path.rmdir()
    path.symlink_to(source / "gone.csv")
    with pytest.raises(HeelwiseError, match="cannot be read"):
        read_participants(source)


def test_a_list_that_is_no_utf_8_and_a_folder_that_is_none(source):
    (source / "participants.csv").write_bytes("athlete,files\nJosé,a.zip\n".encode("latin-1"))
    with pytest.raises(HeelwiseError, match="UTF-8"):
        read_participants(source)
    with pytest.raises(HeelwiseError, match="not a folder"):
        read_participants(source / "a.zip")
