"""What a person said of pairs, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from connectors.frames import EDIT, SHOE
from connectors.store import Store
from dashboard.pairs import SAID

LATEST = 10


@dataclass(frozen=True)
class Act:
    """One thing a person said of pairs.

    Parameters
    ----------
    batch_id
        For `Store.undo_edits`.
    when
        Aware, UTC.
    decided_by
        One of `frames.DECIDERS`.
    reason
        One of those in `dashboard.pairs`.
    pair
        Name of the pair spoken of.
    fields
        What was spoken of.
    """

    batch_id: str
    when: datetime
    decided_by: str
    reason: str
    pair: str
    fields: tuple[str, ...]


def acts(store: Store, athlete_id: int) -> list[Act]:
    """List the latest things said of pairs that are in force.

    Parameters
    ----------
    store, athlete_id
        As for `pairs.known`.

    Returns
    -------
    list of Act
        At most LATEST, the latest first.

    Raises
    ------
    StoreError
        When the store cannot be read.

    Source
    ------
    ours.
    """
    said = store.read(EDIT, athlete_id).filter(pl.col("record") == "shoe", ~pl.col("is_undone"))
    names = dict(store.read(SHOE, athlete_id).select("shoe_id", "name").iter_rows())
    names |= dict(store.shoes(athlete_id).select("shoe_id", "name").iter_rows())
    batches = said.group_by("batch_id").agg(
        pl.col("fetched_utc", "decided_by", "reason", "record_id").first(), pl.col("field").sort()
    )
    latest = batches.sort("fetched_utc", "batch_id", descending=True).head(LATEST)
    return [
        Act(
            row["batch_id"],
            row["fetched_utc"],
            row["decided_by"],
            row["reason"] or SAID,
            names.get(row["record_id"], ""),
            tuple(row["field"]),
        )
        for row in latest.iter_rows(named=True)
    ]
