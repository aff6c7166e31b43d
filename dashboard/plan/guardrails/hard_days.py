"""Days from one hard day to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from dashboard.model.settings import EXTRAPOLATED
from dashboard.plan.adjustments import (
    FAST_STEP_S,
    FIX_TOLERANCE,
    replace_run,
    round_down,
    shorten_run,
)
from dashboard.plan.guardrails.base import (
    ROUNDS,
    WEEK,
    Guardrail,
    PlanContext,
    Violation,
    open_runs,
    total_excess,
)
from dashboard.plan.planned_runs import Plan, PlannedRun, monday
from dashboard.shared import text
from dashboard.shared.units import Units

HARD_FAST_S = 600.0
HARD_LOAD = 1.5
"""Load of a hard run over the median run. Design choice, as the ten fast minutes."""


def is_hard(run: PlannedRun, context: PlanContext) -> bool:
    """Return whether a run makes its day a hard one.

    Medium and high days of Silbernagel and Crossley 2015.
    """
    load, middle = context.load_of(run), context.usual.run_tkm
    return (run.fast_s or 0.0) >= HARD_FAST_S or (
        load is not None and middle is not None and load >= HARD_LOAD * middle
    )


def _check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    runs = (*context.done, *open_runs(plan, context))
    dates = sorted({run.date for run in runs if is_hard(run, context)})
    return [
        Violation(later, (later - earlier).days, value, "days")
        for earlier, later in pairwise(dates)
        if later > context.until and (later - earlier).days < value
    ]


def _fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Move hard runs within their week by as few days as is enough; where no move is, make one easier."""
    changed = plan
    for _ in range(ROUNDS):
        now = total_excess(_check(changed, value, context))
        if not now:
            return changed
        tried = [
            (total_excess(_check(moved, value, context)), shift, n, moved)
            for n, run in enumerate(changed)
            if run.date > context.until and is_hard(run, context)
            for shift, moved in (*_moves(changed, n, context), *_easier(changed, n, context))
        ]
        best = min(tried, key=lambda one: one[:3], default=None)
        if best is None or best[0] >= now - FIX_TOLERANCE:
            return None
        changed = best[3]
    return None


def _moves(plan: Plan, place: int, context: PlanContext) -> list[tuple[int, Plan]]:
    run, week = plan[place], monday(plan[place].date)
    occupied = {one.date for one in context.done}
    moves = []
    for day in (week + timedelta(days=n) for n in range(WEEK.days)):
        if day <= context.until or day == run.date or day in occupied:
            continue
        moved = tuple(
            replace(one, date=day) if n == place
            else replace(one, date=run.date) if one.date == day
            else one
            for n, one in enumerate(plan)
        )  # fmt: skip
        moves.append((abs((day - run.date).days), moved))
    return moves


def _easier(plan: Plan, place: int, context: PlanContext) -> list[tuple[int, Plan]]:
    """Build a run just not hard: fewer fast minutes, then a shorter way; after every move."""
    run, middle = plan[place], context.usual.run_tkm
    if (run.fast_s or 0.0) >= HARD_FAST_S:
        run = replace(run, fast_s=HARD_FAST_S - FAST_STEP_S)
    load = context.load_of(run)
    if is_hard(run, context) and load and middle and run.distance_m:
        shorter = run.distance_m * HARD_LOAD * middle / load - 1.0
        run = shorten_run(run, round_down("distance_m", shorter, context.steps))
    return [] if is_hard(run, context) else [(WEEK.days, replace_run(plan, place, run))]


def _sentence(one: Violation, units: Units, context: PlanContext) -> str:
    return (
        f"The hard day of {text.day_in_words(one.date, False)} comes {_days(one.amount)} after the one before; the "
        f"limit is {_days(one.limit)}."
    )


def _days(count: float) -> str:
    return "one day" if count == 1 else f"{count:.0f} days"


GUARDRAIL = Guardrail(
    id="hard_days",
    order=60,
    title="From one hard day to the next",
    short="hard days",
    symbol="hourglass",
    unit="days",
    default=2,
    low=1,
    high=5,
    step=1,
    is_on=True,
    evidence=EXTRAPOLATED,
    source=(
        "After Silbernagel and Crossley 2015: light, medium and high days with graded recovery. Collagen is broken "
        "down and built for one to three days after a bout (Magnusson 2010, nrrheum.2010.43)."
    ),
    note="Hard is a run with ten fast minutes or more, or of half as much load again as your median run.",
    check=_check,
    fix=_fix,
    is_known=lambda _, context: context.usual.run_tkm is not None,
    unknown_text="Not checked beyond fast minutes: the load of your usual run is not known.",
    sentence=_sentence,
    words="at least {value}",
)
