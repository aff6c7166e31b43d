"""Share of a week in pairs that are new or have a plate."""

from __future__ import annotations

from dataclasses import replace

from dashboard.model.settings import DESIGN
from dashboard.plan.adjustments import replace_run
from dashboard.plan.guardrails.base import (
    TOLERANCE,
    Guardrail,
    PlanContext,
    Violation,
    open_runs,
    plan_total,
    runs_by_week,
)
from dashboard.plan.planned_runs import Plan, monday
from dashboard.shared import text
from dashboard.shared.units import Units


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    rows = []
    for week, runs in runs_by_week(plan, context).items():
        distance = plan_total(runs, "distance_m") or 0.0
        watched = plan_total((run for run in runs if run.shoe_id in context.watched), "distance_m") or 0.0
        if distance and watched / distance > value / 100 + TOLERANCE:
            rows.append(Violation(week, 100 * watched / distance, value, "share"))
    return rows


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Choose the usual pair for the shortest run that is enough, else for the longest first."""
    if context.usual_pair is None:
        return None
    changed = plan
    for _ in range(len(plan)):
        rows = _check(changed, value, context)
        if not rows:
            return changed
        week = rows[0].date
        places = [
            n for n, run in enumerate(changed)
            if run.date > context.until and monday(run.date) == week and run.shoe_id in context.watched
        ]  # fmt: skip
        if not places:
            return None
        places.sort(key=lambda n: changed[n].distance_m or 0.0)
        tried = [replace_run(changed, n, replace(changed[n], shoe_id=context.usual_pair)) for n in places]
        enough = (t for t in tried if all(one.date != week for one in _check(t, value, context)))
        changed = next(enough, tried[-1])
    return changed


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"In the week of {text.day_in_words(one.date, False)} new or plated pairs have {one.amount:.0f} % of the "
        f"distance; the limit is {one.limit:.0f} %."
    )


GUARDRAIL = Guardrail(
    id="shoe",
    order=50,
    title="New or plated pairs",
    short="new or plated pairs",
    symbol="square",
    unit="%",
    default=30,
    low=0,
    high=100,
    step=5,
    is_on=True,
    evidence=DESIGN,
    source="A new pair in short runs first. Malisoux 2015 looked at several pairs in turn, not at new ones.",
    note="A pair is new for its first 50 km (31 mi).",
    check=_check,
    fix=_fix,
    is_known=lambda plan, context: all(run.shoe_id is not None for run in open_runs(plan, context)),
    unknown_text="Partly not checked: some planned runs have no shoe.",
    sentence=_sentence,
    words="at most {value} of a week's distance",
)
