"""What a person said of a session, as the model takes it: left out, corrected cadence, incline, own climb."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from connectors.frames import SESSION_EXTRA
from dashboard.model.seconds import Scan

CUTS = ("cut_from_s", "cut_to_s")


def with_said(activities: pl.DataFrame) -> pl.DataFrame:
    """Make sure that every column a person may fill is there, and scale the mean cadence as told.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns; those of SESSION_EXTRA and `edited` may be missing, which is nothing said.

    Returns
    -------
    DataFrame, same rows
        With all of them; `is_excluded` is never null; `cadence_spm` is scaled by `cadence_scale`.

    Source
    ------
    ours: records that no person ever spoke of are a case like any other.
    """
    types = {name: column.dtype for name, column in SESSION_EXTRA.items()} | {"edited": pl.String}
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in types.items() if name not in activities.columns
    ]
    return activities.with_columns(missing).with_columns(
        is_excluded=pl.col("is_excluded").fill_null(False),
        cadence_spm=pl.col("cadence_spm") * pl.col("cadence_scale").fill_null(1.0),
    )


def rescaled(samples: Scan, runs: pl.DataFrame) -> Scan:
    """Scale the recorded cadence of runs of which a person said that it is half or double; cut what was no run.

    Parameters
    ----------
    samples : callable
        Recording ids to LazyFrame, SAMPLE columns and `activity_id`.
    runs : DataFrame
        `samples_id`, `cadence_scale` (null as recorded), `cut_from_s` and `cut_to_s` (s, null uncut).

    Returns
    -------
    callable
        The same where nothing was said, so that nothing is slower.

    Source
    ------
    ours: a device that counts one foot, or both twice, is wrong from the first second to the last.
    """
    changed = (pl.col("cadence_scale") != 1.0).fill_null(False)
    for cut in CUTS:
        changed = changed | pl.col(cut).is_not_null()
    told = runs.filter(pl.col("samples_id").is_not_null() & changed).unique("samples_id", keep="last")
    if told.is_empty():
        return samples

    def scaled(ids: Sequence[str]) -> pl.LazyFrame:
        rows = samples(ids)
        kind = rows.collect_schema()["activity_id"]
        wanted = told.filter(pl.col("samples_id").is_in(list(ids)))
        scales = wanted.select(
            pl.col("samples_id").cast(kind).alias("activity_id"),
            pl.col("cadence_scale").cast(pl.Float32).alias("|scale"),
            *(pl.col(cut).alias(f"|{cut}") for cut in CUTS),
        )
        joined = rows.join(scales.lazy(), on="activity_id", how="left", maintain_order="left")
        first, last = (pl.col(f"|{cut}") for cut in CUTS)
        second = pl.col("second")
        kept = joined.filter(((second >= first) | first.is_null()) & ((second < last) | last.is_null()))
        scaled_steps = pl.col("cadence_spm") * pl.col("|scale").fill_null(1.0)
        return kept.with_columns(cadence_spm=scaled_steps).drop("|scale", *(f"|{cut}" for cut in CUTS))

    return scaled


def spoke_of(field: str) -> pl.Expr:
    """Tell whether a person spoke of a field.

    Parameters
    ----------
    field : str
        One of the fields that may be edited.

    Returns
    -------
    Expr, Boolean
        From `edited`; never null.

    Source
    ------
    ours: a person's word comes before a device's.
    """
    return pl.col("edited").fill_null("").str.split(" ").list.contains(field)
