"""A usual week, runs done before it ended, and plans for the weeks after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from connectors.frames import GUARDRAIL
from dashboard.model.pain_rule import PainCrossing, PainState
from dashboard.plan.guardrails.base import PlanContext
from dashboard.plan.limits import GuardrailLimit, limits_from
from dashboard.plan.planned_runs import Plan, PlannedRun
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
CONTEXT = PlanContext(
    USUAL, DONE, UNTIL, CALM, frozenset({"new"}), "old", lambda run: run_load(run, USUAL, {}, 3.4)
)
SORE = replace(CONTEXT, pain=PainState((PainCrossing(UNTIL, "run", 7, 5),), (UNTIL,)))


def planned(day: int, km: float, **more) -> PlannedRun:
    """Build one planned run, `day` days after the first Monday."""
    return PlannedRun(MONDAY + timedelta(days=day), km * 1000.0, **more)


def default_limits(*names: str) -> dict[str, GuardrailLimit]:
    """Return the limits where nobody set any; with names, only these."""
    limits = limits_from(GUARDRAIL.empty(), UNTIL)
    return {name: limits[name] for name in names or limits}


def fixed_habit(threshold: float | None, habit_km: float) -> PlanContext:
    """Hold each planned day against a fixed habit: seven days of distance over `habit_km`."""

    def ratios(plan: Plan) -> list[tuple[date, float]]:
        days = [MONDAY + timedelta(days=n) for n in range(21)]
        sums = [
            sum(one.distance_m or 0.0 for one in plan if day - timedelta(7) < one.date <= day) for day in days
        ]
        return [(day, total / 1000 / habit_km) for day, total in zip(days, sums, strict=True)]

    return replace(CONTEXT, ratios_of=ratios, threshold=threshold)
