"""Parquet files on disk: whole or not there, for their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from connectors.frames import SAMPLE

PART_ENDING = ".part"
_MARK = b"PAR1"


def is_whole(path: Path) -> bool:
    """Tell whether a Parquet file has both its ends.

    Parameters
    ----------
    path : Path
        The file, there or not.

    Returns
    -------
    bool
        False for a missing, empty or cut-off file.

    Source
    ------
    The Parquet format: a file begins and ends with the four bytes PAR1.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(-4, os.SEEK_END)
            return start == _MARK and file.tell() >= 4 and file.read(4) == _MARK
    except OSError:
        return False  # what cannot be opened cannot be used, and `doctor` names it


def scan_files(paths: Sequence[Path], path_column: str | None = None) -> pl.LazyFrame:
    """Open Parquet files of samples as one lazy frame.

    Parameters
    ----------
    paths : sequence of Path
        Files that are there.
    path_column : str or None
        Adds the path of each row's file under this name.

    Returns
    -------
    LazyFrame, shape (n, 13 or 14)
        Contract SAMPLE, file after file.

    Source
    ------
    ours: a store outlives its columns. One added later is unknown in older files, one dropped is passed over.
    """
    return pl.scan_parquet(
        list(paths),
        glob=False,
        hive_partitioning=False,
        schema=dict(SAMPLE.schema),
        missing_columns="insert",
        extra_columns="ignore",
        include_file_paths=path_column,
    )


def put_file(target: Path, content: memoryview) -> None:
    """Write a file for its owner alone, as a whole or not at all.

    Parameters
    ----------
    target : Path
        Its name; a file that is there is replaced.
    content : memoryview
        Its bytes.

    Raises
    ------
    OSError
        When the disk is full or may not be written to; a file that was there is kept.

    Source
    ------
    ours: a name of its own first, the final name last.
    """
    part = target.with_name(f".{target.stem}.{os.getpid()}.{secrets.token_hex(4)}{PART_ENDING}")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            # Without it a power cut may leave a name with nothing behind it; it takes 0.4 ms.
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
