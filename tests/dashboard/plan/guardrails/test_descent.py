"""Descent of a week."""

from __future__ import annotations

from dataclasses import replace

from plan_builders import CONTEXT, USUAL, default_limits, planned

from dashboard.plan.guardrails.descent import GUARDRAIL
from dashboard.plan.limits import check_limit, is_checked, smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 9, ascent_m=200.0), planned(4, 9, ascent_m=150.0))


def test_a_run_comes_back_down_what_it_went_up() -> None:
    (one,) = check_limit(GUARDRAIL, PLAN, default_limits()["descent"], CONTEXT)
    assert one.amount == 350
    assert GUARDRAIL.sentence(one, Units(), CONTEXT) == (
        "The week of 2 Mar has 350 m of descent; the limit is 240 m."
    )
    lower = smallest_change(GUARDRAIL, PLAN, default_limits("descent"), CONTEXT)
    assert lower is not None
    assert sum(one.ascent_m or 0 for one in lower) <= 240


def test_nothing_is_checked_without_a_usual_week() -> None:
    unknown = replace(CONTEXT, usual=replace(USUAL, descent_m=None))
    limit = default_limits()["descent"]
    assert check_limit(GUARDRAIL, PLAN, limit, unknown) == []
    assert not is_checked(GUARDRAIL, limit, PLAN, unknown)
