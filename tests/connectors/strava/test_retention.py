"""How long what came through the API stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from export_writer import Session, write_export
from strava_world import START, World

from connectors.frames import ACTIVITY
from connectors.ingest.pipeline import import_paths
from connectors.strava import retention
from connectors.strava.retention import ONE_WEEK, RETENTION, WHILE_LINKED, forget_all, forget_expired


@pytest.fixture
def kept_a_week(world) -> World:
    world.store.set_settings(world.athlete, {RETENTION: ONE_WEEK})
    return world


def test_nothing_is_preselected_and_the_stricter_rule_holds_until_somebody_chooses(world):
    world.store.set_settings(world.athlete, {RETENTION: None})
    assert not retention.has_chosen(world.store, world.athlete)
    assert retention.is_one_week(world.store, world.athlete)
    world.store.set_settings(world.athlete, {RETENTION: WHILE_LINKED})
    assert retention.has_chosen(world.store, world.athlete)
    assert not retention.is_one_week(world.store, world.athlete)


def test_a_week_after_the_last_fetch_everything_is_gone(kept_a_week, clock):
    world = kept_a_week
    world.strava.add_runs(4, seconds=60)
    world.sync()
    assert forget_expired(world.store, world.athlete, clock.moment + timedelta(days=6.9)).activities == 0
    gone = forget_expired(world.store, world.athlete, clock.moment + timedelta(days=7.1))
    assert (gone.activities, gone.recordings, gone.shoes) == (4, 4, 2)
    assert world.rows() == {}
    assert world.shoes() == {}
    assert not list(world.store.samples.files())
    assert "strava.zones" not in world.store.bookmarks(world.athlete)


def test_it_can_be_kept_until_disconnecting(world, clock):
    world.strava.add_runs(4, seconds=60)
    world.sync()
    assert (
        forget_expired(world.store, world.athlete, clock.moment + timedelta(days=900))
        == retention.RetentionResult()
    )
    assert len(world.rows()) == 4
    world.store.set_settings(world.athlete, {RETENTION: ONE_WEEK})
    assert forget_expired(world.store, world.athlete, clock.moment + timedelta(days=8)).activities == 4


def test_what_is_fetched_again_stays(kept_a_week, clock):
    world = kept_a_week
    world.strava.add_runs(60, seconds=60)
    world.sync()
    for _ in range(12):
        clock.forward(days=2)
        world.sync_through()
        assert len(world.rows()) == 60
        oldest = min(row["fetched_utc"] for row in world.rows().values())
        assert clock.moment - oldest < retention.WEEK
        assert all(row["sample_rows"] == 61 for row in world.rows().values())
    world.holds_the_truth()


def test_after_a_pause_of_weeks_a_sync_forgets_and_fetches_anew(kept_a_week, clock):
    world = kept_a_week
    ids = world.strava.add_runs(10, seconds=60)
    world.sync()
    world.strava.delete(ids[0])
    clock.forward(days=30)
    result = world.sync_through()
    assert result.activities["new"] == 9
    world.holds_the_truth()


def test_recordings_age_by_themselves(kept_a_week, clock):
    """A list read again makes no recording younger."""
    world = kept_a_week
    world.strava.add_runs(3, seconds=60)
    world.sync()
    clock.forward(days=5)
    world.strava.fault_for = lambda call: "500" if call.path.endswith("streams") else ""
    world.sync()
    gone = forget_expired(world.store, world.athlete, clock.moment + timedelta(days=2.5))
    assert (gone.activities, gone.recordings) == (0, 3)
    assert {row["sample_rows"] for row in world.rows().values()} == {None}
    assert not list(world.store.samples.files())


def test_an_export_is_not_touched(kept_a_week, clock, tmp_path):
    world = kept_a_week
    one = Session(id=1, start=START - timedelta(days=3), name="Mine", distance_m=5_000.0, moving_s=1_500.0)
    write_export(tmp_path / "export.zip", [one])
    import_paths(world.store, world.athlete, [tmp_path / "export.zip"])
    world.strava.add_runs(2)
    world.sync()
    forget_expired(world.store, world.athlete, clock.moment + timedelta(days=100))
    assert world.store.read(ACTIVITY, world.athlete)["source"].to_list() == ["strava_export"]


def test_disconnecting_can_take_everything_away(world):
    world.strava.add_runs(3, seconds=60)
    world.sync()
    gone = forget_all(world.store, world.athlete)
    assert (gone.activities, gone.recordings, gone.shoes) == (3, 3, 2)
    assert world.rows() == {}
    assert not list(world.store.samples.files())
    assert set(world.store.bookmarks(world.athlete)) <= {"strava.budget"}


def test_the_text_says_what_is_known_and_how():
    for words in ("7 days", "not read the rules themselves", "export"):
        assert words in retention.POLICY_TEXT
