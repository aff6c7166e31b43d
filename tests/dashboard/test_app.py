"""The server: headers on every answer, nothing of a traceback on the terminal."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys

import pytest
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest

from dashboard.access.web_security import SECURITY_HEADERS, SafeHeaders, content_policy
from dashboard.shared import crash_log
from dashboard.strava_link import background_sync


def answer(app, kind="http") -> list[dict]:
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": kind, "method": "GET", "path": "/", "headers": []}, receive, send))
    return sent


def test_every_answer_carries_the_headers():
    inner = PlainTextResponse("here", headers={"X-Frame-Options": "ALLOW"})
    start = answer(SafeHeaders(inner, "<script>here()</script>"))[0]
    got = {name.decode(): value.decode() for name, value in start["headers"]}
    for name, value in SECURITY_HEADERS.items():
        assert got[name.lower()] == value
    assert "frame-ancestors 'none'" in got["content-security-policy"]


def test_only_the_scripts_of_the_page_itself_may_run():
    sentence = content_policy(
        "<script>a()</script><script src='b.js'></script><script type='module'>c()</script>"
    )
    (scripts,) = [part for part in sentence.split("; ") if part.startswith("script-src")]
    assert scripts.count("'sha256-") == 2
    assert "unsafe" not in scripts
    # The hash of a(), as `openssl dgst -sha256 -binary | base64` gives it.
    assert "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='" in scripts


def test_what_is_not_http_is_passed_on():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    answer(SafeHeaders(inner, ""), kind="websocket")
    assert seen == ["websocket"]


def test_the_terminal_gets_a_sentence_and_no_traceback(caplog):
    crash_log.keep_tracebacks_off("heelwise.test")
    try:
        raise ValueError("a note of mine")
    except ValueError:
        logging.getLogger("heelwise.test").exception("Uncaught %s", "thing")
    assert "problems.log" in caplog.text
    assert "note of mine" not in caplog.text
    assert "Traceback" not in caplog.text


def test_warming_up_never_fails_aloud(home):
    home.mkdir(mode=0o700)
    (home / "heelwise.db").write_bytes(b"this is no database" * 500)
    background_sync.warm_up()
    assert not (home / crash_log.LOG_NAME).exists()


@pytest.mark.parametrize("is_clinic", [False, True])
def test_what_speaks_with_a_provider_is_imported_where_persons_sign_in_alone(tmp_path, is_clinic):
    secret = tmp_path / "secret"
    secret.write_text("a secret of the client")
    own = {
        "HEELWISE_PROXY_LISTEN": "8572",
        "HEELWISE_PUBLIC_URL": "https://heel.example",
        "HEELWISE_SIGN_IN_ISSUER": "https://login.example",
        "HEELWISE_SIGN_IN_CLIENT_ID": "heelwise",
        "HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": str(secret),
    }
    code = "import sys, dashboard.app; print([m for m in ('authlib', 'joserfc') if m in sys.modules])"
    known = {name: value for name, value in os.environ.items() if not name.startswith("HEELWISE_")}
    environment = {**known, "HEELWISE_HOME": str(tmp_path / "home"), **(own if is_clinic else {})}
    environment["STREAMLIT_SERVER_ADDRESS"] = "127.0.0.1"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip().splitlines()[-1] == ("['authlib', 'joserfc']" if is_clinic else "[]")


@pytest.mark.parametrize(
    ("message", "is_act"),
    [
        (BackMsg(rerun_script=ClientState(query_string="runner=1")), True),
        (BackMsg(rerun_script=ClientState(is_auto_rerun=True)), False),
        (BackMsg(rerun_script=ClientState(fragment_id="f", is_auto_rerun=True)), False),
        (BackMsg(app_heartbeat=True), False),
        (BackMsg(file_urls_request=FileURLsRequest(request_id="1")), True),
    ],
)
def test_what_a_page_asks_by_itself_is_no_act_of_a_person(message, is_act):
    from dashboard.app import _is_act

    assert _is_act(message.SerializeToString()) is is_act


def test_a_message_that_is_none_is_no_act():
    from dashboard.app import _is_act

    assert _is_act(b"\xff\xff\xff") is False
