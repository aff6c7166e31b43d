""""""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from connectors.frames import GUARDRAIL
from dashboard.model.pain_rule import PainCrossing, PainState
from dashboard.model.settings import EVIDENCE
from dashboard.plan.guardrails.base import GUARDRAILS, GuardrailLimit, PlanContext, limits_from
from dashboard.plan.guardrails.checks import CHECKS, is_unknown, violations
from dashboard.plan.guardrails.fixes import FIXES, plan_differences, smallest_change
from dashboard.plan.planned_runs import PlannedRun, in_order
from dashboard.plan.projection import run_load
from dashboard.plan.usual_week import UsualWeek

UNTIL = date(2026, 3, 1)  # a Sunday
MONDAY = date(2026, 3, 2)
USUAL = UsualWeek(
    until=UNTIL, multiplier=1.0, low=0.9, high=1.1, fast_share=0.1, fast_gain=1.05, climb_gain=0.013,
    descent_gain=0.008, ascent_per_km=5.0, descent_per_km=5.0, shoe=1.0, distance_m=40_000.0, fast_s=1_200.0,
    ascent_m=200.0, descent_m=200.0, runs=4, weekdays=(1, 3, 6, 5, 2, 0, 4), long_weekday=6, fast_weekday=3,
    long_share=0.4, run_tkm=8.0,
)  # fmt: skip
DONE = tuple(
    PlannedRun(UNTIL - timedelta(days=back), km * 1000.0, fast, 50.0, 50.0, "old")
    for back, km, fast in ((26, 15, 0.0), (12, 8, 0.0), (5, 8, 0.0), (3, 9, 600.0), (0, 17, 0.0))
)
CALM = PainState((), (UNTIL,))
GROUND = PlanContext(
    USUAL, DONE, UNTIL, CALM, frozenset({"new"}), "old", lambda run: run_load(run, USUAL, {}, 3.4)
)
LIMITS = limits_from(GUARDRAIL.empty())


def run(day: int, km: float, **more) -> PlannedRun:
    return PlannedRun(MONDAY + timedelta(days=day), km * 1000.0, **more)


def only(name: str) -> dict[str, GuardrailLimit]:
    return {name: LIMITS[name]}


def test_every_guardrail_has_source_check_and_change() -> None:
    assert {rule.id for rule in GUARDRAILS} == set(CHECKS) == set(FIXES)
    for rule in GUARDRAILS:
        assert rule.low <= rule.default <= rule.high
        assert rule.evidence in EVIDENCE
        assert rule.source


def test_the_long_run_is_shortened_to_110_pct_of_the_longest_in_30_days() -> None:
    plan = (run(1, 8), run(6, 20))
    found = CHECKS["long_run"](plan, 110, GROUND)
    assert [(one.date, one.limit) for one in found] == [(MONDAY + timedelta(days=6), pytest.approx(18_700))]
    changed = smallest_change("long_run", plan, LIMITS, GROUND)
    assert changed is not None
    assert [after.distance_m for _, after in plan_differences(plan, changed)] == [pytest.approx(18_700)]
    assert not CHECKS["long_run"]((run(6, 18.7),), 110, GROUND)


def test_fast_minutes_descent_and_channels_go_back_to_their_limit() -> None:
    plan = (run(1, 9, fast_s=1_800.0, ascent_m=200.0), run(4, 9, fast_s=0.0, ascent_m=150.0))
    assert CHECKS["fast"](plan, 20, GROUND)[0].limit == pytest.approx(1_440)
    changed = smallest_change("fast", plan, only("fast"), GROUND)
    assert changed is not None
    assert changed[0].fast_s == 1_440
    assert CHECKS["descent"](plan, 20, GROUND)[0].amount == 350  # comes back down what it went up
    lower = smallest_change("descent", plan, only("descent"), GROUND)
    assert lower is not None
    assert sum(one.ascent_m or 0 for one in lower) <= 240
    assert CHECKS["one_channel"](plan, 1, GROUND)[0].amount == 2
    single = smallest_change("one_channel", plan, only("one_channel"), GROUND)
    assert single is not None
    assert single[0].fast_s == 1_320  # rose by half, climb by three quarters: the lesser is kept at usual
    assert single[0].ascent_m == 200.0


