"""Seconds as levels: two bytes for each input, so that the seconds of many years stay in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import polars as pl

from dashboard.model.load import achilles_force
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings


@dataclass(frozen=True)
class LevelGrid:
    """Levels of one input, evenly spaced between bounds.

    Parameters
    ----------
    bounds
        First level, where the spacing changes, last level, in the input's unit; beyond them the value is held.
    steps
        Distance between two levels, for each stretch.
    """

    bounds: tuple[float, ...]
    steps: tuple[float, ...]

    @property
    def unknown(self) -> int:
        """Return the level that stands for unknown: one beyond the last."""
        return sum(self._counts()) + 1

    def values(self) -> np.ndarray:
        """Return the value at each level.

        Levels are where the spacing puts them.

        Returns
        -------
        array, shape (`unknown`,)
            In the input's unit, rising.
        """
        stretches = zip(self.bounds, self._counts(), self.steps, strict=False)
        inner = [low + np.arange(count) * step for low, count, step in stretches]
        return np.concatenate([*inner, self.bounds[-1:]])

    def level_of(self, value: pl.Expr) -> pl.Expr:
        """Return the nearest level of each value.

        The nearest is off by half a step at most.

        Parameters
        ----------
        value : Expr
            The input in its unit; null unknown.

        Returns
        -------
        Expr, UInt16
            0 to `unknown`; never null.
        """
        level = pl.lit(0.0)
        for low, high, step in zip(self.bounds, self.bounds[1:], self.steps, strict=False):
            level = level + (value.clip(low, high) - low) * (1 / step)
        return level.round().fill_null(self.unknown).cast(pl.UInt16)

    def _counts(self) -> list[int]:
        ends = zip(self.bounds, self.bounds[1:], self.steps, strict=False)
        return [round((high - low) / step) for low, high, step in ends]


LEVEL_GRIDS = MappingProxyType(
    {
        "speed_mps": LevelGrid((0.0, 10.0, 60.0), (0.0002, 0.005)),
        "cadence_spm": LevelGrid((0.0, 240.0, 300.0), (1 / 256, 1 / 16)),
        "grade_pct": LevelGrid((-16.0, 16.0), (0.0005,)),
    }
)
"""Inputs that are held, as far as their contract reaches or any factor changes; fine enough that what devices
write (mm/s, 1/64 step a minute) is kept as it is. Design choice."""
STATE_LEVELS = (False, True, None)
"""What `walking` may be; held as the place in this list."""
STORED_LEVELS = (*LEVEL_GRIDS, "walking")


def encode_levels() -> list[pl.Expr]:
    """Encode the inputs of a second as levels.

    Seven bytes a second, and the place in a table is known before anything is weighed.

    Returns
    -------
    list of Expr
        `STORED_LEVELS`, from the columns of `seconds.clean_seconds`: three UInt16 and one UInt8. The grade of a
        walked second
        is unknown, as `seconds.relative_to_runner` has it; so is the cadence of a second of unknown speed, which adds
        nothing to any sum.
    """
    walking = pl.col("walking")
    seen = {
        "speed_mps": pl.col("speed_mps"),
        "cadence_spm": pl.when(pl.col("speed_mps").is_not_null()).then(pl.col("cadence_spm")),
        "grade_pct": pl.when(walking.not_()).then(pl.col("grade_pct")),
    }
    levels = [LEVEL_GRIDS[name].level_of(value).alias(name) for name, value in seen.items()]
    return [*levels, walking.cast(pl.UInt8).fill_null(STATE_LEVELS.index(None))]


def decode_levels(levels: pl.DataFrame) -> pl.DataFrame:
    """Decode levels to the inputs of a second.

    For values that no table holds.

    Parameters
    ----------
    levels : DataFrame
        `STORED_LEVELS` as from `encode_levels`.

    Returns
    -------
    DataFrame, same rows
        `speed_mps`, `cadence_spm`, `grade_pct` (Float64) and `walking` (Boolean), null unknown.
    """
    back = {name: np.append(grid.values(), np.nan).take(levels[name]) for name, grid in LEVEL_GRIDS.items()}
    walking = pl.when(levels["walking"] < 2).then(levels["walking"] == 1)
    return pl.DataFrame(back).with_columns(pl.all().fill_nan(None), walking=walking)


DROPOUT_SPM = 40.0
"""A step rate below this while the runner moves is a sensor that lost the foot. Design choice."""

ScanSamples = Callable[[Sequence[str]], pl.LazyFrame]
"""Recording ids to one lazy frame: SAMPLE columns and `activity_id`."""


SecondsPart = TypeVar("SecondsPart")
CleanSeconds = TypeVar("CleanSeconds")


def on_all_cores(
    work: Callable[[SecondsPart], CleanSeconds], parts: Iterable[SecondsPart]
) -> list[CleanSeconds]:
    """Process parts of a history in parallel.

    Polars and NumPy let other threads run while they work.

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
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, parts))


def clean_seconds(samples: pl.LazyFrame, settings: ModelSettings, also: Sequence[str] = ()) -> pl.LazyFrame:
    """Mark each second as run or walked, and drop values that contradict each other.

    Walking below 140 steps/min, or below 1.9 m/s where cadence is unknown (design choice).

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
    """
    speed, cadence = pl.col("speed_mps").cast(pl.Float64), pl.col("cadence_spm").cast(pl.Float64)
    lost_foot = (cadence < DROPOUT_SPM) & (speed >= settings.walk_below_mps)
    lost_place = (speed < achilles_force.STANDING_MPS) & (cadence >= settings.walk_below_spm)
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


def relative_to_runner(personal: RunnerProfile) -> list[pl.Expr]:
    """Compare each second with the runner's own; hills and cadence do not count in one that was walked.

    A step rate says nothing without the speed.

    Parameters
    ----------
    personal : RunnerProfile
        The runner's own cadence-speed line.

    Returns
    -------
    list of Expr
        From the columns of `clean_seconds`, what `factor.SECOND_INPUTS` has beside them: `own_cadence_spm`,
        `relative_cadence`, and `grade_pct` of running; null unknown.
    """
    speed, walking = pl.col("speed_mps"), pl.col("walking")
    line = personal.own_cadence(speed)
    strolling = pl.when(speed < achilles_force.STANDING_MPS).then(0.0).otherwise(achilles_force.WALKING_SPM)
    own = pl.when(walking).then(strolling).otherwise(line)
    names = {
        "own_cadence_spm": pl.when(speed.is_not_null()).then(own),
        "relative_cadence": pl.when(walking.not_()).then(pl.col("cadence_spm") / line),
        "grade_pct": pl.when(walking.not_()).then(pl.col("grade_pct")),
    }
    return [value.alias(name) for name, value in names.items()]
