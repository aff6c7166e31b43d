"""The day beside the picture: what was felt, run and written, and a note for the day and runner that were drawn."""

from __future__ import annotations

from datetime import date

import pytest
from page_runner import MAIN, address
from streamlit.testing.v1 import AppTest

from connectors.frames import EVENT
from dashboard.diary import entries

DAY = date(2026, 4, 28)


@pytest.fixture
def on_day(store, athlete_id):
    def show(day: str = str(DAY)) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        address(app, "timeline")
        app.query_params["runner"], app.query_params["day"] = str(athlete_id), day
        app.run()
        assert not app.exception
        return app

    return show


def sent(app: AppTest) -> str:
    return " ".join(str(one.value) for kind in (app.get("html"), app.markdown, app.text) for one in kind)


def test_a_day_of_the_address_is_open_with_its_symptoms(store, athlete_id, on_day):
    assert "No symptoms logged on this day." in sent(on_day())
    entries.save_entry(store, athlete_id, entries.nothing_felt_on(DAY, "left"))
    assert "no stiffness and no pain" in sent(on_day())


def test_without_a_day_there_is_no_panel_and_closing_takes_it_out_of_the_address(on_day, open_page):
    assert not [one for one in open_page("timeline").button if one.key == "day_close"]
    app = on_day()
    app.button(key="day_close").click().run()
    assert "day" not in app.query_params
    assert not [one for one in app.button if one.key == "day_close"]


def test_the_arrows_step_by_a_day_and_a_typed_day_is_opened(on_day):
    app = on_day()
    app.button(key="day_left").click().run()
    assert app.query_params["day"] == "2026-04-27"
    app.date_input(key="day_looked_at").set_value(date(2026, 4, 20)).run()
    assert app.query_params["day"] == "2026-04-20"
    assert "20 Apr 2026" in sent(app)


@pytest.mark.parametrize("day", ["yesterday", "1999-01-01", "2999-01-01"])
def test_a_day_that_is_none_or_beyond_the_record_opens_the_nearest(on_day, day):
    assert on_day(day).date_input(key="day_looked_at").value is not None


def test_a_note_is_an_event_of_the_day_and_can_be_undone(store, athlete_id, on_day):
    app = on_day()
    (field,) = [one for one in app.text_input if one.label == "Add a note"]
    field.set_value("long drive").run()
    (row,) = store.read(EVENT, athlete_id).to_dicts()
    assert (row["date"], row["kind"], row["note"]) == (DAY, "other", "long drive")
    assert "long drive" in sent(app)
    next(one for one in app.button if one.label == "Undo").click().run()
    assert store.read(EVENT, athlete_id).is_empty()
