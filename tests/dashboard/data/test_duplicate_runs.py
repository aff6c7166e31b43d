"""Overlapping runs: shown, never merged, until a person says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.ingest.pipeline import import_paths
from connectors.source import source_titles
from connectors.store import open_store
from dashboard.data import duplicate_runs
from dashboard.shared import text
from dashboard.shared.units import Units

START = datetime(2025, 3, 8, 9, tzinfo=UTC)


def test_a_hand_entered_race_beside_a_recording_is_shown_and_both_count_until_told(tmp_path):
    store = open_store(tmp_path / "home")
    mine = store.runner(create=True).athlete_id
    recorded = Session(
        1, START, file_name="activities/1.fit", recording=fit_run(start=START, seconds=600), distance_m=1_800.0,
        moving_s=600.0, elapsed_s=600.0,
    )  # fmt: skip
    by_hand = Session(2, START + timedelta(seconds=30), distance_m=1_800.0, moving_s=590.0, elapsed_s=590.0)
    import_paths(store, mine, [write_export(tmp_path / "export.zip", [recorded, by_hand])])
    (one,) = duplicate_runs.overlapping_runs(store, mine)
    assert duplicate_runs.list_duplicates(store, mine) == []
    assert "may be one run; both are counted" in one.in_words(Units(), source_titles(), text.day_in_words)
    assert store.activities(mine).height == 2
    duplicate_runs.record_decision(store, mine, one, True)
    assert duplicate_runs.overlapping_runs(store, mine) == []
    assert store.activities(mine).height == 1
    (told,) = duplicate_runs.list_duplicates(store, mine)
    duplicate_runs.record_decision(store, mine, told, False)
    assert store.activities(mine).height == 2
    assert duplicate_runs.overlapping_runs(store, mine) == [], (
        "what a person has told apart is not asked again"
    )
