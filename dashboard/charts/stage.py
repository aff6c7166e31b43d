"""The stage of the Timeline: what it is given, where lanes stand, how a lane puts something on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from dashboard.charts.palette import Palette, Theme, palette
from dashboard.units import Units

DAY_MS = 86_400_000
SMALL, BODY, NAME = 12, 13, 15  # px
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'
MOST_ISLANDS = 60  # more than a reader can tell apart
Plain = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """What the Timeline draws.

    Parameters
    ----------
    lanes
        The whole history on one grid (`step_days` apart, no gaps), of which the window is shown. SI units and
        tkm, null unknown: `dashboard.model.lanes`, and `estimated`.
    shares
        Share of each pair on the same grid: local_date, shoe_id (null: not known), share (0 to 1).
    windows, spikes
        Outpaced windows and session spikes of the whole history.
    start, end
        First and last local date shown.
    step_days
        1, or 7 where the window is long.
    units, theme
        What the runner reads in, and what the browser shows.
    shoe_names
        Name of each pair by its id, first worn first.
    is_narrow
        A phone: names above the lanes, short labels.
    shown
        Ids of the lanes wanted.
    """

    lanes: pl.DataFrame
    shares: pl.DataFrame
    windows: pl.DataFrame
    spikes: pl.DataFrame
    start: date
    end: date
    step_days: int = 1
    units: Units = field(default_factory=Units)
    theme: Theme = "light"
    shoe_names: Mapping[str, str] = field(default_factory=dict)
    is_narrow: bool = False
    shown: Sequence[str] = ()


@dataclass
class Lane:
    """Where one panel stands.

    Parameters
    ----------
    axis
        Its y axis, such as "y3".
    top, bottom
        px from the top of the plot area.
    """

    axis: str
    top: float
    bottom: float


@dataclass
class Stage:
    """Traces, shapes and notes put down so far, and the measures they share.

    Parameters
    ----------
    picture
        What is drawn.
    traces, shapes, notes, axes
        Plotly's plain data, filled by the lanes.
    """

    picture: Picture
    traces: list[Plain] = field(default_factory=list)
    shapes: list[Plain] = field(default_factory=list)
    notes: list[Plain] = field(default_factory=list)
    axes: dict[str, Plain] = field(default_factory=dict)

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
    def clock(self) -> Plain:
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
        """Give one column of the window as float32, NaN where unknown."""
        return self.rows[column].cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def highest(self, column: str) -> float:
        """Give the largest known value of the whole history: a lane keeps its scale in every window."""
        top = self.picture.lanes[column].max()
        return float(top) if isinstance(top, int | float) else 0.0

    def line(self, lane: Lane, y: np.ndarray, colour: str, **more: Any) -> None:
        """Put a line on a lane; a gap in the data stays a gap."""
        line = {"color": colour, "width": 2, **more.pop("line", {})}
        trace = {"type": "scatter", "mode": "lines", "y": y, "line": line, "connectgaps": False, **self.clock}
        self.traces.append({**trace, "xaxis": "x", "yaxis": lane.axis, "showlegend": False, **more})

    def marks(self, lane: Lane, x: np.ndarray, y: np.ndarray, mark: Plain, **more: Any) -> None:
        """Put marks on a lane; a lane without any gets no trace."""
        if not len(x):
            return
        trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": mark, "cliponaxis": False}
        kept = {"unselected": {"marker": {"opacity": 1}}, "showlegend": False}
        self.traces.append({**trace, **kept, "xaxis": "x", "yaxis": lane.axis, **more})

    def area(self, lane: Lane, y: np.ndarray, colour: str, **more: Any) -> None:
        """Fill from zero to a line; unknown is left empty."""
        self.line(
            lane, np.nan_to_num(y), colour, **{**_SILENT, "line": {"width": 0}, "fill": "tozeroy"} | more
        )
        self.traces[-1].setdefault("fillcolor", colour)

    def between(self, lane: Lane, low: np.ndarray, high: np.ndarray, colour: str, **more: Any) -> None:
        """Fill between two lines; where either is unknown nothing is filled."""
        for first, last in stretches(np.isfinite(low) & np.isfinite(high))[:MOST_ISLANDS]:
            y = np.concatenate([low[first:last], high[first:last][::-1]])
            at = self.moments[first:last].astype(np.float32)  # to two minutes: nobody points at a fill
            trace = {"type": "scatter", "mode": "lines", "x": np.concatenate([at, at[::-1]]), "y": y}
            look = {"line": {"width": 0}, "fill": "toself", "fillcolor": colour, **_SILENT, **more}
            self.traces.append({**trace, **look, "xaxis": "x", "yaxis": lane.axis, "showlegend": False})

    @cached_property
    def moments(self) -> np.ndarray:
        """Every row of the window in ms since 1970, as Plotly's date axes read it."""
        return self.rows["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).cast(pl.Float64).to_numpy()

    def note(self, text: str, **where: Any) -> None:
        """Put words on the picture."""
        font = {"size": SMALL, "color": self.colours.muted, **where.pop("font", {})}
        self.notes.append({"text": text, "showarrow": False, "font": font, "borderpad": 0, **where})

    def beside(self, lane: Lane, share: float, text: str, colour: str) -> None:
        """Name a line at its right end, at a share of the lane's height; a phone has a name line instead."""
        if self.picture.is_narrow:
            return
        where = {
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 10,
            "align": "left",
            "yanchor": "middle",
        }
        self.note(
            text, yref=f"{lane.axis} domain", y=min(max(share, 0.0), 1.0), font={"color": colour}, **where
        )

    def absent(self, lane: Lane, text: str) -> None:
        """Say in the middle of an empty lane why it is empty."""
        self.note(text, xref="paper", x=0.5, yref=f"{lane.axis} domain", y=0.5, font={"size": BODY})

    def shade(self, start: date, end: date) -> tuple[str, str]:
        """Give both edges of some dates on the clock, wide enough to be seen in a long window."""
        least = self.days / self.plot_px * 3
        spare = max(0.0, least - ((end - start).days + 1)) / 2
        before, after = timedelta(days=0.5 + spare), timedelta(days=0.5 + spare)
        return _noon(start, -before), _noon(end, after)


_SILENT: Plain = {"hoverinfo": "skip"}


def _noon(day: date, shift: timedelta) -> str:
    moment = np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")
    return str(moment).replace("T", " ")


def last_known(y: np.ndarray) -> float:
    """Give the last known value of a line, where its name belongs; 0 where there is none."""
    known = y[np.isfinite(y)]
    return float(known[-1]) if len(known) else 0.0


def axis(top: float, bottom: float = 0.0, ticks: Sequence[float] | None = None) -> Plain:
    """Give the y axis of a lane: fixed in every window, so that equal heights mean equal values.

    Parameters
    ----------
    top, bottom : float
        Ends of the axis in the lane's unit.
    ticks : sequence of float or None
        Values written on it; None is both ends and the middle.

    Returns
    -------
    dict
        Plotly's y axis, without its place.

    Source
    ------
    ours: three numbers are enough to read a lane by.
    """
    at = list(ticks) if ticks is not None else [bottom, (top + bottom) / 2, top]
    return {"range": [bottom, top], "tickvals": at, "ticktext": [f"{abs(value):g}" for value in at]}


def stretches(wanted: np.ndarray) -> list[tuple[int, int]]:
    """Find where a condition holds without a break.

    Parameters
    ----------
    wanted : ndarray of bool, shape (n,)
        The condition, row by row.

    Returns
    -------
    list of tuple of int
        First row and the row after the last, of each stretch in order.

    Source
    ------
    ours.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def round_top(value: float, least: float) -> float:
    """Give the round number a lane ends at.

    Parameters
    ----------
    value : float
        Largest value of the whole history, in the lane's unit.
    least : float
        Smallest end that makes sense, same unit.

    Returns
    -------
    float
        1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, at least `value` and `least`.

    Source
    ------
    ours: halves and wholes of it are round as well.
    """
    top = max(value, least)
    power = 10.0 ** np.floor(np.log10(top))
    return next(
        float(step * power) for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= top - 1e-9
    )
