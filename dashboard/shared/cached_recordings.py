"""What recordings say, from an earlier start of the program where that still holds, else read anew and kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from connectors.store.frame_cache import FrameCache
from dashboard.model.load.recordings import RecordingData
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings, for_loads, for_recordings

ROOT = Path(__file__).resolve().parents[2]
MADE_BY = (
    "dashboard/model/load",
    "dashboard/model/schemas.py",
    "dashboard/model/settings.py",
    "dashboard/shared/cached_recordings.py",
    "dashboard/shared/pipeline.py",
    "connectors/contract.py",
    "connectors/frames.py",
    "connectors/store/sample_file.py",
    "connectors/store/samples.py",
    "connectors/store/sample_bucket.py",
)
"""Code that the frames follow from: a change in any of it, or in a library, makes what was kept stale."""


@cache
def code_digest(root: Path = ROOT) -> str | None:
    """Return the digest of the code and libraries that work the frames out; None where the code cannot be read."""
    try:
        return _code_digest(root)
    except OSError:
        return None  # as in a program packed into one file: then nothing is kept


def _code_digest(root: Path) -> str:
    digest = hashlib.blake2b(f"polars {pl.__version__} numpy {np.__version__}\n".encode(), digest_size=16)
    for name in MADE_BY:
        place = root / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


class CachedRecordings:
    """`RecordingData` whose seconds are opened once something is asked of them that is not kept.

    `state` names what `read` would read at present, and counts what is there; `settings` are those it reads by.
    """

    def __init__(
        self,
        frames: FrameCache,
        state: Callable[[], tuple[str, int]],
        settings: ModelSettings,
        read: Callable[[], RecordingData],
    ) -> None:
        self._frames = frames
        self._state = state
        self._at_first = state()
        self._settings = repr(for_recordings(settings))
        self._read = read
        self._data: RecordingData | None = None
        self._lock = threading.Lock()

    @property
    def facts(self) -> pl.DataFrame:
        """Return one row for each recording."""
        return self._frame("facts", lambda data: data.facts)

    @property
    def speeds(self) -> pl.DataFrame:
        """Return the running seconds by speed and slope."""
        return self._frame("speeds", lambda data: data.speeds)

    def sums(self, personal: RunnerProfile, settings: ModelSettings) -> pl.DataFrame:
        """Return the sums over each recording under a runner's own measures and settings."""
        by = (repr(personal), repr(for_loads(settings)))
        return self._frame("sums", lambda data: data.sums(personal, settings), *by)

    def _frame(self, name: str, work_out: Callable[[RecordingData], pl.DataFrame], *by: str) -> pl.DataFrame:
        code = code_digest()
        if code is None:
            return work_out(self._opened())
        words = (code, self._at_first[0], self._settings, *by)
        key = hashlib.blake2b("\n".join(words).encode(), digest_size=16).hexdigest()
        earlier = self._frames.read(name, key)
        if earlier is not None:
            return earlier
        data = self._opened()
        worked_out = work_out(data)
        # Asked again: a recording that was written or deleted while it was read belongs under no key; and where one
        # could not be read, as on a disk that fails for a moment, it may be the next time.
        if self._state() == self._at_first and data.facts.height == self._at_first[1]:
            self._frames.write(name, key, worked_out)
        return worked_out

    def _opened(self) -> RecordingData:
        with self._lock:
            if self._data is None:
                self._data = self._read()
            return self._data
