"""Load of seven planned days, held against the runner's own threshold."""

from __future__ import annotations

from datetime import date

import numpy as np

from dashboard.model.outpaced_windows import JOIN_GAP, joined_stretches
from dashboard.model.settings import DESIGN
from dashboard.plan.adjustments import scale_runs
from dashboard.plan.guardrails.base import (
    ROUNDS,
    TOLERANCE,
    WEEK,
    Guardrail,
    PlanContext,
    Violation,
    open_runs,
)
from dashboard.plan.planned_runs import Plan, PlannedRun
from dashboard.shared import state_text, text
from dashboard.shared.units import Units

MARGIN = 0.98
"""Share of the threshold that a change aims at. Design choice."""


def load_windows(plan: Plan, context: PlanContext) -> list[tuple[date, date, float]]:
    """Return the stretches of planned days at or above the runner's own threshold, with their peak."""
    if context.threshold is None:
        return []
    rows = context.ratios_of(plan)
    ratio = np.array([value for _, value in rows])
    high = np.nan_to_num(ratio, nan=-1.0) >= context.threshold - TOLERANCE
    return [
        (rows[first][0], rows[last][0], float(np.nanmax(ratio[first : last + 1])))
        for first, last in joined_stretches(high, context.outpaced_days, JOIN_GAP)
    ]


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    windows = load_windows(plan, context)
    return [Violation(first, peak, context.threshold or 0.0, "ratio") for first, _, peak in windows]


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Shorten the runs whose week makes the load too high by the same share, until it is not."""
    changed = plan
    for _ in range(ROUNDS):
        windows = load_windows(changed, context)
        if not windows:
            return changed
        first, last, peak = windows[0]
        since = max(context.until, first - WEEK)
        share = MARGIN * (context.threshold or 0.0) / peak

        def inside(run: PlannedRun, since: date = since, last: date = last) -> bool:
            return since < run.date <= last

        shorter = scale_runs(changed, inside, share, context.steps)
        if shorter == changed:
            return None
        changed = shorter
    return None if load_windows(changed, context) else changed


def _is_known(plan: Plan, context: PlanContext) -> bool:
    loads = [context.load_of(run) for run in open_runs(plan, context)]
    return context.threshold is not None and None not in loads


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"From {text.day_in_words(one.date, False)} the load of seven days reaches {state_text.ratio(one.amount)} "
        f"of what you are used to by then; your own threshold is ×{one.limit:.2f}."
    )


GUARDRAIL = Guardrail(
    id="load",
    order=80,
    title="Load of seven days",
    short="load of seven days",
    symbol="circle",
    unit="",
    default=0,
    low=0,
    high=0,
    step=1,
    is_on=True,
    evidence=DESIGN,
    source=(
        "No threshold on such a ratio is validated. It is the one of the windows: 1.3, or higher where your own last "
        "year lay higher."
    ),
    note="Crossed where a window would begin: as many of seven planned days lie above it. It has no number of its own.",
    check=_check,
    fix=_fix,
    is_known=_is_known,
    unknown_text=(
        "Not checked: your own threshold, or the load of a planned run, is not known, or you run too irregularly."
    ),
    sentence=_sentence,
    words="below your own threshold of the last day on record",
    has_value=False,
)
