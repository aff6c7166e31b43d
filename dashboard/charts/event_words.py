"""Events in words: one by one, and those of some dates in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard import day_words, words
from dashboard.charts.event_marks import in_view

MOST = 12
EVENTS = "Events: {told}."
EVENTS_CUT = "Events: {told}, and {more} earlier."


def one(row: Mapping[str, Any], with_note: bool = True) -> str:
    """Say what one event was.

    Parameters
    ----------
    row : mapping
        A row of EVENT.
    with_note : bool
        Whether the runner's own words are said too.

    Returns
    -------
    str
        Such as "Race: half marathon".

    Source
    ------
    ours.
    """
    kind = day_words.EVENT_KINDS[row["kind"]]
    return f"{kind}: {row['note']}" if row["note"] and with_note else kind


def dates(row: Mapping[str, Any]) -> str:
    """Write when an event was.

    Parameters
    ----------
    row : mapping
        A row of EVENT.

    Returns
    -------
    str
        A date, or from when to when.

    Source
    ------
    ours.
    """
    return words.span(row["date"], row["end_date"] or row["date"])


def in_words(events: pl.DataFrame, start: date, end: date) -> str | None:
    """List the events of some dates.

    Parameters
    ----------
    events : DataFrame
        EVENT.
    start, end : date
        First and last local date.

    Returns
    -------
    str or None
        One sentence, oldest first, the newest twelve at most; None without an event.

    Source
    ------
    ours: hover is never the only way to a value.
    """
    rows = in_view(events, start, end)
    told = "; ".join(f"{one(row)} ({dates(row)})" for row in rows[-MOST:])
    if not rows:
        return None
    more = len(rows) - MOST
    return EVENTS_CUT.format(told=told, more=more) if more > 0 else EVENTS.format(told=told)


def notes(events: pl.DataFrame, first: date, last: date) -> list[tuple[date, str]]:
    """Give the events of some dates as notes.

    Parameters
    ----------
    events : DataFrame
        EVENT.
    first, last : date
        First and last local date.

    Returns
    -------
    list of tuple of date and str
        Each event's first day, and what it was.

    Source
    ------
    ours.
    """
    return [(row["date"], one(row)) for row in in_view(events, first, last)]
