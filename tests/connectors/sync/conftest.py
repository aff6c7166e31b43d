"""A linked runner and the stand-in of each service, for the tests of the sync by key."""

from __future__ import annotations

import pytest
from garmin_stand_in import GarminStandIn
from intervals_stand_in import IntervalsStandIn
from key_world import KeyWorld
from strava_world import Clock

KEY = "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE="


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["garmin", "intervals"])
def world(request, clock, tmp_path, monkeypatch):
    """The same tests hold for each service."""
    monkeypatch.setenv("HEELWISE_KEY", KEY)
    kind, account = {"garmin": (GarminStandIn, "501"), "intervals": (IntervalsStandIn, "i900")}[request.param]
    with kind(clock) as server:
        monkeypatch.setenv(f"HEELWISE_{request.param.upper()}_URL", server.url)
        made = KeyWorld(tmp_path / "home", server, clock, request.param, account)
        yield made
        made.store.close()
