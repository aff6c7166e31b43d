"""The window a lane is drawn in, and the verbs it is drawn with on the screen and on paper."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import polars as pl

from dashboard.charts.palette import Palette, palette_of, with_alpha
from dashboard.timeline.data import TimelineData
from dashboard.timeline.robust_scale import robust_highest

DAY_MS = 86_400_000
Choice = TypeVar("Choice")


@dataclass
class TimelineWindow:
    """The dates shown, and what is read from their rows."""

    timeline_data: TimelineData

    @cached_property
    def palette(self) -> Palette:
        """Colours of the theme."""
        return palette_of(self.timeline_data.theme)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows of the grid inside the window."""
        day = pl.col("local_date")
        return self.timeline_data.lanes.filter(
            day.is_between(self.timeline_data.start, self.timeline_data.end)
        )

    @cached_property
    def clock(self) -> dict[str, Any]:
        """The shared clock of every trace that has one value for each row: no dates are sent."""
        first = self.rows["local_date"].min() if self.rows.height else self.timeline_data.start
        return {"x0": str(first), "dx": self.timeline_data.step_days * DAY_MS}

    @cached_property
    def plot_px(self) -> float:
        """Width of the plot, measured or a careful guess, for labels that must not meet."""
        if self.timeline_data.fit is not None:
            return self.timeline_data.fit.plot_px
        return 300.0 if self.timeline_data.is_narrow else 860.0

    @property
    def reach_px(self) -> int:
        """How near the pointer must be to a day: less than to the next one, so that no day speaks for another."""
        return max(1, math.ceil(self.plot_px / self.days * self.timeline_data.step_days) - 1)

    @property
    def days(self) -> int:
        """Length of the window, both ends in."""
        return (self.timeline_data.end - self.timeline_data.start).days + 1

    def values(self, column: str) -> np.ndarray:
        """Return one column of the window."""
        return self.rows[column].cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def highest(self, column: str) -> float:
        """Return the largest value shown that is no rare peak, in size."""
        return robust_highest(self.values(column), self.timeline_data.step_days)

    def largest(self, column: str) -> float:
        """Return the largest known value shown."""
        top = self.rows[column].max()
        return float(top) if isinstance(top, int | float) else 0.0

    @cached_property
    def times_ms(self) -> np.ndarray:
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


@dataclass
class LaneArea:
    """Where one lane stands, in px from the top, and the values at its lower and upper edge."""

    top: float
    bottom: float
    axis: str = ""
    low: float = 0.0
    high: float = 1.0

    def y(self, value: np.ndarray | float) -> np.ndarray:
        """Return the px of values."""
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


@dataclass(frozen=True)
class LineStyle:
    """Width and dashes of a line on both canvases."""

    px: float
    dash: str
    print_px: float
    print_dash: str = ""


PLAIN = LineStyle(2, "", 1.2)
STRONG = LineStyle(2.4, "", 1.9)
ESTIMATED = LineStyle(1.1, "", 1.9, "4 2")
DOTTED = LineStyle(1.5, "dot", 1.3, "1.2 2.2")
THIN = LineStyle(1, "", 0.6)
SPACED = LineStyle(2, "2px,4px", 1.6, "1 3")
THICK = LineStyle(5, "", 2.8)


@dataclass(frozen=True)
class PaperFill:
    """The fill of an area on paper: a ground that may be pale, and a pattern on it."""

    background: str = "none"
    pattern: str = ""
    colour: str = ""
    opacity: float = 1.0


PRINT_SHADE = 0.13
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True)
class Fill:
    """The fill of an area: a tint and a pattern on the screen, and its kin on paper."""

    tint: str
    paper: PaperFill
    pattern: str = ""
    colour: str = ""
    size: float = 7
    solidity: float = 0.25
    edge_px: float = 0
    edge_dash: str = ""


def shade(colour: str, share: float) -> Fill:
    """Build a see-through fill; the paper has one strength of it for all lanes."""
    return Fill(with_alpha(colour, share), PaperFill(colour, opacity=PRINT_SHADE))


@dataclass(frozen=True)
class Glyph:
    """A mark: its Plotly symbol, the least and most px, the px of its edge, and its radius on paper."""

    symbol: str
    px: tuple[float, float]
    edge_px: float
    print_px: float = 0.0


DOT = Glyph("circle", (5, 8), 0.5, 2.4)
RING = Glyph("circle-open", (3, 4), 1, 1.7)
LARGE_RING = Glyph("circle-open", (8, 8), 1.5, 2.6)
ARROW = Glyph("triangle-down", (11, 11), 1)
SMALL_ARROW = Glyph("triangle-down", (7, 7), 1)
CUT = Glyph("triangle-up", (10, 10), 1)
CUT_DOWN = Glyph("triangle-down", (10, 10), 1)
OPEN_ARROW = Glyph("triangle-left-open", (10, 10), 2)


@dataclass(frozen=True)
class Hover:
    """What a value answers the pointer."""

    name: str
    template: str
    customdata: np.ndarray | None = None
    text: Sequence[str] | None = None


@dataclass(frozen=True)
class StackLayer:
    """One layer of a stack: its values, how it is filled, and the colour of its edge."""

    y: np.ndarray
    fill: Fill
    colour: str
    hover: Hover | None = None


@dataclass(frozen=True)
class LegendEntry:
    """The name of one layer, the sign before it, and the mark or fill that the paper draws for the sign."""

    sign: str
    text: str
    colour: str
    swatch: Fill | Glyph
    text_colour: str = ""


