"""What a guardrail is, how the folder is read, and the arithmetic on a plan that guardrails share."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from math import floor
from typing import Literal

import polars as pl

from dashboard.model.pain_rule import PainState
from dashboard.model.settings import ModelSettings
from dashboard.plan.planned_runs import Plan, PlannedRun, monday
from dashboard.plan.usual_week import UsualWeek
from dashboard.shared.units import Units

NEW_PAIR_M = 50_000.0
"""Distance up to which a pair counts as new. Design choice."""
THERAPIST_DECIDES = "A starting point, not advice: your physical therapist decides."
WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=30)
TOLERANCE = 1e-9
"""Share by which a sum may differ from its limit, for the sake of floating point."""
FIX_TOLERANCE = 1e-6
ROUNDS = 12
"""How often a change is followed by another before it is given up."""
STEPS = {"distance_m": 100.0, "fast_s": 60.0, "ascent_m": 1.0, "descent_m": 1.0}
"""Changes are rounded down to these: a tenth of a km, a minute, a metre."""

ViolationKind = Literal["distance", "time", "height", "share", "days", "count", "ratio"]


@dataclass(frozen=True)
class Violation:
    """One place where a plan lies beyond a guardrail."""

    date: date
    amount: float
    limit: float
    kind: ViolationKind

    @property
    def excess(self) -> float:
        """How far beyond, as a share of the limit where there is one."""
        return abs(self.amount - self.limit) / max(abs(self.limit), 1e-9 if self.limit else 1.0)


@dataclass(frozen=True)
class PlanContext:
    """What a plan is held against."""

    usual: UsualWeek
    done: Plan
    until: date
    pain: PainState
    watched: frozenset[str] = frozenset()
    usual_pair: str | None = None
    load_of: Callable[[PlannedRun], float | None] = field(default=lambda _: None)
    ratios_of: Callable[[Plan], list[tuple[date, float]]] = field(default=lambda _: [])
    threshold: float | None = None
    outpaced_days: float = ModelSettings.outpaced_days
    """Days of seven that make a window, as on record."""


Check = Callable[[Plan, float, PlanContext], list[Violation]]
Fix = Callable[[Plan, float, PlanContext], Plan | None]


@dataclass(frozen=True)
class Guardrail:
    """A limit that a runner or a physical therapist may hold a plan against.

    `check`, `fix` and `is_known` take the whole plan; `check` and `fix` also take the value that is set.
    """

    id: str
    order: int
    """Place in the list a reader meets, smallest first; two of one order stand by id."""
    title: str
    short: str
    """Name in the picture, after "crosses:"."""
    symbol: str
    """Marker of Plotly."""
    unit: str
    default: float
    low: float
    high: float
    step: float
    is_on: bool
    evidence: str
    source: str
    note: str
    check: Check
    fix: Fix
    """The plan with the smallest change that keeps this guardrail; None where there is none."""
    is_known: Callable[[Plan, PlanContext], bool]
    """False where records are missing: not checked is not the same as within."""
    unknown_text: str
    sentence: Callable[[Violation, Units, PlanContext], str]
    """Where a plan crosses it."""
    status: Callable[[PlanContext], str | None] = lambda _: None
    """What is said whether or not a plan crosses it."""
    has_value: bool = True
    """False where the limit is the runner's own and only on or off can be set."""


@cache
def load_guardrails() -> tuple[Guardrail, ...]:
    """Return the `GUARDRAIL` of each module of the folder, in the order a reader meets them.

    Adding a guardrail is adding one file.
    """
    folder = importlib.import_module("dashboard.plan.guardrails")
    names = {info.name for info in pkgutil.iter_modules(folder.__path__)} - {"base"}
    modules = [importlib.import_module(f"{folder.__name__}.{name}") for name in names]
    return tuple(sorted((module.GUARDRAIL for module in modules), key=lambda one: (one.order, one.id)))


