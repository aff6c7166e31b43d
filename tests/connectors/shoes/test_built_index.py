"""The built index: the same as one built now, refused when stale, and read by a report instead of built."""

from __future__ import annotations

import json
import shutil

import pytest

from connectors.shoes.built_index import BUILT, HERE, MADE_FROM, inputs_digest, read_index, write_index
from connectors.shoes.match_index import build_index


def test_the_shipped_index_is_the_one_its_files_make():
    shipped = read_index()
    assert shipped is not None, "stale: run python -m connectors.shoes.built_index"
    built = build_index()
    assert shipped == built
    assert list(shipped.lines) == list(built.lines)  # the order settles ties
    assert list(shipped.lexicon.apart) == list(built.lexicon.apart)


@pytest.mark.parametrize("name", MADE_FROM)
def test_a_change_of_any_file_it_is_made_from_makes_it_stale(tmp_path, name):
    for one in MADE_FROM:
        shutil.copy(HERE / one, tmp_path / one)
    assert inputs_digest(tmp_path) == inputs_digest()
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    assert inputs_digest(tmp_path) != inputs_digest()
    assert read_index(BUILT, inputs_digest(tmp_path)) is None


def test_ends_of_lines_do_not_matter(tmp_path):
    for one in MADE_FROM:
        text = (HERE / one).read_bytes().replace(b"\r\n", b"\n")
        (tmp_path / one).write_bytes(text.replace(b"\n", b"\r\n"))
    assert inputs_digest(tmp_path) == inputs_digest()


@pytest.mark.parametrize("content", [None, b"", b"{", b"{}", b'{"digest": "of another day"}'])
def test_a_built_index_that_cannot_be_used_is_none(tmp_path, content):
    file = tmp_path / "index.json"
    if content is not None:
        file.write_bytes(content)
    assert read_index(file) is None


def test_what_is_written_is_what_is_read(tmp_path):
    index = build_index()
    write_index(index, tmp_path / "index.json")
    assert read_index(tmp_path / "index.json") == index
    assert [file.name for file in tmp_path.iterdir()] == ["index.json"]
    assert json.loads((tmp_path / "index.json").read_text("utf-8"))["digest"] == inputs_digest()
