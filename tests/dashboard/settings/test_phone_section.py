"""*Use it on my phone*: the switch, the way of a pairing on both screens, and the list of paired phones."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from page_runner import opened_for, texts
from streamlit.testing.v1 import AppTest

from dashboard.access import devices, interfaces, listeners, pairing
from dashboard.access.listeners import PhoneChoice
from dashboard.settings import phone_text
from dashboard.shared.text import escape_markdown


async def _refuses(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


@pytest.fixture
def serving() -> Iterator[PhoneChoice]:
    """The phone's listener of this process, really open on a network of this machine."""
    networks = interfaces.networks()
    if not networks:
        pytest.skip("this machine is on no private network")
    choice = PhoneChoice(networks[0], free_port(networks[0].address))
    ready, end = threading.Event(), threading.Event()

    async def serve() -> None:
        async with listeners.LISTENERS.serving(_refuses, choice, None):
            ready.set()
            while not end.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    yield choice
    end.set()
    thread.join(20)


def now() -> datetime:
    return datetime.now(UTC)


def keys(app: AppTest) -> set[str]:
    return {one.key for one in app.button if one.key}


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def ask_as_phone(app: AppTest, store, name: str = "iPhone") -> pairing.PairingRequest:
    """Type the code that the page shows, as a phone does."""
    code = re.search(r"type \*\*(\w{4} \w{4})\*\*", texts(app))
    assert code, texts(app)
    asked = pairing.ask(store, code[1], name, False, now())
    assert isinstance(asked, pairing.PairingRequest)
    return asked


def pair(store, athlete_id: int, name: str = "iPhone", address: str = "192.168.1.20:8571") -> str:
    offered = pairing.offer(store, athlete_id, "log_only", now())
    asked = pairing.ask(store, offered.secret, name, False, now())
    assert isinstance(asked, pairing.PairingRequest)
    pairing.answer(store, offered.pairing_id, asked.number, True, now())
    header = pairing.collect(store, asked.ticket, False, address, now()).set_cookie or ""
    return header.partition("=")[2].partition(";")[0]


def test_nothing_is_open_unless_a_person_opens_it(store, athlete_id):
    app = opened_for(athlete_id, "settings")
    assert phone_text.CLOSED in texts(app)
    assert phone_text.NOBODY_PAIRED in texts(app)
    assert "pair_phone" not in keys(app)
    assert not listeners.state().is_open


def test_the_switch_opens_and_closes_for_good(store, athlete_id, serving):
    app = opened_for(athlete_id, "settings")
    assert f"`{serving.address}`" in texts(app)
    assert phone_text.PLAIN in texts(app)
    app.toggle(key="phone_on_True").set_value(False).run()
    assert phone_text.CLOSED in texts(app)
    assert not listeners.state().is_open
    assert not listeners.from_setting(store.machine_settings().get(listeners.SETTING))
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((serving.network.address, serving.port), timeout=2)


def test_a_phone_is_paired_by_the_person_who_sees_its_number(store, athlete_id, serving):
    app = press(opened_for(athlete_id, "settings"), "pair_phone")
    asked = ask_as_phone(app, store)
    app.run()
    assert "**iPhone** asks to be paired with Robin Placeholder (log only)." in texts(app)
    assert any(asked.number in str(one.proto) for one in app.main if one.type == "html")
    assert store.devices.devices() == []
    press(app, "confirm_phone")
    assert phone_text.COLLECTING in texts(app)
    assert pairing.collect(store, asked.ticket, False, None, now()).state == "paired"
    app.run()
    assert phone_text.PAIRED.format(name="iPhone", runner="Robin Placeholder") in texts(app)
    assert "**iPhone** · Robin Placeholder · log only · last seen today" in texts(app)
    assert "pair_phone" in keys(app)


def test_a_phone_that_is_refused_is_not_paired(store, athlete_id, serving):
    app = press(opened_for(athlete_id, "settings"), "pair_phone")
    asked = ask_as_phone(app, store)
    app.run()
    press(app, "refuse_phone")
    assert phone_text.REFUSED in texts(app)
    assert pairing.collect(store, asked.ticket, False, None, now()).state == "refused"
    assert store.devices.devices() == []


def test_a_code_that_is_stopped_lets_nobody_in(store, athlete_id, serving):
    app = press(opened_for(athlete_id, "settings"), "pair_phone")
    code = re.search(r"type \*\*(\w{4} \w{4})\*\*", texts(app))
    press(app, "stop_pairing")
    assert code
    assert pairing.ask(store, code[1], "Late", False, now()) == "unknown"
    assert "pair_phone" in keys(app)


