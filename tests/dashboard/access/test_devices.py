"""A paired phone is known again whatever gets lost on the way; whoever copied its cookie ends it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.store import Store, open_store
from dashboard.access import devices
from dashboard.access.devices import AGAIN, GRACE, LIFETIME, ROTATE, SETTLE, RecognisedDevice

NOW = datetime(2026, 11, 29, 7, tzinfo=UTC)
ONE_STORE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def paired(
    store: Store, scope: str = "log_only", is_tls: bool = False, now: datetime = NOW
) -> tuple[int, str]:
    """A device of the store's first runner, and the value of its cookie."""
    athlete_id = store.runner(create=True).athlete_id
    values = {"name": "Phone", "scope": scope, "version": 1, "paired_utc": now, "seen_utc": now}
    with store.devices.changing() as rows:
        device_id = rows.add_device(athlete_id, {**values, "is_tls": int(is_tls), "address": None})
        device = rows.device(device_id)
        assert device is not None
        return device_id, devices.add_value(rows, device, f"jar{device_id}", is_tls, now)


def value_of(header: str | None) -> str | None:
    """What a browser keeps of a `Set-Cookie` header."""
    return next(iter(SimpleCookie(header).values())).value if header else None


def ask(store: Store, value: str | None, now: datetime, is_tls: bool = False) -> RecognisedDevice | None:
    return devices.identify(store, value, is_tls, now)


def is_ended(store: Store, device_id: int = 1) -> bool:
    return next(one for one in store.devices.devices() if one.device_id == device_id).ended is not None


def test_a_paired_device_is_its_runner_and_its_scope(store):
    device_id, value = paired(store)
    known = ask(store, value, NOW + SECOND)
    assert known is not None
    assert (known.identity.kind, known.identity.scope) == ("device", "log_only")
    assert known.identity.athlete_id == store.runner().athlete_id
    assert known.identity.device_id == device_id
    assert known.set_cookie is None


@ONE_STORE
@given(st.text(max_size=300) | st.sampled_from(["", "a" * 43, "\ud800", "x" * 10_000]))
def test_a_forged_value_is_nobody(store, value):
    device_id, _ = paired(store)
    assert ask(store, value, NOW) is None
    assert devices.active(store)[device_id] == 1


def test_the_store_holds_no_value_that_could_be_sent(store):
    _, value = paired(store)
    after = ask(store, value, NOW + DAY)
    assert after is not None
    second = value_of(after.set_cookie) or ""
    store.close()
    raw = b"".join(path.read_bytes() for path in store.home.glob("heelwise.db*"))
    assert value.encode() not in raw
    assert second.encode() not in raw


@pytest.mark.parametrize(("is_tls", "days"), [(False, 30), (True, 180)])
def test_the_cookie_by_kind_of_connection(store, is_tls, days):
    _, value = paired(store, is_tls=is_tls)
    known = ask(store, value, NOW + DAY, is_tls)
    assert known is not None
    assert known.set_cookie is not None
    name = known.set_cookie.partition("=")[0]
    parts = known.set_cookie.split("; ")[1:]
    assert name == devices.cookie_name(is_tls) == ("__Host-heelwise_device" if is_tls else "heelwise_device")
    assert set(parts) >= {"Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={days * 86_400}"}
    assert ("Secure" in parts) is is_tls
    assert not any(part.startswith("Domain") for part in parts)


def test_a_value_is_good_on_its_own_kind_of_connection_alone(store):
    _, value = paired(store)
    assert ask(store, value, NOW, is_tls=True) is None
    assert ask(store, value, NOW) is not None


def test_everything_is_never_seen_without_tls(store):
    _, value = paired(store, "everything", is_tls=False)  # as no pairing makes it
    assert ask(store, value, NOW) is None


