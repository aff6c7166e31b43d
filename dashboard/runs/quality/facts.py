"""What is looked at before a session is flagged: its summary, its recording, its calendar and its neighbours."""

from __future__ import annotations

import math
from itertools import pairwise

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.load.achilles_force import STANDING_MPS
from dashboard.model.load.run_inputs import was_edited, with_edit_columns
from dashboard.model.load.seconds import DROPOUT_SPM
from dashboard.runs.quality.ride_ends import END_SCHEMA, FAST_MPS

RECORDS = (
    (400.0, 43.03),
    (800.0, 100.91),
    (1_500.0, 206.0),
    (5_000.0, 755.36),
    (10_000.0, 1_571.0),
    (21_097.5, 3_451.0),
    (42_195.0, 7_235.0),
    (100_000.0, 21_935.0),
    (319_614.0, 86_400.0),
)
"""Distance in m and time in s of the fastest men (World Athletics and IAU, end of 2023)."""
CLIMB_IN_METRES = 8.0
"""Metres on the flat that take as long as one of climb, on foot (Scarf 2007, doi:10.1080/02640410600874906)."""
DAY_S = 86_400.0
DEFAULT_USUAL_MPS = 3.0
OUTSIDE = {
    "zone_date": pl.Date,  # local date by the zone of the record itself; null where it has none
    "unzoned_h": pl.Float64,  # hours after midnight in the runner's usual zone, of a record without a zone
    "other_id": pl.String,  # a run that counts as well and overlaps in time
    "overlap_s": pl.Float64,
    "twin_id": pl.String,  # a run that counts as well, of the same length, and whole quarters of an hour apart
    "apart_s": pl.Float64,
    "strange_sport": pl.Boolean,  # a word for a sport that is not known here
    "meant_date": pl.Date,  # date by a receiver's lost weeks; null where it lost none
}
"""What only the caller knows; each may be missing."""


def record_mps(distance_m: pl.Expr) -> pl.Expr:
    """Return the speed of the fastest person over a distance.

    World Athletics and IAU: records of men at the end of 2023; straight lines between them.
    """
    at = distance_m.log()
    knots = [(math.log(metres), metres / seconds) for metres, seconds in RECORDS]
    line = at * 0.0 + knots[0][1]
    for (left, fast), (right, slow) in pairwise(knots):
        line = line + (at - left).clip(0.0, right - left) * ((slow - fast) / (right - left))
    return line