def test_what_to_try_stands_there_after_two_minutes(store, athlete_id, serving):
    app = press(opened_for(athlete_id, "settings"), "pair_phone")
    assert phone_text.NOTHING_ARRIVES not in texts(app)
    app.session_state["phone_pairing"].shown = now() - timedelta(minutes=2, seconds=1)
    app.run()
    assert phone_text.NOTHING_ARRIVES in texts(app)
    assert f"`{serving.address}/pair`" in texts(app)
    assert str(serving.port) in texts(app) + "".join(one.value for one in app.code)


def test_the_made_up_runner_is_not_paired(store, serving):
    demo = store.add_runner("Somebody (made up)", is_demo=True)
    app = opened_for(demo.athlete_id, "settings")
    assert pairing.NO_DEMO in texts(app)
    assert "pair_phone" not in keys(app)


def test_removal_asks_first_and_ends_the_cookie(store, athlete_id):
    value = pair(store, athlete_id)
    app = press(opened_for(athlete_id, "settings"), "remove_1")
    assert "cannot be undone" in texts(app)
    assert devices.identify(store, value, False, now()) is not None
    press(app, "leave_1")
    assert "cannot be undone" not in texts(app)
    press(app, "remove_1")
    press(app, "remove_now_1")
    assert phone_text.NOBODY_PAIRED in texts(app)
    assert devices.identify(store, value, False, now()) is None


def test_a_copied_cookie_is_told_and_a_new_scan_mends_it(store, athlete_id, serving):
    pair(store, athlete_id)
    with store.devices.changing() as rows:
        rows.change_device(1, {"ended_utc": now()})
    app = opened_for(athlete_id, "settings")
    assert [one.value for one in app.warning] == [phone_text.ENDED]
    assert "join_1" not in keys(app)
    press(app, "scan_again_1")
    asked = ask_as_phone(app, store)
    app.run()
    press(app, "confirm_phone")
    pairing.collect(store, asked.ticket, False, None, now())
    app.run()
    assert not app.warning
    assert [one.device_id for one in store.devices.devices()] == [1]


def test_a_phone_that_looks_elsewhere_is_told(store, athlete_id, serving):
    pair(store, athlete_id, address="10.9.8.7:8571")
    pair(store, athlete_id, address=f"{serving.network.address}:8571")
    pair(store, athlete_id, address="desk.local:8571")
    app = opened_for(athlete_id, "settings")
    (warning,) = [one.value for one in app.warning]
    assert "10.9.8.7" in warning
    assert serving.network.address in warning


def test_the_code_of_a_home_screen_belongs_to_its_phone(store, athlete_id, serving):
    pair(store, athlete_id)
    app = press(opened_for(athlete_id, "settings"), "join_1")
    assert ask_as_phone(app, store).is_confirmed


def test_names_of_phones_are_text_and_hidden_where_names_are(store, athlete_id):
    name = "<b>**Robin's**</b> [x](http://evil)"
    pair(store, athlete_id, name)
    shown = texts(opened_for(athlete_id, "settings"))
    assert f"**{escape_markdown(name)}**" in shown
    store.set_machine_setting("clinic_mode", "on")
    shown = texts(opened_for(athlete_id, "settings"))
    assert "Phone 1" in shown
    assert "evil" not in shown


def test_a_phone_that_asks_is_not_lost_by_a_reload(store, athlete_id, serving):
    app = press(opened_for(athlete_id, "settings"), "pair_phone")
    asked = ask_as_phone(app, store)
    again = opened_for(athlete_id, "settings")
    assert "asks to be paired" in texts(again)
    press(again, "confirm_phone")
    assert pairing.collect(store, asked.ticket, False, None, now()).state == "paired"


def test_no_other_runner_is_asked_about_it(store, athlete_id, serving):
    other = store.add_runner("Sam Example")
    asked = ask_as_phone(press(opened_for(athlete_id, "settings"), "pair_phone"), store)
    assert asked.number
    shown = opened_for(other.athlete_id, "settings")
    assert "asks to be paired" not in texts(shown)
    assert [one.label for one in shown.button if one.key == "pair_phone"] == ["Pair a phone for Sam Example"]


def test_behind_a_proxy_a_phone_may_see_everything_by_the_public_address(store, athlete_id, monkeypatch):
    monkeypatch.setenv("HEELWISE_PROXY_LISTEN", "8600")
    monkeypatch.setenv("HEELWISE_PUBLIC_URL", "https://heel.example.org/")
    app = opened_for(athlete_id, "settings")
    app.segmented_control(key="phone_scope").set_value("everything").run()
    press(app, "pair_phone")
    assert "`https://heel.example.org/pair`" in texts(app)
    code = re.search(r"type \*\*(\w{4} \w{4})\*\*", texts(app))
    assert code
    assert pairing.ask(store, code[1], "iPhone", False, now()) == "needs_tls"
    asked = pairing.ask(store, code[1], "iPhone", True, now())
    assert isinstance(asked, pairing.PairingRequest)
    app.run()
    assert "(everything)" in texts(app)
