"""Which pairs are worn: their share of each week, the mean drop and plates, their age."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.model.rolling_week import shoe_shares
from dashboard.model.schemas import WEEK

WEEK_SCHEMA = pl.Schema(
    {
        "week": pl.Date,  # its Monday
        "distance_m": pl.Float64,
        "drop_mm": pl.Float64,  # mean by distance over the pairs whose drop is known; null none is
        "drop_low_mm": pl.Float64,
        "drop_high_mm": pl.Float64,
        "drop_unknown": pl.Float64,  # share of the distance, 0 to 1
        "plated": pl.Float64,
        "plate_unknown": pl.Float64,
    }
)


def weekly_shares(runs: pl.DataFrame) -> pl.DataFrame:
    """Share the distance of each week out among the pairs worn.

    Weeks from Monday, so that a long run on Sunday counts with the days before it.
    """
    mondays = runs.filter(pl.col("distance_m") > 0)["local_date"].dt.truncate("1w").unique().sort()
    shares = shoe_shares(runs, mondays.dt.offset_by("6d"), WEEK)
    week = pl.col("local_date").dt.offset_by("-6d").alias("week")
    return shares.select(week, "shoe_id", "distance_m", "share")


def weekly_exposure(shares: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Average what is worn in each week by distance.

    A mean over what is known says little without the share that is not, so the two go together.
    """
    facts = pairs.select("shoe_id", "drop_mm", "drop_low_mm", "drop_high_mm", "is_plated")
    worn = shares.join(facts, on="shoe_id", how="left", maintain_order="left")
    metres = pl.col("distance_m")

    def mean(name: str) -> pl.Expr:
        known = metres * pl.col(name).is_not_null()
        value = (metres * pl.col(name)).sum() / known.sum()
        return pl.when(known.sum() > 0).then(value).alias(name)

    def share(condition: pl.Expr, name: str) -> pl.Expr:
        return ((metres * condition).sum() / metres.sum()).clip(0.0, 1.0).alias(name)

    weeks = worn.group_by("week").agg(
        metres.sum().alias("distance_m"),
        *(mean(name) for name in ("drop_mm", "drop_low_mm", "drop_high_mm")),
        share(pl.col("drop_mm").is_null(), "drop_unknown"),
        share(pl.col("is_plated").fill_null(False), "plated"),
        share(pl.col("is_plated").is_null(), "plate_unknown"),
    )
    return weeks.sort("week").match_to_schema(WEEK_SCHEMA)


def shoe_ages(runs: pl.DataFrame, pairs: pl.DataFrame, today: date) -> pl.DataFrame:
    """Add to each pair how far and how long it has been worn.

    Runs only; a walk in a pair is not counted.
    """
    order = ("local_date", "start_utc", "activity_id")
    worn = runs.filter(pl.col("shoe_id").is_not_null()).sort(order)
    counted = worn.group_by("shoe_id").agg(
        pl.len().cast(pl.Int64).alias("runs"),
        pl.col("distance_m").sum(),
        first_run=pl.col("local_date").min(),
        last_date=pl.col("local_date").max(),
    )
    factor = ("x_shoe", "x_shoe_low", "x_shoe_high")
    taken = worn.filter(pl.col("x_shoe").is_not_null(), ~pl.col("is_indoor").fill_null(False))
    last = taken.group_by("shoe_id").agg(pl.col(*factor).last())
    joined = pairs.join(counted, on="shoe_id", how="left").join(last, on="shoe_id", how="left")
    first = pl.coalesce("first_use", "first_run")
    return joined.with_columns(
        runs=pl.col("runs").fill_null(0),
        distance_m=pl.col("distance_m").fill_null(0.0),
        total_m=pl.col("distance_m").fill_null(0.0) + pl.col("distance_before_m").fill_null(0.0),
        first_date=first,
        days=(pl.lit(today) - first).dt.total_days(),
    ).sort("last_date", "name", descending=[True, False], nulls_last=True)


def weeks_touching(weeks: pl.DataFrame, start: date, end: date) -> pl.DataFrame:
    """Return the weeks of which any day lies in some dates."""
    return weeks.filter((pl.col("week") > start - timedelta(weeks=1)) & (pl.col("week") <= end))


def has_pair(shares: pl.DataFrame) -> bool:
    """Return whether any distance of some weeks names its pair."""
    return shares["shoe_id"].null_count() < shares.height


def dates_of(weeks: pl.DataFrame) -> tuple[date, date] | None:
    """Return the first and last local date of some weeks."""
    first, last = weeks["week"].min(), weeks["week"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    return first, last + timedelta(days=6)
