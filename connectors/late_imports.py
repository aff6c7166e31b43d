"""Libraries that are large and seldom needed, imported where they are first used."""

# `heelwise --help`, a report and the first page of a server need none of them. Pages run in threads: the lock keeps a
# thread from meeting a module that another one has only half imported.

from __future__ import annotations

from importlib import import_module
from threading import RLock
from typing import Any

_LOCK = RLock()


def late_import(name: str) -> Any:
    """Return a module, imported by one thread at a time."""
    with _LOCK:
        return import_module(name)
