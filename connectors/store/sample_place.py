"""Where samples lie: in the store's own folder, or where HEELWISE_SAMPLES says."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from connectors.errors import StoreError
from connectors.store.paths import SAMPLES_NAME
from connectors.store.row_security import is_partial
from connectors.store.samples import SampleFolder
from connectors.store.tables import SAMPLE_FILE_TABLE

if TYPE_CHECKING:
    from connectors.store.database import Database

SAMPLES_VARIABLE = "HEELWISE_SAMPLES"


def require_place(home: Path, database: Database) -> None:
    """Refuse a store whose recordings lie elsewhere than where they are looked for: no run would show its own."""
    is_set = bool(os.environ.get(SAMPLES_VARIABLE, "").strip())
    with database.reading() as connection:
        has_rows = connection.scalar(select(SAMPLE_FILE_TABLE.c.athlete_id).limit(1)) is not None
        if is_partial(connection):
            return  # rows that are not seen may be there
    if has_rows and not is_set:
        raise StoreError(
            f"The recordings of this store lie in a bucket, and {SAMPLES_VARIABLE} is not set. Nothing was changed. "
            "Set it to the address of that bucket."
        )
    if is_set and not has_rows and next(SampleFolder(home / SAMPLES_NAME).files(), None) is not None:
        raise StoreError(
            f"The recordings of this store lie in its folder {home / SAMPLES_NAME}, and {SAMPLES_VARIABLE} names "
            "another place. Nothing was changed. Take the setting away, or move the store with `heelwise store copy`."
        )


def open_samples(home: Path, database: Database) -> SampleFolder:
    """Return the samples of a store: its own folder, unless a bucket or another folder is set."""
    url = os.environ.get(SAMPLES_VARIABLE, "").strip()
    if not url:
        return SampleFolder(home / SAMPLES_NAME)
    # obstore belongs to the server alone, and is loaded nowhere else.
    return import_module("connectors.store.sample_bucket").SampleBucket(home / SAMPLES_NAME, database, url)
