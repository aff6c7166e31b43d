"""What a sync or an unlinking changed of past load: which runs, and by how much."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, RUN_SPORTS
from connectors.plural import count
from connectors.store import Store
from connectors.store.corrections import duplicate_groups
from dashboard.shared import pipeline
from dashboard.shared.text import day_in_words

NOTE = "links.load_note"
"""Bookmark: the last note, shown on the Data page."""
LEAST_TKM, LEAST_SHARE = 0.05, 0.005
"""A smaller change is rounding, or the runner's usual speed known a little better. Design choice."""
MOST_SHOWN = 5


@dataclass(frozen=True)
class LoadChange:
    """Past load that is another than before, in sentences."""

    on: str
    sentences: list[str]


def load_before(store: Store, athlete_id: int, sources: Collection[str]) -> pl.DataFrame | None:
    """Return the load of each run on record; None where no other source than these few has runs.

    A record of one source alone changes only as that source does, which a sync counts by itself.
    """
    try:
        rows = store.read(ACTIVITY, athlete_id).filter(pl.col("sport").is_in(RUN_SPORTS))
        if rows.is_empty() or len(set(rows["source"].unique()) | set(sources)) < 2:
            return None
        return _loads(store, athlete_id)
    except StoreError:
        return None  # a recording that cannot be read is no reason to bring nothing in; `doctor` names it


def note_load_change(store: Store, athlete_id: int, before: pl.DataFrame | None) -> list[str]:
    """Compare with the load before, write the note down for the Data page, and return its sentences."""
    if before is None or before.is_empty():
        return []
    try:
        sentences = _compared(store, athlete_id, before, _loads(store, athlete_id))
    except StoreError as error:
        return [f"Whether past load changed could not be told: {error}"]
    if sentences:
        note = LoadChange(date.today().isoformat(), sentences)
        store.set_bookmarks(athlete_id, {NOTE: json.dumps(asdict(note))})
    return sentences


def last_load_change(store: Store, athlete_id: int) -> LoadChange | None:
    """Return the last note."""
    stored = store.bookmarks(athlete_id).get(NOTE)
    return LoadChange(**json.loads(stored)) if stored else None


def _loads(store: Store, athlete_id: int) -> pl.DataFrame:
    settings = pipeline.model_settings_of(store, athlete_id)
    runs, _ = pipeline.load_runs_of(store, athlete_id, settings)
    return runs.select("activity_id", "local_date", "load_tkm")


def _compared(store: Store, athlete_id: int, before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """List what changed. A run is known again by any of its records, whichever of them leads now."""
    ids = {*before["activity_id"], *after["activity_id"], *store.read(ACTIVITY, athlete_id)["activity_id"]}
    groups = duplicate_groups(store.matches(athlete_id), ids)
    run = pl.col("activity_id").replace(groups) if groups else pl.col("activity_id")
    was = before.with_columns(run=run).unique("run", keep="first", maintain_order=True)
    now = after.with_columns(run=run).select("run", now_tkm="load_tkm").unique("run", maintain_order=True)
    both = was.join(now, on="run", how="left", maintain_order="left").with_columns(
        is_gone=~pl.col("run").is_in(now["run"].implode()),
        by=pl.col("now_tkm").fill_null(0.0) - pl.col("load_tkm").fill_null(0.0),
    )
    least = pl.max_horizontal(pl.lit(LEAST_TKM), LEAST_SHARE * pl.col("load_tkm").fill_null(0.0))
    changed = both.filter(pl.col("is_gone") | (pl.col("by").abs() >= least))
    if changed.is_empty():
        return []
    by = changed["by"].sum()
    largest = changed.sort(pl.col("by").abs(), "local_date", descending=True).head(MOST_SHOWN)
    lines = [_line(row) for row in largest.iter_rows(named=True)]
    many = count(changed.height, "run that was here", "runs that were here")
    more = f" {changed.height - MOST_SHOWN} more changed less." if changed.height > MOST_SHOWN else ""
    return [f"Load of {many} is another now, by {by:+.1f} easy kilometres together.", " ".join(lines) + more]


def _line(row: dict[str, object]) -> str:
    day = row["local_date"]
    name = day_in_words(day) if isinstance(day, date) else "A run"
    was = "unknown" if row["load_tkm"] is None else f"{row['load_tkm']:.1f}"
    if row["is_gone"]:
        return f"{name}: {was} easy kilometres, gone with its only source."
    now = "unknown" if row["now_tkm"] is None else f"{row['now_tkm']:.1f} easy kilometres"
    return f"{name}: {was} → {now}."
