"""`heelwise sync`, as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from strava_stand_in import StandIn

from connectors.store import open_store
from connectors.store.token_vault import Tokens, open_vault
from connectors.strava import retention

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def strava():
    with StandIn() as server:
        server.add_runs(4, seconds=60)
        yield server


@pytest.fixture
def home(tmp_path, strava, monkeypatch) -> Path:
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    monkeypatch.setenv("HEELWISE_STRAVA_URL", strava.url)
    monkeypatch.setenv("STRAVA_CLIENT_ID", strava.client_id)
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.client_secret)
    folder = tmp_path / "home"
    with open_store(folder) as store:
        athlete = store.runner(create=True).athlete_id
        grant = strava.grant()
        tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, grant.scopes, 1)
        open_vault(folder).write(athlete, tokens)
    return folder


def heelwise(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *words],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_brings_everything_in_and_says_so(home):
    ran = heelwise("sync", "--home", str(home))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "4 new" in ran.stdout
    assert "Every recording is in." in ran.stdout
    assert "You have not yet chosen" in ran.stdout


def test_json_is_one_object_alone(home, strava, run):
    with open_store(home) as store:
        store.set_settings(store.runner().athlete_id, {retention.RETENTION: retention.WHILE_LINKED})
    status, out, err = run("sync", "--json", "--home", home)
    told = json.loads(out)
    assert told["activities"] == {"new": 4, "updated": 0, "unchanged": 0, "deleted": 0}
    assert told["samples"] == {"files": 4, "rows": 4 * 61}
    assert (told["left"], told["complete"], told["waiting_until"]) == (0, True, None)
    assert status == 0
    assert "access-" not in out + err


def test_a_spent_limit_is_no_failure(home, strava, run):
    strava.read_limit = (6, 100)
    status, out, _ = run("sync", "--home", home)
    assert status == 0
    assert "Strava allows no more requests for now" in out
    assert strava.beyond_limit == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("401", "Link Strava again"),
        ("403_inactive", "export"),
        ("403_athletes", "limit"),
        ("reset", "Try again"),
    ],
)
def test_a_failure_is_one_line_and_status_1(home, strava, run, fault, words):
    strava.fault_for = lambda call: fault
    status, out, err = run("sync", "--home", home)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert words in err


def test_a_process_that_is_killed_leaves_a_store_to_go_on_with(home, strava):
    strava.add_runs(30, seconds=60)
    strava.delay_s = 0.05
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "sync", "--home", str(home)], cwd=ROOT, env=dict(os.environ),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while strava.count("streams") < 8 and process.poll() is None:
        pass
    process.kill()
    process.wait()
    strava.delay_s = 0
    told = json.loads(heelwise("sync", "--json", "--home", str(home)).stdout)
    assert told["complete"]
    with open_store(home) as store:
        held = store.activities(store.runner().athlete_id)
        assert held.height == len(strava.activities)
        assert store.check() == []
