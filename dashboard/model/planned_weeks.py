"""Runs done and planned, gathered by week and looked back on: what every guardrail counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from dashboard.model.guardrails import Ground
from dashboard.model.planned import Plan, PlannedRun, monday

LOOK_BACK = timedelta(days=30)


def open_runs(plan: Plan, ground: Ground) -> Plan:
    """Give the planned runs that lie beyond the record.

    Parameters
    ----------
    plan : tuple of PlannedRun
        In any order.
    ground : Ground
        `until`.

    Returns
    -------
    tuple of PlannedRun
        In the order of the plan.

    Source
    ------
    ours: what is done is done.
    """
    return tuple(run for run in plan if run.date > ground.until)


def by_week(plan: Plan, ground: Ground) -> dict[date, list[PlannedRun]]:
    """Gather runs, done and planned, by weeks that hold a planned one.

    Parameters
    ----------
    plan, ground
        As for `open_runs`.

    Returns
    -------
    dict of date to list of PlannedRun
        By Monday.

    Source
    ------
    ours: what was run on Tuesday counts in the week whose Sunday is planned.
    """
    ahead = open_runs(plan, ground)
    weeks = {monday(run.date) for run in ahead}
    found: dict[date, list[PlannedRun]] = defaultdict(list)
    for run in (*ground.done, *ahead):
        if monday(run.date) in weeks:
            found[monday(run.date)].append(run)
    return dict(sorted(found.items()))


def total(runs: Iterable[PlannedRun], channel: str) -> float | None:
    """Sum one channel over runs.

    Parameters
    ----------
    runs : iterable of PlannedRun
        Of one week.
    channel : str
        A field of PlannedRun, or "falls_m".

    Returns
    -------
    float or None
        SI units; None where no run says it.

    Source
    ------
    ours.
    """
    known = [value for run in runs if (value := getattr(run, channel)) is not None]
    return sum(known) if known else None


def longest_before(runs: Iterable[PlannedRun], day: date) -> float | None:
    """Give the longest run of the 30 days before a date.

    Parameters
    ----------
    runs : iterable of PlannedRun
        Done and planned.
    day : date
        Not included.

    Returns
    -------
    float or None
        m; None without a run in those days.

    Source
    ------
    Frandsen 2025 (PMID 40623829).
    """
    return (
        max((run.distance_m or 0.0 for run in runs if day - LOOK_BACK <= run.date < day), default=0.0) or None
    )
