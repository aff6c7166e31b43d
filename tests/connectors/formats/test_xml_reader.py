"""Hostile and odd XML."""

from __future__ import annotations

import time

import pytest

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.formats import xml_reader
from connectors.formats.xml_points import read_times
from connectors.formats.xml_reader import child_of, local_name, number_of, read_xml, text_of
from connectors.sports import SportKind, sport_kind

PLAIN = "<gpx><trk><name>Mühle</name></trk></gpx>"


def name_in(data: bytes) -> str | None:
    return text_of(child_of(read_xml(data, "gpx", "GPX").root, "trk", "name"))


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        b'\xef\xbb\xbf \r\n<?xml version="1.0"?>' + PLAIN.encode(),
        b'          <?xml version="1.0" encoding="UTF-8"?>' + PLAIN.encode(),
        b'\n\n\xef\xbb\xbf<?xml version="1.0"?>' + PLAIN.encode(),
        b"\xff\xfe" + PLAIN.encode("utf-16-le"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-le"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN.encode("latin-1"),
        b"<?xml version='1.0' encoding='windows-1252' ?>" + PLAIN.encode("cp1252"),
        b'<?xml version="1.0" encoding="utf-16"?>' + PLAIN.encode(),  # says UTF-16, is not
        b'<?xml version="1.0" encoding="no-such"?>' + PLAIN.encode(),
        PLAIN.encode() + b"\0" * 100,
        PLAIN.replace("<trk>", "<trk>\0\x01").encode(),
        b"<!-- from a watch -->" + PLAIN.encode(),
        PLAIN.replace("gpx", "GPX").encode(),
    ],
)
def test_encodings_and_blanks_do_not_hide_the_text(data: bytes) -> None:
    assert name_in(data) == "Mühle"
    assert read_xml(data, "gpx", "GPX").is_whole


def test_undecodable_bytes_cost_a_letter_and_not_the_file() -> None:
    assert name_in(b"<gpx><trk><name>M\xffhle</name></trk></gpx>") == "M�hle"


@pytest.mark.parametrize("tail", ["</trk>", "", "</trk></gp"])
def test_a_missing_end_is_seen(tail: str) -> None:
    assert not read_xml(b"<gpx><trk><name>a</name>" + tail.encode(), "gpx", "GPX").is_whole


def test_an_end_with_a_prefix_or_something_behind_it_is_an_end() -> None:
    assert read_xml(b"<g:gpx xmlns:g='x'><g:trk/></g:gpx >\n<!-- done -->", "gpx", "GPX").is_whole


BOMB = b"""<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<gpx><trk><name>&b;</name></trk></gpx>"""


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"\n \xef\xbb\xbf" + BOMB,
        b"\xff\xfe" + BOMB.decode().encode("utf-16-le"),
        BOMB.decode().encode("utf-16-be"),
        b"<!-- <gpx> --><?pi <gpx>?>" + BOMB.split(b"?>", 1)[1],
        b'<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>',
        b'<!DOCTYPE gpx [<!ATTLIST trk x CDATA "long">]><gpx><trk/></gpx>',
        b"<gpx><trk/></gpx>" + b" " * xml_reader.MOST_BYTES,
    ],
)
def test_what_no_recording_has_is_refused(data: bytes) -> None:
    with pytest.raises(UnsafeFile, match="It was not read"):
        read_xml(data, "gpx", "GPX")


def test_the_word_doctype_in_a_title_is_no_doctype() -> None:
    data = b"<gpx><trk><name><![CDATA[my <!DOCTYPE html> run]]></name></trk></gpx>"
    assert name_in(data) == "my <!DOCTYPE html> run"


def test_many_comments_before_the_root_take_no_time() -> None:
    start = time.perf_counter()
    read_xml(b"<!---->" * 20_000 + b"<gpx/>", "gpx", "GPX")
    assert time.perf_counter() - start < 5  # backtracking over them would take longer than the sun has


