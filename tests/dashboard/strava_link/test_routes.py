"""The two addresses of the sign-in, called as a browser calls them, with Strava's stand-in behind them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from strava_stand_in import StandIn

from connectors import log_redaction
from connectors.store import open_store
from connectors.store.token_vault import StravaApp, open_vault
from connectors.strava import retention
from dashboard.access.web_security import SafeHeaders
from dashboard.strava_link import background_sync, link, pending_sign_ins, routes, sign_in

HOST = "localhost:8501"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Browser:
    """Just enough of a browser: it keeps cookies by host and sends them back."""

    app: Starlette
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> Answer:
        parts = urlsplit(url)
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": parts.scheme,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", parts.netloc.encode())],
            "server": (parts.hostname, parts.port or 80),
            "client": ("127.0.0.1", 1),
        }
        if parts.netloc in self.cookies:
            scope["headers"].append((b"cookie", f"{sign_in.COOKIE}={self.cookies[parts.netloc]}".encode()))
        answer = asyncio.run(_asked(self.app, scope))
        for name, value in answer.headers:
            if name == "set-cookie":
                kept = value.split(";")[0].split("=", 1)[1].strip('"')
                if "Max-Age=0" in value:
                    self.cookies.pop(parts.netloc, None)
                else:
                    self.cookies[parts.netloc] = kept
        return answer


async def _asked(app: Starlette, scope: dict) -> Answer:
    answer = Answer(0, [])

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(k.decode(), v.decode()) for k, v in message["headers"]]
        else:
            answer.body += message.get("body", b"").decode()

    await app(scope, receive, send)
    return answer


class Stay(HTTPRedirectHandler):
    """Shows where Strava would send the browser instead of going there."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        raise Sent(newurl)


class Sent(Exception):
    pass


def say_yes(url: str) -> str:
    """Open Strava's page; give the address it sends the browser back to."""
    try:
        build_opener(Stay).open(url)
    except Sent as sent:
        return str(sent)
    raise AssertionError("Strava kept the browser")


@pytest.fixture
def strava(monkeypatch):
    with StandIn() as server:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", server.url)
        monkeypatch.setenv("STRAVA_CLIENT_ID", server.client_id)
        monkeypatch.setenv("STRAVA_CLIENT_SECRET", server.client_secret)
        monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
        monkeypatch.delenv("HEELWISE_PUBLIC_URL", raising=False)
        yield server


@pytest.fixture
def begun(monkeypatch) -> list[int]:
    """Runners whose sync was started, in place of the processes."""
    started: list[int] = []
    monkeypatch.setattr(background_sync, "begin_sync", lambda store, athlete_id: started.append(athlete_id))
    return started


@pytest.fixture
def app(home, strava, begun) -> Starlette:
    return Starlette(routes=list(routes.routes()), middleware=[Middleware(SafeHeaders)])


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app)


def start(browser: Browser, query: str = "") -> str:
    answer = browser.get(f"http://{HOST}/connect/strava{query}")
    assert answer.status == 303, answer.body
    return answer.header("location")


def flag(answer: Answer) -> str:
    assert answer.status == 303, answer.body
    return dict(parse_qsl(urlsplit(answer.header("location")).query))["connected"]


def test_a_yes_links_the_runner_and_starts_a_sync(browser, strava, home, begun):
    back = say_yes(start(browser))
    assert urlsplit(back).path == "/connect/strava/callback"
    answer = browser.get(back)
    assert flag(answer) == "strava"
    (runner,) = open_store(home).runners()
    assert begun == [runner.athlete_id]
    tokens = open_vault(home).read(runner.athlete_id)
    assert tokens.refresh_token == strava.grants[0].refresh_token
    assert tokens.scopes == ("read", "activity:read_all", "profile:read_all")
    assert browser.cookies == {}, "no cookie is left"
    query = parse_qs(urlsplit(answer.header("location")).query)
    assert set(query) == {"connected", "runner"}
    assert urlsplit(answer.header("location")).path == "/data"


def test_the_named_runner_is_linked(browser, home, strava, begun):
    store = open_store(home)
    first, second = store.add_runner("One"), store.add_runner("Two")
    browser.get(say_yes(start(browser, f"?runner={second.athlete_id}")))
    assert begun == [second.athlete_id]
    assert open_vault(home).read(first.athlete_id) is None


