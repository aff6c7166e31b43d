"""The sync as a whole: what comes in, what goes, what is matched, what is asked of Strava and what not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run
from strava_stand_in import made_run, made_streams
from strava_world import START, stop_after

from connectors.errors import ServiceError, StravaError
from connectors.frames import ACTIVITY, SHOE
from connectors.ingest.pipeline import import_paths
from connectors.store.file_lock import file_lock
from connectors.sync.run import sync_lock
from connectors.sync.status import ask_to_stop, read_status


def asked(world, ending: str) -> int:
    return world.strava.count(ending)


def test_a_first_sync_brings_everything_in(world):
    world.strava.add_runs(7, seconds=120)
    result = world.sync()
    assert result.activities == {"new": 7, "updated": 0, "unchanged": 0, "deleted": 0}
    assert (result.sample_files, result.sample_rows, result.left) == (7, 7 * 121, 0)
    assert result.is_complete
    world.holds_the_truth()


def test_a_second_sync_asks_for_the_last_weeks_only(world):
    world.strava.add_runs(40, seconds=60)
    world.sync()
    before = len(world.strava.calls)
    result = world.sync()
    assert result.activities == {"new": 0, "updated": 0, "unchanged": 30, "deleted": 0}
    # The second page is empty, and only an empty page ends a list.
    assert [call.path for call in world.strava.calls[before:]] == [
        "/athlete",
        "/athlete/activities",
        "/athlete/activities",
    ]


def test_a_sync_that_changes_nothing_wakes_no_cache(world):
    world.strava.add_runs(5, seconds=60)
    world.sync()
    before = world.store.version(world.athlete)
    world.sync()
    assert world.store.version(world.athlete) == before


def test_summaries_are_in_before_the_first_recording(world, small_pages):
    world.strava.add_runs(12, seconds=60)
    world.strava.fault_for = lambda call: "500" if call.path.endswith("streams") else ""
    with pytest.raises(StravaError):
        world.sync()
    assert len(world.rows()) == 12
    assert set(world.shoes()) == {"g1", "g2"}
    assert {row["sample_rows"] for row in world.rows().values()} == {None}


def test_recordings_come_newest_first(world):
    ids = world.strava.add_runs(6, seconds=60)
    world.sync()
    fetched = [int(c.path.split("/")[2]) for c in world.strava.calls if c.path.endswith("streams")]
    assert fetched == ids


def test_edits_and_deletions_upstream_are_followed(world, clock):
    ids = world.strava.add_runs(10, seconds=60)
    world.sync()
    gone = world.rows()[str(ids[3])]["activity_id"]
    world.strava.edit(ids[0], name="Renamed")
    world.strava.delete(ids[3])
    clock.forward(hours=1)
    result = world.sync()
    assert (result.activities["updated"], result.activities["deleted"]) == (1, 1)
    world.holds_the_truth()
    assert not world.store.samples.exists(world.athlete, gone)


def test_a_cropped_run_gets_its_recording_anew(world, rng, clock):
    ids = world.strava.add_runs(3, seconds=60)
    world.sync()
    world.strava.edit(ids[1], distance=99.0, moving_time=40, elapsed_time=40)
    world.strava.streams[ids[1]] = made_streams(40, rng)
    world.sync()
    assert asked(world, "streams") == 4
    world.holds_the_truth()


def test_a_renamed_run_costs_no_request_of_its_own(world):
    ids = world.strava.add_runs(3, seconds=60)
    world.sync()
    world.strava.edit(ids[1], name="Another name", gear_id=None)
    world.sync()
    assert asked(world, "streams") == 3
    world.holds_the_truth()


def test_old_edits_and_deletions_are_found_when_the_whole_list_is_compared(world, clock):
    ids = world.strava.add_runs(60, seconds=0)
    world.sync()
    world.strava.edit(ids[50], name="Renamed late")
    world.strava.delete(ids[55])
    world.sync()
    assert str(ids[55]) in world.rows()
    clock.forward(days=29)
    world.sync()
    world.holds_the_truth()


def test_a_list_that_lacks_activities_deletes_nothing(world):
    """A glitch of the list is no deletion: each missing activity is asked for."""
    world.strava.add_runs(5)
    world.sync()
    world.strava.fault_for = lambda call: "odd_list" if call.path == "/athlete/activities" else ""
    world.strava.special["odd_list"] = (200, [])
    result = world.sync()
    assert result.activities["deleted"] == 0
    world.holds_the_truth()


def test_activities_added_while_the_list_is_read_shift_nothing(world, small_pages, rng):
    world.strava.add_runs(23)
    once = []

    def grow(call):
        if call.path == "/athlete/activities" and len(once) < 3:
            once.append(1)
            number = 9_200_000_000_000_000 + len(once)
            start = START - timedelta(minutes=len(once))
            world.strava.activities[number] = made_run(number, start, 1_200, rng)
            world.strava.delete(min(world.strava.activities))
        return ""

    world.strava.fault_for = grow
    world.sync()
    world.strava.fault_for = None
    world.sync_through()
    world.holds_the_truth()


@pytest.mark.parametrize("hidden", [[0], [2], [4], [0, 1, 2], [7, 8, 9, 10, 11], [22], list(range(1, 23, 2))])
def test_a_hidden_activity_shortens_a_page_and_ends_no_list(world, small_pages, hidden):
    ids = world.strava.add_runs(23)
    world.strava.hidden = {ids[place] for place in hidden}
    result = world.sync()
    assert result.is_complete
    world.holds_the_truth()


def test_a_hidden_activity_ends_no_window_either(world, small_pages, rng):
    ids = world.strava.add_runs(23)
    world.sync()
    world.strava.hidden = {ids[20]}
    world.strava.edit(ids[0], name="Renamed after the short page")
    world.sync()
    assert world.rows()[str(ids[0])]["name"] == "Renamed after the short page"


def test_a_list_cut_off_at_a_short_page_goes_on(world, small_pages):
    ids = world.strava.add_runs(23)
    world.strava.hidden = {ids[1], ids[8], ids[13]}
    for requests in range(2, 9):
        world.sync(should_stop=stop_after(requests))
    world.sync()
    world.holds_the_truth()


def test_a_list_that_an_earlier_version_took_for_whole_is_read_once_more(world, small_pages, clock):
    world.strava.add_runs(40)
    world.sync_through()
    bookmarks = world.store.bookmarks(world.athlete)
    whole = next(name for name in bookmarks if name.startswith("strava.listed"))
    old = sorted(world.rows(), key=int)[-1]
    world.store.delete(ACTIVITY, world.athlete, "strava_api", [old])
    world.store.set_bookmarks(world.athlete, {whole: None, "strava.listed": str(clock())})
    world.sync_through()
    world.holds_the_truth()


def test_gear_of_a_list_that_was_cut_off_before_it_was_asked_for_comes_later(world, clock):
    world.strava.add_runs(60)
    world.sync(should_stop=stop_after(5))  # the whole list is in, the old pair not asked for
    assert len(world.rows()) == 60
    world.sync_through()
    world.holds_the_truth()


def test_a_server_that_ignores_pages_ends(world):
    world.strava.add_runs(3)
    world.strava.fault_for = lambda call: "same" if call.path == "/athlete/activities" else ""
    world.strava.special["same"] = (200, list(world.strava.activities.values()))
    assert world.sync().is_complete
    assert world.sync().is_complete


def test_ids_beyond_a_double_stay_whole(world, rng):
    number = 2**53 + 1
    world.strava.activities[number] = made_run(number, START - timedelta(days=1), 600, rng, gear=None)
    world.sync()
    assert set(world.rows()) == {"9007199254740993"}


def test_unknown_sports_are_kept_and_told(world, rng):
    world.strava.activities[5] = made_run(
        5, START - timedelta(days=1), 600, rng, gear=None, sport_type="Quidditch", type="Quidditch"
    )
    result = world.sync()
    assert result.unknown_sports == {"Quidditch": 1}
    assert world.rows()["5"]["sport"] == "Quidditch"
    assert asked(world, "streams") == 0


def test_odd_items_stop_nothing(world, rng):
    world.strava.activities[5] = made_run(5, START - timedelta(days=1), 600, rng, gear=None)
    real = world.strava.activities[5]
    world.strava.fault_for = lambda call: "mixed" if call.path == "/athlete/activities" else ""
    items = [
        None,
        {"id": None},
        {"id": 7, "start_date": "yesterday"},
        {**real, "distance": None, "id": 6},
        real,
    ]
    world.strava.special["mixed"] = (200, items)
    result = world.sync()
    assert set(world.rows()) == {"5", "6"}
    assert world.rows()["6"]["distance_m"] is None
    assert len(result.skipped) == 3


def test_manual_runs_are_done_without_a_request(world, rng):
    world.strava.activities[5] = made_run(5, START - timedelta(days=1), 600, rng, gear=None, manual=True)
    result = world.sync()
    assert result.left == 0
    assert asked(world, "streams") == 0
    assert world.rows()["5"]["flags"] == "manual"
    assert world.rows()["5"]["sample_rows"] == 0


def test_a_run_without_streams_is_asked_for_once(world, rng):
    world.strava.activities[5] = made_run(5, START - timedelta(days=1), 600, rng, gear=None)
    world.sync()
    world.sync()
    assert asked(world, "streams") == 1
    assert world.rows()["5"]["sample_rows"] == 0


@pytest.mark.parametrize("shape", ["by_type", "list", "plain"])
def test_streams_of_every_shape(world, shape):
    world.strava.stream_shape = shape
    world.strava.add_runs(2, seconds=90)
    world.sync()
    world.holds_the_truth()
    row = next(iter(world.rows().values()))
    samples = world.samples(row["source_id"])
    assert samples["cadence_spm"].mean() == pytest.approx(170, abs=1)  # one leg doubled
    assert samples["altitude_m"].null_count() == 0
    assert "latitude_deg" not in samples.columns


def test_one_broken_activity_stops_nothing_and_is_tried_again(world):
    ids = world.strava.add_runs(6, seconds=60)
    world.strava.broken = {ids[2]}
    result = world.sync()
    assert result.sample_files == 5
    assert result.left == 1
    assert [one.path for one in result.skipped] == [f"recording of activity {ids[2]}"]
    world.strava.broken = set()
    world.sync()
    world.holds_the_truth()


def test_a_recording_that_cannot_be_read_stops_only_itself(world):
    ids = world.strava.add_runs(4, seconds=60)
    world.strava.streams[ids[1]] = {"time": ["a", None, {}], "distance": [[], {}, "x"]}
    world.strava.streams[ids[2]] = {"time": [0, 1], "heartrate": [1e308, None], "latlng": [None, [1]]}
    world.sync()
    rows = world.rows()
    assert len(rows) == 4
    assert rows[str(ids[0])]["sample_rows"] == rows[str(ids[3])]["sample_rows"] == 61
    assert rows[str(ids[1])]["sample_rows"] in (0, None)


def test_hidden_starts_keep_their_day(world, rng):
    number, day = 5, datetime(2026, 2, 20, tzinfo=UTC)
    world.strava.activities[number] = made_run(
        number, day, 600, rng, gear=None,
        start_date="2026-02-20T00:00:01Z", start_date_local="2026-02-20T00:00:01Z",
        timezone="(GMT-05:00) America/New_York", utc_offset=-18_000.0, _true_start="2026-02-20T22:00:00+00:00",
    )  # fmt: skip
    world.sync()
    row = world.rows()["5"]
    assert row["flags"] == "hidden_start"
    assert row["local_date"] == day.date()
    world.sync()
    assert world.rows()["5"]["local_date"] == day.date()


def test_hidden_starts_across_pages_lose_nothing(world, small_pages, rng):
    for number in range(1, 31):
        true = START - timedelta(days=number // 3 + 1, hours=number % 3)
        shown = true.strftime("%Y-%m-%dT00:00:01Z")
        world.strava.activities[number] = made_run(
            number, true, 600, rng, gear=None, start_date=shown, start_date_local=shown,
            _true_start=true.isoformat(), timezone="(GMT+00:00) UTC", utc_offset=0,
        )  # fmt: skip
    world.sync()
    assert len(world.rows()) == 30


def test_retired_shoes_are_known_by_their_id(world):
    world.strava.add_runs(6)
    world.sync()
    assert world.shoes()["g2"]["is_retired"] is True
    assert world.shoes()["g1"]["brand"] == "Maker"
    world.holds_the_truth()


def test_a_pair_deleted_on_strava_keeps_its_name(world, clock):
    world.strava.add_runs(4)
    world.sync()
    del world.strava.gear["g2"]
    clock.forward(days=29)
    world.sync()
    assert world.shoes()["g2"]["name"] == "Old pair"


def test_a_pair_that_an_export_knows_stays_that_pair(world, tmp_path):
    """What the runner said of a pair hangs on its id."""
    old = Session(
        id=1, start=START - timedelta(days=90), name="Old", distance_m=5_000.0, moving_s=1_500.0, elapsed_s=1_500.0,
        gear_name="Blue pair",
    )  # fmt: skip
    write_export(tmp_path / "export.zip", [old], shoes=[Shoe("Blue pair")])
    import_paths(world.store, world.athlete, [tmp_path / "export.zip"])
    [pair] = world.store.read(SHOE, world.athlete)["shoe_id"].to_list()
    world.strava.add_runs(4)
    world.sync()
    by_gear = {str(i): item["gear_id"] for i, item in world.strava.activities.items()}
    worn = {row["shoe_id"] for source_id, row in world.rows().items() if by_gear[source_id] == "g1"}
    assert worn == {pair}
    assert sorted(world.shoes()) == ["blue pair", "g2"]


def test_a_run_from_an_export_is_matched_not_doubled(world, tmp_path, rng):
    number, start = 9_007_199_254_740_995, START - timedelta(days=2)
    world.strava.activities[number] = made_run(number, start, 600, rng, name="As on Strava")
    session = Session(
        id=number, start=start, name="As in the export", distance_m=1_800.0, moving_s=600.0, elapsed_s=600.0,
        file_name="activities/1.fit.gz", recording=_recording(start),
    )  # fmt: skip
    write_export(tmp_path / "export.zip", [session])
    import_paths(world.store, world.athlete, [tmp_path / "export.zip"])
    world.sync()
    [one] = world.store.activities(world.athlete).to_dicts()
    assert one["name"] == "As on Strava"
    assert one["sample_rows"] > 500
    assert asked(world, "streams") == 0
    rows = world.store.read(ACTIVITY, world.athlete)
    assert one["samples_id"] == rows.filter(pl.col("source") == "strava_export")["activity_id"].item()


def test_a_hidden_start_still_finds_its_watch_file(world, tmp_path, rng):
    start = datetime(2026, 2, 20, 17, 0, tzinfo=UTC)
    world.strava.activities[5] = made_run(
        5, start, 600, rng, distance=1_800.0, start_date="2026-02-20T00:00:01Z",
        start_date_local="2026-02-20T00:00:01Z", timezone="(GMT+00:00) Europe/London", utc_offset=0,
    )  # fmt: skip
    (tmp_path / "watch.fit").write_bytes(_recording(start))
    import_paths(world.store, world.athlete, [tmp_path / "watch.fit"])
    world.sync()
    assert world.store.activities(world.athlete).height == 1


def test_stop_and_go_on(world, small_pages):
    world.strava.add_runs(12, seconds=60)
    for requests in (1, 2, 3, 4, 5, 6):
        result = world.sync(should_stop=stop_after(requests))
        assert result.is_stopped
    assert read_status(world.store, world.athlete).state == "stopped"
    world.sync()
    world.holds_the_truth()


def test_another_process_can_ask_to_stop(world):
    world.strava.add_runs(6, seconds=60)

    def ask(done, total, word):
        if word == "recordings" and done == 2:
            ask_to_stop(world.store, world.athlete)

    result = world.sync(progress=ask)
    assert result.is_stopped
    assert 0 < result.left < 6
    assert world.sync().is_complete


def test_no_two_syncs_of_one_runner(world):
    with file_lock(sync_lock(world.store, world.athlete)), pytest.raises(ServiceError, match="Another sync"):
        world.sync()


def test_the_job_tells_how_it_stands(world):
    world.strava.add_runs(3, seconds=60)
    world.sync()
    job = world.store.jobs.latest(world.athlete, "sync")
    assert (job.done, job.total, job.error) == (3, 3, None)
    assert '"complete": true' in job.result
    now = read_status(world.store, world.athlete)
    assert (now.state, now.activities, now.recordings, now.left) == ("done", 3, 3, 0)
    assert "3 activities in. Every recording is in." in now.in_words()


def test_without_a_link_nothing_begins(world):
    world.vault.delete(world.athlete)
    with pytest.raises(StravaError, match="not linked"):
        world.sync()
    assert world.store.jobs.latest(world.athlete, "sync") is None


@pytest.fixture
def rng():
    return random.Random(3)


def _recording(start: datetime) -> bytes:
    return fit_run(start=start, seconds=600, speed_mps=3.0, place=(52.37, 4.90))