@pytest.mark.parametrize("is_tls", [False, True])
def test_a_device_lapses_by_disuse_alone(store, is_tls):
    _, value = paired(store, is_tls=is_tls)
    now, lifetime = NOW, LIFETIME[is_tls]
    for _ in range(3):
        now += lifetime - SECOND
        known = ask(store, value, now, is_tls)
        assert known is not None
        value = value_of(known.set_cookie) or value
        assert ask(store, value, now + SECOND, is_tls) is not None
    assert not devices.is_lapsed(store.devices.devices()[0], now)
    later = now + lifetime + 2 * SECOND
    assert ask(store, value, later, is_tls) is None
    assert devices.is_lapsed(store.devices.devices()[0], later)
    assert not is_ended(store)


def test_the_value_changes_daily_and_the_old_one_ends_the_device(store, caplog):
    _, first = paired(store)
    assert ask(store, first, NOW + ROTATE - SECOND).set_cookie is None
    second = value_of(ask(store, first, NOW + ROTATE).set_cookie)
    assert second not in (None, first)
    settled = NOW + ROTATE + SETTLE
    assert ask(store, second, settled) is not None
    assert ask(store, first, settled + GRACE) is not None  # on its way when the other arrived
    assert not is_ended(store)
    with caplog.at_level(logging.WARNING, "heelwise.access"):
        assert ask(store, first, settled + GRACE + SECOND) is None
    assert is_ended(store)
    assert devices.active(store) == {}
    assert ask(store, second, settled + GRACE + 2 * SECOND) is None
    assert "Phone" not in caplog.text
    assert first not in caplog.text
    assert "earlier value" in caplog.text


@pytest.mark.parametrize("is_thief_first", [True, False])
def test_a_copied_cookie_ends_the_device_for_both(store, is_thief_first):
    _, copied = paired(store)
    holders = {"thief": copied, "phone": copied}
    order = ["thief", "phone"] if is_thief_first else ["phone", "thief"]
    refused, now = set(), NOW
    for _day in range(4):
        now += DAY
        for who in order:
            for after in (timedelta(0), SETTLE + SECOND):
                now += after + AGAIN
                known = ask(store, holders[who], now)
                if known is None:
                    refused.add(who)
                elif known.set_cookie:
                    holders[who] = value_of(known.set_cookie) or ""
    assert is_ended(store)
    assert refused == {"thief", "phone"}


def test_ten_requests_of_one_instant_share_one_new_value(store):
    _, value = paired(store)
    now = NOW + DAY
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ask(store, value, now), range(10)))
    assert all(one is not None for one in answers)
    fresh = [one.set_cookie for one in answers if one and one.set_cookie]
    assert len(fresh) == 1
    assert ask(store, value_of(fresh[0]), now + SECOND) is not None


def test_ten_phones_at_once_are_ten_devices(store):
    athlete_id = store.runner(create=True).athlete_id

    def pair_and_ask(number: int) -> tuple[int | None, int | None]:
        with store.devices.changing() as rows:
            values = {
                "name": f"{number}",
                "scope": "log_only",
                "version": 1,
                "paired_utc": NOW,
                "seen_utc": NOW,
            }
            device_id = rows.add_device(athlete_id, values | {"is_tls": 0})
            device = rows.device(device_id)
            assert device is not None
            value = devices.add_value(rows, device, f"jar{number}", False, NOW)
        known = ask(store, value, NOW + DAY)
        return device_id, known.identity.device_id if known else None

    with ThreadPoolExecutor(10) as pool:
        pairs = list(pool.map(pair_and_ask, range(10)))
    assert len({one for one, _ in pairs}) == 10
    assert all(mine == known for mine, known in pairs)


def test_a_request_that_changes_nothing_wakes_no_cache(store):
    _, value = paired(store)
    assert ask(store, value, NOW + SECOND) is not None
    before = (store.home / "heelwise.db-wal").stat().st_size
    for second in range(2, 30):
        assert ask(store, value, NOW + second * SECOND) is not None
    assert (store.home / "heelwise.db-wal").stat().st_size == before


