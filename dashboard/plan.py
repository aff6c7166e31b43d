"""The plan, its guardrails and the ladder as they are kept: read and put in place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from connectors.frames import GUARDRAIL, LADDER, PLAN, Contract
from connectors.store import Store
from dashboard.kept import Kept, Rows, put
from dashboard.model.guardrails import Limit
from dashboard.model.ladder import Step, ladder_of
from dashboard.model.planned import Plan, PlannedRun, monday

SOURCE = "manual"


def planned_by(store: Store, athlete_id: int, weeks: Collection[date]) -> list[dict[str, Any]]:
    """Give the rows of some weeks as they are kept.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    weeks : collection of date
        Mondays.

    Returns
    -------
    list of dict
        Rows of PLAN, by date.

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
        For `kept.undo`.

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
    return _put(store, PLAN, athlete_id, rows, planned_by(store, athlete_id, list(weeks)))


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
        For `kept.undo`.

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
    touched = {*weeks, *(monday(run.date) for run in runs)}
    return _put(store, PLAN, athlete_id, rows, planned_by(store, athlete_id, touched))


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
        For `kept.undo`.

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


def keep_ladder(store: Store, athlete_id: int, plan: Plan, steps: Plan) -> Kept:
    """Put steps of the ladder in place of what is planned on their dates and between, and of steps planned before.

    Parameters
    ----------
    store, athlete_id
        As for `outlook`.
    plan : tuple of PlannedRun
        All that is planned.
    steps : tuple of PlannedRun
        As from `ladder.ahead`, at least one.

    Returns
    -------
    Kept
        For `kept.undo`.

    Raises
    ------
    ContractError, StoreError
        When it cannot be kept; nothing is changed then.

    Source
    ------
    ours: a way back to running is not run on top of another plan.
    """
    first, last = steps[0].date, steps[-1].date
    gone = [run for run in plan if first <= run.date and (run.date <= last or run.ladder_step is not None)]
    weeks = sorted({monday(run.date) for run in (*gone, *steps)})
    beside = [run for run in plan if monday(run.date) in weeks and run not in gone]
    return keep_runs(store, athlete_id, weeks, [*beside, *steps])


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
        For `kept.undo`.

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
    return _put(store, GUARDRAIL, athlete_id, [row])


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
        For `kept.undo`.

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
    return _put(store, LADDER, athlete_id, rows)


def _put(store: Store, contract: Contract, athlete_id: int, rows: Rows, instead_of: Rows = ()) -> Kept:
    whole = {"athlete_id": athlete_id, "source": SOURCE, "fetched_utc": datetime.now(UTC)}
    return put(store, contract, athlete_id, [{**whole, **row} for row in rows], instead_of)
