"""Sums over stretches of days: any number of stretches at once, from one running total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl


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

    Source
    ------
    ours.
    """
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def by_day(runs: pl.DataFrame, days: pl.DataFrame, values: Sequence[pl.Expr]) -> np.ndarray:
    """Sum values of runs on each date.

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

    Source
    ------
    ours: a part of a day is not the day.
    """
    names = [str(i) for i in range(len(values))]
    named = [value.cast(pl.Float64).alias(name) for name, value in zip(names, values, strict=True)]
    summed = (
        runs.select("local_date", *named)
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
        .alias(n)
        for n in names
    )
    return np.array([filled[n].fill_null(float("nan")).to_numpy() for n in names]).reshape(len(names), -1)


def stretch_sums(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum stretches of days.

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

    Source
    ------
    ours: differences of a running total.
    """
    known = np.isfinite(values).all(axis=0)
    total = np.zeros((values.shape[0], values.shape[1] + 1))
    total[:, 1:] = np.cumsum(np.where(known, values, 0.0), axis=1)
    counted = np.concatenate([[0], np.cumsum(known)])
    start = np.clip(first, 0, values.shape[1])
    end = np.maximum(np.clip(last + 1, 0, values.shape[1]), start)
    return total[:, end] - total[:, start], counted[end] - counted[start]
