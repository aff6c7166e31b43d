"""`heelwise backup`, `restore` and `forget`, as somebody types them."""

from __future__ import annotations

import io
import json
from pathlib import Path

from strava_stand_in import StandIn
from strava_world import Clock, World

from connectors.store import open_store
from connectors.store.token_vault import StravaApp, open_vault
from dashboard.data.forget import forget

KEY = "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE="


def report(run, *more) -> dict:
    return json.loads(run("report", "--format", "json", *more)[1])


def test_a_backup_brings_the_same_report_to_another_machine(run, store, tmp_path):
    before = report(run)
    status, out, _ = run("backup", tmp_path / "b.zip")
    assert (status, "Robin Placeholder" in out) == (0, True)
    elsewhere = ("--home", tmp_path / "elsewhere")
    status, out, _ = run("restore", tmp_path / "b.zip", *elsewhere)
    assert (status, out.count("new")) == (0, 1)
    assert report(run, *elsewhere) == before
    status, out, _ = run("restore", tmp_path / "b.zip", *elsewhere)
    assert (status, "0 rows new, 0 updated" in out) == (0, True)
    status, out, err = run("restore", tmp_path / "b.zip", "--athlete", "Nobody", *elsewhere)
    assert (status, out) == (1, "")
    assert "In it are: Robin Placeholder" in err


def test_a_closed_backup_needs_its_passphrase(run, store, tmp_path, monkeypatch):
    target = tmp_path / "b.age"
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, _, err = run("backup", target, "--encrypt")
    assert (status, target.exists(), err.count("\n")) == (1, False, 1)
    monkeypatch.setenv("HEELWISE_PASSPHRASE", "correct horse")
    assert run("backup", target, "--encrypt")[0] == 0
    monkeypatch.delenv("HEELWISE_PASSPHRASE")
    status, _, err = run("restore", target, "--home", tmp_path / "elsewhere")
    assert (status, "HEELWISE_PASSPHRASE" in err) == (1, True)
    monkeypatch.setenv("HEELWISE_PASSPHRASE", "correct horse")
    assert run("restore", target, "--home", tmp_path / "elsewhere")[0] == 0


def test_a_file_that_is_no_backup_is_one_line(run, store, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 and no more")
    status, out, err = run("restore", tmp_path / "x.zip", "--home", tmp_path / "elsewhere")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "Nothing was changed" in err


def traces(folder: Path, *words: str) -> list[str]:
    return [
        f"{word} in {path.name}"
        for path in folder.rglob("*")
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes()
    ]


def test_forgetting_leaves_nothing_in_the_folder(run, store, home, monkeypatch):
    store.close()
    words = ("Robin Placeholder", "Secret street loop", "Plain Pacer 3", "a word")
    assert traces(home, *words)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = run("forget", "--athlete", "Robin Placeholder")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "--yes" in err
    assert traces(home, *words)
    status, out, _ = run("forget", "--athlete", "Robin Placeholder", "--yes")
    assert status == 0
    assert "60 activities" in out
    assert out.count("A disk may keep deleted files' blocks for a while") == 1
    assert traces(home, *words) == []
    assert run("report")[0] == 1


def test_a_person_at_a_terminal_is_asked_first(run, store, monkeypatch):
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self, *_: int) -> str:
            return "n\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    status, _, _ = run("forget")
    assert status == 1
    assert len(store.runners()) == 1
    assert run("forget", "--yes")[0] == 0
    assert store.runners() == []


def test_forgetting_ends_the_link_and_everybody_takes_the_app_along(tmp_path, monkeypatch):
    clock = Clock()
    with StandIn(clock) as server:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", server.url)
        monkeypatch.setenv("HEELWISE_KEY", KEY)
        world = World(tmp_path / "home", server, clock)
        world.strava.add_runs(3, seconds=60)
        world.sync()
        world.vault.write_app(StravaApp(server.client_id, server.client_secret))
        kim = world.store.add_runner("Kim")
        lines = forget(world.store, world.vault, [one for one in world.store.runners() if one != kim])
        assert "Strava confirmed that the access has ended." in lines
        assert world.vault.read(world.athlete) is None
        assert world.vault.read_app() is not None
        assert [one.name for one in world.store.runners()] == ["Kim"]
        lines = forget(world.store, world.vault, world.store.runners())
        assert "The client id and secret of the Strava API app are deleted too." in lines
        assert open_vault(tmp_path / "home").read_app() is None
        world.store.close()
        assert traces(tmp_path / "home", "Morning Run", server.client_secret, "strava_api") == []
    with open_store(tmp_path / "home") as store:
        assert store.runners() == []
