"""Sessions with clauses about a leg, written into a store as an import does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl

from connectors.frames import ACTIVITY, STATEMENT
from connectors.statements.rows import statement_rows
from connectors.store import Store

WROTE = {
    date(2026, 4, 7): "Left calf tight",
    date(2026, 4, 11): "Achilles sore again, coffee with Kim",
    date(2026, 2, 10): "Shin a bit sore",
    date(2026, 2, 14): "no pain in the calf",
}


def write_titles(store: Store, athlete_id: int, titles: Mapping[date, str]) -> None:
    """Give runs of the store these titles, and store the clauses found in them."""
    rows = store.read(ACTIVITY, athlete_id).to_dicts()
    named = [{**row, "name": titles[row["local_date"]]} for row in rows if row["local_date"] in titles]
    assert len(named) == len(titles)
    frame = pl.DataFrame(named, schema=ACTIVITY.schema)
    store.write(ACTIVITY, frame)
    store.write(STATEMENT, statement_rows(frame, {}, datetime(2026, 6, 1, tzinfo=UTC)))
