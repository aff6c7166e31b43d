"""What a plan raises is said first: the channel furthest above the usual week, then the load."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.frames import PLAN
from dashboard.model.pain_rule import PainState
from dashboard.model.settings import ModelSettings
from dashboard.plan import service
from dashboard.plan.guardrails.base import PlanContext
from dashboard.plan.planned_changes import PlannedChange, planned_changes
from dashboard.plan.planned_runs import PlannedRun
from dashboard.plan.text import plan_in_words
from dashboard.plan.usual_week import UsualWeek
from dashboard.shared import pipeline
from dashboard.shared.units import Units

UNTIL, MONDAY = date(2026, 3, 1), date(2026, 3, 2)
USUAL = UsualWeek(
    until=UNTIL, multiplier=1.0, low=0.9, high=1.1, fast_share=0.1, fast_gain=1.05, climb_gain=0.013,
    descent_gain=0.008, ascent_per_km=5.0, descent_per_km=5.0, shoe=1.0, distance_m=40_000.0, fast_s=1_200.0,
    ascent_m=200.0, descent_m=200.0, runs=4, weekdays=(1, 3, 6, 5, 2, 0, 4), long_weekday=6, fast_weekday=3,
    long_share=0.4, run_tkm=8.0, longest_m=15_000.0,
)  # fmt: skip
DONE = (PlannedRun(UNTIL, 15_000.0, 0.0, 50.0, 50.0, "old"),)
CONTEXT = PlanContext(USUAL, DONE, UNTIL, PainState((), (UNTIL,)), frozenset({"new"}), "old")
CALM = [PlannedRun(MONDAY + timedelta(days=day), 13_000.0, 300.0, 60.0, shoe_id="old") for day in (1, 3, 6)]


def changed(**more) -> list[PlannedRun]:
    return [PlannedRun(**{**vars(run), **more}) for run in CALM]


@pytest.mark.parametrize(
    ("runs", "channels"),
    [
        (CALM, []),
        (changed(distance_m=17_000.0), ["volume"]),
        ([*CALM[:2], PlannedRun(MONDAY + timedelta(days=6), 19_000.0, shoe_id="old")], ["longest"]),
        (changed(fast_s=1_200.0), ["fast"]),
        (changed(ascent_m=300.0), ["climb"]),
        (changed(descent_m=300.0), ["descent"]),
        (changed(shoe_id="new"), ["shoe_new"]),
        (changed(distance_m=17_000.0, ascent_m=300.0), ["climb", "volume"]),
    ],
)
def test_a_plan_names_the_channels_it_raises_furthest_first(runs, channels) -> None:
    found = planned_changes(tuple(runs), CONTEXT, ModelSettings())
    assert [one.channel for one in found] == channels
    assert all(one.week == MONDAY and one.planned > one.usual for one in found)


def test_how_much_in_another_pair_counts_is_what_a_step_up_asks_for() -> None:
    runs = changed(shoe_id="new")
    assert [one.channel for one in planned_changes(tuple(runs), CONTEXT, ModelSettings(step_up_z=1.0))] == [
        "shoe_new"
    ]
    assert planned_changes(tuple(runs), CONTEXT, ModelSettings(step_up_z=4.1)) == ()


def test_what_is_not_known_raises_nothing() -> None:
    nothing = UsualWeek(
        **{**vars(USUAL), "distance_m": None, "longest_m": None, "fast_s": None, "ascent_m": None}
    )
    context = PlanContext(nothing, (), UNTIL, CONTEXT.pain)
    assert planned_changes(tuple(changed(distance_m=90_000.0)), context, ModelSettings()) == ()


def test_the_channel_is_said_before_the_load(store, athlete_id) -> None:
    analysis = pipeline.analysis_of(store, athlete_id)
    week = date(2026, 5, 4)
    service.save_weeks(store, athlete_id, {week: {"distance_m": 90_000.0, "longest_m": 60_000.0}})
    seen = service.project_plan(store, athlete_id, analysis, week + timedelta(days=6), week)
    assert seen.usual.longest_m
    sentences = plan_in_words(seen.projection, Units(), seen.changes)
    assert sentences[0].startswith(
        ("The plan raises the longest run most:", "The plan raises running volume most:")
    )
    assert "in the week of 4 May, usually " in sentences[0]
    assert sentences[1].startswith("The planned load is highest")
    assert plan_in_words(seen.projection, Units())[0].startswith("The planned load is highest")
    assert store.read(PLAN, athlete_id).height == 1


def test_two_channels_are_named_at_most() -> None:
    found = [PlannedChange(MONDAY, name, 3_000.0, 600.0) for name in ("fast", "climb", "volume")]
    assert [one.size for one in found] == [5.0] * 3
    assert PlannedChange(MONDAY, "fast", 600.0, 0.0).size == float("inf")
