"""What a database or a disk says when it fails, put into the store's own errors and plain words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.errors import RunnerUnknown, StoreError, StoreFull, StoreUnreadable

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
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


def is_damaged(path: Path, problem: str) -> StoreUnreadable:
    """Build the error for a database that cannot be read.

    One wording, so that `doctor` and the page say the same.
    """
    return StoreUnreadable(
        f"The store {path} cannot be read: {problem}. Nothing was changed, and the file is kept as it is. "
        "Restore a backup in its place, or move the file away and import your data again."
    )


def write_protected(folder: Path) -> StoreFull:
    """Return the error for a folder that can only be read, such as one on a write-protected stick."""
    return StoreFull(
        f"{folder} is write-protected: its disk or stick can only be read, or you have no right to write there. "
        "The data in it is not damaged, and nothing was changed. Take the protection off, or copy the folder to a "
        "disk that can be written to and name it with --home."
    )


def disk_error(error: OSError, path: Path) -> StoreError:
    """Build the error for a file that could not be written or read.

    See `is_damaged`.
    """
    if error.errno in _FULL_DISK:
        return _full(path)
    if error.errno in _NOT_ALLOWED:
        return _not_allowed(path)
    return StoreUnreadable(
        f"{path} could not be used: {error.strerror or error}. What was stored before is kept. "
        "Check the disk and the folder, then try again."
    )


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
        return _full(path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _not_allowed(path)
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
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return RunnerUnknown(
            "There is no runner of that number in the store, so nothing was written. "
            "Add the runner first; a deleted runner's number is not used again."
        )
    return StoreError("The store refused rows that break its own rules. Nothing was written.")


def _full(path: Path) -> StoreFull:
    return StoreFull(
        f"There is no room left to write to {path}. What was stored before is kept as it was; the last step "
        "was not stored. Free some space on this disk and try again."
    )


def _not_allowed(path: Path) -> StoreFull:
    return StoreFull(
        f"{path} may not be written to. What was stored before is kept as it was; nothing new was stored. "
        "Give yourself the right to write to this folder, or choose another with --home, and try again."
    )
