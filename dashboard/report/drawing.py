"""The one-clock picture on paper: lanes, dates, windows and names, from the same numbers as the Timeline."""

from __future__ import annotations

import numpy as np

from dashboard import words
from dashboard.charts import window_marks
from dashboard.charts.picture import Picture
from dashboard.charts.ruler import ticks
from dashboard.report.paper import BODY, LEFT, SMALL, WIDTH, Band, Paper
from dashboard.report.paper_lanes import LANES
from dashboard.report.svg import CHARACTER
from dashboard.report_words import PICTURE_ALT, PICTURE_TITLE

GAP, FOOT, NAME_ROW = 8.0, 16.0, 13.0
MOST_NAMED, ROWS = 5, 2
PAPER_FONT = "Source Sans 3, Segoe UI, Helvetica Neue, Helvetica, Arial, sans-serif"


def drawn(picture: Picture, font: str = PAPER_FONT) -> str:
    """Draw the picture for paper.

    Parameters
    ----------
    picture : Picture
        As for the Timeline.
    font : str
        CSS family list.

    Returns
    -------
    str
        SVG. Meaning hangs on line, pattern and word; grey loses nothing.

    Source
    ------
    ours: the same scales and marks as on the screen.
    """
    paper = Paper(picture, font)
    top = head = NAME_ROW * min(ROWS, len(window_marks.in_view(picture))) + 6
    places = []
    for lane in LANES:
        tall = lane.px(paper)
        if tall:
            places.append((lane, top, top + tall))
            top += tall + GAP
    bottom = top - GAP
    paper.sheet.height = bottom + FOOT
    _windows(paper, head, bottom)
    _clock(paper, head, bottom)
    for lane, high, low in places:
        band = Band(high, low, *lane.scale(paper))
        _frame(paper, band, lane.title, lane.unit(paper), lane.ticks(paper, band))
        lane.draw(paper, band)
    span = words.span(picture.start, picture.end)
    said = PICTURE_ALT.format(span=span, lanes=", ".join(words.LANES.values()))
    return paper.sheet.written(PICTURE_TITLE.format(span=span), said)


def _frame(paper: Paper, band: Band, title: str, units: list[str], marks: list[tuple[float, str]]) -> None:
    """Write what the lane is and in which unit, draw its zero line and its scale."""
    look, sheet = paper.colours, paper.sheet
    sheet.text(0, band.top + 8, title, look.ink, BODY, font_weight="bold")
    for row, unit in enumerate(units):
        sheet.text(0, band.top + 18 + row * 9.5, unit, look.muted, SMALL)
    zero = float(band.y(np.array(0.0)))
    sheet.stroke(f"M{LEFT:g} {zero:.1f}H{LEFT + paper.plot_width:g}", look.zero, 0.7)
    for value, said in marks:
        y = float(band.y(np.array(value)))
        sheet.text(LEFT - 4, y + 3, said, look.muted, SMALL, text_anchor="end")


def _clock(paper: Paper, head: float, bottom: float) -> None:
    """Draw the dates as hair lines through all lanes, and write them below."""
    look, sheet = paper.colours, paper.sheet
    for moment, said in ticks(paper.picture.start, paper.picture.end, 13):
        x = paper.day(moment)
        sheet.stroke(f"M{x:.1f} {head:g}V{bottom:g}", look.grid, 0.7)
        plain = said.replace("<br>", " ").replace("<b>", "").replace("</b>", "")
        sheet.text(x, bottom + 12, plain, look.muted, SMALL, text_anchor="middle")


def _windows(paper: Paper, head: float, bottom: float) -> None:
    """Shade each window through all lanes, with a cap: solid is robust, dotted depends on model assumptions."""
    look = paper.colours
    found = window_marks.in_view(paper.picture)
    for one in found:
        left, right = paper.span(one.start, one.end)
        paper.sheet.box(left, head, right - left, bottom - head, look.window)
        dash = {} if one.robust else {"stroke_dasharray": "2.5 2.5"}
        paper.sheet.stroke(f"M{left:.1f} {head:g}H{right:.1f}", look.window_edge, 3, **dash)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    for one in sorted(window_marks.clustered(found, MOST_NAMED), key=lambda one: -one.ratio):
        _named(paper, one, head, taken)


def _named(
    paper: Paper, one: window_marks.Named, head: float, taken: list[list[tuple[float, float]]]
) -> None:
    """Name a window over itself, in the longest words that fit; the largest windows choose first."""
    left, right = paper.span(one.start, one.end)
    for parts in window_marks.offered(one, is_narrow=False):
        said = " · ".join(part for part in parts if part)
        wide = len(said) * BODY * (CHARACTER + 0.02)
        for from_x in (left, right - wide):
            room = from_x >= LEFT and from_x + wide <= WIDTH
            for row, spans in enumerate(taken):
                if room and all(from_x > b + 8 or from_x + wide < a - 8 for a, b in spans):
                    spans.append((from_x, from_x + wide))
                    end = {"text_anchor": "end"} if from_x != left else {}
                    y = head - 5 - row * NAME_ROW
                    paper.sheet.text(right if end else left, y, said, paper.colours.window_text, BODY, **end)
                    return
