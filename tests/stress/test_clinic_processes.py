"""Two processes behind a real Caddy or nginx with the files of `deploy/`: what one began the other finishes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from clinic_rig import STICKY, Browser, Clinic, button_of, press, until_closed, wait_until
from fit_writer import fit_run
from load_rig import held_by
from postgres_rig import PostgresRig, new_server
from proxy_rig import KINDS, is_here
from proxy_rig import NAME as HOST
from sign_in_rig import CLIENT_ID, CLIENT_SECRET, HostileProvider, served
from streamlit_socket import connected, hash_of, rerun, run, text_of

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from dashboard.access import devices, pairing

pytestmark = [pytest.mark.stress, pytest.mark.postgres, pytest.mark.timeout(900)]
NAME = "Robin Placeholder"
SESSION = "__Host-heelwise"
SIGNED_OUT_S = 2.0
"""A right that ends on one process ends on the other within this time (access.md, "Two processes")."""
BACK_S = 20.0
START = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(postgres_server) -> Iterator[str]:
    name = postgres_server.fresh()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="module")
def filled(tmp_path_factory, database) -> Iterator[tuple]:
    """A folder and a database with one runner."""
    folder = tmp_path_factory.mktemp("clinic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEELWISE_DATABASE", database)
        store = open_store(folder / "home")
        store.add_runner(NAME)
        yield folder, store
        store.close()


@pytest.fixture(scope="module", params=KINDS)
def clinic(request, filled, database) -> Iterator[Clinic]:
    if not is_here(request.param):
        pytest.skip(f"{request.param} is not installed")
    folder, _ = filled
    with Clinic(request.param, folder, database) as running:
        yield running
    assert "Traceback" not in running.said()


@pytest.fixture
def store(filled) -> Store:
    return filled[1]


@pytest.fixture
def both(clinic) -> Clinic:
    """The clinic with both processes running, whatever the test before has killed."""
    for name, server in clinic.servers.items():
        if server.process.poll() is not None:
            clinic.restart(name)
    wait_until(lambda: len({_process(clinic) for _ in range(6)}) == 2, BACK_S, "the proxy asks both")
    return clinic


def _process(clinic: Clinic) -> str:
    """Return the sticky cookie that a new browser is given."""
    browser = Browser(clinic.proxy)
    assert browser.ask("GET", "/").status_code == 200
    return browser.cookies[STICKY]


def _name_of(clinic: Clinic, browser: Browser) -> str:
    """Return which process holds the socket that a browser has just opened."""
    held = {name: _sockets(server.process.pid) for name, server in clinic.servers.items()}
    with browser.socket() as opened:
        run(opened, rerun("runner=1", page_name="today"))
        now = {name: _sockets(server.process.pid) for name, server in clinic.servers.items()}
    return max(now, key=lambda name: now[name] - held[name])


def _sockets(pid: int) -> int:
    return held_by(pid).files["socket"]


def test_a_browser_stays_with_one_process_and_its_socket_and_upload_reach_the_same(both, store):
    for number in range(4):
        browser = Browser(both.proxy)
        browser.ask("GET", "/")
        first = browser.cookies[STICKY]
        with browser.socket() as opened:
            drawn = run(opened, rerun("runner=1", page_name="data"))
            status, _ = browser.upload(opened, drawn, f"{number}.fit", fit_run(start=START, seconds=60))
        assert status == "204", "the upload went to a process that does not know the session"
        assert browser.cookies[STICKY] == first


def test_the_cookie_names_a_process_and_nobody(both):
    answers = [both.proxy.ask("GET", "/").headers.get_list("set-cookie") for _ in range(8)]
    values = {
        re.search(rf"{STICKY}=([^;]+)", line)[1] for lines in answers for line in lines if STICKY in line
    }
    assert len(values) == 2


def test_an_upload_is_imported_through_the_proxy(both, store):
    before = store.read(ACTIVITY, 1).height
    browser = Browser(both.proxy)
    browser.ask("GET", "/")
    with browser.socket() as opened:
        drawn = run(opened, rerun("runner=1", page_name="data"))
        recording = fit_run(start=START + timedelta(days=before), seconds=120)
        status, states = browser.upload(opened, drawn, "a.fit", recording)
        assert status == "204"
        page_hash = hash_of(drawn, "data")
        with_file = run(opened, rerun("runner=1", page_hash, "data", states))
        press(opened, button_of(with_file, "import_uploads$"), "runner=1", "data", page_hash, states)
    wait_until(lambda: store.read(ACTIVITY, 1).height > before, 60, "the upload is imported")


def test_a_process_killed_between_an_upload_and_its_import_loses_no_upload(both, store):
    before = store.read(ACTIVITY, 1).height
    browser = Browser(both.proxy)
    browser.ask("GET", "/")
    holder = _name_of(both, browser)
    with browser.socket() as opened:
        drawn = run(opened, rerun("runner=1", page_name="data"))
        recording = fit_run(start=START + timedelta(days=30 + before), seconds=120)
        status, states = browser.upload(opened, drawn, "a.fit", recording)
        assert status == "204"
        page_hash = hash_of(drawn, "data")
        with_file = run(opened, rerun("runner=1", page_hash, "data", states))
        states.widgets.add(id=button_of(with_file, "import_uploads$"), trigger_value=True)
        opened.send(rerun("runner=1", page_hash, "data", states).SerializeToString())
        wait_until(lambda: bool(list(both.home.glob("upload-*/.import.json"))), 30, "the upload is stored")
        both.kill(holder)  # with what it has started, as the end of a container does
        assert store.read(ACTIVITY, 1).height == before, "the import was quicker than the kill"
    wait_until(lambda: store.read(ACTIVITY, 1).height > before, 90, "the other process imports it")
    wait_until(lambda: not list(both.home.glob("upload-*")), 30, "the uploaded files are deleted")


def test_a_killed_process_hands_its_pages_over_and_the_browser_is_served_by_the_other(both):
    browser = Browser(both.proxy)
    browser.ask("GET", "/")
    first = browser.cookies[STICKY]
    killed = _name_of(both, browser)
    with browser.socket() as opened:
        assert NAME in text_of(run(opened, rerun("runner=1", page_name="today")))
        both.kill(killed)
        until_closed(opened)
    began = time.monotonic()
    with browser.socket_within(BACK_S) as again:
        drawn = run(again, rerun("runner=1", page_name="data"))
        assert NAME in text_of(drawn)
        assert browser.cookies[STICKY] != first, "the browser would be sent to the killed one when it is back"
        status, _ = browser.upload(again, drawn, "b.fit", fit_run(start=START, seconds=60))
        assert status == "204"
    print(f"\nback after {time.monotonic() - began:.1f} s")


def _pair(clinic: Clinic, store: Store, scope: str = "everything") -> tuple[str, int]:
    """Pair a phone: asked at one process, confirmed by another program, collected at the other process."""
    offered = pairing.offer(store, 1, scope, datetime.now(UTC))  # type: ignore[arg-type]
    asked = clinic.ask("one", "POST", "/pair", json={"secret": offered.secret, "name": "Phone"})
    assert asked.json()["state"] == "waiting", asked.text
    ticket = asked.headers["set-cookie"].split(";")[0]
    number = asked.json()["number"]
    assert pairing.answer(store, offered.pairing_id, number, True, datetime.now(UTC))
    collected = clinic.ask("two", "POST", "/pair/state", ticket, json={})
    assert collected.json()["state"] == "paired", collected.text
    cookie = next(
        line.split(";")[0] for line in collected.headers.get_list("set-cookie") if devices.COOKIE in line
    )
    return cookie, store.devices.devices()[-1].device_id


def test_a_pairing_begun_on_one_process_ends_on_the_other_and_is_known_to_both(both, store):
    cookie, _ = _pair(both, store, "log_only")
    for name in both.servers:
        assert both.ask(name, "GET", "/log", cookie).status_code == 200


def test_a_killed_process_loses_no_pairing(both, store):
    offered = pairing.offer(store, 1, "log_only", datetime.now(UTC))
    asked = both.ask("one", "POST", "/pair", json={"secret": offered.secret, "name": "Phone"})
    both.kill("one")
    assert pairing.answer(store, offered.pairing_id, asked.json()["number"], True, datetime.now(UTC))
    ticket = asked.headers["set-cookie"].split(";")[0]
    assert both.ask("two", "POST", "/pair/state", ticket, json={}).json()["state"] == "paired"


@pytest.fixture(scope="module", params=KINDS)
def devices_only(request, filled, database) -> Iterator[Clinic]:
    """The clinic without a sign-in at the proxy: through it only paired devices come in."""
    if not is_here(request.param):
        pytest.skip(f"{request.param} is not installed")
    folder = filled[0] / f"devices-{request.param}"
    folder.mkdir()
    with Clinic(request.param, folder, database, False, HEELWISE_HOME=str(filled[0] / "home")) as running:
        yield running


def test_a_device_removed_on_one_process_is_cut_off_on_the_other_in_two_seconds(devices_only, store):
    cookie, number = _pair(devices_only, store)
    browser = Browser(devices_only.proxy)
    name, _, value = cookie.partition("=")
    browser.cookies[name] = value
    holder = _name_of(devices_only, browser)
    other = next(one for one in devices_only.servers if one != holder)
    with browser.socket() as phone, connected(devices_only.servers[other].url) as owner:
        assert NAME in text_of(run(phone, rerun(page_name="today")))
        settings = run(owner, rerun("runner=1&tab=settings", page_name="data"))
        page_hash = hash_of(settings, "data")
        asked = press(
            owner, button_of(settings, f"remove_{number}$"), "runner=1&tab=settings", "data", page_hash
        )
        pressed = rerun("runner=1&tab=settings", page_hash, "data")
        pressed.rerun_script.widget_states.widgets.add(
            id=button_of(asked, f"remove_now_{number}$"), trigger_value=True
        )
        owner.send(pressed.SerializeToString())
        wait_until(
            lambda: number not in {one.device_id for one in store.devices.devices()},
            20,
            "the removal is stored",
        )
        began = time.monotonic()
        closed = until_closed(phone)
        took = time.monotonic() - began
    print(f"\ncut off {took:.2f} s after the removal was stored")
    assert took < SIGNED_OUT_S
    assert closed.rcvd is not None
    assert closed.rcvd.code == 1008


@pytest.fixture
def provider() -> Iterator[HostileProvider]:
    provider = HostileProvider()
    with served(provider.app(), provider.port):
        yield provider


@pytest.fixture
def signing_in(tmp_path, filled, database, provider) -> Iterator[Clinic]:
    """The clinic with a provider at which persons sign in."""
    if not is_here("caddy"):
        pytest.skip("caddy is not installed")
    secret = tmp_path / "client"
    secret.write_text(CLIENT_SECRET)
    facts = {
        "HEELWISE_HOME": str(filled[0] / "home"),
        "HEELWISE_SIGN_IN_ISSUER": provider.issuer,
        "HEELWISE_SIGN_IN_CLIENT_ID": CLIENT_ID,
        "HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": str(secret),
    }
    with Clinic("caddy", tmp_path, database, False, **facts) as running:
        yield running


def _begun(clinic: Clinic) -> tuple[str, str]:
    """Begin a sign-in at the first process; return its cookie and the address that the provider sends back to."""
    began = clinic.ask("one", "GET", "/sign-in/begin?next=/today")
    assert began.status_code == 303, began.text
    back = httpx.get(began.headers["location"], trust_env=False).headers["location"]
    return began.headers["set-cookie"].split(";")[0], back.partition(HOST)[2].partition("/")[2]


def _finished(clinic: Clinic, name: str, cookie: str, back: str) -> str:
    """Come back from the provider to a process, and return the cookie of the session."""
    answer = clinic.ask(name, "GET", f"/{back}", cookie)
    assert answer.status_code == 303, answer.text
    lines = answer.headers.get_list("set-cookie")
    return next(line.split(";")[0] for line in lines if line.startswith(f"{SESSION}="))


def test_a_sign_in_begun_on_one_process_ends_on_the_other_and_its_end_reaches_both(signing_in):
    session = _finished(signing_in, "two", *_begun(signing_in))
    for name in signing_in.servers:
        assert signing_in.ask(name, "GET", "/today", session).status_code == 200
    browser = Browser(signing_in.proxy)
    browser.cookies[SESSION] = session.partition("=")[2]
    holder = _name_of(signing_in, browser)
    other = next(one for one in signing_in.servers if one != holder)
    with browser.socket() as opened:
        run(opened, rerun(page_name="today"))
        began = time.monotonic()
        assert signing_in.ask(other, "POST", "/sign-in/out", session, data={"here": "1"}).status_code == 303
        until_closed(opened)
        took = time.monotonic() - began
    print(f"\nsigned out in {took:.2f} s")
    assert took < SIGNED_OUT_S
    assert signing_in.ask(holder, "GET", "/_stcore/host-config", session).status_code == 403


def test_a_process_that_is_killed_between_sign_in_and_callback_loses_no_sign_in(signing_in):
    begun = _begun(signing_in)
    signing_in.kill("one")
    session = _finished(signing_in, "two", *begun)
    assert signing_in.ask("two", "GET", "/today", session).status_code == 200


def test_a_restart_of_the_database_loses_nothing_and_says_so_calmly(tmp_path):
    server = new_server()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HEELWISE_DATABASE", server.url(server.fresh()))
            _restart_under_a_page(tmp_path, server)
    finally:
        server.remove()


def _restart_under_a_page(folder: Path, server: PostgresRig) -> None:
    with open_store(folder / "home") as store:
        athlete_id = store.add_runner(NAME).athlete_id
        page = f"runner={athlete_id}"
        with Clinic("caddy", folder, os.environ["HEELWISE_DATABASE"]) as clinic:
            browser = Browser(clinic.proxy)
            browser.ask("GET", "/")
            with browser.socket() as opened:
                assert NAME in text_of(run(opened, rerun(page, page_name="today")))
                store.set_settings(athlete_id, {"body_weight_kg": "71"})
                server.stop("immediate")
                meanwhile = text_of(run(opened, rerun(page, page_name="plan")))
                assert "everything saved before is kept" in meanwhile
                assert "did not foresee" not in meanwhile
                assert "Traceback" not in meanwhile
                server.start()
                assert NAME in text_of(run(opened, rerun(page, page_name="today")))
            assert store.settings(athlete_id)["body_weight_kg"] == "71"
            assert "Traceback" not in clinic.said()
