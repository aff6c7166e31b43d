"""Events through all lanes: a dotted line for each, a bar over its days, at most seven names under the dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.palette import Theme, palette_of, with_alpha
from dashboard.charts.style import BODY_PX, SMALL_PX, PlotlyDict
from dashboard.diary.text import events_in_view
from dashboard.shared import state_text
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import DAY_MS
from dashboard.timeline.data import TimelineData
from dashboard.timeline.screen_canvas import ScreenCanvas

if TYPE_CHECKING:
    from dashboard.charts.plotly_figure import PageFigure

MOST_EVENT_LABELS = 7
EVENT_ROW_PX = 18.0
EVENT_LINES = 2
BELOW_DATES_PX, DATE_LINE_PX = 44, 19.0
EVENT_CHARACTER_PX = 6.2
APART_PX = 10.0
SIGN = "◆"
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class EventLabel:
    """One name under the dates: an event, or neighbours told together."""

    start: date
    kinds: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name."""
        distinct = list(dict.fromkeys(self.kinds))
        if len(distinct) > 1:
            return f"{SIGN} {len(self.kinds)} events"
        many = f" ×{len(self.kinds)}" if len(self.kinds) > 1 else ""
        return f"{SIGN} {shared_text.EVENT_KINDS[distinct[0]]}{many}"


def mark_events(canvas: ScreenCanvas) -> float:
    """Draw the events of the dates shown through all lanes, and name them under the dates.

    At most seven names, neighbours told together; what each is stands in the hover and in words below.
    """
    rows = events_in_view(canvas.timeline_data.events, canvas.timeline_data.start, canvas.timeline_data.end)
    if not rows:
        return 0.0
    for row in rows:
        _line(canvas, row)
    labels = place_labels(
        canvas, [EventLabel(max(row["date"], canvas.timeline_data.start), (row["kind"],)) for row in rows]
    )
    for one, line in labels:
        _event_name(canvas, one, line)
    return EVENT_ROW_PX * (1 + max(line for _, line in labels))


def place_labels(canvas: ScreenCanvas, labels: list[EventLabel]) -> list[tuple[EventLabel, int]]:
    """Put names into lines, telling neighbours together until none stands over another.

    The closest are joined first.
    """
    left = list(labels)
    while len(left) > 1:
        lines = _lines(canvas, left)
        if lines is not None and len(left) <= MOST_EVENT_LABELS:
            return list(zip(left, lines, strict=True))
        gaps = [(b.start - a.start).days for a, b in pairwise(left)]
        at = gaps.index(min(gaps))
        left[at : at + 2] = [EventLabel(left[at].start, left[at].kinds + left[at + 1].kinds)]
    return [(one, 0) for one in left]


def _lines(canvas: ScreenCanvas, labels: list[EventLabel]) -> list[int] | None:
    """The line of each name; None where one has no room."""
    most = 1 if canvas.timeline_data.fit else EVENT_LINES
    ends, lines = [-APART_PX] * most, []
    for one in labels:
        left, right = _span(canvas, one)
        free = [line for line in range(most) if left >= ends[line] + APART_PX]
        if not free:
            return None
        ends[free[0]] = right
        lines.append(free[0])
    return lines


def _span(canvas: ScreenCanvas, one: EventLabel) -> tuple[float, float]:
    """Left and right edge of a name in px; one near the end of the picture is moved in."""
    width = len(one.text) * EVENT_CHARACTER_PX
    at = (one.start - canvas.timeline_data.start).days * canvas.plot_px / canvas.days
    left = min(at, max(0.0, canvas.plot_px - width))
    return left, left + width


def _line(canvas: ScreenCanvas, row: dict[str, Any]) -> None:
    palette, data = canvas.palette, canvas.timeline_data
    first, last = max(row["date"], data.start), min(row["end_date"] or row["date"], data.end)
    where = {"type": "line", "xref": "x", "yref": "paper", "layer": "below"}
    thin = {"color": palette.muted, "width": 1, "dash": "2px,3px"}
    if row["date"] >= data.start:
        canvas.shapes.append({**where, "x0": str(first), "x1": str(first), "y0": 0, "y1": 1, "line": thin})
    if last > first:
        thick = {"color": palette.muted, "width": 4}
        canvas.shapes.append({**where, "x0": str(first), "x1": str(last), "y0": 0, "y1": 0, "line": thick})


