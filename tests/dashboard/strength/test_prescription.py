"""A programme's weeks held and moved on; where the pain is settles the variant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import HeelwiseError
from connectors.frames import SYMPTOM
from connectors.manual_rows import symptom_rows
from dashboard.strength.prescription import (
    held_rows,
    is_insertional,
    loads_calf,
    moved_on_rows,
    next_week,
    rows_in_week,
)
from dashboard.strength.templates import TEMPLATES, template_rows

START = date(2026, 4, 6)
HEAVY = TEMPLATES[0]
templates = st.sampled_from(TEMPLATES)


def rows(template=HEAVY) -> list[dict]:
    return template_rows(template, START, "therapist")


def in_week(week: int) -> date:
    return START + timedelta(weeks=week - 1, days=2)


def plan(made: list[dict]) -> dict[int, set]:
    last = max(row["week_to"] for row in made)
    return {
        week: {(r["exercise"], r["sets"], r["repetitions"]) for r in rows_in_week(made, week)}
        for week in range(1, last + 1)
    }


@given(templates, st.integers(1, 20))
def test_a_held_week_comes_once_more_and_nothing_is_lost(template, week):
    before = rows(template)
    if week > max(row["week_to"] for row in before):
        return
    was, now = plan(before), plan(held_rows(before, in_week(week)))
    weeks = sorted(was)
    assert [now[n] for n in sorted(now)] == [was[n] for n in (*weeks[:week], week, *weeks[week:])]


@given(templates, st.integers(1, 20))
def test_moving_on_begins_the_next_step_next_week_and_keeps_the_weeks_gone_by(template, week):
    before = rows(template)
    coming = next_week(before, week)
    if week > max(row["week_to"] for row in before) or coming is None:
        with pytest.raises(HeelwiseError):
            moved_on_rows(before, in_week(week))
        return
    was, now = plan(before), plan(moved_on_rows(before, in_week(week)))
    assert [now[n] for n in range(1, week + 1)] == [was[n] for n in range(1, week + 1)]
    assert now[week + 1] == was[coming]
    assert all(row["week_from"] <= row["week_to"] for row in moved_on_rows(before, in_week(week)))


@pytest.mark.parametrize("day", [START - timedelta(days=1), START + timedelta(weeks=12)])
def test_a_programme_not_under_way_is_neither_held_nor_moved(day):
    for change in (held_rows, moved_on_rows):
        with pytest.raises(HeelwiseError, match="not under way"):
            change(rows(), day)


def test_a_programme_has_an_end_even_when_held():
    long = [{**row, "week_to": 520} for row in rows()]
    with pytest.raises(HeelwiseError, match="at most 520"):
        held_rows(long, in_week(3))


def test_the_last_entries_say_where_it_is():
    entries = [{"date": START + timedelta(days=n), "site": "midportion"} for n in range(40)]
    entries += [{"date": START + timedelta(days=40 + n), "site": "insertion"} for n in range(20)]
    log = symptom_rows(entries, 1, datetime(2026, 9, 1, tzinfo=UTC))
    assert is_insertional(log)
    assert not is_insertional(log.filter(log["date"] < START + timedelta(days=50)))
    assert not is_insertional(SYMPTOM.empty())


def test_only_calf_work_counts_as_calf_work():
    assert {one.name for one in TEMPLATES if not loads_calf(rows(one))} == {"Foot, ankle, hip and trunk"}
