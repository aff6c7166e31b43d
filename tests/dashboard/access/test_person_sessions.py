"""Sessions of persons: recognised by a cookie, idle after a while, and open over a short outage of the database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from door_rig import MemoryDevices, Rig

from connectors.errors import StoreError
from connectors.store.people import VerifiedPerson
from dashboard.access.devices import digest_of
from dashboard.access.door import FrontDoor
from dashboard.access.identity import LISTENER
from dashboard.access.person_sessions import COOKIE, IDLE, PersonSessions, key_of
from dashboard.access.proxy import Proxy

HOST, TLS = ("Host", "heel.example"), ("X-Forwarded-Proto", "https")
VALUE = "v" * 43
KEY = key_of(digest_of(VALUE))


class Outage:
    """A store that can be away."""

    def __init__(self, store) -> None:
        self.store = store
        self.is_away = False

    def open(self):
        if self.is_away:
            raise StoreError("The database does not answer.")
        return self.store


@pytest.fixture
def outage(store):
    now = datetime.now(UTC)
    person = VerifiedPerson("https://login.example", "robin-1")
    store.people.sign_in(person, digest_of(VALUE), now + timedelta(hours=12), now, None)
    return Outage(store)


def sessions_of(outage: Outage, **more) -> PersonSessions:
    return PersonSessions(outage.open, lambda payload: payload != b"by itself", **more)


def test_a_cookie_is_the_session_it_was_given_for_and_nothing_else_is(outage):
    sessions, now = sessions_of(outage), datetime.now(UTC)
    identity = sessions.identify(VALUE, now)
    assert identity is not None
    assert (identity.key, identity.kind, identity.person_id) == (KEY, "person", 1)
    assert VALUE not in identity.key
    for cookie in (None, "", "w" * 43, digest_of(VALUE), "v" * 9000, "ü"):
        assert sessions.identify(cookie, now) is None


def test_what_is_done_in_one_process_is_known_in_the_other_before_it_would_end_the_session(outage):
    here, there = sessions_of(outage), sessions_of(outage)
    now = datetime.now(UTC)
    for _ in range(40):
        now += timedelta(seconds=20)
        here.act(KEY, now)
        here.flush(now)
        assert there.active(now).keys() == {KEY}
    here.flush(now + timedelta(minutes=1))
    last = now + IDLE - timedelta(seconds=1)
    assert (here.active(last).keys(), there.active(last).keys()) == ({KEY}, {KEY})
    assert (here.active(now + IDLE), there.active(now + IDLE)) == ({}, {})


def test_writes_are_few_however_much_is_done(outage):
    sessions, now = sessions_of(outage), datetime.now(UTC)
    stored = set()
    for second in range(120):
        sessions.act(KEY, now + timedelta(seconds=second))
        sessions.flush(now + timedelta(seconds=second))
        stored.add(outage.store.people.sessions()[digest_of(VALUE)].acted)
    assert len(stored) <= 4


def test_what_many_do_is_written_in_one_go(outage):
    sessions, now = sessions_of(outage), datetime.now(UTC)
    keys = [KEY]
    for number in range(10):
        value = f"value-{number}"
        person = VerifiedPerson("https://login.example", f"kim-{number}")
        outage.store.people.sign_in(person, digest_of(value), now + timedelta(hours=12), now, None)
        keys.append(key_of(digest_of(value)))
    for key in keys:
        sessions.act(key, now)
    stored, last = set(), now
    for second in range(1, 121):
        last = now + timedelta(seconds=second)
        sessions.act(keys[second % len(keys)], last)
        sessions.flush(last)
        stored.add(tuple(one.acted for one in outage.store.people.sessions().values()))
    assert len(stored) <= 3, "each write makes every open page read anew"
    acted = [one.acted for one in outage.store.people.sessions().values()]
    assert min(acted) > last - timedelta(minutes=2)


def door_with(outage: Outage, **more) -> Rig:
    proxied = Proxy(public_hosts=("heel.example",))
    return Rig("proxy", True, proxied=proxied, persons=sessions_of(outage, **more))


def test_a_database_that_is_away_is_said_and_takes_no_session_away(outage):
    rig = door_with(outage)
    cookie = ("Cookie", f"{COOKIE}={VALUE}")
    assert rig.ask("/timeline", TLS, cookie, host=HOST).status == 200
    outage.is_away = True
    answer = rig.ask("/timeline", TLS, cookie, host=HOST)
    assert answer.status == 503
    assert b"Nothing was changed" in answer.sent[1]["body"]
    assert rig.ask("/timeline", TLS, host=HOST).status == 403
    outage.is_away = False
    assert rig.ask("/timeline", TLS, cookie, host=HOST).status == 200


def test_two_cookies_of_the_name_are_none_and_other_listeners_know_no_session(outage):
    rig = door_with(outage)
    twice = ("Cookie", f"{COOKIE}={VALUE}; {COOKIE}={VALUE}")
    assert rig.ask("/timeline", TLS, twice, host=HOST).status == 403
    cookie = ("Cookie", f"{COOKIE}={VALUE}")
    assert rig.ask("/timeline", cookie, host=HOST).status == 403  # without TLS
    phone = Rig("phone", True, persons=sessions_of(outage))
    assert phone.ask("/timeline", cookie).status == 403


class Page:
    """A person's socket that stays open, and what it hears and is sent."""

    def __init__(self, outage: Outage, outage_s: float) -> None:
        self.coming: asyncio.Queue[dict] = asyncio.Queue()
        self.sent: list[str] = []
        self.heard: list[bytes] = []
        self.door = FrontDoor(
            self.app,
            devices=MemoryDevices(),
            open_store=outage.open,
            proxied=Proxy(public_hosts=("heel.example",)),
            persons=sessions_of(outage, outage_s=outage_s),
        )

    async def app(self, scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message["bytes"])

    async def send(self, message):
        self.sent.append(message["type"].removeprefix("websocket."))

    async def open(self):
        headers = [(b"host", b"heel.example"), (b"x-forwarded-proto", b"https")]
        headers.append((b"cookie", f"{COOKIE}={VALUE}".encode()))
        scope = {"type": "websocket", "path": "/_stcore/stream", "scheme": "ws", "headers": headers}
        self.coming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self.door({**scope, LISTENER: "proxy"}, self.coming.get, self.send))
        await self.say(b"draw me")

    async def say(self, payload: bytes):
        self.coming.put_nowait({"type": "websocket.receive", "bytes": payload})
        await asyncio.sleep(0.3)


def test_a_page_waits_for_a_database_that_is_started_anew_and_loses_nothing(outage):
    async def walk():
        page = Page(outage, 10)
        await page.open()
        outage.is_away = True
        await page.say(b"a press")
        await asyncio.sleep(1)
        assert (page.heard, page.sent) == ([b"draw me"], ["accept"])
        outage.is_away = False
        await asyncio.sleep(1)
        assert (page.heard, page.sent) == ([b"draw me", b"a press"], ["accept"])
        page.task.cancel()

    asyncio.run(walk())


def test_a_database_that_stays_away_closes_the_page(outage):
    async def walk():
        page = Page(outage, 0.5)
        await page.open()
        outage.is_away = True
        await page.say(b"a press")
        await asyncio.wait_for(page.task, 10)
        assert (page.heard, page.sent) == ([b"draw me"], ["accept", "close"])

    asyncio.run(walk())
