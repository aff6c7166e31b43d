"""The verbs of a lane on paper: one SVG without script, style or outside part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from math import isfinite
from typing import Any

import numpy as np

from dashboard.charts.axes import stretches
from dashboard.timeline.canvas import (
    ARROW,
    CUT,
    CUT_DOWN,
    DAY_MS,
    DOT,
    PLAIN,
    PRINT_SHADE,
    SMALL_ARROW,
    Canvas,
    Choice,
    DateSpan,
    EpisodeBand,
    Fill,
    Glyph,
    Hover,
    LaneArea,
    LegendEntry,
    LineLabel,
    LineStyle,
    StackLayer,
    StateBar,
)
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

    def hatch(self, kind: str, colour: str, background: str) -> str:
        """Build a fill of lines or dots on a ground."""
        if not kind:
            return background
        name = f"h{list(HATCHES).index(kind)}-{colour.lstrip('#')}-{background.lstrip('#')}"
        self.tiles[name] = (
            f"<pattern id='{name}' width='4' height='4' patternUnits='userSpaceOnUse'>"
            f"<rect width='4' height='4' fill='{background}'/>"
            f"<path d='{HATCHES[kind]}' fill='none' stroke='{colour}' stroke-width='.6'/></pattern>"
        )
        return f"url(#{name})"

    def written(self, title: str, description: str) -> str:
        """Write the sheet as SVG.

        After SVG 1.1 and WAI-ARIA, role img with a title and a description.
        """
        size = f"viewBox='0 0 {_n(self.width)} {_n(self.height)}'"
        titled = f"<title id='heelwise-t'>{escape(title)}</title><desc id='heelwise-d'>{escape(description)}</desc>"
        role = "role='img' aria-labelledby='heelwise-t heelwise-d'"
        tiles = f"<defs>{''.join(self.tiles.values())}</defs>" if self.tiles else ""
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} {role} font-family='{escape(self.font)}'>"
            f"{titled}{tiles}{''.join(self.parts)}</svg>"
        )


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """Steps from point to point, in whole tenths of a px, so that they never add up to a drift."""
    at = np.round(np.stack([x, y]) * 10).astype(np.int64)
    steps = np.diff(at, axis=1)
    return f"M{_n(at[0, 0] / 10)} {_n(at[1, 0] / 10)}l" + " ".join(
        f"{_n(a / 10)} {_n(b / 10)}" for a, b in steps.T.tolist()
    )


def _n(value: float) -> str:
    """A tenth of a px, without a zero nobody needs."""
    short = f"{value + 0.0:.1f}".removesuffix(".0")
    return short.replace("0.", ".", 1) if short.startswith(("0.", "-0.")) else short


def _more(more: dict[str, object]) -> str:
    return "".join(
        f" {name.replace('_', '-')}='{escape(str(value), quote=True)}'" for name, value in more.items()
    )


PRINT_WIDTH, PRINT_LEFT, PRINT_RIGHT = 760.0, 92.0, 100.0
PRINT_DASHES = {"solid": "", "dash": "4 2", "dot": "1.5 2"}
PRINT_NAMES = PRINT_WIDTH - PRINT_RIGHT + 6
PRINT_SMALL, PRINT_BODY = 9.0, 10.5
LEGEND_ROW, SWATCH = 11.0, 11.0
NAMES_APART = 11.0


class PrintCanvas(Canvas):
    """The window of a Timeline on a sheet."""

    def __init__(self, timeline_data: TimelineData, font: str) -> None:
        super().__init__(timeline_data)
        self.sheet = SvgSheet(PRINT_WIDTH, 0.0, font)
        self.plot_width = PRINT_WIDTH - PRINT_LEFT - PRINT_RIGHT

    @property
    def x(self) -> np.ndarray:
        """Every row of the window, px."""
        return self.at_ms(self.times_ms)

    def at(self, day: np.ndarray | float) -> np.ndarray:
        """Return the px of days of the window."""
        return PRINT_LEFT + (np.asarray(day, dtype=np.float64) + 0.5) / self.days * self.plot_width

    def at_ms(self, moment: np.ndarray | float) -> np.ndarray:
        """Return the px of moments in ms since 1970."""
        first = np.datetime64(self.timeline_data.start, "D").astype(np.int64)
        return self.at(np.asarray(moment) / DAY_MS - first)

    def day(self, moment: date) -> float:
        """Return the px of a date."""
        return float(self.at((moment - self.timeline_data.start).days))

    def span(self, first: date, last: date) -> tuple[float, float]:
        """Return both edges of some dates, px, wide enough to be seen."""
        half = 0.5 / self.days * self.plot_width
        left, right = self.day(first) - half, self.day(last) + half
        spare = max(0.0, 2.0 - (right - left)) / 2
        return max(left - spare, PRINT_LEFT), min(right + spare, PRINT_LEFT + self.plot_width)

    def pick(self, screen: Choice, paper: Choice) -> Choice:
        """Return the size or the words of the paper."""
        return paper

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
        """Draw the zero line and write the ends of the scale; a strip stands in the gap above the lane."""
        area.low, area.high = bottom, top
        palette, sheet = self.palette, self.sheet
        zero = float(area.y(0.0))
        sheet.stroke(f"M{PRINT_LEFT:g} {zero:.1f}H{PRINT_LEFT + self.plot_width:g}", palette.zero, 0.7)
        ends = (bottom, top) if ticks is None else (ticks[0], ticks[-1])
        for value in sorted({*ends, 0.0}, reverse=True):
            sign = "+" if value > 0 else "−" if value else ""
            text = f"{sign if is_signed else ''}{abs(value):g}"
            y = float(area.y(value)) + 3
            sheet.text(PRINT_LEFT - 4, y, text, palette.muted, PRINT_SMALL, text_anchor="end")

    def line(
        self, area: LaneArea, y: np.ndarray, colour: str, style: LineStyle = PLAIN, hover: Hover | None = None
    ) -> None:
        """Draw a line; a gap in the data stays a gap."""
        self.sheet.line(self.x, area.y(y), colour, style.print_px, style.print_dash)

    def fill(self, area: LaneArea, y: np.ndarray, colour: str, share: float) -> None:
        """Fill from zero to a line; unknown is left empty."""
        zero, edge = area.y(np.zeros(len(y))), np.where(np.isfinite(y), area.y(y), np.nan)
        self.sheet.area(self.x, zero, edge, colour, fill_opacity=PRINT_SHADE)

    def between(self, area: LaneArea, low: np.ndarray, high: np.ndarray, fill: Fill) -> None:
        """Fill between two lines; where either is unknown nothing is filled."""
        edge = {"stroke": fill.colour, "stroke_width": 0.5, "stroke_dasharray": "1 2"} if fill.edge_px else {}
        background, more = self._paint(fill)
        self.sheet.area(self.x, area.y(low), area.y(high), background, **more, **edge)

    def _paint(self, fill: Fill) -> tuple[str, dict[str, Any]]:
        paper = fill.paper
        more = {} if paper.opacity >= 1 else {"fill_opacity": paper.opacity}
        return self.sheet.hatch(paper.pattern, paper.colour, paper.background), more

    def stack(self, area: LaneArea, layers: Sequence[StackLayer], group: str) -> None:
        """Draw layers one on another, from the bottom up; rows in which all are zero are left open."""
        under = np.zeros(self.rows.height)
        total = sum((np.nan_to_num(layer.y) for layer in layers), under)
        known = np.where(total > 0, 0.0, np.nan)
        for layer in layers:
            background, more = self._paint(layer.fill)
            over = under + np.nan_to_num(layer.y)
            self.sheet.area(
                self.x, area.y(under + known), area.y(over + known), background, **more, **self._edge
            )
            under = over

    @property
    def _edge(self) -> dict[str, Any]:
        return {"stroke": self.palette.muted, "stroke_width": 0.5}

    def stems(self, area: LaneArea, y: np.ndarray, colour: str) -> None:
        """Draw a stroke from zero to each value above zero."""
        some, zero = y > 0, float(area.y(0.0))
        ends = zip(self.x[some], area.y(y[some]), strict=True)
        path = "".join(f"M{x:.1f} {zero:.1f}V{top:.1f}" for x, top in ends)
        if path:
            wide = min(max(0.6 * self.plot_width / max(len(y), 1), 0.8), 2.6)
            self.sheet.stroke(path, colour, wide)

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
        """Draw marks, small enough that neighbouring days do not hide one another."""
        at, height = self.at_ms(x), area.y(y)
        share = min(1.0, max(0.5, 0.25 * self.plot_width / max(self.rows.height, 1)))
        self._glyphs(at, height, glyph, colour, share)

    def _glyphs(self, x: np.ndarray, y: np.ndarray, glyph: Glyph, colour: str, share: float = 1.0) -> None:
        if glyph.symbol == DOT.symbol:
            self.sheet.dots(x, y, max(glyph.print_px * share, 0.8), colour)
        elif glyph.symbol == "circle-open":
            for part, tone in ((1.0, colour), (0.53, self.palette.background)):
                self.sheet.dots(x, y, round(glyph.print_px * part, 1) * share, tone)
        else:
            draws = {ARROW: self._arrow, SMALL_ARROW: self._arrow, CUT: self._cut, CUT_DOWN: self._cut_down}
            draw = draws.get(glyph, self._open_arrow)
            for one, tip in zip(x.tolist(), y.tolist(), strict=True):
                draw(one, tip, colour)

    def _arrow(self, x: float, value_y: float, colour: str) -> None:
        """Draw an arrow whose tip stands over a value."""
        tip = value_y - 3
        above, low = np.full(3, tip - 6), np.array([tip - 6, tip, tip - 6])
        self.sheet.area(np.array([x - 3.5, x, x + 3.5]), above, low, colour)

    def _cut(self, x: float, value_y: float, colour: str) -> None:
        """Draw an arrow that points beyond the scale."""
        low, tip = np.full(3, value_y + 6), np.array([value_y + 6, value_y, value_y + 6])
        self.sheet.area(np.array([x - 3.5, x, x + 3.5]), low, tip, colour)

    def _cut_down(self, x: float, value_y: float, colour: str) -> None:
        """Draw an arrow that points below the scale."""
        high, tip = np.full(3, value_y - 6), np.array([value_y - 6, value_y, value_y - 6])
        self.sheet.area(np.array([x - 3.5, x, x + 3.5]), high, tip, colour)

    def _open_arrow(self, x: float, value_y: float, colour: str) -> None:
        middle = value_y - 6
        around = f"M{x - 3.5:.1f} {middle:.1f}L{x + 3:.1f} {middle - 4:.1f}V{middle + 4:.1f}Z"
        self.sheet.stroke(around, colour, 1.2)

    def brackets(
        self, area: LaneArea, spans: Sequence[DateSpan], leg: float, line: float, text: str, colour: str
    ) -> None:
        """Draw a named bracket from one date to another; an end that was not seen stays open."""
        palette, free = self.palette, 0.0
        line_y, leg_y, zero = (float(area.y(value)) for value in (line, leg, 0.0))
        for span in spans:
            left, right = self.span(span.first, span.last)
            self.sheet.box(left, line_y, right - left, zero - line_y, colour, fill_opacity=0.14)
            first = f"M{left:.1f} {leg_y:.1f}V{line_y:.1f}" if span.has_start else f"M{left:.1f} {line_y:.1f}"
            last = f"V{leg_y:.1f}" if span.has_end else ""
            self.sheet.stroke(f"{first}H{right:.1f}{last}", colour, 1.2)
            if left >= free:  # at the right end, where scores have mostly come down
                has_room = right - left > _wide(text) + 6
                at, end = (right - 3, {"text_anchor": "end"}) if has_room else (left + 3, {})
                self.sheet.text(at, line_y + 9.5, text, palette.muted, PRINT_SMALL, **end)
                free = right if has_room else left + _wide(text) + 8

    def bands(self, area: LaneArea, bands: Sequence[EpisodeBand], low: float, high: float) -> None:
        """Draw each band as one outline, and its name where there is room."""
        free, low_y, high_y = 0.0, float(area.y(low)), float(area.y(high))
        for band in bands:
            left, right = self.span(band.span.first, band.span.last)
            first = (
                f"M{left:.1f} {low_y:.1f}V{high_y:.1f}"
                if band.span.has_start
                else f"M{left:.1f} {high_y:.1f}"
            )
            last = f"V{low_y:.1f}" if band.span.has_end else ""
            closed = "Z" if band.span.has_start and band.span.has_end else ""
            dash = {"stroke_dasharray": PRINT_DASHES[band.dash]} if PRINT_DASHES[band.dash] else {}
            self.sheet.stroke(f"{first}H{right:.1f}{last}{closed}", band.colour, 1.1, **dash)
            if left >= free and left + _wide(band.text) <= PRINT_LEFT + self.plot_width:
                self.sheet.text(left + 3, high_y + 9.5, band.text, self.palette.muted, PRINT_SMALL)
                free = left + _wide(band.text) + 8

    def strip(self, area: LaneArea, bars: Sequence[StateBar]) -> None:
        """Draw bars at the upper edge of a lane, each with its own pattern and its name."""
        y = area.top - 1
        for bar in bars:
            left, right = self.span(bar.span.first, bar.span.last)
            dash = {"stroke_dasharray": bar.style.print_dash} if bar.style.print_dash else {}
            self.sheet.stroke(f"M{left:.1f} {y:.1f}H{right:.1f}", bar.colour, bar.style.print_px, **dash)
            if right - left > _wide(bar.text):
                self.sheet.text(left, y - 3, bar.text, self.palette.muted, PRINT_SMALL)

    def bar(self, area: LaneArea, span: DateSpan, colour: str) -> None:
        """Draw a thick bar at the upper edge of a lane."""
        left, right = self.span(span.first, span.last)
        self.sheet.stroke(f"M{left:.1f} {area.top:.1f}H{right:.1f}", colour, 2.8)

    def caption(self, area: LaneArea, span: DateSpan, text: str, colour: str) -> None:
        """Write words above a lane, right of the mark of its first day or, without room, up to the last day."""
        left, right = self.span(span.first, span.last)
        left, wide = left + 6, _wide(text) + 2
        end: dict[str, Any] = {}
        if left + wide > PRINT_LEFT + self.plot_width:
            left, end = right - wide, {"text_anchor": "end"}
        self.sheet.box(left - 1, area.top - 8, 0.85 * wide, 6.5, self.palette.background, fill_opacity=0.85)
        self.sheet.text(right if end else left, area.top - 2, text, colour, PRINT_SMALL, **end)

    def note_day(self, area: LaneArea, moment: float, text: str, colour: str) -> None:
        """Write words right of a mark or, without room, left of it."""
        x = float(self.at_ms(moment))
        if x + 6 + _wide(text) <= PRINT_LEFT + self.plot_width:
            self.sheet.text(x + 6, area.top + 6, text, colour, PRINT_SMALL)
        else:
            self.sheet.text(x - 6, area.top + 6, text, colour, PRINT_SMALL, text_anchor="end")

    def note_stretch(self, area: LaneArea, first: int, last: int, text: str) -> None:
        """Leave the words to the unit of the lane, which names the pattern."""

    def note_end(self, area: LaneArea, y: np.ndarray, text: str, colour: str) -> None:
        """Leave the words to the unit of the lane, which names the dashes."""

    def label_line(self, area: LaneArea, share: float, text: str, colour: str, edge: str = "") -> None:
        """Name a line at its right end; a sign before the words is drawn, since not every font has it."""
        if not edge:
            return
        y, room = area.top + 8 if edge == "top" else area.bottom - 4, 0.0
        words = text.removeprefix("▼ ")
        if words != text:
            self._arrow(PRINT_NAMES + 4, y + 6, colour)
            room = SWATCH
        for row, part in enumerate(words.split("<br>")):
            self._name(y + row * 10, part.strip(), colour, room)

    def _name(self, y: float, text: str, colour: str, room: float, **more: object) -> None:
        self.sheet.text(PRINT_NAMES + room, y + PRINT_SMALL * 0.35, text, colour, PRINT_SMALL, **more)

    def label_lines(self, area: LaneArea, one: LineLabel, other: LineLabel) -> None:
        """Name two lines with a piece of each, moved apart where the names would meet."""
        upper, lower = float(area.y(one.value)), float(area.y(other.value))
        if abs(upper - lower) < NAMES_APART:
            middle, spare = (upper + lower) / 2, NAMES_APART / 2 * (1 if upper <= lower else -1)
            upper, lower = middle - spare, middle + spare
        for label, y in ((one, upper), (other, lower)):
            if not isfinite(y):
                continue
            ends, style = np.array([PRINT_NAMES, PRINT_NAMES + SWATCH]), label.style
            self.sheet.line(ends, np.full(2, y), label.colour, style.print_px, style.print_dash)
            weight = {"font_weight": "bold"} if label.is_strong else {}
            self._name(y, label.text, label.colour, 15, **weight)

    def legend(self, area: LaneArea, entries: Sequence[LegendEntry]) -> None:
        """Name the layers of a stack right of the lane, with a piece of each."""
        for place, entry in enumerate(entries):
            y = area.bottom - (place + 0.5) * LEGEND_ROW
            if isinstance(entry.swatch, Glyph):
                at = np.array([PRINT_NAMES + SWATCH / 2]), np.array([y])
                self._glyphs(*at, entry.swatch, entry.colour)
            else:
                background, more = self._paint(entry.swatch)
                self.sheet.box(PRINT_NAMES, y - 4, SWATCH, 8, background, **more, **self._edge)
            self.sheet.text(PRINT_NAMES + 15, y + 3, entry.text, self.palette.ink, PRINT_SMALL)

    def mark_key(self, area: LaneArea, entries: Sequence[tuple[Glyph, str, str]]) -> None:
        """Name marks in one row right of the lane."""
        y = area.top + 10
        for place, (glyph, colour, text) in enumerate(entries):
            at = np.array([PRINT_NAMES + 3 + 32 * place]), np.array([y])
            self._glyphs(*at, glyph, colour)
            self._name(y, text, self.palette.ink, 9 + 32 * place)

    def empty_message(self, area: LaneArea, text: str) -> None:
        """Write in the middle of an empty lane why it is empty."""
        middle = PRINT_LEFT + self.plot_width / 2, (area.top + area.bottom) / 2 + 3
        self.sheet.text(*middle, text, self.palette.muted, PRINT_BODY, text_anchor="middle")

    def answer(
        self, area: LaneArea, y: np.ndarray, colour: str, hover: Hover, style: LineStyle = PLAIN
    ) -> None:
        """Draw nothing: paper answers no pointer."""

    def answer_at(self, area: LaneArea, x: np.ndarray, y: np.ndarray, hover: Hover) -> None:
        """Draw nothing: paper answers no pointer."""


def _wide(text: str) -> float:
    """Return about how wide small words are, px."""
    return len(text) * PRINT_SMALL * CHARACTER
