"""A sync by key that is killed again and again at random moments ends equal to a clean one, by rows and bytes."""

from __future__ import annotations

import os
import random

import pytest
from garmin_stand_in import GarminStandIn
from intervals_stand_in import IntervalsStandIn
from key_world import KeyWorld
from kill_rig import run_clean, run_killed, whole
from strava_world import Clock

pytestmark = [pytest.mark.stress, pytest.mark.timeout(7200)]
KILLS = min(20, int(os.environ.get("HEELWISE_KILLS", "20")))
RUNS = 60


@pytest.mark.parametrize(
    ("service", "kind", "account"),
    [("garmin", GarminStandIn, "501"), ("intervals", IntervalsStandIn, "i900")],
)
def test_a_killed_sync_goes_on_and_ends_equal(service, kind, account, tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    chance, killed = random.Random(KILLS), 0
    with kind() as server:
        monkeypatch.setenv(f"HEELWISE_{service.upper()}_URL", server.url)
        server.add_runs(RUNS, seconds=60)
        worlds = [KeyWorld(tmp_path / name, server, Clock(), service, account) for name in ("cut", "clean")]
        for world in worlds:
            world.store.close()
        seconds = run_clean("sync", "--home", tmp_path / "clean").seconds
        for _ in range(KILLS):
            # Within a third of a clean sync, so that the kills fall all over it.
            killed += run_killed(chance.uniform(0, seconds / 3), "sync", "--home", tmp_path / "cut")
        assert run_clean("sync", "--home", tmp_path / "cut").status == 0
        cut, clean = (
            KeyWorld(tmp_path / name, server, Clock(), service, account) for name in ("cut", "clean")
        )
        assert cut.contents() == clean.contents()
        assert whole(cut.store) == []
        assert len(cut.rows()) == RUNS
        cut.store.close()
        clean.store.close()
    assert killed >= KILLS // 4, "the kills fell after the end"
