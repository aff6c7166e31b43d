"""What happened beside the training: kept, listed, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import ContractError
from connectors.frames import EVENT, checked
from connectors.manual_rows import event_rows
from connectors.store import Store

EVENT_SOURCE = "manual"


def save_event(
    store: Store, athlete_id: int, kind: str, first: date, last: date | None = None, note: str | None = None
) -> dict[str, Any]:
    """Store an event; the same one twice is one.

    The id comes from what was said, so that a second tap adds nothing.
    """
    if last is not None and last < first:
        raise ContractError(
            f"The event ends on {last} and begins on {first}. Nothing was stored; choose a later end."
        )
    said = {"date": first, "kind": kind, "end_date": last, "note": note or None}
    row = event_rows([said], athlete_id, datetime.now(UTC)).row(0, named=True)
    restore_event(store, row)
    return row


def restore_event(store: Store, row: dict[str, Any]) -> None:
    """Store a row of EVENT as it is: what undoes `remove_event`."""
    store.write(EVENT, checked(pl.DataFrame([row], schema=EVENT.schema), EVENT))


def remove_event(store: Store, row: dict[str, Any]) -> None:
    """Delete an event."""
    store.delete(EVENT, row["athlete_id"], row["source"], [row["source_id"]])


def latest_events(events: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return events, newest first."""
    return events.sort("date", "kind", "source_id", descending=[True, False, False]).head(most).to_dicts()
