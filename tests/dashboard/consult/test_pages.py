"""The steps of the consult that are its own pages."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.mark.parametrize(
    ("step", "term"),
    [
        ("consult_first", "Step-up"),
        ("consult_timeline", "What you are used to"),
        ("consult_symptoms", "Flare"),
    ],
)
def test_a_step_explains_its_words_on_a_tap(demo, open_step, step: str, term: str) -> None:
    shown = "".join(one.value for one in open_step(step).get("html"))
    assert shown.count("<details class='hw-words'>") == 1
    assert f"<dt>{term}</dt>" in shown


def test_the_cover_says_when_the_record_ended_long_ago(store, open_step) -> None:
    shown = "".join(one.value for one in open_step("consult").get("html"))
    weeks = (date.today() - date(2026, 4, 29)).days // 7
    assert f"The record ends on 29 Apr 2026, {weeks} weeks ago: newer runs are not here yet." in shown


def test_the_cover_of_a_record_up_to_now_says_nothing_of_its_end(demo, open_step) -> None:
    assert "The record ends on" not in "".join(one.value for one in open_step("consult").get("html"))
