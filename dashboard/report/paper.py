"""The paper that lanes are drawn on: where days and values stand, and how a line is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.charts.measures import DAY_MS, Measures
from dashboard.charts.picture import Picture
from dashboard.report.svg import Sheet

WIDTH, LEFT, RIGHT = 760.0, 92.0, 100.0
NAMES = WIDTH - RIGHT + 6
SMALL, BODY = 9.0, 10.5


@dataclass(frozen=True)
class Band:
    """Where one lane stands on the paper, and its scale.

    Parameters
    ----------
    top, bottom
        px from the top of the sheet.
    low, high
        Ends of the scale, in the lane's unit.
    """

    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: np.ndarray) -> np.ndarray:
        """Place values.

        Parameters
        ----------
        value : ndarray
            In the lane's unit; NaN is not known.

        Returns
        -------
        ndarray
            px; NaN stays NaN.

        Source
        ------
        ours.
        """
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


class Paper(Measures):
    """The window of a picture on a sheet.

    Parameters
    ----------
    picture
        What is drawn.
    font
        CSS family list of all words.
    """

    def __init__(self, picture: Picture, font: str) -> None:
        super().__init__(picture)
        self.sheet = Sheet(WIDTH, 0.0, font)
        self.plot_width = WIDTH - LEFT - RIGHT

    @property
    def x(self) -> np.ndarray:
        """Every row of the window, px."""
        first = np.datetime64(self.picture.start, "D").astype(np.int64)
        return self.at(self.moments / DAY_MS - first)

    def at(self, day: np.ndarray | float) -> np.ndarray:
        """Place days.

        Parameters
        ----------
        day : ndarray or float
            Days since the first of the window.

        Returns
        -------
        ndarray
            px of their middle.

        Source
        ------
        ours.
        """
        return LEFT + (np.asarray(day, dtype=np.float64) + 0.5) / self.days * self.plot_width

    def day(self, moment: date) -> float:
        """Place a date.

        Parameters
        ----------
        moment : date
            Local date.

        Returns
        -------
        float
            px of its middle.

        Source
        ------
        ours.
        """
        return float(self.at((moment - self.picture.start).days))

    def span(self, first: date, last: date) -> tuple[float, float]:
        """Place dates from one to another.

        Parameters
        ----------
        first, last : date
            Both included.

        Returns
        -------
        tuple of float
            px of both edges, inside the plot and wide enough to be seen.

        Source
        ------
        ours.
        """
        half = 0.5 / self.days * self.plot_width
        left, right = self.day(first) - half, self.day(last) + half
        spare = max(0.0, 2.0 - (right - left)) / 2
        return max(left - spare, LEFT), min(right + spare, LEFT + self.plot_width)

    def beside(self, y: float, said: str, colour: str, room: float = 0.0, **more: object) -> None:
        """Name a line at its right end.

        Parameters
        ----------
        y : float
            px of the middle of the words.
        said : str
            The name.
        colour : str
            Hex.
        room : float
            px left free before it, for a sample of its mark.
        **more
            SVG attributes.

        Source
        ------
        ours: names beside lines need no legend, and no colour. Marks are drawn, not typed: not every font has them.
        """
        self.sheet.text(NAMES + room, y + SMALL * 0.35, said, colour, SMALL, **more)

    def absent(self, band: Band, said: str) -> None:
        """Say in the middle of an empty lane why it is empty.

        Parameters
        ----------
        band : Band
            Where.
        said : str
            The reason.

        Source
        ------
        ours.
        """
        middle = LEFT + self.plot_width / 2, (band.top + band.bottom) / 2 + 3
        self.sheet.text(*middle, said, self.colours.muted, BODY, text_anchor="middle")
