"""A store with a little made-up running, and the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from connectors.frames import ACTIVITY, SHOE
from connectors.source import stable_id
from connectors.store import Store, open_store
from dashboard import entries

FIRST = date(2026, 1, 1)
FETCHED = datetime(2026, 6, 1, tzinfo=UTC)


def run_row(athlete_id: int, day: date, distance_m: float | None = 8000.0, **more) -> dict:
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


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HEELWISE_HOME", str(folder))
    monkeypatch.delenv("HEELWISE_ATHLETE", raising=False)
    return folder


@pytest.fixture
def store(home) -> Store:
    """One runner, 120 days: a run every other day, a big fortnight from day 90, and a few entries."""
    kept = open_store(home)
    runner = kept.add_runner("Robin Placeholder")
    days = [FIRST + timedelta(days=n) for n in range(0, 120, 2)]
    rows = [
        run_row(runner.athlete_id, day, 20000.0 if 90 <= n * 2 < 104 else 8000.0)
        for n, day in enumerate(days)
    ]
    kept.write(ACTIVITY, pl.DataFrame(rows, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    shoe = {
        "shoe_id": "pair",
        "athlete_id": runner.athlete_id,
        "source": "file",
        "source_id": "pair",
        "fetched_utc": FETCHED,
        "name": "Plain Pacer 3",
    }
    kept.write(SHOE, pl.DataFrame([shoe], schema_overrides=SHOE.schema))
    entries.keep(kept, runner.athlete_id, entries.none_on(date(2026, 3, 1)))
    entries.keep(
        kept,
        runner.athlete_id,
        entries.Entry(
            date(2026, 4, 20), "left", morning_pain_0_10=4.0, morning_stiffness_min=20.0, note="a word"
        ),
    )
    return kept


@pytest.fixture
def athlete_id(store) -> int:
    return store.runner().athlete_id
