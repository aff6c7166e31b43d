"""When a source changed the title or the pair of a run on record: an edit made there, dated by the sync that saw it."""

from __future__ import annotations

import polars as pl

CHANGE_TIMES = {"name": "name_changed_utc", "shoe_id": "shoe_changed_utc"}
"""Field of a session to the column that holds when its source was last seen to have changed it."""
_WHEN = "fetched_utc"


def date_changes(incoming: pl.DataFrame, current: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Carry the times of earlier changes over to incoming rows, and note the changes that these rows bring.

    A field that a source no longer fills has no new value to count, and one of a new row is seen for the first time.
    """
    fields = [*CHANGE_TIMES, *CHANGE_TIMES.values()]
    there = current.select(
        *key, *(pl.col(name).alias(f"{name}|now") for name in fields), pl.lit(True).alias("|is_there")
    )
    beside = incoming.join(there, on=list(key), how="left", maintain_order="left")
    times = []
    for field, when in CHANGE_TIMES.items():
        known = pl.max_horizontal(when, f"{when}|now")
        differs = pl.col(field).is_not_null() & pl.col(field).ne_missing(pl.col(f"{field}|now"))
        is_changed = pl.col("|is_there").fill_null(False) & differs
        seen = pl.max_horizontal(known, pl.when(is_changed).then(_WHEN))
        times.append(seen.alias(when))
    return beside.with_columns(times).select(incoming.columns)


def latest_known(field: str) -> pl.Expr:
    """Return a field as the record of a run says whose source changed it last, else the first that knows it.

    For use in a group of records in the order of their sources.
    """
    changed = pl.col(CHANGE_TIMES[field])
    return (
        pl.col(field)
        .sort_by(changed, descending=True, nulls_last=True, maintain_order=True)
        .drop_nulls()
        .first()
    )
