"""Where facts are kept: SQLite for tables, Parquet for samples. The only place that imports SQLAlchemy."""

# Names are loaded when they are asked for: the processes that decode recordings need the samples alone, and
# SQLAlchemy takes a fifth of a second in each of them.

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "MADE_UP": "runners",
    "Counts": "rows",
    "Finding": "diagnostics",
    "Job": "jobs",
    "Runner": "runners",
    "SampleFolder": "samples",
    "Store": "store",
    "home_folder": "paths",
    "open_store": "store",
}


def __getattr__(name: str) -> Any:
    """Load a name of `__all__` from the module it is written in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
