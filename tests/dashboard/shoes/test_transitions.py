"""The plan for another pair: kept as text, checked, laid beside what was run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from worn_runs import MONDAY, runs

from connectors.errors import HeelwiseError
from connectors.frames import SYMPTOM
from dashboard.model.day_table import dense_days
from dashboard.model.settings import ModelSettings
from dashboard.plan.usual_week import usual_week
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

PLAN = TransitionPlan("low", MONDAY + timedelta(56), (TransitionStep(10, 30), TransitionStep(50, 60)))


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


def weeks_of(rows):
    ran = runs(rows)
    return plan_weeks(PLAN, ran, dense_days(ran, SYMPTOM.empty())).to_dicts()


def test_a_step_allows_a_share_of_the_usual_week_that_one_odd_week_does_not_move():
    rows = [(day + 7 * week, "high", 10_000.0) for week in range(8) for day in (1, 4)]
    rows += [(55, "high", 30_000.0), (57, "low", 3_000.0), (58, "high", 9_000.0)]
    first, second = weeks_of(rows)
    assert (first["most_m"], first["longest_m"]) == (pytest.approx(2_000), pytest.approx(3_000))
    assert (first["done_m"], first["done_longest_m"], first["all_m"]) == (3_000.0, 3_000.0, 12_000.0)
    assert (second["done_m"], second["most_m"]) == (0.0, pytest.approx(10_000))


def test_without_enough_known_weeks_no_usual_is_made_up():
    assert [week["most_m"] for week in weeks_of([])] == [None, None]
    assert [week["longest_m"] for week in weeks_of([(50, "high", 10_000.0), (57, "low", 5_000.0)])] == [
        None,
        None,
    ]


def test_usual_is_that_of_the_plan_page():
    rows = [(3 * n, "high", 8_000.0 + 500 * n) for n in range(19)]
    ran = runs(rows)
    days = dense_days(ran, SYMPTOM.empty())
    own = usual_week(ran, days, None, ModelSettings())
    plan = TransitionPlan("low", MONDAY + timedelta(55), (TransitionStep(100, 100),))
    (week,) = plan_weeks(plan, ran, days).to_dicts()
    assert (week["most_m"], week["longest_m"]) == (own.distance_m, own.longest_m)


def test_typed_steps_may_leave_a_number_out():
    typed = [
        {"share_pct": 10, "longest_pct": None},
        {"share_pct": None, "longest_pct": None},
        {"longest_pct": 40},
    ]
    assert steps_from(typed) == (TransitionStep(10, 10), TransitionStep(40, 40))
