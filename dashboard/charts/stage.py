"""The stage of the Timeline: what it is given, where lanes stand, how a lane puts something on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dashboard.charts.measures import Measures
from dashboard.charts.scale import stretches

SMALL, BODY, NAME = 12, 13, 15  # px
FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Helvetica, Arial, sans-serif'
MOST_ISLANDS = 60  # more than a reader can tell apart
Plain = dict[str, Any]


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
class Stage(Measures):
    """Traces, shapes and notes put down so far, and the measures they share.

    Parameters
    ----------
    picture
        What is drawn.
    traces, shapes, notes, axes
        Plotly's plain data, filled by the lanes.
    """

    traces: list[Plain] = field(default_factory=list)
    shapes: list[Plain] = field(default_factory=list)
    notes: list[Plain] = field(default_factory=list)
    axes: dict[str, Plain] = field(default_factory=dict)

    def line(self, lane: Lane, y: np.ndarray, colour: str, **more: Any) -> None:
        """Put a line on a lane; a gap in the data stays a gap.

        Parameters
        ----------
        lane : Lane
            Where.
        y : ndarray, shape (rows,)
            Values in the lane's unit; NaN unknown.
        colour : str
            Hex.
        **more
            Plotly's own, over what is usual here.

        Source
        ------
        ours.
        """
        line = {"color": colour, "width": 2, **more.pop("line", {})}
        trace = {"type": "scatter", "mode": "lines", "y": y, "line": line, "connectgaps": False, **self.clock}
        self.traces.append({**trace, "xaxis": "x", "yaxis": lane.axis, "showlegend": False, **more})

    def marks(self, lane: Lane, x: np.ndarray, y: np.ndarray, mark: Plain, **more: Any) -> None:
        """Put marks on a lane; a lane without any gets no trace.

        Parameters
        ----------
        lane : Lane
            Where.
        x : ndarray, shape (n,)
            ms since 1970.
        y : ndarray, shape (n,)
            Values in the lane's unit.
        mark : dict
            Plotly's marker.
        **more
            Plotly's own.

        Source
        ------
        ours.
        """
        if not len(x):
            return
        trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": mark, "cliponaxis": False}
        kept = {"unselected": {"marker": {"opacity": 1}}, "showlegend": False}
        self.traces.append({**trace, **kept, "xaxis": "x", "yaxis": lane.axis, **more})

    def area(self, lane: Lane, y: np.ndarray, colour: str, **more: Any) -> None:
        """Fill from zero to a line; unknown is left empty.

        Parameters
        ----------
        lane : Lane
            Where.
        y : ndarray, shape (rows,)
            Values in the lane's unit; NaN unknown.
        colour : str
            CSS colour.
        **more
            Plotly's own.

        Source
        ------
        ours.
        """
        self.line(
            lane, np.nan_to_num(y), colour, **{**_SILENT, "line": {"width": 0}, "fill": "tozeroy"} | more
        )
        self.traces[-1].setdefault("fillcolor", colour)

    def between(self, lane: Lane, low: np.ndarray, high: np.ndarray, colour: str, **more: Any) -> None:
        """Fill between two lines; where either is unknown nothing is filled.

        Parameters
        ----------
        lane : Lane
            Where.
        low, high : ndarray, shape (rows,)
            Edges in the lane's unit; NaN unknown.
        colour : str
            CSS colour.
        **more
            Plotly's own.

        Source
        ------
        ours.
        """
        for first, last in stretches(np.isfinite(low) & np.isfinite(high))[:MOST_ISLANDS]:
            y = np.concatenate([low[first:last], high[first:last][::-1]])
            at = self.moments[first:last].astype(np.float32)  # to two minutes: nobody points at a fill
            trace = {"type": "scatter", "mode": "lines", "x": np.concatenate([at, at[::-1]]), "y": y}
            look = {"line": {"width": 0}, "fill": "toself", "fillcolor": colour, **_SILENT, **more}
            self.traces.append({**trace, **look, "xaxis": "x", "yaxis": lane.axis, "showlegend": False})

    def note(self, text: str, **where: Any) -> None:
        """Put words on the picture.

        Parameters
        ----------
        text : str
            In Plotly's small HTML; never a runner's own words unescaped.
        **where
            Plotly's own: place and font.

        Source
        ------
        ours.
        """
        font = {"size": SMALL, "color": self.colours.muted, **where.pop("font", {})}
        self.notes.append({"text": text, "showarrow": False, "font": font, "borderpad": 0, **where})

    def beside(self, lane: Lane, share: float, text: str, colour: str) -> None:
        """Name a line at its right end; a phone has a name line instead.

        Parameters
        ----------
        lane : Lane
            Where.
        share : float
            Share of the lane's height, 0 bottom to 1 top.
        text : str
            The name.
        colour : str
            Hex.

        Source
        ------
        ours.
        """
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
        """Say in the middle of an empty lane why it is empty.

        Parameters
        ----------
        lane : Lane
            Where.
        text : str
            The reason.

        Source
        ------
        ours.
        """
        self.note(text, xref="paper", x=0.5, yref=f"{lane.axis} domain", y=0.5, font={"size": BODY})


_SILENT: Plain = {"hoverinfo": "skip"}
