"""The intake card: kept by topic, emptied, undone, carried by a backup."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.backup import backup, restore
from connectors.frames import INTAKE, INTAKE_TOPICS
from connectors.store import open_store
from dashboard.diary.episodes import Episode, load_episodes, save_episode
from dashboard.diary.intake import IntakeAnswer, load_intake, save_intake

DAY = date(2026, 5, 4)
CARD = {
    "reason": IntakeAnswer("left heel since August"),
    "goal": IntakeAnswer("half marathon", date(2026, 9, 20)),
    "training_age": IntakeAnswer(years=12.0),
    "fluoroquinolone": IntakeAnswer("no"),
}


@pytest.fixture
def filled(store, athlete_id):
    save_intake(store, athlete_id, DAY, CARD, "therapist")
    return store


def test_what_was_answered_comes_back_and_nothing_else(filled, athlete_id):
    assert load_intake(filled, athlete_id) == CARD


def test_an_answer_left_as_it_was_keeps_its_date_and_person(filled, athlete_id):
    later = date(2026, 6, 1)
    changed = CARD | {"reason": IntakeAnswer("both heels")}
    save_intake(filled, athlete_id, later, changed, "runner")
    rows = {
        row["topic"]: (row["date"], row["decided_by"]) for row in filled.read(INTAKE, athlete_id).to_dicts()
    }
    assert rows["reason"] == (later, "runner")
    assert rows["goal"] == (DAY, "therapist")
    assert save_intake(filled, athlete_id, later, changed, "runner").outcome == "unchanged"


def test_an_emptied_answer_is_unknown_again_and_undo_brings_all_back(filled, athlete_id):
    change = save_intake(filled, athlete_id, DAY, CARD | {"goal": IntakeAnswer("  ")}, "runner")
    assert set(load_intake(filled, athlete_id)) == set(CARD) - {"goal"}
    change.undo(filled)
    assert load_intake(filled, athlete_id) == CARD


def test_a_topic_not_on_the_form_is_left_alone(filled, athlete_id):
    save_intake(filled, athlete_id, DAY, {"work": IntakeAnswer("nurse, stands 8 h")}, "runner")
    assert set(load_intake(filled, athlete_id)) == {*CARD, "work"}


def test_card_and_episodes_are_in_the_backup(filled, athlete_id, tmp_path):
    save_episode(filled, athlete_id, Episode("calf", date(2020, 5, 1), side="left"), DAY)
    packed = tmp_path / "b.zip"
    backup(filled, packed)
    with open_store(tmp_path / "other") as other:
        restore(other, packed)
        (there,) = other.runners()
        assert load_intake(other, there.athlete_id) == CARD
        assert load_episodes(other, there.athlete_id)["body_part"].to_list() == ["calf"]


@given(
    st.dictionaries(
        st.sampled_from(INTAKE_TOPICS),
        st.builds(
            IntakeAnswer,
            st.none() | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40),
            st.none() | st.dates(date(1990, 1, 1), date(2028, 1, 1)),
            st.none() | st.floats(0, 100),
        ),
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered_comes_back_and_its_undo_leaves_the_card_before(filled, athlete_id, answers):
    before = load_intake(filled, athlete_id)
    change = save_intake(filled, athlete_id, DAY, answers, "runner")
    known = load_intake(filled, athlete_id)
    for topic, one in answers.items():
        words = (one.answer or "").strip() or None
        assert known.get(topic, IntakeAnswer()) == IntakeAnswer(words, one.on_date, one.years)
    assert {t: a for t, a in known.items() if t not in answers} == {
        t: a for t, a in before.items() if t not in answers
    }
    change.undo(filled)
    assert load_intake(filled, athlete_id) == before
