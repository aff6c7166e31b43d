"""The Flares, Today and Method pages on the made-up runner: what they show, and what a person may say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.store import open_store
from dashboard.diary import entries
from dashboard.flares.page import CARD_SECTIONS, FIX_DATE
from dashboard.settings import model_settings
from dashboard.shared import onset_edits, pipeline
from dashboard.shared import text as shared_text
from dashboard.today import text as today_text


def said(app) -> str:
    html = [str(getattr(one.proto, "body", "")) for one in app.get("html")]
    return "\n".join(
        [*html, *(str(one.value) for kind in (app.markdown, app.caption, app.info) for one in kind)]
    )


@pytest.fixture
def flares(demo, open_page):
    return open_page("flares")


@pytest.fixture
def own_flares(demo_copy, open_page):
    return open_page("flares")


@pytest.fixture(scope="module")
def why(shared_demo):
    with open_store(shared_demo) as store:
        return pipeline.explanation_of(store, 1, pipeline.analysis_of(store, 1))


@pytest.fixture
def newest(why):
    return why.flares.row(-1, named=True)


def part(app, onset, name):
    for one in app.get("button_group"):
        if one.key == f"part_{onset:%Y%m%d}":
            return one.set_value([name]) if isinstance(one.value, list) else one.set_value(name)
    raise AssertionError("the card has no such choice")


def test_every_flare_is_a_card_newest_first(flares, why):
    text = said(flares)
    titles = [shared_text.span_in_words(row["onset"], row["last_high"]) for row in why.flares.to_dicts()][
        ::-1
    ]
    places = [text.index(f"class='hw-head'>{title}<") for title in titles]
    assert places == sorted(places)
    for expected in (
        "What came before",
        "both estimates agree",
        "Does load usually come first",
        "The morning after each kind",
    ):
        assert expected in text + "\n".join(str(one.value) for one in flares.header), expected


def test_each_part_of_a_card_opens_on_a_tap(flares, newest):
    for name in CARD_SECTIONS:
        if name == "Notes":
            continue
        part(flares, newest["onset"], name).run()
        assert not flares.exception, name
        onset_form = f"keep_{newest['onset']:%Y%m%d}"
        assert (onset_form in {one.key for one in flares.button}) == (name == FIX_DATE), name
    part(flares, newest["onset"], "How sure").run()
    assert "42 days (yours)" in said(flares)
    part(flares, newest["onset"], "What was unusual").run()
    assert "with a flare begun within 28 days" in said(flares)


def test_a_person_moves_an_onset_and_the_rule_stays(own_flares, newest, home):
    flares, store = own_flares, open_store(home)
    onset = newest["onset"]
    key = f"{onset:%Y%m%d}"
    part(flares, onset, "Fix the date").run()
    flares.button(key=f"less_{key}").click().run()
    flares.button(key=f"less_{key}").click().run()
    flares.button(key=f"keep_{key}").click().run()
    assert not flares.exception
    [row] = onset_edits.onset_decisions(store, 1)
    assert row["onset_person_date"] == onset - timedelta(2)
    assert row["decided_by"] == "runner"
    assert "Onset (runner)" in said(flares)
    assert "Onset (rule)" in said(flares)
    flares.button(key=f"back_{row['source_id']}").click().run()
    assert onset_edits.onset_decisions(store, 1) == []
    assert "Onset (runner)" not in said(flares)


def test_a_person_says_it_was_no_flare(own_flares, newest):
    flares = own_flares
    key = f"{newest['onset']:%Y%m%d}"
    title = shared_text.span_in_words(newest["onset"], newest["last_high"])
    part(flares, newest["onset"], "Fix the date").run()
    flares.button(key=f"no_{key}").click().run()
    assert f"class='hw-head'>{title}<" not in said(flares)
    assert "not a flare on" in said(flares)
    flares.button(key="undo_onsets").click().run()
    assert f"class='hw-head'>{title}<" in said(flares)
    assert "not a flare on" not in said(flares)


def test_a_sign_that_needs_care_stops_every_computation(flares):
    for one in flares.get("button_group"):
        if one.key == "signs":
            one.set_value(["A sudden pop or kick"]).run()
    text = said(flares)
    assert shared_text.SEEK_CARE_NOW in text
    assert "What came before" not in text
    assert not flares.header


def test_without_a_diary_there_is_no_flare_and_the_gates_are_said(store, open_page):
    text = said(open_page("flares"))
    assert "No flare was found" in text
    assert "flares would be needed; you have" in text


def test_today_says_load_the_next_run_and_the_last_entry(demo, open_page):
    app = open_page("today")
    text = said(app)
    for expected in (
        "Tendon load was ×",
        "of what you are used to",
        "10 % beyond the longest",
        "Frandsen 2025",
    ):
        assert expected in text, expected
    assert shared_text.SEEK_CARE in text


def test_today_without_a_recent_run_says_so(store, open_page):
    text = said(open_page("today"))
    assert today_text.NO_LIMIT in text
    assert "days old" in text


def test_a_number_of_the_model_is_kept_named_and_reset(store, athlete_id, open_page):
    app = open_page("method")
    app.session_state["numbers_open"] = True
    app.run()
    app.number_input(key="number_tau_days_0").set_value(35.0)
    app.button(key="save_numbers_0").click().run()
    assert store.settings(athlete_id)["tau_days"] == "35"
    assert pipeline.model_settings_of(store, athlete_id).tau_days == 35
    assert "35 (default 42)" in said(app)
    app.button(key="reset_numbers").click().run()
    assert model_settings.changed_choices(pipeline.model_settings_of(store, athlete_id)) == {}


@pytest.mark.parametrize("view", ["today", "flares", "timeline"])
def test_a_diary_without_a_run_and_a_run_without_a_diary_are_told_calmly(home, open_page, view):
    store = open_store(home)
    runner = store.add_runner("Only a diary")
    for number in range(20):
        pain = 6.0 if number > 14 else 0.0
        day = date(2026, 4, 1) + timedelta(number)
        entries.save_entry(
            store, runner.athlete_id, entries.SymptomEntry(day, "left", morning_pain_0_10=pain)
        )
    app = open_page(view)
    text = said(app)
    assert not app.exception
    if view == "flares":
        assert "Whether load rose above what you were used to in the 28 days before is not known" in text
    if view == "today":
        assert today_text.NO_LOAD in text


def test_an_empty_store_says_what_to_do_on_every_new_page(home, open_page):
    home.mkdir(mode=0o700)
    (home / "demo_left").touch()
    assert "It needs your runs" in said(open_page("today"))
    assert "It needs a diary" in said(open_page("flares"))


def test_an_onset_typed_in_the_same_moment_as_the_press_is_the_one_saved(own_flares, newest, home):
    flares, store = own_flares, open_store(home)
    flares.session_state["add_flare"] = True
    flares.run()
    typed = newest["onset"] - timedelta(days=100)
    flares.date_input(key="add_day").set_value(typed)
    flares.segmented_control(key="add_who").set_value("therapist")
    flares.button(key="add_onset").click().run()  # a field and a press reach the page together
    assert not flares.exception
    [row] = onset_edits.onset_decisions(store, 1)
    assert (row["onset_person_date"], row["decided_by"]) == (typed, "therapist")
    assert shared_text.day_in_words(typed) in flares.toast[0].value


def test_a_corrected_onset_typed_in_the_same_moment_as_the_press_is_the_one_saved(own_flares, newest, home):
    flares, onset = own_flares, newest["onset"]
    key = f"{onset:%Y%m%d}"
    part(flares, onset, "Fix the date").run()
    flares.date_input(key=f"onset_date_{key}").set_value(onset - timedelta(days=3))
    flares.segmented_control(key=f"who_{key}").set_value("therapist")
    flares.button(key=f"keep_{key}").click().run()
    [row] = onset_edits.onset_decisions(open_store(home), 1)
    assert (row["onset_person_date"], row["decided_by"]) == (onset - timedelta(days=3), "therapist")


def test_an_emptied_date_saves_nothing_and_says_so(own_flares, home):
    flares = own_flares
    flares.session_state["add_flare"] = True
    flares.run()
    flares.date_input(key="add_day").set_value(None)
    flares.button(key="add_onset").click().run()
    assert not flares.exception
    assert "nothing was saved" in flares.warning[0].value
    assert onset_edits.onset_decisions(open_store(home), 1) == []
    flares.run()
    assert not flares.warning
