"""The dates along the clock: few enough to read, at days a reader thinks in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

STEPS_OF_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60)


def ticks(start: date, end: date, most: int) -> list[tuple[date, str]]:
    """Choose the dates written along the clock.

    Parameters
    ----------
    start, end : date
        First and last local date shown.
    most : int
        How many fit.

    Returns
    -------
    list of tuple of date and str
        In order. A short window has Mondays, a longer one firsts of months; the year stands where it begins.

    Source
    ------
    ours.
    """
    days = (end - start).days + 1
    for weeks in (1, 2):
        if days / (7 * weeks) <= most:
            return _mondays(start, end, weeks)
    months = next((step for step in STEPS_OF_MONTHS if days / (30.44 * step) <= most), STEPS_OF_MONTHS[-1])
    return _firsts(start, end, months)


def as_axis(found: list[tuple[date, str]]) -> dict[str, Any]:
    """Write chosen dates as a Plotly axis has them.

    Parameters
    ----------
    found : list of tuple of date and str
        As from `ticks`.

    Returns
    -------
    dict
        `tickvals`, `ticktext` and level text.

    Source
    ------
    ours: dates look the same under every picture.
    """
    return {
        "tickvals": [str(moment) for moment, _ in found],
        "ticktext": [text for _, text in found],
        "tickangle": 0,
    }


def _mondays(start: date, end: date, weeks: int) -> list[tuple[date, str]]:
    first = start + timedelta(days=-start.weekday() % 7)
    found = [first + timedelta(weeks=i) for i in range(0, (end - first).days // 7 + 1, weeks)]
    return [(moment, _said(f"{moment.day} {moment:%b}", moment, before)) for moment, before in _pairs(found)]


def _firsts(start: date, end: date, months: int) -> list[tuple[date, str]]:
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    run = [start.year * 12 + start.month - 1 + i for i in range(count + 1)]
    found = [date(at // 12, at % 12 + 1, 1) for at in run if at % months == 0]
    shown = [moment for moment in found if start <= moment <= end]
    if months >= 12:
        return [(moment, str(moment.year)) for moment in shown]
    return [(moment, _said(f"{moment:%b}", moment, before)) for moment, before in _pairs(shown)]


def _pairs(moments: list[date]) -> list[tuple[date, date | None]]:
    return list(zip(moments, [None, *moments], strict=False))


def _said(text: str, moment: date, before: date | None) -> str:
    is_new_year = before is None or before.year != moment.year
    return f"{text}<br><b>{moment.year}</b>" if is_new_year else text
