"""The recordings of the runs on Strava: channels, not files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from connectors.recordings.recording import build_recording
from connectors.strava.client import StravaApi
from connectors.strava.parse_api import SOURCE_NAME
from connectors.strava.retention import WEEK, is_one_week
from connectors.sync.context import SyncContext
from connectors.sync.recording_state import recording_mark, waiting
from connectors.sync.recordings import Fetched, RecordingFetcher
from connectors.sync.streams import parse_streams

AHEAD = timedelta(days=1)
"""Where data is forgotten after 7 days, a recording is fetched again this much earlier."""


class RecordingSync(RecordingFetcher[StravaApi]):
    """Fetches the recordings of one runner."""

    def __init__(self, context: SyncContext[StravaApi]) -> None:
        super().__init__(context, SOURCE_NAME)

    def list_due(self, rows: pl.DataFrame) -> pl.DataFrame:
        """List the runs without their recording, newest first."""
        context = self.context
        week = is_one_week(context.store, context.athlete_id)
        sessions = context.store.activities(context.athlete_id)
        return waiting(rows, sessions, SOURCE_NAME, context.now() - WEEK + AHEAD if week else None)

    def ask(self, row: Mapping[str, Any]) -> Any:
        """Ask for the channels of one run; None where there are none."""
        return self.context.api.get_streams(int(row["source_id"]))

    def read(self, given: Any, row: Mapping[str, Any]) -> Fetched:
        """Build the recording of its channels."""
        mark = recording_mark(row)
        session = None if given is None else parse_streams(given, row)
        if session is None or session.points.is_empty():
            return Fetched(mark)
        recording = build_recording(session)
        if recording.samples.is_empty():
            return Fetched(mark)
        return Fetched(mark, recording.samples, recording.activity)
