"""Which pairs are worn: their share of each week, the mean drop and plates, their age."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.model.lanes import shoe_shares

WEEK = 7

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

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.

    Returns
    -------
    DataFrame
        `week` (its Monday), `shoe_id` (null: pair not recorded), `distance_m`, `share` (0 to 1; those of a week sum
        to 1). Weeks without distance have no rows; the last week may still be under way.

    Source
    ------
    ours: weeks from Monday, so that a long run on Sunday counts with the days before it.
    """
    mondays = runs.filter(pl.col("distance_m") > 0)["local_date"].dt.truncate("1w").unique().sort()
    shares = shoe_shares(runs, mondays.dt.offset_by("6d"), WEEK)
    week = pl.col("local_date").dt.offset_by("-6d").alias("week")
    return shares.select(week, "shoe_id", "distance_m", "share")


def weekly_exposure(shares: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Average what is worn in each week by distance.

    Parameters
    ----------
    shares : DataFrame
        As from `weekly_shares`.
    pairs : DataFrame
        `shoe_id`, `drop_mm`, `drop_low_mm`, `drop_high_mm`, `is_plated`, as from `known_pairs`.

    Returns
    -------
    DataFrame
        WEEK_SCHEMA by week. The range of drop takes in pairs whose model is only asked about.

    Source
    ------
    ours: a mean over what is known says little without the share that is not, so the two go together.
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


def ages(runs: pl.DataFrame, pairs: pl.DataFrame, today: date) -> pl.DataFrame:
    """Say how far and how long each pair has been worn.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    pairs : DataFrame
        `shoe_id`, `first_use`, `distance_before_m`, as from `known_pairs`.
    today : date
        Local date.

    Returns
    -------
    DataFrame, one row for each pair
        `pairs`, with `runs` (0 never worn here), `distance_m` (m in runs here), `total_m` (with what came before, as a
        person said; that not said counts as none), `first_date` (said, else of the first run here), `last_date`, `days`
        since the first (null never worn), `x_shoe`, `x_shoe_low`, `x_shoe_high` of its last run outdoors. The pair worn
        last comes first.

    Source
    ------
    ours: runs only; a walk in a pair is not counted.
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


def within(weeks: pl.DataFrame, number: int | None) -> pl.DataFrame:
    """Keep the last weeks.

    Parameters
    ----------
    weeks : DataFrame
        Has `week`.
    number : int or None
        How many, up to the last on record; None is all.

    Returns
    -------
    DataFrame
        The rows of those weeks.

    Source
    ------
    ours.
    """
    last = weeks["week"].max()
    if number is None or not isinstance(last, date):
        return weeks
    return weeks.filter(pl.col("week") > last - timedelta(weeks=number))


def dates_of(weeks: pl.DataFrame) -> tuple[date, date] | None:
    """Give the first and last local date of some weeks.

    Parameters
    ----------
    weeks : DataFrame
        Has `week`.

    Returns
    -------
    tuple of date and date, or None
        Monday of the first and Sunday of the last; None without a week.

    Source
    ------
    ours.
    """
    first, last = weeks["week"].min(), weeks["week"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    return first, last + timedelta(days=6)
