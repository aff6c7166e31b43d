"""The sign-in from the first page to the last, with a provider on loopback whose every fault is a switch."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from role_rig import lock_rows
from sign_in_rig import (
    BEGUN,
    CLIENT_ID,
    CLIENT_SECRET,
    COOKIE,
    Browser,
    Faults,
    HostileProvider,
    OwnServer,
    only_person,
    problem_of,
    served,
    settings_of,
    signed_by_another,
    signed_by_curve,
    signed_by_nobody,
    signed_by_secret,
)
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from connectors.store import open_store
from connectors.store.row_security import APP
from dashboard.access.devices import digest_of
from dashboard.access.person_sessions import START, key_of
from dashboard.access.sign_in_settings import SignInSettings


@pytest.fixture(scope="module")
def running():
    """A provider that answers until the module is done."""
    provider = HostileProvider()
    with served(provider.app(), provider.port):
        yield provider


@pytest.fixture
def provider(running):
    running.faults = Faults()
    running.person = {
        "sub": "robin-1",
        "name": "Robin Placeholder",
        "groups": ["staff"],
        "sid": "provider-1",
    }
    return running


@pytest.fixture
def server(provider, tmp_path):
    with OwnServer(tmp_path, settings_of(provider)) as one:
        yield one


def open_page(browser: Browser):
    """Open the socket of a page, which asks to be drawn."""
    opened = connect(
        "ws://heelwise.example/_stcore/stream",
        sock=socket.create_connection(("127.0.0.1", browser.port), timeout=10),
        additional_headers={
            "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
            "X-Forwarded-Proto": "https",
        },
        open_timeout=10,
        proxy=None,
        legacy=True,  # it is left open
    )
    opened.send(b"draw me")
    assert opened.recv(timeout=5) == b"health data"
    return opened


def _drain(opened) -> None:
    while True:
        opened.recv(timeout=5)


def seconds_until_closed(opened) -> float:
    began = time.monotonic()
    with pytest.raises(ConnectionClosed) as closed:
        _drain(opened)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    return time.monotonic() - began


def test_nobody_unknown_sees_more_than_the_page_of_the_sign_in(server):
    browser = Browser(server)
    answer = browser.ask("/timeline?runner=3")
    assert answer.status_code == 403
    assert 'href="/sign-in/begin?next=%2Ftimeline%3Frunner%3D3"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    for path in ("/_stcore/health", "/media/abc", "/static/js/x.js", "/auth/login", "/oauth2callback"):
        assert browser.ask(path).status_code == 403
    with pytest.raises(InvalidStatus):
        open_page(browser)
    assert browser.ask("/log").text == "code"


def test_a_person_signs_in_and_comes_back_to_the_page_that_was_wanted(server, provider):
    browser = Browser(server)
    answer = browser.sign_in("/timeline?runner=3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/timeline?runner=3")
    person = only_person(server.store)
    assert (person.issuer, person.subject, person.display_name) == (
        provider.issuer,
        "robin-1",
        "Robin Placeholder",
    )
    assert (person.is_therapist, person.is_admin) == (False, False)
    assert browser.who() == key_of(digest_of(browser.cookies[COOKIE]))


def test_the_cookie_holds_an_id_and_is_bound_to_host_and_tls(server):
    browser = Browser(server)
    browser.sign_in()
    (line,) = [one for one in browser.set_cookies if one.startswith(f"{COOKIE}=")]
    assert line == f"{COOKIE}={browser.cookies[COOKIE]}; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert len(browser.cookies[COOKIE]) == 43
    assert list(browser.cookies) == [COOKIE]
    stored = (server.folder / "home" / "heelwise.db").read_bytes()
    stored += (server.folder / "home" / "heelwise.db-wal").read_bytes()
    assert browser.cookies[COOKIE].encode() not in stored
    plain = httpx.get(
        f"http://127.0.0.1:{server.port}/timeline",
        headers={"Host": "heelwise.example", "Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"},
        trust_env=False,
    )
    assert plain.status_code == 403


def test_streamlits_own_sign_in_is_not_there_for_a_person(server):
    browser = Browser(server)
    browser.sign_in()
    for path in ("/auth/login", "/auth/logout", "/oauth2callback"):
        assert browser.ask(path).status_code == 404
    assert browser.ask("/phone/state").status_code == 403
    assert browser.ask("/_stcore/metrics").status_code == 403


NOW = int(time.time())
WRONG = {
    "another issuer": Faults(claims={"iss": "https://evil.example"}),
    "no issuer": Faults(without=("iss",)),
    "another audience": Faults(claims={"aud": "somebody-else"}),
    "two audiences and nobody authorised": Faults(claims={"aud": [CLIENT_ID, "other"]}),
    "two audiences and another one authorised": Faults(claims={"aud": [CLIENT_ID, "other"], "azp": "other"}),
    "an audience of numbers": Faults(claims={"aud": [CLIENT_ID, 7]}),
    "no audience": Faults(without=("aud",)),
    "expired": Faults(claims={"exp": NOW - 3600}),
    "no end": Faults(without=("exp",)),
    "an end that is no number": Faults(claims={"exp": "never"}),
    "not yet valid": Faults(claims={"nbf": NOW + 3600}),
    "issued tomorrow": Faults(claims={"iat": NOW + 86400, "exp": NOW + 90000}),
    "no time of issue": Faults(without=("iat",)),
    "no subject": Faults(without=("sub",)),
    "an empty subject": Faults(claims={"sub": ""}),
    "a subject that is a list": Faults(claims={"sub": ["robin-1"]}),
    "a subject without end": Faults(claims={"sub": "x" * 300}),
    "another nonce": Faults(claims={"nonce": "of-another-sign-in"}),
    "no nonce": Faults(without=("nonce",)),
    "another hash of the access token": Faults(claims={"at_hash": "AAAA"}),
    "groups that are no list": Faults(claims={"groups": {"physio": True}}),
    "groups that are numbers": Faults(claims={"groups": [1]}),
    "no signature": Faults(sign=signed_by_nobody),
    "a signature by the shared secret": Faults(sign=signed_by_secret(CLIENT_SECRET)),
    "another key's signature": Faults(sign=signed_by_another),
    "a signature of another kind": Faults(sign=signed_by_curve),
    "an unknown key": Faults(header={"kid": "unknown"}),
    "no token at all": Faults(id_token="not.a.token"),
    "half a token": Faults(id_token="e30"),
    "an answer without a token": Faults(token_body='{"access_token": "x", "token_type": "Bearer"}'),
    "an error in place of a token": Faults(token_status=400, token_body='{"error": "invalid_client"}'),
    "an answer that names another provider": Faults(iss="https://evil.example"),
    "an answer that names no provider": Faults(iss=""),
    "a description of another issuer": Faults(metadata={"issuer": "https://evil.example"}),
    "a description with tokens over plain HTTP": Faults(
        metadata={"token_endpoint": "http://login.example/token"}
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_does_not_verify_signs_nobody_in(server, provider, fault):
    browser = Browser(server)
    provider.faults = WRONG[fault]
    if fault.startswith("a description"):
        assert problem_of(browser.ask("/sign-in/begin")) == "refused"
        return
    assert problem_of(browser.sign_in()) == "refused"
    assert COOKIE not in browser.cookies
    assert server.store.people.sessions() == {}
    assert server.store.people.persons() == []
    provider.faults = Faults()
    browser.sign_in()
    assert browser.who() is not None


def test_two_audiences_are_right_where_this_server_is_the_authorised_one(server, provider):
    provider.faults = Faults(claims={"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID})
    browser = Browser(server)
    browser.sign_in()
    assert browser.who() is not None


def test_user_information_of_another_person_signs_nobody_in(server, provider):
    provider.faults = Faults(without=("groups",), user_info={"sub": "sam-2", "groups": ["physio"]})
    assert problem_of(Browser(server).sign_in()) == "refused"


def test_groups_come_from_the_user_information_where_the_token_has_none(server, provider):
    provider.faults = Faults(without=("groups",), user_info={"groups": ["physio"]})
    Browser(server).sign_in()
    assert only_person(server.store).is_therapist


def test_a_provider_that_says_nothing_of_groups_makes_nobody_a_therapist(server, provider):
    provider.person = {"sub": "robin-1"}
    browser = Browser(server)
    browser.sign_in()
    person = only_person(server.store)
    assert (person.groups, person.is_therapist, person.display_name) == ((), False, None)
    assert browser.who() is not None


@pytest.mark.parametrize("when", ["begin", "exchange"])
def test_a_provider_that_does_not_answer_is_said_calmly(server, provider, when):
    browser = Browser(server)
    address = browser.at_provider(browser.leave()) if when == "exchange" else "/sign-in/begin"
    provider.faults.is_away = True
    answer = browser.ask(address)
    assert problem_of(answer) == "unreachable"
    page = browser.ask(answer.headers["location"])
    assert page.status_code == 200
    assert "does not answer just now" in page.text
    assert "Traceback" not in page.text


def test_a_provider_that_is_gone_is_said_calmly(tmp_path, provider):
    settings = SignInSettings("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET, "https://heelwise.example")
    with OwnServer(tmp_path, settings) as server:
        assert problem_of(Browser(server).ask("/sign-in/begin")) == "unreachable"


def test_an_answer_without_end_is_not_read_to_its_end(server, provider):
    provider.faults = Faults(token_body="[" + "1," * 2_000_000 + "1]")
    assert problem_of(Browser(server).sign_in()) == "unreachable"


def test_a_flood_of_sign_ins_is_held_back_and_those_under_way_are_finished(provider, tmp_path):
    with OwnServer(tmp_path, settings_of(provider), at_once=3) as server:
        browser, flood = Browser(server), Browser(server)
        back = browser.at_provider(browser.leave("/plan"))
        problems = [problem_of(flood.ask("/sign-in/begin")) for _ in range(4)]
        assert problems == [None, None, "busy", "busy"]
        assert browser.ask(back).headers["location"] == "/plan"


def test_who_turns_back_at_the_provider_is_told_so(server, provider):
    provider.faults.error = "access_denied"
    answer = Browser(server).sign_in("/plan")
    assert problem_of(answer) == "denied"
    assert "next=%2Fplan" in answer.headers["location"]


def test_a_code_and_a_state_are_good_once(server):
    browser = Browser(server)
    back = browser.at_provider(browser.leave())
    cookie = browser.cookies[BEGUN]
    browser.ask(back)
    thief = Browser(server)
    thief.cookies = {BEGUN: cookie}
    assert problem_of(thief.ask(back)) == "stale"
    assert COOKIE not in thief.cookies
    assert browser.who() is not None


def test_a_state_is_good_in_its_own_browser_alone(server):
    """An attacker who has somebody else finish their sign-in would read what the other writes."""
    attacker, victim = Browser(server), Browser(server)
    back = attacker.at_provider(attacker.leave())
    for cookies in ({}, {BEGUN: "A" * 43}):
        victim.cookies = dict(cookies)
        assert problem_of(victim.ask(back)) == "stale"
        assert COOKIE not in victim.cookies
    assert server.store.people.sessions() == {}


def test_a_made_up_state_is_refused(server, provider):
    browser = Browser(server)
    provider.faults.state = "made-up"
    assert problem_of(browser.sign_in()) == "stale"
    for path in (
        "/sign-in/callback",
        "/sign-in/callback?state=&code=",
        f"/sign-in/callback?state={'x' * 9000}",
    ):
        assert problem_of(browser.ask(path)) == "stale"


def test_a_code_of_another_sign_in_is_refused(server):
    """A code that was stolen and put into an own sign-in does not fit its challenge."""
    victim, thief = Browser(server), Browser(server)
    stolen = parse_qs(urlsplit(victim.at_provider(victim.leave())).query)["code"][0]
    own = urlsplit(thief.at_provider(thief.leave()))
    state = parse_qs(own.query)["state"][0]
    issuer = parse_qs(own.query)["iss"][0]
    answer = thief.ask(f"/sign-in/callback?code={stolen}&state={state}&iss={issuer}")
    assert problem_of(answer) == "refused"


def test_a_token_of_an_earlier_sign_in_is_refused(server, provider):
    browser = Browser(server)
    browser.sign_in()
    provider.faults.id_token = provider.last_id_token
    assert problem_of(Browser(server).sign_in()) == "refused"


def test_the_token_of_another_provider_is_refused(server, provider):
    """A mix-up: the other provider knows the same client and says it is ours."""
    other = HostileProvider()
    other.issuer = provider.issuer
    provider.faults.id_token = other.id_token("n")
    assert problem_of(Browser(server).sign_in()) == "refused"


def test_a_changed_key_is_read_anew(server, provider):
    Browser(server).sign_in()
    for kid in (None, provider.key.kid):
        provider.rotate(kid)
        browser = Browser(server)
        browser.sign_in()
        assert browser.who() is not None


def test_another_process_finishes_what_the_first_began(server, provider, tmp_path):
    with OwnServer(tmp_path, settings_of(provider)) as other:
        browser = Browser(server)
        back = browser.at_provider(browser.leave("/plan"))
        browser.port = other.port
        answer = browser.ask(back)
        assert answer.headers["location"] == "/plan"
        assert browser.who() is not None
        browser.port = server.port
        assert browser.who() is not None


def test_two_tabs_may_be_on_their_way_at_once(server):
    browser = Browser(server)
    first, second = browser.at_provider(browser.leave("/plan")), browser.at_provider(browser.leave("/body"))
    assert browser.ask(first).headers["location"] == "/plan"
    assert browser.ask(second).headers["location"] == "/"
    assert browser.who() is not None


def test_a_sign_in_gives_a_new_id_and_ends_the_old_one(server):
    browser, planted = Browser(server), "p" * 43
    browser.cookies[COOKIE] = planted
    browser.sign_in()
    first = browser.cookies[COOKIE]
    assert first != planted
    page = open_page(browser)
    browser.sign_in()
    assert browser.cookies[COOKIE] != first
    assert seconds_until_closed(page) < 1
    browser.cookies = {COOKIE: first}
    assert browser.who() is None


def test_another_name_is_the_same_person_and_another_subject_is_another(server, provider):
    provider.person |= {"email": "robin@clinic.example"}
    Browser(server).sign_in()
    provider.person |= {"name": "Robin Newname", "email": "new@clinic.example"}
    browser = Browser(server)
    browser.sign_in()
    person = only_person(server.store)
    assert (person.display_name, person.version) == ("Robin Newname", 1)
    provider.person |= {"sub": "robin-2"}
    Browser(server).sign_in()
    assert [one.subject for one in server.store.people.persons()] == ["robin-1", "robin-2"]
    assert browser.who() is not None


def test_changed_groups_end_every_session_of_before(server, provider):
    provider.person["groups"] = ["staff", "physio"]
    before, after = Browser(server), Browser(server)
    before.sign_in()
    assert only_person(server.store).is_therapist
    page = open_page(before)
    provider.person["groups"] = ["staff"]
    after.sign_in()
    assert seconds_until_closed(page) < 1
    assert (before.who(), only_person(server.store).is_therapist) == (None, False)
    assert after.who() is not None


def test_signing_out_ends_the_session_and_its_pages_within_a_second(server):
    browser, other = Browser(server), Browser(server)
    browser.sign_in()
    other.sign_in()
    page, others = open_page(browser), open_page(other)
    assert "Robin Placeholder" in browser.ask("/sign-in/out").text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    value = browser.cookies[COOKIE]
    answer = browser.ask("/sign-in/out", "POST", form, content=b"")
    assert answer.headers["location"] == "/sign-in/ended"
    assert seconds_until_closed(page) < 1
    assert COOKIE not in browser.cookies
    browser.cookies = {COOKIE: value}
    assert browser.who() is None
    ended = browser.ask("/sign-in/ended")
    assert "You are signed out" in ended.text
    assert f"{server.settings.issuer}/end?client_id=heelwise" in ended.text
    others.send(b"go on")
    assert others.recv(timeout=5) == b"health data"


def test_signing_out_everywhere_ends_every_session_of_the_person_and_no_others(server, provider):
    first, second, other = Browser(server), Browser(server), Browser(server)
    first.sign_in()
    second.sign_in()
    provider.person["sub"] = "sam-2"
    other.sign_in()
    page = open_page(second)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    first.ask("/sign-in/out", "POST", form, content=b"everywhere=1")
    assert seconds_until_closed(page) < 1
    assert (first.who(), second.who()) == (None, None)
    assert other.who() is not None


def test_signing_out_reaches_pages_of_another_process_within_two_seconds(server, provider, tmp_path):
    with OwnServer(tmp_path, settings_of(provider)) as elsewhere:
        browser = Browser(server)
        browser.sign_in()
        browser.port = elsewhere.port
        page = open_page(browser)
        browser.port = server.port
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        browser.ask("/sign-in/out", "POST", form, content=b"")
        assert seconds_until_closed(page) < 2


@pytest.mark.postgres
@pytest.mark.parametrize("is_locked", [False, True], ids=["one role", "roles and locked rows"])
def test_all_of_it_holds_on_postgresql_and_between_its_processes(
    provider, postgres_server, postgres_url, tmp_path, monkeypatch, is_locked
):
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    if is_locked:
        open_store(tmp_path / "one" / "home").close()
        clinic = lock_rows(postgres_server, postgres_url, tmp_path / "one" / "home")
        monkeypatch.setenv("HEELWISE_DATABASE", clinic.url(APP))
    settings = settings_of(provider)
    with OwnServer(tmp_path / "one", settings) as first, OwnServer(tmp_path / "two", settings) as second:
        browser = Browser(first)
        back = browser.at_provider(browser.leave("/plan"))
        browser.port = second.port
        assert browser.ask(back).headers["location"] == "/plan"
        page = open_page(browser)
        browser.port = first.port
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        browser.ask("/sign-in/out", "POST", form, content=b"")
        assert seconds_until_closed(page) < 2
        browser.sign_in()
        page = open_page(browser)
        assert order(second, provider.logout_token(sub="robin-1")).status_code == 200
        assert seconds_until_closed(page) < 2
        assert browser.who() is None


def test_no_other_page_signs_a_person_out(server):
    browser = Browser(server)
    browser.sign_in()
    foreign = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "cross-site",
    }
    assert browser.ask("/sign-in/out", "POST", foreign, content=b"").status_code == 403
    browser.ask("/sign-in/out", headers={"Sec-Fetch-Site": "cross-site"})
    assert browser.who() is not None


def test_a_removed_person_is_cut_off_and_not_let_in_again(server):
    browser = Browser(server)
    browser.sign_in()
    page = open_page(browser)
    server.store.grants.remove_person(only_person(server.store).person_id, by=None)
    assert seconds_until_closed(page) < 1
    assert browser.who() is None
    assert problem_of(browser.sign_in()) == "removed"
    server.store.grants.readmit_person(only_person(server.store).person_id, by=None)
    browser.sign_in()
    assert browser.who() is not None


def test_a_change_of_rights_closes_the_page_and_leaves_the_session(server):
    browser = Browser(server)
    browser.sign_in()
    page = open_page(browser)
    with server.store.people.changing() as connection:
        server.store.people.count_up(connection, only_person(server.store).person_id)
    assert seconds_until_closed(page) < 1
    assert browser.ask("/sign-in/ended").headers["location"] == "/"
    open_page(browser)


def order(server, token: str, **headers: str) -> httpx.Response:
    """Send a token of sign-out as the provider does."""
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Mode": "", **headers}
    return Browser(server).ask("/sign-in/back-channel", "POST", form, content=f"logout_token={token}")


@pytest.mark.parametrize(
    "names", [{"sid": "provider-1"}, {"sub": "robin-1"}, {"sub": "robin-1", "sid": "provider-1"}]
)
def test_the_providers_order_ends_the_session_that_it_names(server, provider, names):
    browser, other = Browser(server), Browser(server)
    browser.sign_in()
    provider.person |= {"sub": "sam-2", "sid": "provider-2"}
    other.sign_in()
    page = open_page(browser)
    answer = order(server, provider.logout_token(**names))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert seconds_until_closed(page) < 1
    assert browser.who() is None
    assert other.who() is not None


def test_an_order_for_one_of_two_provider_sessions_leaves_the_other(server, provider):
    first, second = Browser(server), Browser(server)
    first.sign_in()
    provider.person["sid"] = "provider-2"
    second.sign_in()
    order(server, provider.logout_token(sub="robin-1", sid="provider-2"))
    assert first.who() is not None
    assert second.who() is None


BAD_ORDERS = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "somebody-else"},
    "a nonce": {"nonce": "n"},
    "no event": {"events": {}},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is a word": {"events": "http://schemas.openid.net/event/backchannel-logout"},
    "a number that is none": {"jti": 5},
    "issued long ago": {"iat": NOW - 7200},
    "expired": {"exp": NOW - 3600},
}


@pytest.mark.parametrize("fault", BAD_ORDERS)
def test_an_order_that_does_not_verify_ends_nothing(server, provider, fault):
    browser = Browser(server)
    browser.sign_in()
    assert order(server, provider.logout_token(**{"sub": "robin-1", **BAD_ORDERS[fault]})).status_code == 400
    assert browser.who() is not None


@pytest.mark.parametrize("claim", ["iss", "aud", "iat", "exp", "jti", "events", "sub"])
def test_an_order_without_a_claim_ends_nothing(server, provider, claim):
    browser = Browser(server)
    browser.sign_in()
    assert order(server, provider.logout_token((claim,), sub="robin-1")).status_code == 400
    assert browser.who() is not None


@pytest.mark.parametrize("sign", [signed_by_nobody, signed_by_another, signed_by_secret(CLIENT_SECRET)])
def test_an_order_that_the_provider_did_not_sign_ends_nothing(server, provider, sign):
    browser = Browser(server)
    browser.sign_in()
    provider.faults.sign = sign
    assert order(server, provider.logout_token(sub="robin-1")).status_code == 400
    assert browser.who() is not None


def test_an_id_token_is_no_order(server, provider):
    browser = Browser(server)
    browser.sign_in()
    assert order(server, provider.last_id_token).status_code == 400
    for content in (b"", b"logout_token=", b"logout_token=a&logout_token=b", b"x=" + b"y" * 30_000, b"\xff"):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = Browser(server).ask("/sign-in/back-channel", "POST", form, content=content)
        assert answer.status_code == 400
    assert browser.who() is not None


def test_an_order_is_good_once_by_whichever_process(server, provider, tmp_path):
    browser = Browser(server)
    browser.sign_in()
    token = provider.logout_token(sub="robin-1")
    assert order(server, token).status_code == 200
    browser.sign_in()
    with OwnServer(tmp_path, settings_of(provider)) as elsewhere:
        for one in (server, elsewhere):
            assert order(one, token).status_code == 400
    assert browser.who() is not None


def test_tokens_that_nobody_waits_for_make_no_flood_of_questions(server, provider):
    provider.asked.clear()
    provider.faults.header = {"kid": "unknown"}
    for _ in range(30):
        assert order(server, provider.logout_token(sub="robin-1")).status_code in (400, 503)
    assert provider.asked.count("jwks") < 12


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(server):
    """15 minutes pass by setting the row back: no human act between, whatever the page sends."""
    browser = Browser(server)
    browser.sign_in()
    page = open_page(browser)
    key = browser.who()
    assert key is not None
    digest = key.removeprefix(START)
    old = datetime.now(UTC) - timedelta(minutes=15) + timedelta(seconds=3)
    set_back(server, digest, old)
    until = time.monotonic() + 6
    closed = None
    while closed is None and time.monotonic() < until:
        try:
            page.send(b"by itself")
            time.sleep(0.2)
        except ConnectionClosed as error:
            closed = error
    assert closed is not None
    assert browser.who() is None


def test_what_a_person_does_keeps_them_signed_in(server):
    browser = Browser(server)
    browser.sign_in()
    page = open_page(browser)
    digest = (browser.who() or "").removeprefix(START)
    set_back(server, digest, datetime.now(UTC) - timedelta(minutes=14))
    page.send(b"a press")
    assert page.recv(timeout=5) == b"health data"
    session = server.store.people.sessions()[digest]
    assert datetime.now(UTC) - session.acted < timedelta(minutes=1)


def test_the_first_message_of_a_socket_is_no_act(server):
    """A page that lost its network connects again by itself and asks to be drawn."""
    browser = Browser(server)
    browser.sign_in()
    digest = (browser.who() or "").removeprefix(START)
    old = datetime.now(UTC) - timedelta(minutes=14)
    set_back(server, digest, old)
    open_page(browser)
    assert server.store.people.sessions()[digest].acted == old
    browser.ask("/timeline")
    assert server.store.people.sessions()[digest].acted > old


def set_back(server: OwnServer, digest: str, acted: datetime) -> None:
    """Make a session as if its person had last done anything at a time."""
    from sqlalchemy import update

    from connectors.store.stored_time import stored_time
    from connectors.store.tables import PERSON_SESSION_TABLE as TABLE

    with server.store.people.changing() as connection:
        connection.execute(
            update(TABLE).where(TABLE.c.session_digest == digest).values(acted_utc=stored_time(acted))
        )
    server.persons._acted.clear()
    server.persons._written.clear()


def test_a_session_ends_after_twelve_hours_whatever_is_done(server):
    browser = Browser(server)
    browser.sign_in()
    digest = (browser.who() or "").removeprefix(START)
    session = server.store.people.sessions()[digest]
    assert session.ends - session.acted <= timedelta(hours=12)
    now = session.ends - timedelta(seconds=1)
    server.persons.act(key_of(digest), now)
    cookie = browser.cookies[COOKIE]
    assert server.persons.identify(cookie, now + timedelta(milliseconds=500)) is not None
    assert server.persons.identify(cookie, session.ends) is None
    assert server.persons.active(session.ends) == {}


@pytest.mark.parametrize(
    ("path", "method"),
    [("/media/0123456789abcdef0123.csv", "GET"), ("/_stcore/upload_file/0b0e1c2d-1111/f1", "PUT")],
)
def test_files_and_uploads_of_one_session_are_for_that_session_alone(server, provider, path, method):
    own, same_person, other = Browser(server), Browser(server), Browser(server)
    own.sign_in()
    same_person.sign_in()
    provider.person["sub"] = "sam-2"
    other.sign_in()
    assert own.ask(path, method).status_code == 403
    page = open_page(own)
    page.send(path.encode())
    assert page.recv(timeout=5) == path.encode()
    assert own.ask(path, method).status_code == 200
    assert same_person.ask(path, method).status_code == 403
    assert other.ask(path, method).status_code == 403
    own.ask("/sign-in/out", "POST", {"Content-Type": "application/x-www-form-urlencoded"}, content=b"")
    assert own.ask(path, method).status_code == 403


def test_the_well_behaved_provider_signs_in(tmp_path):
    with oidc_provider_mock.run_server_in_thread() as running:
        issuer = f"http://localhost:{running.server_port}"
        person = {"name": "Robin Placeholder", "groups": ["physio"]}
        httpx.put(f"{issuer}/users/robin-1", json=person, trust_env=False).raise_for_status()
        settings = SignInSettings(
            issuer,
            CLIENT_ID,
            CLIENT_SECRET,
            "https://heelwise.example",
            therapist_groups=frozenset({"physio"}),
        )
        with OwnServer(tmp_path, settings) as server:
            browser = Browser(server)
            address = browser.leave("/plan")
            answer = httpx.post(address, data={"sub": "robin-1"}, trust_env=False)
            done = browser.ask(answer.headers["location"])
            assert done.headers["location"] == "/plan", done.headers
            person = only_person(server.store)
            assert (person.subject, person.is_therapist) == ("robin-1", True)
            assert browser.who() is not None
