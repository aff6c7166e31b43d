"""How a database file is opened, and looked at before."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from connectors.store.failures import WAIT_S, damaged, disk_error, in_plain_words

_making = threading.Lock()


def look_at(path: Path) -> None:
    """Look at a database file without changing a byte of it.

    Parameters
    ----------
    path : Path
        The file. One that is not there, or has no bytes, passes.

    Raises
    ------
    StoreError
        When it is not a file, may not be read, is not SQLite, or is damaged.

    Source
    ------
    ours: a damaged store is never opened for writing, so it cannot be made worse. The file is read by SQLite alone:
    closing it by any other way lets go the locks that this process holds on it, and another program would then
    take the log away under its feet (SQLite, "How To Corrupt An SQLite Database File", 2.2).
    """
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise damaged(path, "it is a folder or something else, where a file was expected")
        if not path.stat().st_size:
            return
        may_read = os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)
    except OSError as error:
        raise damaged(path, f"it may not be read ({error.strerror})") from error
    if not may_read:
        raise damaged(path, f"it may not be read ({os.strerror(errno.EACCES)})")
    _check_quickly(path)


def make_file(path: Path) -> None:
    """Make the empty database file for its owner alone; one that is there stays as it is.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    StoreError
        When the folder may not be written to or the disk is full.

    Source
    ------
    ours: SQLite gives its log files the mode of the database, so this one mode guards all three.
    """
    try:
        with _making, suppress(FileExistsError):
            # Never an open of a file that is there: see `look_at`.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if path.stat().st_mode & 0o777 != 0o600:
            path.chmod(0o600)
    except OSError as error:
        raise disk_error(error, path) from error


def _check_quickly(path: Path) -> None:
    # On a disk mounted for reading nobody writes, and a log beside the file cannot be made to look at it.
    is_fixed = hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    watching = make_engine(path, writes=False, is_fixed=is_fixed)
    try:
        with in_plain_words(path), watching.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    finally:
        watching.dispose()
    if found != "ok":
        raise damaged(path, f"it is damaged ({' '.join(str(found).split())})")


def make_engine(path: Path, writes: bool = True, is_fixed: bool = False) -> Engine:
    """Make the connections to a database file.

    Parameters
    ----------
    path : Path
        The file; it must be there.
    writes : bool
        False opens it without the right to change anything.
    is_fixed : bool
        Whether nobody else can change it either, so that it is read without a log beside it.

    Returns
    -------
    Engine
        With a small pool, for the threads of one process.

    Source
    ------
    ours: readers see one state throughout, and a writer takes its lock first of all.
    """
    # A file: address escapes what a path may hold that an address may not, and can ask for reading alone.
    address = (
        f"{path.absolute().as_uri()}?mode={'rw' if writes else 'ro'}{'&immutable=1' if is_fixed else ''}"
    )
    url = URL.create("sqlite+pysqlite", database=":memory:")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False
        )

    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_size=5, max_overflow=20)
    event.listen(engine, "begin", _begin)
    if writes:
        event.listen(engine, "connect", _prepare)
    return engine


def _begin(connection: Connection) -> None:
    takes_lock = connection.get_execution_options().get("takes_lock", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if takes_lock else "BEGIN")


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA secure_delete = ON")
    _log_ahead(raw)
    raw.execute("PRAGMA synchronous = NORMAL")


def _log_ahead(raw: sqlite3.Connection) -> None:
    # Changing the mode does not wait for other programs as other statements do, so the waiting is done here.
    # Where the disk knows no such log, such as on some network drives, the store works without it.
    until = time.monotonic() + WAIT_S
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)
