"""A half-made entry waits in the store for its own day."""

from __future__ import annotations

from datetime import date

from connectors.frames import SYMPTOM
from connectors.store import open_store
from dashboard import half_made

DAY = date(2026, 5, 1)


def test_it_waits_for_its_day_over_a_new_start_and_is_no_entry(store, athlete_id, home):
    before = store.read(SYMPTOM, athlete_id)
    half_made.keep(store, athlete_id, DAY, 7)
    again = open_store(home)
    assert half_made.of(again, athlete_id, DAY) == 7
    assert half_made.of(again, athlete_id, date(2026, 5, 2)) is None
    assert again.read(SYMPTOM, athlete_id).equals(before)
    half_made.drop(again, athlete_id)
    assert half_made.of(store, athlete_id, DAY) is None


def test_what_cannot_be_read_is_not_there(store, athlete_id):
    store.set_settings(athlete_id, {half_made.SETTING: f"{DAY} much"})
    assert half_made.of(store, athlete_id, DAY) is None