@dataclass(frozen=True)
class LineLabel:
    """The name of a line at its right end."""

    value: float
    text: str
    colour: str
    style: LineStyle
    is_strong: bool = False


@dataclass(frozen=True)
class DateSpan:
    """Some dates inside the window, and whether their first and last day are in it and known."""

    first: date
    last: date
    has_start: bool = True
    has_end: bool = True


@dataclass(frozen=True)
class EpisodeBand:
    """One episode that is known without a log: its dates, its words, and how its outline is dashed."""

    span: DateSpan
    text: str
    dash: str
    colour: str


@dataclass(frozen=True)
class StateBar:
    """One bar of the strip over a lane, with its name."""

    span: DateSpan
    text: str
    colour: str
    style: LineStyle


class Canvas(TimelineWindow, ABC):
    """The verbs a lane is drawn with, the same on the screen and on paper."""

    @abstractmethod
    def pick(self, screen: Choice, paper: Choice) -> Choice:
        """Return the size or the words of this canvas, where the paper has less room."""

    @abstractmethod
    def scale(
        self,
        area: LaneArea,
        top: float,
        bottom: float = 0.0,
        ticks: Sequence[float] | None = None,
        *,
        is_signed: bool = False,
        strip: float = 0.0,
    ) -> None:
        """Set the values at the edges and write them; `strip` is room for bars above the top, as a share of it."""

    @abstractmethod
    def line(
        self, area: LaneArea, y: np.ndarray, colour: str, style: LineStyle = PLAIN, hover: Hover | None = None
    ) -> None:
        """Draw a line with one value for each row; a gap in the data stays a gap."""

    @abstractmethod
    def fill(self, area: LaneArea, y: np.ndarray, colour: str, share: float) -> None:
        """Fill from zero to a line; unknown is left empty."""

    @abstractmethod
    def between(self, area: LaneArea, low: np.ndarray, high: np.ndarray, fill: Fill) -> None:
        """Fill between two lines; where either is unknown nothing is filled."""

    @abstractmethod
    def stack(self, area: LaneArea, layers: Sequence[StackLayer], group: str) -> None:
        """Draw layers one on another, from the bottom up."""

    @abstractmethod
    def stems(self, area: LaneArea, y: np.ndarray, colour: str) -> None:
        """Draw a stroke from zero to each value above zero."""

    @abstractmethod
    def marks(
        self,
        area: LaneArea,
        x: np.ndarray,
        y: np.ndarray,
        glyph: Glyph,
        colour: str,
        hover: Hover | None = None,
        lift: float = 0.0,
    ) -> None:
        """Draw marks at moments in ms since 1970, `lift` above their values."""

    @abstractmethod
    def brackets(
        self, area: LaneArea, spans: Sequence[DateSpan], leg: float, line: float, text: str, colour: str
    ) -> None:
        """Draw a named bracket from one date to another; an end that was not seen stays open."""

    @abstractmethod
    def bands(self, area: LaneArea, bands: Sequence[EpisodeBand], low: float, high: float) -> None:
        """Draw hollow named bands between two values; an end that is not known stays open."""

    @abstractmethod
    def strip(self, area: LaneArea, bars: Sequence[StateBar]) -> None:
        """Draw named bars above the values of a lane."""

    @abstractmethod
    def bar(self, area: LaneArea, span: DateSpan, colour: str) -> None:
        """Draw a thick bar over some dates at the upper edge of a lane."""

    @abstractmethod
    def caption(self, area: LaneArea, span: DateSpan, text: str, colour: str) -> None:
        """Write words at the upper edge of a lane, from the first day on or up to the last one."""

    @abstractmethod
    def note_day(self, area: LaneArea, moment: float, text: str, colour: str) -> None:
        """Write words beside a mark, where there is room."""

    @abstractmethod
    def note_stretch(self, area: LaneArea, first: int, last: int, text: str) -> None:
        """Write words in the middle of some rows, where there is room."""

    @abstractmethod
    def note_end(self, area: LaneArea, y: np.ndarray, text: str, colour: str) -> None:
        """Write words at the last known value of a line; the paper names it in the unit of its lane."""

    @abstractmethod
    def label_line(self, area: LaneArea, share: float, text: str, colour: str, edge: str = "") -> None:
        """Name a line right of the lane at a share of its height; the paper has it at its `edge`, if there is one."""

    @abstractmethod
    def label_lines(self, area: LaneArea, one: LineLabel, other: LineLabel) -> None:
        """Name two lines right of the lane so that the names never meet; one without a value is not drawn or named."""

    @abstractmethod
    def legend(self, area: LaneArea, entries: Sequence[LegendEntry]) -> None:
        """Name the layers of a stack right of the lane, from the bottom up."""

    @abstractmethod
    def mark_key(self, area: LaneArea, entries: Sequence[tuple[Glyph, str, str]]) -> None:
        """Name marks right of the lane on paper: glyph, colour and text; the screen's hover names them."""

    @abstractmethod
    def empty_message(self, area: LaneArea, text: str) -> None:
        """Write in the middle of an empty lane why it is empty."""

    @abstractmethod
    def answer(
        self, area: LaneArea, y: np.ndarray, colour: str, hover: Hover, style: LineStyle = PLAIN
    ) -> None:
        """Answer the pointer at each row without a mark."""

    @abstractmethod
    def answer_at(self, area: LaneArea, x: np.ndarray, y: np.ndarray, hover: Hover) -> None:
        """Answer the pointer at some moments without a mark."""
