"""What drivers weigh in a second, read from fine tables instead of worked out ten million times."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from dashboard.model import shelf
from dashboard.model.settings import ModelSettings

CLOSE = 1e-4
"""No value read here is further than this share from the one worked out, whatever the settings; at their
defaults it is 1e-5. Held by a test."""


@dataclass(frozen=True)
class Grid:
    """Evenly spaced levels of one input.

    Parameters
    ----------
    low, high
        First and last level, in the input's unit; beyond them the value is held.
    step
        Distance between two levels. Bends of the factors lie on levels where they can.
    """

    low: float
    high: float
    step: float

    @property
    def count(self) -> int:
        """Count the levels."""
        return round((self.high - self.low) / self.step) + 1


GRIDS = MappingProxyType(
    {
        "speed_mps": Grid(0.0, 12.0, 0.002),
        "grade_pct": Grid(-16.0, 16.0, 0.001),
        "relative_cadence": Grid(0.0, 2.0, 0.0002),
    }
)
"""Inputs that can be looked up. They end where every second is a fault of the device. Design choice."""
STATES = (False, True, None)
"""What `walking` may be."""


class Weights:
    """What one driver weighs in each second: its force in lens B and in lens C, and its weight in lens A.

    A driver whose factors read one input of `GRIDS`, with or without `walking`, is worked out at each level,
    and read on the straight line between two. Any other is worked out second by second.

    Parameters
    ----------
    driver
        One of `shelf.DRIVERS`.
    settings
        Numbers of the factors and the exponents.
    """

    def __init__(self, driver: str, settings: ModelSettings) -> None:
        force = shelf.force(driver, "second", settings)
        self._values = (
            force.pow(settings.exponent),
            force.pow(settings.vitro_exponent),
            shelf.weight(driver, "second", settings),
        )
        self._inputs = sorted({name for value in self._values for name in value.meta.root_names()})
        varying = [name for name in self._inputs if name != "walking"]
        self._input = varying[0] if len(varying) == 1 and varying[0] in GRIDS else None
        self._at = f"{driver}_at"
        self._tables = [] if self._input is None else self._at_levels(self._input)

    def columns(self) -> dict[str, pl.Expr]:
        """Name what has to be known of a second.

        Returns
        -------
        dict of str to Expr
            Columns for `read`, from those of `shelf.SECOND_INPUTS`.

        Source
        ------
        ours: the place in the table is found where the columns are, on all cores.
        """
        if self._input is None:
            return {name: pl.col(name) for name in self._inputs}
        grid = GRIDS[self._input]
        at = (pl.col(self._input).clip(grid.low, grid.high) - grid.low) * (1 / grid.step)
        at = at.fill_null(float(grid.count))
        if "walking" in self._inputs:
            at = at + pl.col("walking").cast(pl.Float64).fill_null(2.0) * (grid.count + 1)
        return {self._at: at}

    def read(self, seconds: pl.DataFrame) -> list[np.ndarray]:
        """Give what each second weighs.

        Parameters
        ----------
        seconds : DataFrame, n rows
            The columns of `columns`.

        Returns
        -------
        list of three arrays, shape (n,), Float64
            Force to the power of b, force to the power of lens C, weight in lens A. Unknown is 1, never NaN.

        Source
        ------
        ours: straight between levels, which is closer than `CLOSE`; the factors themselves are uncertain by
        tens of per cent.
        """
        if self._input is None:
            return [seconds.with_columns(x=value)["x"].to_numpy() for value in self._values]
        at = seconds[self._at].to_numpy()
        level = at.astype(np.intp)
        beyond = at - level
        read = []
        for value, rise in self._tables:
            column = rise.take(level, mode="clip")
            column *= beyond
            column += value.take(level, mode="clip")
            read.append(column)
        return read

    def _at_levels(self, name: str) -> list[tuple[np.ndarray, np.ndarray]]:
        """Value at each level and rise to the next; one level more for unknown, and all once for each state."""
        grid = GRIDS[name]
        levels = pl.Series(name, grid.low + np.arange(grid.count) * grid.step).extend_constant(None, 1)
        states = STATES if "walking" in self._inputs else STATES[:1]
        rows = pl.concat(levels.to_frame().with_columns(walking=pl.lit(s, pl.Boolean)) for s in states)
        tables = [rows.with_columns(x=value)["x"].to_numpy() for value in self._values]
        return [(table, np.append(np.diff(table), 0.0)) for table in tables]
