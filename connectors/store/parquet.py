"""Parquet files on disk: whole or not there, for their owner alone."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from connectors.frames import SAMPLE

ENDING = ".parquet"
PART_ENDING = ".part"
ASIDE = ".restore-"
"""Begins the folder in which a restore unpacks recordings before they are moved to their places."""
LEFT_OVER_S = 3_600.0
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


def scan_files(files: Mapping[str, Path]) -> pl.LazyFrame:
    """Open the samples of several activities as one lazy frame.

    Parameters
    ----------
    files : mapping of str to Path
        Activity to its file, which is there. May be empty.

    Returns
    -------
    LazyFrame, shape (n, 14)
        Contract SAMPLE, file after file, plus `activity_id` (Enum of the activities given).

    Source
    ------
    ours: a store outlives its columns. One added later is unknown in older files, one dropped is passed over.
    """
    kind = pl.Enum(list(files))
    if not files:
        return SAMPLE.empty().with_columns(pl.lit(None, kind).alias("activity_id")).lazy()
    rows = pl.scan_parquet(
        list(files.values()),
        glob=False,
        hive_partitioning=False,
        schema=SAMPLE.schema,
        missing_columns="insert",
        extra_columns="ignore",
        include_file_paths="activity_id",
    )
    return rows.with_columns(_id_of(files).cast(kind))


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


def sweep_parts(folder: Path) -> int:
    """Take away what writes that never ended have left, once it is an hour old.

    Parameters
    ----------
    folder : Path
        Of all samples, there or not.

    Returns
    -------
    int
        Files and folders taken away.

    Source
    ------
    ours: a younger one may belong to an import that is running.
    """
    swept = 0
    for path in (*folder.glob(f"{ASIDE}*"), *folder.glob(f"*/*/.*{PART_ENDING}")):
        try:
            if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                swept += 1
        except OSError:
            continue  # gone by now, or not ours to delete: it takes room and harms nothing
    return swept


def _id_of(files: Mapping[str, Path]) -> pl.Expr:
    """The id in a path. Ours are all of one length, and cutting them out is three times faster than looking up."""
    path, lengths = pl.col("activity_id"), {len(activity_id) for activity_id in files}
    if len(lengths) > 1:
        return path.replace_strict(
            [str(file) for file in files.values()], list(files), return_dtype=pl.String
        )
    length = lengths.pop()
    return path.str.slice(-length - len(ENDING), length)
