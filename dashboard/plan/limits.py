"""Guardrails as they are set for one runner: by whom, from when until when; and a plan held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from dashboard.plan.adjustments import FIX_TOLERANCE
from dashboard.plan.guardrails.base import (
    ROUNDS,
    Guardrail,
    PlanContext,
    Violation,
    find_guardrail,
    load_guardrails,
    total_excess,
)
from dashboard.plan.planned_runs import Plan
from dashboard.plan.usual_week import UsualWeek

DAY = timedelta(days=1)


@dataclass(frozen=True)
class GuardrailLimit:
    """One guardrail as it is set for one runner."""

    value: float
    is_on: bool
    decided_by: str | None = None
    measure: Literal["usual", "amount"] = "usual"
    """Of a weekly limit: % above the usual week, or an amount in s, m or runs."""
    from_date: date | None = None
    until_date: date | None = None
    then: GuardrailLimit | None = None
    """What counts after the last date, where there is one."""
    ended: GuardrailLimit | None = None
    """The limit set last, where it has ended and this one counts again."""

    @property
    def is_none(self) -> bool:
        """Return whether nothing at all is allowed."""
        return self.value == (0.0 if self.measure == "amount" else -100.0)


History = Sequence[GuardrailLimit]


def limit_histories(rows: pl.DataFrame) -> dict[str, list[GuardrailLimit]]:
    """Return every limit that was ever set, by guardrail, oldest first."""
    histories: dict[str, list[GuardrailLimit]] = {}
    rules = {rule.id: rule for rule in load_guardrails()}
    for row in rows.to_dicts():
        if row["name"] in rules:
            histories.setdefault(row["name"], []).append(_limit(rules[row["name"]], row))
    for history in histories.values():
        history.sort(key=lambda one: one.from_date or date.min)
    return histories


def _limit(rule: Guardrail, row: Mapping[str, Any]) -> GuardrailLimit:
    chosen, measure = row["value"], row["measure"] or "usual"
    low, high = (0.0, rule.week.most) if rule.week and measure == "amount" else (rule.low, rule.high)
    is_sound = isinstance(chosen, float) and low <= chosen <= high
    return GuardrailLimit(
        chosen if is_sound else rule.default,
        bool(row["is_on"]),
        str(row["decided_by"]),
        measure if is_sound and rule.week else "usual",
        row["from_date"],
        row["until_date"],
    )


def limit_on(rule: Guardrail, history: History, day: date) -> GuardrailLimit:
    """Return the limit that counts on a date: the one set last that has not ended, else the default."""
    begun = [one for one in history if (one.from_date or date.min) <= day]
    running = [one for one in begun if one.until_date is None or day <= one.until_date]
    limit = running[-1] if running else GuardrailLimit(rule.default, rule.is_on)
    then = None
    if limit.until_date is not None:
        then = replace(limit_on(rule, begun, limit.until_date + DAY), ended=None)
    ended = begun[-1] if begun and begun[-1] not in running else None
    return replace(limit, then=then, ended=ended)


def limits_from(rows: pl.DataFrame, today: date) -> dict[str, GuardrailLimit]:
    """Return every guardrail as it counts on a date."""
    histories = limit_histories(rows)
    return {rule.id: limit_on(rule, histories.get(rule.id, ()), today) for rule in load_guardrails()}


def limit_value(rule: Guardrail, limit: GuardrailLimit, usual: UsualWeek) -> float | None:
    """Return what a plan is held against: of a weekly limit the amount a week; None where usual is not known."""
    if rule.week is None or limit.measure == "amount":
        return limit.value
    own = getattr(usual, rule.week.usual)
    return None if own is None else own * (1 + limit.value / 100)


def limit_unit(rule: Guardrail, limit: GuardrailLimit) -> str:
    """Return the unit of the value that is set: the guardrail's own, or the SI unit of an amount."""
    if rule.week is None or limit.measure == "usual":
        return rule.unit
    return {"time": "s", "count": "runs"}.get(rule.week.kind, "m")


