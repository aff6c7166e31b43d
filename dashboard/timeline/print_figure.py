"""The one-clock picture on paper: lanes, dates, windows and names, from the same numbers as the Timeline."""

from __future__ import annotations

import numpy as np

from dashboard.charts.axes import date_ticks
from dashboard.shared import text
from dashboard.timeline import markers
from dashboard.timeline.data import TimelineData
from dashboard.timeline.lanes.lines import PRINT_LANES
from dashboard.timeline.print_canvas import (
    CHARACTER,
    PRINT_BODY,
    PRINT_LEFT,
    PRINT_SMALL,
    PRINT_WIDTH,
    PrintArea,
    PrintCanvas,
)
from dashboard.timeline.text import PICTURE_ALT, PICTURE_TITLE

GAP, FOOT, NAME_ROW = 8.0, 16.0, 13.0
MOST_PRINTED_NAMES, PRINT_WINDOW_ROWS = 5, 2
PAPER_FONT = "Source Sans 3, Segoe UI, Helvetica Neue, Helvetica, Arial, sans-serif"


def draw_svg(timeline_data: TimelineData, font: str = PAPER_FONT) -> str:
    """Draw the picture for paper.

    The same scales and marks as on the screen.
    """
    paper = PrintCanvas(timeline_data, font)
    top = head = NAME_ROW * min(PRINT_WINDOW_ROWS, len(markers.windows_in_view(timeline_data))) + 6
    places = []
    for lane in PRINT_LANES:
        tall = lane.px(paper)
        if tall:
            places.append((lane, top, top + tall))
            top += tall + GAP
    bottom = top - GAP
    paper.sheet.height = bottom + FOOT
    _windows(paper, head, bottom)
    _clock(paper, head, bottom)
    for lane, high, low in places:
        band = PrintArea(high, low, *lane.scale(paper))
        _frame(paper, band, lane.title, lane.unit(paper), lane.ticks(paper, band))
        lane.draw(paper, band)
    span = text.span_in_words(timeline_data.start, timeline_data.end)
    said = PICTURE_ALT.format(span=span, lanes=", ".join(text.LANE_TITLES.values()))
    return paper.sheet.written(PICTURE_TITLE.format(span=span), said)


def _frame(
    canvas: PrintCanvas, area: PrintArea, title: str, units: list[str], marks: list[tuple[float, str]]
) -> None:
    """Write what the lane is and in which unit, draw its zero line and its scale."""
    look, sheet = canvas.colours, canvas.sheet
    sheet.text(0, area.top + 8, title, look.ink, PRINT_BODY, font_weight="bold")
    for row, unit in enumerate(units):
        sheet.text(0, area.top + 18 + row * 9.5, unit, look.muted, PRINT_SMALL)
    zero = float(area.y(np.array(0.0)))
    sheet.stroke(f"M{PRINT_LEFT:g} {zero:.1f}H{PRINT_LEFT + canvas.plot_width:g}", look.zero, 0.7)
    for value, said in marks:
        y = float(area.y(np.array(value)))
        sheet.text(PRINT_LEFT - 4, y + 3, said, look.muted, PRINT_SMALL, text_anchor="end")


def _clock(canvas: PrintCanvas, head: float, bottom: float) -> None:
    """Draw the dates as hair lines through all lanes, and write them below."""
    look, sheet = canvas.colours, canvas.sheet
    for moment, said in date_ticks(canvas.picture.start, canvas.picture.end, 13):
        x = canvas.day(moment)
        sheet.stroke(f"M{x:.1f} {head:g}V{bottom:g}", look.grid, 0.7)
        plain = said.replace("<br>", " ").replace("<b>", "").replace("</b>", "")
        sheet.text(x, bottom + 12, plain, look.muted, PRINT_SMALL, text_anchor="middle")


def _windows(canvas: PrintCanvas, head: float, bottom: float) -> None:
    """Shade each window through all lanes, with a cap: solid is robust, dotted depends on model assumptions."""
    look = canvas.colours
    found = markers.windows_in_view(canvas.picture)
    for one in found:
        left, right = canvas.span(one.start, one.end)
        canvas.sheet.box(left, head, right - left, bottom - head, look.window)
        dash = {} if one.robust else {"stroke_dasharray": "2.5 2.5"}
        canvas.sheet.stroke(f"M{left:.1f} {head:g}H{right:.1f}", look.window_edge, 3, **dash)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(PRINT_WINDOW_ROWS)]
    for one in sorted(markers.clustered(found, MOST_PRINTED_NAMES), key=lambda one: -one.ratio):
        _named(canvas, one, head, taken)


def _named(
    canvas: PrintCanvas, one: markers.WindowLabel, head: float, taken: list[list[tuple[float, float]]]
) -> None:
    """Name a window over itself, in the longest words that fit; the largest windows choose first."""
    left, right = canvas.span(one.start, one.end)
    for parts in markers.named_windows(one, is_narrow=False):
        said = " · ".join(part for part in parts if part)
        wide = len(said) * PRINT_BODY * (CHARACTER + 0.02)
        for from_x in (left, right - wide):
            room = from_x >= PRINT_LEFT and from_x + wide <= PRINT_WIDTH
            for row, spans in enumerate(taken):
                if room and all(from_x > b + 8 or from_x + wide < a - 8 for a, b in spans):
                    spans.append((from_x, from_x + wide))
                    end = {"text_anchor": "end"} if from_x != left else {}
                    y = head - 5 - row * NAME_ROW
                    canvas.sheet.text(
                        right if end else left, y, said, canvas.colours.window_text, PRINT_BODY, **end
                    )
                    return
