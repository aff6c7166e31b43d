"""The one way to build an event of life beside the training: pages and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from connectors.frames import EVENT
from connectors.subjects import Subject, manual_rows


def event_rows(
    events: Iterable[Mapping[str, object]], athlete_id: int, fetched_utc: datetime
) -> pl.DataFrame:
    """Build rows of EVENT.

    Parameters
    ----------
    events : iterable of mapping
        Keys are columns of EVENT without provenance; `date` and `kind` are required.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the entry.

    Returns
    -------
    DataFrame, shape (n, columns of EVENT)
        Source "manual"; the id at the source is `event_id`.

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one date and kind come twice.

    Source
    ------
    ours: pages and the CSV make a row in the same way.
    """
    return manual_rows(events, EVENT, event_id, athlete_id, fetched_utc)


def event_id(one: Mapping[str, object]) -> str:
    """Name an event: one for each date and kind.

    Parameters
    ----------
    one : mapping
        With `date` and `kind`.

    Returns
    -------
    str
        Such as "2026-03-01:race".

    Source
    ------
    ours.
    """
    return f"{one['date']}:{one['kind']}"


EVENTS = Subject(
    EVENT,
    told_by="event",
    columns={"date": "date", "event": "kind", "end_date": "end_date", "note": "note"},
    build=event_rows,
    id_of=event_id,
)
"""One row for each event."""
