"""What two pages may ask for at the same time, imported before the first of them is drawn."""

# Each page runs in a thread of its own. Plotly looks whether pandas "is imported" and uses what it finds: a page that
# met it half imported by another thread failed with "partially initialized module". Imported by the main thread
# before the server takes its first socket, nothing is half imported any more.

from __future__ import annotations

from importlib import import_module

MODULES = (
    "numpy",
    "pandas",
    "polars",
    "plotly.graph_objects",
    "plotly.io",
    "plotly.tools",
    "_plotly_utils.basevalidators",
)


def import_early() -> None:
    """Import the modules that pages share; a second call costs nothing."""
    for name in MODULES:
        import_module(name)
