"""`heelwise connect garmin|intervals`, as a script and a person run it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import polars as pl
import pytest
from garmin_stand_in import GarminStandIn
from intervals_stand_in import IntervalsStandIn
from store_builders import activity_row

from connectors.frames import ACTIVITY, checked
from connectors.store import open_store
from connectors.store.token_vault import open_vault


@pytest.fixture
def garmin(monkeypatch):
    with GarminStandIn() as server:
        server.add_runs(5)
        monkeypatch.setenv("HEELWISE_GARMIN_URL", server.url)
        monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
        yield server


@pytest.fixture
def home(tmp_path, garmin) -> Path:
    with open_store(tmp_path / "home") as store:
        store.runner(create=True)
    return tmp_path / "home"


@pytest.fixture
def connect(run, home, monkeypatch):
    """Run it with a key on standard input."""

    def call(key: str, *words: object, service: str = "garmin"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(key))
        return run("connect", service, "--key-stdin", "--home", home, *words)

    return call


def linked(home: Path, service: str = "garmin"):
    with open_store(home) as store:
        return open_vault(home).read_key(store.runner().athlete_id, service)


def test_a_key_is_checked_named_and_kept(connect, home, garmin):
    status, out, err = connect(f"  {garmin.key}\r\n", "--days", "90")
    assert (status, err) == (0, "")
    assert "the account of Made Up" in out
    key = linked(home)
    assert (key.key, key.account, key.name) == (garmin.key, "501", "Made Up")
    assert key.ends_on is not None
    assert garmin.key not in out


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "There is no key"),
        ("two words", "spaces or line ends inside"),
        ("line\nends", "spaces or line ends inside"),
        ("ключ", "one word"),
        ("another-key", "mistyped, of another service, expired or revoked"),
    ],
)
def test_a_key_that_is_none_is_one_sentence(connect, home, key, words):
    status, out, err = connect(key)
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert words in err
    assert linked(home) is None


def test_a_key_of_the_other_service_is_one_sentence(connect, home, garmin, monkeypatch):
    with IntervalsStandIn() as server:
        monkeypatch.setenv("HEELWISE_INTERVALS_URL", server.url)
        status, _, err = connect(garmin.key, service="intervals")
    assert status == 1
    assert "of another service" in err
    assert linked(home, "intervals") is None


def test_a_service_that_is_down_links_nothing(connect, home, garmin):
    garmin.fault_for = lambda call: "500"
    status, _, err = connect(garmin.key)
    assert status == 1
    assert "problem of its own" in err
    assert linked(home) is None


def test_another_account_is_held_until_a_person_says_so(connect, home, garmin):
    connect(garmin.key)
    garmin.owner = (777, "Somebody Else")
    garmin.activities.clear()
    garmin.add_runs(3)
    status, _, err = connect(garmin.key)
    assert status == 1
    assert "Somebody Else" in err
    assert "--same-runner" in err
    assert linked(home).account == "501"
    status, _, _ = connect(garmin.key, "--same-runner")
    assert status == 0
    assert linked(home).account == "777"


def test_runs_beside_runs_on_record_are_held(connect, home, garmin):
    with open_store(home) as store:
        athlete = store.runner().athlete_id
        rows = []
        for item in list(garmin.activities.values())[:4]:
            start = pl.Series([item["startTimeGMT"]]).str.to_datetime(time_zone="UTC").item()
            length = {"moving_s": item["duration"] * 1.5, "elapsed_s": item["duration"] * 1.5}
            row = activity_row(athlete, start.date(), 2_000.0, **length)
            rows.append({**row, "start_utc": start})
        store.write(ACTIVITY, checked(pl.DataFrame(rows, schema=ACTIVITY.schema), ACTIVITY))
    status, _, err = connect(garmin.key)
    assert status == 1
    assert "nobody runs twice at once" in err
    assert linked(home) is None


def test_an_account_that_names_nobody_yet_is_held(connect, home, garmin):
    garmin.activities.clear()
    status, _, err = connect(garmin.key)
    assert status == 1
    assert "until it holds an activity" in err
    assert connect(garmin.key, "--same-runner")[0] == 0


def test_without_a_terminal_nothing_is_asked(run, home, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x"))
    status, _, err = run("connect", "garmin", "--home", home)
    assert status == 1
    assert "--key-stdin" in err


def test_options_of_strava_are_wrong_usage(run, home):
    assert run("connect", "garmin", "--url-only", "--home", home)[0] == 2
    assert run("connect", "--key-stdin", "--home", home)[0] == 2
