"""`heelwise connect`, as somebody on a machine without a browser uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from strava_stand_in import StandIn

from connectors.store import open_store
from connectors.store.token_vault import open_vault
from connectors.strava import retention

ROOT = Path(__file__).resolve().parents[3]


class Stay(HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return None


def say_yes(url: str) -> str:
    """Open the address in a browser elsewhere; give the one it ends on."""
    with pytest.raises(HTTPError) as sent:
        build_opener(Stay).open(url)
    with sent.value:
        return sent.value.headers["Location"]


@pytest.fixture
def strava(monkeypatch, home):
    with StandIn() as server:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", server.url)
        monkeypatch.setenv("STRAVA_CLIENT_ID", server.client_id)
        monkeypatch.setenv("STRAVA_CLIENT_SECRET", server.client_secret)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield server


def heelwise(*given: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    cwd.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "connect", *given],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def connect(home, run, monkeypatch):
    """Run the command in this process: of each start only the two of the whole way are processes of their own."""
    home.mkdir(exist_ok=True)
    monkeypatch.chdir(home)
    return lambda *given: subprocess.CompletedProcess(given, *run("connect", *given))


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_two_calls_link_strava_and_leave_no_secret_behind(strava, home):
    connect = partial(heelwise, cwd=home)
    begun = connect("--url-only", "--keep", "while_linked")
    assert begun.returncode == 0, begun.stderr
    url = begun.stdout.strip()
    assert "\n" not in url, "standard output holds the address alone"
    assert (home / "sign-in.json").stat().st_mode & 0o777 == 0o600
    state = parse_qs(urlsplit(url).query)["state"][0]
    assert state not in (home / "sign-in.json").read_text()
    back = say_yes(url)
    done = connect("--redirected", back)
    assert done.returncode == 0, done.stderr
    assert "Strava is linked" in done.stdout
    store = open_store(home)
    runner = store.runner()
    assert open_vault(home).read(runner.athlete_id).refresh_token == strava.grants[0].refresh_token
    assert retention.has_chosen(store, runner.athlete_id)
    assert not (home / "sign-in.json").exists()
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    code = parse_qs(urlsplit(back).query)["code"][0]
    for secret in (state, code, strava.grants[0].access_token, strava.grants[0].refresh_token):
        assert secret.encode() not in kept
        assert secret not in done.stdout + done.stderr + begun.stderr
    assert "used before" in refused(connect("--redirected", back))


def test_a_state_from_elsewhere_is_refused(connect, strava):
    url = connect("--url-only").stdout.strip()
    strava.forged_state = "forged"
    assert "Nothing was linked" in refused(connect("--redirected", say_yes(url)))
    assert strava.grants == []


def test_a_late_answer_is_refused(connect, strava, home):
    back = say_yes(connect("--url-only").stdout.strip())
    waiting = json.loads((home / "sign-in.json").read_text())
    (home / "sign-in.json").write_text(json.dumps({**waiting, "began_s": waiting["began_s"] - 601}))
    assert "ten minutes" in refused(connect("--redirected", back))


def test_no_and_half_a_yes_are_told(connect, strava):
    strava.refuses = True
    assert "You said no" in refused(connect("--redirected", say_yes(connect("--url-only").stdout.strip())))
    strava.refuses, strava.unticked = False, {"activity:read_all"}
    done = connect("--redirected", say_yes(connect("--url-only").stdout.strip()))
    assert done.returncode == 0
    assert "nothing can come in" in done.stderr
    assert "seven days" in done.stderr


def test_a_wrong_secret_is_told(connect, strava, monkeypatch):
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "wrong")
    back = say_yes(connect("--url-only").stdout.strip())
    assert "secret" in refused(connect("--redirected", back))


def test_without_an_app_it_says_where_to_get_one(connect, strava, monkeypatch):
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    assert "STRAVA_CLIENT_ID" in refused(connect("--url-only"))


@pytest.mark.parametrize("given", [(), ("--url-only", "--redirected", "http://localhost/")])
def test_one_of_the_two_is_needed(connect, strava, given):
    assert connect(*given).returncode == 2
