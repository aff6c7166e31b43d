"""Load of seven planned days against the runner's own threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_builders import CONTEXT, MONDAY, default_limits, fixed_habit, planned

from dashboard.plan.guardrails.base import Violation, load_guardrails
from dashboard.plan.guardrails.load import GUARDRAIL
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 20), planned(3, 20), planned(5, 20))


def test_the_load_is_held_against_the_own_threshold() -> None:
    rows = GUARDRAIL.check(PLAN, 0, fixed_habit(1.5, 30))
    assert [(one.date, one.limit, one.kind) for one in rows] == [(MONDAY + timedelta(5), 1.5, "ratio")]
    assert rows[0].amount == pytest.approx(2.0)
    assert GUARDRAIL.check(PLAN, 0, fixed_habit(2.1, 30)) == []
    assert GUARDRAIL.check(PLAN, 0, fixed_habit(None, 30)) == []


def test_the_smallest_change_brings_the_load_below_it() -> None:
    context = fixed_habit(1.5, 30)
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("load"), context)
    assert changed is not None
    assert GUARDRAIL.check(changed, 0, context) == []
    assert sum(one.distance_m or 0 for one in changed) > 40_000


def test_the_load_is_not_checked_without_a_threshold_or_a_load() -> None:
    plan = (planned(1, 20),)
    assert not GUARDRAIL.is_known(plan, fixed_habit(None, 30))
    assert GUARDRAIL.is_known(plan, fixed_habit(1.5, 30))
    assert not GUARDRAIL.is_known(plan, replace(fixed_habit(1.5, 30), load_of=lambda _: None))


def test_the_load_has_no_number_of_its_own() -> None:
    assert [one.id for one in load_guardrails() if not one.has_value] == ["load"]
    assert default_limits()["load"].is_on


@pytest.mark.parametrize(("ratio", "words"), [(2.0, "×2.00"), (3.5, "more than ×3")])
def test_its_sentence_has_the_peak_and_the_threshold(ratio, words) -> None:
    one = Violation(MONDAY, ratio, 1.5, "ratio")
    assert GUARDRAIL.sentence(one, Units(), CONTEXT) == (
        f"From 2 Mar the load of seven days reaches {words} of what you are used to by then; your own threshold is "
        "×1.50."
    )


def test_as_many_days_as_make_a_window_cross_it() -> None:
    context = fixed_habit(1.5, 30)
    assert GUARDRAIL.check(PLAN, 0, replace(context, outpaced_days=7)) == []
    assert len(GUARDRAIL.check(PLAN, 0, replace(context, outpaced_days=1))) == 1
