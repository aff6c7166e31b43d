"""Search over sessions: each word begins a word of date, title, pair or sport; the newest first."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_builders import activity_row

from connectors.frames import ACTIVITY
from dashboard.runs.search import MOST_FOUND, search_runs
from dashboard.runs.search_section import DAY_KEY
from dashboard.shared.units import Units
from dashboard.timeline import day_panel_section

PAIRS = {"a": "Larkfield Harrier 12", "b": "Corvane Pipit 2"}
ROWS = [
    activity_row(1, date(2025, 8, 12), name="Hügelläufe am Deich", shoe_id="b"),
    activity_row(1, date(2025, 8, 20), name="Easy run", shoe_id="a"),
    activity_row(1, date(2026, 3, 1), name="Hill repeats", shoe_id=None, sport="TrailRun"),
    activity_row(1, date(2026, 3, 2), 0.0, name=None, shoe_id="a", moving_s=None, sport="Walk"),
]
SESSIONS = pl.DataFrame(ROWS, schema_overrides=ACTIVITY.schema, infer_schema_length=None)


def days(asked: str, **more) -> list[date]:
    return [hit.day for hit in search_runs(SESSIONS, PAIRS, asked, Units(), **more).hits]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("hugel", [date(2025, 8, 12)]),
        ("HILL rep", [date(2026, 3, 1)]),
        ("pipit", [date(2025, 8, 12)]),
        ("harrier", [date(2026, 3, 2), date(2025, 8, 20)]),
        ("aug", [date(2025, 8, 20), date(2025, 8, 12)]),
        ("12 aug", [date(2025, 8, 12)]),
        ("2025-08-20", [date(2025, 8, 20)]),
        ("12.8.2025", [date(2025, 8, 12)]),
        ("march 2026 trail", [date(2026, 3, 1)]),
        ("walk", [date(2026, 3, 2)]),
        ("aug pipit", [date(2025, 8, 12)]),
        ("nothing of it", []),
        ("", []),
        ("   ", []),
    ],
)
def test_every_word_asked_for_begins_a_word_of_the_session(asked, found):
    assert days(asked) == found


def test_titles_are_neither_searched_nor_shown_where_they_are_hidden():
    assert days("hill", with_titles=False) == []
    (hit,) = search_runs(SESSIONS, PAIRS, "1 march", Units(), with_titles=False).hits
    assert "Hill" not in hit.line
    assert "1 Mar 2026" in hit.line


def test_only_the_newest_are_listed_and_the_rest_is_counted():
    many = pl.concat([SESSIONS.filter(pl.col("name") == "Easy run")] * (MOST_FOUND + 5))
    result = search_runs(many, PAIRS, "easy", Units())
    assert (len(result.hits), result.more) == (MOST_FOUND, 5)


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for(asked):
    result = search_runs(SESSIONS, PAIRS, asked, Units())
    assert len(result.hits) + result.more <= SESSIONS.height


def test_a_hit_names_its_day_as_the_timeline_reads_it():
    assert DAY_KEY == day_panel_section.DAY_KEY
