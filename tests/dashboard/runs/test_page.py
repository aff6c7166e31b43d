"""The Runs page without a browser: one tap, a group, the table's bulk value, a run by hand, history."""

from __future__ import annotations

from datetime import date, time

import polars as pl
import pytest

from connectors.frames import ACTIVITY, EDIT, SHOE
from connectors.store import open_store
from dashboard.runs import manual_runs, page


@pytest.fixture
def forgetful(store, athlete_id):
    missing = store.read(ACTIVITY, athlete_id).gather_every(10).with_columns(shoe_id=pl.lit(None, pl.String))
    store.write(ACTIVITY, missing)
    return store


def without(store, athlete_id) -> int:
    return store.activities(athlete_id)["shoe_id"].null_count()


def button(app, start: str):
    return next(one for one in app.button if (one.key or "").startswith(start))


def clicked(app, start: str):
    button(app, start).click().run()
    assert not app.exception
    return app


def test_an_empty_store_shows_the_form_alone(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("runs")
    assert "Import your runs" in app.info[0].value
    assert "Import my runs" in [one.proto.label for one in app.get("page_link")]
    app.number_input(key="run_distance_0").set_value(7.5)
    clicked(app, "add_run_0")
    with open_store(home) as store:
        (row,) = manual_runs.list_manual_runs(store, store.runner().athlete_id)
    assert row["distance_m"] == 7500.0
    assert "The run was added." in [one.value for one in app.success]


def test_the_made_up_runner_has_runs_to_ask_about(demo, open_page):
    app = open_page("runs")
    assert [one.value for one in app.header] == [
        "The latest runs",
        "Which shoe?",
        "Pairs to look at",
        "Data quality",
        "Add a run by hand",
        "Edits",
    ]
    links = "".join(one.value for one in app.get("html") if "hw-parts" in one.value)
    assert all(
        f"href='#{part}'" in links for part in ("the-latest-runs", "which-shoe", "data-quality", "edits")
    )
    assert button(app, "tap_")
    assert button(app, "fix_missing_").label.startswith("Change ")


def test_one_tap_gives_a_pair_and_undo_takes_it_back(forgetful, athlete_id, open_page):
    app = clicked(open_page("runs"), "tap_")
    assert without(forgetful, athlete_id) == 5
    assert app.success[0].value == "Saved. Run of 11 Apr 2026: shoe Plain Pacer 3."
    clicked(app, "undo_which_shoe")
    assert without(forgetful, athlete_id) == 6
    clicked(app, "take_")
    assert without(forgetful, athlete_id) == 5


def test_skip_asks_no_more_and_who_decides_is_kept(forgetful, athlete_id, open_page):
    app = open_page("runs")
    app.segmented_control(key="decided_by").set_value("therapist").run()
    clicked(app, "skip_")
    assert forgetful.read(EDIT, athlete_id)["decided_by"].to_list() == ["therapist"]
    assert without(forgetful, athlete_id) == 6
    assert not [one for one in app.button if "20260411" in (one.key or "")]


def test_a_group_is_fixed_with_one_click(forgetful, athlete_id, open_page):
    app = open_page("runs")
    assert button(app, "fix_missing_").label == "Change 6 runs"
    clicked(app, "fix_missing_")
    assert without(forgetful, athlete_id) == 0
    assert app.success[0].value == "Saved. 6 runs: shoe Plain Pacer 3."


def test_a_rule_is_added_in_the_runners_unit_and_removed(forgetful, athlete_id, open_page):
    forgetful.set_settings(athlete_id, {"distance_unit": "mi"})
    app = open_page("runs")
    app.selectbox(key="rule_shoe_0").set_value("pair")
    clicked(app, "add_rule_0")
    assert "at least one thing" in app.warning[0].value
    app.number_input(key="rule_least_0").set_value(3.0)
    app.text_input(key="rule_quick_0").set_value("soon")
    clicked(app, "add_rule_0")
    assert "is not a duration" in app.error[0].value
    app.text_input(key="rule_quick_0").set_value("9:00")
    clicked(app, "add_rule_0")
    assert any("at least 3.0 mi, 9:00 /mi or quicker → Plain Pacer 3" in one.value for one in app.markdown)
    clicked(app, "remove_rule_0")
    assert "shoe_rules" not in forgetful.settings(athlete_id)


def test_one_value_is_set_for_every_run_listed(forgetful, athlete_id, open_page):
    app = open_page("runs")
    app.selectbox(key="all_field").set_value("surface").run()
    app.selectbox(key="all_surface").set_value("road").run()
    assert "14 of 14 would change." in [one.value for one in app.caption]
    clicked(app, "save_all")
    assert app.success[0].value == "Saved. 14 runs: surface Road."
    assert forgetful.activities(athlete_id)["surface"].drop_nulls().len() == 14
    assert app.button(key="save_runs").disabled


def test_a_run_by_hand_is_added_asked_about_corrected_and_removed(store, athlete_id, open_page):
    app = open_page("runs")
    app.date_input(key="run_day_0").set_value(date(2026, 4, 30))
    clicked(app, "add_run_0")
    assert "needs a distance or a duration" in app.error[0].value
    app.time_input(key="run_start_0").set_value(time(7, 30))
    app.text_input(key="run_duration_0").set_value("44:10")
    clicked(app, "add_run_0")
    assert manual_runs.list_manual_runs(store, athlete_id)[0]["moving_s"] == 2650.0
    app.date_input(key="run_day_1").set_value(date(2026, 4, 30))
    app.time_input(key="run_start_1").set_value(time(7, 30))
    app.number_input(key="run_distance_1").set_value(8.0)
    clicked(app, "add_run_1")
    assert any("You already entered a run at that time" in one.value for one in app.markdown)
    clicked(app, "run_replace")
    (row,) = manual_runs.list_manual_runs(store, athlete_id)
    assert (row["distance_m"], row["moving_s"]) == (8000.0, None)
    clicked(app, "correct_")
    assert app.time_input(key="run_start_3").value == time(7, 30)
    app.number_input(key="run_effort_3").set_value(5.0)
    clicked(app, "add_run_3")
    (row,) = manual_runs.list_manual_runs(store, athlete_id)
    assert (row["distance_m"], row["perceived_exertion_0_10"]) == (8000.0, 5.0)
    clicked(app, "remove_2026")
    assert manual_runs.list_manual_runs(store, athlete_id) == []
    clicked(app, "undo_run")
    assert len(manual_runs.list_manual_runs(store, athlete_id)) == 1


def test_feel_and_contact_balance_are_columns_where_a_run_has_them(store, athlete_id, open_page):
    rows = store.read(ACTIVITY, athlete_id).sort("start_utc").tail(1)
    known = rows.with_columns(feel_0_100=pl.lit(25.0), contact_left_pct=pl.lit(48.62))
    store.write(ACTIVITY, known)
    open_page("runs")
    columns = page._columns({}, known.to_dicts())
    assert (columns["feel"], columns["contact"]) == ("Felt", "Contact L/R")
    hidden = page._columns({}, rows.to_dicts())
    assert (hidden["feel"], hidden["contact"]) == (None, None)


def test_the_pair_given_to_a_group_is_the_one_in_the_field_at_the_press(forgetful, athlete_id, open_page):
    pair = forgetful.read(SHOE, athlete_id).with_columns(
        shoe_id=pl.lit("second"), source_id=pl.lit("second"), name=pl.lit("Plain Racer 1")
    )
    forgetful.write(SHOE, pair)
    app = open_page("runs")
    field = next(one for one in app.selectbox if (one.key or "").startswith("pair_missing_"))
    field.set_value("second")
    clicked(app, "fix_missing_")
    worn = forgetful.activities(athlete_id)["shoe_id"].to_list()
    assert worn.count("second") == 6
