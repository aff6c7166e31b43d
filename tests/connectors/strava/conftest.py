"""A linked runner and the stand-in, for the tests of the sync."""

from __future__ import annotations

import pytest
from strava_stand_in import StandIn
from strava_world import Clock, World

KEY = "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE="


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock, monkeypatch):
    """The stand-in on the tests' own clock."""
    with StandIn(clock) as made:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", made.url)
        monkeypatch.setenv("HEELWISE_KEY", KEY)
        yield made


@pytest.fixture
def world(server, clock, tmp_path):
    made = World(tmp_path / "home", server, clock)
    yield made
    made.store.close()


@pytest.fixture
def small_pages(monkeypatch) -> int:
    """Five activities a page, so that a short list has several."""
    monkeypatch.setattr("connectors.strava.client.PER_PAGE", 5)
    return 5
