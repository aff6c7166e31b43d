"""A plan for going over to another pair: by which share of each week, and how long its longest run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import polars as pl

from connectors.errors import HeelwiseError
from dashboard.model.channels import LOWER_MM, NEW_AFTER_DAYS, NEW_KM, PRIOR_WEEKS, WEEK
from dashboard.plan.usual_week import usual_distances

PLAN_SETTING = "transition_plan"
"""Setting of the runner under which the plan is kept."""
MOST_STEPS = 26


@dataclass(frozen=True)
class TransitionStep:
    """One week of the plan."""

    share_pct: float
    longest_pct: float


DEFAULT_STEPS = (
    TransitionStep(10, 30),
    TransitionStep(20, 40),
    TransitionStep(30, 50),
    TransitionStep(45, 65),
    TransitionStep(60, 80),
    TransitionStep(80, 100),
)
PLAN_SOURCE = (
    "design choice, after common practice: short runs first, a little more each week; the physical therapist "
    "decides"
)


@dataclass(frozen=True)
class TransitionPlan:
    """Going over to one pair."""

    shoe_id: str
    start: date
    steps: tuple[TransitionStep, ...] = DEFAULT_STEPS


def validate_plan(plan: TransitionPlan) -> TransitionPlan:
    """Hold a plan against what can be run.

    Steps may also go down, a therapist may want that.
    """
    if not 1 <= len(plan.steps) <= MOST_STEPS:
        raise HeelwiseError(
            f"A plan has 1 to {MOST_STEPS} weeks. Nothing was changed; add or take away some."
        )
    for number, step in enumerate(plan.steps, 1):
        if not all(0 <= value <= 100 for value in (step.share_pct, step.longest_pct)):
            raise HeelwiseError(f"Week {number} needs two numbers from 0 to 100 %. Nothing was changed.")
    return plan


def plan_to_text(plan: TransitionPlan | None) -> str | None:
    """Write a plan as the store keeps it."""
    if plan is None:
        return None
    steps = [asdict(step) for step in plan.steps]
    return json.dumps({"shoe_id": plan.shoe_id, "start": plan.start.isoformat(), "steps": steps})


def read_plan(settings: Mapping[str, str]) -> TransitionPlan | None:
    """Read the plan."""
    text = settings.get(PLAN_SETTING)
    if not text:
        return None
    try:
        values = json.loads(text)
        steps = tuple(
            TransitionStep(float(one["share_pct"]), float(one["longest_pct"])) for one in values["steps"]
        )
        plan = TransitionPlan(str(values["shoe_id"]), date.fromisoformat(values["start"]), steps)
    except (ValueError, KeyError, TypeError) as error:
        raise HeelwiseError(
            "The kept plan for changing shoes cannot be read. It was left as it is; write it again to replace it."
        ) from error
    return validate_plan(plan)


def plan_weeks(plan: TransitionPlan, runs: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Compare a plan with what was run.

    Held against the runner's usual week before the start, so that a step does not grow by itself.
    """
    when = pl.col("local_date")
    week_m, longest = usual_distances(runs, days, plan.start - timedelta(days=1))
    rows = []
    for number, step in enumerate(plan.steps):
        first = plan.start + timedelta(weeks=number)
        last = first + timedelta(days=6)
        ran = runs.filter(when.is_between(first, last))
        in_pair = ran.filter(pl.col("shoe_id") == plan.shoe_id)
        rows.append(
            {
                "number": number + 1,
                "first": first,
                "last": last,
                **asdict(step),
                "most_m": week_m * step.share_pct / 100 if week_m else None,
                "longest_m": longest * step.longest_pct / 100 if longest else None,
                "done_m": _sum(in_pair),
                "all_m": _sum(ran),
                "done_longest_m": in_pair["distance_m"].max() or 0.0,
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


def steps_from(rows: Sequence[Mapping[str, float | None]]) -> tuple[TransitionStep, ...]:
    """Read steps as a person typed them into a table."""
    steps = []
    for row in rows:
        share, longest = row.get("share_pct"), row.get("longest_pct")
        share, longest = (longest if share is None else share), (share if longest is None else longest)
        if share is not None and longest is not None:
            steps.append(TransitionStep(float(share), float(longest)))
    return tuple(steps)


AROUND_DAYS = 14
USUAL_DAYS = WEEK * PRIOR_WEEKS
LONG_UNUSED_DAYS = 90
"""Design choice, as is the span over which the usual drop is averaged."""
DROP_CHANGE_MM = LOWER_MM
DROP_CHANGE_RANGE_MM = (1.0, 15.0)
DROP_CHANGE_KEY = "drop_change_mm"
"""Setting of the runner: by how much drop must differ from the usual to be marked. A starting guess, no study gives
one, to be argued with a physical therapist."""
FELT_KINDS = ("pain_0_10", "stiffness_min", "stiffness_0_10")
TRANSITION_SCHEMA = pl.Schema(
    {
        "date": pl.Date,
        "shoe_id": pl.String,
        "is_new_model": pl.Boolean,
        "is_model_known": pl.Boolean,
        "is_drop_change": pl.Boolean,
        "is_first_plated": pl.Boolean,
        "is_long_unused": pl.Boolean,
        "unused_days": pl.Int64,  # null at the first use
        "first_14d_m": pl.Float64,  # in this pair
        "drop_before_mm": pl.Float64,  # mean by distance of the 56 days before; null unknown
        "drop_after_mm": pl.Float64,
        "ratio_before": pl.Float64,  # acute over habitual on the eve
        "ratio_after": pl.Float64,  # its largest in the 14 days from the date on
        **{
            f"{name}_{side}": pl.Float64 for name in FELT_KINDS for side in ("before", "after")
        },  # medians of logged days
        **{f"{name}_{side}_n": pl.Int64 for name in FELT_KINDS for side in ("before", "after")},
    }
)


def shoe_transitions(
    runs: pl.DataFrame, days: pl.DataFrame, pairs: pl.DataFrame, drop_change_mm: float = DROP_CHANGE_MM
) -> pl.DataFrame:
    """Mark the dates on which what is worn changed.

    What came together in time, without a claim that one led to the other.
    """
    worn = runs.filter(pl.col("distance_m") > 0).sort("local_date", "start_utc", "activity_id")
    if worn.is_empty():
        return pl.DataFrame(schema=TRANSITION_SCHEMA)
    rows = _starts(worn, pairs)
    rows = rows.join(_drop_before(worn, rows), on=["date", "shoe_id"], how="left", maintain_order="left")
    change = (pl.col("drop_after_mm") - pl.col("drop_before_mm")).abs() >= drop_change_mm - 1e-9
    rows = rows.with_columns(is_drop_change=(change & pl.col("is_late")).fill_null(False))
    reasons = ("is_new_model", "is_drop_change", "is_first_plated", "is_long_unused")
    marked = rows.filter(pl.any_horizontal(reasons)).sort("date", "shoe_id")
    around = [_around(day, shoe, worn, days) for day, shoe in marked.select("date", "shoe_id").rows()]
    types = {name: TRANSITION_SCHEMA[name] for name in TRANSITION_SCHEMA if name not in marked.columns}
    return pl.concat([marked, pl.DataFrame(around, schema=types)], how="horizontal").select(
        pl.col(name).cast(dtype) for name, dtype in TRANSITION_SCHEMA.items()
    )


def _starts(worn: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Find the first run of each pair, and those after eight weeks without it."""
    facts = pairs.select(
        "shoe_id", "drop_mm", "is_plated", "first_use", "distance_before_m", model=_model_key()
    )
    days_worn = worn.drop_nulls("shoe_id").unique(["shoe_id", "local_date"], maintain_order=True)
    since = (pl.col("local_date") - pl.col("local_date").shift(1).over("shoe_id")).dt.total_days()
    starts = days_worn.select("local_date", "shoe_id", unused_days=since).join(
        facts, on="shoe_id", how="left", maintain_order="left"
    )
    begin = worn["local_date"].min()
    late = (pl.col("local_date") - pl.lit(begin)).dt.total_days() >= NEW_AFTER_DAYS
    first = pl.col("unused_days").is_null()
    before = (pl.col("distance_before_m") >= NEW_KM * 1000).fill_null(False) | (
        pl.col("first_use") < pl.col("local_date")
    ).fill_null(False)
    of_model = pl.coalesce("model", "shoe_id")
    new_model = first & late & ~before & (pl.int_range(pl.len()).over(of_model) == 0)
    plated = pl.col("is_plated").fill_null(False)
    first_plated = plated & late & ~before & (pl.int_range(pl.len()).over(plated) == 0)
    return (
        starts.with_columns(
            is_late=late,
            is_new_model=new_model,
            is_model_known=pl.col("model").is_not_null(),
            is_first_plated=first_plated,
            is_long_unused=(pl.col("unused_days") >= LONG_UNUSED_DAYS).fill_null(False),
        )
        .filter(first | (pl.col("unused_days") > USUAL_DAYS))
        .rename({"local_date": "date", "drop_mm": "drop_after_mm"})
        .drop("is_plated", "first_use", "distance_before_m", "model")
    )


def _model_key() -> pl.Expr:
    """Name what two pairs of one model share; null where nothing but the pair's own name is known."""
    key = pl.col("brand").str.to_lowercase() + " " + pl.col("model").str.to_lowercase()
    return pl.coalesce("catalogue_id", key.str.strip_chars())


def _drop_before(worn: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Average the drop of the eight weeks before each start by distance."""
    known = worn.drop_nulls("drop_mm").select(ran="local_date", metres="distance_m", drop="drop_mm")
    near = starts.select("date", "shoe_id").join_where(
        known, pl.col("ran") < pl.col("date"), pl.col("ran") >= pl.col("date").dt.offset_by(f"-{USUAL_DAYS}d")
    )
    mean = (pl.col("drop") * pl.col("metres")).sum() / pl.col("metres").sum()
    return near.group_by("date", "shoe_id").agg(mean.alias("drop_before_mm"))


def _around(day: date, shoe_id: str, worn: pl.DataFrame, days: pl.DataFrame) -> dict[str, object]:
    """Describe how far the pair went at first, and what load and symptoms were before and after."""
    span = timedelta(days=AROUND_DAYS)
    when = pl.col("local_date")
    after = when.is_between(day, day + span, closed="left")
    before = when.is_between(day - span, day, closed="left")
    late, early = days.filter(after), days.filter(before)
    eve = days.filter(when == day - timedelta(days=1))["ratio"]
    felt: dict[str, object] = {}
    for name in FELT_KINDS:
        for side, part in (("before", early), ("after", late)):
            felt[f"{name}_{side}"] = part[name].median()
            felt[f"{name}_{side}_n"] = part[name].count()
    return {
        "first_14d_m": worn.filter(after, pl.col("shoe_id") == shoe_id)["distance_m"].sum(),
        "ratio_before": eve.item() if eve.len() else None,
        "ratio_after": late["ratio"].max(),
        **felt,
    }


def drop_change_of(text: str | None) -> float:
    """Read the least difference of drop that is marked.

    A setting that cannot be read must not keep a page from opening.
    """
    try:
        value = float(text or DROP_CHANGE_MM)
    except ValueError:
        return DROP_CHANGE_MM
    low, high = DROP_CHANGE_RANGE_MM
    return value if low <= value <= high else DROP_CHANGE_MM
