"""What each guardrail says of a plan: where it is crossed, by how much, and where it cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

from dashboard.plan.guardrails.base import (
    GuardrailKind,
    GuardrailLimit,
    PlanContext,
    Violation,
    longest_before,
    open_runs,
    plan_total,
    runs_by_week,
)
from dashboard.plan.planned_runs import Plan, PlannedRun

WEEK = timedelta(days=7)
HARD_FAST_S = 600.0
HARD_LOAD = 1.5
"""Load of a hard run over the median run. Design choice, as the ten fast minutes."""
RAISED = 1.1
"""From here a channel counts as raised over the usual week. Design choice."""
TOLERANCE = 1e-9
CHANNELS = ("distance_m", "fast_s", "ascent_m")

Check = Callable[[Plan, float, PlanContext], list[Violation]]


def is_hard(run: PlannedRun, context: PlanContext) -> bool:
    """Tell whether a run makes its day a hard one.

    References
    ----------
    After the light, medium and high days of Silbernagel and Crossley 2015.
    """
    load, middle = context.load_of(run), context.usual.run_tkm
    return (run.fast_s or 0.0) >= HARD_FAST_S or (
        load is not None and middle is not None and load >= HARD_LOAD * middle
    )


def _pain(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    if not context.pain.crossed:
        return []
    last = (
        plan_total((r for r in context.done if context.until - WEEK < r.date <= context.until), "distance_m")
        or 0.0
    )
    ahead = [run for run in open_runs(plan, context) if run.date <= context.until + WEEK]
    planned = plan_total(ahead, "distance_m") or 0.0
    above = planned > last * (1 + TOLERANCE) + TOLERANCE
    return [Violation(min(run.date for run in ahead), planned, last, "distance")] if above else []


def _long_run(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    ahead = sorted(open_runs(plan, context), key=lambda run: (run.date, run.distance_m or 0.0))
    found = []
    for run in ahead:
        longest = longest_before((*context.done, *ahead), run.date)
        if longest is not None and (run.distance_m or 0.0) > longest * value / 100 * (1 + TOLERANCE):
            found.append(Violation(run.date, run.distance_m or 0.0, longest * value / 100, "distance"))
    return found


def _weekly(channel: str, kind: GuardrailKind, usual: str) -> Check:
    def check(plan: Plan, value: float, ground: PlanContext) -> list[Violation]:
        own = getattr(ground.usual, usual)
        if own is None:
            return []
        limit = own * (1 + value / 100)
        sums = {week: plan_total(runs, channel) for week, runs in runs_by_week(plan, ground).items()}
        return [
            Violation(week, amount, limit, kind)
            for week, amount in sums.items()
            if amount is not None and amount > limit * (1 + TOLERANCE) + TOLERANCE
        ]

    return check


def _shoe(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    found = []
    for week, runs in runs_by_week(plan, context).items():
        whole = plan_total(runs, "distance_m") or 0.0
        watched = plan_total((run for run in runs if run.shoe_id in context.watched), "distance_m") or 0.0
        if whole and watched / whole > value / 100 + TOLERANCE:
            found.append(Violation(week, 100 * watched / whole, value, "share"))
    return found


def _hard_days(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    runs = (*context.done, *open_runs(plan, context))
    dates = sorted({run.date for run in runs if is_hard(run, context)})
    return [
        Violation(later, (later - earlier).days, value, "days")
        for earlier, later in pairwise(dates)
        if later > context.until and (later - earlier).days < value
    ]


def raised_channels(runs: Iterable[PlannedRun], context: PlanContext) -> dict[str, float]:
    """Tell which channels of a week lie above the usual week.

    More than 10 % above.
    """
    listed, found = list(runs), {}
    for channel in CHANNELS:
        usual, planned = getattr(context.usual, channel), plan_total(listed, channel)
        if (
            usual is not None
            and planned is not None
            and planned > RAISED * usual * (1 + TOLERANCE) + TOLERANCE
        ):
            found[channel] = planned / usual if usual else float("inf")
    return found


def _one_channel(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
    counts = {week: len(raised_channels(runs, context)) for week, runs in runs_by_week(plan, context).items()}
    return [Violation(week, count, value, "count") for week, count in counts.items() if count > value]


CHECKS: Mapping[str, Check] = {
    "pain": _pain,
    "long_run": _long_run,
    "fast": _weekly("fast_s", "time", "fast_s"),
    "descent": _weekly("falls_m", "height", "descent_m"),
    "shoe": _shoe,
    "hard_days": _hard_days,
    "one_channel": _one_channel,
}
"""One check for each guardrail."""


def violations(
    plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> dict[str, list[Violation]]:
    """Hold a plan against every guardrail that is on."""
    return {name: CHECKS[name](plan, limit.value, context) for name, limit in limits.items() if limit.is_on}


def is_unknown(name: str, plan: Plan, context: PlanContext) -> bool:
    """Tell whether a guardrail cannot be checked for want of records.

    Not checked is not the same as kept.
    """
    usual, ahead = context.usual, open_runs(plan, context)
    return {
        "pain": not context.pain.is_known,
        "long_run": any(longest_before((*context.done, *ahead), run.date) is None for run in ahead),
        "fast": usual.fast_s is None,
        "descent": usual.descent_m is None,
        "shoe": any(run.shoe_id is None for run in ahead),
        "hard_days": usual.run_tkm is None,
        "one_channel": usual.distance_m is None,
    }[name]
