"""What happened beside the training: kept, listed, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import ContractError
from connectors.events import event_rows
from connectors.frames import EVENT, checked
from connectors.store import Store

SOURCE = "manual"


def keep(
    store: Store, athlete_id: int, kind: str, first: date, last: date | None = None, note: str | None = None
) -> dict[str, Any]:
    """Store an event; the same one twice is one.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Runner on this machine, from 1.
    kind : str
        One of those in EVENT.
    first, last : date
        Local dates; the last one None where it was one day.
    note : str or None
        The runner's own words.

    Returns
    -------
    dict
        The row of EVENT.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored; nothing is changed then.

    Source
    ------
    ours: the id comes from what was said, so that a second tap adds nothing.
    """
    if last is not None and last < first:
        raise ContractError(
            f"The event ends on {last} and begins on {first}. Nothing was stored; choose a later end."
        )
    said = {"date": first, "kind": kind, "end_date": last, "note": note or None}
    row = event_rows([said], athlete_id, datetime.now(UTC)).row(0, named=True)
    put_back(store, row)
    return row


def put_back(store: Store, row: dict[str, Any]) -> None:
    """Store a row of EVENT as it is: what undoes `remove`.

    Parameters
    ----------
    store : Store
        Where it goes.
    row : dict
        A row of EVENT.

    Raises
    ------
    ContractError, StoreError
        When it cannot be stored.

    Source
    ------
    ours.
    """
    store.write(EVENT, checked(pl.DataFrame([row], schema=EVENT.schema), EVENT))


def remove(store: Store, row: dict[str, Any]) -> None:
    """Delete an event.

    Parameters
    ----------
    store : Store
        Where it is.
    row : dict
        A row of EVENT.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours.
    """
    store.delete(EVENT, row["athlete_id"], row["source"], [row["source_id"]])


def latest(events: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """Give events, newest first.

    Parameters
    ----------
    events : DataFrame
        EVENT.
    most : int
        How many at most.

    Returns
    -------
    list of dict
        Rows of EVENT.

    Source
    ------
    ours.
    """
    return events.sort("date", "kind", "source_id", descending=[True, False, False]).head(most).to_dicts()
