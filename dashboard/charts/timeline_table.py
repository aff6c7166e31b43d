"""The Timeline as a table, in the runner's own units, for reading and for a spreadsheet."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.model.lanes import lanes
from dashboard.units import Units


def table(analysis: Analysis, start: date, end: date, units: Units) -> pl.DataFrame:
    """Give every day of a window with its values.

    Parameters
    ----------
    analysis : Analysis
        Days of the whole history.
    start, end : date
        First and last local date.
    units : Units
        What the runner reads in.

    Returns
    -------
    DataFrame
        One row for each date, newest first; null is not known or not logged. The unit stands in each name.

    Source
    ------
    ours: a picture is never the only way to a value.
    """
    rolling = lanes(analysis.days, analysis.settings, 1)
    new = ["local_date", *(name for name in rolling.columns if name not in analysis.days.columns)]
    days = analysis.days.join(rolling.select(new), on="local_date", how="left", maintain_order="left")
    inside = days.filter(pl.col("local_date").is_between(start, end)).sort("local_date", descending=True)
    return inside.select(expression.alias(name) for name, expression in _columns(units).items())


def csv(frame: pl.DataFrame) -> bytes:
    """Write a table for a spreadsheet.

    Parameters
    ----------
    frame : DataFrame
        From `table`.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, so that a spreadsheet reads the signs; empty is not known.

    Source
    ------
    ours.
    """
    return b"\xef\xbb\xbf" + frame.write_csv(date_format="%Y-%m-%d").encode()


def _columns(units: Units) -> dict[str, pl.Expr]:
    far, high, load = units.distance_unit, units.height_unit, units.load_unit

    def of(name: str, digits: int = 1) -> pl.Expr:
        return pl.col(name).round(digits)

    return {
        "Date": pl.col("local_date"),
        "Runs": pl.col("runs"),
        f"Distance ({far})": units.distance(pl.col("distance_m")).round(2),
        f"Load ({load})": units.load(pl.col("load_tkm")).round(1),
        f"Load low ({load})": units.load(pl.col("load_low_tkm")).round(1),
        f"Load high ({load})": units.load(pl.col("load_high_tkm")).round(1),
        f"Load, last 7 days ({load})": units.load(pl.col("load_7d_tkm")).round(1),
        f"Habit ({load} a week)": units.load(pl.col("habitual_7d_tkm")).round(1),
        "Ratio to habit": of("ratio", 2),
        f"Distance, last 7 days ({far})": units.distance(pl.col("distance_7d_m")).round(1),
        "Fast, last 7 days (min)": (pl.col("fast_7d_s") / 60).round(1),
        f"Climb ({high})": units.height(pl.col("ascent_m")).round(0),
        f"Descent ({high})": units.height(pl.col("descent_m")).round(0),
        "Cadence at same speed (%)": of("cadence_deviation_pct"),
        "Pain (0–10)": of("pain_0_10", 0),
        "Stiffness (0–10)": of("stiffness_0_10", 0),
        "Stiffness (min)": of("stiffness_min", 0),
    }
