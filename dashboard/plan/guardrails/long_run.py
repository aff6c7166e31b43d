"""The longest run, held against the longest of the 30 days before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dashboard.model.settings import MEASURED
from dashboard.plan.adjustments import round_down, shorten_run
from dashboard.plan.guardrails.base import (
    LOOK_BACK,
    TOLERANCE,
    Guardrail,
    PlanContext,
    Violation,
    open_runs,
)
from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.shared import text
from dashboard.shared.units import Units


def longest_before(runs: Iterable[PlannedRun], day: date) -> float | None:
    """Return the longest run of the 30 days before a date (Frandsen 2025)."""
    earlier = (run.distance_m or 0.0 for run in runs if day - LOOK_BACK <= run.date < day)
    return max(earlier, default=0.0) or None


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    ahead = sorted(open_runs(plan, context), key=lambda run: (run.date, run.distance_m or 0.0))
    rows = []
    for run in ahead:
        longest = longest_before((*context.done, *ahead), run.date)
        if longest is not None and (run.distance_m or 0.0) > longest * value / 100 * (1 + TOLERANCE):
            rows.append(Violation(run.date, run.distance_m or 0.0, longest * value / 100, "distance"))
    return rows


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    changed = list(plan)
    for place in sorted(range(len(plan)), key=lambda n: plan[n].date):
        run = changed[place]
        if run.date <= context.until:
            continue
        ahead = [other for other in changed if other.date > context.until]
        longest = longest_before((*context.done, *ahead), run.date)
        if longest is not None and (run.distance_m or 0.0) > longest * value / 100:
            changed[place] = shorten_run(run, round_down("distance_m", longest * value / 100, context.steps))
    return tuple(changed)


def _is_known(plan: Plan, context: PlanContext) -> bool:
    ahead = open_runs(plan, context)
    return all(longest_before((*context.done, *ahead), run.date) is not None for run in ahead)


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"The run of {text.day_in_words(one.date, False)} is {units.distance_words(one.amount)}; the limit from the "
        f"30 days before is {units.distance_words(one.limit)}."
    )


GUARDRAIL = Guardrail(
    id="long_run",
    order=20,
    title="Longest run",
    short="long run",
    symbol="triangle-up",
    unit="%",
    default=110,
    low=100,
    high=200,
    step=5,
    is_on=True,
    evidence=MEASURED,
    source=(
        "Frandsen 2025 (PMID 40623829), 5,205 runners: more injuries of all kinds after a run more than 10 % longer. "
        "Self-reported, not of the Achilles tendon, and the bands are not a clean ladder."
    ),
    note="Each planned run is compared with the runs done and planned before it.",
    check=_check,
    fix=_fix,
    is_known=_is_known,
    unknown_text="Partly not checked: no run lies in the 30 days before.",
    sentence=_sentence,
    words="up to {value} of the longest in 30 days",
)
