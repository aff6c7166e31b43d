"""The Strength page: one tap for the same as last time, a form, undo, and a programme against the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors.ingest.pipeline import import_paths
from dashboard.strength import programmes, sets
from dashboard.strength.templates import TEMPLATES

NAME = "Seated heel raise"
DONE = {"exercise": NAME, "side": "left", "repetitions": 12, "load_kg": 20.0, "kind": "slow_heavy"}


def today():
    return datetime.now().astimezone().date()


@pytest.fixture
def opened(store, athlete_id, open_page):
    sets.save_sets(store, athlete_id, [{**DONE, "date": today() - timedelta(2), "pain_0_10": 2.0}] * 3)
    return open_page("strength")


def said(app) -> str:
    drawn = [str(one.proto.body) for one in app.get("html")]
    return "\n".join(
        [*(str(one.value) for kind in (app.markdown, app.caption, app.success) for one in kind), *drawn]
    )


def test_the_same_as_last_time_is_one_tap_and_undo_takes_it_back(opened, store, athlete_id):
    assert opened.selectbox(key="exercise").value == NAME
    assert "3 × 12, 20 kg, left, pain 2" in said(opened)
    assert "0.5 × body weight" in said(opened)
    opened.button(key="same_sets").click().run()
    rows = sets.sets_on_day(store, athlete_id, today())
    assert [(row["repetitions"], row["load_kg"], row["pain_0_10"]) for row in rows] == [(12, 20.0, None)] * 3
    assert "3 × 12, 20 kg, left" in said(opened)
    opened.button(key="undo_sets").click().run()
    assert sets.sets_on_day(store, athlete_id, today()) == []
    assert not opened.exception


def test_a_form_filled_in_from_last_time_keeps_what_was_changed(opened, store, athlete_id):
    key = f"{NAME}_0"
    assert opened.number_input(key=f"repetitions_{key}").value == 12
    assert not opened.button_group(key=f"pain_{key}").value
    opened.number_input(key=f"count_{key}").set_value(2)
    opened.number_input(key=f"load_{key}").set_value(22.5)
    opened.button_group(key=f"pain_{key}").set_value(1)
    opened.button(key=f"save_{key}").click().run()
    assert not opened.exception
    rows = sets.sets_on_day(store, athlete_id, today())
    assert [(row["set_number"], row["load_kg"], row["pain_0_10"], row["kind"]) for row in rows] == [
        (1, 22.5, 1.0, "slow_heavy"),
        (2, 22.5, 1.0, "slow_heavy"),
    ]
    opened.button(key=f"remove_{NAME}").click().run()
    assert sets.sets_on_day(store, athlete_id, today()) == []


def test_pounds_are_kept_as_kilograms(store, athlete_id, open_page):
    store.set_settings(athlete_id, {"weight_unit": "lb"})
    opened = open_page("strength")
    name = opened.selectbox(key="exercise").value
    opened.number_input(key=f"load_{name}_0").set_value(45.0)
    opened.button(key=f"save_{name}_0").click().run()
    assert sets.sets_on_day(store, athlete_id, today())[0]["load_kg"] == pytest.approx(20.41)
    assert "45 lb" in said(opened)


def test_a_programme_is_started_followed_and_stopped(opened, store, athlete_id):
    opened.button_group(key="template").set_value(TEMPLATES[0].name)
    opened.button(key="begin_programme").click().run()
    assert not opened.exception
    assert len(programmes.programme_rows(store, athlete_id)) == len(TEMPLATES[0].steps)
    assert "0 of 3 planned days and 0 of 27 planned sets" in said(opened)
    assert TEMPLATES[0].source in said(opened)
    assert opened.selectbox(key="exercise").options[0] == TEMPLATES[0].steps[0].exercise
    key = f"stop_{TEMPLATES[0].name}_{today()}"
    opened.button(key=key).click().run()
    assert {row["week_to"] for row in programmes.programme_rows(store, athlete_id)} == {1}
    opened.button(key="undo_programme").click().run()
    assert max(row["week_to"] for row in programmes.programme_rows(store, athlete_id)) == 12


def test_nothing_of_it_is_in_the_address(opened):
    opened.button(key="same_sets").click().run()
    assert set(opened.query_params) <= {"runner", "tab"}


def test_a_name_no_table_knows_is_asked_once(store, athlete_id, open_page, tmp_path):
    log = tmp_path / "fitnotes.csv"
    log.write_text("Date,Exercise,Category,Weight (kgs),Reps\n2026-05-04,Heel thing,Legs,40,12\n")
    import_paths(store, athlete_id, [log])
    app = open_page("strength")
    assert not app.exception
    app.selectbox(key="exercise_is_Heel thing").set_value(NAME).run()
    app.button(key="remember_exercise_Heel thing").click().run()
    assert not app.exception
    assert sets.load_strength(store, athlete_id)["exercise"].to_list() == [NAME]
    assert "Which exercises are these" not in said(app)
    assert import_paths(store, athlete_id, [log]).unknown_exercises == {}


def test_what_the_guideline_grades_and_what_nobody_tested_stands_below_the_programmes(opened):
    told = " ".join(caption.value for caption in opened.caption)
    assert "10.2519/jospt.2024.0302" in told
    assert "Loading of the tendon as the first treatment. (grade A)" in told
    assert "no trial has tested the order" in told
    assert "bent and with a straight knee" in told


def test_three_left_and_three_right_are_three_on_both_and_not_six(store, athlete_id, open_page):
    day = today() - timedelta(2)
    sides = [{**DONE, "side": side, "date": day} for side in ("left", "right")] * 3
    sets.save_sets(store, athlete_id, sides)
    app = open_page("strength")
    assert app.number_input(key=f"count_{NAME}_0").value == 3
    assert app.button_group(key=f"side_{NAME}_0").value == "both"
    app.button(key=f"save_{NAME}_0").click().run()
    rows = sets.sets_on_day(store, athlete_id, today())
    assert [(row["side"], row["repetitions"]) for row in rows] == [("both", 12)] * 3


def test_the_same_sets_go_to_the_date_typed_with_the_same_press(opened, store, athlete_id):
    typed = today() - timedelta(days=1)
    opened.date_input(key="strength_date").set_value(typed)
    opened.button(key="same_sets").click().run()
    assert not opened.exception
    assert len(sets.sets_on_day(store, athlete_id, typed)) == 3
    assert sets.sets_on_day(store, athlete_id, today()) == []
