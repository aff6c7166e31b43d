"""Entries already made: one day, the fortnight, corrections."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.errors import ContractError
from connectors.frames import SYMPTOM
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry


@pytest.fixture
def rows(store, athlete_id):
    return entries.latest_entries(store.read(SYMPTOM, athlete_id))


def latest(store, athlete_id):
    return entries.latest_entries(store.read(SYMPTOM, athlete_id))


def test_the_newest_entries_come_first(rows):
    days = [one["date"] for one in rows]
    assert days == sorted(days, reverse=True)


def test_a_correction_empties_a_cell_and_another_row_goes(store, athlete_id, rows):
    done = entries.correct_entries(
        store, athlete_id, rows, {0: {"morning_pain_0_10": None, "note": "added"}, 1: {"remove": True}}
    )
    assert len(done.before) == 2
    [left] = latest(store, athlete_id)
    assert (left["morning_pain_0_10"], left["note"], left["morning_stiffness_min"]) == (None, "added", 20)


def test_a_value_out_of_bounds_changes_nothing(store, athlete_id, rows):
    with pytest.raises(ContractError):
        entries.correct_entries(store, athlete_id, rows, {0: {"morning_pain_0_10": 99.0}})
    assert latest(store, athlete_id) == rows


def test_minutes_typed_over_a_band_are_exact_and_a_band_over_minutes_is_its_middle(store, athlete_id, rows):
    entries.correct_entries(store, athlete_id, rows, {0: {"morning_stiffness_band": "<5"}})
    now = latest(store, athlete_id)
    assert (now[0]["morning_stiffness_band"], now[0]["morning_stiffness_min"]) == ("<5", 2.5)
    entries.correct_entries(store, athlete_id, now, {0: {"morning_stiffness_min": 17.0}})
    now = latest(store, athlete_id)
    assert (now[0]["morning_stiffness_band"], now[0]["morning_stiffness_min"]) == (None, 17)


def test_the_fortnight_ends_today_and_pain_after_a_run_does_not_log_a_morning(store, athlete_id):
    today = date(2026, 4, 24)
    entries.save_entry(store, athlete_id, SymptomEntry(today, pain_after_0_10=3.0))
    found = entries.last_14_days(store.read(SYMPTOM, athlete_id), today)
    assert [one.date for one in found] == [today - timedelta(n) for n in range(13, -1, -1)]
    assert [one.date for one in found if one.is_logged] == [date(2026, 4, 20)]
