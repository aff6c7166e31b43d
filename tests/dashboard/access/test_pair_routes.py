"""The addresses of pairing, as a phone, a link scanner and a stranger use them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from phone_pairing import HTTPS, phone
from starlette.applications import Starlette
from starlette.testclient import TestClient

from connectors.errors import StoreError
from dashboard.access import pair_page, pair_routes, pairing


def now() -> datetime:
    return datetime.now(UTC)


def offered(store, runner, scope="log_only"):
    return pairing.offer(store, runner.athlete_id, scope, now())


def paired(store, runner, client, scope="log_only"):
    offer = offered(store, runner, scope)
    asked = client.post("/pair", json={"secret": offer.secret, "name": "iPhone"}).json()
    assert asked["state"] == "waiting"
    assert pairing.answer(store, offer.pairing_id, asked["number"], True, now())
    return client.post("/pair/state", json={})


def test_a_phone_is_paired(store, runner):
    client = phone(store)
    offer = offered(store, runner)
    answer = client.post("/pair", json={"secret": offer.secret, "name": "iPhone"})
    asked = answer.json()
    assert (asked["state"], asked["name"]) == ("waiting", "iPhone")
    assert {"httponly", "samesite=strict", "path=/pair"} <= set(
        answer.headers["set-cookie"].lower().split("; ")
    )
    assert client.post("/pair/state", json={}).json() == {**asked}
    assert pairing.answer(store, offer.pairing_id, asked["number"], True, now())
    done = client.post("/pair/state", json={})
    assert done.json() == {"state": "paired"}
    assert "heelwise_device=" in done.headers["set-cookie"]
    assert client.post("/pair/state", json={}).json() == {"state": "device"}
    assert store.devices.devices()[0].address == "192.168.1.20:8531"


def test_a_link_scanner_uses_nothing_up(store, runner):
    offer = offered(store, runner)
    scanner = phone(store)
    for _ in range(5):
        answer = scanner.get(f"/pair?{offer.secret}")
        assert answer.status_code == 200
        assert scanner.get("/pair").content == pair_page.PAIR
    assert not scanner.cookies
    asked = phone(store).post("/pair", json={"secret": offer.secret, "name": ""})
    assert asked.json()["state"] == "waiting"


def test_the_page_says_nothing_of_this_machine_and_loads_from_it_alone(store, runner):
    client = phone(store)
    page, script = client.get("/pair"), client.get("/pair/pair.js")
    for answer in (page, script):
        assert answer.headers["cache-control"] == "no-store"
        assert runner.name.lower() not in answer.text.lower().replace("runners", "")
        assert not re.search(r"//[\w.]", answer.text)  # a comment has a space there, an address does not
    assert "<script>" not in page.text


def test_a_refused_phone_is_told_and_may_begin_again(store, runner):
    client = phone(store)
    offer = offered(store, runner)
    asked = client.post("/pair", json={"secret": offer.secret, "name": "iPhone"}).json()
    pairing.answer(store, offer.pairing_id, asked["number"], False, now())
    assert client.post("/pair/state", json={}).json() == {"state": "refused", "text": pair_routes.REFUSED}
    assert client.post("/pair/state", json={}).json() == {"state": "none"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 4000, "application/json"),
        (b'{"secret": "' + b"a" * 5000 + b'"}', "application/json"),
        (b'{"secret": 5}', "application/json"),
        (b'{"secret": "a", "name": {}}', "application/json"),
        (b"secret=a&name=b", "application/x-www-form-urlencoded"),
        (b'{"secret": "a"}', "text/plain"),
    ],
)
@pytest.mark.parametrize("address", ["/pair", "/pair/state", "/pair/code"])
def test_what_the_page_does_not_send_gets_a_sentence(store, runner, body, kind, address):
    answer = phone(store).post(address, content=body, headers={"content-type": kind})
    assert answer.status_code in (200, 400, 403)
    assert answer.json().get("text") or answer.json() == {"state": "none"}
    assert store.devices.devices() == []


@pytest.mark.parametrize("secret", ["\ud800", "\x00", "a" * 22, "../../x", "🏃" * 8])
def test_a_hostile_secret_is_wrong_like_any_other(store, runner, secret):
    body = json.dumps({"secret": secret, "name": "\ud800<b>\u202e"})
    answer = phone(store).post("/pair", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["text"]) == (403, pair_routes.TEXTS["unknown"])


def test_too_many_codes_are_told_apart_by_their_status(store, runner):
    client = phone(store)
    for _ in range(pairing.MOST_CODES):
        assert client.post("/pair", json={"code": "ZZZZZZZZ"}).status_code == 403
    answer = client.post("/pair", json={"code": "ZZZZZZZZ"})
    assert (answer.status_code, answer.json()["text"]) == (429, pair_routes.TEXTS["too_many"])


def test_the_machine_itself_is_not_paired(store, runner):
    offer = offered(store, runner)
    answer = phone(store, "http://127.0.0.1:8501", "machine").post("/pair", json={"secret": offer.secret})
    assert (answer.status_code, answer.json()["text"]) == (403, pair_routes.AT_MACHINE)


def test_over_tls_the_cookie_is_bound_to_the_host(store, runner):
    done = paired(store, runner, phone(store, HTTPS), "everything")
    header = done.headers["set-cookie"]
    assert header.startswith("__Host-heelwise_device=")
    assert "Secure" in header.split("; ")
    assert store.devices.devices()[0].is_tls


def test_everything_without_tls_is_refused_with_a_reason(store, runner):
    offer = offered(store, runner, "everything")
    answer = phone(store).post("/pair", json={"secret": offer.secret})
    assert (answer.status_code, answer.json()["text"]) == (403, pair_routes.TEXTS["needs_tls"])


def test_the_paired_browser_hands_its_app_on_the_home_screen_a_code(store, runner):
    browser, app, stranger = phone(store), phone(store), phone(store)
    paired(store, runner, browser)
    assert stranger.post("/pair/code", json={}).status_code == 403
    code = browser.post("/pair/code", json={}).json()["code"]
    done = app.post("/pair", json={"code": code, "name": "ignored"})
    assert done.json() == {"state": "paired"}
    assert app.post("/pair/state", json={}).json() == {"state": "device"}
    assert [one.name for one in store.devices.devices()] == ["iPhone"]
    assert stranger.post("/pair", json={"code": code}).status_code == 403


def test_a_store_that_cannot_be_opened_gets_a_sentence(store, runner):
    def broken():
        raise StoreError("The store is busy. Nothing was changed.")

    client = TestClient(Starlette(routes=pair_routes.routes(broken)))
    answer = client.post("/pair", json={"secret": "a"})
    assert (answer.status_code, answer.json()["text"]) == (503, "The store is busy. Nothing was changed.")
