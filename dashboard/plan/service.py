"""The plan in a store: read, projected for page, report and calendar alike, and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import GUARDRAIL, LADDER, PLAN, SYMPTOM, Contract
from connectors.shoes.shoe_facts import shoe_facts
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.model.line_back import LinePosition, against_line
from dashboard.model.pain_rule import pain_rule
from dashboard.model.running_state import IRREGULAR
from dashboard.plan.adjustments import rounding_steps
from dashboard.plan.guardrails.base import PlanContext, watched_pairs
from dashboard.plan.ladder import LadderStep, read_ladder
from dashboard.plan.limits import GuardrailLimit, limits_from
from dashboard.plan.planned_changes import PlannedChange, planned_changes
from dashboard.plan.planned_runs import Plan, PlannedRun, done_runs, is_run, monday, planned_runs
from dashboard.plan.projection import compare_done, planned_ratios, project_days, run_load
from dashboard.plan.usual_week import UsualWeek, pair_multipliers, usual_week
from dashboard.shared.undo import Change, Rows, replace_rows
from dashboard.shared.units import units_from_settings

DONE_DAYS = 60


SHOWN_WEEKS = 8
OLD_DAYS = 14
"""Days since the record ended from which nothing is projected: they are not known, and are no rest. Design choice."""


@dataclass(frozen=True)
class PlanProjection:
    """A plan and what it adds up to."""

    usual: UsualWeek
    plan: Plan
    loads: tuple[float | None, ...]
    projection: pl.DataFrame
    context: PlanContext
    limits: dict[str, GuardrailLimit]
    changes: tuple[PlannedChange, ...] = ()
    is_withheld: bool = False
    """Whether too many runs are missing to set the plan against what the runner is used to."""


def first_week(today: date) -> date:
    """Return the first week that can be planned: on a Sunday, the next one."""
    return monday(today + timedelta(days=1))


def coming_week(today: date) -> date:
    """Return the week that a copy fills: from Friday on, the next one."""
    return monday(today + timedelta(days=3))


def project_plan(
    store: Store, athlete_id: int, analysis: Analysis, until: date, today: date
) -> PlanProjection:
    """Read the plan of one runner and compute what it adds up to."""
    shoes = shoe_facts(store.shoes(athlete_id))
    usual = usual_week(analysis.runs, analysis.days, analysis.personal, analysis.settings)
    plan = planned_runs(store.read(PLAN, athlete_id), usual)
    pairs = pair_multipliers(analysis.runs, shoes, analysis.settings)
    fast = analysis.personal.fast_mps if analysis.personal else 0.0

    def load_of(run: PlannedRun) -> float | None:
        return run_load(run, usual, pairs, fast)

    loads = tuple(load_of(run) for run in plan)
    limits = limits_from(store.read(GUARDRAIL, athlete_id), today)
    last = usual.until or until
    watched, pair = watched_pairs(analysis.runs, shoes)
    context = PlanContext(
        usual=usual,
        done=done_runs(analysis.runs, last - timedelta(days=DONE_DAYS), last),
        until=last,
        pain=pain_rule(store.read(SYMPTOM, athlete_id), max(last, today), limits["pain"].value),
        watched=watched,
        usual_pair=pair,
        load_of=load_of,
        ratios_of=lambda asked: planned_ratios(
            analysis.days, asked, list(map(load_of, asked)), usual, analysis.settings, analysis.ladder_days
        ),
        threshold=None if is_old(last, today) else _threshold(analysis.days),
        outpaced_days=analysis.settings.outpaced_days,
        steps=rounding_steps(units_from_settings(store.settings(athlete_id))),
    )
    projection = project_days(
        analysis.days, plan, loads, usual, until, analysis.settings, analysis.ladder_days
    )
    is_withheld = analysis.is_withheld
    changes = () if is_withheld else planned_changes(plan, context, analysis.settings)
    return PlanProjection(usual, plan, loads, projection, context, limits, changes, is_withheld)


def is_old(until: date, today: date) -> bool:
    """Return whether the record ended too long ago for a projection."""
    return (today - until).days > OLD_DAYS


def _threshold(days: pl.DataFrame) -> float | None:
    """The runner's own on the last recorded day; None where it is not known or running is irregular."""
    last = days.filter(pl.col("load_tkm").is_not_null()).tail(1)
    if last.is_empty() or last["state"].item() == IRREGULAR:
        return None
    return last["threshold"].item()


def line_of_step(analysis: Analysis, seen: PlanProjection, step: PlannedRun) -> LinePosition | None:
    """Compare a step of the ladder with the line back; None where there is none, or its load is not known."""
    load = seen.context.load_of(step)
    return None if load is None else against_line(analysis.days, step.date, load)