def _event_name(canvas: ScreenCanvas, one: EventLabel, line: int) -> None:
    left = _span(canvas, one)[0]
    at = (one.start - canvas.timeline_data.start).days * canvas.plot_px / canvas.days
    is_moved = left < at
    canvas.note(
        one.text,
        xref="paper" if is_moved else "x",
        x=1 if is_moved else str(one.start),
        xanchor="right" if is_moved else "left",
        xshift=0 if is_moved else -4,
        yref="paper",
        y=0,
        yanchor="top",
        yshift=-(BELOW_DATES_PX - (DATE_LINE_PX if canvas.timeline_data.fit else 0)) - EVENT_ROW_PX * line,
        font={"color": canvas.palette.muted, "size": SMALL_PX},
    )


def answer_hover(canvas: ScreenCanvas, axis: str) -> None:
    """Let the hover of a day name its events.

    The runner's own words, escaped.
    """
    shown = [
        row
        for row in events_in_view(
            canvas.timeline_data.events, canvas.timeline_data.start, canvas.timeline_data.end
        )
        if row["date"] >= canvas.timeline_data.start
    ]
    if not shown or not len(canvas.times_ms):
        return
    texts: dict[float, list[str]] = {}
    for row in shown:
        at = (row["date"] - EPOCH).days * DAY_MS
        nearest = float(canvas.times_ms[abs(canvas.times_ms - at).argmin()])
        texts.setdefault(nearest, []).append(_event_in_words(row))
    unseen = {"size": 1, "opacity": 0}
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": list(texts),
        "y": [0.0] * len(texts),
        "marker": unseen,
    }
    hover_trace = {"name": "Event", "text": ["; ".join(texts_of_day) for texts_of_day in texts.values()]}
    hover = {"hovertemplate": "%{text}", "xaxis": "x", "yaxis": axis, "showlegend": False}
    canvas.traces.append({**trace, **hover_trace, **hover, "unselected": {"marker": {"opacity": 0}}})


def _event_in_words(row: dict[str, Any], most: int = 60) -> str:
    note = row["note"] or ""
    short = note if len(note) <= most else note[: most - 1] + "…"
    return shared_text.EVENT_KINDS[row["kind"]] + (f": {escape(short)}" if short else "")


def with_onset(
    figure: PageFigure, onset: date | None, theme: Theme, label: str | None = None, share: float = 0.0
) -> PageFigure:
    """Draw a line through every lane on the day symptoms began, its label in a row of its own above the picture.

    `share` is where on the clock the onset lies, 0 to 1: the label of a late one stands left of its line.
    """
    if onset is None:
        return figure
    palette = palette_of(theme)
    line = {"color": palette.ink, "width": 2, "dash": "dash"}
    figure.add_shape(type="line", xref="x", yref="paper", x0=str(onset), x1=str(onset), y0=0, y1=1, line=line)
    layout: Any = figure.layout
    head = layout.margin.t or 0
    figure.update_layout(height=(layout.height or 0) + ONSET_ROW_PX, margin={"t": head + ONSET_ROW_PX})
    is_late = share > LATE_SHARE
    figure.add_annotation(
        text=label or f"Onset: {shared_text.day_in_words(onset)}",
        xref="x",
        x=str(onset),
        xanchor="right" if is_late else "left",
        xshift=4 if is_late else -4,
        yref="paper",
        y=1,
        yshift=head,
        yanchor="bottom",
        showarrow=False,
        font={"size": BODY_PX, "color": palette.ink},
        bgcolor=palette.background,
    )
    return figure


ONSET_ROW_PX = 20
LATE_SHARE = 0.6
MOST_WINDOW_LABELS = 7
WINDOW_ROWS = 3
WINDOW_ROW_PX = 19.0
WINDOW_CHARACTER_PX = 6.6
CAP_PX, FIT_HEAD_PX = 4, 8.0
EDGE_SHARE = 0.35


@dataclass(frozen=True)
class WindowLabel:
    """One label: a window, or neighbours told together."""

    start: date
    end: date
    ratio: float
    count: int
    robust: bool


def mark_windows(canvas: ScreenCanvas, load_axis: str = "paper") -> float:
    """Draw each window as a bar over the picture with its ratio, and tint its days in the lane of load alone.

    `load_axis` is what the tint refers to: empty, without that lane, there is none.
    """
    windows = windows_in_view(canvas.timeline_data)
    for one in windows:
        _shade(canvas, one, load_axis)
    if len(windows) <= MOST_WINDOW_LABELS:  # among more of them the hair lines are a fence
        for one in windows:
            _edges(canvas, one)
    if canvas.timeline_data.fit:  # on one screen the bar is enough; the words below the picture name it
        return FIT_HEAD_PX
    taken: list[list[tuple[float, float]]] = [[] for _ in range(WINDOW_ROWS)]
    for one in sorted(clustered(windows, MOST_WINDOW_LABELS), key=lambda one: -one.ratio):
        _window_name(canvas, one, taken)
    return 16 + WINDOW_ROW_PX * sum(bool(row) for row in taken)


