"""One second at a time: what is known of it, and what a recording says before anything is weighed."""

from __future__ import annotations

import polars as pl

from dashboard.model import tissue
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings

DROPOUT_SPM = 40.0
"""A step rate below this while the runner moves is a sensor that lost the foot. Design choice."""
FACTS = (
    "seconds", "known_s", "on_feet_s", "cadence_s", "grade_s", "span_m", "fast_s", "cadence_sum", "cadence_n",
    "deviation_sum", "deviation_own",
)  # fmt: skip
"""What `facts` says of a recording."""


def understood(samples: pl.LazyFrame, settings: ModelSettings) -> pl.LazyFrame:
    """Say of each second whether it was run or walked, and drop what contradicts itself.

    Parameters
    ----------
    samples : LazyFrame
        SAMPLE columns and `activity_id`.
    settings : ModelSettings
        The walking limits.

    Returns
    -------
    LazyFrame
        `activity_id`, `distance_m`, `speed_mps`, `cadence_spm`, `grade_pct` (Float64, null unknown) and
        `walking` (Boolean, null where neither speed nor cadence is known). A cadence of zero at speed is
        unknown; so is a speed of zero at running cadence.

    Source
    ------
    ours: walking below 140 steps/min, or below 1.9 m/s where cadence is unknown (design choice).
    """
    speed, cadence = pl.col("speed_mps").cast(pl.Float64), pl.col("cadence_spm").cast(pl.Float64)
    lost_foot = (cadence < DROPOUT_SPM) & (speed >= settings.walk_below_mps)
    lost_place = (speed < tissue.STANDING_MPS) & (cadence >= settings.walk_below_spm)
    known = samples.select(
        pl.col("activity_id"),
        pl.col("distance_m").cast(pl.Float64),
        pl.when(lost_place).then(None).otherwise(speed).alias("speed_mps"),
        pl.when(lost_foot).then(None).otherwise(cadence).alias("cadence_spm"),
        pl.col("grade_pct").cast(pl.Float64),
    )
    slow = pl.col("cadence_spm") < settings.walk_below_spm
    return known.with_columns(walking=pl.coalesce(slow, pl.col("speed_mps") < settings.walk_below_mps))


def compared(seconds: pl.LazyFrame, personal: Personal) -> pl.LazyFrame:
    """Compare each second with the runner's own; hills and cadence do not count in one that was walked.

    Parameters
    ----------
    seconds : LazyFrame
        As from `understood`.
    personal : Personal
        The runner's own cadence-speed line.

    Returns
    -------
    LazyFrame, same rows
        With all of `shelf.SECOND_INPUTS`, null unknown; `flat` and `has_grade` (Boolean, never null).

    Source
    ------
    ours: a step rate says nothing without the speed.
    """
    speed, walking = pl.col("speed_mps"), pl.col("walking")
    line = personal.own_cadence(speed)
    strolling = pl.when(speed < tissue.STANDING_MPS).then(0.0).otherwise(tissue.WALKING_SPM)
    own = pl.when(walking).then(strolling).otherwise(line)
    return seconds.with_columns(
        own_cadence_spm=pl.when(speed.is_not_null()).then(own),
        relative_cadence=pl.when(walking.not_()).then(pl.col("cadence_spm") / line),
        flat=pl.col("grade_pct").abs().fill_null(0.0) < personal.FLAT_PCT,
        has_grade=pl.col("grade_pct").is_not_null(),
        grade_pct=pl.when(walking.not_()).then(pl.col("grade_pct")),
    )


def facts(personal: Personal) -> list[pl.Expr]:
    """Add up what a recording says before anything is weighed.

    Parameters
    ----------
    personal : Personal
        The runner's own fast speed.

    Returns
    -------
    list of Expr, Float64
        The names of `FACTS`, for a group of rows of `compared`: `seconds`, `known_s` (speed known),
        `cadence_s`, `grade_s`, `on_feet_s`, `fast_s` in s; `span_m`, distance from first to last sample as
        the device has it; `cadence_sum`, `cadence_n`, `deviation_sum`, `deviation_own` for means.

    Source
    ------
    ours: none of it depends on how force is weighed.
    """
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    running = pl.col("walking").not_()
    compared = running & pl.col("flat") & (pl.col("relative_cadence").is_not_null())
    own = cadence / pl.col("relative_cadence")
    return [
        pl.len().cast(pl.Float64).alias("seconds"),
        speed.is_not_null().sum().cast(pl.Float64).alias("known_s"),
        (speed > tissue.STANDING_MPS).sum().cast(pl.Float64).alias("on_feet_s"),
        cadence.is_not_null().sum().cast(pl.Float64).alias("cadence_s"),
        pl.col("has_grade").sum().cast(pl.Float64).alias("grade_s"),
        (pl.col("distance_m").max() - pl.col("distance_m").min()).alias("span_m"),
        (running & (speed > personal.fast_mps)).sum().cast(pl.Float64).alias("fast_s"),
        pl.when(running).then(cadence).sum().alias("cadence_sum"),
        (running & cadence.is_not_null()).sum().cast(pl.Float64).alias("cadence_n"),
        pl.when(compared).then(cadence - own).sum().alias("deviation_sum"),
        pl.when(compared).then(own).sum().alias("deviation_own"),
    ]
