"""What every lane measures by: the window, its clock, its values and the room there is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from dashboard.charts.palette import Palette, palette
from dashboard.charts.picture import Picture

DAY_MS = 86_400_000


@dataclass
class Measures:
    """The window of a picture, and what is read from it.

    Parameters
    ----------
    picture
        What is drawn.
    """

    picture: Picture

    @cached_property
    def colours(self) -> Palette:
        """Colours of the theme."""
        return palette(self.picture.theme)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows of the grid inside the window."""
        day = pl.col("local_date")
        return self.picture.lanes.filter(day.is_between(self.picture.start, self.picture.end))

    @cached_property
    def clock(self) -> dict[str, Any]:
        """The shared clock of every trace that has one value for each row: no dates are sent."""
        first = self.rows["local_date"].min() if self.rows.height else self.picture.start
        return {"x0": str(first), "dx": self.picture.step_days * DAY_MS}

    @cached_property
    def plot_px(self) -> float:
        """A careful guess of the width of the plot, for labels that must not meet."""
        return 300.0 if self.picture.is_narrow else 860.0

    @property
    def reach_px(self) -> int:
        """How near the pointer must be to a day: less than to the next one, so that no day speaks for another."""
        return max(1, math.ceil(self.plot_px / self.days * self.picture.step_days) - 1)

    @property
    def days(self) -> int:
        """Length of the window, both ends in."""
        return (self.picture.end - self.picture.start).days + 1

    def values(self, column: str) -> np.ndarray:
        """Give one column of the window.

        Parameters
        ----------
        column : str
            A column of the lanes.

        Returns
        -------
        ndarray, shape (rows,), float32
            In the unit of the column; NaN unknown.

        Source
        ------
        ours.
        """
        return self.rows[column].cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def highest(self, column: str) -> float:
        """Give the largest known value of the whole history: a lane keeps its scale in every window.

        Parameters
        ----------
        column : str
            A column of the lanes.

        Returns
        -------
        float
            In the unit of the column; 0 where nothing is known.

        Source
        ------
        ours.
        """
        top = self.picture.lanes[column].max()
        return float(top) if isinstance(top, int | float) else 0.0

    @cached_property
    def moments(self) -> np.ndarray:
        """Every row of the window in ms since 1970, as Plotly's date axes read it."""
        return self.rows["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).cast(pl.Float64).to_numpy()

    def shade(self, start: date, end: date) -> tuple[str, str]:
        """Give both edges of some dates on the clock, wide enough to be seen in a long window.

        Parameters
        ----------
        start, end : date
            First and last local date.

        Returns
        -------
        tuple of str
            Moments for Plotly.

        Source
        ------
        ours.
        """
        least = self.days / self.plot_px * 3
        spare = max(0.0, least - ((end - start).days + 1)) / 2
        before, after = timedelta(days=0.5 + spare), timedelta(days=0.5 + spare)
        return _noon(start, -before), _noon(end, after)


def _noon(day: date, shift: timedelta) -> str:
    moment = np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")
    return str(moment).replace("T", " ")
