"""A sync that is killed again and again at random moments ends equal to a clean one, by rows and bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from garmin_stand_in import GarminStandIn
from intervals_stand_in import IntervalsStandIn
from key_world import KeyWorld
from kill_rig import (
    FAULTS,
    IS_WHOLE,
    KILLS_OF_LONG_ONES,
    run_clean,
    run_killed,
    run_without_folder,
    whole,
    with_small_files,
)
from strava_stand_in import StandIn
from strava_world import Clock, World

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]
RUNS = 60 if IS_WHOLE else 15
KEYS = {"garmin": (GarminStandIn, "501"), "intervals": (IntervalsStandIn, "i900")}
UNLIMITED = (10**6, 10**6)


class Worlds:
    """Folders that are linked to one server."""

    def __init__(self, service: str, server: Any, folder: Path) -> None:
        self.service, self.server, self.folder = service, server, folder

    def home(self, name: str) -> Path:
        return self.folder / name

    def open(self, name: str) -> Any:
        if self.service == "strava":
            return World(self.home(name), self.server, Clock())
        return KeyWorld(self.home(name), self.server, Clock(), self.service, KEYS[self.service][1])

    def make(self, name: str) -> Path:
        self.open(name).store.close()
        return self.home(name)

    def contents(self, name: str) -> Any:
        """All rows and bytes of a folder; every recording has its row, and the digests hold."""
        world = self.open(name)
        try:
            assert whole(world.store) == []
            assert world.store.verify() == []
            rows = world.rows().values()
            # A date in a recording's mark is when it was asked for.
            plain = [{key: value for key, value in row.items() if key != "fetched_utc"} for row in rows]
            for row in plain:
                row["file_hash"] = (row["file_hash"] or "").partition(":")[0]
            files = {path.name: path.read_bytes() for _, _, path in world.store.samples.files()}
            return sorted(plain, key=lambda row: row["source_id"]), files
        finally:
            world.store.close()


@pytest.fixture(params=["strava", "garmin", "intervals"])
def worlds(request, tmp_path, monkeypatch) -> Iterator[Worlds]:
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    service = request.param
    with StandIn() if service == "strava" else KEYS[service][0]() as server:
        if service == "strava":
            server.overall_limit = server.read_limit = UNLIMITED
            monkeypatch.setenv("STRAVA_CLIENT_ID", server.client_id)
            monkeypatch.setenv("STRAVA_CLIENT_SECRET", server.client_secret)
        monkeypatch.setenv(f"HEELWISE_{service.upper()}_URL", server.url)
        server.add_runs(RUNS, seconds=60)
        yield Worlds(service, server, tmp_path)


def test_a_killed_sync_goes_on_and_ends_equal(worlds):
    chance, killed = random.Random(KILLS_OF_LONG_ONES), 0
    seconds = run_clean("sync", "--home", worlds.make("clean")).seconds
    wanted = worlds.contents("clean")
    assert len(wanted[0]) == RUNS
    assert wanted[1]
    cut = worlds.make("cut")
    for _ in range(KILLS_OF_LONG_ONES):
        # Within a third of a clean sync, so that the kills fall all over it.
        killed += run_killed(chance.uniform(0, seconds / 3), "sync", "--home", cut)
        worlds.contents("cut")
    assert run_clean("sync", "--home", cut).status == 0
    assert worlds.contents("cut") == wanted
    print(f"\nsync of {worlds.service}: {KILLS_OF_LONG_ONES} tried, {killed} killed, equal at the end")
    assert killed >= KILLS_OF_LONG_ONES // 4, "the kills fell after the end"


def test_a_sync_on_a_full_disk_goes_on_and_ends_equal(worlds):
    chance = random.Random(FAULTS)
    clean = worlds.make("clean")
    assert run_clean("sync", "--home", clean).status == 0
    wanted = worlds.contents("clean")
    largest = max(path.stat().st_size for path in clean.rglob("*"))
    refused = 0
    for number in range(FAULTS):
        home = worlds.make(f"full-{number}")
        ended = with_small_files(chance.randrange(0, largest), "sync", "--home", home)
        assert ended.status in (0, 1), ended.err
        refused += ended.status
        worlds.contents(home.name)
        assert run_clean("sync", "--home", home).status == 0
        assert worlds.contents(home.name) == wanted
    print(f"\nsync of {worlds.service} on a full disk: {FAULTS} tried, {refused} refused, equal at the end")
    assert refused


def test_a_sync_whose_folder_vanishes_ends_in_a_sentence(worlds):
    chance = random.Random(FAULTS)
    seconds = run_clean("sync", "--home", worlds.make("clean")).seconds
    wanted = worlds.contents("clean")
    for number in range(FAULTS):
        home, gone = worlds.make(f"home-{number}"), worlds.home(f"gone-{number}")
        run_without_folder(chance.uniform(0, seconds), gone, "sync", "--home", home)
        worlds.contents(gone.name)
        assert run_clean("sync", "--home", gone).status == 0
        assert worlds.contents(gone.name) == wanted
