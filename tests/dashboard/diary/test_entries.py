"""Entries by hand: one day grows over the day, undo and corrections give back what was there."""

from __future__ import annotations

from datetime import date, timedelta

from connectors.frames import SYMPTOM
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry

DAY = date(2026, 5, 1)


def row(store, athlete_id, day=DAY):
    rows = [one for one in store.read(SYMPTOM, athlete_id).to_dicts() if one["date"] == day]
    return rows[0] if rows else None


def test_morning_and_evening_are_one_entry(store, athlete_id):
    assert (
        entries.save_entry(store, athlete_id, SymptomEntry(DAY, "left", morning_stiffness_0_10=3.0)).outcome
        == "added"
    )
    assert (
        entries.save_entry(store, athlete_id, SymptomEntry(DAY, "left", pain_after_0_10=2.0)).outcome
        == "updated"
    )
    kept = row(store, athlete_id)
    assert (kept["morning_stiffness_0_10"], kept["pain_after_0_10"], kept["morning_pain_0_10"]) == (
        3,
        2,
        None,
    )


def test_undo_of_a_new_entry_leaves_nothing(store, athlete_id):
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(DAY)).undo(store)
    assert row(store, athlete_id) is None


def test_undo_of_an_update_gives_the_old_entry_back(store, athlete_id):
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_pain_0_10=4.0, note="old"))
    before = row(store, athlete_id)
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(DAY)).undo(store)
    after = row(store, athlete_id)
    assert {k: v for k, v in after.items() if k != "fetched_utc"} == {
        k: v for k, v in before.items() if k != "fetched_utc"
    }


def test_none_says_nothing_of_a_run_later_that_day():
    said = entries.nothing_felt_on(DAY)
    assert (said.morning_stiffness_0_10, said.morning_stiffness_band, said.morning_pain_0_10) == (0, "0", 0)
    assert (said.pain_start_0_10, said.pain_during_0_10, said.pain_after_0_10) == (None, None, None)


def test_a_band_takes_the_place_of_minutes_and_minutes_that_of_a_band(store, athlete_id):
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_stiffness_min=12.0))
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_stiffness_band=">30"))
    kept = row(store, athlete_id)
    assert (kept["morning_stiffness_band"], kept["morning_stiffness_min"]) == (">30", 45)
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_pain_0_10=1.0))
    assert row(store, athlete_id)["morning_stiffness_band"] == ">30"
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_stiffness_min=12.0))
    kept = row(store, athlete_id)
    assert (kept["morning_stiffness_band"], kept["morning_stiffness_min"]) == (None, 12)


def test_the_morning_before_is_taken_over_whole_and_marked_and_nothing_else_is(store, athlete_id):
    said = SymptomEntry(
        DAY, "left", "insertion", 3.0, morning_stiffness_band="5-15", pain_after_0_10=4.0, note="x"
    )
    entries.save_entry(store, athlete_id, said)
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, "right", pain_during_0_10=2.0))
    taken = entries.same_as_before(entries.entries_on(store.read(SYMPTOM, athlete_id), DAY))
    assert [one.side for one in taken] == ["left"]
    entries.save_entry(store, athlete_id, *taken)
    kept = row(store, athlete_id, DAY + timedelta(1))
    assert (kept["side"], kept["site"], kept["morning_stiffness_band"]) == ("left", "insertion", "5-15")
    assert (kept["is_same_as_before"], kept["pain_after_0_10"], kept["note"]) == (True, None, None)


def test_an_entry_thought_over_is_no_longer_the_same(store, athlete_id):
    entries.save_entry(
        store, athlete_id, SymptomEntry(DAY, morning_stiffness_0_10=3.0, is_same_as_before=True)
    )
    entries.amend_entry(store, row(store, athlete_id), pain_after_0_10=2.0, note="ran")
    assert row(store, athlete_id)["is_same_as_before"] is True
    entries.amend_entry(store, row(store, athlete_id), morning_pain_0_10=2.0)
    assert row(store, athlete_id)["is_same_as_before"] is False


def test_another_side_moves_the_entry_joins_what_is_there_and_undo_gives_both_back(store, athlete_id):
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, morning_stiffness_0_10=3.0))
    entries.save_entry(store, athlete_id, SymptomEntry(DAY, "left", pain_after_0_10=5.0))
    before = store.read(SYMPTOM, athlete_id).drop("fetched_utc")
    unsided = entries.entries_on(store.read(SYMPTOM, athlete_id), DAY)[-1]
    done = entries.amend_entry(store, unsided, side="left")
    [one] = entries.entries_on(store.read(SYMPTOM, athlete_id), DAY)
    assert (one["side"], one["morning_stiffness_0_10"], one["pain_after_0_10"]) == ("left", 3, 5)
    done.undo(store)
    assert store.read(SYMPTOM, athlete_id).drop("fetched_utc").equals(before)


def test_undo_of_several_entries_takes_all_of_them_back(store, athlete_id):
    before = store.read(SYMPTOM, athlete_id)
    done = entries.save_entry(
        store, athlete_id, entries.nothing_felt_on(DAY, "left"), entries.nothing_felt_on(DAY, "right")
    )
    assert (done.outcome, len(done.rows)) == ("added", 2)
    done.undo(store)
    assert store.read(SYMPTOM, athlete_id).equals(before)
