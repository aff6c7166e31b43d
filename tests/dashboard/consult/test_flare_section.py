"""Choosing the flare: buttons, Enter, a day more or less, a typed date that is none; and the opinions of each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.store import open_store
from dashboard.shared import onset_edits, opinions, session


def flare_of(app) -> date | None:
    return app.session_state["consult_onset"][1] if "consult_onset" in app.session_state else None


def window(app) -> tuple[date, date]:
    return tuple(date.fromisoformat(app.query_params[name]) for name in ("from", "to"))


def pressed(app) -> str:
    return app.pills(key="consult_flare").value


def test_it_opens_around_the_newest_flare(demo, open_step):
    app = open_step("consult_timeline")
    onset = app.pills(key="consult_flare").value
    assert isinstance(onset, date)
    assert app.segmented_control(key="window").value == "Around this flare"
    assert app.segmented_control(key="window").options[0] == "Around this flare"
    assert window(app) == (onset - timedelta(days=84), onset + timedelta(days=28))


@pytest.mark.parametrize("chosen", ["4 weeks", "16 weeks", "Around this flare"])
def test_the_onset_is_inside_every_window(demo, open_step, chosen):
    app = open_step("consult_timeline")
    typed = app.pills(key="consult_flare").value - timedelta(days=200)
    app.text_input(key="onset_typed").set_value(str(typed)).run()
    assert flare_of(app) == typed
    app.segmented_control(key="window").set_value(chosen).run()
    assert not app.exception
    start, end = window(app)
    assert start <= typed <= end


def test_a_typed_onset_turns_to_the_dates_around_it(demo, open_step):
    app = open_step("consult_symptoms")
    typed = app.pills(key="consult_flare").value - timedelta(days=150)
    app.segmented_control(key="window").set_value("4 weeks").run()
    app.text_input(key="onset_typed").set_value(f"{typed.day} {typed:%b %Y}").run()
    assert app.segmented_control(key="window").value == "Around this flare"
    assert window(app)[0] == typed - timedelta(days=84)
    app.button(key="onset_more").click().run()
    assert flare_of(app) == typed + timedelta(days=1)
    assert app.text_input(key="onset_typed").value == str(typed + timedelta(days=1))


@pytest.mark.parametrize(
    ("typed", "sentence"), [("last week", "is none"), ("2999-01-01", "has not come yet")]
)
def test_a_date_that_is_none_is_said_and_changes_nothing(demo, open_step, typed, sentence):
    app = open_step("consult_timeline")
    before = app.pills(key="consult_flare").value
    app.text_input(key="onset_typed").set_value(typed).run()
    assert sentence in app.warning[0].value
    assert app.pills(key="consult_flare").value == before
    app.run()
    assert not app.warning


def test_now_has_no_onset_and_asks_for_no_opinion(demo, open_step):
    app = open_step("consult_first")
    app.pills(key="consult_flare").set_value("Now").run()
    assert not app.exception
    assert not [one for one in app.pills if one.key.startswith("opinion_")]
    assert "belongs to a flare" in "\n".join(one.value for one in app.caption)


def test_an_opinion_belongs_to_the_flare_it_was_given_on(demo_copy, open_step):
    app = open_step("consult_first")
    newest, older = app.pills(key="consult_flare").options[:2]
    onset = app.pills(key="consult_flare").value
    first = next(one for one in app.pills if one.key.startswith("opinion_"))
    first.set_value("likely").run()
    assert not app.exception
    store = open_store(demo_copy)
    athlete_id = store.runner().athlete_id
    (row,) = onset_edits.onset_decisions(store, athlete_id)
    assert (row["onset_person_date"], row["decided_by"]) == (onset, "therapist")
    assert newest != older
    other = app.pills(key="consult_flare").options.index(older)
    rows = store.read(session.ONSET, athlete_id)
    assert rows.height == 1
    flares_of = [one.onset for one in opinions.opinions(store, athlete_id, _flares(store, athlete_id))]
    assert flares_of == [onset]
    app.pills(key="consult_flare").set_value(_onsets(store, athlete_id)[-1 - other]).run()
    assert {one.value for one in app.pills if one.key.startswith("opinion_")} == {None}


def _flares(store, athlete_id):
    from dashboard.shared.pipeline import analysis_of, explanation_of

    return explanation_of(store, athlete_id, analysis_of(store, athlete_id)).flares


def _onsets(store, athlete_id) -> list[date]:
    return _flares(store, athlete_id)["onset"].to_list()


@pytest.mark.parametrize("typed", ["a date", "no date"])
def test_the_onset_kept_is_the_one_typed_with_the_same_press(demo_copy, open_step, typed):
    app = open_step("consult_symptoms")
    store = open_store(demo_copy)
    athlete_id = store.runner().athlete_id
    day = app.pills(key="consult_flare").value - timedelta(days=150)
    app.text_input(key="onset_typed").set_value(str(day) if typed == "a date" else "last week")
    app.button(key="onset_keep").click().run()
    assert not app.exception
    kept = [row["onset_person_date"] for row in onset_edits.onset_decisions(store, athlete_id)]
    assert kept == ([day] if typed == "a date" else [])
