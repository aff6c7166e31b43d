"""Where everything lies on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from connectors.store.disk_errors import disk_error, is_damaged, write_protected
from connectors.store.sqlite_file import inspect_file

DATABASE_NAME = "heelwise.db"
SAMPLES_NAME = "samples"
CACHE_NAME = "sample-cache"
"""Folder for copies of objects of a bucket; whatever is in it can be fetched again."""
BINDING_NAME = "database.id"
"""File that names the database server's store, where the rows are not in the folder itself."""


def home_folder(explicit: str | Path | None = None) -> Path:
    """Name the folder that holds everything.

    The contract's order.
    """
    chosen = str(explicit or "").strip() or os.environ.get("HEELWISE_HOME", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("heelwise", appauthor=False)).absolute()


def make_home(home: Path) -> None:
    """Build the folder for its owner alone.

    Health data is nobody else's. A folder that holds other things too is left as it is, and `doctor` says so.
    """
    try:
        if home.exists() and not home.is_dir():
            raise is_damaged(home, "it is a file, where a folder was expected")
        if home.is_dir() and not os.access(home, os.W_OK):
            inspect_file(home / DATABASE_NAME)  # a damaged store is told as that, wherever it lies
            raise write_protected(home)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if home.stat().st_mode & 0o777 != 0o700 and _is_ours(home):
            home.chmod(0o700)
    except OSError as error:
        raise disk_error(error, home) from error


def _is_ours(home: Path) -> bool:
    return any((home / name).exists() for name in (DATABASE_NAME, BINDING_NAME)) or not any(home.iterdir())
