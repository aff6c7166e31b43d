"""Frames worked out of a runner's recordings, kept beside them so that another start need not read them all again."""

# Nothing here is a record of its own: a file that is missing, bent or of another key is worked out anew. No backup and
# no copy of the store holds them.

from __future__ import annotations

import io
from typing import Protocol

import polars as pl

from connectors.store.sample_file import DIGEST_KEY, parquet_with_digest, verifies


class CacheFiles(Protocol):
    """Where the files lie: the samples of a store, of whatever kind."""

    def read_cached(self, athlete_id: int, name: str) -> bytes | None:
        """Read a file; None where there is none."""
        ...

    def write_cached(self, athlete_id: int, name: str, content: bytes) -> None:
        """Keep a file."""
        ...


class FrameCache:
    """What is kept for one runner, under a name and the digest of all it was worked out from."""

    def __init__(self, files: CacheFiles, athlete_id: int) -> None:
        self._files = files
        self._athlete_id = athlete_id

    def read(self, name: str, key: str) -> pl.DataFrame | None:
        """Return the frame kept under a name and key; None where there is none, or it is not as it was written."""
        content = self._files.read_cached(self._athlete_id, _file_name(name, key))
        # Not decoded unverified: a bent file can make the decoder fail in ways that end the program.
        if content is None or DIGEST_KEY.encode() not in content or not verifies(content):
            return None
        return pl.read_parquet(io.BytesIO(content))

    def write(self, name: str, key: str, frame: pl.DataFrame) -> None:
        """Keep a frame under a name, letters alone, and a key of 32 hexadecimal digits."""
        self._files.write_cached(self._athlete_id, _file_name(name, key), parquet_with_digest(frame))


def _file_name(name: str, key: str) -> str:
    return f"{name}-{key}.cache"