def windows_in_view(timeline_data: TimelineData) -> list[WindowLabel]:
    """Return the windows that reach into the dates shown, oldest first."""
    start, end = timeline_data.start, timeline_data.end
    seen = timeline_data.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    return [
        WindowLabel(
            max(row["from_date"], start),
            min(row["to_date"], end),
            row["peak_ratio"],
            1,
            bool(row["robust"]),
        )
        for row in seen.sort("from_date").iter_rows(named=True)
    ]


def clustered(windows: list[WindowLabel], most: int) -> list[WindowLabel]:
    """Tell neighbours together until few enough are left."""
    left = list(windows)
    while len(left) > most:
        gaps = [(b.start - a.end).days + (b.end - a.start).days / 4 for a, b in pairwise(left)]
        at = gaps.index(min(gaps))
        left[at : at + 2] = [_joined(left[at], left[at + 1])]
    return left


def _joined(one: WindowLabel, other: WindowLabel) -> WindowLabel:
    larger = max(one, other, key=lambda window: window.ratio)
    robust, count = one.robust and other.robust, one.count + other.count
    return WindowLabel(one.start, other.end, larger.ratio, count, robust)


def _shade(canvas: ScreenCanvas, one: WindowLabel, load_axis: str) -> None:
    palette = canvas.palette
    x0, x1 = canvas.shade(one.start, one.end)
    where: PlotlyDict = {"xref": "x", "x0": x0, "x1": x1}
    tint = {"y0": 0, "y1": 1, "fillcolor": palette.window, "line": {"width": 0}, "layer": "below"}
    if load_axis:
        canvas.shapes.append({"type": "rect", "yref": load_axis, **where, **tint})
    # A solid bar is robust, a dotted one depends on model assumptions.
    cap = {"color": palette.window_edge, "width": CAP_PX, "dash": "solid" if one.robust else "3px,3px"}
    canvas.shapes.append({"type": "line", "yref": "paper", **where, "y0": 1, "y1": 1, "line": cap})


def _edges(canvas: ScreenCanvas, one: WindowLabel) -> None:
    """Draw both ends of a window as hair lines through all lanes."""
    hair = {"color": with_alpha(canvas.palette.window_edge, EDGE_SHARE), "width": 1}
    for x in canvas.shade(one.start, one.end):
        where = {"xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "below"}
        canvas.shapes.append({"type": "line", "line": hair, **where})


def _window_name(canvas: ScreenCanvas, one: WindowLabel, taken: list[list[tuple[float, float]]]) -> None:
    """Put the ratio in the middle over its own bar, in the first row that has room; the largest choose first."""
    text = window_ratio(one)
    width = len(text) * WINDOW_CHARACTER_PX
    left = _middle_px(canvas, one) - width / 2
    row = next((n for n, spans in enumerate(taken) if _is_free(spans, left, width)), None)
    if row is not None:
        taken[row].append((left, left + width))
        _put(canvas, one, text, row)


def window_ratio(one: WindowLabel) -> str:
    """Return how far load rose in a window, as short as can be; the words below the picture say the rest."""
    short = f"×{state_text.MOST_RATIO:g}+" if one.ratio > state_text.MOST_RATIO else f"×{one.ratio:.1f}"
    return f"up to {short}" if one.count > 1 else short


def _middle_px(canvas: ScreenCanvas, one: WindowLabel) -> float:
    middle = ((one.start - canvas.timeline_data.start).days + (one.end - one.start).days / 2) + 0.5
    return middle * canvas.plot_px / canvas.days


def _is_free(spans: list[tuple[float, float]], left: float, width: float) -> bool:
    return all(left > b + 8 or left + width < a - 8 for a, b in spans)


def _put(canvas: ScreenCanvas, one: WindowLabel, text: str, row: int) -> None:
    size = SMALL_PX if canvas.timeline_data.is_narrow else BODY_PX
    canvas.note(
        f"<b>{text}</b>",
        xref="x",
        x=str(one.start + (one.end - one.start) / 2),
        xanchor="center",
        yref="paper",
        y=1,
        yanchor="bottom",
        yshift=6 + row * WINDOW_ROW_PX,
        font={"color": canvas.palette.window_text, "size": size},
    )
