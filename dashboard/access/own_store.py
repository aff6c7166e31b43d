"""The store that the door asks: opened at the first cookie, one handle for the process."""

from __future__ import annotations

import threading
from pathlib import Path

from connectors.store import Store, home_folder, open_store

_opened: dict[Path, Store] = {}
_lock = threading.Lock()


def own_store() -> Store:
    """Return the open store of this machine."""
    home = home_folder()
    with _lock:
        if home not in _opened:
            _opened[home] = open_store(home)
        return _opened[home]
