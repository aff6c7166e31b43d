"""Where facts are kept: SQLite for tables, Parquet for samples. The only place that imports SQLAlchemy."""

from __future__ import annotations

from connectors.store.diagnostics import Finding
from connectors.store.jobs import Job
from connectors.store.paths import home_folder
from connectors.store.rows import Counts
from connectors.store.runners import MADE_UP, Runner
from connectors.store.samples import SampleFolder
from connectors.store.store import Store, open_store

__all__ = [
    "MADE_UP",
    "Counts",
    "Finding",
    "Job",
    "Runner",
    "SampleFolder",
    "Store",
    "home_folder",
    "open_store",
]
