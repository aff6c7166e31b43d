"""Origins of rows: each is one record, and every rule reads it from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from connectors import source
from connectors.deduplication import same_sessions
from connectors.frames import ACTIVITY, STORED
from connectors.ingest.import_holds import ExportListing, check_accounts
from connectors.source import SOURCES, Source, source_by_id, source_titles, sources_of_account
from connectors.store.corrections import merge_duplicates

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
ADDED = Source(
    "strava_mirror",
    "Strava mirror",
    rank=9,
    account="strava",
    has_recordings=True,
    activity_url="https://x/{source_id}",
)


def activities(*rows: dict[str, object]) -> pl.DataFrame:
    base = {
        "athlete_id": 1,
        "source_id": "77",
        "fetched_utc": START,
        "start_utc": START,
        "local_date": START.date(),
        "sport": "Run",
        "distance_m": 10_000.0,
        "moving_s": 3_000.0,
    }
    full = [{name: {**base, **row}.get(name) for name in ACTIVITY.columns} for row in rows]
    return pl.DataFrame(full, schema=ACTIVITY.schema)


@pytest.fixture
def added(monkeypatch) -> Source:
    """One more origin of rows, with nothing else changed."""
    monkeypatch.setattr(source, "SOURCES", (*SOURCES, ADDED))
    return ADDED


def test_the_origins_have_one_id_title_and_rank_each():
    for field in ("id", "title", "rank"):
        assert len({getattr(one, field) for one in SOURCES}) == len(SOURCES)


def test_every_stored_row_has_one_of_these_origins():
    assert {c.columns["source"].one_of for c in STORED} == {tuple(one.id for one in SOURCES)}


def test_the_page_of_an_entry_is_always_on_strava():
    url = source_by_id("strava_api").url_of("9223372036854775807")
    assert url == "https://www.strava.com/activities/9223372036854775807"
    assert source_by_id("file").url_of("1") is None


def test_only_rows_of_a_link_stay_with_the_link():
    assert [one.id for one in SOURCES if not one.may_leave_account] == ["strava_api", "garmin_api"]


def test_a_source_added_has_its_title_and_address(added):
    assert source_titles()[added.id] == "Strava mirror"
    assert source_by_id(added.id).url_of("5") == "https://x/5"
    assert added.id in sources_of_account("strava")


def test_a_source_added_has_its_rank(added):
    pairs = pl.DataFrame(
        [("a", "b", True, "rule")], schema=["activity_id", "same_as", "is_same", "decided_by"], orient="row"
    )
    rows = activities(
        {"activity_id": "a", "source": added.id, "name": "mirrored", "sample_rows": 100},
        {"activity_id": "b", "source": "demo", "name": "leads", "sample_rows": 105},
    )
    merged = merge_duplicates(rows, pairs).row(0, named=True)
    assert (merged["name"], merged["samples_id"]) == ("leads", "a"), "a recording of 10 % less still wins"


@pytest.mark.parametrize("other", ["strava_api", "strava_export"])
def test_a_source_added_is_of_its_account(added, other):
    far = START.replace(year=2025)
    rows = activities(
        {"activity_id": "a", "source": other}, {"activity_id": "b", "source": added.id, "start_utc": far}
    )
    assert same_sessions(rows) == [("b", "a")], "one number in one account is one entry"
    listing = ExportListing("123", frozenset({"77"}))
    assert check_accounts([listing], rows.tail(1), {"strava 456"}, "Ann") is None


def test_a_source_of_no_account_shares_no_numbers(monkeypatch):
    monkeypatch.setattr(source, "SOURCES", (*SOURCES, replace(ADDED, account=None)))
    far = START.replace(year=2025)
    rows = activities(
        {"activity_id": "a", "source": "strava_api"},
        {"activity_id": "b", "source": ADDED.id, "start_utc": far},
    )
    assert same_sessions(rows) == []
    assert check_accounts([ExportListing("123", frozenset({"77"}))], rows.tail(1), {"strava 456"}, "Ann")
