"""What you already wrote, as a runner without a diary meets it: proposed, one tap, what came before, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from written_words import WROTE, write_titles

from connectors.frames import ANSWER, EPISODE, EVENT, ONSET
from dashboard.diary.statements import all_episodes, load_statements


def texts(app) -> str:
    kinds = (app.title, app.header, app.markdown, app.caption, app.info, app.success, app.warning)
    body = [str(one.value) for kind in kinds for one in kind]
    return "\n".join([*body, *(str(one.proto.body) for one in app.get("html"))])


@pytest.fixture
def wrote(store, athlete_id):
    write_titles(store, athlete_id, WROTE)
    return store


@pytest.fixture
def opened(wrote, open_page):
    return open_page("wrote")


def key(store, athlete_id, words: str) -> str:
    return next(one.statement_id for one in load_statements(store, athlete_id) if words in one.text)


def test_clauses_are_proposed_with_a_count_that_asks_and_nothing_is_entered(opened, wrote, athlete_id):
    shown = texts(opened)
    assert (
        "You wrote of your calf on 2 dates, your Achilles on 1 date and your shin on 1 date; was it" in shown
    )
    assert "“Left calf tight”" in shown
    assert "coffee with Kim" not in shown
    assert "What came before" not in shown
    assert "Before 7 Apr 2026" not in shown
    assert wrote.read(ANSWER, athlete_id).is_empty()


def test_one_tap_later_the_weeks_before_are_told_and_undo_takes_it_back(opened, wrote, athlete_id):
    name = key(wrote, athlete_id, "Achilles sore")
    opened.button(key=f"heel_{name}").click().run()
    assert not opened.exception
    shown = texts(opened)
    assert "Answered for 11 Apr 2026: the Achilles or heel." in shown
    assert "Before 11 Apr 2026, when you wrote of it" in shown
    assert "The longest run changed most: 20.0 km, usually 8.0 km, since 1 Apr" in shown
    assert "You wrote of it 10 days later." in shown
    assert "never counted as logged days" in shown
    opened.session_state["before_2026-04-11_achilles_wrote_changes"] = True
    assert "Longest run: 20.0 km" in texts(opened.run())
    opened.button(key="undo_statements").click().run()
    assert "Before 11 Apr 2026" not in texts(opened)
    assert wrote.read(ANSWER, athlete_id).is_empty()


def test_of_several_places_one_is_answered_after_the_other_each_with_one_tap(opened, wrote, athlete_id):
    assert "Of your calf on 2 dates:" in texts(opened)
    opened.button(key="together_no_calf").click().run()
    assert not opened.exception
    shown = texts(opened)
    assert "Answered for 2 clauses: no complaint." in shown
    assert "You wrote of your Achilles on 1 date and your shin on 1 date; was it the Achilles?" in shown
    opened.button(key="together_heel_achilles").click().run()
    assert "Before 11 Apr 2026, when you wrote of it" in texts(opened)
    assert sorted(wrote.read(ANSWER, athlete_id)["answer"]) == ["heel", "no", "no"]


def test_something_else_is_an_episode_and_never_looked_back_from(opened, wrote, athlete_id):
    opened.button(key=f"other_{key(wrote, athlete_id, 'Shin')}").click().run()
    assert [one.body_part for one in all_episodes(wrote, athlete_id)] == ["shin"]
    assert "when you wrote of it" not in texts(opened)


def test_every_answer_can_be_taken_back_later(opened, wrote, athlete_id):
    name = key(wrote, athlete_id, "Shin")
    opened.button(key=f"not_me_{name}").click().run()
    assert f"no_{name}" not in [one.key for one in opened.button]
    opened.session_state["answered_statements"] = True
    opened.run()
    opened.button(key=f"again_{name}").click().run()
    assert wrote.read(ANSWER, athlete_id).is_empty()
    assert f"no_{name}" in [one.key for one in opened.button]


def test_the_day_the_heel_began_is_stored_as_typed(opened, wrote, athlete_id):
    opened.date_input(key="heel_day_0").set_value(date(2026, 4, 11))
    opened.button(key="save_heel_day").click().run()
    (row,) = wrote.read(ONSET, athlete_id).to_dicts()
    assert (row["onset_rule_date"], row["onset_person_date"]) == (None, date(2026, 4, 11))
    opened.button(key="undo_heel_start").click().run()
    assert wrote.read(ONSET, athlete_id).is_empty()


def test_an_empty_day_is_answered_in_words(opened, wrote, athlete_id):
    opened.button(key="save_heel_day").click().run()
    assert "Choose a day up to today. Nothing was saved." in texts(opened)
    assert wrote.read(ONSET, athlete_id).is_empty()


def test_about_when_is_a_span_that_is_looked_back_from(opened, wrote, athlete_id):
    opened.button_group(key="heel_way").set_value("About when").run()
    opened.number_input(key="heel_year_0").set_value(2026)
    opened.selectbox(key="heel_month_0").set_value(4)
    opened.button(key="save_heel_about").click().run()
    assert not opened.exception
    (row,) = wrote.read(EPISODE, athlete_id).to_dicts()
    assert (row["from_earliest_date"], row["from_date"]) == (date(2026, 4, 1), date(2026, 4, 30))
    assert row["known_by"] == "remembers"
    shown = texts(opened)
    assert "Before 1 Apr 2026, as you remember it" in shown
    assert "between 1 Apr 2026 and 30 Apr 2026" in shown


def test_a_run_one_remembers_makes_a_span(opened, wrote, athlete_id):
    opened.button_group(key="heel_way").set_value("By a run I remember").run()
    keys = [one.key for one in opened.button if (one.key or "").startswith("anchor_")]
    assert keys
    opened.button(key=keys[0]).click().run()
    assert not opened.exception
    (row,) = wrote.read(EPISODE, athlete_id).to_dicts()
    assert f"anchor_{row['from_earliest_date']}" == keys[0]
    assert row["from_date"] > row["from_earliest_date"]
    assert row["from_date"] == date.fromisoformat(keys[1].removeprefix("anchor_"))


def test_a_long_break_is_asked_once_and_one_undo_takes_all_of_it_back(wrote, athlete_id, open_page):
    from connectors.frames import ACTIVITY

    rows = wrote.read(ACTIVITY, athlete_id)
    gone = rows.filter(rows["local_date"].is_between(date(2026, 3, 1), date(2026, 3, 20)))
    wrote.delete(ACTIVITY, athlete_id, "file", gone["source_id"].to_list())
    opened = open_page("wrote")
    assert "28 Feb to 21 Mar 2026" not in texts(opened)
    (ill,) = [one.key for one in opened.button if (one.key or "").startswith("break_ill_")]
    opened.button(key=ill).click().run()
    (event,) = wrote.read(EVENT, athlete_id).to_dicts()
    assert event["kind"] == "illness"
    assert event["date"] <= date(2026, 3, 1)
    assert event["end_date"] >= date(2026, 3, 20)
    assert ill not in [one.key for one in opened.button]
    opened.button(key="undo_breaks").click().run()
    assert wrote.read(EVENT, athlete_id).is_empty()
    assert wrote.read(ANSWER, athlete_id).is_empty()
    opened.button(key=ill.replace("_ill_", "_heel_")).click().run()
    (episode,) = all_episodes(wrote, athlete_id)
    assert (episode.body_part, episode.known_by) == ("achilles", "inferred")
    opened.button(key="undo_breaks").click().run()
    opened.button(key=ill.replace("_ill_", "_skip_")).click().run()
    assert ill not in [one.key for one in open_page("wrote").button]


def test_an_empty_flares_page_asks_first_and_lists_what_was_written(wrote, athlete_id, open_page):
    from connectors.frames import SYMPTOM

    rows = wrote.read(SYMPTOM, athlete_id)
    for source, some in rows.group_by("source"):
        wrote.delete(SYMPTOM, athlete_id, str(source[0]), some["source_id"].to_list())
    opened = open_page("flares")
    shown = texts(opened)
    assert "When did your heel start hurting?" in shown
    assert "You wrote of your calf" in shown
    opened.date_input(key="heel_day_0").set_value(date(2026, 4, 11))
    opened.button(key="save_heel_day").click().run()
    assert not opened.exception
    shown = texts(opened)
    assert "no flare can be found" not in shown
    assert "11 Apr 2026" in shown


def test_the_timeline_draws_the_episode_and_says_so(wrote, athlete_id, open_page):
    opened = open_page("wrote")
    opened.button(key=f"heel_{key(wrote, athlete_id, 'Achilles sore')}").click().run()
    shown = texts(open_page("timeline"))
    assert "Hollow bands are episodes, not logged days: Achilles, mid-tendon: 11 Apr 2026" in shown


def test_on_a_screen_that_hides_names_the_words_are_hidden_too(wrote, open_page, athlete_id):
    wrote.set_machine_setting("clinic_mode", "on")
    shown = texts(open_page("wrote"))
    assert "You wrote of your calf" in shown
    assert "calf tight" not in shown
    assert "(your words are hidden on a shared screen)" in shown
