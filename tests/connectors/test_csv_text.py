"""Every CSV: nothing in it runs in a spreadsheet, and every cell reads back as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.csv_text import guard, unguard, write_frame, write_rows
from connectors.frames import EVENT, SYMPTOM
from connectors.ingest.diary_csv import parse_diary, write_diary
from connectors.manual_rows import EVENTS, event_rows, symptom_rows

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
STARTS = st.sampled_from(["", "'", "''", "'''", *LIVE, "'=", "''@", " ", '"', ";"])
TEXTS = st.builds(
    str.__add__,
    STARTS,
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
)


@given(TEXTS)
def test_a_guarded_cell_never_begins_like_a_formula_and_reads_back(text):
    assert not guard(text).startswith(LIVE)
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["'t was dry", "it's", "a=b", "", "3-4"])
def test_what_runs_nowhere_is_written_as_it_is(text):
    assert guard(text) == text
    assert unguard(text) == text


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_a_table_reads_back_cell_by_cell(rows):
    written = [
        write_rows(["one", "=two"], rows),
        write_frame(pl.DataFrame(rows, schema={"one": pl.String, "=two": pl.String}, orient="row")),
    ]
    for table in written:
        cells = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
        assert not any(cell.startswith(LIVE) for row in cells for cell in row)
        assert [[unguard(cell) for cell in row] for row in cells if row] == [
            ["one", "=two"],
            *([one, two] for one, two in rows),
        ]


def test_numbers_stay_numbers():
    frame = pl.DataFrame({"n": [-3.5, None], "k": pl.Series(["=1", None], dtype=pl.Categorical)})
    assert write_frame(frame, has_bom=False) == b"n,k\n-3.5,'=1\n,\n"


NOTES = st.builds(str.__add__, STARTS, st.text("ab=+-@'\" ,;1", max_size=12)).map(str.strip).filter(bool)


@given(NOTES)
def test_a_note_leaves_and_comes_back(note):
    entries = symptom_rows([{"date": date(2026, 3, 1), "side": "left", "note": note}], 1, NOW)
    back = parse_diary(write_diary(entries), 1, NOW).symptoms
    assert back["note"].to_list() == [note]
    events = event_rows([{"date": date(2026, 3, 1), "kind": "race", "note": note}], 1, NOW)
    back = parse_diary(EVENTS.csv(events), 1, NOW).beside[EVENT.name]
    assert back["note"].to_list() == [note]
    assert back["source_id"].to_list() == events["source_id"].to_list()


def test_a_formula_in_a_diary_is_text_in_a_spreadsheet():
    formula = '=HYPERLINK("http://x.invalid","look")'
    entries = symptom_rows([{"date": date(2026, 3, 1), "side": "left", "note": formula}], 1, NOW)
    [_, row] = csv.reader(io.StringIO(write_diary(entries).decode("utf-8-sig"), newline=""))
    assert row[-1] == f"'{formula}"
    assert SYMPTOM.columns["note"].null
