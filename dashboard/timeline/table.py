"""The Timeline as a table, in the runner's own units, for reading and for a spreadsheet."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from connectors.csv_text import write_frame
from dashboard.model.analysis import Analysis
from dashboard.model.rolling_week import rolling_weeks
from dashboard.shared import state_text
from dashboard.shared.units import Units
from dashboard.strength.progress import has_strength, sessions_without_sets, unlogged_last_days, weekly_sets

WEEK_STARTS = {"monday": 0, "sunday": 1, "saturday": 2}
"""Days from the first weekday to the next Monday, by the name the setting has."""


def timeline_table(
    analysis: Analysis, start: date, end: date, units: Units, strength: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return every day of a window with its values.

    A picture is never the only way to a value.
    """
    rolling = rolling_weeks(analysis.days, analysis.settings, 1)
    new = ["local_date", *(name for name in rolling.columns if name not in analysis.days.columns)]
    days = analysis.days.join(rolling.select(new), on="local_date", how="left", maintain_order="left")
    columns = _columns(units)
    if analysis.excluded.height:
        out = analysis.excluded.group_by("local_date").agg(left_out_m=pl.col("distance_m").sum())
        days = days.join(out, on="local_date", how="left", maintain_order="left")
        columns[f"Left out ({units.distance_unit})"] = units.distance(pl.col("left_out_m")).round(2)
    inside = days.filter(pl.col("local_date").is_between(start, end)).sort("local_date", descending=True)
    shown = inside.select(expression.alias(name) for name, expression in columns.items())
    if strength is None or not has_strength(analysis.others, strength):
        return shown
    dates = inside["local_date"].reverse()
    sessions = sessions_without_sets(analysis.others, strength)
    counted = weekly_sets(strength, dates).with_columns(unlogged_last_days(sessions, dates)).reverse()
    has_unlogged = pl.col("unlogged_7d") > 0
    counted = counted.with_columns(  # no set in the ledger beside a session without sets is unknown, not none
        sets_7d=pl.when(has_unlogged & (pl.col("sets_7d") == 0)).then(None).otherwise("sets_7d")
    )
    names = {"sets_7d": "Sets of exercises, last 7 days", "unlogged_7d": "Sessions without sets, last 7 days"}
    there = ["sets_7d"] * (not strength.is_empty()) + ["unlogged_7d"] * (not sessions.is_empty())
    return shown.with_columns(counted[name].alias(names[name]) for name in there)


def timeline_weeks(
    analysis: Analysis, start: date, end: date, units: Units, week_start: str = "monday"
) -> pl.DataFrame:
    """Return every calendar week that a window touches, with its sums.

    Many runners and plans count by the calendar; the picture itself uses the last seven days.
    """
    ahead = pl.duration(days=WEEK_STARTS[week_start])
    week = ((pl.col("local_date") + ahead).dt.truncate("1w") - ahead).alias("local_date")
    days = analysis.days.with_columns(week).filter(
        pl.col("local_date").is_between(start - timedelta(days=6), end)
    )
    far, high, load = units.distance_unit, units.height_unit, units.load_unit
    ran = pl.col("runs") > 0

    def total(name: str) -> pl.Expr:
        has_hole = (pl.col(name).is_null() & ran.fill_null(True)).any()
        return pl.when(has_hole.not_()).then(pl.col(name).sum())

    sums = days.group_by("local_date").agg(
        pl.col("runs").sum(),
        *(total(name).alias(name) for name in ("distance_m", "load_tkm", "fast_s", "ascent_m", "descent_m")),
        pl.col("pain_0_10", "stiffness_min").max(),
        pl.any_horizontal(pl.col("pain_0_10", "stiffness_min", "stiffness_0_10").is_not_null())
        .sum()
        .alias("logged"),
    )
    return sums.sort("local_date", descending=True).select(
        pl.col("local_date").alias("Week from"),
        pl.col("runs").alias("Runs"),
        units.distance(pl.col("distance_m")).round(1).alias(f"Distance ({far})"),
        units.load(pl.col("load_tkm")).round(1).alias(f"Load ({load})"),
        (pl.col("fast_s") / 60).round(0).alias("Fast (min)"),
        units.height(pl.col("ascent_m")).round(0).alias(f"Climb ({high})"),
        units.height(pl.col("descent_m")).round(0).alias(f"Descent ({high})"),
        pl.col("pain_0_10").round(0).alias("Highest pain (0–10)"),
        pl.col("stiffness_min").round(0).alias("Longest stiffness (min)"),
        pl.col("logged").alias("Days logged"),
    )


def timeline_csv(frame: pl.DataFrame) -> bytes:
    """Write a table for a spreadsheet."""
    return write_frame(frame)


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
        f"Used to ({load} a week)": units.load(pl.col("habitual_7d_tkm")).round(1),
        f"Plain mean of 12 weeks ({load} a week)": units.load(pl.col("mean_7d_tkm")).round(1),
        "× used to": of("ratio", 2),
        f"Used to, or the way back ({load} a week)": units.load(pl.col("held_against_tkm") * 7).round(1),
        "Your threshold": of("threshold", 2),
        "State": pl.col("state").replace_strict({"ordinary": "ordinary", **state_text.NAMES}, default=None),
        f"Distance, last 7 days ({far})": units.distance(pl.col("distance_7d_m")).round(1),
        "Fast, last 7 days (min)": (pl.col("fast_7d_s") / 60).round(1),
        f"Climb ({high})": units.height(pl.col("ascent_m")).round(0),
        f"Descent ({high})": units.height(pl.col("descent_m")).round(0),
        "Cadence at same speed (%)": of("cadence_deviation_pct"),
        "Pain (0–10)": of("pain_0_10", 0),
        "Stiffness (0–10)": of("stiffness_0_10", 0),
        "Stiffness (min)": of("stiffness_min", 0),
        "Stiffness low (min)": of("stiffness_low_min", 0),
        "Stiffness high (min)": of("stiffness_high_min", 0),
    }
