"""Sessions whose date can hardly be true: still to come, or as many weeks back as a receiver loses count of."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.model.load.run_inputs import was_edited, with_edit_columns

ROLLOVER_DAYS = 1024 * 7
"""A GPS receiver counts weeks in ten bits and starts anew after 1024 of them (IS-GPS-200, 20.3.3.3.1.1)."""
MOST_ROLLOVERS = 2
ALONE_DAYS = 5 * 365
"""Years without a session between those and all later ones. Design choice."""
FEW, BESIDE_DAYS = 0.2, 60
"""At most such a share of the record, and such days beyond it when moved. Design choice."""


def doubted_dates(activities: pl.DataFrame, today: date) -> pl.DataFrame:
    """Find sessions that would stretch the picture, and the date that may be meant.

    One wrong year moves every mean and every axis.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns; SESSION_EXTRA and `edited` where there.
    today : date
        Local date.

    Returns
    -------
    DataFrame
        `activity_id`, `kind` ("future" or "rollover"), `meant_date` (null unknown). A date that a person spoke of
        or keeps is none of them.
    """
    rows = with_edit_columns(activities).filter(pl.col("is_excluded").not_(), was_edited("local_date").not_())
    confirmed = pl.col("kept_flags").fill_null("").str.split(" ")
    future = rows.filter(
        pl.col("local_date") > today + timedelta(days=1), confirmed.list.contains("future").not_()
    ).select("activity_id", kind=pl.lit("future"), meant_date=pl.lit(None, pl.Date))
    past = rows.filter(pl.col("local_date") <= today + timedelta(days=1)).sort("local_date")
    rolled = _rolled(past, today).filter(confirmed.list.contains("rollover").not_())
    return pl.concat([future, rolled.select("activity_id", "kind", "meant_date")])


def _rolled(past: pl.DataFrame, today: date) -> pl.DataFrame:
    gap = pl.col("local_date").diff().dt.total_days() > ALONE_DAYS
    block = past.with_columns(block=gap.fill_null(False).cum_sum())
    last = block.filter(pl.col("block") == pl.col("block").max())
    early = block.filter(pl.col("block") < pl.col("block").max())
    none = early.head(0).with_columns(kind=pl.lit("rollover"), meant_date=pl.lit(None, pl.Date))
    if early.is_empty() or early.height > max(1.0, FEW * past.height):
        return none
    begin, end = last.select(low=pl.min("local_date"), high=pl.max("local_date")).row(0)
    low, high = begin - timedelta(days=BESIDE_DAYS), min(end + timedelta(days=BESIDE_DAYS), today)
    moved = [pl.col("local_date") + pl.duration(days=n * ROLLOVER_DAYS) for n in range(1, MOST_ROLLOVERS + 1)]
    meant = pl.coalesce(pl.when(one.is_between(low, high)).then(one) for one in moved)
    return early.with_columns(kind=pl.lit("rollover"), meant_date=meant).filter(
        pl.col("meant_date").is_not_null()
    )
