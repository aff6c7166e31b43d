"""Words of statements: the count that asks, what was guessed, when it began."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.diary import statements_text as text
from dashboard.diary.episodes import Episode
from dashboard.diary.statements import Statement

DAY = date(2026, 4, 8)


def one(day: int, place: str, state: str = "proposed", **more) -> Statement:
    values = {"side": None, "kind": "complaint", **more}
    return Statement(
        f"{day}{place}", DAY + timedelta(days=day), None, "file", "x", place, state=state, **values
    )


def test_the_count_is_of_dates_and_asks():
    rows = [one(0, "calf"), one(0, "calf"), one(1, "calf"), one(2, "calf"), one(3, "shin", "no")]
    assert text.counting_sentence(rows) == "You wrote of your calf on 3 dates; was it the Achilles?"


def test_several_places_are_named_most_first():
    rows = [one(0, "shin"), one(1, "calf"), one(2, "calf"), one(3, "other")]
    assert (
        text.counting_sentence(rows)
        == "You wrote of your calf on 2 dates, your shin on 1 date and a complaint on 1 date; was it the Achilles?"
    )


def test_the_heel_itself_is_asked_about_as_such():
    assert (
        text.counting_sentence([one(0, "achilles")])
        == "You wrote of your Achilles on 1 date. Was that the Achilles?"
    )


def test_nothing_open_asks_nothing():
    assert text.counting_sentence([one(0, "calf", "heel")]) is None


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (one(0, "calf", side="left"), "calf, left"),
        (one(0, "ankle", side="both", kind="none"), "ankle, both sides, none"),
        (one(0, "other", kind="eased"), "leg or place not named, easing"),
    ],
)
def test_a_guess_is_named_as_far_as_it_goes(statement, words):
    assert text.guess_in_words(statement) == words


def test_a_beginning_is_as_precise_as_it_is_known():
    assert text.begun_in_words(Episode("achilles", DAY)) == "on 8 Apr 2026"
    span = Episode("achilles", DAY, DAY - timedelta(days=7))
    assert text.begun_in_words(span) == "between 1 Apr 2026 and 8 Apr 2026"
    assert text.begun_in_words(Episode("achilles")) == "at an unknown date"
