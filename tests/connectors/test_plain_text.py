"""Text from outside as both databases can keep it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.edits import Edit, edit_rows
from connectors.formats.json_recordings import parse_json
from connectors.manual_rows import event_rows
from connectors.plain_text import read_json, storable
from connectors.sync.json_values import api_description, api_text


@given(st.text(st.characters(codec=None)))
def test_what_is_storable_is_utf8_and_every_other_text_stays(text):
    plain = storable(text)
    assert plain.encode().decode() == plain
    assert "\0" not in plain
    assert storable(plain) == plain
    assert len(plain) == len(text) - text.count("\0")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_escapes_of_json_spell_what_can_be_kept(encoding):
    given = '{"a\\u0000": ["\\ud800x", 1, {"b": "\\ud83d\\ude00"}], "c": "plain"}'
    wanted = {"a": ["\ufffdx", 1, {"b": "😀"}], "c": "plain"}
    assert read_json(given) == read_json(given.encode(encoding)) == wanted
    assert (
        read_json(json.dumps("half \ud800", ensure_ascii=False).encode("utf-8", "surrogatepass"))
        == "half \ufffd"
    )


def test_services_and_recordings_read_their_texts_so():
    assert api_text("a\0b \udc80") == "ab \ufffd"
    assert api_description("one\0\ntwo\ud800") == "one\ntwo\ufffd"
    polar = {
        "exercises": [
            {
                "startTime": "2026-11-01T08:00:00.000",
                "duration": "PT600S",
                "distance": 2000,
                "sport": "RUN\ud800\0",
            }
        ]
    }
    [session] = parse_json(json.dumps(polar).encode())
    assert "\ud800" not in repr(session)


def test_words_of_a_terminal_become_rows_so():
    now = datetime(2026, 11, 1, tzinfo=UTC)
    rows = event_rows([{"date": date(2026, 11, 1), "kind": "other", "note": "caf\udce9\0"}], 1, now)
    assert rows["note"].to_list() == ["caf\ufffd"]
    edits = edit_rows([Edit("shoe", "s1", "name", "Pacer\ud83d\0")], 1, "b", now, "runner", None)
    assert edits["value"].to_list() == ["Pacer\ufffd"]
