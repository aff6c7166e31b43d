"""Made-up sessions and pairs as the store gives them, and the real exports whose runs name pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from connectors.frames import ACTIVITY, PAIR_EXTRA, SESSION_EXTRA, SHOE
from connectors.ingest.pipeline import import_paths
from connectors.store import Store, open_store

FIRST = date(2024, 1, 1)
"""A Monday."""
SESSION_SCHEMA = pl.Schema(
    {**ACTIVITY.schema, **{n: c.dtype for n, c in SESSION_EXTRA.items()}, "edited": pl.String}
)
PAIR_SCHEMA = pl.Schema({**SHOE.schema, **{n: c.dtype for n, c in PAIR_EXTRA.items()}})
NAMING = ("Bergolito", "Darixxxon", "eoinlees", "rodrigomaria", "slalom007")
"""Public exports with runs in two pairs or more."""


def session(number: int, shoe_id: str | None, **facts: object) -> dict[str, object]:
    """One easy run of 8 km on day `number`; what is not said is unknown."""
    day = FIRST + timedelta(days=number)
    return {
        "activity_id": f"r{number:04d}",
        "start_utc": datetime.combine(day, time(7), UTC),
        "local_date": day,
        "sport": "Run",
        "distance_m": 8000.0,
        "moving_s": 2700.0,
        "shoe_id": shoe_id,
        **facts,
    }


def sessions(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SESSION_SCHEMA)


def pairs(*ids: str, **facts: dict[str, object]) -> pl.DataFrame:
    """Pairs of these ids; facts of one pair by its id."""
    rows = [{"shoe_id": one, "name": one.title(), **facts.get(one, {})} for one in ids]
    return pl.DataFrame(rows, schema=PAIR_SCHEMA)


def real_histories(
    real_data: Path, scratch: Path, names: Iterable[str] = NAMING
) -> Iterator[tuple[str, Store, int]]:
    """Bring each export in; its recordings are not read, as shoes are named in its tables."""
    for name in names:
        (folder,) = (real_data / "strava_export").glob(f"{name}+*")
        store = open_store(scratch / name)
        athlete_id = store.runner(create=True).athlete_id
        import_paths(store, athlete_id, sorted(folder.glob("*ativi*.csv")) or [folder / "activities.csv"])
        yield name, store, athlete_id
