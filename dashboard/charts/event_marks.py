"""Events through all lanes: a dotted line for each, a bar over its days, at most seven names under the dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from typing import Any

import polars as pl

from dashboard import day_words
from dashboard.charts.measures import DAY_MS
from dashboard.charts.stage import SMALL, Stage

MOST_NAMED = 7
ROW_PX = 18.0
LINES = 2
BELOW_DATES_PX = 44
PX_PER_CHARACTER = 6.2
APART_PX = 10.0
SIGN = "◆"
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Told:
    """One name under the dates: an event, or neighbours told together.

    Parameters
    ----------
    start
        Date of the first.
    kinds
        Their kinds, in order of date.
    """

    start: date
    kinds: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name."""
        distinct = list(dict.fromkeys(self.kinds))
        if len(distinct) > 1:
            return f"{SIGN} {len(self.kinds)} events"
        many = f" ×{len(self.kinds)}" if len(self.kinds) > 1 else ""
        return f"{SIGN} {day_words.EVENT_KINDS[distinct[0]]}{many}"


def mark_events(stage: Stage) -> float:
    """Draw the events of the dates shown through all lanes, and name them under the dates.

    Parameters
    ----------
    stage : Stage
        What is drawn on; its events are EVENT, or None.

    Returns
    -------
    float
        px the names need under the dates.

    Source
    ------
    ours: at most seven names, neighbours told together; what each is stands in the hover and in words below.
    """
    rows = in_view(stage.picture.events, stage.picture.start, stage.picture.end)
    if not rows:
        return 0.0
    for row in rows:
        _line(stage, row)
    named = laid_out(stage, [Told(max(row["date"], stage.picture.start), (row["kind"],)) for row in rows])
    for one, line in named:
        _name(stage, one, line)
    return ROW_PX * (1 + max(line for _, line in named))


def in_view(events: pl.DataFrame | None, start: date, end: date) -> list[dict[str, Any]]:
    """Give the events that reach into some dates, oldest first.

    Parameters
    ----------
    events : DataFrame or None
        EVENT.
    start, end : date
        First and last local date.

    Returns
    -------
    list of dict
        Rows of EVENT.

    Source
    ------
    ours.
    """
    if events is None:
        return []
    last = pl.col("end_date").fill_null(pl.col("date"))
    return (
        events.filter((pl.col("date") <= end) & (last >= start)).sort("date", "kind", "source_id").to_dicts()
    )


def laid_out(stage: Stage, told: list[Told]) -> list[tuple[Told, int]]:
    """Put names into lines, telling neighbours together until none stands over another.

    Parameters
    ----------
    stage : Stage
        For the room there is.
    told : list of Told
        Oldest first.

    Returns
    -------
    list of tuple of Told and int
        At most seven, each with its line from the top, 0 or 1.

    Source
    ------
    ours: the closest are joined first.
    """
    left = list(told)
    while len(left) > 1:
        lines = _lines(stage, left)
        if lines is not None and len(left) <= MOST_NAMED:
            return list(zip(left, lines, strict=True))
        gaps = [(b.start - a.start).days for a, b in pairwise(left)]
        at = gaps.index(min(gaps))
        left[at : at + 2] = [Told(left[at].start, left[at].kinds + left[at + 1].kinds)]
    return [(one, 0) for one in left]


def _lines(stage: Stage, told: list[Told]) -> list[int] | None:
    """The line of each name; None where one has no room."""
    ends, lines = [-APART_PX] * LINES, []
    for one in told:
        left, right = _span(stage, one)
        free = [line for line in range(LINES) if left >= ends[line] + APART_PX]
        if not free:
            return None
        ends[free[0]] = right
        lines.append(free[0])
    return lines


def _span(stage: Stage, one: Told) -> tuple[float, float]:
    """Left and right edge of a name in px; one near the end of the picture is moved in."""
    width = len(one.text) * PX_PER_CHARACTER
    at = (one.start - stage.picture.start).days * stage.plot_px / stage.days
    left = min(at, max(0.0, stage.plot_px - width))
    return left, left + width


def _line(stage: Stage, row: dict[str, Any]) -> None:
    look, picture = stage.colours, stage.picture
    first, last = max(row["date"], picture.start), min(row["end_date"] or row["date"], picture.end)
    where = {"type": "line", "xref": "x", "yref": "paper", "layer": "below"}
    thin = {"color": look.muted, "width": 1, "dash": "2px,3px"}
    if row["date"] >= picture.start:
        stage.shapes.append({**where, "x0": str(first), "x1": str(first), "y0": 0, "y1": 1, "line": thin})
    if last > first:
        thick = {"color": look.muted, "width": 4}
        stage.shapes.append({**where, "x0": str(first), "x1": str(last), "y0": 0, "y1": 0, "line": thick})


def _name(stage: Stage, one: Told, line: int) -> None:
    left = _span(stage, one)[0]
    at = (one.start - stage.picture.start).days * stage.plot_px / stage.days
    is_moved = left < at
    stage.note(
        one.text,
        xref="paper" if is_moved else "x",
        x=1 if is_moved else str(one.start),
        xanchor="right" if is_moved else "left",
        xshift=0 if is_moved else -4,
        yref="paper",
        y=0,
        yanchor="top",
        yshift=-BELOW_DATES_PX - ROW_PX * line,
        font={"color": stage.colours.muted, "size": SMALL},
    )


def answer_hover(stage: Stage, axis: str) -> None:
    """Let the hover of a day name its events.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    axis : str
        A y axis over all lanes, 0 to 1.

    Source
    ------
    ours: the runner's own words, escaped.
    """
    shown = [
        row
        for row in in_view(stage.picture.events, stage.picture.start, stage.picture.end)
        if row["date"] >= stage.picture.start
    ]
    if not shown or not len(stage.moments):
        return
    texts: dict[float, list[str]] = {}
    for row in shown:
        at = (row["date"] - EPOCH).days * DAY_MS
        nearest = float(stage.moments[abs(stage.moments - at).argmin()])
        texts.setdefault(nearest, []).append(_said(row))
    unseen = {"size": 1, "opacity": 0}
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": list(texts),
        "y": [0.0] * len(texts),
        "marker": unseen,
    }
    told = {"name": "Event", "text": ["; ".join(said) for said in texts.values()]}
    hover = {"hovertemplate": "%{text}", "xaxis": "x", "yaxis": axis, "showlegend": False}
    stage.traces.append({**trace, **told, **hover, "unselected": {"marker": {"opacity": 0}}})


def _said(row: dict[str, Any], most: int = 60) -> str:
    note = row["note"] or ""
    short = note if len(note) <= most else note[: most - 1] + "…"
    return day_words.EVENT_KINDS[row["kind"]] + (f": {escape(short)}" if short else "")
