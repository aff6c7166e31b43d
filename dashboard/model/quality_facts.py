"""What is looked at before a session is flagged: its summary, its recording, its calendar and its neighbours."""

from __future__ import annotations

import math
from itertools import pairwise

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.quality_ends import END_SCHEMA
from dashboard.model.said import spoke_of, with_said

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
    "meant_date": pl.Date,  # date by a receiver's lost weeks; null where it lost none
}
"""What only the caller knows; each may be missing."""


def record_mps(distance_m: pl.Expr) -> pl.Expr:
    """Give the speed of the fastest person over a distance.

    Parameters
    ----------
    distance_m : Expr, Float64
        m; null stays null.

    Returns
    -------
    Expr, Float64
        m/s, straight between the records over the logarithm of distance; held before the first and after the
        last.

    Source
    ------
    World Athletics and IAU: records of men at the end of 2023. Measured; in between ours.
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
    """Bring together what is known of each session that counts.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`; SESSION_EXTRA and `edited` where there.
    samples : DataFrame
        As from `quality_samples.sample_facts`.
    outside : DataFrame or None
        `activity_id` and any of `OUTSIDE`; None is nothing known.

    Returns
    -------
    DataFrame
        One row for each session not left out: the columns above, and `is_run`, `speed_mps` (mean, moving),
        `effort_mps` (climb counted as flat metres), `usual_mps` (the runner's own median, the same for all),
        `climb_m` and `climb_per_km` (as the model counts climb), `feet_s` (recorded and not standing),
        `steps_spm` (of the recording's running, else of the summary; as scaled by a person). Null unknown.

    Source
    ------
    ours: every detector reads the same facts.
    """
    ends = [
        pl.lit(None, kind).alias(f"end_{name}")
        for name, kind in END_SCHEMA.items()
        if name != "samples_id" and f"end_{name}" not in samples.columns
    ]
    beside = outside if outside is not None else activities.select("activity_id").head(0)
    missing = [pl.lit(None, kind).alias(name) for name, kind in OUTSIDE.items() if name not in beside.columns]
    rows = with_said(activities).filter(pl.col("is_excluded").not_())
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
        pl.when(spoke_of("ascent_m")).then("ascent_m").otherwise(device).alias("climb_m"),
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
