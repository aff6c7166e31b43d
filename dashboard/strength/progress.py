"""What was logged of a programme against what was planned, week by week: counts, no verdict."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from connectors.frames import EXERCISE_KINDS
from dashboard.model.schemas import WEEK

PROGRESS_SCHEMA = pl.Schema(
    {
        "programme": pl.String,
        "start_date": pl.Date,
        "week": pl.Int32,
        "from_date": pl.Date,
        "to_date": pl.Date,
        "exercise": pl.String,
        "planned_days": pl.Float64,
        "planned_sets": pl.Float64,
        "planned_repetitions": pl.Float64,
        "planned_load_kg": pl.Float64,
        "logged_days": pl.Int64,
        "logged_sets": pl.Int64,
        "logged_repetitions": pl.Int64,
        "logged_load_kg": pl.Float64,
    }
)
STRENGTH_SPORTS = ("PhysicalTherapy", "WeightTraining", "Workout")
"""Sports of a session in which exercises are done; what was done in it nobody says."""

STEP_KEY = ("programme", "start_date", "week", "exercise")


def week_of(start: date, day: date) -> int:
    """Number the week of a programme that a date lies in.

    Weeks of a programme count from its own first day.
    """
    return (day - start).days // WEEK + 1


def programme_progress(programme: pl.DataFrame, strength: pl.DataFrame, until: date) -> pl.DataFrame:
    """Compare logged sets with the plan, for each week and exercise from the start of each programme.

    Counts beside counts; no score, no streak.
    """
    planned = _planned(programme, until)
    if planned.is_empty():
        return pl.DataFrame(schema=PROGRESS_SCHEMA)
    joined = planned.join(_per_leg(strength), on="exercise", how="left").filter(
        pl.col("date").is_null() | pl.col("date").is_between("from_date", "to_date")
    )
    logged = joined.drop_nulls("date").group_by(STEP_KEY).agg(
        pl.col("date").n_unique().cast(pl.Int64).alias("logged_days"),
        pl.col("sets", "repetitions").sum().name.prefix("logged_"),
        pl.col("load_kg").max().alias("logged_load_kg"),
    )  # fmt: skip
    return (
        planned.join(logged, on=STEP_KEY, how="left")
        .with_columns(pl.col("logged_days", "logged_sets", "logged_repetitions").fill_null(0))
        .select(pl.col(name).cast(dtype) for name, dtype in PROGRESS_SCHEMA.items())
        .sort("start_date", "programme", "week", "exercise")
    )


def _planned(programme: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row for each week and exercise that has begun."""
    begun = programme.filter(pl.col("start_date") <= until)
    start = pl.col("start_date")
    week = ((pl.lit(until) - start).dt.total_days() // WEEK + 1).cast(pl.Int32)
    times = pl.col("times_per_week")
    return (
        begun.with_columns(week=pl.int_ranges("week_from", pl.min_horizontal("week_to", week) + 1, dtype=pl.Int32))
        .explode("week")
        .drop_nulls("week")
        .with_columns(from_date=start + pl.duration(days=(pl.col("week") - 1) * WEEK))
        .with_columns(to_date=pl.col("from_date") + timedelta(days=WEEK - 1))
        .group_by(STEP_KEY)
        .agg(
            pl.col("from_date", "to_date").first(),
            _sum(times.clip(upper_bound=WEEK)).clip(upper_bound=WEEK).alias("planned_days"),
            _sum(times * pl.col("sets")).alias("planned_sets"),
            _sum(times * pl.col("sets") * pl.col("repetitions")).alias("planned_repetitions"),
            pl.col("load_kg").max().alias("planned_load_kg"),
        )
    )  # fmt: skip


def _sum(value: pl.Expr) -> pl.Expr:
    return pl.when(value.null_count() == 0).then(value.sum())


def _per_leg(strength: pl.DataFrame) -> pl.DataFrame:
    """Sets and repetitions of a date and exercise, as one leg had them."""
    left, right = pl.col("side") == "left", pl.col("side") == "right"
    sides = {"left": left.fill_null(False), "right": right.fill_null(False)}
    both = ~(sides["left"] | sides["right"])

    def of(value: pl.Expr) -> pl.Expr:
        one, other = (value.filter(side).sum() for side in sides.values())
        return (value.filter(both).sum() + pl.max_horizontal(one, other)).cast(pl.Int64)

    return strength.group_by("date", "exercise").agg(
        of(pl.col("set_number") * 0 + 1).alias("sets"),
        of(pl.col("repetitions").fill_null(0).cast(pl.Int64)).alias("repetitions"),
        pl.col("load_kg").max(),
    )


def weekly_sets(strength: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    """Count the sets of each kind in the last seven days, for the lane of the Timeline.

    Sets are counted and never turned into tendon load, which no study allows across exercises.
    """
    names = [f"sets_7d_{kind}" for kind in EXERCISE_KINDS]
    first = strength["date"].min()
    days = strength["date"].to_numpy().astype("datetime64[D]").astype("int64")
    kinds = strength["kind"].fill_null("other").to_numpy()
    grid = dates.to_numpy().astype("datetime64[D]").astype("int64")
    by_kind = [np.sort(days[kinds == kind]) for kind in EXERCISE_KINDS]
    counts = {
        name: done.searchsorted(grid, "right") - done.searchsorted(grid - WEEK, "right")
        for name, done in zip(names, by_kind, strict=True)
    }
    counted = pl.DataFrame({"local_date": dates, **counts}, schema_overrides=dict.fromkeys(names, pl.Int64))
    reached = pl.lit(False) if first is None else pl.col("local_date") >= pl.lit(first)
    weeks = counted.with_columns(sets_7d=pl.sum_horizontal(names))
    return weeks.select(
        "local_date", *(pl.when(reached).then(pl.col(n)).alias(n) for n in (*names, "sets_7d"))
    )


def sessions_without_sets(others: pl.DataFrame, strength: pl.DataFrame) -> pl.DataFrame:
    """Find sessions of strength work on whose date no set is in the ledger."""
    sessions = others.filter(pl.col("sport").is_in(STRENGTH_SPORTS))
    return sessions.join(strength.select(local_date="date"), on="local_date", how="anti").sort(
        "local_date", "sport"
    )


def has_strength(others: pl.DataFrame, strength: pl.DataFrame) -> bool:
    """Whether there is anything for the strength lane: a set, or a session without sets."""
    return not strength.is_empty() or not sessions_without_sets(others, strength).is_empty()


def unlogged_last_days(sessions: pl.DataFrame, dates: pl.Series) -> pl.Series:
    """Count the sessions without sets in the last seven days at each date of a rising grid."""
    days = np.sort(sessions["local_date"].to_numpy().astype("datetime64[D]").astype("int64"))
    grid = dates.to_numpy().astype("datetime64[D]").astype("int64")
    counts = days.searchsorted(grid, "right") - days.searchsorted(grid - WEEK, "right")
    return pl.Series("unlogged_7d", counts, dtype=pl.Int64)
