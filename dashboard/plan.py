"""The plan, its guardrails and the ladder as they are kept: read, put in place, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import GUARDRAIL, LADDER, PLAN, SYMPTOM, Contract
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.model.guardrails import Ground, Limit, limits_of, watched_pairs
from dashboard.model.ladder import Step, ladder_of
from dashboard.model.pain import pain_rule
from dashboard.model.planned import Plan, PlannedRun, done_runs, monday, planned_runs
from dashboard.model.planner import against_done, project, run_load
from dashboard.model.usual import Usual, pair_multipliers, usual_of

SOURCE = "manual"
DONE_DAYS = 60
SHOWN_WEEKS = 8


@dataclass(frozen=True)
class Kept:
    """What was there before something was kept, so that it can be put back.

    Parameters
    ----------
    contract
        PLAN, GUARDRAIL or LADDER.
    before
        The rows as they were.
    added
        Ids of rows that were not there.
    """

    contract: Contract
    before: tuple[dict[str, Any], ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """A plan and what it adds up to.

    Parameters
    ----------
    usual
        What is usual for the runner.
    plan
        Runs of the plan.
    loads
        tkm of each; None not known.
    projection
        `planner.PROJECTION_SCHEMA`.
    ground, limits
        What it is held against.
    """

    usual: Usual
    plan: Plan
    loads: tuple[float | None, ...]
    projection: pl.DataFrame
    ground: Ground
    limits: dict[str, Limit]


def first_week(today: date) -> date:
    """Give the first week that can be planned.

    Parameters
    ----------
    today : date
        Local date.

    Returns
    -------
    date
        Monday of the week that tomorrow is in: on a Sunday, the next one.

    Source
    ------
    ours: many look ahead on a Sunday.
    """
    return monday(today + timedelta(days=1))


def outlook(store: Store, athlete_id: int, found: Analysis, until: date) -> Outlook:
    """Read the plan of one runner and work out what it adds up to.

    Parameters
    ----------
    store : Store
        Where it is kept.
    athlete_id : int
        Runner on this machine, from 1.
    found : Analysis
        Of the same runner.
    until : date
        Last date of the projection.

    Returns
    -------
    Outlook
        With an empty projection where no run is on record.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours: page, report and calendar say the same.
    """
    shoes = store.shoes(athlete_id)
    usual = usual_of(found.runs, found.days, found.personal, found.settings)
    plan = planned_runs(store.read(PLAN, athlete_id), usual)
    pairs = pair_multipliers(found.runs, shoes, found.settings)
    fast = found.personal.fast_mps if found.personal else 0.0

    def load_of(run: PlannedRun) -> float | None:
        return run_load(run, usual, pairs, fast)

    loads = tuple(load_of(run) for run in plan)
    limits = limits_of(store.read(GUARDRAIL, athlete_id))
    last = usual.until or until
    watched, pair = watched_pairs(found.runs, shoes)
    ground = Ground(
        usual=usual,
        done=done_runs(found.runs, last - timedelta(days=DONE_DAYS), last),
        until=last,
        pain=pain_rule(
            store.read(SYMPTOM, athlete_id), max(last, until - timedelta(days=45)), limits["pain"].value
        ),
        watched=watched,
        usual_pair=pair,
        load_of=load_of,
    )
    projection = project(found.days, plan, loads, usual, until, found.settings)
    return Outlook(usual, plan, loads, projection, ground, limits)


def done_beside(store: Store, athlete_id: int, found: Analysis, seen: Outlook, today: date) -> pl.DataFrame:
    """Set the last eight weeks and this one beside what was planned for them.

    Parameters
    ----------
    store, athlete_id, found
        As for `outlook`.
    seen : Outlook
        Its plan.
    today : date
        Local date.

    Returns
    -------
    DataFrame
        `planner.DONE_SCHEMA`, newest first; weeks with a plan only.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours.
    """
    rows = store.read(PLAN, athlete_id)
    named = {monday(day) for day in rows["date"]}
    weeks = [week for n in range(SHOWN_WEEKS + 1) if (week := monday(today) - timedelta(days=7 * n)) in named]
    return against_done(rows, seen.plan, found.days, weeks)


def planned_by(store: Store, athlete_id: int, weeks: Sequence[date]) -> list[dict[str, Any]]:
    """Give the rows of some weeks as they are kept.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    weeks : sequence of date
        Mondays.

    Returns
    -------
    list of dict
        Rows of PLAN, by date.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours.
    """
    rows = store.read(PLAN, athlete_id).sort("date", "source_id").to_dicts()
    return [row for row in rows if monday(row["date"]) in weeks]


def keep_weeks(store: Store, athlete_id: int, weeks: Mapping[date, Mapping[str, Any] | None]) -> Kept:
    """Plan weeks as a whole, in place of what was planned for them.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    weeks : mapping of date to mapping or None
        Monday to the values of a PLAN row; None plans nothing.

    Returns
    -------
    Kept
        What was there before.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours: a week is planned either as a whole or run by run.
    """
    rows = [
        {**values, "source_id": f"week/{week}", "date": week, "span": "week"}
        for week, values in weeks.items()
        if values is not None
    ]
    return _replace_plan(store, athlete_id, list(weeks), rows)


def keep_runs(store: Store, athlete_id: int, weeks: Sequence[date], runs: Sequence[PlannedRun]) -> Kept:
    """Plan weeks run by run, in place of what was planned for them.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    weeks : sequence of date
        Mondays of the weeks that are put in place.
    runs : sequence of PlannedRun
        All of their runs; one on another week puts that week in place too.

    Returns
    -------
    Kept
        What was there before.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours.
    """
    counted: dict[date, int] = {}
    rows = []
    for run in runs:
        counted[run.date] = counted.get(run.date, 0) + 1
        values = {one.name: getattr(run, one.name) for one in fields(run)}
        rows.append({**values, "source_id": f"run/{run.date}/{counted[run.date]}", "span": "run"})
    return _replace_plan(store, athlete_id, sorted({*weeks, *(monday(run.date) for run in runs)}), rows)


def keep_change(store: Store, athlete_id: int, plan: Plan, changed: Plan) -> Kept:
    """Keep a change to runs of the plan: the weeks it touches are then planned run by run.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    plan, changed : tuple of PlannedRun
        In the same order.

    Returns
    -------
    Kept
        What was there before.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours.
    """
    touched = {
        monday(run.date) for pair in zip(plan, changed, strict=True) if pair[0] != pair[1] for run in pair
    }
    return keep_runs(
        store, athlete_id, sorted(touched), [run for run in changed if monday(run.date) in touched]
    )


def _replace_plan(store: Store, athlete_id: int, weeks: Sequence[date], rows: list[dict[str, Any]]) -> Kept:
    before = planned_by(store, athlete_id, weeks)
    ids = {row["source_id"] for row in rows}
    if rows:
        _write(store, PLAN, athlete_id, rows)
    for row in before:
        if row["source_id"] not in ids:
            store.delete(PLAN, athlete_id, row["source"], [row["source_id"]])
    return Kept(PLAN, tuple(before), tuple(ids - {row["source_id"] for row in before}))


def keep_limit(store: Store, athlete_id: int, name: str, limit: Limit, note: str | None = None) -> Kept:
    """Set one guardrail.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    name : str
        Of the guardrail.
    limit : Limit
        Value, on or off, and by whom; nobody named is the runner.
    note : str or None
        The person's own words.

    Returns
    -------
    Kept
        What was there before.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours.
    """
    row = {
        "source_id": name, "name": name, "value": limit.value, "is_on": limit.is_on,
        "decided_by": limit.decided_by or "runner", "note": note,
    }  # fmt: skip
    return _keep(store, GUARDRAIL, athlete_id, [row])


def ladder(store: Store, athlete_id: int) -> tuple[Step, ...]:
    """Read the ladder of one runner.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.

    Returns
    -------
    tuple of Step
        The template where nothing is kept.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours.
    """
    return ladder_of(store.read(LADDER, athlete_id))


def keep_steps(store: Store, athlete_id: int, steps: Sequence[Step]) -> Kept:
    """Set steps of the ladder.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    steps : sequence of Step
        Those that changed.

    Returns
    -------
    Kept
        What was there before.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours.
    """
    rows = [
        {
            **{one.name: getattr(step, one.name) for one in fields(step)},
            "source_id": f"step/{step.step}",
            "decided_by": step.decided_by or "runner",
        }
        for step in steps
    ]
    return _keep(store, LADDER, athlete_id, rows)


def undo(store: Store, athlete_id: int, kept: Kept) -> None:
    """Put back what was there before.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    kept : Kept
        What keeping gave.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: a slip costs one tap.
    """
    if kept.before:
        store.write(kept.contract, pl.DataFrame(list(kept.before), schema=kept.contract.schema))
    if kept.added:
        store.delete(kept.contract, athlete_id, SOURCE, list(kept.added))


def _keep(store: Store, contract: Contract, athlete_id: int, rows: list[dict[str, Any]]) -> Kept:
    ids = {row["source_id"] for row in rows}
    before = store.read(contract, athlete_id).filter(pl.col("source_id").is_in(list(ids))).to_dicts()
    if rows:
        _write(store, contract, athlete_id, rows)
    return Kept(contract, tuple(before), tuple(ids - {row["source_id"] for row in before}))


def _write(store: Store, contract: Contract, athlete_id: int, rows: list[dict[str, Any]]) -> None:
    whole = {"athlete_id": athlete_id, "source": SOURCE, "fetched_utc": datetime.now(UTC)}
    columns = {name: [{**whole, **row}.get(name) for row in rows] for name in contract.columns}
    store.write(contract, pl.DataFrame(columns, schema=contract.schema))
