"""A device's socket, message by message: what was recorded from the owner's session changes and returns nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from far_network import FarNetwork, PhoneServer, answers, wait_until
from own_certificate import own_certificate
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit_socket import buttons_of, connected, hash_of, lose, rerun, run, session_of, text_of
from websockets.exceptions import ConnectionClosed, InvalidStatus

from connectors.store import open_store
from dashboard.access import devices, pairing
from dashboard.access.narrow_store import FOR_OWNER

OWN, OTHER = "Robin Placeholder", "Sam Elsewhere"
PAGES = ("today", "timeline", "log", "flares", "shoes", "plan", "body", "strength", "events", "mechanics")
OWNERS_PAGES = ("data", "runs", "settings", "method", "start", "runners", "wrote", "consult", "closed")


def pair(store, athlete_id: int) -> str:
    """Pair a phone with everything of one runner, and return its cookie."""
    now = datetime.now(UTC)
    offered = pairing.offer(store, athlete_id, "everything", now)
    asked = pairing.ask(store, offered.secret, "Phone", True, now)
    assert isinstance(asked, pairing.PairingRequest)
    assert pairing.answer(store, offered.pairing_id, asked.number, True, now)
    collected = pairing.collect(store, asked.ticket, True, None, now)
    assert collected.set_cookie is not None
    return collected.set_cookie.split(";")[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return a server with two runners, its store and both addresses."""
    folder = tmp_path_factory.mktemp("server")
    far = FarNetwork()
    if not far.address:
        pytest.skip("this machine has no address but its own loopback one")
    certificate, key = own_certificate(folder, far.address)
    store = open_store(folder / "home")
    for name in (OWN, OTHER):
        athlete_id = store.add_runner(name).athlete_id
        store.set_settings(athlete_id, {"body_weight_kg": "70"})
    environment = {"HEELWISE_PHONE_CERT": str(certificate), "HEELWISE_PHONE_KEY": str(key)}
    server = PhoneServer(folder, far.address, **environment)
    server.wait()
    wait_until(lambda: answers(far.address, server.phone_port), 20)
    yield store, f"http://127.0.0.1:{server.port}", f"https://{far.address}:{server.phone_port}"
    server.stop()
    store.close()
    far.close()


@pytest.fixture(scope="module")
def cookie(served):
    return pair(served[0], 1)


def test_every_page_of_a_device_is_drawn_for_its_runner_alone(served, cookie):
    _, _, phone = served
    with connected(phone, cookie) as socket:
        for page in PAGES:
            drawn = text_of(run(socket, rerun(page_name=page)))
            assert OWN in drawn, page
            assert FOR_OWNER not in drawn, page
            assert "could not be shown" not in drawn, page
            assert OTHER not in drawn, page


def test_every_page_that_a_device_opens_is_noted_once_and_none_of_the_owners(served, cookie):
    store, machine, phone = served
    with connected(machine) as owner, connected(phone, cookie) as socket:
        run(owner, rerun("runner=1", page_name="today"))
        for _ in range(2):
            for page in PAGES:
                run(socket, rerun(page_name=page))
    entries = store.access_log.of_runner(1, 100)
    assert {one.actor.partition(":")[0] for one in entries} == {"device"}
    opened = [one.subject for one in entries if one.action == "saw"]
    assert {"today", "timeline", "log", "flares", "shoes", "plan"} <= {*opened}
    assert len(opened) == len({*opened})
    assert store.access_log.problems() == []


def test_pages_of_the_owner_are_not_there_for_a_device(served, cookie):
    _, machine, phone = served
    with connected(machine) as owner, connected(phone, cookie) as socket:
        owners = run(owner, rerun("runner=1", page_name="today"))
        assert OWN in text_of(owners)
        assert "Forget" in text_of(run(owner, rerun("runner=1&tab=settings", page_name="data")))
        for page in OWNERS_PAGES:
            forged = rerun("runner=1", page_hash=hash_of(owners, page))
            drawn = text_of(run(socket, forged))
            for words in (
                "Forget",
                "Back up",
                "Import my runs",
                OTHER,
                "body_weight",
                "Garmin",
                "Add a runner",
            ):
                assert words not in drawn, (page, words)


