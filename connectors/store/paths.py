"""Where everything lies on this machine."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import platformdirs

from connectors.errors import VaultUnreadable
from connectors.store.disk_errors import disk_error, is_damaged

DATABASE_NAME = "heelwise.db"
SAMPLES_NAME = "samples"


def home_folder(explicit: str | Path | None = None) -> Path:
    """Name the folder that holds everything.

    The contract's order.
    """
    named = str(explicit or "").strip() or os.environ.get("HEELWISE_HOME", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return Path(platformdirs.user_data_dir("heelwise", appauthor=False)).absolute()


def make_home(home: Path) -> None:
    """Build the folder for its owner alone.

    Health data is nobody else's. A folder that holds other things too is left as it is, and `doctor` says so.
    """
    try:
        if home.exists() and not home.is_dir():
            raise is_damaged(home, "it is a file, where a folder was expected")
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if home.stat().st_mode & 0o777 != 0o700 and _is_ours(home):
            home.chmod(0o700)
    except OSError as error:
        raise disk_error(error, home) from error


def _is_ours(home: Path) -> bool:
    return (home / DATABASE_NAME).exists() or not any(home.iterdir())


WAIT_S = 60.0
_turns: dict[Path, threading.Lock] = {}
_choosing = threading.Lock()


@contextmanager
def file_lock(path: Path, wait_s: float | None = None) -> Iterator[None]:
    """Wait until nobody else is inside a block with the same file.

    SQLite's own file lock, which every system has and which a killed process lets go.
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
