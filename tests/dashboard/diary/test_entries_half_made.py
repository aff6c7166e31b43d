"""A half-made entry waits in the store for its own day."""

from __future__ import annotations

from datetime import date

from connectors.frames import SYMPTOM
from connectors.store import open_store
from dashboard.diary import entries

DAY = date(2026, 5, 1)


def test_it_waits_for_its_day_over_a_new_start_and_is_no_entry(store, athlete_id, home):
    before = store.read(SYMPTOM, athlete_id)
    entries.save_draft(store, athlete_id, DAY, 7)
    again = open_store(home)
    assert entries.load_draft(again, athlete_id, DAY) == 7
    assert entries.load_draft(again, athlete_id, date(2026, 5, 2)) is None
    assert again.read(SYMPTOM, athlete_id).equals(before)
    entries.drop_draft(again, athlete_id)
    assert entries.load_draft(store, athlete_id, DAY) is None


def test_what_cannot_be_read_is_not_there(store, athlete_id):
    store.set_settings(athlete_id, {entries.DRAFT_SETTING: f"{DAY} much"})
    assert entries.load_draft(store, athlete_id, DAY) is None
