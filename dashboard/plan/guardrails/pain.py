"""The pain rule: where the log lies beyond it, the next seven days are held to the distance of the last seven."""

from __future__ import annotations

from dashboard.model.pain_rule import PainCrossing, PainState
from dashboard.model.settings import MEASURED
from dashboard.plan.adjustments import scale_runs
from dashboard.plan.guardrails.base import (
    TOLERANCE,
    WEEK,
    Guardrail,
    PlanContext,
    Violation,
    open_runs,
    plan_total,
)
from dashboard.plan.planned_runs import Plan
from dashboard.shared import text
from dashboard.shared.units import Units


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    if not context.pain.crossed:
        return []
    lately = (run for run in context.done if context.until - WEEK < run.date <= context.until)
    last = plan_total(lately, "distance_m") or 0.0
    ahead = [run for run in open_runs(plan, context) if run.date <= context.until + WEEK]
    planned = plan_total(ahead, "distance_m") or 0.0
    above = planned > last * (1 + TOLERANCE) + TOLERANCE
    return [Violation(min(run.date for run in ahead), planned, last, "distance")] if above else []


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    rows = _check(plan, value, context)
    if not rows or not rows[0].limit:
        return None if rows else plan
    last = context.until + WEEK
    share = rows[0].limit / rows[0].amount
    return scale_runs(plan, lambda run: context.until < run.date <= last, share, context.steps)


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"{pain_in_words(context.pain)} The seven days from then hold {units.distance_words(one.amount)}, after "
        f"{units.distance_words(one.limit)} in the last seven."
    )


def pain_in_words(state: PainState) -> str:
    """Describe where the log lies beyond the pain rule."""
    if not state.crossed:
        return "The log of the last seven days stays within the pain rule."
    return _crossing_in_words(max(state.crossed, key=lambda one: one.amount - one.limit))


def _crossing_in_words(one: PainCrossing) -> str:
    day = text.day_in_words(one.date, False)
    return {
        "run": f"On {day} the log has {one.amount:g} of 10 during or after the run, above the limit of {one.limit:g}.",
        "morning": f"On the morning of {day} the log has {one.amount:g} of 10: not settled after the run before.",
        "week": f"Mornings rose from {one.limit:.1f} to {one.amount:.1f} of 10 on average in the week to {day}.",
    }[one.part]


GUARDRAIL = Guardrail(
    id="pain",
    order=10,
    title="Pain during and after a run",
    short="pain rule",
    symbol="x",
    unit="0–10",
    default=5,
    low=0,
    high=10,
    step=1,
    is_on=True,
    evidence=MEASURED,
    source="Silbernagel 2007 (read.qxmd.com/read/17307888), n = 38: those who ran on under such rules did no worse.",
    note=(
        "Also settled by the next morning, and no rise from week to week. Where the log of the last seven days lies "
        "beyond it, the next seven days are held to the distance of the last seven."
    ),
    check=_check,
    fix=_fix,
    is_known=lambda _, context: context.pain.is_known,
    unknown_text="Not checked: nothing was logged in the last seven days, which is not the same as no pain.",
    sentence=_sentence,
    status=lambda context: pain_in_words(context.pain) if context.pain.is_known else None,
    is_of_log=True,
)
