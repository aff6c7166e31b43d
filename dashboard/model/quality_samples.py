"""What the seconds of each recording say of its quality, in one streaming pass."""

from __future__ import annotations

import polars as pl

STRETCH_S = 300
"""Heart rate is looked at in whole stretches of five minutes: at work it moves by a beat within one. Design
choice."""
WHOLE_STRETCH_S = 290
"""Seconds with heart rate in a stretch before it is looked at. Design choice."""
JUMP_MPS = 12.0
"""Nobody runs this fast for seconds on end: the 100 m record (9.58 s) peaks a little above it. Design choice."""
STEP_M = 10.0
"""A change of altitude within one second that no slope gives: at 12 m/s it would be steeper than 80 %. Design
choice."""
UNSTEPPED_MPS = 4.5
"""Without steps this fast for long is a ride. Design choice, as in `quality_ends`."""
STANDING_MPS = 0.5
"""Below this nobody walks. Design choice, as in the model of load."""
RUNNING_MPS = 2.2
"""Above this a person runs: walking turns into running at about 2 m/s. Design choice."""
STEPPING_SPM = 40.0
"""Cadence below this is a sensor that lost the foot. Design choice, as in the model of load."""
FACT_SCHEMA = pl.Schema(
    {
        "samples_id": pl.String,
        "rows_s": pl.Float64,  # s recorded
        "span_s": pl.Float64,  # s from the start to the last sample, gaps included
        "speed_s": pl.Float64,  # s with speed known
        "standing_s": pl.Float64,  # s known to stand
        "unstepped_s": pl.Float64,  # s faster than UNSTEPPED_MPS without steps
        "jump_s": pl.Float64,  # s faster than JUMP_MPS
        "top_mps": pl.Float64,
        "cadence_s": pl.Float64,  # s of running with cadence
        "running_spm": pl.Float64,  # mean cadence of those; null without
        "frozen_s": pl.Float64,  # s in whole stretches in which heart rate never moved
        "steps": pl.Float64,  # seconds in which altitude changed by more than STEP_M
        "step_m": pl.Float64,  # largest of these changes; null without altitude
        "recorded_m": pl.Float64,  # distance from the first to the last sample; null unknown
    }
)


def sample_facts(samples: pl.LazyFrame) -> pl.DataFrame:
    """Take from every recording what tells a sound one from an odd one.

    Parameters
    ----------
    samples : LazyFrame
        SAMPLE columns and `activity_id`, each recording by second.

    Returns
    -------
    DataFrame, one row for each recording
        FACT_SCHEMA, by id.

    Source
    ------
    ours: sums, ends and counts only, so that ten million seconds are read once and never held.
    """
    second, altitude = pl.col("second"), pl.col("altitude_m")
    rows = samples.select(
        "activity_id", "second", "distance_m", "speed_mps", "cadence_spm", "heart_rate_bpm",
        pl.when(second.diff() == 1).then(altitude.diff().abs()).alias("step_m"),
    )  # fmt: skip
    stretches = rows.group_by("activity_id", (second // STRETCH_S).alias("stretch")).agg(_of_stretch())
    found = stretches.group_by("activity_id").agg(_of_recording()).sort("activity_id").collect()
    told = found.with_columns(
        samples_id=pl.col("activity_id").cast(pl.String),
        running_spm=pl.when(pl.col("cadence_s") > 0).then(pl.col("cadence_sum") / pl.col("cadence_s")),
        recorded_m=pl.col("last_m") - pl.col("first_m"),
        span_s=pl.col("last_s") + 1,
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in FACT_SCHEMA.items())


def no_facts() -> pl.DataFrame:
    """Give the frame of a runner without recordings.

    Returns
    -------
    DataFrame, no rows
        FACT_SCHEMA.

    Source
    ------
    ours.
    """
    return FACT_SCHEMA.to_frame()


def _of_stretch() -> list[pl.Expr]:
    speed, cadence, heart = pl.col("speed_mps"), pl.col("cadence_spm"), pl.col("heart_rate_bpm")
    running = (speed >= RUNNING_MPS) & (cadence >= STEPPING_SPM)
    stepping = (cadence >= STEPPING_SPM).fill_null(False)
    metres, step = pl.col("distance_m"), pl.col("step_m")
    return [
        pl.len().alias("rows_s"),
        pl.col("second").max().alias("last_s"),
        speed.count().alias("speed_s"),
        ((speed < STANDING_MPS) & stepping.not_()).sum().alias("standing_s"),
        ((speed > UNSTEPPED_MPS) & stepping.not_()).sum().alias("unstepped_s"),
        (speed > JUMP_MPS).sum().alias("jump_s"),
        speed.max().alias("top_mps"),
        running.sum().alias("cadence_s"),
        pl.when(running).then(cadence).sum().cast(pl.Float64).alias("cadence_sum"),
        heart.min().alias("heart_low"),
        heart.max().alias("heart_high"),
        heart.count().alias("heart_s"),
        (step > STEP_M).sum().alias("steps"),
        step.max().alias("step_m"),
        metres.max().cast(pl.Float64).alias("last_m"),
        metres.min().cast(pl.Float64).alias("first_m"),
    ]


def _of_recording() -> list[pl.Expr]:
    still = (pl.col("heart_low") == pl.col("heart_high")) & (pl.col("heart_s") >= WHOLE_STRETCH_S)
    summed = ("rows_s", "speed_s", "standing_s", "unstepped_s", "jump_s", "cadence_s", "cadence_sum", "steps")
    return [
        pl.col(summed).sum(),
        pl.col("last_s", "top_mps", "step_m", "last_m").max(),
        pl.col("first_m").min(),
        pl.when(still).then("heart_s").sum().alias("frozen_s"),
    ]
