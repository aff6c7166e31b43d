"""The sync by a runner's own key, against a stand-in of each service: what comes in, what goes, what is asked."""

from __future__ import annotations

import random

import pytest
from key_stand_in import PASSING
from strava_world import stop_after

from connectors.edits import Edit
from connectors.errors import KeyMissing, KeyRefused, OtherAccount, ServiceError, ServiceTroubled
from connectors.sync.status import ask_to_stop, read_status


def is_file(path: str) -> bool:
    return path.endswith("/file") or "/files/" in path


def asked_files(world) -> int:
    return sum(is_file(call.path) for call in world.server.calls)


def test_a_first_sync_brings_everything_in(world):
    world.server.add_runs(7, seconds=120)
    result = world.sync()
    assert result.activities == {"new": 7, "updated": 0, "unchanged": 0, "deleted": 0}
    assert (result.sample_files, result.sample_rows, result.left) == (7, 7 * 121, 0)
    assert result.is_complete
    rows = world.rows()
    assert set(rows) == set(world.server.activities)
    for source_id, row in rows.items():
        item = world.server.activities[source_id]
        assert (row["distance_m"], row["sport"]) == (item["distance"], "Run")
        assert row["cadence_spm"] == 170
        assert (row["sample_rows"], row["utc_offset_s"]) == (121, 3_600)


def test_a_second_sync_changes_nothing_and_asks_for_no_file(world):
    world.server.add_runs(40, seconds=60)
    world.sync()
    version, files, before = world.store.version(world.athlete), asked_files(world), world.contents()
    result = world.sync()
    assert result.activities["new"] + result.activities["updated"] + result.activities["deleted"] == 0
    assert (world.store.version(world.athlete), asked_files(world)) == (version, files)
    assert world.contents() == before


def test_recordings_come_newest_first_after_the_list(world):
    ids = world.server.add_runs(5, seconds=60)
    world.sync()
    paths = [call.path for call in world.server.calls if is_file(call.path)]
    assert [next(one for one in ids if f"/{one}" in path) for path in paths] == ids


def test_edits_and_deletions_are_followed(world, clock):
    ids = world.server.add_runs(10, seconds=60)
    world.sync()
    gone = world.rows()[ids[3]]["activity_id"]
    name = "activityName" if world.service.id == "garmin" else "name"
    world.server.edit(ids[0], **{name: "Renamed"})
    world.server.delete(ids[3])
    clock.forward(hours=1)
    result = world.sync()
    assert (result.activities["updated"], result.activities["deleted"]) == (1, 1)
    assert world.rows()[ids[0]]["name"] == "Renamed"
    assert ids[3] not in world.rows()
    assert not world.store.samples.exists(world.athlete, gone)


def test_a_list_that_lacks_activities_deletes_nothing(world, clock):
    ids = world.server.add_runs(4, seconds=60)
    world.sync()
    hidden = world.server.activities
    answer = world.server.answer

    def shortened(call):
        status, body = answer(call)
        lists = isinstance(body, list) and "activities" in call.path
        return status, [one for one in body if str(ids[2]) not in str(one)] if lists else body

    world.server.answer = shortened
    clock.forward(hours=1)
    world.sync()
    assert set(world.rows()) == set(hidden)


def test_an_entry_under_a_new_id_stays_the_same_run(world, clock):
    """What the runner said of it hangs on our id, which stays."""
    ids = world.server.add_runs(3, seconds=60)
    world.sync()
    old = world.rows()[ids[1]]["activity_id"]
    world.store.edit(world.athlete, [Edit("activity", old, "is_excluded", True)])
    item, data = world.server.activities[ids[1]], world.server.files[ids[1]]
    world.server.delete(ids[1])
    new = str(int(ids[1].removeprefix("i")) + 1)
    new = f"i{new}" if ids[1].startswith("i") else new
    name = "activityId" if world.service.id == "garmin" else "id"
    world.server.activities[new] = {**item, name: int(new) if name == "activityId" else new}
    world.server.files[new] = data
    for _ in range(2):
        clock.forward(hours=1)
        world.sync()
        assert set(world.rows()) == {ids[0], ids[2], new}
        assert world.rows()[new]["activity_id"] == old
        sessions = world.store.activities(world.athlete).filter(activity_id=old)
        assert sessions["is_excluded"].to_list() == [True]
        assert world.store.samples.exists(world.athlete, old)


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_anywhere_changes_nothing_of_what_comes_in(world, fault):
    world.server.add_runs(6, seconds=60)
    rng = random.Random(fault)
    hit = []

    def sometimes(call):
        # The first calls go through, so that it happens in the middle.
        if len(world.server.calls) > 2 and len(hit) < 6 and rng.random() < 0.4:
            hit.append(call.path)
            return fault
        return ""

    world.server.fault_for = sometimes
    result = world.sync_through()
    world.server.fault_for = None
    result = world.sync_through()
    assert hit
    assert result.left == 0
    assert {row["sample_rows"] for row in world.rows().values()} == {61}


def test_a_service_that_is_down_is_one_sentence_and_keeps_all(world):
    world.server.add_runs(3, seconds=60)
    world.sync()
    world.server.fault_for = lambda call: "500"
    with pytest.raises(ServiceTroubled, match=world.service.title):
        world.sync()
    assert len(world.rows()) == 3
    assert read_status(world.store, world.athlete, world.service.id).state == "waiting"


