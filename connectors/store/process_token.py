"""A short name for this process in the names of unfinished files, with a lock that ends when the process does."""

# A process number is given again, in a container at once, so it cannot tell whether its owner lives. A lock can:
# the system releases it however the process ends.

from __future__ import annotations

import atexit
import os
import secrets
import sqlite3
import threading
from pathlib import Path

from connectors.errors import LockTaken
from connectors.store.file_lock import exclusive_lock, hold_lock

_PREFIX, _SUFFIX = "alive-", ".lock"
_held: dict[tuple[Path, int], tuple[str, sqlite3.Connection]] = {}
_registering = threading.Lock()


def process_token(home: Path) -> str:
    """Return the token of this process in a folder, eight hexadecimal digits; its lock is taken at the first call."""
    key = (home.absolute(), os.getpid())
    with _registering:
        known = _held.get(key)
        if known is None or not _lock_path(home, known[0]).exists():
            _held[key] = known = _take(home)
            if len(_held) == 1:
                atexit.register(_release_all)
    return known[0]


def is_live(home: Path, token: str) -> bool:
    """Whether the process of a token is running; one without a lock file has ended and was swept."""
    path = _lock_path(home, token)
    if not path.exists():
        return False
    try:
        with exclusive_lock(path, "A process is running.", wait_s=0.0):
            return False
    except LockTaken:
        return True


def has_lock(home: Path, token: str) -> bool:
    """Whether the process of a token has its lock in this folder: neither swept nor of another machine."""
    return _lock_path(home, token).exists()


def ended_tokens(home: Path) -> list[str]:
    """List the processes that ended without removing their lock, as one that is killed does."""
    tokens = [path.name[len(_PREFIX) : -len(_SUFFIX)] for path in home.glob(f"{_PREFIX}*{_SUFFIX}")]
    return sorted(token for token in tokens if not is_live(home, token))


def remove_ended(home: Path, tokens: list[str]) -> None:
    """Remove the locks of processes that have ended."""
    for token in tokens:
        _lock_path(home, token).unlink(missing_ok=True)


def release(home: Path) -> None:
    """Give up the token of this process in a folder, and remove its lock."""
    with _registering:
        known = _held.pop((home.absolute(), os.getpid()), None)
    if known is not None:
        _lock_path(home, known[0]).unlink(missing_ok=True)
        known[1].close()


def _lock_path(home: Path, token: str) -> Path:
    return home / f"{_PREFIX}{token}{_SUFFIX}"


def _take(home: Path) -> tuple[str, sqlite3.Connection]:
    while True:
        token = secrets.token_hex(4)
        path = _lock_path(home, token)
        lock = hold_lock(path)
        if path.exists():  # a sweep may have met it between its making and its locking
            return token, lock
        lock.close()


def _release_all() -> None:
    for home, number in list(_held):
        if number == os.getpid():
            release(home)
