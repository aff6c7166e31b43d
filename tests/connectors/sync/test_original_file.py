"""Original files as services hand them over: zipped or not, under any name, and whatever else they hold."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from fit_writer import fit_run
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceError
from connectors.sync.original_file import read_original

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROW = {"start_utc": START, "timezone": None, "sport": "Run", "elapsed_s": 60.0, "distance_m": 180.0}
FIT = fit_run(START, 60, 3.0)


def packed(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        FIT,
        gzip.compress(FIT),
        packed(**{"7_ACTIVITY.fit": FIT}),
        packed(**{"../../../etc/cron.d/x.fit": FIT}),
        packed(**{"readme.txt": b"hello", "a/b/c.FIT": FIT}),
        packed(**{"C:\\x.fit.gz": gzip.compress(FIT)}),
    ],
)
def test_it_is_read_by_its_content_whatever_its_name(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_original(data, ROW).samples.height == 61
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (packed(), "nothing in it"),
        (packed(**{"x.fit": b""}), "nothing in it"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"<html>sorry</html>", "neither FIT nor GPX nor TCX"),
        (packed(**{"x.fit": b"0" * (30 << 20)}), "200 times"),
    ],
)
def test_what_is_none_is_one_sentence(data, words):
    with pytest.raises(SourceError, match=words):
        read_original(data, ROW)


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_out_of_the_tree_of_errors(data, is_zipped):
    content = packed(**{"x.fit": data}) if is_zipped else data
    try:
        read_original(content, ROW)
    except SourceError as error:
        assert str(error)  # noqa: PT017 - most bytes are refused, and some may be read


def test_what_the_runner_cropped_there_is_cropped_here():
    longer = fit_run(START, 300, 3.0)
    row = {**ROW, "elapsed_s": 200.0, "distance_m": 600.0}
    assert 195 <= read_original(longer, row).samples.height <= 206