@pytest.mark.parametrize("fault", ["not_zip", "empty_file", "junk_file"])
def test_a_file_that_is_none_costs_only_itself(world, fault):
    ids = world.server.add_runs(3, seconds=60)
    world.server.fault_for = lambda call: fault if is_file(call.path) and ids[1] in call.path else ""
    result = world.sync()
    rows = world.rows()
    assert rows[ids[1]]["sample_rows"] in (None, 0)
    assert (rows[ids[0]]["sample_rows"], rows[ids[2]]["sample_rows"]) == (61, 61)
    assert [one.path for one in result.skipped] == [f"recording of activity {ids[1]}"]
    assert result.skipped[0].reason.endswith(".")
    assert "Traceback" not in result.skipped[0].reason


def test_an_original_that_is_gone_leaves_the_summary(world):
    ids = world.server.add_runs(2, seconds=60)
    del world.server.files[ids[0]]
    result = world.sync()
    assert (result.left, result.skipped) == (0, [])
    assert world.rows()[ids[0]]["sample_rows"] == 0
    assert world.rows()[ids[0]]["distance_m"] is not None


def test_a_long_refusal_ends_the_sync_and_names_the_time(world, clock):
    world.server.add_runs(3, seconds=60)
    world.server.fault_for = lambda call: "429_long" if is_file(call.path) else ""
    result = world.sync()
    assert result.waiting_until is not None
    assert 3_500 < result.waiting_until.timestamp() - clock.now_s <= 3_600
    before = len(world.server.calls)
    assert world.sync().waiting_until is not None
    assert len(world.server.calls) == before
    world.server.fault_for = None
    assert world.sync(until_done=True).is_complete
    assert {row["sample_rows"] for row in world.rows().values()} == {61}


def test_a_short_refusal_is_waited_for(world):
    world.server.add_runs(2, seconds=60)
    world.server.faults += ["429", "429"]
    assert world.sync().is_complete


def test_a_revoked_key_asks_for_a_new_one_and_keeps_everything(world):
    world.server.add_runs(3, seconds=60)
    world.sync()
    world.server.revoke()
    if world.service.id == "garmin":
        world.server.kill_tokens()
    with pytest.raises(KeyRefused, match="link again"):
        world.sync()
    assert len(world.rows()) == 3
    assert read_status(world.store, world.athlete, world.service.id).state == "failed"


def test_a_401_in_the_middle_loses_nothing(world):
    """Garmin's token is exchanged anew; a key that is refused once is asked for again and goes on from there."""
    world.server.add_runs(6, seconds=60)
    refused = []

    def once(call):
        if is_file(call.path) and len(refused) < 1 and asked_files(world) == 3:
            refused.append(call)
            return "401"
        return ""

    world.server.fault_for = once
    if world.service.id == "garmin":
        assert world.sync().is_complete
    else:
        with pytest.raises(KeyRefused):
            world.sync()
        assert world.sync().is_complete
    assert refused
    assert {row["sample_rows"] for row in world.rows().values()} == {61}


def test_another_account_stops_before_anything_is_written(world):
    world.server.add_runs(2, seconds=60)
    world.link("12345")
    with pytest.raises(OtherAccount, match="Made Up"):
        world.sync()
    assert world.rows() == {}


def test_an_account_known_only_now_is_asked_about_first(world):
    world.server.add_runs(2, seconds=60)
    world.link(None, is_confirmed=False)
    with pytest.raises(OtherAccount, match="Confirm"):
        world.sync()
    assert world.rows() == {}
    world.link(None, is_confirmed=True)
    assert world.sync().activities["new"] == 2
    assert world.vault.read_key(world.athlete, world.service.id).account in ("501", "i900")


def test_without_a_key_there_is_one_sentence(world):
    world.vault.write_key(world.athlete, world.service.id, None)
    with pytest.raises(KeyMissing, match=f"connect {world.service.id}"):
        world.sync()


def test_a_stop_is_met_and_gone_on_from(world):
    world.server.add_runs(8, seconds=60)
    assert world.sync(should_stop=stop_after(6)).is_stopped
    ask_to_stop(world.store, world.athlete, world.service.id)
    assert world.sync().is_stopped
    assert world.sync().is_complete
    assert {row["sample_rows"] for row in world.rows().values()} == {61}


def test_cut_off_at_random_it_ends_as_a_clean_sync(world, tmp_path, clock):
    """Twenty syncs, each ended by an error of its own at a random call."""
    world.server.add_runs(12, seconds=60)
    rng = random.Random(20)
    for _ in range(20):
        calls = len(world.server.calls) + rng.randrange(1, 7)
        world.server.fault_for = lambda call, last=calls: "403" if len(world.server.calls) >= last else ""
        try:
            world.sync()
        except ServiceError:
            clock.forward(minutes=1)
    world.server.fault_for = None
    world.sync_through()
    cut, account = world.contents(), world.vault.read_key(world.athlete, world.service.id).account
    clean = type(world)(tmp_path / "clean", world.server, clock, world.service.id, account)
    clean.sync()
    assert cut == clean.contents()
    clean.store.close()


def test_the_key_is_in_no_row_log_or_file(world, tmp_path, caplog):
    caplog.set_level("DEBUG")
    world.server.add_runs(2, seconds=60)
    world.sync()
    assert world.server.key not in caplog.text
    assert world.server.key not in repr(world.vault.read_key(world.athlete, world.service.id))
    for path in (tmp_path / "home").rglob("*"):
        assert path.is_dir() or world.server.key.encode() not in path.read_bytes()
