"""A sheet that lines, areas, bands and words are put on, written as one SVG without script, style or outside part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from html import escape

import numpy as np

from dashboard.charts.axes import stretches
from dashboard.timeline.canvas import DAY_MS, TimelineWindow
from dashboard.timeline.data import TimelineData

CHARACTER = 0.5
"""Mean width of a character over the size of its type: for words that must not meet."""
HATCHES = {
    "/": "M-1 5 L5 -1 M-1 1 L1 -1 M3 5 L5 3",
    "\\": "M-1 -1 L5 5 M3 -1 L5 1 M-1 3 L1 5",
    "-": "M0 2 H4",
    "|": "M2 0 V4",
    "x": "M0 0 L4 4 M4 0 L0 4",
    ".": "M1.5 2 H2.5",
}
"""Four by four tiles. Grey tells two neighbours apart by these, not by tone alone."""


@dataclass
class SvgSheet:
    """What is on the sheet so far."""

    width: float
    height: float
    font: str
    parts: list[str] = field(default_factory=list)
    tiles: dict[str, str] = field(default_factory=dict)

    def box(self, x: float, y: float, width: float, height: float, fill: str, **more: object) -> None:
        """Put a rectangle down."""
        at = f"x='{_n(x)}' y='{_n(y)}' width='{_n(max(width, 0))}' height='{_n(max(height, 0))}'"
        self.parts.append(f"<rect {at} fill='{fill}'{_more(more)}/>")

    def line(self, x: np.ndarray, y: np.ndarray, colour: str, width: float = 1.2, dash: str = "") -> None:
        """Draw a line; where a value is not known there is a gap, and one known day alone is a dot."""
        runs = [(a, b) for a, b in stretches(np.isfinite(y))]
        path = "".join(_path(x[a:b], y[a:b]) if b - a > 1 else f"M{_n(x[a])} {_n(y[a])}h.1" for a, b in runs)
        if path:
            dashed = f" stroke-dasharray='{dash}'" if dash else " stroke-linecap='round'"
            look = f"fill='none' stroke='{colour}' stroke-width='{_n(width)}' stroke-linejoin='round'"
            self.parts.append(f"<path d='{path}' {look}{dashed}/>")

    def area(self, x: np.ndarray, low: np.ndarray, high: np.ndarray, fill: str, **more: object) -> None:
        """Fill between two lines; where either is not known nothing is filled."""
        path = "".join(
            _path(np.concatenate([x[a:b], x[a:b][::-1]]), np.concatenate([high[a:b], low[a:b][::-1]])) + "Z"
            for a, b in stretches(np.isfinite(low) & np.isfinite(high))
        )
        if path:
            self.parts.append(f"<path d='{path}' fill='{fill}'{_more(more)}/>")

    def stroke(self, path: str, colour: str, width: float = 1.0, **more: object) -> None:
        """Draw along a path."""
        self.parts.append(
            f"<path d='{path}' fill='none' stroke='{colour}' stroke-width='{_n(width)}'{_more(more)}/>"
        )

    def dots(self, x: np.ndarray, y: np.ndarray, radius: float, colour: str) -> None:
        """Put round marks down.

        Lines of next to no length and with round ends, a few bytes each.
        """
        path = "".join(f"M{_n(a)} {_n(b)}h.01" for a, b in zip(x, y, strict=True))
        if path:
            look = f"stroke='{colour}' stroke-width='{_n(2 * radius)}' stroke-linecap='round'"
            self.parts.append(f"<path d='{path}' fill='none' {look}/>")

    def text(self, x: float, y: float, words: str, colour: str, size: float = 10, **more: object) -> None:
        """Write words."""
        at = f"x='{_n(x)}' y='{_n(y)}' font-size='{_n(size)}' fill='{colour}'"
        self.parts.append(f"<text {at}{_more(more)}>{escape(words)}</text>")

    def hatch(self, kind: str, colour: str, ground: str) -> str:
        """Build a fill of lines or dots on a ground."""
        if not kind:
            return ground
        name = f"h{list(HATCHES).index(kind)}-{colour.lstrip('#')}-{ground.lstrip('#')}"
        self.tiles[name] = (
            f"<pattern id='{name}' width='4' height='4' patternUnits='userSpaceOnUse'>"
            f"<rect width='4' height='4' fill='{ground}'/>"
            f"<path d='{HATCHES[kind]}' fill='none' stroke='{colour}' stroke-width='.6'/></pattern>"
        )
        return f"url(#{name})"

    def written(self, title: str, description: str) -> str:
        """Write the sheet as SVG.

        After SVG 1.1 and WAI-ARIA, role img with a title and a description.
        """
        size = f"viewBox='0 0 {_n(self.width)} {_n(self.height)}'"
        named = f"<title id='heelwise-t'>{escape(title)}</title><desc id='heelwise-d'>{escape(description)}</desc>"
        role = "role='img' aria-labelledby='heelwise-t heelwise-d'"
        tiles = f"<defs>{''.join(self.tiles.values())}</defs>" if self.tiles else ""
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} {role} font-family='{escape(self.font)}'>"
            f"{named}{tiles}{''.join(self.parts)}</svg>"
        )


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """Steps from point to point, in whole tenths of a px, so that they never add up to a drift."""
    at = np.round(np.stack([x, y]) * 10).astype(np.int64)
    steps = np.diff(at, axis=1)
    return f"M{_n(x[0])} {_n(y[0])}l" + " ".join(f"{_n(a / 10)} {_n(b / 10)}" for a, b in steps.T.tolist())


def _n(value: float) -> str:
    """A tenth of a px, without a zero nobody needs."""
    short = f"{value + 0.0:.1f}".removesuffix(".0")
    return short.replace("0.", ".", 1) if short.startswith(("0.", "-0.")) else short


def _more(more: dict[str, object]) -> str:
    return "".join(
        f" {name.replace('_', '-')}='{escape(str(value), quote=True)}'" for name, value in more.items()
    )


PRINT_WIDTH, PRINT_LEFT, PRINT_RIGHT = 760.0, 92.0, 100.0
PRINT_NAMES = PRINT_WIDTH - PRINT_RIGHT + 6
PRINT_SMALL, PRINT_BODY = 9.0, 10.5


@dataclass(frozen=True)
class PrintArea:
    """Where one lane stands on the paper, and its scale."""

    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: np.ndarray) -> np.ndarray:
        """Place values."""
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


class PrintCanvas(TimelineWindow):
    """The window of a picture on a sheet."""

    def __init__(self, timeline_data: TimelineData, font: str) -> None:
        super().__init__(timeline_data)
        self.sheet = SvgSheet(PRINT_WIDTH, 0.0, font)
        self.plot_width = PRINT_WIDTH - PRINT_LEFT - PRINT_RIGHT

    @property
    def x(self) -> np.ndarray:
        """Every row of the window, px."""
        first = np.datetime64(self.picture.start, "D").astype(np.int64)
        return self.at(self.moments / DAY_MS - first)

    def at(self, day: np.ndarray | float) -> np.ndarray:
        """Place days."""
        return PRINT_LEFT + (np.asarray(day, dtype=np.float64) + 0.5) / self.days * self.plot_width

    def day(self, moment: date) -> float:
        """Place a date."""
        return float(self.at((moment - self.picture.start).days))

    def span(self, first: date, last: date) -> tuple[float, float]:
        """Place dates from one to another."""
        half = 0.5 / self.days * self.plot_width
        left, right = self.day(first) - half, self.day(last) + half
        spare = max(0.0, 2.0 - (right - left)) / 2
        return max(left - spare, PRINT_LEFT), min(right + spare, PRINT_LEFT + self.plot_width)

    def beside(self, y: float, sentence: str, colour: str, room: float = 0.0, **more: object) -> None:
        """Name a line at its right end.

        Names beside lines need no legend, and no colour. Marks are drawn, not typed: not every font has them.
        """
        self.sheet.text(PRINT_NAMES + room, y + PRINT_SMALL * 0.35, sentence, colour, PRINT_SMALL, **more)

    def absent(self, area: PrintArea, sentence: str) -> None:
        """Say in the middle of an empty lane why it is empty."""
        middle = PRINT_LEFT + self.plot_width / 2, (area.top + area.bottom) / 2 + 3
        self.sheet.text(*middle, sentence, self.colours.muted, PRINT_BODY, text_anchor="middle")
