"""What every lane measures by: the window, its clock, its values and the room there is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from dashboard.charts.axes import stretches
from dashboard.charts.palette import Palette, palette_of
from dashboard.charts.style import BODY_PX, SMALL_PX, PlotlyDict
from dashboard.timeline.data import TimelineData

DAY_MS = 86_400_000


@dataclass
class TimelineWindow:
    """The window of a picture, and what is read from it."""

    picture: TimelineData

    @cached_property
    def colours(self) -> Palette:
        """Colours of the theme."""
        return palette_of(self.picture.theme)

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
        """Return one column of the window."""
        return self.rows[column].cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def highest(self, column: str) -> float:
        """Return the largest known value of the whole history: a lane keeps its scale in every window."""
        top = self.picture.lanes[column].max()
        return float(top) if isinstance(top, int | float) else 0.0

    @cached_property
    def moments(self) -> np.ndarray:
        """Every row of the window in ms since 1970, as Plotly's date axes read it."""
        return self.rows["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).cast(pl.Float64).to_numpy()

    def shade(self, start: date, end: date) -> tuple[str, str]:
        """Return both edges of some dates on the clock, wide enough to be seen in a long window."""
        least = self.days / self.plot_px * 3
        spare = max(0.0, least - ((end - start).days + 1)) / 2
        before, after = timedelta(days=0.5 + spare), timedelta(days=0.5 + spare)
        return _noon(start, -before), _noon(end, after)


def _noon(day: date, shift: timedelta) -> str:
    moment = np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")
    return str(moment).replace("T", " ")


MOST_ISLANDS = 60  # more than a reader can tell apart


@dataclass
class LaneArea:
    """Where one panel stands."""

    axis: str
    top: float
    bottom: float


@dataclass
class ScreenCanvas(TimelineWindow):
    """Traces, shapes and notes put down so far, and the measures they share."""

    traces: list[PlotlyDict] = field(default_factory=list)
    shapes: list[PlotlyDict] = field(default_factory=list)
    notes: list[PlotlyDict] = field(default_factory=list)
    axes: dict[str, PlotlyDict] = field(default_factory=dict)

    def line(self, area: LaneArea, y: np.ndarray, colour: str, **more: Any) -> None:
        """Put a line on a lane; a gap in the data stays a gap."""
        line = {"color": colour, "width": 2, **more.pop("line", {})}
        trace = {"type": "scatter", "mode": "lines", "y": y, "line": line, "connectgaps": False, **self.clock}
        self.traces.append({**trace, "xaxis": "x", "yaxis": area.axis, "showlegend": False, **more})

    def marks(self, area: LaneArea, x: np.ndarray, y: np.ndarray, mark: PlotlyDict, **more: Any) -> None:
        """Put marks on a lane; a lane without any gets no trace."""
        if not len(x):
            return
        trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": mark, "cliponaxis": False}
        kept = {"unselected": {"marker": {"opacity": 1}}, "showlegend": False}
        self.traces.append({**trace, **kept, "xaxis": "x", "yaxis": area.axis, **more})

    def area(self, area: LaneArea, y: np.ndarray, colour: str, **more: Any) -> None:
        """Fill from zero to a line; unknown is left empty."""
        self.line(
            area, np.nan_to_num(y), colour, **{**_SILENT, "line": {"width": 0}, "fill": "tozeroy"} | more
        )
        self.traces[-1].setdefault("fillcolor", colour)

    def between(self, area: LaneArea, low: np.ndarray, high: np.ndarray, colour: str, **more: Any) -> None:
        """Fill between two lines; where either is unknown nothing is filled."""
        for first, last in stretches(np.isfinite(low) & np.isfinite(high))[:MOST_ISLANDS]:
            y = np.concatenate([low[first:last], high[first:last][::-1]])
            at = self.moments[first:last].astype(np.float32)  # to two minutes: nobody points at a fill
            trace = {"type": "scatter", "mode": "lines", "x": np.concatenate([at, at[::-1]]), "y": y}
            look = {"line": {"width": 0}, "fill": "toself", "fillcolor": colour, **_SILENT, **more}
            self.traces.append({**trace, **look, "xaxis": "x", "yaxis": area.axis, "showlegend": False})

    def note(self, text: str, **where: Any) -> None:
        """Put words on the picture."""
        font = {"size": SMALL_PX, "color": self.colours.muted, **where.pop("font", {})}
        self.notes.append({"text": text, "showarrow": False, "font": font, "borderpad": 0, **where})

    def beside(self, area: LaneArea, share: float, text: str, colour: str) -> None:
        """Name a line at its right end; a phone has a name line instead."""
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
            text, yref=f"{area.axis} domain", y=min(max(share, 0.0), 1.0), font={"color": colour}, **where
        )

    def absent(self, area: LaneArea, text: str) -> None:
        """Say in the middle of an empty lane why it is empty."""
        self.note(text, xref="paper", x=0.5, yref=f"{area.axis} domain", y=0.5, font={"size": BODY_PX})


_SILENT: PlotlyDict = {"hoverinfo": "skip"}