def test_removal_is_seen_at_once_and_by_another_process(store):
    device_id, value = paired(store)
    with open_store(store.home) as other:
        assert devices.active(other) == {device_id: 1}
        assert devices.remove(store, device_id)
        assert not devices.remove(store, device_id)
        assert devices.active(other) == {}
        assert ask(other, value, NOW) is None


FLUSH = timedelta(seconds=30)
"""Chromium writes cookies to its disk no later than this after they were set."""


@dataclass
class Browser:
    """A browser that sends requests, gets their answers late or never, and may fall back to what is on its disk."""

    value: str
    history: list[tuple[datetime, str]] = field(default_factory=list)
    coming: list[tuple[datetime, str]] = field(default_factory=list)

    def receive(self, now: datetime) -> None:
        for at, value in sorted(one for one in self.coming if one[0] <= now):
            self.value = value
            self.history.append((at, value))
        self.coming = [one for one in self.coming if one[0] > now]

    def kill(self, now: datetime, first: str) -> None:
        self.coming = []
        on_disk = [value for at, value in self.history if at <= now - FLUSH]
        self.value = on_disk[-1] if on_disk else first
        self.history = [(at, value) for at, value in self.history if at <= now - FLUSH]


STEPS = st.one_of(
    st.tuples(
        st.just("ask"), st.integers(1, 5), st.lists(st.integers(0, 20) | st.none(), min_size=5, max_size=5)
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 29, 31, 119, 121, 600, 40_000, 86_400, 5 * 86_400])),
    st.tuples(st.just("kill")),
)
LOST_ON_A_MORNING = [
    *(("wait", 86_400), ("ask", 1, [None] * 5), ("wait", 31), ("ask", 1, [1] * 5), ("wait", 1), ("kill",)),
    *(("wait", 86_400), ("ask", 5, [0, 3, 9, None, 20]), ("wait", 121), ("ask", 1, [0] * 5)),
]


@ONE_STORE
@given(st.lists(STEPS, max_size=25))
@example(LOST_ON_A_MORNING)
def test_no_honest_phone_is_ever_ended(store, steps):
    device_id, first = paired(store)
    browser, now, last = Browser(first), NOW, NOW
    for step in steps:
        if step[0] == "wait":
            now += step[1] * SECOND
        elif step[0] == "kill":
            browser.receive(now)
            browser.kill(now, first)
        browser.receive(now)
        if step[0] != "ask" or now - last > timedelta(days=25):
            continue
        for delay in step[2][: step[1]]:
            known = ask(store, browser.value, now)
            assert known is not None
            last = now
            if known.set_cookie and delay is not None:
                browser.coming.append((now + delay * SECOND, value_of(known.set_cookie) or ""))
    assert not is_ended(store, device_id)


@ONE_STORE
@given(st.lists(st.tuples(st.integers(-25 * 86_400, 25 * 86_400), st.booleans()), max_size=15))
@example([(24 * 86_400, True), (-24 * 86_400, False), (60, True), (-3600, True), (3600, True)])
def test_a_clock_that_is_set_forth_and_back_ends_no_device(store, steps):
    device_id, value = paired(store)
    now = NOW
    for shift_s, is_lost in steps:
        now += shift_s * SECOND
        for _ in range(3):
            known = ask(store, value, now)
            assert known is not None
            if known.set_cookie and not is_lost:
                value = value_of(known.set_cookie) or ""
            now += AGAIN
    assert not is_ended(store, device_id)
    # Whatever the clock has been, a value that was left behind for good still ends the device.
    old, fresh = value, None
    while fresh is None:
        now += DAY
        fresh = value_of(known.set_cookie) if (known := ask(store, old, now)) else None
    assert ask(store, fresh, now + SETTLE) is not None
    assert ask(store, old, now + SETTLE + GRACE + SECOND) is None
    assert is_ended(store, device_id)
