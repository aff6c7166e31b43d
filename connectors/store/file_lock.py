"""Locks between processes on a small file beside the store: let go by themselves when a process is killed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from connectors.errors import StoreError
from connectors.store.disk_errors import disk_error

BUSY_S = 2.0


@contextmanager
def shared_lock(path: Path) -> Iterator[None]:
    """Hold a lock that many may hold at once."""
    with _locked(path, "BEGIN", "SELECT count(*) FROM sqlite_master", wait_s=60.0):
        yield


@contextmanager
def exclusive_lock(path: Path, sentence: str, wait_s: float = BUSY_S) -> Iterator[None]:
    """Hold a lock alone, or raise `StoreError` with the sentence after s of waiting."""
    with _locked(path, "BEGIN EXCLUSIVE", wait_s=wait_s, sentence=sentence):
        yield


@contextmanager
def _locked(
    path: Path, *statements: str, wait_s: float, sentence: str = "An import is being taken back. Try again."
) -> Iterator[None]:
    _make_private(path)
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as lock:
        try:
            for statement in statements:
                lock.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            raise StoreError(sentence) from error
        yield


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise disk_error(error, path) from error
