"""What a source changes of a run on record counts from when that was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from connectors.frames import ACTIVITY
from connectors.store.field_changes import date_changes

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = st.sampled_from([None, "Easy", "Long", "Track"])


def row(hour: int, name: str | None) -> pl.DataFrame:
    """One run as a source lists it at some hour."""
    given = {
        "athlete_id": 1,
        "source": "garmin_api",
        "source_id": "7",
        "fetched_utc": START + timedelta(hours=hour),
        "name": name,
    }
    return pl.DataFrame([given], schema=ACTIVITY.schema)


@given(st.lists(NAMES, min_size=1, max_size=8))
def test_a_change_is_dated_by_the_sync_that_saw_it_and_repeating_it_moves_nothing(names):
    current, expected = row(0, names[0]), None
    for hour, name in enumerate(names[1:], start=1):
        if name is not None and name != names[hour - 1]:
            expected = START + timedelta(hours=hour)
        current = date_changes(row(hour, name), current, ACTIVITY.key)
        assert current["name_changed_utc"].item() == expected
        assert current["shoe_changed_utc"].item() is None
        again = date_changes(row(hour, name), current, ACTIVITY.key)
        assert again["name_changed_utc"].item() == expected
    assert current.columns == list(ACTIVITY.columns)


def test_a_row_seen_for_the_first_time_has_changed_nothing():
    fresh = date_changes(row(3, "Easy"), row(0, None).clear(), ACTIVITY.key)
    assert fresh["name_changed_utc"].item() is None
