"""Overlapping runs: shown, never merged, until a person says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.intake import import_paths
from connectors.store import open_store
from dashboard import doubles, words
from dashboard.units import Units

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
    (one,) = doubles.overlapping(store, mine)
    assert doubles.listed(store, mine) == []
    assert "may be one run; both are counted" in one.in_words(Units(), words.SOURCE_NAMES, words.day)
    assert store.activities(mine).height == 2
    doubles.decide(store, mine, one, True)
    assert doubles.overlapping(store, mine) == []
    assert store.activities(mine).height == 1
    (told,) = doubles.listed(store, mine)
    doubles.decide(store, mine, told, False)
    assert store.activities(mine).height == 2
    assert doubles.overlapping(store, mine) == [], "what a person has told apart is not asked again"
