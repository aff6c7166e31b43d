"""Where samples lie: in the store's own folder, or where HEELWISE_SAMPLES says."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.store.paths import SAMPLES_NAME
from connectors.store.samples import SampleFolder

if TYPE_CHECKING:
    from connectors.store.database import Database

SAMPLES_VARIABLE = "HEELWISE_SAMPLES"


def open_samples(home: Path, database: Database) -> SampleFolder:
    """Return the samples of a store: its own folder, unless a bucket or another folder is set."""
    url = os.environ.get(SAMPLES_VARIABLE, "").strip()
    if not url:
        return SampleFolder(home / SAMPLES_NAME)
    # obstore belongs to the server alone, and is loaded nowhere else.
    return import_module("connectors.store.sample_bucket").SampleBucket(home / SAMPLES_NAME, database, url)
