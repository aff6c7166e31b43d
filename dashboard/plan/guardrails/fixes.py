"""The smallest change to a plan that keeps a guardrail, without pushing another one further."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import floor

from dashboard.plan.guardrails.base import (
    GuardrailLimit,
    PlanContext,
    Violation,
    longest_before,
    plan_total,
    runs_by_week,
)
from dashboard.plan.guardrails.checks import (
    CHECKS,
    HARD_FAST_S,
    HARD_LOAD,
    RAISED,
    is_hard,
    raised_channels,
    violations,
)
from dashboard.plan.planned_runs import Plan, PlannedRun, monday

ROUNDS = 12
WEEK_DAYS = 7
TOLERANCE = 1e-6
STEPS = {"distance_m": 100.0, "fast_s": 60.0, "ascent_m": 1.0, "descent_m": 1.0}
"""Changes are rounded down to these: a tenth of a km, a minute, a metre."""

PlanChange = Callable[[Plan, float, PlanContext], Plan | None]


def smallest_change(
    name: str, plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> Plan | None:
    """Find the smallest change that keeps one guardrail.

    Every change is checked again before it is offered; where it would push another guardrail, that one is followed
    too.
    """
    before = {other: _excess(found) for other, found in violations(plan, limits, context).items()}
    changed = FIXES[name](plan, limits[name].value, context)
    for _ in range(ROUNDS):
        if changed is None:
            return None
        after = {other: _excess(found) for other, found in violations(changed, limits, context).items()}
        worse = [o for o in after if after[o] > (0.0 if o == name else before[o]) + TOLERANCE]
        if not worse:
            return changed
        changed = FIXES[worse[0]](changed, limits[worse[0]].value, context)
    return None


def plan_differences(plan: Plan, changed: Plan) -> list[tuple[PlannedRun, PlannedRun]]:
    """Return the runs that a change touches."""
    return [(one, other) for one, other in zip(plan, changed, strict=True) if one != other]


def _excess(found: list[Violation]) -> float:
    return sum(one.excess for one in found)


def _down(channel: str, value: float) -> float:
    step = STEPS[channel]
    return max(0.0, floor(value / step + TOLERANCE) * step)


def _shortened(run: PlannedRun, metres: float) -> PlannedRun:
    """Climb and descent go with distance."""
    if not run.distance_m:
        return run
    share = metres / run.distance_m
    hills = {
        name: None if (own := getattr(run, name)) is None else own * share
        for name in ("ascent_m", "descent_m")
    }
    return replace(run, distance_m=metres, **hills)


def _scaled(plan: Plan, inside: Callable[[PlannedRun], bool], channel: str, share: float) -> Plan:
    """Take the same share of one channel from every open run chosen."""
    changed = []
    for run in plan:
        own = getattr(run, channel)
        if not inside(run) or not own:
            changed.append(run)
        elif channel == "distance_m":
            changed.append(_shortened(run, _down(channel, own * share)))
        else:
            changed.append(replace(run, **{channel: _down(channel, own * share)}))
    return tuple(changed)


def _hold_week(plan: Plan, week: date, channel: str, limit: float, context: PlanContext) -> Plan | None:
    """Bring one channel of one week down to a limit; None where what was done is beyond it already."""
    runs = runs_by_week(plan, context)[week]
    ahead = [run for run in runs if run.date > context.until]
    done = plan_total((run for run in runs if run.date <= context.until), channel) or 0.0
    planned = plan_total(ahead, channel) or 0.0
    if done > limit + TOLERANCE or not planned:
        return None

    def inside(run: PlannedRun) -> bool:
        return run.date > context.until and monday(run.date) == week

    share = max(0.0, limit - done) / planned
    if channel != "falls_m":
        return _scaled(plan, inside, channel, share)
    stated = _scaled(plan, lambda run: inside(run) and run.descent_m is not None, "descent_m", share)
    return _scaled(stated, lambda run: inside(run) and run.descent_m is None, "ascent_m", share)


def _pain(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    found = CHECKS["pain"](plan, value, context)
    if not found or not found[0].limit:
        return None if found else plan
    last = context.until + timedelta(days=7)
    return _scaled(
        plan, lambda run: context.until < run.date <= last, "distance_m", found[0].limit / found[0].amount
    )


def _long_run(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    changed = list(plan)
    for place in sorted(range(len(plan)), key=lambda n: plan[n].date):
        run = changed[place]
        if run.date <= context.until:
            continue
        ahead = [other for other in changed if other.date > context.until]
        longest = longest_before((*context.done, *ahead), run.date)
        if longest is not None and (run.distance_m or 0.0) > longest * value / 100:
            changed[place] = _shortened(run, _down("distance_m", longest * value / 100))
    return tuple(changed)


def _weekly(name: str, channel: str) -> PlanChange:
    def change(plan: Plan, value: float, ground: PlanContext) -> Plan | None:
        changed: Plan | None = plan
        for one in CHECKS[name](plan, value, ground):
            changed = None if changed is None else _hold_week(changed, one.date, channel, one.limit, ground)
        return changed

    return change


def _one_channel(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Keep the channels that rise least at their usual."""
    changed: Plan | None = plan
    for one in CHECKS["one_channel"](plan, value, context):
        up = raised_channels(runs_by_week(plan, context)[one.date], context)
        for channel in sorted(up, key=lambda c: up[c])[: len(up) - int(value)]:
            limit = RAISED * getattr(context.usual, channel)
            changed = None if changed is None else _hold_week(changed, one.date, channel, limit, context)
    return changed


