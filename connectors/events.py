"""The one way to build an event of life beside the training: pages and the diary come through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial

import polars as pl

from connectors.frames import EVENT
from connectors.source import stable_id
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
        Source "manual"; the id at the source is `event_id`. An end on the first day is no end.

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one event comes twice.

    Source
    ------
    ours: pages and the CSV make a row in the same way.
    """
    plain = (
        {**one, "end_date": None if one.get("end_date") == one["date"] else one.get("end_date")}
        for one in events
    )
    return manual_rows(plain, EVENT, partial(event_id, athlete_id=athlete_id), athlete_id, fetched_utc)


def event_id(one: Mapping[str, object], athlete_id: int = 0) -> str:
    """Name an event by what was said of it.

    Parameters
    ----------
    one : mapping
        With `date` and `kind`, and perhaps `end_date` and `note`.
    athlete_id : int
        Runner on this machine; 0 to tell events of one file apart.

    Returns
    -------
    str
        Date, kind and a digest of all of it.

    Source
    ------
    ours: the same words twice are one event, and two kinds of one date are two.
    """
    last = one.get("end_date")
    said = (str(one["date"]), str(one["kind"]), "" if last in (None, one["date"]) else str(last))
    digest = stable_id(athlete_id, "manual", "/".join([*said, str(one.get("note") or "")]))
    return f"{one['date']}:{one['kind']}:{digest}"


def _in_order(one: Mapping[str, object]) -> None:
    first, last = one["date"], one["end_date"]
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise ValueError(f"Its end_date {last} is before its date.")


EVENTS = Subject(
    EVENT,
    told_by="event",
    columns={"date": "date", "event": "kind", "end_date": "end_date", "note": "note"},
    build=event_rows,
    id_of=event_id,
    check=_in_order,
    may_lie_ahead=True,
)
"""One row for each event."""
