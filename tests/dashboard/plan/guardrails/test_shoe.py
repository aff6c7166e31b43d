"""Share of a week in new or plated pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_builders import CONTEXT, default_limits, planned

from dashboard.plan.guardrails.shoe import GUARDRAIL
from dashboard.plan.limits import smallest_change
from dashboard.shared.units import Units

PLAN = (planned(1, 6, shoe_id="new"), planned(3, 9, shoe_id="new"), planned(6, 16, shoe_id="old"))


def test_the_shortest_run_that_is_enough_takes_the_usual_pair() -> None:
    (one,) = GUARDRAIL.check(PLAN, 30, CONTEXT)
    assert one.amount == pytest.approx(100 * 15 / 31)
    assert GUARDRAIL.sentence(one, Units(), CONTEXT) == (
        "In the week of 2 Mar new or plated pairs have 48 % of the distance; the limit is 30 %."
    )
    changed = smallest_change(GUARDRAIL, PLAN, default_limits("shoe"), CONTEXT)
    assert changed is not None
    assert [one.shoe_id for one in changed] == ["old", "new", "old"]
    alone = replace(CONTEXT, usual_pair=None)
    assert smallest_change(GUARDRAIL, PLAN, default_limits("shoe"), alone) is None


def test_it_is_known_where_every_run_names_a_pair() -> None:
    assert GUARDRAIL.is_known(PLAN, CONTEXT)
    assert not GUARDRAIL.is_known((*PLAN, planned(7, 5)), CONTEXT)
