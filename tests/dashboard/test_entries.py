"""Entries by hand: one day grows over the day, undo and corrections give back what was there."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import ContractError
from connectors.frames import SYMPTOM
from dashboard import entries
from dashboard.entries import Entry

DAY = date(2026, 5, 1)


def row(store, athlete_id, day=DAY):
    rows = [one for one in store.read(SYMPTOM, athlete_id).to_dicts() if one["date"] == day]
    return rows[0] if rows else None


def test_morning_and_evening_are_one_entry(store, athlete_id):
    assert entries.keep(store, athlete_id, Entry(DAY, "left", morning_stiffness_0_10=3.0)).what == "new"
    assert entries.keep(store, athlete_id, Entry(DAY, "left", pain_after_0_10=2.0)).what == "updated"
    kept = row(store, athlete_id)
    assert (kept["morning_stiffness_0_10"], kept["pain_after_0_10"], kept["morning_pain_0_10"]) == (
        3,
        2,
        None,
    )


def test_undo_of_a_new_entry_leaves_nothing(store, athlete_id):
    entries.undo(store, athlete_id, entries.keep(store, athlete_id, entries.none_on(DAY)))
    assert row(store, athlete_id) is None


def test_undo_of_an_update_gives_the_old_entry_back(store, athlete_id):
    entries.keep(store, athlete_id, Entry(DAY, morning_pain_0_10=4.0, note="old"))
    before = row(store, athlete_id)
    entries.undo(store, athlete_id, entries.keep(store, athlete_id, entries.none_on(DAY)))
    after = row(store, athlete_id)
    assert {k: v for k, v in after.items() if k != "fetched_utc"} == {
        k: v for k, v in before.items() if k != "fetched_utc"
    }


def test_the_newest_entries_come_first(store, athlete_id):
    days = [one["date"] for one in entries.latest(store, athlete_id)]
    assert days == sorted(days, reverse=True)


def test_a_correction_empties_a_cell_and_another_row_goes(store, athlete_id):
    rows = entries.latest(store, athlete_id)
    done = entries.correct(
        store, athlete_id, rows, {0: {"morning_pain_0_10": None, "note": "new"}, 1: {"remove": True}}
    )
    assert done == 2
    left = entries.latest(store, athlete_id)
    assert len(left) == 1
    assert (left[0]["morning_pain_0_10"], left[0]["note"], left[0]["morning_stiffness_min"]) == (
        None,
        "new",
        20,
    )


def test_a_value_out_of_bounds_changes_nothing(store, athlete_id):
    before = entries.latest(store, athlete_id)
    with pytest.raises(ContractError):
        entries.correct(store, athlete_id, before, {0: {"morning_pain_0_10": 99.0}})
    assert entries.latest(store, athlete_id) == before