def done_and_planned(
    store: Store, athlete_id: int, analysis: Analysis, projection: PlanProjection, today: date
) -> pl.DataFrame:
    """Compare the last eight weeks and this one with what was planned for them."""
    rows = store.read(PLAN, athlete_id)
    planned_mondays = {monday(day) for day in rows["date"]}
    weeks = [
        week
        for n in range(SHOWN_WEEKS + 1)
        if (week := monday(today) - timedelta(days=7 * n)) in planned_mondays
    ]
    return compare_done(rows, projection.plan, analysis.days, weeks)


PLAN_SOURCE = "manual"


def load_plan(store: Store, athlete_id: int, weeks: Collection[date]) -> list[dict[str, Any]]:
    """Return the stored rows of some weeks."""
    rows = store.read(PLAN, athlete_id).sort("date", "source_id").to_dicts()
    return [row for row in rows if monday(row["date"]) in weeks]


def save_weeks(store: Store, athlete_id: int, weeks: Mapping[date, Mapping[str, Any] | None]) -> Change:
    """Write weeks planned as a whole, in place of what was planned for them.

    A week is planned either as a whole or run by run.
    """
    rows = [
        {**values, "source_id": f"week/{week}", "date": week, "span": "week"}
        for week, values in weeks.items()
        if values is not None
    ]
    return _put(store, PLAN, athlete_id, rows, load_plan(store, athlete_id, list(weeks)))


def save_runs(store: Store, athlete_id: int, weeks: Sequence[date], runs: Sequence[PlannedRun]) -> Change:
    """Write weeks planned run by run, in place of what was planned for them."""
    counted: dict[date, int] = {}
    rows = []
    for run in runs:
        counted[run.date] = counted.get(run.date, 0) + 1
        values = {one.name: getattr(run, one.name) for one in fields(run)}
        rows.append({**values, "source_id": f"run/{run.date}/{counted[run.date]}", "span": "run"})
    touched = {*weeks, *(monday(run.date) for run in runs)}
    return _put(store, PLAN, athlete_id, rows, load_plan(store, athlete_id, touched))


def save_change(store: Store, athlete_id: int, plan: Plan, changed: Plan) -> Change:
    """Write a change to runs of the plan: the weeks it touches are then planned run by run."""
    touched = {
        monday(run.date) for pair in zip(plan, changed, strict=True) if pair[0] != pair[1] for run in pair
    }
    return save_runs(
        store,
        athlete_id,
        sorted(touched),
        [run for run in changed if monday(run.date) in touched and is_run(run)],
    )


def save_ladder(store: Store, athlete_id: int, plan: Plan, steps: Plan) -> Change:
    """Write steps of the ladder in place of what is planned on their dates and between, and of steps planned before.

    A way back to running is not run on top of another plan.
    """
    first, last = steps[0].date, steps[-1].date
    gone = [run for run in plan if first <= run.date and (run.date <= last or run.ladder_step is not None)]
    weeks = sorted({monday(run.date) for run in (*gone, *steps)})
    beside = [run for run in plan if monday(run.date) in weeks and run not in gone]
    return save_runs(store, athlete_id, weeks, [*beside, *steps])


def save_limit(store: Store, athlete_id: int, name: str, limit: GuardrailLimit) -> Change:
    """Write the limit of one guardrail; limits set on earlier dates stay, so that a visit can look back on them."""
    row = {
        "source_id": f"{name}/{limit.from_date}" if limit.from_date else name, "name": name, "value": limit.value,
        "is_on": limit.is_on, "decided_by": limit.decided_by or "runner", "measure": limit.measure,
        "from_date": limit.from_date, "until_date": limit.until_date,
    }  # fmt: skip
    return _put(store, GUARDRAIL, athlete_id, [row])


def load_ladder(store: Store, athlete_id: int) -> tuple[LadderStep, ...]:
    """Read the ladder of one runner."""
    return read_ladder(store.read(LADDER, athlete_id))


def save_steps(store: Store, athlete_id: int, steps: Sequence[LadderStep]) -> Change:
    """Write steps of the ladder."""
    rows = [
        {
            **{one.name: getattr(step, one.name) for one in fields(step)},
            "source_id": f"step/{step.step}",
            "decided_by": step.decided_by or "runner",
        }
        for step in steps
    ]
    return _put(store, LADDER, athlete_id, rows)


def _put(store: Store, contract: Contract, athlete_id: int, rows: Rows, instead_of: Rows = ()) -> Change:
    stored = {"athlete_id": athlete_id, "source": PLAN_SOURCE, "fetched_utc": datetime.now(UTC)}
    return replace_rows(store, contract, athlete_id, [{**stored, **row} for row in rows], instead_of)