def is_checked(rule: Guardrail, limit: GuardrailLimit, plan: Plan, context: PlanContext) -> bool:
    """Return whether a plan can be held against a limit: where records are missing it cannot, nor is it kept."""
    return limit_value(rule, limit, context.usual) is not None and rule.is_known(plan, context)


def violations(
    plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> dict[str, list[Violation]]:
    """Hold a plan against every guardrail that is on."""
    chosen = [rule for rule in load_guardrails() if rule.id in limits and limits[rule.id].is_on]
    return {rule.id: check_limit(rule, plan, limits[rule.id], context) for rule in chosen}


def check_limit(rule: Guardrail, plan: Plan, limit: GuardrailLimit, context: PlanContext) -> list[Violation]:
    """Hold a plan against one limit until its last date, and from then on against what counts after it."""
    value = limit_value(rule, limit, context.usual) if limit.is_on else None
    inside, after = _parted(rule, plan, limit)
    asked = tuple(plan[n] for n in inside)
    rows = [] if value is None else rule.check(asked, value, _since(rule, limit, context))
    if limit.then is not None and after:
        rest = tuple(plan[n] for n in after)
        rows = [*rows, *check_limit(rule, rest, limit.then, _moved(asked, limit, context))]
    return rows


def fix_limit(rule: Guardrail, plan: Plan, limit: GuardrailLimit, context: PlanContext) -> Plan | None:
    """Return the plan changed so that one limit is kept in each part of its dates; None where nothing is enough."""
    value = limit_value(rule, limit, context.usual) if limit.is_on else None
    inside, after = _parted(rule, plan, limit)
    asked: Plan | None = tuple(plan[n] for n in inside)
    if value is not None:
        asked = rule.fix(asked, value, _since(rule, limit, context))
    if asked is None:
        return None
    rest: Plan | None = tuple(plan[n] for n in after)
    if limit.then is not None and after:
        rest = fix_limit(rule, rest, limit.then, _moved(asked, limit, context))
    if rest is None:
        return None
    changed = dict(zip((*inside, *after), (*asked, *rest), strict=True))
    return tuple(changed[n] for n in range(len(plan)))


def _parted(rule: Guardrail, plan: Plan, limit: GuardrailLimit) -> tuple[list[int], list[int]]:
    """Places of the runs up to the last date of a limit, and of those after it."""
    if limit.until_date is None or rule.is_of_log:
        return list(range(len(plan))), []
    inside = [n for n, run in enumerate(plan) if run.date <= limit.until_date]
    return inside, [n for n in range(len(plan)) if n not in set(inside)]


def _since(rule: Guardrail, limit: GuardrailLimit, context: PlanContext) -> PlanContext:
    """Leave out what was run by the day a weekly limit was set: nobody could keep it then."""
    if rule.week is None or limit.from_date is None:
        return context
    return replace(context, done=tuple(run for run in context.done if run.date > limit.from_date))


def _moved(asked: Plan, limit: GuardrailLimit, context: PlanContext) -> PlanContext:
    """Take the runs up to the end of a limit as done: the rest of that week is counted with them."""
    until = max(context.until, limit.until_date or context.until)
    ahead = tuple(run for run in asked if run.date > context.until)
    return replace(context, done=(*context.done, *ahead), until=until)


def smallest_change(
    rule: Guardrail, plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> Plan | None:
    """Find the smallest change that keeps one guardrail without pushing another further."""
    # Every change is checked again before it is offered; where it would push another guardrail, that one is
    # followed too.
    before = {name: total_excess(rows) for name, rows in violations(plan, limits, context).items()}
    changed = fix_limit(rule, plan, limits[rule.id], context)
    for _ in range(ROUNDS):
        if changed is None:
            return None
        after = {name: total_excess(rows) for name, rows in violations(changed, limits, context).items()}
        worse = [n for n in after if after[n] > (0.0 if n == rule.id else before[n]) + FIX_TOLERANCE]
        if not worse:
            return changed
        changed = fix_limit(find_guardrail(worse[0]), changed, limits[worse[0]], context)
    return None
