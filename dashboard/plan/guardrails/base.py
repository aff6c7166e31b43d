"""What a guardrail is, how the folder is read, and the arithmetic on a plan that guardrails share."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

import polars as pl

from connectors.plural import count
from dashboard.model.pain_rule import PainState
from dashboard.model.settings import DESIGN, ModelSettings
from dashboard.plan.adjustments import FIX_TOLERANCE, METRIC, RoundingSteps, reduced_amounts, with_amount
from dashboard.plan.planned_runs import Plan, PlannedRun, is_run, monday
from dashboard.plan.usual_week import UsualWeek
from dashboard.shared import text
from dashboard.shared.units import Units

NEW_PAIR_M = 50_000.0
"""Distance up to which a pair counts as new. Design choice."""
THERAPIST_DECIDES = "A starting point, not advice: your physical therapist decides."
WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=30)
TOLERANCE = 1e-9
"""Share by which a sum may differ from its limit, for the sake of floating point."""
WEEK_TOLERANCE = 0.05
"""Share by which a week may lie above its limit: nobody plans, or measures, a week more finely. Design choice."""
ROUNDS = 12
"""How often a change is followed by another before it is given up."""

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
    steps: RoundingSteps = METRIC


@dataclass(frozen=True)
class WeekChannel:
    """What a weekly limit counts: names of it in a planned run, in the usual week and in the days on record."""

    run: str
    usual: str
    day: str
    kind: ViolationKind
    noun: str
    """After an amount in a sentence, such as "of climb"."""
    most: float
    """Largest amount that can be set, SI."""


Check = Callable[[Plan, float, PlanContext], list[Violation]]
Fix = Callable[[Plan, float, PlanContext], Plan | None]


@dataclass(frozen=True)
class Guardrail:
    """A limit that a runner or a physical therapist may hold a plan against.

    `check` and `fix` take the plan and the value that is set, of a weekly limit the amount a week that it comes to.
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
    words: str = "at most {value}"
    """The limit after the title: {value} with its unit, {number} without."""
    week: WeekChannel | None = None
    """What is counted, where the limit is one of a week and can be an amount as well as a share of the usual week."""
    is_of_log: bool = False
    """True where it reads the log and not the dates of the plan."""


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


def run_amount(run: PlannedRun, channel: str) -> float | None:
    """Return one channel of a run; of "runs" one, or none where it was taken out."""
    return float(is_run(run)) if channel == "runs" else getattr(run, channel)


def plan_total(runs: Iterable[PlannedRun], channel: str) -> float | None:
    """Sum one channel over runs."""
    known = [value for run in runs if (value := run_amount(run, channel)) is not None]
    return sum(known) if known else None


def weekly_check(channel: WeekChannel) -> Check:
    """Build a check of one channel of a week against an amount, with 5 % to spare."""

    def check(plan: Plan, value: float, context: PlanContext) -> list[Violation]:
        sums = {week: plan_total(runs, channel.run) for week, runs in runs_by_week(plan, context).items()}
        return [
            Violation(week, amount, value, channel.kind)
            for week, amount in sums.items()
            if amount is not None and amount > value * (1 + WEEK_TOLERANCE) + TOLERANCE
        ]

    return check


def weekly_fix(channel: WeekChannel) -> Fix:
    """Build a change that brings one channel of each week beyond a check down to its limit."""
    check = weekly_check(channel)

    def fix(plan: Plan, value: float, context: PlanContext) -> Plan | None:
        changed: Plan | None = plan
        for one in check(plan, value, context):
            changed = (
                None if changed is None else hold_week(changed, one.date, channel.run, one.limit, context)
            )
        return changed

    return fix


def weekly_is_known(channel: WeekChannel) -> Callable[[Plan, PlanContext], bool]:
    """Build the question whether every planned run says how much of a channel it holds."""

    def is_known(plan: Plan, context: PlanContext) -> bool:
        return all(run_amount(run, channel.run) is not None for run in open_runs(plan, context))

    return is_known


def weekly_sentence(channel: WeekChannel) -> Callable[[Violation, Units, PlanContext], str]:
    """Build the sentence on a week beyond its limit."""

    def sentence(one: Violation, units: Units, context: PlanContext) -> str:
        amount = f"{number_in_words(channel, one.amount, units)} {channel.noun}".strip()
        limit = number_in_words(channel, one.limit, units) if one.limit else "none"
        return f"The week of {text.day_in_words(one.date, False)} has {amount}; the limit is {limit}."

    return sentence


def weekly_guardrail(channel: WeekChannel, **own: Any) -> Guardrail:
    """Build the guardrail of one weekly channel: a share of the usual week, or an amount; `own` is what differs."""
    return Guardrail(
        unit="%",
        low=-100,
        high=200,
        step=5,
        evidence=DESIGN,
        check=weekly_check(channel),
        fix=weekly_fix(channel),
        is_known=weekly_is_known(channel),
        sentence=weekly_sentence(channel),
        week=channel,
        **own,
    )


def number_in_words(channel: WeekChannel, amount: float, units: Units) -> str:
    """Write an amount of a weekly channel with its unit."""
    if channel.kind == "count":
        return count(round(amount), "run")
    if channel.kind == "time":
        return f"{amount / 60:.0f} min"
    return (units.distance_words if channel.kind == "distance" else units.height_words)(amount)


def hold_week(plan: Plan, week: date, channel: str, limit: float, context: PlanContext) -> Plan | None:
    """Bring one channel of one week down to a limit; None where what was done is beyond it already."""
    runs = runs_by_week(plan, context)[week]
    done = plan_total((run for run in runs if run.date <= context.until), channel) or 0.0
    places = [
        n for n, run in enumerate(plan)
        if run.date > context.until and monday(run.date) == week and run_amount(run, channel)
    ]  # fmt: skip
    if done > limit * (1 + WEEK_TOLERANCE) + FIX_TOLERANCE or not places:
        return None
    room = max(0.0, limit - done)
    if channel == "runs":
        # The shortest runs go first: what a week is built around stays.
        places.sort(key=lambda n: (-(plan[n].distance_m or 0.0), plan[n].date))
        amounts = [1.0 if n < int(room + FIX_TOLERANCE) else 0.0 for n in range(len(places))]
    else:
        own = [run_amount(plan[n], channel) or 0.0 for n in places]
        amounts = reduced_amounts(own, room, channel, context.steps)
    changed = list(plan)
    for place, amount in zip(places, amounts, strict=True):
        if amount != run_amount(plan[place], channel):
            changed[place] = with_amount(plan[place], channel, amount)
    return tuple(changed)
