"""Mechanics over weeks, months and other stretches of dates, band by band of speed."""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from dashboard.model.mechanics import MEANS, PLAUSIBLE, SECONDS, deviation, known_well

STRETCH_NEEDS_S = 300.0
"""Seconds in a band below which a stretch of dates says nothing of it. Design choice."""
STRETCH_SCHEMA = pl.Schema({"from_date": pl.Date, "band": pl.Int32, "runs": pl.Int64, **MEANS})


def usual_bands(rows: pl.DataFrame, most: int = 4) -> list[int]:
    """Name the bands the runner runs in most.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    most : int
        How many at most.

    Returns
    -------
    list of int
        Those with at least five minutes, slowest first.

    Source
    ------
    ours: a reader can follow four lines.
    """
    by_time = rows.group_by("band").agg(pl.col("seconds").sum()).sort("seconds", "band", descending=True)
    return sorted(by_time.filter(pl.col("seconds") >= STRETCH_NEEDS_S)["band"].head(most).to_list())


def inside(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Keep the runs of some dates.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    first, last : date
        Local dates, both included.

    Returns
    -------
    DataFrame
        MECHANICS_SCHEMA.

    Source
    ------
    ours.
    """
    return rows.filter(pl.col("local_date").is_between(first, last))


def between(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Average the runs of some dates by band.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    first, last : date
        Local dates, both included.

    Returns
    -------
    DataFrame, one row for each band
        STRETCH_SCHEMA, slowest first; each mean weighted by its seconds, null below five minutes.

    Source
    ------
    ours: an hour says more than a minute.
    """
    return _pooled(inside(rows, first, last).with_columns(from_date=pl.lit(first, pl.Date)))


def over_time(rows: pl.DataFrame, every: Literal["week", "month"]) -> pl.DataFrame:
    """Average the runs of each week or month by band.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.
    every : "week" or "month"
        Weeks begin on Monday.

    Returns
    -------
    DataFrame, one row for each band and step from the first run to the last
        STRETCH_SCHEMA, by band and date; means as in `between`. A step without running has `runs` 0 and nulls.

    Source
    ------
    ours: no gap, so that a line breaks where nothing is known.
    """
    if rows.is_empty():
        return STRETCH_SCHEMA.to_frame()
    step = {"week": "1w", "month": "1mo"}[every]
    dated = rows.with_columns(from_date=pl.col("local_date").dt.truncate(step))
    edges = dated.select(low=pl.col("from_date").min(), high=pl.col("from_date").max())
    steps = edges.select(from_date=pl.date_ranges("low", "high", step)).explode(
        "from_date", empty_as_null=True
    )
    grid = steps.join(dated.select("band").unique(), how="cross")
    filled = grid.join(_pooled(dated), on=["from_date", "band"], how="left")
    zero = [pl.col(name).fill_null(0.0) for name in dict.fromkeys(SECONDS.values())]
    return (
        filled.with_columns(pl.col("runs").fill_null(0), *zero)
        .select(*STRETCH_SCHEMA)
        .sort("band", "from_date")
    )


def _pooled(rows: pl.DataFrame) -> pl.DataFrame:
    """Average rows by `from_date` and band, each measure weighted by its own seconds."""

    def mean(name: str, by: str) -> pl.Expr:
        known = pl.when(pl.col(name).is_not_null()).then(pl.col(by))
        return ((pl.col(name) * known).sum() / known.sum()).fill_nan(None).alias(name)

    means = rows.group_by("from_date", "band").agg(
        pl.col("activity_id").n_unique().cast(pl.Int64).alias("runs"),
        pl.col("seconds").sum(),
        *(mean(name, "seconds") for name in ("speed_mps", "cadence_spm", "own_cadence_spm")),
        *(mean(name, SECONDS[name]) for name in PLAUSIBLE),
        *(
            pl.when(pl.col(name).is_not_null()).then(pl.col(SECONDS[name])).sum().alias(SECONDS[name])
            for name in PLAUSIBLE
        ),
    )
    held = [
        pl.when(pl.col("seconds") >= STRETCH_NEEDS_S).then(pl.col(name)).alias(name)
        for name in ("cadence_spm", "own_cadence_spm")
    ]
    told = means.with_columns(*held, *known_well(STRETCH_NEEDS_S)).with_columns(deviation())
    return told.select(*STRETCH_SCHEMA).sort("band", "from_date")
