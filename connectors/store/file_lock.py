"""Inter-process locks on a small file beside the store; the system releases them when a process is killed."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from connectors.errors import LockTaken
from connectors.store.disk_errors import disk_error

BUSY_S = 2.0
WAIT_S = 60.0
_TAKEN = "Another program is using the same data. Nothing was changed. Wait until it is done, and try again."
# Nothing is ever written to a lock, so no journal is to lie beside it.
_NO_JOURNAL = "PRAGMA journal_mode = MEMORY"
_thread_locks: dict[Path, threading.Lock] = {}
_registering = threading.Lock()


@contextmanager
def shared_lock(path: Path, sentence: str = "An import is being taken back. Try again.") -> Iterator[None]:
    """Hold a lock that many may hold at once, or raise `LockTaken` after a minute."""
    with _locked(path, "BEGIN", "SELECT count(*) FROM sqlite_master", wait_s=WAIT_S, sentence=sentence):
        yield


@contextmanager
def exclusive_lock(path: Path, sentence: str, wait_s: float = BUSY_S) -> Iterator[None]:
    """Hold a lock alone, or raise `LockTaken` with the sentence after s of waiting."""
    with _locked(path, "BEGIN EXCLUSIVE", wait_s=wait_s, sentence=sentence):
        yield


@contextmanager
def file_lock(path: Path, wait_s: float | None = None) -> Iterator[None]:
    """Hold a lock alone, between processes and between the threads of one; raise `LockTaken` after a minute or s."""
    # Closing any file of a process releases all its locks on that file, so its threads have a lock of their own.
    thread_lock, timeout_s = _thread_lock(path), WAIT_S if wait_s is None else wait_s
    if not thread_lock.acquire(timeout=timeout_s):
        raise LockTaken(_TAKEN)
    try:
        with _locked(path, "BEGIN EXCLUSIVE", wait_s=timeout_s, sentence=_TAKEN):
            yield
    finally:
        thread_lock.release()


def hold_lock(path: Path) -> sqlite3.Connection:
    """Take a lock alone and keep it until the connection is closed or the process ends."""
    _make_private(path)
    lock = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        lock.execute(_NO_JOURNAL)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise LockTaken(_TAKEN) from error
    return lock


def _thread_lock(path: Path) -> threading.Lock:
    with _registering:
        return _thread_locks.setdefault(path, threading.Lock())


@contextmanager
def _locked(path: Path, *statements: str, wait_s: float, sentence: str) -> Iterator[None]:
    _make_private(path)
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as lock:
        try:
            lock.execute(_NO_JOURNAL)
            for statement in statements:
                lock.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            raise LockTaken(sentence) from error
        yield


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise disk_error(error, path) from error
