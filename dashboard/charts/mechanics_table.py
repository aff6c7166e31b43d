"""How the runner steps as a table, in the runner's own units, for reading and for a spreadsheet."""

from __future__ import annotations

import polars as pl

from dashboard.charts.mechanics_measures import MEASURES, band_name
from dashboard.model.mechanics import SECONDS
from dashboard.model.personal import Personal
from dashboard.units import Units


def table(frame: pl.DataFrame, personal: Personal, units: Units) -> pl.DataFrame:
    """Give every row with its values and the minutes behind it.

    Parameters
    ----------
    frame : DataFrame
        MECHANICS_SCHEMA (one row for each run and band), or STRETCH_SCHEMA (for each week or month and band).
    personal : Personal
        Easy speed, for the names of the bands.
    units : Units
        What the runner reads in.

    Returns
    -------
    DataFrame
        Newest first, slowest first within a date; rows without running are left out. Null is not known, and a
        measure never known has no column. The unit stands in each name.

    Source
    ------
    ours: a picture is never the only way to a value.
    """
    by_run = "local_date" in frame.columns
    date = "local_date" if by_run else "from_date"
    told = frame.filter(pl.col("seconds") > 0).sort(
        date, "activity_id" if by_run else "band", "band", descending=[True, False, False]
    )
    names = {band: band_name(personal, band, units) for band in told["band"].unique()}
    shown = [one for one in MEASURES.values() if told[one.column].count()]
    return told.select(
        pl.col(date).alias("Date" if by_run else "From"),
        *([] if by_run else [pl.col("runs").alias("Runs")]),
        pl.col("band").replace_strict(names, return_dtype=pl.String).alias("Pace"),
        (pl.col("seconds") / 60).round(1).alias("Level running (min)"),
        *(_column(one.column, units) for one in shown),
        *(
            (pl.col(SECONDS[one.column]) / 60).round(1).alias(f"{one.title} known (min)")
            for one in shown
            if SECONDS[one.column] != "seconds"
        ),
    )


def _column(column: str, units: Units) -> pl.Expr:
    one = MEASURES[column]
    digits = max(one.digits, 1)
    return one.shown(pl.col(column), units).round(digits).alias(f"{one.title} ({one.unit(units)})")
