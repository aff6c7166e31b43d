"""Seconds as levels: two bytes for each input, so that the seconds of many years stay in memory."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Grid:
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
        """Give the level that stands for unknown: one beyond the last."""
        return sum(self._counts()) + 1

    def values(self) -> np.ndarray:
        """Give the value at each level.

        Returns
        -------
        array, shape (`unknown`,)
            In the input's unit, rising.

        Source
        ------
        ours: levels are where the spacing puts them.
        """
        stretches = zip(self.bounds, self._counts(), self.steps, strict=False)
        inner = [low + np.arange(count) * step for low, count, step in stretches]
        return np.concatenate([*inner, self.bounds[-1:]])

    def level_of(self, value: pl.Expr) -> pl.Expr:
        """Give the nearest level of each value.

        Parameters
        ----------
        value : Expr
            The input in its unit; null unknown.

        Returns
        -------
        Expr, UInt16
            0 to `unknown`; never null.

        Source
        ------
        ours: the nearest is off by half a step at most.
        """
        level = pl.lit(0.0)
        for low, high, step in zip(self.bounds, self.bounds[1:], self.steps, strict=False):
            level = level + (value.clip(low, high) - low) * (1 / step)
        return level.round().fill_null(self.unknown).cast(pl.UInt16)

    def _counts(self) -> list[int]:
        ends = zip(self.bounds, self.bounds[1:], self.steps, strict=False)
        return [round((high - low) / step) for low, high, step in ends]


GRIDS = MappingProxyType(
    {
        "speed_mps": Grid((0.0, 10.0, 60.0), (0.0002, 0.005)),
        "cadence_spm": Grid((0.0, 240.0, 300.0), (1 / 256, 1 / 16)),
        "grade_pct": Grid((-16.0, 16.0), (0.0005,)),
    }
)
"""Inputs that are held, as far as their contract reaches or any factor changes; fine enough that what devices
write (mm/s, 1/64 step a minute) is kept as it is. Design choice."""
STATES = (False, True, None)
"""What `walking` may be; held as the place in this list."""
KEPT = (*GRIDS, "walking")


def as_levels() -> list[pl.Expr]:
    """Turn what is understood of a second into levels.

    Returns
    -------
    list of Expr
        `KEPT`, from the columns of `seconds.understood`: three UInt16 and one UInt8. The grade of a walked second
        is unknown, as `seconds.compared` has it; so is the cadence of a second of unknown speed, which adds
        nothing to any sum.

    Source
    ------
    ours: seven bytes a second, and the place in a table is known before anything is weighed.
    """
    walking = pl.col("walking")
    seen = {
        "speed_mps": pl.col("speed_mps"),
        "cadence_spm": pl.when(pl.col("speed_mps").is_not_null()).then(pl.col("cadence_spm")),
        "grade_pct": pl.when(walking.not_()).then(pl.col("grade_pct")),
    }
    levels = [GRIDS[name].level_of(value).alias(name) for name, value in seen.items()]
    return [*levels, walking.cast(pl.UInt8).fill_null(STATES.index(None))]


def as_seconds(levels: pl.DataFrame) -> pl.DataFrame:
    """Turn levels back into what was understood of a second.

    Parameters
    ----------
    levels : DataFrame
        `KEPT` as from `as_levels`.

    Returns
    -------
    DataFrame, same rows
        `speed_mps`, `cadence_spm`, `grade_pct` (Float64) and `walking` (Boolean), null unknown.

    Source
    ------
    ours: for values that no table holds.
    """
    back = {name: np.append(grid.values(), np.nan).take(levels[name]) for name, grid in GRIDS.items()}
    walking = pl.when(levels["walking"] < 2).then(levels["walking"] == 1)
    return pl.DataFrame(back).with_columns(pl.all().fill_nan(None), walking=walking)
