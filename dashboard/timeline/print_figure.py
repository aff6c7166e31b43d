"""The one-clock picture on paper: lanes, dates, windows and names, from the same numbers as the Timeline."""

from __future__ import annotations

from dashboard.charts.axes import date_ticks
from dashboard.shared import text
from dashboard.timeline import markers
from dashboard.timeline.canvas import LaneArea
from dashboard.timeline.data import TimelineData
from dashboard.timeline.lane import Lane
from dashboard.timeline.lanes import lanes_drawn
from dashboard.timeline.lanes.load import LOAD
from dashboard.timeline.print_canvas import (
    CHARACTER,
    LEGEND_ROW,
    PRINT_BODY,
    PRINT_NAMES,
    PRINT_SMALL,
    PrintCanvas,
)
from dashboard.timeline.text import BARS_NAME, DOTTED_NAME, PICTURE_ALT, PICTURE_TITLE

GAP, LEAST_GAP, FOOT, NAME_ROW = 8.0, 7.0, 16.0, 13.0
MOST_HEIGHT = 414.0  # with it the report stays on one page of US letter
UNIT_ROW, UNIT_HEAD = 9.5, 10.0
MOST_PRINTED_NAMES, PRINT_WINDOW_ROWS = 5, 2
PAPER_FONT = "Source Sans 3, Segoe UI, Helvetica Neue, Helvetica, Arial, sans-serif"


def draw_svg(timeline_data: TimelineData, font: str = PAPER_FONT, most_height: float = MOST_HEIGHT) -> str:
    """Draw the picture for paper, with the same scales and marks as on the screen."""
    canvas = PrintCanvas(timeline_data, font)
    top = head = NAME_ROW * PRINT_WINDOW_ROWS + 6 if len(markers.windows_in_view(timeline_data)) else 6.0
    lanes, areas = lanes_drawn(canvas), []
    heights, gap = _heights(canvas, lanes, most_height - head - FOOT)
    for height in heights:
        areas.append(LaneArea(top, top + height))
        top = areas[-1].bottom + gap
    bottom = top - gap
    canvas.sheet.height = bottom + FOOT
    of_load = (area for lane, area in zip(lanes, areas, strict=True) if lane.id == LOAD.id)
    _windows(canvas, head, bottom, next(of_load, None))
    _clock(canvas, head, bottom)
    for lane, area in zip(lanes, areas, strict=True):
        _name(canvas, area, lane)
        lane.draw(canvas, area)
    span = text.span_in_words(timeline_data.start, timeline_data.end)
    return canvas.sheet.written(PICTURE_TITLE.format(span=span), picture_alt(timeline_data))


def _heights(canvas: PrintCanvas, lanes: list[Lane], most: float) -> tuple[list[float], float]:
    """Return the height of each lane and the gap between them: as they are, or lower where there are many."""
    wanted = [lane.height(canvas) for lane in lanes]
    gaps = max(len(lanes) - 1, 0)
    if sum(wanted) + GAP * gaps <= most:
        return wanted, GAP
    least = [min(height, _least(canvas, lane)) for height, lane in zip(wanted, lanes, strict=True)]
    spare = sum(wanted) - sum(least)
    share = min(1.0, (sum(wanted) + LEAST_GAP * gaps - most) / spare) if spare else 0.0
    return [a - max(share, 0.0) * (a - b) for a, b in zip(wanted, least, strict=True)], LEAST_GAP


def _least(canvas: PrintCanvas, lane: Lane) -> float:
    """Return the height that the words beside a lane need."""
    return max(LEGEND_ROW * len(lane.key(canvas)), UNIT_HEAD + UNIT_ROW * len(lane.unit(canvas)))


def picture_alt(timeline_data: TimelineData) -> str:
    """Return the alternative text of the printed picture: its dates and the lanes that are drawn."""
    lanes = lanes_drawn(PrintCanvas(timeline_data, PAPER_FONT))
    span = text.span_in_words(timeline_data.start, timeline_data.end)
    titles = dict.fromkeys(lane.choice for lane in lanes)
    return PICTURE_ALT.format(span=span, lanes=", ".join(titles))


