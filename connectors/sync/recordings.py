"""The recordings of the runs, newest first, each stored as it arrives; whichever service they come from."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

import polars as pl

from connectors.errors import RequestsSpent, ServiceError, ServiceTroubled, SourceError, StoreError
from connectors.frames import ACTIVITY, RUN_SPORTS, SAMPLE
from connectors.source import Skipped
from connectors.sync.context import Api, SyncContext
from connectors.sync.recording_state import with_recording

FAILED = "failed"
MOST_FAILURES = 5
"""Syncs after which a recording that cannot be had is left alone until the list is compared as a whole."""
TROUBLES_IN_A_ROW = 3
"""Failures of one activity after another that are no longer the activities' own."""
ROWS_PER_COMMIT = 20
SECONDS_PER_COMMIT = 3.0


@dataclass(frozen=True)
class Fetched:
    """A recording as it came: its samples, what they add up to, and the mark of what it was fetched for."""

    mark: str
    samples: pl.DataFrame = field(default_factory=SAMPLE.empty)
    recorded: Mapping[str, Any] = field(default_factory=dict)


class RecordingFetcher(ABC, Generic[Api]):
    """Fetches the recordings of one runner from one service; a service says what is due and how it is asked."""

    def __init__(self, context: SyncContext[Api], source_name: str) -> None:
        self.context = context
        self.source_name = source_name
        known = context.read(context.name(FAILED))
        self._failed: dict[str, int] = known if isinstance(known, dict) else {}
        self._doubtful: list[tuple[str, str]] = []
        self._rows: list[dict[str, Any]] = []
        self._last_commit = time.monotonic()
        self._left = self._done = 0
        self._began = time.monotonic()

    @abstractmethod
    def list_due(self, rows: pl.DataFrame) -> pl.DataFrame:
        """List the runs without their recording, newest first."""

    @abstractmethod
    def ask(self, row: Mapping[str, Any]) -> Any:
        """Ask the service for one recording."""

    @abstractmethod
    def read(self, given: Any, row: Mapping[str, Any]) -> Fetched:
        """Read what the service gave."""

    def forgive(self) -> None:
        """Try again what failed too often before: the whole list was just compared."""
        self._failed = {}
        self.context.write(self.context.name(FAILED), None)

    def fetch(self) -> None:
        """Fetch every recording that is still to come."""
        due = self._due()
        self._left = due.height
        self._report(at_once=True)
        try:
            for row in due.iter_rows(named=True):
                self.context.raise_if_stopped()
                self._fetch_one(row)
                self._left -= 1
                self._report()
        finally:
            self._commit()
        self.count_left()

    def count_left(self) -> None:
        """Count what is still to come, and report it."""
        self._left = self._due().height
        self._report(at_once=True)

    def _due(self) -> pl.DataFrame:
        """Runs without their recording, newest first; those that failed before come last."""
        context = self.context
        rows = context.store.read(ACTIVITY, context.athlete_id)
        due = self.list_due(rows)
        runs = rows.filter(pl.col("source") == self.source_name, pl.col("sport").is_in(RUN_SPORTS)).height
        self._done = runs - due.height
        failures = pl.col("source_id").replace_strict(self._failed, default=0, return_dtype=pl.Int64)
        counted = due.with_columns(failures=failures).filter(pl.col("failures") < MOST_FAILURES)
        return counted.sort("failures", maintain_order=True).drop("failures")

    def _fetch_one(self, row: dict[str, Any]) -> None:
        """Fetch and store one; what is wrong with it alone stops nothing else."""
        context, source_id = self.context, row["source_id"]
        try:
            given = self.ask(row)
        except ServiceTroubled as error:
            self._doubtful.append((source_id, str(error)))
            if len(self._doubtful) >= TROUBLES_IN_A_ROW:
                self._doubtful.clear()
                raise
            return
        except ServiceError:
            raise
        except SourceError as error:  # such as a file larger than any watch writes
            self._fail(source_id, str(error))
            return
        self._settle_doubts()
        try:
            fetched = self.read(given, row)
            self._write_samples(row["activity_id"], fetched.samples)
        except (StoreError, RequestsSpent):
            raise
        except Exception as error:  # whatever one answer holds, it stops only itself
            sentence = (
                str(error)
                if isinstance(error, SourceError)
                else f"It could not be read ({type(error).__name__})."
            )
            self._fail(source_id, sentence)
            return
        self._failed.pop(source_id, None)
        self._rows.append(with_recording(row, fetched.recorded, fetched.mark, context.now()))
        self._done += 1
        if len(self._rows) >= ROWS_PER_COMMIT or time.monotonic() - self._last_commit > SECONDS_PER_COMMIT:
            self._commit()

    def _write_samples(self, activity_id: str, samples: pl.DataFrame) -> None:
        """Store samples, which are checked on the way."""
        context = self.context
        if samples.is_empty():
            context.store.samples.delete(context.athlete_id, [activity_id])
            return
        context.store.samples.write(context.athlete_id, activity_id, samples)
        context.result.sample_files += 1
        context.result.sample_rows += samples.height

    def _commit(self) -> None:
        if self._rows:
            self.context.store.write(ACTIVITY, pl.DataFrame(self._rows, schema=ACTIVITY.schema))
            self._rows.clear()
        self._settle_doubts()
        self.context.write(self.context.name(FAILED), self._failed or None)
        self._last_commit = time.monotonic()

    def _settle_doubts(self) -> None:
        for source_id, sentence in self._doubtful:
            self._fail(source_id, sentence)
        self._doubtful.clear()

    def _fail(self, source_id: str, sentence: str) -> None:
        self._failed[source_id] = self._failed.get(source_id, 0) + 1
        self.context.result.skipped.append(Skipped(f"recording of activity {source_id}", sentence))

    def _report(self, at_once: bool = False) -> None:
        context = self.context
        context.result.left = self._left
        fetched = max(1, context.result.sample_files)
        each = (time.monotonic() - self._began) / fetched
        wait = max(context.budget.seconds_for(self._left), self._left * each)
        finish = context.clock() + wait if self._left else None
        context.report_progress(
            "recordings", self._done, self._done + self._left, at_once,
            state="recordings", recordings=self._done, left=self._left, finish_s=finish,
        )  # fmt: skip
