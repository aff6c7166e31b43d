"""The record of a guardrail, the folder, the limits as they are set, and changes that push no other guardrail."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from plan_builders import CONTEXT, MONDAY, SORE, UNTIL, default_limits, fixed_habit, planned

from connectors.frames import GUARDRAIL
from dashboard.model.settings import EVIDENCE
from dashboard.plan.guardrails.base import find_guardrail, load_guardrails
from dashboard.plan.limits import GuardrailLimit, limits_from, smallest_change, violations
from dashboard.plan.planned_runs import in_order

RULES = load_guardrails()


def test_the_folder_is_read_in_the_order_a_reader_meets() -> None:
    assert [rule.id for rule in RULES] == [
        "pain", "long_run", "distance", "fast", "climb", "descent", "runs", "shoe", "hard_days", "one_channel", "load",
    ]  # fmt: skip
    assert list(default_limits()) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_guardrail_is_complete(rule) -> None:
    assert rule.low <= rule.default <= rule.high
    assert rule.evidence in EVIDENCE
    assert rule.source
    assert rule.note
    assert "ot checked" in rule.unknown_text


def test_no_two_guardrails_look_alike() -> None:
    for name in ("id", "order", "title", "short", "symbol", "unknown_text"):
        assert len({getattr(rule, name) for rule in RULES}) == len(RULES), name


def test_settings_of_runner_and_therapist_count_and_others_default() -> None:
    rows = pl.DataFrame(
        [
            {"name": "long_run", "value": 120.0, "is_on": True, "decided_by": "therapist"},
            {"name": "fast", "value": 9_000.0, "is_on": False, "decided_by": "runner"},
            {"name": "of another version", "value": 1.0, "is_on": True, "decided_by": "runner"},
        ]
    )
    limits = limits_from(pl.concat([GUARDRAIL.empty(), rows], how="diagonal"), UNTIL)
    assert limits["long_run"] == GuardrailLimit(120.0, True, "therapist")
    assert limits["fast"] == GuardrailLimit(20.0, False, "runner")
    assert limits["shoe"] == GuardrailLimit(30.0, True)
    assert "fast" not in violations((), limits, CONTEXT)


RUNS = st.builds(
    planned,
    st.integers(0, 13),
    st.floats(1, 40),
    fast_s=st.none() | st.floats(0, 4_000),
    ascent_m=st.none() | st.floats(0, 800),
    shoe_id=st.sampled_from([None, "old", "new"]),
)


ENDS = st.none() | st.integers(0, 13).map(lambda n: MONDAY + timedelta(days=n))
SHARES = st.builds(
    lambda value, until: GuardrailLimit(value, True, "therapist", "usual", None, until, GuardrailLimit(20, True)),
    st.sampled_from([-100.0, -40.0, 0.0, 20.0]), ENDS,
)  # fmt: skip


@st.composite
def set_limits(draw) -> dict[str, GuardrailLimit]:
    """Limits as persons set them: shares or amounts of a week, none at all, some with an end."""
    limits = default_limits()
    for rule in RULES:
        if rule.week is not None and draw(st.booleans()):
            most = {"distance": 60_000.0, "time": 3_600.0, "height": 600.0, "count": 6.0}[rule.week.kind]
            amount = st.floats(0, most).map(lambda value: GuardrailLimit(value, True, "therapist", "amount"))
            limits[rule.id] = draw(SHARES | amount)
    return limits


@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(st.lists(RUNS, min_size=1, max_size=8), set_limits(), st.sampled_from(RULES))
def test_a_change_keeps_its_guardrail_and_pushes_no_other(runs, limits, rule) -> None:
    plan = in_order(runs)
    before = violations(plan, limits, SORE)
    assume(before.get(rule.id))
    changed = smallest_change(rule, plan, limits, SORE)
    assume(changed is not None)
    assert changed is not None
    after = violations(changed, limits, SORE)
    assert not after[rule.id]
    for other, rows in after.items():
        assert sum(one.excess for one in rows) <= sum(one.excess for one in before[other]) + 1e-5
    assert len(changed) == len(plan)
    assert sum(run.distance_m or 0.0 for run in changed) <= sum(run.distance_m or 0.0 for run in plan)
    assert sum(run.fast_s or 0.0 for run in changed) <= sum(run.fast_s or 0.0 for run in plan)


@given(st.lists(RUNS, max_size=8).flatmap(lambda runs: st.tuples(st.just(runs), st.permutations(runs))))
@settings(max_examples=20, deadline=None)
def test_order_does_not_matter(pair) -> None:
    one, other = (violations(tuple(runs), default_limits(), CONTEXT) for runs in pair)
    for name in one:
        assert [row.date for row in one[name]] == [row.date for row in other[name]]
        assert [row.amount for row in one[name]] == pytest.approx([row.amount for row in other[name]])


def test_a_change_that_pushes_another_guardrail_follows_that_one_too() -> None:
    plan, context = (planned(1, 20), planned(3, 20), planned(5, 20)), fixed_habit(1.5, 30)
    limits = default_limits("load", "long_run")
    changed = smallest_change(find_guardrail("load"), plan, limits, context)
    assert changed is not None
    assert violations(changed, limits, context)["load"] == []
