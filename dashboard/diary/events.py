"""Events beside the training: saved, listed, removed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import ContractError
from connectors.frames import EVENT
from connectors.manual_rows import event_rows
from connectors.store import Store
from dashboard.shared.undo import Change, replace_rows


def save_event(
    store: Store, athlete_id: int, kind: str, first: date, last: date | None = None, note: str | None = None
) -> Change:
    """Store an event; its id is made of its content, so that the same one twice is one."""
    if last is not None and last < first:
        raise ContractError(
            f"The event ends on {last} and begins on {first}. Nothing was stored; choose a later end."
        )
    event = {"date": first, "kind": kind, "end_date": last, "note": note or None}
    rows = event_rows([event], athlete_id, datetime.now(UTC)).to_dicts()
    return replace_rows(store, EVENT, athlete_id, rows)


def remove_event(store: Store, row: dict[str, Any]) -> Change:
    """Delete an event."""
    return replace_rows(store, EVENT, row["athlete_id"], (), [row])


def latest_events(events: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return events, newest first."""
    return events.sort("date", "kind", "source_id", descending=[True, False, False]).head(most).to_dicts()
