"""Copies of the database from before an upgrade: the way back to an earlier Heelwise."""

# Recordings are not copied, since no migration changes them. A copy holds the record of every runner, so deleting any
# runner deletes all copies.

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import StoreFull, StoreUnreadable
from connectors.store.disk_errors import disk_error

FOLDER = "before-upgrade"
MOST_COPIES = 2
LONGEST_DAYS = 30
_SPARE_BYTES = 20_000_000
"""B beside the copy that the migration itself may need."""


def copy_before_upgrade(database: Path, number: int) -> Path:
    """Copy a database that is about to be migrated, whole or not at all; without room nothing is migrated."""
    folder = database.parent / FOLDER
    needed = database.stat().st_size + _SPARE_BYTES
    free = shutil.disk_usage(database.parent).free
    if free < needed:
        raise _no_room(database, needed, free)
    target = folder / f"heelwise-{number}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    part = folder / f".{target.name}.part"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        address = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise disk_error(error, folder) from error
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise _no_room(database, needed, free) from error
        raise StoreUnreadable(
            f"{database.name} could not be copied before it is changed to the form of this Heelwise ({error}). Nothing "
            "was changed. Check the disk and the folder, then start again."
        ) from error
    remove_old_copies(database.parent)
    return target


def copies(home: Path) -> list[Path]:
    """List the copies, newest first."""
    return sorted(
        (home / FOLDER).glob("heelwise-*.db"), key=lambda path: path.name.rpartition("-")[2], reverse=True
    )


def remove_old_copies(home: Path, now_s: float | None = None) -> int:
    """Delete all but the newest two copies, and those older than 30 days."""
    oldest = (time.time() if now_s is None else now_s) - LONGEST_DAYS * 86_400
    there = copies(home)
    # Whoever copies holds the database's write lock, which the caller had after them.
    list(_removed((home / FOLDER).glob(".heelwise-*.part*")))
    gone = [path for at, path in enumerate(there) if at >= MOST_COPIES or _made_s(path) < oldest]
    return sum(_removed(gone))


def remove_copies(home: Path) -> int:
    """Delete every copy, and what an upgrade that was cut off left of one."""
    folder = home / FOLDER
    removed = sum(_removed(copies(home)))
    list(_removed(folder.glob(".heelwise-*.part*")))
    with suppress(OSError):  # something of somebody else's lies in it, or there is none
        folder.rmdir()
    return removed


def _removed(paths: Iterator[Path] | list[Path]) -> Iterator[bool]:
    for path in paths:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise disk_error(error, path) from error
        yield True


def _made_s(path: Path) -> float:
    try:
        made = datetime.strptime(path.stem.rpartition("-")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return path.stat().st_mtime
    return made.timestamp()


def _no_room(database: Path, needed: int, free: int) -> StoreFull:
    return StoreFull(
        f"This Heelwise keeps {database.name} in a newer form, and copies it before it changes it. There is no room "
        f"for the copy: {needed // 1_000_000 + 1} MB are needed where {database.parent} lies, {free // 1_000_000} MB "
        "are free. Nothing was changed. Make room and start again."
    )
