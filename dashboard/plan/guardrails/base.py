"""Guardrails as data: limits that a runner or a physical therapist may hold a plan against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import polars as pl

from dashboard.model.pain_rule import PainState
from dashboard.model.settings import DESIGN, EXTRAPOLATED, MEASURED
from dashboard.plan.planned_runs import Plan, PlannedRun, monday
from dashboard.plan.usual_week import UsualWeek

NEW_PAIR_M = 50_000.0
"""Distance up to which a pair counts as new. Design choice."""
PT_DECIDES = "A starting point, not advice: your PT decides."

GuardrailKind = Literal["pain", "distance", "time", "height", "share", "days", "count"]


@dataclass(frozen=True)
class Guardrail:
    """One limit."""

    id: str
    title: str
    unit: str
    default: float
    low: float
    high: float
    step: float
    is_on: bool
    evidence: str
    source: str
    note: str


GUARDRAILS = (
    Guardrail(
        "pain", "Pain during and after a run, at most", "0–10", 5, 0, 10, 1, True, MEASURED,
        "Silbernagel 2007 (read.qxmd.com/read/17307888), n = 38: those who ran on under such rules did no worse.",
        "Also settled by the next morning, and no rise from week to week. Where the log of the last seven days lies "
        "beyond it, the next seven days are held to the distance of the last seven.",
    ),
    Guardrail(
        "long_run", "Longest run, of the longest in the 30 days before", "%", 110, 100, 200, 5, True, MEASURED,
        "Frandsen 2025 (PMID 40623829), 5,205 runners: more injuries of all kinds after a run more than 10 % longer. "
        "Self-reported, not of the Achilles tendon, and the bands are not a clean ladder.",
        "Each planned run is held against runs done and planned before it.",
    ),
    Guardrail(
        "fast", "Fast minutes a week, above your own usual by at most", "%", 20, 0, 200, 5, True, DESIGN,
        "Ours. Hein 2014 (sms.12137, 10 runners with Achilles pain) points to fast sessions, without a number.",
        "Usual is the median of the last 12 weeks.",
    ),
    Guardrail(
        "descent", "Descent a week, above your own usual by at most", "%", 20, 0, 200, 5, True, DESIGN,
        "Ours. Downhill running loads the tendon less for each step in the laboratory; the limit is for change, not "
        "for hills.",
        "Usual is the median of the last 12 weeks. A run whose descent is not said comes back to where it began.",
    ),
    Guardrail(
        "shoe", "Share of a week in new or plated pairs, at most", "%", 30, 0, 100, 5, True, DESIGN,
        "Ours: a new pair in short runs first. Malisoux 2015 looked at several pairs in turn, not at new ones.",
        "A pair is new for its first 50 km (31 mi).",
    ),
    Guardrail(
        "hard_days", "From one hard day to the next, at least", "days", 2, 1, 5, 1, True, EXTRAPOLATED,
        "After Silbernagel and Crossley 2015: light, medium and high days with graded recovery. Collagen is broken "
        "down and built for one to three days after a bout (Magnusson 2010, nrrheum.2010.43).",
        "Hard is a run with ten fast minutes or more, or of half as much load again as your median run.",
    ),
    Guardrail(
        "one_channel", "Channels raised in one week, at most", "channels", 1, 0, 3, 1, True, DESIGN,
        "Ours: when several rise at once, nobody can tell them apart afterwards. No study tests it.",
        "Distance, fast minutes and climb; raised is more than 10 % above the median of the last 12 weeks.",
    ),
)  # fmt: skip
"""Every guardrail, in the order a reader meets them."""


@dataclass(frozen=True)
class GuardrailLimit:
    """One guardrail as it is set for one runner."""

    value: float
    is_on: bool
    decided_by: str | None = None


@dataclass(frozen=True)
class Violation:
    """One place where a plan lies beyond a guardrail."""

    date: date
    amount: float
    limit: float
    kind: GuardrailKind

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


def limits_from(rows: pl.DataFrame) -> dict[str, GuardrailLimit]:
    """Return every guardrail as it is set."""
    kept: Mapping[str, dict[str, object]] = {row["name"]: row for row in rows.to_dicts()}
    found = {}
    for rule in GUARDRAILS:
        row = kept.get(rule.id)
        if row is None:
            found[rule.id] = GuardrailLimit(rule.default, rule.is_on)
            continue
        told = row["value"]
        value = told if isinstance(told, float) and rule.low <= told <= rule.high else rule.default
        found[rule.id] = GuardrailLimit(value, bool(row["is_on"]), str(row["decided_by"]))
    return found


def watched_pairs(runs: pl.DataFrame, shoes: pl.DataFrame) -> tuple[frozenset[str], str | None]:
    """Tell which pairs are new or plated, and which is usually worn.

    New is below 50 km.
    """
    worn = runs.drop_nulls("shoe_id").group_by("shoe_id").agg(worn_m=pl.col("distance_m").sum())
    plated = pl.col("is_plated").fill_null(False) | pl.col("plate").is_in(
        ["nylon", "carbon", "other"]
    ).fill_null(False)
    before = pl.col("worn_m").fill_null(0.0) + pl.col("distance_before_m").fill_null(0.0)
    told = shoes.join(worn, on="shoe_id", how="left").filter(plated | (before < NEW_PAIR_M))
    watched = frozenset(told["shoe_id"].to_list())
    last = runs["local_date"].max()
    lately = runs.filter(
        (pl.col("local_date") > pl.lit(last, pl.Date).dt.offset_by("-84d"))
        & ~pl.col("shoe_id").is_in(list(watched))
    )
    by_pair = lately.group_by("shoe_id").agg(pl.col("distance_m").sum()).sort("distance_m", "shoe_id")
    return watched, by_pair["shoe_id"][-1] if by_pair.height else None


LOOK_BACK = timedelta(days=30)


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
    weeks = {monday(run.date) for run in ahead}
    found: dict[date, list[PlannedRun]] = defaultdict(list)
    for run in (*context.done, *ahead):
        if monday(run.date) in weeks:
            found[monday(run.date)].append(run)
    return dict(sorted(found.items()))


def plan_total(runs: Iterable[PlannedRun], channel: str) -> float | None:
    """Sum one channel over runs."""
    known = [value for run in runs if (value := getattr(run, channel)) is not None]
    return sum(known) if known else None


def longest_before(runs: Iterable[PlannedRun], day: date) -> float | None:
    """Return the longest run of the 30 days before a date.

    References
    ----------
    Frandsen 2025 (PMID 40623829).
    """
    return (
        max((run.distance_m or 0.0 for run in runs if day - LOOK_BACK <= run.date < day), default=0.0) or None
    )
