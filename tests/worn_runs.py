"""Runs of which only the day, the pair and the distance matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from dashboard.model.schemas import RUN_SCHEMA

MONDAY = date(2024, 1, 1)


def runs(rows: Sequence[tuple[int, str | None, float | None]]) -> pl.DataFrame:
    """Build RUN rows from day number, pair and metres."""
    columns = {
        "activity_id": [f"{n:04d}" for n in range(len(rows))],
        "local_date": [MONDAY + timedelta(days=day) for day, _, _ in rows],
        "shoe_id": [shoe for _, shoe, _ in rows],
        "distance_m": [metres for _, _, metres in rows],
        "x_shoe": [1.0] * len(rows),
    }
    return pl.DataFrame(
        {
            name: pl.Series(columns.get(name, [None] * len(rows)), dtype=dtype)
            for name, dtype in RUN_SCHEMA.items()
        }
    )
