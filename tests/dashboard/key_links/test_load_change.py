"""Past load never changes by a link without a note: which runs, and by how much."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from store_builders import activity_row

from connectors.frames import ACTIVITY, checked
from connectors.source import stable_id
from connectors.store import open_store
from connectors.store.after_import import record_duplicates
from dashboard.key_links.load_change import last_load_change, load_before, note_load_change

DAY = date(2026, 3, 2)


@pytest.fixture
def record(tmp_path):
    with open_store(tmp_path / "own") as store:
        yield store, store.runner(create=True).athlete_id


def write(store, *rows) -> None:
    store.write(ACTIVITY, checked(pl.DataFrame(list(rows), schema=ACTIVITY.schema), ACTIVITY))


def of_link(row, **more):
    source_id = f"g{row['source_id']}"
    own = stable_id(row["athlete_id"], "garmin_api", source_id)
    return {**row, "source": "garmin_api", "source_id": source_id, "activity_id": own, **more}


def rows_of(athlete: int, count: int = 20):
    return [
        activity_row(athlete, DAY + timedelta(days=n), 8_000.0, moving_s=2_700.0, elapsed_s=2_700.0)
        for n in range(count)
    ]


def test_a_link_that_leads_with_another_length_is_told_with_the_run(record):
    store, athlete = record
    rows = rows_of(athlete)
    write(store, *rows)
    before = load_before(store, athlete, ["garmin_api"])
    write(store, of_link(rows[3], distance_m=8_320.0))
    record_duplicates(store, athlete)
    assert store.activities(athlete).height == 20
    sentences = note_load_change(store, athlete, before)
    assert "Load of 1 run that was here is another now" in sentences[0]
    assert "5 Mar" in sentences[1]
    assert "→" in sentences[1]
    assert last_load_change(store, athlete).sentences == sentences


def test_a_link_that_says_the_same_or_adds_runs_is_no_change(record):
    store, athlete = record
    rows = rows_of(athlete)
    write(store, *rows)
    before = load_before(store, athlete, ["garmin_api"])
    write(store, *[of_link(row) for row in rows])
    record_duplicates(store, athlete)
    assert note_load_change(store, athlete, before) == []
    assert last_load_change(store, athlete) is None


def test_a_run_that_goes_with_its_source_is_named(record):
    store, athlete = record
    rows = rows_of(athlete)
    alone = of_link(activity_row(athlete, DAY - timedelta(days=9), 8_000.0, moving_s=2_700.0))
    write(store, *rows, alone)
    before = load_before(store, athlete, ["garmin_api"])
    store.delete(ACTIVITY, athlete, "garmin_api", [alone["source_id"]])
    assert "gone with its only source" in " ".join(note_load_change(store, athlete, before))


def test_a_record_of_one_source_alone_is_not_compared(record):
    store, athlete = record
    write(store, *[of_link(row) for row in rows_of(athlete, 3)])
    assert load_before(store, athlete, ["garmin_api"]) is None
