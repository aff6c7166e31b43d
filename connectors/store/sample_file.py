"""One Parquet file of samples: written whole, held to the digest of its own bytes, read many at a time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from connectors.frames import SAMPLE, checked

SAMPLE_SUFFIX = ".parquet"
PART_SUFFIX = ".part"
_MARK = b"PAR1"
NO_STATE = "none"
DIGEST_KEY = "heelwise.digest"
"""Key of the file's own metadata, which holds the digest of all its other bytes."""
_NO_DIGEST = b"b2:" + 32 * b"0"
_DIGEST = re.compile(rb"b2:[0-9a-f]{32}")


def is_complete(path: Path) -> bool:
    """Return whether a Parquet file has both its ends.

    The Parquet format: a file begins and ends with the four bytes PAR1.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(-4, os.SEEK_END)
            return start == _MARK and file.tell() >= 4 and file.read(4) == _MARK
    except OSError:
        return False  # what cannot be opened cannot be used, and `doctor` names it


def with_digest(content: bytes) -> bytes:
    """Return a file with the digest of all its other bytes in the place that was left for it."""
    at = content.rindex(_NO_DIGEST)
    digest = _digest_around(content, at)
    return content[:at] + digest + content[at + len(digest) :]


def verifies(content: bytes) -> bool:
    """Return whether every byte of a file is as it was written; one from before there were digests is believed."""
    # Not decoded: a bent file can make the decoder fail in ways that end the program.
    has_key = DIGEST_KEY.encode() in content
    digests = list(_DIGEST.finditer(content))
    if not has_key and not digests:
        return True
    if not has_key or len(digests) != 1:
        return False
    return _digest_around(content, digests[0].start()) == digests[0].group()


def _digest_around(content: bytes, at: int) -> bytes:
    digest = hashlib.blake2b(content[:at], digest_size=16)
    digest.update(content[at + len(_NO_DIGEST) :])
    return f"b2:{digest.hexdigest()}".encode()


def scan_files(files: Mapping[str, Path]) -> pl.LazyFrame:
    """Open the samples of several activities as one lazy frame.

    A store outlives its columns. One added later is unknown in older files, one dropped is passed over.
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


def put_file(target: Path, content: memoryview, writer: str | None = None, is_lasting: bool = True) -> None:
    """Write a file for its owner alone, as a whole or not at all.

    A name of its own first, with the token of the process that writes, the final name last.
    """
    part = target.with_name(f".{target.stem}.{writer or os.getpid()}.{secrets.token_hex(4)}{PART_SUFFIX}")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            if is_lasting:
                # Without it a power cut may leave a name with nothing behind it; it takes 0.4 ms.
                os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _id_of(files: Mapping[str, Path]) -> pl.Expr:
    """The id in a path. Ours are all of one length, and cutting them out is three times faster than looking up."""
    path, lengths = pl.col("activity_id"), {len(activity_id) for activity_id in files}
    if len(lengths) > 1 or any(file.stem != activity_id for activity_id, file in files.items()):
        return path.replace_strict(
            [str(file) for file in files.values()], list(files), return_dtype=pl.String
        )
    length = lengths.pop()
    return path.str.slice(-length - len(SAMPLE_SUFFIX), length)


def encoded(frame: pl.DataFrame) -> bytes:
    """Return the file of one activity's samples, with the digest of its own bytes in it."""
    return parquet_with_digest(checked(frame, SAMPLE).sort("second"))


def parquet_with_digest(rows: pl.DataFrame) -> bytes:
    """Return a Parquet file of a frame, with the digest of its own bytes in it."""
    content = io.BytesIO()
    rows.write_parquet(
        content, compression="zstd", statistics=False, metadata={DIGEST_KEY: _NO_DIGEST.decode()}
    )
    return with_digest(content.getvalue())


def state_of(path: Path) -> str:
    """Name what is in a file at present, in words that change whenever it is written anew."""
    try:
        now = path.stat()
    except OSError:
        return NO_STATE
    # Each write makes a file of its own: beside size and time, that file's number tells two writes apart.
    return f"{now.st_size} {now.st_mtime_ns} {now.st_ino}"
