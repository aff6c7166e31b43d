"""Fast minutes of a week."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_builders import CONTEXT, USUAL, default_limits, planned

from dashboard.plan.guardrails.base import smallest_change
from dashboard.plan.guardrails.fast import GUARDRAIL
from dashboard.shared.units import Units

PLAN = (planned(1, 9, fast_s=1_800.0), planned(4, 9, fast_s=0.0))


def test_fast_minutes_go_back_to_their_limit() -> None:
    (one,) = GUARDRAIL.check(PLAN, 20, CONTEXT)
    assert one.limit == pytest.approx(1_440)
    assert (
        GUARDRAIL.sentence(one, Units(), CONTEXT) == "The week of 2 Mar has 30 fast minutes; the limit is 24."
    )
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("fast"), CONTEXT)
    assert changed is not None
    assert changed[0].fast_s == 1_440


def test_nothing_is_checked_without_a_usual_week() -> None:
    unknown = replace(CONTEXT, usual=replace(USUAL, fast_s=None))
    assert GUARDRAIL.check(PLAN, 20, unknown) == []
    assert not GUARDRAIL.is_known(PLAN, unknown)
    assert GUARDRAIL.is_known(PLAN, CONTEXT)
