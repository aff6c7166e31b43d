"""A plain table for a page: real rows and headers, readable by a listener and on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

import numpy as np


def html_table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Write a table.

    A grid that needs a mouse is no table.
    """
    top = "".join(f"<th scope='col'>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<div class='hw-scroll' tabindex='0' role='region' aria-label='{escape(caption, quote=True)}'>"
        f"<table class='hw-rows'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


STEPS_OF_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60)


def date_ticks(start: date, end: date, most: int) -> list[tuple[date, str]]:
    """Choose the dates written along the clock."""
    days = (end - start).days + 1
    for weeks in (1, 2):
        if days / (7 * weeks) <= most:
            return _mondays(start, end, weeks)
    months = next((step for step in STEPS_OF_MONTHS if days / (30.44 * step) <= most), STEPS_OF_MONTHS[-1])
    return _firsts(start, end, months)


def date_axis(ticks: list[tuple[date, str]]) -> dict[str, Any]:
    """Write chosen dates as a Plotly axis has them.

    Dates look the same under every picture.
    """
    return {
        "tickvals": [str(moment) for moment, _ in ticks],
        "ticktext": [text for _, text in ticks],
        "tickangle": 0,
    }


def _mondays(start: date, end: date, weeks: int) -> list[tuple[date, str]]:
    first = start + timedelta(days=-start.weekday() % 7)
    mondays = [first + timedelta(weeks=i) for i in range(0, (end - first).days // 7 + 1, weeks)]
    return [
        (moment, _label(f"{moment.day} {moment:%b}", moment, before)) for moment, before in _pairs(mondays)
    ]


def _firsts(start: date, end: date, months: int) -> list[tuple[date, str]]:
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    run = [start.year * 12 + start.month - 1 + i for i in range(count + 1)]
    firsts = [date(at // 12, at % 12 + 1, 1) for at in run if at % months == 0]
    shown = [moment for moment in firsts if start <= moment <= end]
    if months >= 12:
        return [(moment, str(moment.year)) for moment in shown]
    return [(moment, _label(f"{moment:%b}", moment, before)) for moment, before in _pairs(shown)]


def _pairs(dates: list[date]) -> list[tuple[date, date | None]]:
    return list(zip(dates, [None, *dates], strict=False))


def _label(text: str, moment: date, before: date | None) -> str:
    is_new_year = before is None or before.year != moment.year
    return f"{text}<br><b>{moment.year}</b>" if is_new_year else text


def last_known(y: np.ndarray, unknown: float = 0.0) -> float:
    """Return the last known value of a line, where its name belongs."""
    known = y[np.isfinite(y)]
    return float(known[-1]) if len(known) else unknown


def value_axis(top: float, bottom: float = 0.0, ticks: Sequence[float] | None = None) -> dict[str, Any]:
    """Return the y axis of a lane.

    Three numbers are enough to read a lane by.
    """
    at = list(ticks) if ticks is not None else [bottom, (top + bottom) / 2, top]
    return {"range": [bottom, top], "tickvals": at, "ticktext": [f"{abs(value):g}" for value in at]}


def stretches(wanted: np.ndarray) -> list[tuple[int, int]]:
    """Find where a condition holds without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def round_top(value: float, least: float) -> float:
    """Return the round number a lane ends at.

    Halves and wholes of it are round as well.
    """
    top = max(value, least)
    power = 10.0 ** np.floor(np.log10(top))
    return next(
        float(step * power) for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * power >= top - 1e-9
    )
