"""Programmes of a runner: started, edited, stopped, taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.errors import HeelwiseError
from dashboard.shared.units import Units
from dashboard.strength import programmes
from dashboard.strength.templates import TEMPLATES, certainty
from dashboard.strength.text import programme_about

START = date(2026, 4, 6)
HEAVY = TEMPLATES[0]


@pytest.fixture
def begun(store, athlete_id):
    programmes.start_programme(store, athlete_id, HEAVY, START, "therapist")
    return store


def plain(rows):
    return [{name: row[name] for name in (*programmes.EDITABLE_COLUMNS, "decided_by")} for row in rows]


def test_it_begins_as_the_template_and_not_twice(begun, athlete_id):
    rows = programmes.programme_rows(begun, athlete_id)
    assert len(rows) == len(HEAVY.steps)
    assert {row["decided_by"] for row in rows} == {"therapist"}
    assert HEAVY.source in " ".join(programme_about(rows))
    with pytest.raises(HeelwiseError, match="already"):
        programmes.start_programme(begun, athlete_id, HEAVY, START, "runner")


def test_an_edit_names_who_set_the_row_and_keeps_the_others(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    shown = [programmes.rows_shown(row, Units()) for row in before]
    changed = {
        "edited_rows": {"0": {"repetitions": 12, "load": 30.0}},
        "added_rows": [{"exercise": "Two-leg hop", "week_from": 9, "week_to": 12, "sets": 2}, {"sets": 3}],
        "deleted_rows": [1],
    }
    change = programmes.edit_programme(
        begun, athlete_id, before, programmes.rows_merged(shown, changed, Units()), "runner"
    )
    rows = programmes.programme_rows(begun, athlete_id)
    assert plain(sorted(change.rows, key=lambda row: row["source_id"])) == plain(
        sorted(rows, key=lambda row: row["source_id"])
    )
    assert len(rows) == len(before)
    (first,) = [row for row in rows if row["repetitions"] == 12 and row["week_from"] == 1]
    assert (first["load_kg"], first["decided_by"]) == (30.0, "runner")
    (hop,) = [row for row in rows if row["exercise"] == "Two-leg hop"]
    assert (hop["kind"], hop["times_per_week"], hop["decided_by"]) == ("plyometric", None, "runner")
    assert sum(row["decided_by"] == "therapist" for row in rows) == len(before) - 2
    change.undo(begun)
    assert plain(programmes.programme_rows(begun, athlete_id)) == plain(before)


@pytest.mark.parametrize("after", [[], [{"exercise": "Hop", "week_from": 4, "week_to": 2}]])
def test_what_makes_no_plan_is_refused(begun, athlete_id, after):
    before = programmes.programme_rows(begun, athlete_id)
    with pytest.raises(HeelwiseError):
        programmes.edit_programme(begun, athlete_id, before, after, "runner")
    assert programmes.programme_rows(begun, athlete_id) == before


def test_a_stop_keeps_the_weeks_gone_by(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    change = programmes.stop_programme(begun, athlete_id, before, START + timedelta(weeks=3))
    rows = programmes.programme_rows(begun, athlete_id)
    assert {(row["week_from"], row["week_to"]) for row in rows} == {(1, 1), (2, 3), (4, 4)}
    assert not programmes.is_running(rows, START + timedelta(weeks=4))
    change.undo(begun)
    assert plain(programmes.programme_rows(begun, athlete_id)) == plain(before)


def test_a_stop_before_the_start_leaves_nothing(begun, athlete_id):
    programmes.stop_programme(
        begun, athlete_id, programmes.programme_rows(begun, athlete_id), START - timedelta(1)
    )
    assert programmes.programme_rows(begun, athlete_id) == []


def test_what_is_planned_for_a_week_is_named(begun, athlete_id):
    rows = programmes.programme_rows(begun, athlete_id)
    names = {step.exercise for step in HEAVY.steps}
    assert set(programmes.exercises_on(rows, START + timedelta(weeks=2))) == names
    assert programmes.exercises_on(rows, START - timedelta(1)) == []


def test_a_held_week_is_undone_whole_and_its_numbers_stay_the_studys(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    change = programmes.hold_programme(begun, athlete_id, before, START + timedelta(days=3))
    rows = programmes.programme_rows(begun, athlete_id)
    assert {(row["week_from"], row["week_to"]) for row in rows} == {(1, 2), (3, 4), (5, 6), (7, 9), (10, 13)}
    about = " ".join(programme_about(rows))
    assert "Its weeks were held, moved on or edited since." in about
    assert "Edited since: those numbers" not in about
    change.undo(begun)
    assert plain(programmes.programme_rows(begun, athlete_id)) == plain(before)


def test_the_next_step_is_moved_forward(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    programmes.move_programme_on(begun, athlete_id, before, START + timedelta(weeks=5))
    rows = programmes.programme_rows(begun, athlete_id)
    assert {(row["week_from"], row["week_to"]) for row in rows} == {(1, 1), (2, 3), (4, 5), (6, 6), (7, 10)}


def test_another_programme_takes_its_place_in_one_write(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    day = START + timedelta(weeks=2)
    change = programmes.change_programme(begun, athlete_id, before, TEMPLATES[1], day, "therapist")
    parted = programmes.by_programme(programmes.programme_rows(begun, athlete_id))
    assert set(parted) == {(HEAVY.name, START), (TEMPLATES[1].name, day)}
    assert programmes.last_week(parted[HEAVY.name, START]) == 2
    assert len(parted[TEMPLATES[1].name, day]) == len(TEMPLATES[1].steps)
    change.undo(begun)
    assert plain(programmes.programme_rows(begun, athlete_id)) == plain(before)


def test_a_change_on_the_first_day_leaves_nothing_of_the_first(begun, athlete_id):
    before = programmes.programme_rows(begun, athlete_id)
    programmes.change_programme(begun, athlete_id, before, HEAVY, START, "runner")
    rows = programmes.programme_rows(begun, athlete_id)
    assert len(rows) == len(HEAVY.steps)
    assert {row["decided_by"] for row in rows} == {"runner"}


def test_a_change_to_one_that_runs_beside_is_refused(begun, athlete_id):
    programmes.start_programme(begun, athlete_id, TEMPLATES[1], START, "runner")
    parted = programmes.by_programme(programmes.programme_rows(begun, athlete_id))
    with pytest.raises(HeelwiseError, match="already"):
        programmes.change_programme(
            begun, athlete_id, parted[HEAVY.name, START], TEMPLATES[1], START, "runner"
        )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_for_pain_at_the_heel_bone_nothing_goes_below_the_floor(store, athlete_id, template):
    programmes.start_programme(store, athlete_id, template, START, "therapist", on_floor=True)
    rows = programmes.programme_rows(store, athlete_id)
    assert programmes.is_on_floor(rows)
    lowered = [row for row in rows if row["exercise"].startswith("Heel drop")]
    assert all("on the floor, the heel not below it" in row["note"] for row in lowered)
    assert not any("edge of a step" in (row["note"] or "").lower() for row in rows)
    assert {certainty(row) for row in rows} <= {"printed", "passed_on", "unsourced"}


def test_a_programme_under_way_is_put_on_the_floor_once(store, athlete_id):
    programmes.start_programme(store, athlete_id, TEMPLATES[1], START, "therapist")
    rows = programmes.programme_rows(store, athlete_id)
    assert not programmes.is_on_floor(rows)
    programmes.put_on_floor(store, athlete_id, rows)
    rows = programmes.programme_rows(store, athlete_id)
    assert programmes.is_on_floor(rows)
    assert programmes.put_on_floor(store, athlete_id, rows).outcome == "unchanged"


@pytest.mark.parametrize(
    "write",
    [
        programmes.hold_programme,
        programmes.move_programme_on,
        programmes.stop_programme,
        lambda store, athlete, rows, day: programmes.put_on_floor(store, athlete, rows),
        lambda store, athlete, rows, day: programmes.change_programme(
            store, athlete, rows, TEMPLATES[1], day, "runner"
        ),
    ],
)
def test_what_another_window_changed_is_not_written_over(begun, athlete_id, write):
    drawn = programmes.programme_rows(begun, athlete_id)
    day = START + timedelta(weeks=4)
    programmes.hold_programme(begun, athlete_id, drawn, day)
    before = programmes.programme_rows(begun, athlete_id)
    with pytest.raises(HeelwiseError, match="in another window"):
        write(begun, athlete_id, drawn, day)
    assert programmes.programme_rows(begun, athlete_id) == before
