"""A plan for going over to another pair: by which share of each week, and how long its longest run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import polars as pl

from connectors.errors import HeelwiseError

KEY = "transition_plan"
"""Setting of the runner under which the plan is kept."""
MOST_STEPS = 26
USUAL_WEEKS = 4


@dataclass(frozen=True)
class Step:
    """One week of the plan.

    Parameters
    ----------
    share_pct
        Of the week's distance in the new pair, %, at most.
    longest_pct
        Longest run in the new pair, over the longest of the last four weeks, %, at most.
    """

    share_pct: float
    longest_pct: float


DEFAULT_STEPS = (Step(10, 30), Step(20, 40), Step(30, 50), Step(45, 65), Step(60, 80), Step(80, 100))
SOURCE = "ours, after common practice: short runs first, a little more each week; the therapist decides"


@dataclass(frozen=True)
class TransitionPlan:
    """Going over to one pair.

    Parameters
    ----------
    shoe_id
        The pair to go over to.
    start
        First day of the first week.
    steps
        One for each week.
    """

    shoe_id: str
    start: date
    steps: tuple[Step, ...] = DEFAULT_STEPS


def checked(plan: TransitionPlan) -> TransitionPlan:
    """Hold a plan against what can be run.

    Parameters
    ----------
    plan : TransitionPlan
        As a person wrote it.

    Returns
    -------
    TransitionPlan
        The same.

    Raises
    ------
    HeelwiseError
        When there is no step, too many, or a share that is not 0 to 100 %.

    Source
    ------
    ours: steps may also go down, a therapist may want that.
    """
    if not 1 <= len(plan.steps) <= MOST_STEPS:
        raise HeelwiseError(
            f"A plan has 1 to {MOST_STEPS} weeks. Nothing was changed; add or take away some."
        )
    for number, step in enumerate(plan.steps, 1):
        if not all(0 <= value <= 100 for value in (step.share_pct, step.longest_pct)):
            raise HeelwiseError(f"Week {number} needs two numbers from 0 to 100 %. Nothing was changed.")
    return plan


def as_text(plan: TransitionPlan | None) -> str | None:
    """Write a plan as the store keeps it.

    Parameters
    ----------
    plan : TransitionPlan or None
        None takes it away.

    Returns
    -------
    str or None
        JSON.

    Source
    ------
    ours.
    """
    if plan is None:
        return None
    steps = [asdict(step) for step in plan.steps]
    return json.dumps({"shoe_id": plan.shoe_id, "start": plan.start.isoformat(), "steps": steps})


def from_settings(settings: Mapping[str, str]) -> TransitionPlan | None:
    """Read the plan.

    Parameters
    ----------
    settings : mapping of str to str
        As the store keeps them.

    Returns
    -------
    TransitionPlan or None
        None where there is none.

    Raises
    ------
    HeelwiseError
        When what is kept cannot be read.

    Source
    ------
    ours.
    """
    text = settings.get(KEY)
    if not text:
        return None
    try:
        kept = json.loads(text)
        steps = tuple(Step(float(one["share_pct"]), float(one["longest_pct"])) for one in kept["steps"])
        plan = TransitionPlan(str(kept["shoe_id"]), date.fromisoformat(kept["start"]), steps)
    except (ValueError, KeyError, TypeError) as error:
        raise HeelwiseError(
            "The kept plan for changing shoes cannot be read. It was left as it is; write it again to replace it."
        ) from error
    return checked(plan)


def weeks(plan: TransitionPlan, runs: pl.DataFrame) -> pl.DataFrame:
    """Lay a plan beside what was run.

    Parameters
    ----------
    plan : TransitionPlan
        Pair, start, steps.
    runs : DataFrame
        RUN_SCHEMA.

    Returns
    -------
    DataFrame, one row for each step
        `number` from 1, `first`, `last`; `share_pct`, `longest_pct`; `most_m` and `longest_m`, what the step allows at
        the usual distance (mean week and longest run of the four weeks before the start; null where nothing was run
        in them); `done_m`, `all_m` and `done_longest_m` of what was run, in the pair and in all (0 known and none).

    Source
    ------
    ours, see SOURCE: fixed to the weeks before the start, so that a step does not grow by itself.
    """
    when = pl.col("local_date")
    usual = runs.filter(when.is_between(plan.start - timedelta(weeks=USUAL_WEEKS), plan.start, closed="left"))
    week_m = _sum(usual) / USUAL_WEEKS
    longest = usual["distance_m"].max()
    rows = []
    for number, step in enumerate(plan.steps):
        first = plan.start + timedelta(weeks=number)
        last = first + timedelta(days=6)
        ran = runs.filter(when.is_between(first, last))
        mine = ran.filter(pl.col("shoe_id") == plan.shoe_id)
        rows.append(
            {
                "number": number + 1,
                "first": first,
                "last": last,
                **asdict(step),
                "most_m": week_m * step.share_pct / 100 if week_m > 0 else None,
                "longest_m": float(longest) * step.longest_pct / 100 if isinstance(longest, float) else None,
                "done_m": _sum(mine),
                "all_m": _sum(ran),
                "done_longest_m": mine["distance_m"].max() or 0.0,
            }
        )
    return pl.DataFrame(rows, schema=_WEEK_TYPES)


_WEEK_TYPES: dict[str, type[pl.DataType]] = {
    "number": pl.Int64,
    "first": pl.Date,
    "last": pl.Date,
    **dict.fromkeys(
        ("share_pct", "longest_pct", "most_m", "longest_m", "done_m", "all_m", "done_longest_m"), pl.Float64
    ),
}


def _sum(runs: pl.DataFrame) -> float:
    return float(runs["distance_m"].sum() or 0.0)


def steps_from(rows: Sequence[Mapping[str, float | None]]) -> tuple[Step, ...]:
    """Read steps as a person typed them into a table.

    Parameters
    ----------
    rows : sequence of mapping
        `share_pct` and `longest_pct`; rows without either are passed over.

    Returns
    -------
    tuple of Step
        In their order; a number left out is taken from the other.

    Source
    ------
    ours.
    """
    steps = []
    for row in rows:
        share, longest = row.get("share_pct"), row.get("longest_pct")
        share, longest = (longest if share is None else share), (share if longest is None else longest)
        if share is not None and longest is not None:
            steps.append(Step(float(share), float(longest)))
    return tuple(steps)
