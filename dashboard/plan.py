"""The plan, its guardrails and the ladder as they are kept: read, put in place, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.frames import GUARDRAIL, LADDER, PLAN, Contract
from connectors.store import Store
from dashboard.model.guardrails import Limit
from dashboard.model.ladder import Step, ladder_of
from dashboard.model.planned import Plan, PlannedRun, monday

SOURCE = "manual"


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
