"""Seven short lines of the intake card; what was not asked is not "no"."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.diary.episodes import Episode, remembered_episode, save_episode
from dashboard.diary.intake import IntakeAnswer, save_intake
from dashboard.diary.intake_text import card_lines, episode_in_words, intake_lines

TODAY = date(2026, 6, 1)


def row(one: Episode) -> dict:
    return vars(one)


def test_an_empty_card_has_no_line(store, athlete_id):
    assert intake_lines(store, athlete_id) == []


def test_a_full_card_is_seven_lines(store, athlete_id):
    answers = {
        "reason": IntakeAnswer("left heel since August."),
        "goal": IntakeAnswer("half marathon", date(2026, 9, 20)),
        "training_age": IntakeAnswer(years=12.0),
        "fluoroquinolone": IntakeAnswer("no"),
        "steroid": IntakeAnswer("yes"),
        "medication": IntakeAnswer("ibuprofen"),
        "work": IntakeAnswer("nurse, stands 8 h"),
        "footwear": IntakeAnswer("clogs, orthosis"),
    }
    save_intake(store, athlete_id, TODAY, answers, "runner")
    one = remembered_episode("achilles", "left", (2019, None), (2019, 11), TODAY)
    save_episode(store, athlete_id, one, TODAY)
    assert intake_lines(store, athlete_id) == [
        "Reason: left heel since August.",
        "Goal: half marathon, race on 20 Sep 2026.",
        "Training age: 12 years.",
        "Earlier episodes: Achilles, mid-tendon, left: 2019 to Nov 2019 (from memory).",
        "Medication: fluoroquinolone no; steroid yes; ibuprofen.",
        "Work, standing: nurse, stands 8 h.",
        "Other footwear, inserts: clogs, orthosis.",
    ]


def test_a_drug_that_was_not_asked_is_not_a_no():
    (line,) = card_lines({"fluoroquinolone": IntakeAnswer("no")}, [])
    assert line == "Medication: fluoroquinolone no; steroid not asked."


def test_half_a_year_and_one_year_of_running():
    assert card_lines({"training_age": IntakeAnswer(years=0.5)}, []) == ["Training age: 0.5 years."]
    assert card_lines({"training_age": IntakeAnswer(years=1.0)}, []) == ["Training age: 1 year."]
    assert card_lines({"training_age": IntakeAnswer(years=0.0)}, []) == ["Training age: 0 years."]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Episode("calf"), "Calf: start not known (from memory)"),
        (Episode("calf", to_date=date(2020, 4, 30)), "Calf: until Apr 2020 (from memory)"),
        (Episode("calf", date(2020, 3, 5)), "Calf: from 5 Mar 2020 (from memory)"),
        (Episode("calf", date(2020, 3, 5), to_date=date(2020, 3, 5)), "Calf: 5 Mar 2020 (from memory)"),
        (Episode("calf", date(2020, 3, 31), date(2020, 3, 1)), "Calf: from Mar 2020 (from memory)"),
        (Episode("calf", date(2020, 12, 31), date(2019, 1, 1)), "Calf: from 2019–2020 (from memory)"),
        (
            Episode("heel", date(2019, 12, 31), date(2019, 1, 1), date(2020, 12, 31), "both", "wrote"),
            "Achilles at the heel, both sides: 2019 to 2020 (written then)",
        ),
        (
            Episode("hip", date(2020, 3, 5), None, date(2020, 3, 20), None, "logged"),
            "Hip: 5 Mar 2020 to 20 Mar 2020 (logged)",
        ),
    ],
)
def test_an_episode_is_told_as_precisely_as_it_is_known(one, words):
    assert episode_in_words(row(one)) == words