def test_the_address_of_another_runner_shows_a_device_nothing(served, cookie):
    _, _, phone = served
    with connected(phone, cookie) as socket:
        for query in ("runner=2", "runner=2&embed=true", "runner=0", "runner=1&runner=2"):
            for page in ("today", "log", "plan"):
                assert OTHER not in text_of(run(socket, rerun(query, page_name=page))), (query, page)


def test_a_press_recorded_from_the_owners_session_changes_nothing(served, cookie):
    store, machine, phone = served
    with connected(machine) as owner, connected(phone, cookie) as socket:
        settings = run(owner, rerun("runner=2&tab=settings", page_name="data"))
        assert OTHER in text_of(settings)
        buttons = buttons_of(settings)
        assert len(buttons) > 2, buttons
        page_hash = hash_of(settings, "data")
        before = (
            store.versions(),
            store.settings(1),
            store.settings(2),
            _machine_settings(store),
            store.runners(),
        )
        run(socket, rerun("runner=1", page_name="today"))
        for widget_id in buttons.values():
            states = WidgetStates()
            states.widgets.add(id=widget_id, trigger_value=True)
            for query in ("runner=1", "runner=2&tab=settings"):
                assert OTHER not in text_of(run(socket, rerun(query, page_hash, "data", states)))
        after = (
            store.versions(),
            store.settings(1),
            store.settings(2),
            _machine_settings(store),
            store.runners(),
        )
        assert after == before


def test_a_session_of_the_owner_is_not_resumed_by_a_device_nor_that_of_another(served, cookie):
    store, machine, phone = served
    other = pair(store, 2)
    with connected(machine) as owner:
        first = run(owner, rerun("runner=2", page_name="today"))
        owners = session_of(first)
        with connected(phone, cookie, owners, **{"X-Heelwise-Session": "owner"}) as socket:
            drawn = run(socket, rerun("runner=1", page_name="today"))
            assert session_of(drawn) != owners
            assert OTHER not in text_of(drawn)
            own = session_of(drawn)
            lose(socket)
        with connected(phone, other, own) as socket:
            assert session_of(run(socket, rerun(page_name="today"))) != own
        with connected(phone, cookie, own) as socket:
            assert session_of(run(socket, rerun(page_name="today"))) == own


def _machine_settings(store):
    """What a person has set; that the rows were checked is written in the background, by nobody."""
    return {name: value for name, value in store.machine_settings().items() if name != "rows_checked_on"}


def _drain(socket):
    while True:
        socket.recv(timeout=5)


def test_a_removed_device_is_cut_off_within_a_second_and_not_let_in_again(served):
    store, _, phone = served
    cookie = pair(store, 1)
    number = store.devices.devices()[-1].device_id
    with connected(phone, cookie) as socket:
        run(socket, rerun(page_name="today"))
        began = time.monotonic()
        devices.remove(store, number)
        with pytest.raises(ConnectionClosed) as closed:
            _drain(socket)
        assert time.monotonic() - began < 1
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    with pytest.raises(InvalidStatus) as refused:
        connected(phone, cookie)
    assert refused.value.response.status_code == 403


def test_a_morning_is_written_by_a_device_for_its_own_runner(served, cookie):
    store, _, phone = served
    with connected(phone, cookie) as socket:
        drawn = run(socket, rerun(page_name="log"))
        before = store.version(1), store.version(2)
        nothing_felt = next(
            one for label, one in buttons_of(drawn).items() if "None today" in label or "none" in one
        )
        states = WidgetStates()
        states.widgets.add(id=nothing_felt, trigger_value=True)
        run(socket, rerun("runner=1", page_name="log", widgets=states))
    assert store.version(1) > before[0]
    assert store.version(2) == before[1]
