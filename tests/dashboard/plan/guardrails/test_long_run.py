"""The longest run, of the longest in the 30 days before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plan_builders import CONTEXT, MONDAY, default_limits, planned

from dashboard.plan.adjustments import plan_differences
from dashboard.plan.guardrails.long_run import GUARDRAIL
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units


def test_it_is_shortened_to_110_pct_of_the_longest_in_30_days() -> None:
    plan = (planned(1, 8), planned(6, 20))
    rows = GUARDRAIL.check(plan, 110, CONTEXT)
    assert [(one.date, one.limit) for one in rows] == [(MONDAY + timedelta(days=6), 18_700)]
    changed = smallest_change(GUARDRAIL, plan, default_limits(), CONTEXT)
    assert changed is not None
    assert [after.distance_m for _, after in plan_differences(plan, changed)] == [18_500]
    assert not GUARDRAIL.check((planned(6, 18.7),), 110, CONTEXT)


def test_it_is_known_where_a_run_lies_in_the_30_days_before() -> None:
    assert GUARDRAIL.is_known((planned(6, 20),), CONTEXT)
    assert not GUARDRAIL.is_known((planned(6, 20),), replace(CONTEXT, done=()))


def test_its_sentence_has_both_lengths() -> None:
    (one,) = GUARDRAIL.check((planned(6, 20),), 110, CONTEXT)
    assert GUARDRAIL.sentence(one, Units("mi", "ft"), CONTEXT) == (
        "The run of 8 Mar is 12.4 mi; the limit from the 30 days before is 11.6 mi."
    )