def _shoe(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Take the usual pair for the shortest run that is enough, else for the longest first."""
    if context.usual_pair is None:
        return None
    changed = plan
    for _ in range(len(plan)):
        found = CHECKS["shoe"](changed, value, context)
        if not found:
            return changed
        week = found[0].date
        places = [
            n for n, run in enumerate(changed)
            if run.date > context.until and monday(run.date) == week and run.shoe_id in context.watched
        ]  # fmt: skip
        if not places:
            return None
        places.sort(key=lambda n: changed[n].distance_m or 0.0)
        tried = [_at(changed, n, replace(changed[n], shoe_id=context.usual_pair)) for n in places]
        enough = (t for t in tried if all(c.date != week for c in CHECKS["shoe"](t, value, context)))
        changed = next(enough, tried[-1])
    return changed


def _at(plan: Plan, place: int, run: PlannedRun) -> Plan:
    return (*plan[:place], run, *plan[place + 1 :])


def _hard_days(plan: Plan, value: float, context: PlanContext) -> Plan | None:
    """Move hard runs within their week by as few days as is enough; where no move is, make one easier."""
    changed = plan
    for _ in range(ROUNDS):
        now = _excess(CHECKS["hard_days"](changed, value, context))
        if not now:
            return changed
        tried = [
            (_excess(CHECKS["hard_days"](moved, value, context)), shift, n, moved)
            for n, run in enumerate(changed)
            if run.date > context.until and is_hard(run, context)
            for shift, moved in (*_moves(changed, n, context), *_eased(changed, n, context))
        ]
        best = min(tried, key=lambda one: one[:3], default=None)
        if best is None or best[0] >= now - TOLERANCE:
            return None
        changed = best[3]
    return None


def _moves(plan: Plan, place: int, context: PlanContext) -> list[tuple[int, Plan]]:
    run, week = plan[place], monday(plan[place].date)
    taken = {one.date for one in context.done}
    found = []
    for day in (week + timedelta(days=n) for n in range(WEEK_DAYS)):
        if day <= context.until or day == run.date or day in taken:
            continue
        moved = tuple(
            replace(one, date=day) if n == place
            else replace(one, date=run.date) if one.date == day
            else one
            for n, one in enumerate(plan)
        )  # fmt: skip
        found.append((abs((day - run.date).days), moved))
    return found


def _eased(plan: Plan, place: int, context: PlanContext) -> list[tuple[int, Plan]]:
    """Build a run just not hard: fewer fast minutes, then a shorter way; after every move."""
    run, middle = plan[place], context.usual.run_tkm
    if (run.fast_s or 0.0) >= HARD_FAST_S:
        run = replace(run, fast_s=HARD_FAST_S - STEPS["fast_s"])
    load = context.load_of(run)
    if is_hard(run, context) and load and middle and run.distance_m:
        run = _shortened(run, _down("distance_m", run.distance_m * HARD_LOAD * middle / load - 1.0))
    return [] if is_hard(run, context) else [(WEEK_DAYS, _at(plan, place, run))]


FIXES: Mapping[str, PlanChange] = {
    "pain": _pain,
    "long_run": _long_run,
    "fast": _weekly("fast", "fast_s"),
    "descent": _weekly("descent", "falls_m"),
    "shoe": _shoe,
    "hard_days": _hard_days,
    "one_channel": _one_channel,
}
"""One way to change a plan for each guardrail."""
