"""The Log page: one tap for none, a form that presumes nothing, undo."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.frames import SYMPTOM
from connectors.store import open_store


@pytest.fixture
def log(store, open_page):
    return open_page("log")


def rows(store, athlete_id):
    return {one["date"]: one for one in store.read(SYMPTOM, athlete_id).to_dicts()}


def test_nothing_is_chosen_beforehand(log):
    assert len(log.button_group) >= 7
    assert not [one.value for one in log.button_group if one.value]


def test_none_today_is_one_tap_and_undo_takes_it_back(log, store, athlete_id):
    before = rows(store, athlete_id)
    log.button(key="none_today").click().run()
    new = set(rows(store, athlete_id)) - set(before)
    assert len(new) == 1
    entry = rows(store, athlete_id)[new.pop()]
    assert (entry["morning_stiffness_0_10"], entry["morning_pain_0_10"], entry["pain_after_0_10"]) == (
        0,
        0,
        0,
    )
    log.button(key="undo_entry").click().run()
    assert rows(store, athlete_id) == before


def test_an_entry_keeps_what_was_chosen_and_leaves_the_rest_unknown(log, store, athlete_id):
    log.date_input(key="log_date").set_value(date(2025, 5, 2)).run()
    log.button_group(key="stiffness_0").set_value(3)
    log.button_group(key="minutes_0").set_value(15)
    log.button_group(key="side_0").set_value("right")
    log.text_area(key="note_0").set_value("stairs")
    log.button(key="save_0").click().run()
    assert not log.exception
    entry = rows(store, athlete_id)[date(2025, 5, 2)]
    assert (entry["morning_stiffness_0_10"], entry["morning_stiffness_min"], entry["side"]) == (
        3,
        15,
        "right",
    )
    assert entry["note"] == "stairs"
    assert entry["morning_pain_0_10"] is None


def test_an_empty_form_saves_nothing_and_says_so(log, store, athlete_id):
    before = rows(store, athlete_id)
    log.button(key="save_0").click().run()
    assert "nothing was saved" in log.warning[0].value
    assert rows(store, athlete_id) == before


def test_symptom_words_stay_out_of_the_address(log):
    log.button(key="none_today").click().run()
    assert not log.query_params


def test_a_first_entry_in_an_empty_store_starts_a_record(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    app = open_page("log")
    app.button(key="none_today").click().run()
    assert not app.exception
    store = open_store(home)
    assert store.read(SYMPTOM, store.runner().athlete_id).height == 1
