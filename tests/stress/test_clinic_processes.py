"""Two processes behind a real Caddy or nginx with the files of `deploy/`: what one began the other finishes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from clinic_rig import STICKY, Browser, Clinic, button_of, press, until_closed, wait_until
from fit_writer import fit_run
from load_rig import held_by
from proxy_rig import KINDS, is_here
from streamlit_socket import connected, hash_of, rerun, run, text_of

from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from dashboard.access import devices, pairing

pytestmark = [pytest.mark.stress, pytest.mark.postgres, pytest.mark.timeout(900)]
NAME = "Robin Placeholder"
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
