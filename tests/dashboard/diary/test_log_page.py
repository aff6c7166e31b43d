"""The Log page: two taps for a morning, one for none, undo, back-fill, after a run, and no analysis."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import dashboard
from connectors.frames import ACTIVITY, SYMPTOM
from connectors.ingest.diary_csv import parse_diary, write_diary
from connectors.store import open_store
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry
from dashboard.shared import text as shared_text


@pytest.fixture
def log(store, open_page):
    return open_page("log")


@pytest.fixture
def today() -> date:
    return datetime.now().astimezone().date()


def entry(store, athlete_id, day):
    rows = [one for one in store.read(SYMPTOM, athlete_id).to_dicts() if one["date"] == day]
    return rows[0] if rows else None


def field(app, start: str):
    return next(
        one for kind in (app.button_group, app.text_input) for one in kind if one.key.startswith(start)
    )


def tap(app, start: str, value):
    field(app, start).set_value(value).run()
    assert not app.exception
    return app


def said(app) -> str:
    return "\n".join(
        str(one.value) for kind in (app.success, app.markdown, app.caption, app.info) for one in kind
    )


def test_it_opens_on_the_question_and_nothing_is_chosen_beforehand(log):
    first = log.button_group[1]
    assert first.key.startswith("stiffness_")
    assert first.value is None
    assert not [one for one in log.button_group if one.key.startswith("minutes_")]


def test_it_saves_on_the_second_tap_and_not_before(log, store, athlete_id, today):
    tap(log, "stiffness_", 3)
    assert entry(store, athlete_id, today) is None
    tap(log, "minutes_", "5-15")
    kept = entry(store, athlete_id, today)
    assert (kept["morning_stiffness_0_10"], kept["morning_stiffness_band"]) == (3, "5-15")
    assert (kept["morning_stiffness_min"], kept["is_same_as_before"]) == (10, False)
    assert (kept["morning_pain_0_10"], kept["pain_after_0_10"], kept["side"]) == (None, None, None)
    assert "Saved, today: stiffness 3 of 10, stiff for 5 to 15 min." in said(log)
    assert not [button for button in log.button if button.label == "Save"]


def test_no_stiffness_is_one_tap(log, store, athlete_id, today):
    tap(log, "stiffness_", 0)
    kept = entry(store, athlete_id, today)
    assert (kept["morning_stiffness_0_10"], kept["morning_stiffness_band"], kept["morning_pain_0_10"]) == (
        0,
        "0",
        None,
    )


def test_none_today_is_one_tap_says_nothing_of_a_run_and_undo_takes_it_back(log, store, athlete_id, today):
    before = store.read(SYMPTOM, athlete_id)
    log.button(key="none_today").click().run()
    kept = entry(store, athlete_id, today)
    assert (kept["morning_stiffness_0_10"], kept["morning_pain_0_10"], kept["pain_after_0_10"]) == (
        0,
        0,
        None,
    )
    log.button(key="undo_entry").click().run()
    assert store.read(SYMPTOM, athlete_id).equals(before)
    assert field(log, "stiffness_").value is None


def test_same_as_yesterday_is_offered_only_where_there_is_one_and_kept_as_such(
    store, athlete_id, open_page, today
):
    app = open_page("log")
    assert "same_as_before" not in [button.key for button in app.button]
    yesterday = today - timedelta(1)
    entries.save_entry(
        store, athlete_id, SymptomEntry(yesterday, "left", "insertion", 4.0, morning_stiffness_band="15-30")
    )
    app.run()
    app.button(key="same_as_before").click().run()
    kept = entry(store, athlete_id, today)
    assert (kept["side"], kept["site"], kept["morning_stiffness_band"]) == ("left", "insertion", "15-30")
    assert kept["is_same_as_before"] is True


def test_a_half_made_entry_is_there_after_a_new_start_and_still_takes_one_tap(
    log, store, athlete_id, today, open_page
):
    tap(log, "stiffness_", 6)
    again = open_page("log")
    assert field(again, "stiffness_").value == 6
    tap(again, "minutes_", ">30")
    assert entry(store, athlete_id, today)["morning_stiffness_0_10"] == 6
    assert entries.load_draft(store, athlete_id, today) is None


def test_a_tap_taken_back_is_forgotten(log, store, athlete_id, today):
    tap(log, "stiffness_", 6)
    tap(log, "stiffness_", None)
    assert entries.load_draft(store, athlete_id, today) is None
    assert not [one for one in log.button_group if one.key.startswith("minutes_")]


def test_what_may_follow_is_kept_as_it_is_given(log, store, athlete_id, today):
    log.button(key="none_today").click().run()
    tap(log, "morning_pain", 2)
    tap(log, "site", "insertion")
    tap(log, "note", " stairs ")
    tap(log, "side", "right")
    kept = entry(store, athlete_id, today)
    assert (kept["morning_pain_0_10"], kept["site"], kept["note"], kept["side"]) == (
        2,
        "insertion",
        "stairs",
        "right",
    )
    assert store.read(SYMPTOM, athlete_id).filter(pl.col("date") == today).height == 1


def test_undo_goes_back_step_by_step_to_the_first_answer_of_the_day(log, store, athlete_id, today):
    log.button(key="none_today").click().run()
    tap(log, "morning_pain", 2)
    log.button(key="undo_entry").click().run()
    assert entry(store, athlete_id, today)["morning_pain_0_10"] == 0
    log.button(key="undo_entry").click().run()
    assert entry(store, athlete_id, today) is None
    assert not [button for button in log.button if button.key == "undo_entry"]


def test_a_missed_day_is_filled_in_from_the_strip(log, store, athlete_id, today):
    missed = today - timedelta(5)
    strip = field(log, "strip_")
    assert len(strip.options) == 14
    assert all("○ open" in option for option in strip.options)
    tap(log, "strip_", missed)
    tap(log, "stiffness_", 2)
    tap(log, "minutes_", "<5")
    assert entry(store, athlete_id, missed)["morning_stiffness_band"] == "<5"
    assert entry(store, athlete_id, today) is None
    logged = [option for option in field(log, "strip_").options if "● logged" in option]
    assert len(logged) == 1
    assert f"{missed:%a}" in logged[0]


def test_a_change_can_be_left_or_made(log, store, athlete_id, today):
    log.button(key="none_today").click().run()
    log.button(key="change_entry").click().run()
    log.button(key="leave_entry").click().run()
    assert entry(store, athlete_id, today)["morning_stiffness_0_10"] == 0
    log.button(key="change_entry").click().run()
    tap(log, "stiffness_", 5)
    tap(log, "minutes_", "15-30")
    assert entry(store, athlete_id, today)["morning_stiffness_band"] == "15-30"


def run_of(store, athlete_id, day: date) -> str:
    """Copy the newest run to another day."""
    row = store.read(ACTIVITY, athlete_id).sort("local_date").row(-1, named=True)
    moved = {
        **row,
        "activity_id": f"run-{day}",
        "source_id": f"run-{day}",
        "local_date": day,
        "start_utc": row["start_utc"] + (day - row["local_date"]),
        "distance_m": 8200.0,
    }
    store.write(ACTIVITY, pl.DataFrame([moved], schema=ACTIVITY.schema))
    return moved["activity_id"]


def test_the_morning_says_which_run_it_follows(store, athlete_id, open_page, today):
    run_of(store, athlete_id, today - timedelta(1))
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert "The day after the run of" in said(app)
    assert "8.2 km" in said(app)
    assert "Secret street loop" not in said(app)


def test_after_a_run_every_answer_is_kept_and_can_be_undone(store, athlete_id, open_page, today):
    name = run_of(store, athlete_id, today)
    app = open_page("log")
    tap(app, "when", "After a run")
    assert f"{today:%A}, 8.2 km" in list(field(app, "which_run").options)
    tap(app, "effort_", 7)
    run = store.activities(athlete_id).filter(pl.col("activity_id") == name).row(0, named=True)
    assert run["perceived_exertion_0_10"] == 7
    app.button(key="undo_run").click().run()
    run = store.activities(athlete_id).filter(pl.col("activity_id") == name).row(0, named=True)
    assert run["perceived_exertion_0_10"] is None
    assert not [one for one in app.button_group if one.key.startswith("warmed_up")]
    tap(app, "pain_start", 4)
    tap(app, "warmed_up", True)
    tap(app, "pain_after", 1)
    kept = entry(store, athlete_id, today)
    assert (kept["pain_start_0_10"], kept["warmed_up"], kept["pain_after_0_10"]) == (4, True, 1)
    assert kept["morning_stiffness_0_10"] is None
    tap(app, "when", "Morning")
    tap(app, "stiffness_", 0)
    kept = entry(store, athlete_id, today)
    assert (kept["morning_stiffness_0_10"], kept["pain_start_0_10"]) == (0, 4)


def test_a_run_not_on_record_yet_can_be_spoken_of(log, store, athlete_id, today):
    tap(log, "when", "After a run")
    tap(log, "pain_during", 2)
    assert entry(store, athlete_id, today)["pain_during_0_10"] == 2


def test_signs_that_need_care_are_answered_and_never_kept(log, store, athlete_id):
    before = store.version(athlete_id)
    log.session_state["something_else"] = True
    log.run()
    for signs, answer in (
        (shared_text.SIGNS_NOW, shared_text.SEEK_CARE_NOW),
        (shared_text.SIGNS_SOON, shared_text.SEEK_CARE_SOON),
    ):
        tap(log, "signs", [signs[-1]])
        assert answer in said(log)
    assert store.version(athlete_id) == before


@pytest.mark.parametrize(
    "name", ["diary/log_page", "diary/morning_form", "diary/after_run_form", "diary/events_page"]
)
def test_the_page_computes_no_analysis_and_draws_nothing(name):
    text = (Path(dashboard.__file__).parent / f"{name}.py").read_text()
    asked = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    assert not asked & {"analysis", "explanation", "plotly_chart", "is_narrow"}


def test_symptom_words_stay_out_of_the_address(log):
    tap(log, "stiffness_", 3)
    assert set(log.query_params) == {"runner"}
    tap(log, "minutes_", "<5")
    assert set(log.query_params) == {"runner"}


def test_a_first_entry_in_an_empty_store_starts_a_record(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert not app.exception
    store = open_store(home)
    assert store.read(SYMPTOM, store.runner().athlete_id).height == 1


def test_the_diary_leaves_as_a_file_and_comes_back(log, store, athlete_id, today):
    tap(log, "stiffness_", 3)
    tap(log, "minutes_", "<5")
    rows = store.read(SYMPTOM, athlete_id)
    back = parse_diary(write_diary(rows), athlete_id, datetime.now().astimezone()).symptoms
    order = ["date", "side"]
    assert back.drop("fetched_utc").sort(order).equals(rows.drop("fetched_utc").sort(order))
