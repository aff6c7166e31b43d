"""Fast minutes of a week."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_builders import CONTEXT, USUAL, default_limits, planned

from dashboard.plan.guardrails.fast import GUARDRAIL
from dashboard.plan.limits import GuardrailLimit, check_limit, is_checked, smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 9, fast_s=1_800.0), planned(4, 9, fast_s=0.0))


def test_fast_minutes_go_back_to_their_limit() -> None:
    (one,) = check_limit(GUARDRAIL, PLAN, default_limits()["fast"], CONTEXT)
    assert one.limit == pytest.approx(1_440)
    sentence = GUARDRAIL.sentence(one, Units(), CONTEXT)
    assert sentence == "The week of 2 Mar has 30 min of fast running; the limit is 24 min."
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("fast"), CONTEXT)
    assert changed is not None
    assert changed[0].fast_s == 1_200


def test_nothing_is_checked_without_a_usual_week() -> None:
    unknown = replace(CONTEXT, usual=replace(USUAL, fast_s=None))
    limit = default_limits()["fast"]
    assert check_limit(GUARDRAIL, PLAN, limit, unknown) == []
    assert not is_checked(GUARDRAIL, limit, PLAN, unknown)
    assert is_checked(GUARDRAIL, limit, PLAN, CONTEXT)
    amount = GuardrailLimit(0.0, True, "therapist", "amount")
    (one,) = check_limit(GUARDRAIL, PLAN, amount, unknown)
    assert one.amount == 1_800, "an amount needs no usual week"
    assert not is_checked(GUARDRAIL, amount, (planned(1, 9),), unknown), "a run that does not say is not none"
