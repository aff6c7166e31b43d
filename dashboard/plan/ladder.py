"""A return-to-running ladder: steps of walking and running, and which step the log lets one see as next.

The steps are data that runner and physical therapist change; the rule only reads what was logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from dashboard.model.line_back import LinePosition
from dashboard.model.pain_rule import morning_after, pain_of_run, pain_rule
from dashboard.model.settings import DESIGN
from dashboard.plan.planned_runs import PlannedRun
from dashboard.shared import text

LADDER_TITLE = "Walk–run, thirty minutes"
LADDER_EVIDENCE = DESIGN
LADDER_SOURCE = (
    "Running grows as walking shrinks within half an hour. No trial compared such ladders. The spacing of days "
    "leans on Silbernagel and Crossley 2015; the rule to go on is that of Silbernagel 2007."
)

Verdict = Literal["start", "go_on", "wait", "stay", "unknown", "step_back", "finished"]


@dataclass(frozen=True)
class LadderStep:
    """One step of the ladder."""

    step: int
    walk_s: float | None
    run_s: float | None
    rounds: int | None
    rest_days: int | None
    done_on: date | None = None
    decided_by: str | None = None
    note: str | None = None


LADDER_TEMPLATE = (
    LadderStep(1, 240.0, 60.0, 6, 1),
    LadderStep(2, 180.0, 120.0, 6, 1),
    LadderStep(3, 120.0, 180.0, 6, 1),
    LadderStep(4, 60.0, 240.0, 6, 1),
    LadderStep(5, 60.0, 420.0, 4, 2),
    LadderStep(6, 60.0, 600.0, 3, 2),
    LadderStep(7, 60.0, 900.0, 2, 2),
    LadderStep(8, 0.0, 1800.0, 1, 2),
)
"""The ladder where nobody set another."""


@dataclass(frozen=True)
class LadderPosition:
    """Where the runner stands on the ladder."""

    verdict: Verdict
    step: LadderStep | None
    last: LadderStep | None = None
    not_before: date | None = None
    pain: float | None = None
    morning: float | None = None


def read_ladder(rows: pl.DataFrame) -> tuple[LadderStep, ...]:
    """Return the ladder of one runner: the template with the numbers that were changed."""
    steps = {one.step: one for one in LADDER_TEMPLATE}
    for row in rows.to_dicts():
        base = steps.get(row["step"], LadderStep(row["step"], None, None, None, 1))
        edited = {n: row[n] for n in ("walk_s", "run_s", "rounds", "rest_days") if row[n] is not None}
        steps[row["step"]] = replace(
            base, **edited, done_on=row["done_on"], decided_by=row["decided_by"], note=row["note"]
        )
    return tuple(steps[number] for number in sorted(steps))


def edited_ladder(step: LadderStep, cells: Mapping[str, object], decided_by: str) -> LadderStep:
    """Apply changed cells of the table to a step."""
    amounts = {name: cells.get(name) for name in ("walk", "run", "rounds", "rest")}
    numbers = {name: float(str(value)) for name, value in amounts.items() if value is not None}
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


def ladder_position(
    steps: tuple[LadderStep, ...], symptoms: pl.DataFrame, today: date, limit: float
) -> LadderPosition:
    """Return which step is next, from the steps done and the log.

    Silbernagel 2007 (read.qxmd.com/read/17307888) for the rule; going back one step is a design choice.
    """
    done = [one for one in steps if one.done_on is not None]
    if not done:
        return LadderPosition("start", steps[0] if steps else None)
    last = max(done, key=lambda one: (one.done_on or date.min, one.step))
    day = last.done_on or today
    pain, morning = pain_of_run(symptoms, day), morning_after(symptoms, day)
    felt = {"last": last, "pain": pain, "morning": morning}
    rest = day + timedelta(days=1 + (last.rest_days or 0))
    since = pain_rule(symptoms, today, limit, max(1, (today - day).days + 1)).crossed
    if any(one.part == "run" for one in since):
        return LadderPosition("step_back", _neighbour(steps, last, -1), not_before=rest, **felt)
    if since:
        return LadderPosition("stay", last, not_before=rest, **felt)
    if pain is None or morning is None:
        waits = day + timedelta(days=1) > today
        return LadderPosition("wait" if waits else "unknown", last, not_before=rest, **felt)
    following = _neighbour(steps, last, 1)
    if following is last:
        return LadderPosition("finished", None, **felt)
    return LadderPosition("wait" if today < rest else "go_on", following, not_before=rest, **felt)


def _running_m(step: LadderStep, easy_mps: float | None) -> float | None:
    if easy_mps is None or step.run_s is None or step.rounds is None:
        return None
    return step.run_s * step.rounds * easy_mps


def _neighbour(steps: tuple[LadderStep, ...], step: LadderStep, way: int) -> LadderStep:
    place = steps.index(step) + way
    return steps[min(max(place, 0), len(steps) - 1)]


def steps_ahead(
    steps: tuple[LadderStep, ...], position: LadderPosition, first: date, until: date, easy_mps: float | None
) -> tuple[PlannedRun, ...]:
    """Return the steps to come on dates, as if each went well."""
    # The same rule that says which step is next says from when. Design choice: the distance is an estimate,
    # and a first run after weeks off is rather slower.
    if position.step is None:
        return ()
    runs: list[PlannedRun] = []
    day = max(first, position.not_before or first)
    for step in steps[steps.index(position.step) :]:
        if day > until:
            break
        runs.append(PlannedRun(day, _running_m(step, easy_mps), fast_s=0.0, ladder_step=step.step))
        day += timedelta(days=1 + (step.rest_days or 0))
    return tuple(runs)


AGAINST_LINE = (
    "With step {step} on {day} the estimated load of seven days comes to {share:.0f} % of the planned way back to "
    "the 12 weeks before the break; above {most:.0f} % of it the Timeline marks the days. It changes no step."
)
STEPS_AHEAD = (
    "Planned, the steps take the place of what is planned from {span} and of steps planned before, as if each went "
    "well; the log still says which step is next. Their distance is that of the running alone, at your usual easy "
    "speed: an estimate."
)


def step_in_words(step: LadderStep) -> str:
    """Describe one step of the ladder."""
    run, walk, rounds = (step.run_s or 0) / 60, (step.walk_s or 0) / 60, step.rounds or 1
    if not walk:
        return f"{run:g} min run" if rounds == 1 else f"{rounds} × {run:g} min run"
    return f"{rounds} × {walk:g} min walk and {run:g} min run"


def ahead_in_words(first: date, last: date) -> str:
    """Describe what planning the next steps does."""
    return STEPS_AHEAD.format(span=text.span_in_words(first, last))


def line_in_words(step: PlannedRun, position: LinePosition) -> str:
    """Describe how a step to come stands against the line back."""
    return AGAINST_LINE.format(
        step=step.ladder_step,
        day=text.day_in_words(step.date, False),
        share=100 * position.share,
        most=100 * position.threshold,
    )


def position_in_words(position: LadderPosition, today: date) -> str:
    """Describe which step of the ladder is next, and why."""
    step = "" if position.step is None else f"step {position.step.step} ({step_in_words(position.step)})"
    when = position.not_before or today
    free = f", from {text.day_in_words(when, False)}" if when > today else ""
    return {
        "start": f"Nothing is marked as done: the ladder begins with {step}.",
        "go_on": f"The last step stayed within the pain rule and settled by the next morning: next is {step}{free}.",
        "wait": f"Days of rest or the next morning are still to come: next is {step}{free}.",
        "stay": f"It had not settled, or mornings rose: {step} again{free}.",
        "unknown": f"The log does not say how the last step went, so it stays at {step}{free}. "
        "Not logged is not the same as no pain.",
        "step_back": f"The log has pain above the limit since the last step: next is {step}{free}.",
        "finished": "Every step is done and stayed within the pain rule.",
    }[position.verdict]