def _name(canvas: PrintCanvas, area: LaneArea, lane: Lane) -> None:
    """Write what the lane is and in which unit."""
    palette, sheet = canvas.palette, canvas.sheet
    sheet.text(0, area.top + 8, lane.title, palette.ink, PRINT_BODY, font_weight="bold")
    for row, unit in enumerate(lane.unit(canvas)):
        sheet.text(0, area.top + 18 + row * UNIT_ROW, unit, palette.muted, PRINT_SMALL)


def _clock(canvas: PrintCanvas, head: float, bottom: float) -> None:
    """Draw the dates as hair lines through all lanes, and write them below."""
    palette, sheet = canvas.palette, canvas.sheet
    for moment, label in date_ticks(canvas.timeline_data.start, canvas.timeline_data.end, 13):
        x = canvas.day(moment)
        sheet.stroke(f"M{x:.1f} {head:g}V{bottom:g}", palette.grid, 0.7)
        plain = label.replace("<br>", " ").replace("<b>", "").replace("</b>", "")
        sheet.text(x, bottom + 12, plain, palette.muted, PRINT_SMALL, text_anchor="middle")


def _windows(canvas: PrintCanvas, head: float, bottom: float, load: LaneArea | None) -> None:
    """Draw each window as on the screen: a bar over the picture, its tint in the lane of load alone."""
    palette, sheet = canvas.palette, canvas.sheet
    windows = markers.windows_in_view(canvas.timeline_data)
    for one in windows:
        left, right = canvas.span(one.start, one.end)
        if load is not None:
            sheet.box(left, load.top, right - left, load.bottom - load.top, palette.window)
        if len(windows) <= markers.MOST_WINDOW_LABELS:  # among more of them the hair lines are a fence
            hair = f"M{left:.1f} {head:g}V{bottom:g}M{right:.1f} {head:g}V{bottom:g}"
            sheet.stroke(hair, palette.window_edge, 0.6, stroke_opacity=markers.EDGE_SHARE)
        dash = {} if one.robust else {"stroke_dasharray": "2.5 2.5"}
        sheet.stroke(f"M{left:.1f} {head:g}H{right:.1f}", palette.window_edge, 3, **dash)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(PRINT_WINDOW_ROWS)]
    for one in sorted(markers.clustered(windows, MOST_PRINTED_NAMES), key=lambda one: -one.ratio):
        _ratio(canvas, one, head, taken)
    if windows:
        _explain_bars(canvas, head, has_dotted=not all(one.robust for one in windows))


def _explain_bars(canvas: PrintCanvas, head: float, *, has_dotted: bool) -> None:
    """Write beside the bars what they are: paper has no line below the picture that says it."""
    muted = canvas.palette.muted
    for row, words in enumerate(reversed(BARS_NAME)):
        canvas.sheet.text(0, head - 5 - row * UNIT_ROW, words, muted, PRINT_SMALL)
    for row, words in enumerate(reversed(DOTTED_NAME if has_dotted else ())):
        canvas.sheet.text(PRINT_NAMES, head - 5 - row * UNIT_ROW, words, muted, PRINT_SMALL)


def _ratio(
    canvas: PrintCanvas, one: markers.WindowLabel, head: float, taken: list[list[tuple[float, float]]]
) -> None:
    """Write how far load rose in the middle over its own bar; the largest windows choose their row first."""
    left, right = canvas.span(one.start, one.end)
    words = markers.window_ratio(one)
    wide = len(words) * PRINT_BODY * (CHARACTER + 0.06)
    from_x = (left + right - wide) / 2
    for row, spans in enumerate(taken):
        if all(from_x > b + 8 or from_x + wide < a - 8 for a, b in spans):
            spans.append((from_x, from_x + wide))
            middle = {"text_anchor": "middle", "font_weight": "bold"}
            y = head - 5 - row * NAME_ROW
            canvas.sheet.text((left + right) / 2, y, words, canvas.palette.window_text, PRINT_BODY, **middle)
            return
