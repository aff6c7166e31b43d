"""The runner's pairs, and what the runner says of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from connectors.edits import Edit
from connectors.frames import RUN_SPORTS
from connectors.store import Store

SAID = {"kind": "kind", "drop_mm": "drop_mm", "is_plated": "plate"}
"""What the list shows of a pair, and the field a person edits with it."""


def pairs(store: Store, athlete_id: int) -> list[dict[str, Any]]:
    """List every pair with what is known of it and how far it ran.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Whose.

    Returns
    -------
    list of dict
        `shoe_id`, `name`, `kind`, `drop_mm`, `is_plated`, `runs`, `distance_m`, `last_date`; the pair worn last
        comes first. None is unknown.

    Source
    ------
    ours: runs only; a walk in a pair is not counted here.
    """
    worn = (
        store.activities(athlete_id)
        .filter(pl.col("sport").is_in(RUN_SPORTS) & pl.col("shoe_id").is_not_null())
        .group_by("shoe_id")
        .agg(
            pl.len().cast(pl.Int64).alias("runs"),
            pl.col("distance_m").sum(),
            pl.col("local_date").max().alias("last_date"),
        )
    )
    return (
        store.shoes(athlete_id)
        .select("shoe_id", "name", *SAID)
        .join(worn, on="shoe_id", how="left")
        .with_columns(pl.col("runs").fill_null(0))
        .sort("last_date", "name", descending=[True, False], nulls_last=True)
        .to_dicts()
    )


def describe(store: Store, athlete_id: int, changed: list[dict[str, Any]]) -> int:
    """Store what the runner says of some pairs.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose they are.
    changed : list of dict
        Each with `shoe_id`, `kind`, `drop_mm` and `is_plated`; None is unknown.

    Returns
    -------
    int
        How many pairs changed.

    Raises
    ------
    ContractError
        When a value is out of bounds (drop is -10 to 30 mm); nothing is changed then.
    StoreError
        When it cannot be written.

    Source
    ------
    ours: kept as edits, so that no import overwrites them and each can be undone.
    """
    now = {one["shoe_id"]: one for one in pairs(store, athlete_id)}
    edits = [
        Edit("shoe", one["shoe_id"], field, _as_edit(one[name]))
        for one in changed
        for name, field in SAID.items()
        if one[name] != now.get(one["shoe_id"], {}).get(name)
    ]
    store.edit(athlete_id, edits)
    return len({edit.record_id for edit in edits})


def _as_edit(value: Any) -> Any:
    """Say a plate in words: what it is made of was not asked."""
    if isinstance(value, bool):
        return "other" if value else "none"
    return float(value) if isinstance(value, int) else value
