"""`heelwise sync` through all links of a runner: each for itself, one object for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from garmin_stand_in import GarminStandIn
from intervals_stand_in import IntervalsStandIn
from strava_stand_in import StandIn

from connectors.store import open_store
from connectors.store.token_vault import LinkKey, Tokens, open_vault


@pytest.fixture
def services(monkeypatch):
    with StandIn() as strava, GarminStandIn() as garmin, IntervalsStandIn() as intervals:
        monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
        monkeypatch.setenv("HEELWISE_STRAVA_URL", strava.url)
        monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
        monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
        monkeypatch.setenv("HEELWISE_GARMIN_URL", garmin.url)
        monkeypatch.setenv("HEELWISE_INTERVALS_URL", intervals.url)
        strava.add_runs(2, seconds=60)
        garmin.add_runs(3, seconds=60)
        intervals.add_runs(4, seconds=60)
        yield {"strava": strava, "garmin": garmin, "intervals": intervals}


@pytest.fixture
def home(tmp_path, services) -> Path:
    folder = tmp_path / "home"
    with open_store(folder) as store:
        athlete, vault = store.runner(create=True).athlete_id, open_vault(folder)
        grant = services["strava"].grant()
        tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, grant.scopes, 1)
        vault.write(athlete, tokens)
        for name, account in (("garmin", "501"), ("intervals", "i900")):
            vault.write_key(athlete, name, LinkKey(services[name].key, account, "Made Up", None, True))
    return folder


def synced(run, home, *words: str):
    status, out, err = run("sync", "--json", "--home", home, *words)
    return status, json.loads(out), err


def test_all_links_are_gone_through_and_summed(run, home):
    status, told, _ = synced(run, home)
    assert status == 0
    assert {name: one["activities"]["new"] for name, one in told["sources"].items()} == {
        "strava": 2, "garmin": 3, "intervals": 4,
    }  # fmt: skip
    assert told["activities"]["new"] == 9
    assert {one["state"] for one in told["sources"].values()} == {"done"}
    assert told["complete"]
    assert told["samples"]["files"] == sum(one["samples"]["files"] for one in told["sources"].values())


def test_one_that_is_down_does_not_hold_the_others(run, home, services):
    services["garmin"].fault_for = lambda call: "500"
    status, told, _ = synced(run, home)
    assert status == 0
    assert {name: one["state"] for name, one in told["sources"].items()} == {
        "strava": "done", "garmin": "failed", "intervals": "done",
    }  # fmt: skip
    assert "Garmin has a problem of its own" in told["sources"]["garmin"]["reason"]
    assert not told["complete"]


def test_one_that_must_wait_names_the_earliest_time(run, home, services):
    services["intervals"].fault_for = lambda call: "429_long" if call.path.endswith("/file") else ""
    status, told, _ = synced(run, home)
    waiting = told["sources"]["intervals"]
    assert (status, waiting["state"]) == (0, "waiting")
    assert told["waiting_until"] == waiting["waiting_until"] is not None
    assert told["sources"]["garmin"]["state"] == "done"


def test_one_source_alone(run, home, services):
    status, told, _ = synced(run, home, "--source", "garmin")
    assert (status, list(told["sources"])) == (0, ["garmin"])
    assert told["activities"]["new"] == 3
    assert services["intervals"].calls == []


def test_all_refused_is_one_line_and_status_1(run, home, services):
    for server in services.values():
        server.fault_for = lambda call: "401"
    status, out, err = run("sync", "--home", home)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "Garmin does not take this key" in err


def test_what_is_not_linked_is_said(run, home):
    with open_store(home) as store:
        open_vault(home).write_key(store.runner().athlete_id, "garmin", None)
    _, told, _ = synced(run, home)
    assert told["sources"]["garmin"]["state"] == "unlinked"
    assert told["complete"]
    status, _, err = run("sync", "--source", "garmin", "--home", home)
    assert status == 1
    assert "connect garmin" in err


def test_words_name_each_source(run, home):
    status, out, _ = run("sync", "--home", home)
    assert status == 0
    for words in ("Strava:", "Garmin:", "intervals.icu:", "3 new", "4 new"):
        assert words in out


def test_a_key_near_its_end_says_so(run, home, services):
    with open_store(home) as store:
        key = LinkKey(services["garmin"].key, "501", "Made Up", "2000-01-01", True)
        open_vault(home).write_key(store.runner().athlete_id, "garmin", key)
    assert "Your key for Garmin has ended" in run("sync", "--source", "garmin", "--home", home)[1]