def test_the_shortest_run_that_is_enough_takes_the_usual_pair() -> None:
    plan = (run(1, 6, shoe_id="new"), run(3, 9, shoe_id="new"), run(6, 16, shoe_id="old"))
    assert CHECKS["shoe"](plan, 30, GROUND)[0].amount == pytest.approx(100 * 15 / 31)
    changed = smallest_change("shoe", plan, only("shoe"), GROUND)
    assert changed is not None
    assert [one.shoe_id for one in changed] == ["old", "new", "old"]
    assert smallest_change("shoe", plan, only("shoe"), replace(GROUND, usual_pair=None)) is None


def test_a_hard_day_moves_by_as_little_as_is_enough() -> None:
    plan = (run(0, 8, fast_s=1_200.0), run(3, 7), run(6, 16))
    assert [one.date for one in CHECKS["hard_days"](plan, 2, GROUND)] == [MONDAY]  # the day after a long run
    changed = smallest_change("hard_days", plan, only("hard_days"), GROUND)
    assert changed is not None
    assert [after.date for _, after in plan_differences(plan, changed)] == [MONDAY + timedelta(days=1)]


def test_the_pain_rule_holds_the_next_week_to_the_last() -> None:
    sore = replace(GROUND, pain=PainState((PainCrossing(UNTIL, "run", 7, 5),), (UNTIL,)))
    plan = (run(1, 20), run(6, 20))
    assert CHECKS["pain"](plan, 5, sore)[0].limit == pytest.approx(34_000)
    changed = smallest_change("pain", plan, only("pain"), sore)
    assert changed is not None
    assert sum(one.distance_m or 0 for one in changed) <= 34_000
    assert not CHECKS["pain"](plan, 5, GROUND)
    assert is_unknown("pain", plan, replace(GROUND, pain=PainState((), ())))


def test_settings_of_runner_and_therapist_count_and_others_default() -> None:
    rows = pl.DataFrame(
        [
            {"name": "long_run", "value": 120.0, "is_on": True, "decided_by": "therapist"},
            {"name": "fast", "value": 9_000.0, "is_on": False, "decided_by": "runner"},
            {"name": "of another version", "value": 1.0, "is_on": True, "decided_by": "runner"},
        ]
    )
    limits = limits_from(pl.concat([GUARDRAIL.empty(), rows], how="diagonal"))
    assert limits["long_run"] == GuardrailLimit(120.0, True, "therapist")
    assert limits["fast"] == GuardrailLimit(20.0, False, "runner")
    assert limits["shoe"] == GuardrailLimit(30.0, True)
    assert "fast" not in violations((), limits, GROUND)


planned = st.builds(
    run,
    st.integers(0, 13),
    st.floats(1, 40),
    fast_s=st.none() | st.floats(0, 4_000),
    ascent_m=st.none() | st.floats(0, 800),
    shoe_id=st.sampled_from([None, "old", "new"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(st.lists(planned, min_size=1, max_size=8), st.sampled_from(sorted(CHECKS)))
def test_a_change_keeps_its_guardrail_and_pushes_no_other(runs, name) -> None:
    plan, ground = (
        in_order(runs),
        replace(GROUND, pain=PainState((PainCrossing(UNTIL, "run", 7, 5),), (UNTIL,))),
    )
    before = violations(plan, LIMITS, ground)
    assume(before[name])
    changed = smallest_change(name, plan, LIMITS, ground)
    assume(changed is not None)
    assert changed is not None
    after = violations(changed, LIMITS, ground)
    assert not after[name]
    for other, found in after.items():
        assert sum(one.excess for one in found) <= sum(one.excess for one in before[other]) + 1e-5
    assert len(changed) == len(plan)


@given(st.lists(planned, max_size=8).flatmap(lambda runs: st.tuples(st.just(runs), st.permutations(runs))))
@settings(max_examples=20, deadline=None)
def test_order_does_not_matter(pair) -> None:
    one, other = (violations(tuple(runs), LIMITS, GROUND) for runs in pair)
    for name in one:
        assert [c.date for c in one[name]] == [c.date for c in other[name]]
        assert [c.amount for c in one[name]] == pytest.approx([c.amount for c in other[name]])
