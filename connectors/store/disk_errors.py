"""What a disk says when it fails, put into the store's own errors and plain words."""

from __future__ import annotations

import errno
from pathlib import Path

from connectors.errors import RunnerUnknown, StoreError, StoreFull, StoreUnreadable

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
        return full(path)
    if error.errno in _NOT_ALLOWED:
        return not_allowed(path)
    return StoreUnreadable(
        f"{path} could not be used: {error.strerror or error}. What was stored before is kept. "
        "Check the disk and the folder, then try again."
    )


def full(path: Path) -> StoreFull:
    """Return the error for a disk without room."""
    return StoreFull(
        f"There is no room left to write to {path}. What was stored before is kept as it was; the last step "
        "was not stored. Free some space on this disk and try again."
    )


def not_allowed(path: Path) -> StoreFull:
    """Return the error for a file or folder that may not be written to."""
    return StoreFull(
        f"{path} may not be written to. What was stored before is kept as it was; nothing new was stored. "
        "Give yourself the right to write to this folder, or choose another with --home, and try again."
    )


def refused_rows(is_runner: bool) -> StoreError:
    """Return the error for rows that a database refused: of a runner who is not there, or against another rule."""
    if is_runner:
        return RunnerUnknown(
            "There is no runner of that number in the store, so nothing was written. "
            "Add the runner first; a deleted runner's number is not used again."
        )
    return StoreError("The store refused rows that break its own rules. Nothing was written.")