def test_deep_nesting_ends_without_harm() -> None:
    document = read_xml(b"<gpx>" + b"<a>" * 100_000, "gpx", "GPX")
    assert not document.is_whole
    assert sum(1 for _ in document.root.iter()) <= 256


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"\0\0\0", b"PK\x03\x04", b"hello", b"{}", b"<", b"<>", b"<!--"]
)
def test_what_is_not_xml_is_named(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not a GPX file"):
        read_xml(data, "gpx", "GPX")


def test_another_kind_of_xml_is_named() -> None:
    with pytest.raises(UnreadableFile, match="starts with <html>"):
        read_xml(b"<html><body/></html>", "gpx", "GPX")


def test_prefixes_that_nobody_declared_are_dropped() -> None:
    root = read_xml(b"<gpx><x:trk><y:name>b</y:name></x:trk></gpx>", "gpx", "GPX").root
    assert text_of(child_of(root, "trk", "name")) == "b"
    assert local_name("{urn:a}b:Cadence") == "cadence"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5", 1.5), (" 2 ", 2), ("3,5", 3.5), ("", None), ("x", None), ("nan", None), ("1e999", None)],
)
def test_numbers(text: str, value: float | None) -> None:
    root = read_xml(f"<gpx><v>{text}</v></gpx>".encode(), "gpx", "GPX").root
    assert number_of(child_of(root, "v")) == value
    assert number_of(child_of(root, "w")) is None


def test_times_in_every_spelling() -> None:
    seconds, clock = read_times(
        [
            "1970-01-02T00:00:00Z",
            "1970-01-02T00:00:00.250Z",
            "1970-01-02T00:00:00,123456Z",
            "1970-01-02T01:00:00+01:00",
            "1970-01-01 19:30:00-0430",
            "1970-01-02T00:00:00",
            " 1970-01-02T00:00:00z ",
            "1969-12-31T23:59:59Z",
            "9999-12-31T23:59:59-14:00",
            "yesterday",
            None,
        ]
    )
    assert seconds == pytest.approx(
        [86400, 86400.25, 86400.123456, 86400, 86400, 86400, 86400, None, None, None, None]
    )
    assert clock.utc_offset_s is None
    assert clock.without_zone


@pytest.mark.parametrize(
    ("texts", "offset"),
    [
        (["2020-01-01T10:00:00+01:00", "2020-01-01T10:00:01+01:00"], 3600),
        (["2020-01-01T10:00:00.5-03", "2020-01-01T10:00:01-03"], -10_800),
        (["2020-01-01T10:00:00-04:30"], -16_200),
        (["2020-01-01T10:00:00+01:00", "2020-01-01T10:00:01+02:00"], None),
        (["2020-01-01T10:00:00+01:00", "2020-01-01T10:00:01Z"], None),
        (["2020-01-01T10:00:00+00:00"], None),
        (["2020-01-01T10:00:00+23:00"], None),
        ([], None),
    ],
)
def test_an_offset_counts_when_all_agree(texts: list[str], offset: int | None) -> None:
    assert read_times(texts)[1].utc_offset_s == offset


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("running", SportKind("Run")),
        ("Running", SportKind("Run")),
        ("RUNNING", SportKind("Run")),
        ("trail_running", SportKind("TrailRun")),
        ("9", SportKind("Run")),
        ("treadmill_running", SportKind("Run", is_indoor=True)),
        ("virtual_run", SportKind("VirtualRun", is_virtual=True)),
        ("Biking", SportKind("Ride")),
        ("1", SportKind("Type 1")),
        ("Other", SportKind("Other")),
        ("Kite Buggy", SportKind("Kite Buggy")),
        ("", SportKind()),
        (None, SportKind()),
    ],
)
def test_sport_words(word: str | None, kind: SportKind) -> None:
    assert sport_kind(word) == kind
