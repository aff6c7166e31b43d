"""A return-to-running ladder: steps of walking and running, and which step the log lets one see as next.

The steps are data that runner and physical therapist change; the rule only reads what was logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from dashboard.model.pain import morning_after, pain_of_run, pain_rule
from dashboard.model.planned import PlannedRun
from dashboard.model.settings import DESIGN

TITLE = "Walk–run, thirty minutes"
EVIDENCE = DESIGN
SOURCE = (
    "Ours: running grows as walking shrinks within half an hour. No trial compared such ladders. The spacing of days "
    "leans on Silbernagel and Crossley 2015; the rule to go on is that of Silbernagel 2007."
)

Verdict = Literal["start", "go_on", "wait", "stay", "unknown", "step_back", "finished"]


@dataclass(frozen=True)
class Step:
    """One step of the ladder.

    Parameters
    ----------
    step
        From 1.
    walk_s, run_s
        s of walking and of running in one round.
    rounds
        How often.
    rest_days
        Days before the next step.
    done_on
        Local date it was finished; None not yet.
    decided_by
        Who set it; None is the template.
    note
        The person's own words.
    """

    step: int
    walk_s: float | None
    run_s: float | None
    rounds: int | None
    rest_days: int | None
    done_on: date | None = None
    decided_by: str | None = None
    note: str | None = None


TEMPLATE = (
    Step(1, 240.0, 60.0, 6, 1),
    Step(2, 180.0, 120.0, 6, 1),
    Step(3, 120.0, 180.0, 6, 1),
    Step(4, 60.0, 240.0, 6, 1),
    Step(5, 60.0, 420.0, 4, 2),
    Step(6, 60.0, 600.0, 3, 2),
    Step(7, 60.0, 900.0, 2, 2),
    Step(8, 0.0, 1800.0, 1, 2),
)
"""The ladder where nobody set another."""


@dataclass(frozen=True)
class Standing:
    """Where the runner stands on the ladder.

    Parameters
    ----------
    verdict
        "start" nothing done yet, "go_on" the next step, "wait" days of rest are not over, "stay" the step again,
        "unknown" the step again because the log does not say, "step_back" the step before, "finished" all done.
    step
        The step that is next; None when finished.
    last
        The step done last; None for none.
    not_before
        First local date for it; None where no date follows.
    pain, morning
        What was logged of the last step, 0-10; None not logged.
    """

    verdict: Verdict
    step: Step | None
    last: Step | None = None
    not_before: date | None = None
    pain: float | None = None
    morning: float | None = None


def ladder_of(rows: pl.DataFrame) -> tuple[Step, ...]:
    """Give the ladder of one runner.

    Parameters
    ----------
    rows : DataFrame
        LADDER. A row takes the place of the template's step of its number; what it leaves open is the template's.

    Returns
    -------
    tuple of Step
        By number.

    Source
    ------
    ours: a PT changes one number without writing the rest again.
    """
    steps = {one.step: one for one in TEMPLATE}
    for row in rows.to_dicts():
        base = steps.get(row["step"], Step(row["step"], None, None, None, 1))
        told = {n: row[n] for n in ("walk_s", "run_s", "rounds", "rest_days") if row[n] is not None}
        steps[row["step"]] = replace(
            base, **told, done_on=row["done_on"], decided_by=row["decided_by"], note=row["note"]
        )
    return tuple(steps[number] for number in sorted(steps))


def edited(step: Step, cells: Mapping[str, object], decided_by: str) -> Step:
    """Put changed cells of the table into a step.

    Parameters
    ----------
    step : Step
        As it was.
    cells : mapping of str to object
        `walk` and `run` in min, `rounds`, `rest` in days, `done` as an ISO date; an emptied `done` is not done.
    decided_by : str
        Who changed it.

    Returns
    -------
    Step
        An emptied number keeps what it was.

    Source
    ------
    ours.
    """
    told = {name: cells.get(name) for name in ("walk", "run", "rounds", "rest")}
    numbers = {name: float(str(value)) for name, value in told.items() if value is not None}
    done = str(cells["done"])[:10] if cells.get("done") else None
    return replace(
        step,
        walk_s=numbers["walk"] * 60 if "walk" in numbers else step.walk_s,
        run_s=numbers["run"] * 60 if "run" in numbers else step.run_s,
        rounds=int(numbers["rounds"]) if "rounds" in numbers else step.rounds,
        rest_days=int(numbers["rest"]) if "rest" in numbers else step.rest_days,
        done_on=(date.fromisoformat(done) if done else None) if "done" in cells else step.done_on,
        decided_by=decided_by,
    )


def standing(steps: tuple[Step, ...], symptoms: pl.DataFrame, today: date, limit: float) -> Standing:
    """Tell which step is next, from the steps done and the log.

    Parameters
    ----------
    steps : tuple of Step
        As from `ladder_of`.
    symptoms : DataFrame
        SYMPTOM.
    today : date
        Local date.
    limit : float
        Most pain during and after, 0-10: the guardrail "pain".

    Returns
    -------
    Standing
        Pain beyond the limit: the step before. Not settled by the next morning, or a rise from week to week: the
        step again. Neither the run nor the morning after logged: the step again, as unknown.

    Source
    ------
    Silbernagel 2007 (read.qxmd.com/read/17307888) for the rule; going back one step is a design choice.
    """
    done = [one for one in steps if one.done_on is not None]
    if not done:
        return Standing("start", steps[0] if steps else None)
    last = max(done, key=lambda one: (one.done_on or date.min, one.step))
    day = last.done_on or today
    pain, morning = pain_of_run(symptoms, day), morning_after(symptoms, day)
    felt = {"last": last, "pain": pain, "morning": morning}
    rest = day + timedelta(days=1 + (last.rest_days or 0))
    since = pain_rule(symptoms, today, limit, max(1, (today - day).days + 1)).crossed
    if any(one.part == "run" for one in since):
        return Standing("step_back", _neighbour(steps, last, -1), not_before=rest, **felt)
    if since:
        return Standing("stay", last, not_before=rest, **felt)
    if pain is None or morning is None:
        waits = day + timedelta(days=1) > today
        return Standing("wait" if waits else "unknown", last, not_before=rest, **felt)
    following = _neighbour(steps, last, 1)
    if following is last:
        return Standing("finished", None, **felt)
    return Standing("wait" if today < rest else "go_on", following, not_before=rest, **felt)


def _running_m(step: Step, easy_mps: float | None) -> float | None:
    if easy_mps is None or step.run_s is None or step.rounds is None:
        return None
    return step.run_s * step.rounds * easy_mps


def _neighbour(steps: tuple[Step, ...], step: Step, way: int) -> Step:
    place = steps.index(step) + way
    return steps[min(max(place, 0), len(steps) - 1)]


def ahead(
    steps: tuple[Step, ...], found: Standing, first: date, until: date, easy_mps: float | None
) -> tuple[PlannedRun, ...]:
    """Lay the steps that are to come on dates, as if each went well.

    Parameters
    ----------
    steps : tuple of Step
        As from `ladder_of`.
    found : Standing
        Where the runner stands.
    first, until : date
        First and last local date that may be planned; days of rest that are not over move the first.
    easy_mps : float or None
        The runner's own easy speed, m/s; None not known.

    Returns
    -------
    tuple of PlannedRun
        One for each step, `rest_days` between them; distance is that of its running at easy speed, None where
        the speed or the step's minutes are not known. Walking is left out of it. Empty when the ladder is finished.

    Source
    ------
    ours: the same rule that says which step is next says from when. Design choice: the distance is an estimate, and a
    first run after weeks off is rather slower.
    """
    if found.step is None:
        return ()
    runs: list[PlannedRun] = []
    day = max(first, found.not_before or first)
    for step in steps[steps.index(found.step) :]:
        if day > until:
            break
        runs.append(PlannedRun(day, _running_m(step, easy_mps), fast_s=0.0, ladder_step=step.step))
        day += timedelta(days=1 + (step.rest_days or 0))
    return tuple(runs)
