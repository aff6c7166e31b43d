"""What a runner wrote of their legs beside the title of a run at a service: clauses, proposed and never entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from connectors.frames import ACTIVITY, STATEMENT
from connectors.statements.rows import statement_rows
from connectors.store import Store


def propose_clauses(
    store: Store, athlete_id: int, source: str, descriptions: Mapping[str, str | None], now: datetime
) -> None:
    """Store the clauses in descriptions, by `source_id`; those of one that changed or is gone go."""
    rows = store.read(ACTIVITY, athlete_id).filter(pl.col("source") == source)
    listed = dict(
        rows.filter(pl.col("source_id").is_in(list(descriptions))).select("activity_id", "source_id").rows()
    )
    texts = {
        one: (text,) for one, source_id in listed.items() if (text := descriptions[source_id]) is not None
    }
    stored = store.read(STATEMENT, athlete_id).filter(
        pl.col("source") == source, pl.col("activity_id").is_in(list(listed))
    )
    if not texts and stored.is_empty():
        return
    # Titles are read where proposals are shown: a link brings them in anew at each sync.
    untitled = rows.filter(pl.col("activity_id").is_in(list(texts))).with_columns(
        name=pl.lit(None, pl.String)
    )
    clauses = statement_rows(untitled, texts, now)
    gone = stored.join(clauses, on="source_id", how="anti")["source_id"].to_list()
    if clauses.height or gone:
        store.replace(STATEMENT, athlete_id, clauses, [(source, one) for one in gone])


def delete_clauses(store: Store, athlete_id: int, source: str, activity_id: str) -> None:
    """Delete the clauses of an activity that is gone."""
    rows = store.read(STATEMENT, athlete_id).filter(
        pl.col("source") == source, pl.col("activity_id") == activity_id
    )
    if rows.height:
        store.delete(STATEMENT, athlete_id, source, rows["source_id"].to_list())
