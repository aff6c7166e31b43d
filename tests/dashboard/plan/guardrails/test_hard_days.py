"""Days from one hard day to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plan_builders import CONTEXT, MONDAY, USUAL, default_limits, planned

from dashboard.plan.adjustments import plan_differences
from dashboard.plan.guardrails.hard_days import GUARDRAIL
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units

PLAN = (planned(0, 8, fast_s=1_200.0), planned(3, 7), planned(6, 16))


def test_a_hard_day_moves_by_as_little_as_is_enough() -> None:
    (one,) = GUARDRAIL.check(PLAN, 2, CONTEXT)  # the day after a long run
    assert one.date == MONDAY
    assert GUARDRAIL.sentence(one, Units(), CONTEXT) == (
        "The hard day of 2 Mar comes one day after the one before; the limit is 2 days."
    )
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("hard_days"), CONTEXT)
    assert changed is not None
    assert [after.date for _, after in plan_differences(PLAN, changed)] == [MONDAY + timedelta(days=1)]


def test_load_is_known_with_the_median_run() -> None:
    assert GUARDRAIL.is_known(PLAN, CONTEXT)
    assert not GUARDRAIL.is_known(PLAN, replace(CONTEXT, usual=replace(USUAL, run_tkm=None)))
