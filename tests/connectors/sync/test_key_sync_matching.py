"""One run from Strava, Garmin and intervals.icu is one run: what each of them gives to it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from fit_writer import fit_run
from garmin_stand_in import GarminStandIn, zipped
from intervals_stand_in import IntervalsStandIn, made_run, made_streams
from strava_stand_in import StandIn
from strava_stand_in import made_run as strava_run
from strava_stand_in import made_streams as strava_streams
from strava_world import START, Clock, World

from connectors.edits import Edit
from connectors.frames import STATEMENT
from connectors.store.token_vault import LinkKey
from connectors.sync.key_service import key_service
from connectors.sync.key_sync import sync_key
from connectors.sync.run import SyncHooks

BEGAN = START - timedelta(hours=3)
SECONDS, SPEED = 600, 3.0


class ThreeLinks:
    """One run of one runner at three services, each with its own name and what only it knows."""

    def __init__(self, tmp_path, monkeypatch, clock, strava, garmin, intervals) -> None:
        self.clock, self.garmin, self.intervals, self.strava = clock, garmin, intervals, strava
        for name, server in (("STRAVA", strava), ("GARMIN", garmin), ("INTERVALS", intervals)):
            monkeypatch.setenv(f"HEELWISE_{name}_URL", server.url)
        self.world = World(tmp_path / "home", strava, clock)
        self.store, self.athlete = self.world.store, self.world.athlete
        for name, server, account in (("garmin", garmin, "501"), ("intervals", intervals, "i900")):
            self.world.vault.write_key(
                self.athlete, name, LinkKey(server.key, account, "Made Up", None, True)
            )
        self._fill()

    def _fill(self) -> None:
        rng = random.Random(3)
        distance = SECONDS * SPEED
        self.strava.activities[9_000] = strava_run(
            9_000, BEGAN, SECONDS, rng, gear=None, name="By Strava", distance=distance
        )
        self.strava.streams[9_000] = strava_streams(SECONDS, rng)
        self.garmin.activities["7"] = self.garmin.made_run(
            "7", BEGAN, SECONDS, SPEED, activityName="By Garmin"
        )
        self.garmin.files["7"] = zipped("7", fit_run(BEGAN, SECONDS, SPEED, heart_rate=133))
        self.intervals.activities["i5"] = made_run("i5", BEGAN, SECONDS, SPEED, name="By intervals")
        self.intervals.streams["i5"] = made_streams(SECONDS, SPEED)

    def sync(self, *names: str):
        results = []
        for name in names:
            if name == "strava":
                results.append(self.world.sync())
            else:
                hooks = SyncHooks(clock=self.clock, wait=self.clock.forward)
                results.append(sync_key(self.store, self.world.vault, key_service(name), self.athlete, hooks))
        return results

    def run(self) -> dict:
        rows = self.store.activities(self.athlete)
        assert rows.height == 1
        return rows.row(0, named=True)


@pytest.fixture
def links(tmp_path, monkeypatch):
    clock = Clock()
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    with StandIn(clock) as strava, GarminStandIn(clock) as garmin, IntervalsStandIn(clock) as intervals:
        made = ThreeLinks(tmp_path, monkeypatch, clock, strava, garmin, intervals)
        yield made
        made.store.close()


@pytest.mark.parametrize("order", [("strava", "garmin", "intervals"), ("intervals", "garmin", "strava")])
def test_three_sources_make_one_run_in_any_order(links, order):
    links.sync(*order)
    run = links.run()
    assert (run["source"], run["name"]) == ("strava_api", "By Strava")
    samples = links.store.samples.read(links.athlete, run["samples_id"])
    # The watch's file, not the thinned channels of a service.
    assert samples["heart_rate_bpm"].mean() == 133
    pairs = links.store.shoe_names(links.athlete)
    assert pairs[run["shoe_id"]] == "Blue pair"
    assert (run["perceived_exertion_0_10"], run["feel_0_100"]) == (4, 75)
    assert run["impact_m"] == pytest.approx(SECONDS * SPEED * 1.1)


def test_an_original_that_is_here_costs_no_request(links):
    links.sync("garmin", "intervals")
    assert links.intervals.count("/file") == 0
    links.sync("strava")
    assert links.world.strava.count("streams") == 0


def test_names_and_shoe_stay_with_the_others_when_one_goes(links):
    links.sync("strava", "garmin", "intervals")
    links.strava.delete(9_000)
    links.clock.forward(hours=1)
    links.sync("strava")
    assert links.run()["name"] == "By intervals"
    links.intervals.delete("i5")
    links.clock.forward(hours=1)
    links.sync("intervals")
    run = links.run()
    assert (run["name"], run["shoe_id"]) == ("By Garmin", None)
    assert run["samples_id"] is not None


def test_a_name_and_a_pair_changed_at_a_source_count_from_the_sync_that_saw_them(links):
    links.sync("strava", "garmin", "intervals")
    links.clock.forward(hours=1)
    links.garmin.activities["7"]["activityName"] = "Renamed at Garmin"
    links.intervals.activities["i5"]["gear"] = {"id": "g2", "name": "Red pair"}
    links.sync("garmin", "intervals")
    run = links.run()
    assert run["name"] == "Renamed at Garmin"
    assert links.store.shoe_names(links.athlete)[run["shoe_id"]] == "Red pair"
    links.clock.forward(hours=1)
    links.strava.edit(9_000, name="Renamed on Strava, later")
    links.sync("strava", "garmin")
    assert links.run()["name"] == "Renamed on Strava, later"
    links.clock.forward(hours=1)
    again = links.sync("strava", "garmin", "intervals")
    assert [one.activities["updated"] for one in again] == [0, 0, 0]
    # What the runner says of the pair here stays, whatever a source changes after it.
    blue = next(one for one, name in links.store.shoe_names(links.athlete).items() if name == "Blue pair")
    links.store.edit(links.athlete, [Edit("activity", run["activity_id"], "shoe_id", blue)])
    links.clock.forward(hours=1)
    links.intervals.activities["i5"]["gear"] = {"id": "g3", "name": "Green pair"}
    links.sync("intervals")
    assert links.run()["shoe_id"] == blue


def test_an_exclusion_stays_whichever_source_leads(links):
    links.sync("garmin")
    links.store.edit(links.athlete, [Edit("activity", links.run()["activity_id"], "is_excluded", True)])
    links.sync("strava", "intervals")
    assert links.run()["is_excluded"]
    links.garmin.delete("7")
    links.clock.forward(hours=1)
    links.sync("garmin")
    assert links.run()["source"] == "strava_api"


def test_a_pair_of_one_name_at_two_services_is_one_pair(links):
    links.strava.add_gear("g9", "Blue pair")
    links.strava.edit(9_000, gear_id="g9")
    links.sync("strava", "intervals")
    assert list(links.store.shoe_names(links.athlete).values()) == ["Blue pair"]


def test_channels_serve_where_no_original_is_kept(links):
    links.sync("intervals")
    run = links.run()
    assert run["samples_id"] is not None
    assert run["sample_rows"] == SECONDS + 1
    assert run["file_name"] is None


def test_what_was_written_beside_a_title_is_proposed_and_goes_with_it(links):
    links.garmin.activities["7"]["description"] = "Flat and easy. Left Achilles sore afterwards."
    links.intervals.activities["i5"]["description"] = "Nothing to tell."
    links.sync("garmin", "intervals")
    rows = links.store.read(STATEMENT, links.athlete)
    assert rows.select("source", "text", "body_part", "side").rows() == [
        ("garmin_api", "Left Achilles sore afterwards", "achilles", "left")
    ]
    links.sync("garmin", "intervals")
    assert links.store.read(STATEMENT, links.athlete).equals(rows)
    links.clock.forward(hours=1)
    links.garmin.activities["7"]["description"] = "Flat and easy."
    links.intervals.activities["i5"]["description"] = "My right calf hurt."
    links.sync("garmin", "intervals")
    assert links.store.read(STATEMENT, links.athlete)["source"].to_list() == ["intervals_api"]
    links.clock.forward(hours=1)
    links.intervals.delete("i5")
    links.sync("intervals")
    assert links.store.read(STATEMENT, links.athlete).is_empty()
