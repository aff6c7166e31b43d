"""A run by hand counts in the load, is asked about when it comes twice, is corrected, removed and brought back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from connectors.edits import Edit
from connectors.errors import ContractError, HeelwiseError
from connectors.frames import ACTIVITY
from connectors.store.after_import import assign_local_dates, record_duplicates
from dashboard.runs import manual_runs
from dashboard.runs.manual_runs import ManualRun
from dashboard.shared.pipeline import analysis_of
from dashboard.shared.units import duration_s

RUN = ManualRun(
    date(2026, 5, 2),
    time(7, 30),
    10_000.0,
    3300.0,
    ascent_m=80.0,
    perceived_exertion_0_10=4.0,
    shoe_id="pair",
)


def by_hand(store, athlete_id) -> list[dict]:
    return manual_runs.list_manual_runs(store, athlete_id)


def test_a_run_by_hand_counts_in_the_load(store, athlete_id):
    before = analysis_of(store, athlete_id)
    change = manual_runs.add_run(store, athlete_id, RUN, "Europe/Amsterdam")
    assign_local_dates(store, athlete_id)
    record_duplicates(store, athlete_id)
    assert (change.outcome, change.rows[0]["source_id"]) == ("added", "2026-05-02T07:30")
    after = analysis_of(store, athlete_id)
    assert after.runs.height == before.runs.height + 1
    last = after.runs.sort("local_date").row(-1, named=True)
    assert last["local_date"] == date(2026, 5, 2)
    assert last["load_tkm"] > 5
    assert after.days.height == before.days.height + 3
    (row,) = by_hand(store, athlete_id)
    assert (row["start_utc"], row["timezone"]) == (
        datetime(2026, 5, 2, 5, 30, tzinfo=UTC),
        "Europe/Amsterdam",
    )
    assert (row["ascent_m"], row["descent_m"], row["flags"]) == (80.0, None, "manual")


def test_the_same_run_twice_is_asked_about(store, athlete_id):
    assert manual_runs.find_same_run(store, athlete_id, RUN) is None
    manual_runs.add_run(store, athlete_id, RUN)
    assert manual_runs.find_same_run(store, athlete_id, RUN)["source"] == "manual"
    assert (
        manual_runs.find_same_run(store, athlete_id, ManualRun(date(2026, 5, 2), moving_s=60.0)) is not None
    )
    recorded = ManualRun(date(2026, 4, 29), time(7, 20), None, 1800.0)
    assert manual_runs.find_same_run(store, athlete_id, recorded, "UTC")["source"] == "file"
    assert (
        manual_runs.find_same_run(
            store, athlete_id, ManualRun(date(2026, 4, 29), time(20), None, 1800.0), "UTC"
        )
        is None
    )
    anyway = manual_runs.add_run(store, athlete_id, RUN)
    assert anyway.rows[0]["source_id"] == "2026-05-02T07:30-2"
    assert len(by_hand(store, athlete_id)) == 2


def test_a_correction_is_the_last_word_and_is_undone(store, athlete_id):
    added = manual_runs.add_run(store, athlete_id, RUN)
    (row,) = by_hand(store, athlete_id)
    store.edit(athlete_id, [Edit("activity", row["activity_id"], "distance_m", 5000.0)])
    longer = ManualRun(date(2026, 5, 3), time(8), 12_000.0, 3300.0)
    change = manual_runs.add_run(store, athlete_id, longer, replaces=added.rows[0]["source_id"])
    (row,) = by_hand(store, athlete_id)
    assert (change.outcome, row["distance_m"], row["local_date"]) == ("updated", 12_000.0, date(2026, 5, 3))
    assert (
        manual_runs.add_run(store, athlete_id, longer, replaces=added.rows[0]["source_id"]).outcome
        == "unchanged"
    )
    change.undo(store)
    (row,) = by_hand(store, athlete_id)
    assert (row["distance_m"], row["local_date"], row["shoe_id"]) == (5000.0, date(2026, 5, 2), "pair")


def test_a_removed_run_comes_back_and_its_edits_land_on_no_other(store, athlete_id):
    added = manual_runs.add_run(store, athlete_id, RUN)
    (row,) = by_hand(store, athlete_id)
    store.edit(athlete_id, [Edit("activity", row["activity_id"], "distance_m", 5000.0)])
    gone = manual_runs.remove_run(store, athlete_id, added.rows[0]["source_id"])
    assert by_hand(store, athlete_id) == []
    gone.undo(store)
    assert by_hand(store, athlete_id)[0]["distance_m"] == 5000.0
    manual_runs.remove_run(store, athlete_id, added.rows[0]["source_id"])
    manual_runs.add_run(store, athlete_id, RUN)
    assert by_hand(store, athlete_id)[0]["distance_m"] == 10_000.0


def test_an_added_run_is_taken_back(store, athlete_id):
    before = store.read(ACTIVITY, athlete_id)
    manual_runs.add_run(store, athlete_id, RUN).undo(store)
    assert store.read(ACTIVITY, athlete_id).equals(before)


@pytest.mark.parametrize(
    "run",
    [
        ManualRun(date(2026, 5, 2)),
        ManualRun(date(2026, 5, 2), distance_m=0.0, moving_s=0.0),
        ManualRun(date(2026, 5, 2), distance_m=-5.0),
        ManualRun(date(2026, 5, 2), distance_m=5000.0, perceived_exertion_0_10=11.0),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(store, athlete_id, run):
    with pytest.raises(HeelwiseError, match="Nothing was"):
        manual_runs.add_run(store, athlete_id, run)
    assert by_hand(store, athlete_id) == []


def test_a_time_not_remembered_is_noon_in_the_runners_zone(store, athlete_id):
    store.set_settings(athlete_id, {"timezone": "America/New_York"})
    manual_runs.add_run(store, athlete_id, ManualRun(date(2026, 5, 2), distance_m=5000.0), "Asia/Tokyo")
    (row,) = by_hand(store, athlete_id)
    assert (row["source_id"], row["start_utc"].hour, row["moving_s"]) == ("2026-05-02", 16, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", None), (" 44 ", 2640.0), ("44:10", 2650.0), ("1:05:00", 3900.0), ("90:00", 5400.0)],
)
def test_a_duration_is_read_as_runners_write_it(text, seconds):
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["-5", "1:2:3:4", "44:60", "4.5", "an hour", ":30"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(HeelwiseError, match="is not a duration"):
        duration_s(text)
    assert not issubclass(HeelwiseError, ContractError)