def test_the_made_up_runner_is_never_linked(browser, home, strava, begun):
    store = open_store(home)
    made_up = store.add_runner("Made up", is_demo=True)
    browser.get(say_yes(start(browser, f"?runner={made_up.athlete_id}")))
    assert open_vault(home).read(made_up.athlete_id) is None
    assert begun == [one.athlete_id for one in store.runners() if not one.is_demo]


def test_the_cookie_is_short_lived_and_for_this_alone(browser):
    answer = browser.get(f"http://{HOST}/connect/strava")
    cookie = answer.header("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/connect" in cookie
    assert "Max-Age=600" in cookie
    assert answer.header("cache-control") == "no-store"
    assert answer.header("referrer-policy") == "no-referrer"


def test_a_public_address_makes_the_cookie_secure(browser, monkeypatch):
    monkeypatch.setenv("HEELWISE_PUBLIC_URL", "https://heel.example/")
    answer = browser.get("http://127.0.0.1:8501/connect/strava")
    assert "Secure" in answer.header("set-cookie")
    asked = parse_qs(urlsplit(answer.header("location")).query)
    assert asked["redirect_uri"] == ["https://heel.example/connect/strava/callback"]


def test_the_number_of_this_machine_is_left_for_its_name(browser):
    answer = browser.get("http://127.0.0.1:8501/connect/strava?runner=3")
    assert answer.status == 307
    assert answer.header("location") == "http://localhost:8501/connect/strava?runner=3"
    assert not answer.header("set-cookie")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8501", "192.168.1.5:8501"])
def test_another_host_gets_nothing(browser, host):
    answer = browser.get(f"http://{host}/connect/strava")
    assert answer.status == 400
    assert not answer.header("set-cookie")
    assert "localhost" in answer.body


def test_a_forged_state_gets_400_and_links_nothing(browser, strava, home, begun):
    strava.forged_state = "f" * 43
    answer = browser.get(say_yes(start(browser)))
    assert answer.status == 400
    assert "not begun in this browser" in answer.body
    assert (open_vault(home).read(1), begun) == (None, [])
    assert [call.path for call in strava.calls] == ["/oauth/authorize"], "the code was not even sent"


def test_a_state_is_good_once(browser, strava):
    back = say_yes(start(browser))
    cookie = dict(browser.cookies)
    assert flag(browser.get(back)) == "strava"
    browser.cookies = cookie
    assert browser.get(back).status == 400


def test_a_state_is_good_in_its_own_browser_alone(browser, app):
    back = say_yes(start(browser))
    other = Browser(app)
    start(other)
    assert other.get(back).status == 400
    assert Browser(app).get(back).status == 400


def test_a_state_ends_after_ten_minutes(browser, monkeypatch):
    back = say_yes(start(browser))
    now = pending_sign_ins.time.monotonic()
    monkeypatch.setattr(pending_sign_ins.time, "monotonic", lambda: now + 601)
    answer = browser.get(back)
    assert answer.status == 400
    assert "ten minutes" in answer.body


def test_a_cookie_that_was_changed_is_none(browser):
    back = say_yes(start(browser))
    browser.cookies[HOST] = browser.cookies[HOST][:-2] + "xx"
    assert browser.get(back).status == 400


@pytest.mark.parametrize(
    "query", ["", "?state=", "?code=x", "?state=x&code=y&scope=read", "?error=access_denied"]
)
def test_an_address_without_a_sign_in_gets_400(browser, query):
    assert browser.get(f"http://{HOST}/connect/strava/callback{query}").status == 400


def test_the_page_of_a_refusal_repeats_nothing_and_clears_the_address(browser):
    answer = browser.get(f"http://{HOST}/connect/strava/callback?state=<script>x</script>&code=c0de")
    assert "c0de" not in answer.body
    assert "<script>x" not in answer.body
    assert "history.replaceState" in answer.body


def test_no_is_an_answer(browser, strava, home, begun):
    strava.refuses = True
    assert flag(browser.get(say_yes(start(browser)))) == "refused"
    assert begun == []
    assert open_vault(home).read(1) is None


@pytest.mark.parametrize(("unticked", "starts"), [("profile:read_all", True), ("activity:read_all", False)])
def test_unticked_boxes_are_kept_in_mind(browser, strava, home, begun, unticked, starts):
    strava.unticked = {unticked}
    assert flag(browser.get(say_yes(start(browser)))) == "partly"
    assert bool(begun) is starts
    tokens = open_vault(home).read(open_store(home).runner().athlete_id)
    assert unticked not in tokens.scopes
    strava.unticked = set()
    assert flag(browser.get(say_yes(start(browser, "?again=1")))) == "strava"
    assert begun
    assert strava.calls[-2].query["approval_prompt"] == "force"


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        ({"client_secret": "another"}, "app_unknown"),
        ({"athlete_limit_reached": True}, "athlete_limit"),
        ({"fault_for": lambda call: "403_inactive"}, "app_inactive"),
        ({"fault_for": lambda call: "503"}, "troubled"),
        ({"fault_for": lambda call: "html"}, "troubled"),
        ({"fault_for": lambda call: "reset"}, "unreachable"),
    ],
)
def test_what_goes_wrong_on_the_way_back_is_told_apart(browser, strava, home, begun, prepare, expected):
    back = say_yes(start(browser))
    for name, value in prepare.items():
        setattr(strava, name, value)
    assert flag(browser.get(back)) == expected
    assert begun == []
    assert expected in link.OUTCOMES


