"""Channels raised in one week."""

from __future__ import annotations

from dataclasses import replace

from plan_builders import CONTEXT, USUAL, default_limits, planned

from dashboard.plan.guardrails.one_channel import GUARDRAIL
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 9, fast_s=1_800.0, ascent_m=200.0), planned(4, 9, fast_s=0.0, ascent_m=150.0))


def test_the_channel_that_rises_least_goes_back_to_usual() -> None:
    (one,) = GUARDRAIL.check(PLAN, 1, CONTEXT)
    assert one.amount == 2
    assert GUARDRAIL.sentence(one, Units(), CONTEXT) == (
        "The week of 2 Mar raises 2 of distance, fast minutes and climb at once; the limit is 1."
    )
    single = smallest_change(GUARDRAIL, PLAN, default_limits("one_channel"), CONTEXT)
    assert single is not None
    assert single[0].fast_s == 1_200  # rose by half, climb by three quarters
    assert single[0].ascent_m == 200.0


def test_it_is_known_with_a_usual_week() -> None:
    assert GUARDRAIL.is_known(PLAN, CONTEXT)
    assert not GUARDRAIL.is_known(PLAN, replace(CONTEXT, usual=replace(USUAL, distance_m=None)))
