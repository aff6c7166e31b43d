"""Everything that brings facts in and keeps them: sources, frame contracts, the store."""

# `file_formats` finds the readers of recording files by looking into `connectors/formats`: a module there that holds
# `FORMAT = FileFormat(...)` is a connector, and nothing else has to know of it.

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.source import FileFormat

__version__ = "0.1.0"


@cache
def file_formats() -> tuple[FileFormat, ...]:
    """Readers of recording files, in the order of their names.

    Adding a format is adding a file.
    """
    folder = import_module("connectors.formats")
    modules = [import_module(f"{folder.__name__}.{one.name}") for one in iter_modules(folder.__path__)]
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))
