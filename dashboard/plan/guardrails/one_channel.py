"""Changes of one week: distance, fast minutes, climb."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.model.settings import DESIGN
from dashboard.plan.guardrails.base import (
    TOLERANCE,
    Guardrail,
    PlanContext,
    Violation,
    hold_week,
    plan_total,
    runs_by_week,
)
from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.shared import text
from dashboard.shared.units import Units

RAISED = 1.1
"""From here a channel counts as raised over the usual week. Design choice."""
CHANNELS = ("distance_m", "fast_s", "ascent_m")


def raised_channels(runs: Iterable[PlannedRun], context: PlanContext) -> dict[str, float]:
    """Return the channels of a week more than 10 % above the usual week, with their ratio to it."""
    week, raised = list(runs), {}
    for channel in CHANNELS:
        usual, planned = getattr(context.usual, channel), plan_total(week, channel)
        if usual is None or planned is None:
            continue
        if planned > RAISED * usual * (1 + TOLERANCE) + TOLERANCE:
            raised[channel] = planned / usual if usual else float("inf")
    return raised


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    counts = {week: len(raised_channels(runs, context)) for week, runs in runs_by_week(plan, context).items()}
    return [Violation(week, count, value, "count") for week, count in counts.items() if count > value]


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Hold the channels that rise least at their usual."""
    changed: Plan | None = plan
    for one in _check(plan, value, context):
        raised = raised_channels(runs_by_week(plan, context)[one.date], context)
        for channel in sorted(raised, key=lambda c: raised[c])[: len(raised) - int(value)]:
            limit = RAISED * getattr(context.usual, channel)
            changed = None if changed is None else hold_week(changed, one.date, channel, limit, context)
    return changed


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"The week of {text.day_in_words(one.date, False)} raises {one.amount:.0f} of distance, fast minutes and climb "
        f"at once; the limit is {one.limit:.0f}."
    )


GUARDRAIL = Guardrail(
    id="one_channel",
    order=70,
    title="Changes in one week",
    short="changes at once",
    symbol="star",
    unit="changes",
    default=1,
    low=0,
    high=3,
    step=1,
    is_on=True,
    evidence=DESIGN,
    source="When several rise at once, nobody can tell them apart afterwards. No study tests it.",
    note="Distance, fast minutes and climb; raised is more than 10 % above the median of the last 8 weeks.",
    check=_check,
    fix=_fix,
    is_known=lambda _, context: context.usual.distance_m is not None,
    unknown_text="Not checked: your usual week is not known.",
    sentence=_sentence,
    words="at most {number} of distance, fast minutes and climb raised",
)
