"""The runner's pairs, and what the runner says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from connectors.frames import RUN_SPORTS, SHOE, SHOE_FACT
from connectors.store import Store

SOURCE = "manual"


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
    said = store.read(SHOE_FACT, athlete_id).select("shoe_id", "kind", "drop_mm", "is_plated")
    return (
        store.read(SHOE, athlete_id)
        .select("shoe_id", "name")
        .unique("shoe_id", keep="first", maintain_order=True)
        .join(said.unique("shoe_id", keep="last", maintain_order=True), on="shoe_id", how="left")
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
    ours: kept apart from the imported list, so that no import overwrites it.
    """
    if not changed:
        return 0
    rows = [
        {
            "athlete_id": athlete_id,
            "source": SOURCE,
            "source_id": one["shoe_id"],
            "fetched_utc": datetime.now(UTC),
            **{name: one[name] for name in ("shoe_id", "kind", "drop_mm", "is_plated")},
        }
        for one in changed
    ]
    counts = store.write(SHOE_FACT, pl.DataFrame(rows, schema=SHOE_FACT.schema))
    return counts.new + counts.updated
