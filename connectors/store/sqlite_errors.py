"""What SQLite says when it fails, put into the store's own errors and plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.errors import StoreError
from connectors.store.disk_errors import full, is_damaged, not_allowed, refused_rows, write_protected

WAIT_S = 5.0
_WRITING = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_DELETE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what the database raises inside the block into the store's own errors.

    No traceback reaches a reader.
    """
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 (processes that decode never come here)

    try:
        yield
    except DBAPIError as error:
        raise _to_store_error(error.orig, path) from error
    except sqlite3.Error as error:
        raise _to_store_error(error, path) from error


def _to_store_error(raw: BaseException | None, path: Path) -> StoreError:
    code = getattr(raw, "sqlite_errorcode", 0) or 0
    primary = code & 0xFF
    if isinstance(raw, sqlite3.IntegrityError):
        return _refused(code)
    if primary == sqlite3.SQLITE_FULL or code in _WRITING:
        return full(path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return not_allowed(path)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"Another program has been writing to {path} for more than {WAIT_S:g} seconds. "
            "Nothing was changed. Wait until it is done, or close it, and try again."
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return _not_opened(path)
    is_none = primary == sqlite3.SQLITE_NOTADB
    return is_damaged(path, "it is not a SQLite database" if is_none else str(raw).rstrip("."))


def _not_opened(path: Path) -> StoreError:
    if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
        return write_protected(path.parent)
    return is_damaged(path, "it could not be opened; the folder or the file may not be open to you")


def _refused(code: int) -> StoreError:
    return refused_rows(is_runner=code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)
