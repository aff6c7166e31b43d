"""Garmin's Personal API: pages of 45, tokens that end, and a key that is never another person's."""

from __future__ import annotations

import pytest
from garmin_stand_in import FILE, LIST, TOKEN, GarminStandIn
from key_world import KeyWorld
from strava_world import Clock

from connectors.errors import KeyRefused
from connectors.sync.key_service import key_service
from connectors.sync.key_sync import opened_with_key


@pytest.fixture
def world(tmp_path, monkeypatch):
    clock = Clock()
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    with GarminStandIn(clock) as server:
        monkeypatch.setenv("HEELWISE_GARMIN_URL", server.url)
        made = KeyWorld(tmp_path / "home", server, clock, "garmin", "501")
        yield made
        made.store.close()


def test_a_short_page_never_ends_the_list(world):
    """Garmin counts entries in a page that it does not send."""
    world.server.add_runs(200, activityType={"typeKey": "cycling"})
    world.server.short_pages = True
    world.sync()
    pages = [call for call in world.server.calls if call.path == LIST]
    assert {call.query["limit"] for call in pages} == {"45", "1"}
    # What a page leaves out at its end, the next one reads again from before there.
    assert len(world.rows()) == 200


def test_one_deleted_between_two_pages_hides_no_other(world):
    ids = world.server.add_runs(100, activityType={"typeKey": "cycling"})
    pages = []

    def delete_one(call):
        if call.path == LIST and call.query["limit"] == "45":
            pages.append(call)
            if len(pages) == 2:
                world.server.delete(ids[0])
                world.server.delete(ids[1])
        return ""

    world.server.fault_for = delete_one
    world.sync()
    # Those two were listed before they went; the next sync asks for them.
    assert set(world.rows()) == set(ids)
    world.server.fault_for = None
    world.clock.forward(hours=1)
    world.sync()
    assert set(world.rows()) == set(ids[2:])


def test_a_token_that_ends_in_the_middle_is_exchanged_anew(world):
    world.server.add_runs(6, seconds=60)
    calls = []

    def end_once(call):
        if call.path.startswith(FILE):
            calls.append(call)
            if len(calls) == 3:
                world.server.kill_tokens()
        return ""

    world.server.fault_for = end_once
    assert world.sync().is_complete
    assert world.server.exchanges == 2
    assert {row["sample_rows"] for row in world.rows().values()} == {61}


def test_the_token_is_stored_for_the_next_sync_and_goes_with_the_key(world):
    world.server.add_runs(2)
    world.sync()
    world.sync()
    assert world.server.exchanges == 1
    world.vault.write_key(world.athlete, "garmin", None)
    assert world.vault.read_key_token(world.athlete, "garmin") is None


def test_no_key_of_this_machine_is_taken(world, monkeypatch, tmp_path):
    """The library would read an environment variable or a file in the home folder."""
    monkeypatch.setenv("GARMIN_PERSONAL_API_KEY", world.server.key)
    monkeypatch.setenv("GARMIN_PERSONAL_API_BASE_URL", "http://127.0.0.1:9")
    with opened_with_key(key_service("garmin"), "another") as api, pytest.raises(KeyRefused):
        api.account()
    sent = [call.authorization for call in world.server.calls if call.path == TOKEN]
    assert sent == ["ApiKey another"]


def test_effort_and_feel_are_asked_for_only_where_the_file_has_none(world):
    ids = world.server.add_runs(2, seconds=60)
    world.server.details[ids[0]] = {"directWorkoutRpe": 70, "directWorkoutFeel": 25}
    world.server.details[ids[1]] = {"directWorkoutRpe": 700, "directWorkoutFeel": -1}
    world.sync()
    rows = world.rows()
    assert (rows[ids[0]]["perceived_exertion_0_10"], rows[ids[0]]["feel_0_100"]) == (7, 25)
    assert (rows[ids[1]]["perceived_exertion_0_10"], rows[ids[1]]["feel_0_100"]) == (None, None)
    before = len(world.server.calls)
    world.sync()
    assert not [call for call in world.server.calls[before:] if "activity-service" in call.path]


def test_one_odd_entry_costs_only_itself(world):
    ids = world.server.add_runs(4)
    world.server.edit(ids[0], distance="far", averageHR=None, startTimeLocal=None, activityType=None)
    world.server.edit(ids[1], activityId=None)
    result = world.sync()
    assert set(world.rows()) == {ids[0], ids[2], ids[3]}
    assert world.rows()[ids[0]]["distance_m"] is None
    assert "without a usable id" in result.skipped[0].reason
