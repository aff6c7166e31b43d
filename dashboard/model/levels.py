"""Values of a second, read from fine tables instead of worked out ten million times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

CLOSE = 1e-4
"""No factor read here is further than this share from the one worked out, whatever the settings; at their
defaults the sums of a run are within 1e-6. Held by tests."""


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
"""Inputs that can be looked up, as far as any factor changes; a test holds that none changes beyond. Design choice."""
STATES = (False, True, None)
"""What `walking` may be."""


class Lookup:
    """Values that are read at a level instead of worked out for each second.

    Values that depend on one input of `GRIDS`, with or without `walking`, are worked out at each level and read
    on the straight line between two. Any others are worked out second by second.

    Parameters
    ----------
    name
        Of the column it adds to the seconds.
    values
        Expressions over `shelf.SECOND_INPUTS`, never null.
    """

    def __init__(self, name: str, values: Sequence[pl.Expr]) -> None:
        self._values = tuple(values)
        self._inputs = sorted({root for value in values for root in value.meta.root_names()})
        varying = [root for root in self._inputs if root != "walking"]
        self._input = varying[0] if len(varying) == 1 and varying[0] in GRIDS else None
        self._at = f"{name}_at"
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
        """Give the values of each second.

        Parameters
        ----------
        seconds : DataFrame, n rows
            The columns of `columns`.

        Returns
        -------
        list of arrays, shape (n,), Float64
            One for each of the values.

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
