"""One second at a time: what is known of it, and how it compares with the runner's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

from dashboard.model import tissue
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings

DROPOUT_SPM = 40.0
"""A step rate below this while the runner moves is a sensor that lost the foot. Design choice."""

Scan = Callable[[Sequence[str]], pl.LazyFrame]
"""Recording ids to one lazy frame: SAMPLE columns and `activity_id`."""


Part = TypeVar("Part")
Found = TypeVar("Found")


def on_all_cores(work: Callable[[Part], Found], parts: Iterable[Part]) -> list[Found]:
    """Work on parts of a history side by side.

    Parameters
    ----------
    work : callable
        One part to what was found in it.
    parts : iterable
        The parts.

    Returns
    -------
    list
        What was found, in the order of the parts.

    Source
    ------
    ours: Polars and NumPy let other threads run while they work.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, parts))


def understood(samples: pl.LazyFrame, settings: ModelSettings, also: Sequence[str] = ()) -> pl.LazyFrame:
    """Say of each second whether it was run or walked, and drop what contradicts itself.

    Parameters
    ----------
    samples : LazyFrame
        SAMPLE columns and `activity_id`.
    settings : ModelSettings
        The walking limits.
    also : sequence of str
        Further columns of SAMPLE to hand on as they are.

    Returns
    -------
    LazyFrame
        `activity_id`, `distance_m`, `speed_mps`, `cadence_spm`, `grade_pct` (Float64, null unknown), those of
        `also`, and `walking` (Boolean, null where neither speed nor cadence is known). A cadence of zero at
        speed is unknown; so is a speed of zero at running cadence.

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
        *(pl.col(name) for name in also),
    )
    slow = pl.col("cadence_spm") < settings.walk_below_spm
    return known.with_columns(walking=pl.coalesce(slow, pl.col("speed_mps") < settings.walk_below_mps))


def compared(personal: Personal) -> list[pl.Expr]:
    """Compare each second with the runner's own; hills and cadence do not count in one that was walked.

    Parameters
    ----------
    personal : Personal
        The runner's own cadence-speed line.

    Returns
    -------
    list of Expr
        From the columns of `understood`, what `shelf.SECOND_INPUTS` has beside them: `own_cadence_spm`,
        `relative_cadence`, and `grade_pct` of running; null unknown.

    Source
    ------
    ours: a step rate says nothing without the speed.
    """
    speed, walking = pl.col("speed_mps"), pl.col("walking")
    line = personal.own_cadence(speed)
    strolling = pl.when(speed < tissue.STANDING_MPS).then(0.0).otherwise(tissue.WALKING_SPM)
    own = pl.when(walking).then(strolling).otherwise(line)
    found = {
        "own_cadence_spm": pl.when(speed.is_not_null()).then(own),
        "relative_cadence": pl.when(walking.not_()).then(pl.col("cadence_spm") / line),
        "grade_pct": pl.when(walking.not_()).then(pl.col("grade_pct")),
    }
    return [value.alias(name) for name, value in found.items()]
