"""Sets kept by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.errors import ContractError
from dashboard.shared.units import Units
from dashboard.strength import sets, text

DAY = date(2026, 4, 6)
RAISE = {
    "exercise": "Seated heel raise",
    "side": "left",
    "repetitions": 12,
    "load_kg": 20.0,
    "tempo": "3-0-3",
}


@pytest.fixture
def once(store, athlete_id):
    sets.save_sets(store, athlete_id, [{**RAISE, "date": DAY, "pain_0_10": 3.0, "note": "stairs"}] * 3)
    return store


def numbers(store, athlete_id, day=DAY):
    return [row["set_number"] for row in sets.sets_on_day(store, athlete_id, day)]


def test_a_second_round_adds_to_the_first_and_undo_takes_it_alone(once, athlete_id):
    change = sets.save_sets(once, athlete_id, [{**RAISE, "date": DAY}] * 2)
    assert numbers(once, athlete_id) == [1, 2, 3, 4, 5]
    change.undo(once)
    assert numbers(once, athlete_id) == [1, 2, 3]


def test_the_same_as_last_time_takes_the_work_and_not_the_pain(once, athlete_id):
    later = DAY + timedelta(2)
    last = sets.sets_last_time(once, athlete_id, RAISE["exercise"], later)
    sets.save_sets(once, athlete_id, sets.sets_again(last, later))
    rows = sets.sets_on_day(once, athlete_id, later)
    assert [(row["repetitions"], row["load_kg"], row["tempo"], row["side"]) for row in rows] == [
        (12, 20.0, "3-0-3", "left")
    ] * 3
    assert {(row["pain_0_10"], row["note"]) for row in rows} == {(None, None)}
    assert sets.sets_last_time(once, athlete_id, RAISE["exercise"], DAY) == []


def test_a_moved_set_is_not_written_over(once, athlete_id):
    rows = sets.sets_on_day(once, athlete_id, DAY)
    sets.correct_sets(once, athlete_id, rows, {0: {"date": DAY - timedelta(1)}})
    sets.save_sets(once, athlete_id, [{**RAISE, "date": DAY}])
    assert len(sets.load_strength(once, athlete_id)) == 4
    assert numbers(once, athlete_id, DAY - timedelta(1)) == [1]


def test_a_correction_and_a_removal_are_undone_together(once, athlete_id):
    before = sets.load_strength(once, athlete_id)
    rows = before.to_dicts()
    change = sets.correct_sets(
        once, athlete_id, rows, {0: {"repetitions": 10, "note": None}, 1: {"remove": True}}
    )
    assert sets.load_strength(once, athlete_id)["repetitions"].to_list() == [10, 12]
    change.undo(once)
    assert sets.load_strength(once, athlete_id).equals(before)


def test_a_value_out_of_bounds_changes_nothing(once, athlete_id):
    before = sets.load_strength(once, athlete_id)
    with pytest.raises(ContractError):
        sets.save_sets(once, athlete_id, [{**RAISE, "date": DAY, "pain_0_10": 12.0}])
    assert sets.load_strength(once, athlete_id).equals(before)


def test_sets_are_written_as_gyms_write_them(once, athlete_id):
    rows = sets.sets_on_day(once, athlete_id, DAY)
    rows[2] = {**rows[2], "repetitions": 10, "load_kg": None}
    sentence = text.sets_in_words(rows, Units())
    assert sentence == "2 × 12, 20 kg, left, tempo 3-0-3, pain 3; 1 × 10, left, tempo 3-0-3, pain 3"
    assert "44.1 lb" in text.sets_in_words(rows, Units(weight="lb"))


@pytest.mark.parametrize("kg", [2.5, 17.5, 20.0, 22.25, 100.0])
def test_a_weight_shown_in_pounds_comes_back_as_it_was(kg):
    units = Units(weight="lb")
    shown = sets.set_rows_shown(
        {**dict.fromkeys(("date", "hold_s", "pain_0_10", "note")), **RAISE, "load_kg": kg}, units
    )
    assert sets.as_stored({"load": shown["load"]}, units) == {"load_kg": kg}


@pytest.mark.parametrize(
    ("sides", "count", "side"),
    [
        (["left"] * 3 + ["right"] * 3, 3, "both"),
        (["left", "right"] * 3, 3, "both"),
        (["left"] * 3, 3, "left"),
        (["left"] * 3 + ["right"] * 2, 3, "left"),
        (["right"] * 4 + ["left"] * 2, 4, "right"),
        (["both"] * 3, 3, "both"),
        ([None] * 3, 3, None),
        (["both", "left", "right"], 3, "right"),
        ([], 0, None),
    ],
)
def test_a_form_begins_with_the_sets_of_one_leg(sides, count, side):
    alike, begins_on = sets.sets_to_repeat([{"side": one} for one in sides])
    assert (len(alike), begins_on) == (count, side)
