"""Signing in, renewing and leaving, against a server on loopback."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from strava_stand_in import StandIn

from connectors.errors import (
    AppInactive,
    AppUnknown,
    AthleteLimit,
    LinkEnded,
    NotLinked,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)
from connectors.store.token_vault import StravaApp, Tokens, open_vault
from connectors.strava import http, oauth
from connectors.strava.client import StravaServers, strava_servers
from connectors.strava.oauth import app_credentials, secrets_on_disk

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def strava(monkeypatch):
    with StandIn() as server:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", server.url)
        yield server


@pytest.fixture
def app(strava) -> StravaApp:
    return StravaApp(strava.client_id, strava.client_secret)


@pytest.fixture
def vault(tmp_path, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    return open_vault(tmp_path / "home")


def linked(strava, vault, lasts_s: int = 21_600) -> Tokens:
    grant = strava.grant(lasts_s=lasts_s)
    tokens = Tokens(grant.access_token, grant.refresh_token, grant.expires_at, oauth.SCOPES, 134815)
    vault.write(1, tokens)
    return tokens


def code_for(strava) -> str:
    strava.codes["code-1"] = oauth.SCOPES
    return "code-1"


def test_the_api_moves_on_the_day_it_was_announced_for_and_sign_in_stays():
    before, after = strava_servers({}, date(2027, 1, 3)), strava_servers({}, date(2027, 1, 4))
    assert before == StravaServers("https://www.strava.com", "https://www.strava.com/api/v3")
    assert after == StravaServers("https://www.strava.com", "https://api-v3.strava.com")


def test_settings_point_elsewhere():
    assert strava_servers({"HEELWISE_STRAVA_URL": "http://127.0.0.1:5/"}) == StravaServers(
        "http://127.0.0.1:5", "http://127.0.0.1:5/api/v3"
    )
    assert (
        strava_servers({"HEELWISE_STRAVA_API_URL": "https://www.api-v3.strava.com"}).api
        == "https://www.api-v3.strava.com"
    )


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("athlete", "http://h/new/athlete"),
        ("/gear/g1", "http://h/new/gear/g1"),
        ("https://www.strava.com/api/v3/athlete?page=2", "http://h/new/athlete?page=2"),
        ("https://www.strava.com/oauth/token", "http://h/oauth/token"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ],
)
def test_what_stravalib_asks_for_goes_to_our_servers(asked, sent):
    assert StravaServers("http://h", "http://h/new").resolve(asked) == sent


def test_environment_then_secrets_then_what_was_typed(vault):
    typed, secrets = StravaApp("3", "c"), {"STRAVA_CLIENT_ID": 2, "STRAVA_CLIENT_SECRET": "b"}
    assert app_credentials(vault, {}, {}) is None
    vault.write_app(typed)
    assert app_credentials(vault, {}, None) == typed
    assert app_credentials(vault, {"STRAVA_CLIENT_ID": "1"}, secrets) == StravaApp("2", "b")
    full = {"STRAVA_CLIENT_ID": " 1 ", "STRAVA_CLIENT_SECRET": "a\n"}
    assert app_credentials(vault, full, secrets) == StravaApp("1", "a")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'STRAVA_CLIENT_ID = 7\nSTRAVA_CLIENT_SECRET = "x"\nother = 1',
            {"STRAVA_CLIENT_ID": "7", "STRAVA_CLIENT_SECRET": "x"},
        ),
        ("not toml [", {}),
        ("", {}),
    ],
)
def test_secrets_are_read_from_their_file(tmp_path, text, found):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(text)
    assert secrets_on_disk((tmp_path / "nowhere", tmp_path)) == found


def test_the_address_asks_for_what_is_needed_and_nothing_more(monkeypatch):
    monkeypatch.delenv("HEELWISE_STRAVA_URL", raising=False)
    url = oauth.authorise_url(
        StravaApp("12345", "s3cret"), "http://localhost:8501/connect/strava/callback", "st&te"
    )
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "www.strava.com", "/oauth/authorize")
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "client_id": "12345",
        "redirect_uri": "http://localhost:8501/connect/strava/callback",
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": "read,activity:read_all,profile:read_all",
        "state": "st&te",
    }
    assert "s3cret" not in url
    assert "approval_prompt=force" in oauth.authorise_url(
        StravaApp("1", "s"), "http://localhost/", "x", ask_again=True
    )


def test_a_code_becomes_tokens_once(strava, app):
    code = code_for(strava)
    tokens = oauth.exchange_code(app, code, ("read", "activity:read"))
    assert tokens.access_token == strava.grants[0].access_token
    assert tokens.refresh_token == strava.grants[0].refresh_token
    assert tokens.expires_at == strava.grants[0].expires_at
    assert tokens.scopes == ("read", "activity:read")
    assert tokens.strava_athlete_id == 134815
    with pytest.raises(StravaError, match="Link again") as late:
        oauth.exchange_code(app, code)
    assert type(late.value) is StravaError


@pytest.mark.parametrize("wrong", [{"client_id": "999"}, {"client_secret": "no"}, {"client_id": "my app"}])
def test_a_wrong_id_or_secret_is_told_apart(strava, app, wrong):
    with pytest.raises(AppUnknown, match=r"strava\.com/settings/api"):
        oauth.exchange_code(
            StravaApp(**{**{"client_id": app.client_id, "client_secret": app.client_secret}, **wrong}),
            code_for(strava),
        )


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("403_inactive", AppInactive),
        ("403_athletes", AthleteLimit),
        ("500", StravaTroubled),
        ("502", StravaTroubled),
        ("html_503", StravaTroubled),
        ("html", StravaTroubled),
        ("cut_json", StravaTroubled),
        ("empty", StravaTroubled),
        ("odd", StravaTroubled),
        ("429", StravaTroubled),
        ("429_text", StravaTroubled),
        ("404_empty", StravaTroubled),
        ("reset", StravaUnreachable),
        ("cut", StravaUnreachable),
        ("late", StravaUnreachable),
    ],
)
def test_every_other_failure_is_one_clear_sentence(strava, app, monkeypatch, fault, kind):
    monkeypatch.setattr(http, "TIMEOUT_S", (1.0, 0.3))
    strava.late_s = 1.0
    strava.fault_for = lambda call: fault
    with pytest.raises(StravaError) as failed:
        oauth.exchange_code(app, code_for(strava))
    assert type(failed.value) is kind
    sentence = str(failed.value)
    assert sentence.endswith(".")
    assert not {"code-1", app.client_secret, "http"} & set(sentence.replace("/", " ").split())
    assert failed.value.__cause__ is None, "the answer's own text must not follow the error about"


def test_the_athlete_limit_says_how_to_raise_it(strava, app):
    strava.athlete_limit_reached = True
    with pytest.raises(AthleteLimit, match="export"):
        oauth.exchange_code(app, code_for(strava))


@pytest.mark.parametrize(
    "url", ["http://nowhere.invalid", "https://127.0.0.1:{port}", "http://127.0.0.1:{closed}"]
)
def test_no_name_no_tls_no_server(strava, app, monkeypatch, url):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    port = urlsplit(strava.url).port
    monkeypatch.setenv("HEELWISE_STRAVA_URL", url.format(port=port, closed=closed))
    with pytest.raises(StravaUnreachable, match="could not be reached"):
        oauth.exchange_code(app, "c")


def test_good_tokens_are_given_without_a_call(strava, app, vault):
    tokens = linked(strava, vault)
    assert oauth.fresh_tokens(vault, None, 1) == tokens
    assert strava.calls == []


def test_old_tokens_are_renewed_and_kept_before_they_are_given(strava, app, vault, monkeypatch):
    old = linked(strava, vault, lasts_s=200)
    kept = []
    write = type(vault).write
    monkeypatch.setattr(
        type(vault), "write", lambda self, i, tokens: (kept.append(tokens), write(self, i, tokens))[1]
    )
    new = oauth.fresh_tokens(vault, app, 1)
    assert kept == [new]
    assert vault.read(1) == new
    assert new.refresh_token == strava.grants[0].refresh_token != old.refresh_token
    assert new.access_token != old.access_token
    assert (new.scopes, new.strava_athlete_id) == (old.scopes, old.strava_athlete_id)


def test_a_failed_write_does_not_hand_out_tokens(strava, app, vault, monkeypatch):
    linked(strava, vault, lasts_s=1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Exception, match="no room left"):
        oauth.fresh_tokens(vault, app, 1)


def test_a_renewal_that_fails_keeps_what_was_there(strava, app, vault):
    old = linked(strava, vault, lasts_s=1)
    strava.fault_for = lambda call: "503"
    with pytest.raises(StravaTroubled):
        oauth.fresh_tokens(vault, app, 1)
    assert vault.read(1) == old
    strava.fault_for = None
    assert oauth.fresh_tokens(vault, app, 1).access_token != old.access_token


def test_revoked_elsewhere_ends_the_link_with_a_sentence(strava, app, vault):
    linked(strava, vault, lasts_s=1)
    strava.revoke_all()
    with pytest.raises(LinkEnded, match="Link Strava again"):
        oauth.fresh_tokens(vault, app, 1)


def test_without_a_link_or_an_app_it_says_which(strava, app, vault):
    with pytest.raises(NotLinked):
        oauth.fresh_tokens(vault, app, 1)
    linked(strava, vault, lasts_s=1)
    with pytest.raises(AppUnknown):
        oauth.fresh_tokens(vault, None, 1)


def test_a_wrong_clock_is_mended_by_what_strava_refused(strava, app, vault):
    old = linked(strava, vault, lasts_s=100)
    behind = time.time() - 86_400
    assert oauth.fresh_tokens(vault, app, 1, now=behind) == old
    new = oauth.fresh_tokens(vault, app, 1, now=behind, spent=old.access_token)
    assert new.access_token != old.access_token
    assert oauth.fresh_tokens(vault, app, 1, now=behind, spent=old.access_token) == new
    assert strava.refreshes == 1


REFRESHING = """
import os, sys, time
from pathlib import Path
from connectors.store.token_vault import StravaApp as App
from connectors.store.token_vault import open_vault
from connectors.strava import oauth
from connectors.strava import client as protocol
protocol._api()
vault, app = open_vault(Path(sys.argv[1])), App(sys.argv[2], sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
print(oauth.fresh_tokens(vault, app, 1).access_token, flush=True)
"""


def test_processes_renewing_at_once_make_one_renewal(strava, app, vault, tmp_path):
    linked(strava, vault, lasts_s=1)
    strava.fault_for = lambda call: time.sleep(0.3) or ""
    command = [sys.executable, "-c", REFRESHING, str(tmp_path / "home"), app.client_id, app.client_secret]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    given = {process.communicate(timeout=60)[0].strip() for process in started}
    assert given == {vault.read(1).access_token}
    assert strava.refreshes == 1
    assert vault.read(1).refresh_token == strava.grants[0].refresh_token


def test_leaving_revokes_and_deletes(strava, app, vault):
    linked(strava, vault)
    receipt = oauth.revoke(vault, app, 1)
    assert receipt.had_link
    assert receipt.is_revoked
    assert receipt.problem is None
    assert not strava.grants[0].alive
    assert [call.path for call in strava.calls] == ["/oauth/revoke"]
    assert vault.read(1) is None


def test_the_older_way_is_taken_where_the_new_one_is_missing(strava, app, vault):
    strava.has_revoke = False
    linked(strava, vault)
    assert oauth.revoke(vault, app, 1).is_revoked
    assert not strava.grants[0].alive
    linked(strava, vault)
    assert oauth.revoke(vault, None, 1).is_revoked
    assert not strava.grants[1].alive


def test_a_link_ended_on_strava_counts_as_ended(strava, app, vault):
    strava.has_revoke = False
    linked(strava, vault)
    strava.revoke_all()
    assert oauth.revoke(vault, app, 1).is_revoked


@pytest.mark.parametrize("fault", ["500", "reset", "html_503"])
def test_tokens_go_even_if_strava_does_not_answer(strava, app, vault, fault):
    linked(strava, vault)
    strava.fault_for = lambda call: fault
    receipt = oauth.revoke(vault, app, 1)
    assert not receipt.is_revoked
    assert "My Apps" in receipt.problem
    assert vault.read(1) is None


def test_leaving_without_a_link_says_so(strava, app, vault):
    receipt = oauth.revoke(vault, app, 1)
    assert not receipt.had_link
    assert not receipt.is_revoked
    assert strava.calls == []


def test_stravalib_leaves_this_process_as_it_was(strava, app, vault, caplog):
    script = (
        "import warnings, logging, requests\n"
        "from connectors.strava.client import stravalib_protocol as protocol\n"
        "from connectors.strava.client import strava_servers as servers\n"
        "before, handlers = list(warnings.filters), list(logging.getLogger().handlers)\n"
        "made = protocol(servers(), requests.Session())\n"
        "assert warnings.filters == before, warnings.filters\nassert logging.getLogger().handlers == handlers\n"
        "assert made.client_id is None and made.client_secret is None\n"
        "assert warnings.showwarning.__module__ == 'warnings', warnings.showwarning.__module__\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "STRAVA_CLIENT_ID": "5",
        "STRAVA_CLIENT_SECRET": "x",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_no_secret_reaches_a_log(strava, app, vault, caplog):
    caplog.set_level(logging.DEBUG)
    tokens = oauth.exchange_code(app, code_for(strava))
    vault.write(1, Tokens(tokens.access_token, tokens.refresh_token, 5, tokens.scopes, 1))
    renewed = oauth.fresh_tokens(vault, app, 1)
    oauth.revoke(vault, app, 1)
    said = caplog.text
    for word in (
        "code-1",
        app.client_secret,
        tokens.access_token,
        tokens.refresh_token,
        renewed.access_token,
    ):
        assert word not in said
