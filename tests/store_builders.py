"""A store with a little made-up running, and the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connectors.source import stable_id

FIRST_STORED_DAY = date(2026, 1, 1)
FETCHED = datetime(2026, 6, 1, tzinfo=UTC)


def activity_row(athlete_id: int, day: date, distance_m: float | None = 8000.0, **more) -> dict:
    source_id = f"run-{day}"
    return {
        "activity_id": stable_id(athlete_id, "file", source_id),
        "athlete_id": athlete_id,
        "source": "file",
        "source_id": source_id,
        "fetched_utc": FETCHED,
        "start_utc": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        "local_date": day,
        "sport": "Run",
        "name": "Secret street loop",
        "distance_m": distance_m,
        "moving_s": None if distance_m is None else distance_m / 3.0,
        "ascent_m": 40.0,
        "descent_m": 40.0,
        "shoe_id": "pair",
        **more,
    }
