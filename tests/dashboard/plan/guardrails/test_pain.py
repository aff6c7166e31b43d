"""The pain rule holds the next seven days to the distance of the last seven."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_builders import CONTEXT, MONDAY, SORE, UNTIL, default_limits, planned

from dashboard.model.pain_rule import PainCrossing, PainState
from dashboard.plan.guardrails.base import Violation
from dashboard.plan.guardrails.pain import GUARDRAIL, pain_in_words
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 20), planned(6, 20))


def test_the_next_week_is_held_to_the_last() -> None:
    assert GUARDRAIL.check(PLAN, 5, SORE)[0].limit == pytest.approx(34_000)
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("pain"), SORE)
    assert changed is not None
    assert sum(one.distance_m or 0 for one in changed) <= 34_000
    assert not GUARDRAIL.check(PLAN, 5, CONTEXT)


def test_nothing_logged_is_not_the_same_as_no_pain() -> None:
    unlogged = replace(CONTEXT, pain=PainState((), ()))
    assert GUARDRAIL.is_known(PLAN, CONTEXT)
    assert not GUARDRAIL.is_known(PLAN, unlogged)
    assert GUARDRAIL.status(unlogged) is None
    assert GUARDRAIL.status(CONTEXT) == "The log of the last seven days stays within the pain rule."


def test_its_sentence_has_the_log_and_the_distance() -> None:
    one = Violation(MONDAY, 40_000.0, 34_000.0, "distance")
    assert GUARDRAIL.sentence(one, Units(), SORE) == (
        "On 1 Mar the log has 7 of 10 during or after the run, above the limit of 5. The seven days from then hold "
        "40.0 km, after 34.0 km in the last seven."
    )


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("morning", "On the morning of 1 Mar the log has 7 of 10: not settled after the run before."),
        ("week", "Mornings rose from 5.0 to 7.0 of 10 on average in the week to 1 Mar."),
    ],
)
def test_each_part_of_the_rule_has_its_words(part, sentence) -> None:
    crossed = PainCrossing(date(2026, 3, 1), part, 7, 5)
    assert pain_in_words(PainState((crossed,), (UNTIL,))) == sentence