def test_a_spent_code_is_late(browser, strava):
    back = say_yes(start(browser))
    strava.codes.clear()
    assert flag(browser.get(back)) == "late"


def test_without_an_app_the_page_says_what_to_enter(browser, monkeypatch):
    monkeypatch.delenv("STRAVA_CLIENT_SECRET")
    monkeypatch.setattr(link, "secrets_on_disk", dict)
    answer = browser.get(f"http://{HOST}/connect/strava")
    assert flag(answer) == "no_app"


def test_an_app_typed_into_the_page_is_used(browser, strava, home, monkeypatch):
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    monkeypatch.setattr(link, "secrets_on_disk", dict)
    open_vault(home).write_app(StravaApp(strava.client_id, strava.client_secret))
    assert flag(browser.get(say_yes(start(browser)))) == "strava"


def test_another_account_is_not_mixed_in(browser, strava, home):
    browser.get(say_yes(start(browser)))
    before = open_vault(home).read(1)
    strava.athlete = {**strava.athlete, "id": 99}
    assert flag(browser.get(say_yes(start(browser)))) == "other"
    assert open_vault(home).read(1) == before


def test_a_store_that_cannot_be_opened_is_said_in_words(browser, home, strava):
    back = say_yes(start(browser))
    home.mkdir(exist_ok=True)
    (home / "heelwise.db").write_bytes(b"no database at all, but long enough to be looked at" * 9)
    answer = browser.get(back)
    assert answer.status == 400
    assert "cannot be read" in answer.body


def test_no_secret_reaches_a_log_a_file_or_the_address(browser, strava, home, caplog):
    log_redaction.install()
    caplog.set_level(logging.DEBUG)
    url = start(browser)
    back = say_yes(url)
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d',
        "127.0.0.1:5",
        "GET",
        urlsplit(back).path + "?" + urlsplit(back).query,
        "1.1",
        303,
    )
    logging.getLogger("any").warning("asked %s", url)
    answer = browser.get(back)
    grant = strava.grants[0]
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).decode("latin-1")
    for secret in (code, state, grant.access_token, grant.refresh_token, strava.client_secret):
        assert secret not in caplog.text
        assert secret not in kept
        assert secret not in str(answer.headers) + answer.body
    assert log_redaction.HIDDEN in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        "GET /connect/strava/callback?state=S3CRET&code=S3CRET&scope=read HTTP/1.1",
        "body {'refresh_token': 'S3CRET', \"access_token\": \"S3CRET\"}",
        "client_secret=S3CRET&grant_type=refresh_token",
        "Authorization: Bearer S3CRETS3CRET",
        "redirect%3Fstate%3DS3CRET",
    ],
)
def test_secrets_are_hidden_wherever_they_stand(said):
    assert "S3CRET" not in log_redaction.redact(said)
    assert log_redaction.redact(log_redaction.redact(said)) == log_redaction.redact(said)


def test_what_is_no_secret_stays():
    said = "GET /data?connected=strava 200, exit code: 3, state: fine; athlete=7 scope=read,activity:read_all"
    assert log_redaction.redact(said) == said


@pytest.mark.parametrize(
    ("asked", "kept"), [("while_linked", "while_linked"), ("for_ever", None), ("", None)]
)
def test_the_choice_made_before_linking_is_kept_with_the_link(browser, home, asked, kept):
    browser.get(say_yes(start(browser, f"?keep={asked}")))
    store = open_store(home)
    assert store.settings(store.runner().athlete_id).get(retention.RETENTION) == kept
