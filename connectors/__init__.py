"""Everything that brings facts in and keeps them: sources, frame contracts, the store.

The shelf finds the readers of recording files by looking into `connectors/formats`: a module there that holds
`FORMAT = FileFormat(...)` is a connector, and nothing else has to be told of it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from connectors.source import FileFormat

__version__ = "0.1.0"


@cache
def file_formats() -> tuple[FileFormat, ...]:
    """Readers of recording files, in the order of their names.

    Adding a format is adding a file.
    """
    files = import_module("connectors.formats")
    modules = [import_module(f"connectors.formats.{m.name}") for m in iter_modules(files.__path__)]
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))
