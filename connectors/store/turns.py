"""One at a time, across processes and threads."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from connectors.errors import VaultUnreadable
from connectors.store.failures import disk_error

WAIT_S = 60.0
_turns: dict[Path, threading.Lock] = {}
_choosing = threading.Lock()


@contextmanager
def turn_at(path: Path, wait_s: float | None = None) -> Iterator[None]:
    """Wait until nobody else is inside a block with the same file.

    Parameters
    ----------
    path : Path
        File to hold; made for its owner alone where it is not there. Nothing is ever written to it.
    wait_s : float or None
        s to wait for somebody else who is inside; None is a minute.

    Yields
    ------
    None
        Not to be nested with the same file.

    Raises
    ------
    VaultUnreadable
        When somebody else has been inside for that long.
    StoreError
        When the file cannot be made.

    Source
    ------
    ours: SQLite's own file lock, which every system has and which a killed process lets go.
    """
    # Threads of one process take turns first: closing any file of a process lets go all its locks on it.
    turn, patience_s = _turn(path), WAIT_S if wait_s is None else wait_s
    if not turn.acquire(timeout=patience_s):
        raise _busy()
    try:
        _make_private(path)
        with closing(sqlite3.connect(path, timeout=patience_s, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise _busy() from error
            yield
    finally:
        turn.release()


def _turn(path: Path) -> threading.Lock:
    with _choosing:
        return _turns.setdefault(path, threading.Lock())


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise disk_error(error, path) from error


def _busy() -> VaultUnreadable:
    return VaultUnreadable(
        "Another program has been at the Strava link for a minute. Nothing was changed. Wait until it is done, or "
        "close it, and try again."
    )
