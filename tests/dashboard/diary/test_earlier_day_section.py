"""A morning from before the last fortnight is filled in like any other, and named by its date."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from connectors.frames import SYMPTOM


def test_a_day_of_last_year_is_filled_in_by_the_same_taps(store, athlete_id, open_page):
    day = date.today() - timedelta(days=400)
    app = open_page("log")
    (field,) = [one for one in app.date_input if one.label == "An earlier day"]
    field.set_value(day).run()
    assert not app.exception
    assert any(f"You are filling in {day.day} {day:%b} {day.year}." in one.value for one in app.caption)
    app.button(key="none_today").click().run()
    assert not app.exception
    stored = store.read(SYMPTOM, athlete_id).filter(pl.col("date") == day)
    assert stored["morning_stiffness_0_10"].to_list() == [0.0]
    app.button(key="back_to_today").click().run()
    assert not app.exception
    assert not any("You are filling in" in one.value for one in app.caption)
    assert "this morning" in " ".join(one.label for one in app.pills)


def test_the_days_of_the_strip_are_not_asked_for_twice(store, open_page):
    (field,) = [one for one in open_page("log").date_input if one.label == "An earlier day"]
    assert field.max == date.today() - timedelta(days=14)
