"""Runs and symptom entries to one row for each local date, without gaps."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.frames import STIFFNESS_BOUNDS_MIN
from dashboard.model.tables import DAY_SCHEMA

SUMMED = ("distance_m", "moving_s", "ascent_m", "descent_m", "fast_s")
PAINS = ("morning_pain_0_10", "pain_start_0_10", "pain_during_0_10", "pain_after_0_10")
LOADS = ("load_tkm", "load_low_tkm", "load_high_tkm", "load_a_tkm", "load_c_tkm")


def dense_days(runs: pl.DataFrame, symptoms: pl.DataFrame, known_until: date | None = None) -> pl.DataFrame:
    """Lay runs and symptoms on every date from the first record to the last.

    Parameters
    ----------
    runs : DataFrame
        RUN_SCHEMA.
    symptoms : DataFrame
        SYMPTOM; several entries of a date count with their largest value. Stiffness logged as a band of minutes
        has its ends in `stiffness_low_min` and `stiffness_high_min`.
    known_until : date or None
        Last date that the training record reaches; None is the date of the last run.

    Returns
    -------
    DataFrame
        DAY_SCHEMA, acute to ratio still null. A date between the first run and `known_until` is known:
        without a run its load is 0, which is rest. Any other date is not known and its load is null. A date
        with a run whose load is unknown has a null load, because a part of a day is not the day. Sums of
        distance and the like leave out what is unknown, and are null where nothing of them is known.

    Source
    ------
    ours: rest and no record are different facts.
    """
    first_run, last_run = runs["local_date"].min(), runs["local_date"].max()
    ends = [d for d in (last_run, known_until) if isinstance(d, date)]
    until = max(ends) if first_run is not None and ends else None
    dates = _calendar([first_run, symptoms["date"].min(), until, symptoms["date"].max()])
    joined = dates
    for facts in (_sums(runs), _felt(symptoms)):
        joined = joined.join(facts, on="local_date", how="left", maintain_order="left")
    if first_run is None:
        return _complete(joined.with_columns(known=pl.lit(False)))
    inside = pl.col("local_date").is_between(pl.lit(first_run), pl.lit(until))
    return _complete(joined.with_columns(known=inside))


def breaks(days: pl.DataFrame, least_days: int = 7) -> pl.DataFrame:
    """Find stretches without a run.

    Parameters
    ----------
    days : DataFrame
        DAY_SCHEMA.
    least_days : int
        Shortest stretch to name, d.

    Returns
    -------
    DataFrame
        `from_date`, `to_date` (inclusive), `days`; known dates only, in order.

    Source
    ------
    ours: a break explains a jump in the ratio better than the jump does.
    """
    resting = (pl.col("known") & (pl.col("runs") == 0)).fill_null(False)
    return (
        days.with_columns(stretch=resting.rle_id(), resting=resting)
        .filter("resting")
        .group_by("stretch")
        .agg(
            from_date=pl.col("local_date").min(),
            to_date=pl.col("local_date").max(),
            days=pl.len().cast(pl.Int64),
        )
        .filter(pl.col("days") >= least_days)
        .sort("from_date")
        .drop("stretch")
    )


def _calendar(ends: list[object]) -> pl.DataFrame:
    known = [d for d in ends if isinstance(d, date)]
    if not known:
        return pl.DataFrame(schema={"local_date": pl.Date})
    return pl.select(local_date=pl.date_range(min(known), max(known), "1d"))


def _sums(runs: pl.DataFrame) -> pl.DataFrame:
    """Sum a day's runs; null where nothing is known, and for load where anything is not."""
    compared = pl.when(pl.col("cadence_deviation_pct").is_not_null()).then("moving_s")
    by_time = (pl.col("cadence_deviation_pct") * pl.col("moving_s")).sum() / compared.sum()
    return runs.group_by("local_date").agg(
        pl.len().cast(pl.Int64).alias("runs"),
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in SUMMED),
        *(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in LOADS),
        pl.when(compared.sum() > 0).then(by_time).alias("cadence_deviation_pct"),
    )


def _felt(symptoms: pl.DataFrame) -> pl.DataFrame:
    pains = [pl.col(name).max() for name in PAINS]
    minutes, band = pl.col("morning_stiffness_min"), pl.col("morning_stiffness_band")
    low, high = ({name: ends[n] for name, ends in STIFFNESS_BOUNDS_MIN.items()} for n in (0, 1))
    return symptoms.group_by(pl.col("date").alias("local_date")).agg(
        pl.max_horizontal(pains).alias("pain_0_10"),
        minutes.max().alias("stiffness_min"),
        band.replace_strict(low, return_dtype=pl.Float64).fill_null(minutes).max().alias("stiffness_low_min"),
        band.replace_strict(high, return_dtype=pl.Float64)
        .fill_null(minutes)
        .max()
        .alias("stiffness_high_min"),
        pl.col("morning_stiffness_0_10").max().alias("stiffness_0_10"),
    )


def _complete(days: pl.DataFrame) -> pl.DataFrame:
    """Make rest 0 and give every column of the contract."""
    rest = pl.col("known") & pl.col("runs").is_null()
    zeroed = [pl.when(rest).then(0).otherwise(pl.col(name)).alias(name) for name in ("runs", *SUMMED, *LOADS)]
    whole = days.with_columns(zeroed)
    return whole.select(
        (pl.col(name) if name in whole.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in DAY_SCHEMA.items()
    )
