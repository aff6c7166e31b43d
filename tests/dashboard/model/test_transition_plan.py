"""The plan for another pair: kept as text, checked, laid beside what was run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from worn_runs import MONDAY, runs

from connectors.errors import HeelwiseError
from dashboard.model.transition_plan import (
    DEFAULT_STEPS,
    KEY,
    Step,
    TransitionPlan,
    as_text,
    checked,
    from_settings,
    steps_from,
    weeks,
)

PLAN = TransitionPlan("low", MONDAY + timedelta(28), (Step(10, 30), Step(50, 60)))


def test_a_plan_comes_back_as_it_was_kept():
    assert from_settings({KEY: as_text(PLAN) or ""}) == PLAN
    assert from_settings({}) is None
    assert as_text(None) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"shoe_id": "a", "start": "x", "steps": []}'])
def test_a_plan_that_cannot_be_read_is_told(text):
    with pytest.raises(HeelwiseError, match="cannot be read"):
        from_settings({KEY: text})


@pytest.mark.parametrize("steps", [(), (Step(101, 10),), (Step(10, -1),), (Step(float("nan"), 10),)])
def test_steps_nobody_can_run_are_refused(steps):
    with pytest.raises(HeelwiseError, match="Nothing was changed"):
        checked(TransitionPlan("low", MONDAY, steps))


def test_the_default_goes_up_in_share_and_length():
    assert list(DEFAULT_STEPS) == sorted(DEFAULT_STEPS, key=lambda step: (step.share_pct, step.longest_pct))


def test_a_step_allows_a_share_of_the_usual_weeks():
    rows = [*((day, "high", 10_000.0) for day in range(0, 28, 4)), (3, "high", 20_000.0)]
    rows += [(29, "low", 3_000.0), (30, "high", 9_000.0)]
    first, second = weeks(PLAN, runs(rows)).to_dicts()
    assert (first["most_m"], first["longest_m"]) == (pytest.approx(2_250), pytest.approx(6_000))
    assert (first["done_m"], first["done_longest_m"], first["all_m"]) == (3_000.0, 3_000.0, 12_000.0)
    assert (second["done_m"], second["most_m"]) == (0.0, pytest.approx(11_250))
    assert weeks(PLAN, runs([]))["most_m"].null_count() == 2


def test_typed_steps_may_leave_a_number_out():
    typed = [
        {"share_pct": 10, "longest_pct": None},
        {"share_pct": None, "longest_pct": None},
        {"longest_pct": 40},
    ]
    assert steps_from(typed) == (Step(10, 10), Step(40, 40))