def find_guardrail(guardrail_id: str) -> Guardrail:
    """Return one guardrail by its id."""
    return next(one for one in load_guardrails() if one.id == guardrail_id)


@dataclass(frozen=True)
class GuardrailLimit:
    """One guardrail as it is set for one runner."""

    value: float
    is_on: bool
    decided_by: str | None = None


def limits_from(rows: pl.DataFrame) -> dict[str, GuardrailLimit]:
    """Return every guardrail as it is set."""
    stored: Mapping[str, dict[str, object]] = {row["name"]: row for row in rows.to_dicts()}
    limits = {}
    for rule in load_guardrails():
        row = stored.get(rule.id)
        if row is None:
            limits[rule.id] = GuardrailLimit(rule.default, rule.is_on)
            continue
        chosen = row["value"]
        value = chosen if isinstance(chosen, float) and rule.low <= chosen <= rule.high else rule.default
        limits[rule.id] = GuardrailLimit(value, bool(row["is_on"]), str(row["decided_by"]))
    return limits


def violations(
    plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> dict[str, list[Violation]]:
    """Hold a plan against every guardrail that is on."""
    chosen = [rule for rule in load_guardrails() if rule.id in limits and limits[rule.id].is_on]
    return {rule.id: rule.check(plan, limits[rule.id].value, context) for rule in chosen}


def smallest_change(
    rule: Guardrail, plan: Plan, limits: Mapping[str, GuardrailLimit], context: PlanContext
) -> Plan | None:
    """Find the smallest change that keeps one guardrail without pushing another further."""
    # Every change is checked again before it is offered; where it would push another guardrail, that one is
    # followed too.
    before = {name: total_excess(rows) for name, rows in violations(plan, limits, context).items()}
    changed = rule.fix(plan, limits[rule.id].value, context)
    for _ in range(ROUNDS):
        if changed is None:
            return None
        after = {name: total_excess(rows) for name, rows in violations(changed, limits, context).items()}
        worse = [n for n in after if after[n] > (0.0 if n == rule.id else before[n]) + FIX_TOLERANCE]
        if not worse:
            return changed
        changed = find_guardrail(worse[0]).fix(changed, limits[worse[0]].value, context)
    return None


def plan_differences(plan: Plan, changed: Plan) -> list[tuple[PlannedRun, PlannedRun]]:
    """Return the runs that a change touches."""
    return [(one, other) for one, other in zip(plan, changed, strict=True) if one != other]


def total_excess(rows: Iterable[Violation]) -> float:
    """Sum how far a plan lies beyond one guardrail."""
    return sum(one.excess for one in rows)


def watched_pairs(runs: pl.DataFrame, shoes: pl.DataFrame) -> tuple[frozenset[str], str | None]:
    """Return the pairs that are new or plated, and the pair usually worn.

    New is below 50 km.
    """
    worn = runs.drop_nulls("shoe_id").group_by("shoe_id").agg(worn_m=pl.col("distance_m").sum())
    plated = pl.col("is_plated").fill_null(False) | pl.col("plate").is_in(
        ["nylon", "carbon", "other"]
    ).fill_null(False)
    before = pl.col("worn_m").fill_null(0.0) + pl.col("distance_before_m").fill_null(0.0)
    new = shoes.join(worn, on="shoe_id", how="left").filter(plated | (before < NEW_PAIR_M))
    watched = frozenset(new["shoe_id"].to_list())
    last = runs["local_date"].max()
    lately = runs.filter(
        (pl.col("local_date") > pl.lit(last, pl.Date).dt.offset_by("-56d"))
        & ~pl.col("shoe_id").is_in(list(watched))
    )
    by_pair = lately.group_by("shoe_id").agg(pl.col("distance_m").sum()).sort("distance_m", "shoe_id")
    return watched, by_pair["shoe_id"][-1] if by_pair.height else None


def open_runs(plan: Plan, context: PlanContext) -> Plan:
    """Return the planned runs that lie beyond the record.

    What is done is done.
    """
    return tuple(run for run in plan if run.date > context.until)


def runs_by_week(plan: Plan, context: PlanContext) -> dict[date, list[PlannedRun]]:
    """Gather runs, done and planned, by weeks that hold a planned one.

    What was run on Tuesday counts in the week whose Sunday is planned.
    """
    ahead = open_runs(plan, context)
    planned_weeks = {monday(run.date) for run in ahead}
    by_week: dict[date, list[PlannedRun]] = defaultdict(list)
    for run in (*context.done, *ahead):
        if monday(run.date) in planned_weeks:
            by_week[monday(run.date)].append(run)
    return dict(sorted(by_week.items()))


def plan_total(runs: Iterable[PlannedRun], channel: str) -> float | None:
    """Sum one channel over runs."""
    known = [value for run in runs if (value := getattr(run, channel)) is not None]
    return sum(known) if known else None


def weekly_check(channel: str, usual: str, kind: ViolationKind) -> Check:
    """Build a check of one channel of a week against the runner's usual week and a share above it."""

    def check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
        own = getattr(context.usual, usual)
        if own is None:
            return []
        limit = own * (1 + value / 100)
        sums = {week: plan_total(runs, channel) for week, runs in runs_by_week(plan, context).items()}
        return [
            Violation(week, amount, limit, kind)
            for week, amount in sums.items()
            if amount is not None and amount > limit * (1 + TOLERANCE) + TOLERANCE
        ]

    return check


def weekly_fix(check: Check, channel: str) -> Fix:
    """Build a change that brings one channel of each week beyond a check down to its limit."""

    def fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
        changed: Plan | None = plan
        for one in check(plan, value, context):
            changed = None if changed is None else hold_week(changed, one.date, channel, one.limit, context)
        return changed

    return fix


def hold_week(plan: Plan, week: date, channel: str, limit: float, context: PlanContext) -> Plan | None:
    """Bring one channel of one week down to a limit; None where what was done is beyond it already."""
    runs = runs_by_week(plan, context)[week]
    ahead = [run for run in runs if run.date > context.until]
    done = plan_total((run for run in runs if run.date <= context.until), channel) or 0.0
    planned = plan_total(ahead, channel) or 0.0
    if done > limit + FIX_TOLERANCE or not planned:
        return None

    def inside(run: PlannedRun) -> bool:
        return run.date > context.until and monday(run.date) == week

    share = max(0.0, limit - done) / planned
    if channel != "falls_m":
        return scale_runs(plan, inside, channel, share)
    stated = scale_runs(plan, lambda run: inside(run) and run.descent_m is not None, "descent_m", share)
    return scale_runs(stated, lambda run: inside(run) and run.descent_m is None, "ascent_m", share)


def scale_runs(plan: Plan, inside: Callable[[PlannedRun], bool], channel: str, share: float) -> Plan:
    """Reduce one channel of every run chosen to the same share."""
    changed = []
    for run in plan:
        own = getattr(run, channel)
        if not inside(run) or not own:
            changed.append(run)
        elif channel == "distance_m":
            changed.append(shorten_run(run, round_down(channel, own * share)))
        else:
            changed.append(replace(run, **{channel: round_down(channel, own * share)}))
    return tuple(changed)


def shorten_run(run: PlannedRun, metres: float) -> PlannedRun:
    """Set the distance of a run; climb and descent go with it."""
    if not run.distance_m:
        return run
    share = metres / run.distance_m
    hills = {
        name: None if (own := getattr(run, name)) is None else own * share
        for name in ("ascent_m", "descent_m")
    }
    return replace(run, distance_m=metres, **hills)


def round_down(channel: str, value: float) -> float:
    """Round an amount of a channel down to its step."""
    step = STEPS[channel]
    return max(0.0, floor(value / step + FIX_TOLERANCE) * step)


def replace_run(plan: Plan, place: int, run: PlannedRun) -> Plan:
    """Return the plan with another run in one place."""
    return (*plan[:place], run, *plan[place + 1 :])
