"""A number with its noun or its sign."""

from __future__ import annotations

import pytest

from connectors.plural import count, percent


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 activities"), (1, "1 activity"), (2, "2 activities"), (1234, "1,234 activities")],
)
def test_the_noun_follows_the_number(number, words):
    assert count(number, "activity", "activities") == words


def test_most_nouns_only_take_an_s():
    assert (count(1, "day"), count(3, "day")) == ("1 day", "3 days")


def test_a_verb_may_follow_along():
    assert count(1, "file has", "files have") == "1 file has"


def test_per_cent_stands_off_its_number_as_every_other_unit_does():
    assert (percent(0.534), percent(0), percent(1)) == ("53 %", "0 %", "100 %")
