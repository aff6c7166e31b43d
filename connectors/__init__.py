"""Everything that brings facts in and keeps them: sources, frame contracts, the store.

The shelf finds the readers of recording files by looking into `connectors/files` and `connectors/formats`: a
module there that holds `SOURCE = Source(...)` is a connector, and nothing else has to be told of it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.source import Source

__version__ = "0.1.0"


@cache
def shelf() -> tuple[Source, ...]:
    """Readers of recording files, in the order of their names.

    Returns
    -------
    tuple of Source
        One for each module of `connectors/files` and `connectors/formats` that holds a `SOURCE`.

    Source
    ------
    ours: adding a format is adding a file.
    """
    rooms = [import_module(name) for name in ("connectors.files", "connectors.formats")]
    modules = [import_module(f"{r.__name__}.{m.name}") for r in rooms for m in iter_modules(r.__path__)]
    return tuple(module.SOURCE for module in modules if hasattr(module, "SOURCE"))
