"""Every date of a record with its runs, its load and what was felt, and sums over stretches of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from connectors.frames import STIFFNESS_BOUNDS_MIN
from dashboard.model.schemas import DAY_SCHEMA


def day_numbers(dates: pl.Series) -> np.ndarray:
    """Count dates in days, so that they can be subtracted.

    Parameters
    ----------
    dates : Series of Date
        No nulls.

    Returns
    -------
    ndarray of int64
        Days since 1970-01-01.
    """
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def by_day(runs: pl.DataFrame, days: pl.DataFrame, values: Sequence[pl.Expr]) -> np.ndarray:
    """Sum values of runs on each date.

    A part of a day is not the day.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA.
    values : sequence of Expr
        One number for each run; null unknown.

    Returns
    -------
    ndarray, shape (values, days)
        0 on a day of rest, NaN on a day whose load is not known or with a run whose value is not.
    """
    names = [str(i) for i in range(len(values))]
    columns = [value.cast(pl.Float64).alias(name) for name, value in zip(names, values, strict=True)]
    summed = (
        runs.select("local_date", *columns)
        .group_by("local_date")
        .agg(pl.when(pl.col(n).null_count() == 0).then(pl.col(n).sum()).alias(n) for n in names)
    )
    joined = days.select("local_date", "load_tkm", "runs").join(
        summed, on="local_date", how="left", maintain_order="left"
    )
    rest = pl.col("load_tkm").is_not_null() & (pl.col("runs") == 0)
    filled = joined.select(
        pl.when(pl.col("load_tkm").is_null())
        .then(None)
        .otherwise(pl.when(rest).then(0.0).otherwise(pl.col(n)))
        .fill_null(float("nan"))
        .alias(n)
        for n in names
    )
    return np.ascontiguousarray(filled.to_numpy().T)


def stretch_sums(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum stretches of days.

    Differences of a running total.

    Parameters
    ----------
    values : ndarray, shape (k, days)
        NaN not known.
    first, last : ndarray of int, shape (m,)
        Positions of the first and last day of each stretch, inclusive; days before the first or after the
        last there is are not known.

    Returns
    -------
    tuple of ndarray, shape (k, m), and ndarray, shape (m,)
        Sums of the known days, and how many days of the stretch are known in all rows.
    """
    known = np.isfinite(values).all(axis=0)
    total = np.zeros((values.shape[0], values.shape[1] + 1))
    total[:, 1:] = np.cumsum(np.where(known, values, 0.0), axis=1)
    counted = np.concatenate([[0], np.cumsum(known)])
    start = np.clip(first, 0, values.shape[1])
    end = np.maximum(np.clip(last + 1, 0, values.shape[1]), start)
    return total[:, end] - total[:, start], counted[end] - counted[start]


SUMMED_COLUMNS = ("distance_m", "moving_s", "ascent_m", "descent_m", "fast_s")
PAINS = ("morning_pain_0_10", "pain_start_0_10", "pain_during_0_10", "pain_after_0_10")
LOADS = ("load_tkm", "load_low_tkm", "load_high_tkm", "load_a_tkm", "load_c_tkm")


def dense_days(runs: pl.DataFrame, symptoms: pl.DataFrame, known_until: date | None = None) -> pl.DataFrame:
    """Join runs and symptoms to every date from the first record to the last.

    Rest and no record are different facts.

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
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in SUMMED_COLUMNS),
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
    """Build rest 0 and give every column of the contract."""
    rest = pl.col("known") & pl.col("runs").is_null()
    zeroed = [
        pl.when(rest).then(0).otherwise(pl.col(name)).alias(name)
        for name in ("runs", *SUMMED_COLUMNS, *LOADS)
    ]
    complete = days.with_columns(zeroed)
    return complete.select(
        (pl.col(name) if name in complete.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in DAY_SCHEMA.items()
    )