def quality_facts(
    activities: pl.DataFrame, samples: pl.DataFrame, outside: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Join what is known of each session that counts; every check reads the same facts."""
    ends = [
        pl.lit(None, kind).alias(f"end_{name}")
        for name, kind in END_SCHEMA.items()
        if name != "samples_id" and f"end_{name}" not in samples.columns
    ]
    beside = outside if outside is not None else activities.select("activity_id").head(0)
    missing = [pl.lit(None, kind).alias(name) for name, kind in OUTSIDE.items() if name not in beside.columns]
    rows = with_edit_columns(activities).filter(pl.col("is_excluded").not_())
    joined = rows.join(samples.with_columns(ends), on="samples_id", how="left", maintain_order="left").join(
        beside.with_columns(missing), on="activity_id", how="left", maintain_order="left"
    )
    facts = joined.with_columns(_derived()).with_columns(_rates())
    return facts.with_columns(usual_mps=pl.lit(_usual(facts)))


def _positive(name: str) -> pl.Expr:
    return pl.when(pl.col(name) > 0).then(pl.col(name))


def _derived() -> list[pl.Expr]:
    device = pl.coalesce("ascent_device_m", "ascent_m")
    scale = pl.col("cadence_scale").fill_null(1.0)
    enough = pl.col("cadence_s") >= 60
    return [
        pl.col("sport").is_in(RUN_SPORTS).alias("is_run"),
        pl.col("is_indoor").fill_null(False).alias("indoor"),
        (_positive("distance_m") / _positive("moving_s")).alias("speed_mps"),
        pl.when(was_edited("ascent_m")).then("ascent_m").otherwise(device).alias("climb_m"),
        (pl.col("rows_s") - pl.col("standing_s")).alias("feet_s"),
        pl.coalesce(pl.when(enough).then(pl.col("running_spm") * scale), "cadence_spm").alias("steps_spm"),
    ]


def _rates() -> list[pl.Expr]:
    metres, climb = _positive("distance_m"), pl.col("climb_m")
    effort = metres + CLIMB_IN_METRES * climb.fill_null(0.0)
    return [
        (climb / metres * 1000).alias("climb_per_km"),
        (effort / _positive("moving_s")).alias("effort_mps"),
        record_mps(metres).alias("record_mps"),
    ]


def _usual(facts: pl.DataFrame) -> float:
    """The runner's own median speed over runs of a speed that a run may have."""
    speeds = facts.filter("is_run", pl.col("speed_mps").is_between(1.5, 7.0))["speed_mps"]
    middle = speeds.median()
    return float(middle) if isinstance(middle, float) else DEFAULT_USUAL_MPS


STRETCH_S = 300
"""Heart rate is looked at in whole stretches of five minutes: at work it moves by a beat within one. Design
choice."""
FULL_STRETCH_S = 290
"""Seconds with heart rate in a stretch before it is looked at. Design choice."""
JUMP_MPS = 12.0
"""Nobody runs this fast for seconds on end: the 100 m record (9.58 s) peaks a little above it. Design choice."""
STEP_M = 10.0
"""A change of altitude within one second that no slope gives: at 12 m/s it would be steeper than 80 %. Design
choice."""
RUNNING_MPS = 2.2
"""Above this a person runs: walking turns into running at about 2 m/s. Design choice."""
FACT_SCHEMA = pl.Schema(
    {
        "samples_id": pl.String,
        "rows_s": pl.Float64,  # s recorded
        "span_s": pl.Float64,  # s from the start to the last sample, gaps included
        "speed_s": pl.Float64,  # s with speed known
        "standing_s": pl.Float64,  # s known to stand
        "unstepped_s": pl.Float64,  # s faster than FAST_MPS without steps
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
    """Compute sums, ends and counts that tell a sound recording from an odd one.

    Nothing more, so that ten million seconds are read once and never held.
    """
    second, altitude = pl.col("second"), pl.col("altitude_m")
    rows = samples.select(
        "activity_id", "second", "distance_m", "speed_mps", "cadence_spm", "heart_rate_bpm",
        pl.when(second.diff() == 1).then(altitude.diff().abs()).alias("step_m"),
    )  # fmt: skip
    stretches = rows.group_by("activity_id", (second // STRETCH_S).alias("stretch")).agg(_of_stretch())
    facts = stretches.group_by("activity_id").agg(_of_recording()).sort("activity_id").collect()
    settled = facts.with_columns(
        samples_id=pl.col("activity_id").cast(pl.String),
        running_spm=pl.when(pl.col("cadence_s") > 0).then(pl.col("cadence_sum") / pl.col("cadence_s")),
        recorded_m=pl.col("last_m") - pl.col("first_m"),
        span_s=pl.col("last_s") + 1,
    )
    return settled.select(pl.col(name).cast(dtype) for name, dtype in FACT_SCHEMA.items())


def no_facts() -> pl.DataFrame:
    """Return the frame of a runner without recordings."""
    return FACT_SCHEMA.to_frame()


def _of_stretch() -> list[pl.Expr]:
    speed, cadence, heart = pl.col("speed_mps"), pl.col("cadence_spm"), pl.col("heart_rate_bpm")
    running = (speed >= RUNNING_MPS) & (cadence >= DROPOUT_SPM)
    stepping = (cadence >= DROPOUT_SPM).fill_null(False)
    metres, step = pl.col("distance_m"), pl.col("step_m")
    return [
        pl.len().alias("rows_s"),
        pl.col("second").max().alias("last_s"),
        speed.count().alias("speed_s"),
        ((speed < STANDING_MPS) & stepping.not_()).sum().alias("standing_s"),
        ((speed > FAST_MPS) & stepping.not_()).sum().alias("unstepped_s"),
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
    still = (pl.col("heart_low") == pl.col("heart_high")) & (pl.col("heart_s") >= FULL_STRETCH_S)
    summed = ("rows_s", "speed_s", "standing_s", "unstepped_s", "jump_s", "cadence_s", "cadence_sum", "steps")
    return [
        pl.col(summed).sum(),
        pl.col("last_s", "top_mps", "step_m", "last_m").max(),
        pl.col("first_m").min(),
        pl.when(still).then("heart_s").sum().alias("frozen_s"),
    ]
