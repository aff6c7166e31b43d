"""What the plan in a store adds up to: the same for page, report and calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.frames import GUARDRAIL, PLAN, SYMPTOM
from connectors.shoes.pairs import known_pairs
from connectors.store import Store
from dashboard.model.analysis import Analysis
from dashboard.model.guardrails import Ground, Limit, limits_of, watched_pairs
from dashboard.model.pain import pain_rule
from dashboard.model.planned import Plan, PlannedRun, done_runs, monday, planned_runs
from dashboard.model.planner import against_done, planned_ratios, project, run_load
from dashboard.model.running_state import IRREGULAR
from dashboard.model.usual import Usual, pair_multipliers, usual_of

DONE_DAYS = 60


SHOWN_WEEKS = 8


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


def outlook(store: Store, athlete_id: int, found: Analysis, until: date, today: date) -> Outlook:
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
    today : date
        Local date: the log is read up to it.

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
    shoes = known_pairs(store.shoes(athlete_id))
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
        pain=pain_rule(store.read(SYMPTOM, athlete_id), max(last, today), limits["pain"].value),
        watched=watched,
        usual_pair=pair,
        load_of=load_of,
        ratios_of=lambda asked: planned_ratios(
            found.days, asked, [load_of(run) for run in asked], usual, found.settings, found.ladder_days
        ),
        threshold=_threshold(found.days),
    )
    projection = project(found.days, plan, loads, usual, until, found.settings)
    return Outlook(usual, plan, loads, projection, ground, limits)


def _threshold(days: pl.DataFrame) -> float | None:
    """The runner's own on the last recorded day; None where it is not known or running is irregular."""
    last = days.filter(pl.col("load_tkm").is_not_null()).tail(1)
    if last.is_empty() or last["state"].item() == IRREGULAR:
        return None
    return last["threshold"].item()


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
