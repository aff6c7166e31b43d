"""The plan for another pair: kept as text, checked, laid beside what was run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from worn_runs import MONDAY, runs

from connectors.errors import HeelwiseError
from dashboard.shoes.transitions import (
    DEFAULT_STEPS,
    PLAN_SETTING,
    TransitionPlan,
    TransitionStep,
    plan_to_text,
    plan_weeks,
    read_plan,
    steps_from,
    validate_plan,
)

PLAN = TransitionPlan("low", MONDAY + timedelta(28), (TransitionStep(10, 30), TransitionStep(50, 60)))


def test_a_plan_comes_back_as_it_was_kept():
    assert read_plan({PLAN_SETTING: plan_to_text(PLAN) or ""}) == PLAN
    assert read_plan({}) is None
    assert plan_to_text(None) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"shoe_id": "a", "start": "x", "steps": []}'])
def test_a_plan_that_cannot_be_read_is_told(text):
    with pytest.raises(HeelwiseError, match="cannot be read"):
        read_plan({PLAN_SETTING: text})


@pytest.mark.parametrize(
    "steps", [(), (TransitionStep(101, 10),), (TransitionStep(10, -1),), (TransitionStep(float("nan"), 10),)]
)
def test_steps_nobody_can_run_are_refused(steps):
    with pytest.raises(HeelwiseError, match="Nothing was changed"):
        validate_plan(TransitionPlan("low", MONDAY, steps))


def test_the_default_goes_up_in_share_and_length():
    assert list(DEFAULT_STEPS) == sorted(DEFAULT_STEPS, key=lambda step: (step.share_pct, step.longest_pct))


def test_a_step_allows_a_share_of_the_usual_weeks():
    rows = [*((day, "high", 10_000.0) for day in range(0, 28, 4)), (3, "high", 20_000.0)]
    rows += [(29, "low", 3_000.0), (30, "high", 9_000.0)]
    first, second = plan_weeks(PLAN, runs(rows)).to_dicts()
    assert (first["most_m"], first["longest_m"]) == (pytest.approx(2_250), pytest.approx(6_000))
    assert (first["done_m"], first["done_longest_m"], first["all_m"]) == (3_000.0, 3_000.0, 12_000.0)
    assert (second["done_m"], second["most_m"]) == (0.0, pytest.approx(11_250))
    assert plan_weeks(PLAN, runs([]))["most_m"].null_count() == 2


def test_typed_steps_may_leave_a_number_out():
    typed = [
        {"share_pct": 10, "longest_pct": None},
        {"share_pct": None, "longest_pct": None},
        {"longest_pct": 40},
    ]
    assert steps_from(typed) == (TransitionStep(10, 10), TransitionStep(40, 40))
