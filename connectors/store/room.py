"""Opening a store on a full disk: SQLite itself needs a little room, and a deletion makes some."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from connectors.errors import StoreError, StoreFull
from connectors.store.before_upgrade import remove_copies
from connectors.store.deletion import delete_files, is_disk_full
from connectors.store.paths import DATABASE_NAME, SAMPLES_NAME
from connectors.store.samples import SampleFolder
from connectors.store.store import Store, open_store
from connectors.store.sweep import Swept, sweep_folders


def open_to_delete(home: Path, name: str | None, everybody: bool) -> Store:
    """Open a store to delete runners; on a full disk left-overs go first, then the recordings of who is meant.

    Cut off after that, the runner is still there, and the next deletion finds the rest.
    """
    try:
        return open_store(home)
    except StoreFull:
        with suppress(StoreError):
            sweep_folders(home, Swept())
    try:
        return open_store(home)
    except StoreFull:
        if not is_disk_full(home):
            raise
        remove_copies(home)
        for athlete_id in _meant(home / DATABASE_NAME, name, everybody):
            delete_files(home, SampleFolder(home / SAMPLES_NAME), athlete_id)
    return open_store(home)


def _meant(path: Path, name: str | None, everybody: bool) -> list[int]:
    """Numbers of the runners meant, read as the file lies there: a shared view of it would need room."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as view:
            rows = view.execute("SELECT athlete_id, name FROM runner").fetchall()
    except sqlite3.Error:
        return []
    if everybody:
        return [athlete_id for athlete_id, _ in rows]
    wanted = [one for one in rows if name is None or one[1].casefold() == name.strip().casefold()]
    return [wanted[0][0]] if len(wanted) == 1 else []
