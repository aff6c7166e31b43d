"""The recordings of the runs, newest first, each stored as it arrives."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from connectors.errors import SourceError, StoreError, StravaTroubled
from connectors.frames import ACTIVITY, RUN_SPORTS, SAMPLE
from connectors.recordings.recording import build_recording
from connectors.source import Skipped
from connectors.strava.parse_api import SOURCE_NAME, as_frame, parse_streams
from connectors.strava.recording_state import recording_mark, waiting, with_recording
from connectors.strava.retention import WEEK, is_one_week
from connectors.strava.sync_context import SyncContext

FAILED = "strava.failed"
MOST_FAILURES = 5
"""Syncs after which a recording that Strava cannot give is left alone until the list is compared as a whole."""
TROUBLES_IN_A_ROW = 3
"""Failures of one activity after another that are no longer the activities' own."""
ROWS_PER_COMMIT = 20
SECONDS_PER_COMMIT = 3.0
AHEAD = timedelta(days=1)
"""Where data is forgotten after 7 days, a recording is fetched again this much earlier."""


class RecordingSync:
    """Fetches the recordings of one runner."""

    def __init__(self, context: SyncContext) -> None:
        self.way = context
        known = context.read(FAILED)
        self._failed: dict[str, int] = known if isinstance(known, dict) else {}
        self._doubtful: list[tuple[str, str]] = []
        self._rows: list[dict[str, Any]] = []
        self._last_commit = time.monotonic()
        self._left = self._done = 0
        self._began = time.monotonic()

    def forgive(self) -> None:
        """Try again what failed too often before: the whole list was just compared."""
        self._failed = {}
        self.way.write(FAILED, None)

    def fetch(self) -> None:
        """Fetch every recording that is still to come."""
        due = self._due()
        self._left = due.height
        self._say(at_once=True)
        try:
            for row in due.iter_rows(named=True):
                self.way.pause_point()
                self._one(row)
                self._left -= 1
                self._say()
        finally:
            self._commit()
        self.count_left()

    def count_left(self) -> None:
        """Count what is still to come, and say so."""
        self._left = self._due().height
        self._say(at_once=True)

    def _due(self) -> pl.DataFrame:
        """Runs without their recording, newest first; those that failed before come last."""
        way = self.way
        rows = way.store.read(ACTIVITY, way.athlete_id)
        week = is_one_week(way.store, way.athlete_id)
        due = waiting(rows, way.store.activities(way.athlete_id), way.now() - WEEK + AHEAD if week else None)
        runs = rows.filter(pl.col("source") == SOURCE_NAME, pl.col("sport").is_in(RUN_SPORTS)).height
        self._done = runs - due.height
        failures = pl.col("source_id").replace_strict(self._failed, default=0, return_dtype=pl.Int64)
        counted = due.with_columns(failures=failures).filter(pl.col("failures") < MOST_FAILURES)
        return counted.sort("failures", maintain_order=True).drop("failures")

    def _one(self, row: dict[str, Any]) -> None:
        """Fetch and store one; what is wrong with it alone stops nothing else."""
        way, source_id = self.way, row["source_id"]
        try:
            given = way.api.get_streams(int(source_id))
        except StravaTroubled as error:
            self._doubtful.append((source_id, str(error)))
            if len(self._doubtful) >= TROUBLES_IN_A_ROW:
                self._doubtful.clear()
                raise
            return
        self._settle_doubts()
        try:
            samples, recorded = _read(given, row)
            self._put(row["activity_id"], samples)
        except StoreError:
            raise
        except Exception as error:  # whatever one answer holds, it stops only itself
            told = (
                str(error)
                if isinstance(error, SourceError)
                else f"It could not be read ({type(error).__name__})."
            )
            self._fail(source_id, told)
            return
        self._failed.pop(source_id, None)
        self._rows.append(with_recording(row, recorded, recording_mark(row), way.now()))
        self._done += 1
        if len(self._rows) >= ROWS_PER_COMMIT or time.monotonic() - self._last_commit > SECONDS_PER_COMMIT:
            self._commit()

    def _put(self, activity_id: str, samples: pl.DataFrame) -> None:
        """Store samples, which are checked on the way."""
        way = self.way
        if samples.is_empty():
            way.store.samples.delete(way.athlete_id, [activity_id])
            return
        way.store.samples.write(way.athlete_id, activity_id, samples)
        way.result.sample_files += 1
        way.result.sample_rows += samples.height

    def _commit(self) -> None:
        if self._rows:
            self.way.store.write(ACTIVITY, as_frame(self._rows))
            self._rows.clear()
        self._settle_doubts()
        self.way.write(FAILED, self._failed or None)
        self._last_commit = time.monotonic()

    def _settle_doubts(self) -> None:
        for source_id, sentence in self._doubtful:
            self._fail(source_id, sentence)
        self._doubtful.clear()

    def _fail(self, source_id: str, sentence: str) -> None:
        self._failed[source_id] = self._failed.get(source_id, 0) + 1
        self.way.result.skipped.append(Skipped(f"recording of activity {source_id}", sentence))

    def _say(self, at_once: bool = False) -> None:
        way = self.way
        way.result.left = self._left
        fetched = max(1, way.result.sample_files)
        each = (time.monotonic() - self._began) / fetched
        wait = max(way.budget.seconds_for(self._left), self._left * each)
        finish = way.clock() + wait if self._left else None
        way.say(
            "recordings", self._done, self._done + self._left, at_once,
            state="recordings", recordings=self._done, left=self._left, finish_s=finish,
        )  # fmt: skip


def _read(given: Any, row: Mapping[str, Any]) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Samples and what they add up to; none of both where there is no recording."""
    session = None if given is None else parse_streams(given, row)
    if session is None or session.points.is_empty():
        return SAMPLE.empty(), {}
    recording = build_recording(session)
    return recording.samples, {} if recording.samples.is_empty() else recording.activity
