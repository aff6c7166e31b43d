"""A pairing leads from a secret to one device, once, in five minutes, and only over a person at the machine."""

from __future__ import annotations

import logging
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from connectors.errors import StoreError
from connectors.store import open_store
from dashboard.access import devices, pairing
from dashboard.access.pairing import GOOD_FOR, PairingRequest

NOW = datetime(2026, 11, 29, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path):
    """An empty store: the runs of the other tests of the dashboard are not looked at."""
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def athlete_id(store) -> int:
    return store.runner(create=True).athlete_id


def asked(store, given: str, now=NOW, name="iPhone", is_tls=False) -> PairingRequest:
    taken = pairing.ask(store, given, name, is_tls, now)
    assert isinstance(taken, PairingRequest), taken
    return taken


def collected(store, ticket: str, now=NOW, is_tls=False) -> tuple[str, str | None]:
    done = pairing.collect(store, ticket, is_tls, "192.168.1.20:8531", now)
    value = done.set_cookie.partition("=")[2].partition(";")[0] if done.set_cookie else None
    return done.state, value


def paired(store, athlete_id: int, now=NOW, **more) -> str:
    """The cookie of a phone that went all the way."""
    offered = pairing.offer(store, athlete_id, "log_only", now, **more)
    phone = asked(store, offered.secret, now)
    assert pairing.answer(store, offered.pairing_id, phone.number, True, now)
    state, value = collected(store, phone.ticket, now)
    assert state == "paired"
    return value or ""


def test_the_way_of_a_phone(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    assert len(offered.secret) == pairing.SECRET_LENGTH  # 128 bits
    phone = asked(store, offered.secret)
    under_way = pairing.pairing_of(store, offered.pairing_id, NOW)
    assert (under_way.state, under_way.phone_name, under_way.number) == ("asked", "iPhone", phone.number)
    assert len(phone.number) == 4
    assert phone.number.isdigit()
    assert collected(store, phone.ticket) == ("waiting", None)
    assert store.devices.devices() == []
    assert pairing.answer(store, offered.pairing_id, phone.number, True, NOW)
    state, value = collected(store, phone.ticket)
    assert state == "paired"
    known = devices.identify(store, value, False, NOW + SECOND)
    assert (known.identity.athlete_id, known.identity.scope) == (athlete_id, "log_only")
    (device,) = store.devices.devices()
    assert (device.name, device.address, device.is_tls) == ("iPhone", "192.168.1.20:8531", False)


def test_nothing_is_paired_without_the_person_at_the_machine(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    phone = asked(store, offered.secret)
    wrong = f"{(int(phone.number) + 1) % 10_000:04d}"
    assert not pairing.answer(store, offered.pairing_id, wrong, True, NOW)
    assert collected(store, phone.ticket)[0] == "waiting"
    assert pairing.answer(store, offered.pairing_id, phone.number, False, NOW)
    assert collected(store, phone.ticket) == ("refused", None)
    assert not pairing.answer(store, offered.pairing_id, phone.number, True, NOW)
    assert store.devices.devices() == []


def test_a_secret_is_good_once(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    asked(store, offered.secret)
    assert pairing.ask(store, offered.secret, "Another", False, NOW) == "unknown"
    assert pairing.ask(store, offered.code, "Another", False, NOW) == "unknown"


def test_ten_phones_of_one_secret_are_one(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: pairing.ask(store, offered.secret, f"{n}", False, NOW), range(10)))
    assert sum(isinstance(one, PairingRequest) for one in answers) == 1


def test_ten_offers_at_once_are_ten_devices(store, athlete_id):
    with ThreadPoolExecutor(10) as pool:
        values = set(pool.map(lambda _: paired(store, athlete_id), range(10)))
    assert len(values) == len(store.devices.devices()) == 10


@pytest.mark.parametrize("shift", [GOOD_FOR + SECOND, -GOOD_FOR - SECOND, timedelta(days=900)])
def test_each_step_ends_after_five_minutes_whichever_way_the_clock_went(store, athlete_id, shift):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    assert pairing.ask(store, offered.secret, "Late", False, NOW + shift) == "unknown"
    phone = asked(store, offered.secret, NOW + GOOD_FOR)
    later = NOW + GOOD_FOR + shift
    assert not pairing.answer(store, offered.pairing_id, phone.number, True, later)
    assert pairing.pairing_of(store, offered.pairing_id, later) is None
    assert pairing.answer(store, offered.pairing_id, phone.number, True, NOW + GOOD_FOR)
    assert collected(store, phone.ticket, later)[0] == "gone"
    assert store.devices.devices() == []


def test_a_cookie_whose_answer_was_lost_is_made_again_until_one_was_used(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    phone = asked(store, offered.secret)
    pairing.answer(store, offered.pairing_id, phone.number, True, NOW)
    first = collected(store, phone.ticket)[1]
    second = collected(store, phone.ticket, NOW + SECOND)[1]
    assert None not in (first, second)
    assert first != second
    assert len(store.devices.devices()) == 1
    assert devices.identify(store, second, False, NOW + 2 * SECOND) is not None
    assert collected(store, phone.ticket, NOW + 3 * SECOND) == ("gone", None)


def test_everything_is_paired_over_tls_alone(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "everything", NOW)
    assert pairing.ask(store, offered.secret, "iPhone", False, NOW) == "needs_tls"
    phone = asked(store, offered.secret, is_tls=True)
    pairing.answer(store, offered.pairing_id, phone.number, True, NOW)
    assert collected(store, phone.ticket, is_tls=False)[0] == "gone"
    state, value = collected(store, phone.ticket, is_tls=True)
    assert state == "paired"
    assert devices.identify(store, value, True, NOW).identity.scope == "everything"


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: code])
def test_a_code_may_be_typed_as_people_type(store, athlete_id, typed):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    assert len(offered.code) == pairing.CODE_LENGTH
    asked(store, typed(offered.code))


def test_letters_that_look_alike_are_one(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    asked(store, offered.code.replace("0", "o").replace("1", "l"))


def test_tries_by_code_are_limited_and_a_secret_still_leads_in(store, athlete_id, caplog):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    wrong = "0" * 8 if offered.code != "0" * 8 else "1" * 8
    with caplog.at_level(logging.INFO, "heelwise.access"):
        for _ in range(pairing.MOST_CODES):
            assert pairing.ask(store, wrong, "Mallory of 10.0.0.7", False, NOW) == "unknown"
    assert pairing.ask(store, offered.code, "iPhone", False, NOW) == "too_many"
    assert len(caplog.records) == pairing.MOST_CODES
    assert not [word for word in ("Mallory", "10.0.0.7", wrong) if word in caplog.text]
    asked(store, offered.secret)
    later = pairing.offer(store, athlete_id, "log_only", NOW + GOOD_FOR + SECOND)
    asked(store, later.code, NOW + GOOD_FOR + SECOND)


def test_all_tries_together_are_limited(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    for number in range(pairing.MOST_TRIES):
        assert pairing.ask(store, f"{number:022d}", "x", False, NOW) == "unknown"
    assert pairing.ask(store, offered.secret, "iPhone", False, NOW) == "too_many"
    with store.devices.changing() as rows:
        assert len(rows.tries()) == pairing.MOST_TRIES


def test_the_made_up_runner_is_not_paired(store, athlete_id):
    demo = store.add_runner("Demo (made up)", is_demo=True)
    with pytest.raises(StoreError, match="made-up"):
        pairing.offer(store, demo.athlete_id, "log_only", NOW)
    with pytest.raises(StoreError, match="no longer"):
        pairing.offer(store, 99, "log_only", NOW)


def test_scanning_again_renews_the_same_device_and_its_old_cookie_is_nobodys(store, athlete_id):
    old = paired(store, athlete_id)
    (before,) = store.devices.devices()
    new = paired(store, athlete_id, NOW + timedelta(days=3), device_id=before.device_id)
    (after,) = store.devices.devices()
    assert after.device_id == before.device_id
    assert after.version == before.version + 1
    later = NOW + timedelta(days=3, seconds=5)
    assert devices.identify(store, new, False, later).identity.device_id == before.device_id
    assert devices.identify(store, old, False, later) is None
    assert devices.identify(store, new, False, later) is not None  # the old one is unknown, it ends nothing


def test_a_device_that_was_ended_can_be_renewed(store, athlete_id):
    paired(store, athlete_id)
    with store.devices.changing() as rows:
        rows.change_device(1, {"ended_utc": NOW})
    with pytest.raises(StoreError, match="no longer paired"):
        pairing.join_code(store, 1, NOW)
    value = paired(store, athlete_id, device_id=1)
    assert devices.identify(store, value, False, NOW) is not None


def test_no_device_of_another_runner_is_renewed(store, athlete_id):
    paired(store, athlete_id)
    other = store.add_runner("Somebody Else")
    with pytest.raises(StoreError, match="no longer paired"):
        pairing.offer(store, other.athlete_id, "log_only", NOW, device_id=1)


def test_an_app_on_the_home_screen_is_the_same_device_with_a_jar_of_its_own(store, athlete_id):
    browser = paired(store, athlete_id)
    earlier = pairing.join_code(store, 1, NOW)
    offered = pairing.join_code(store, 1, NOW)
    assert pairing.ask(store, earlier.code, "", False, NOW) == "unknown"
    phone = asked(store, offered.code)
    assert phone.is_confirmed
    state, app = collected(store, phone.ticket)
    assert state == "paired"
    days = timedelta(days=2)
    for value in (browser, app):
        assert devices.identify(store, value, False, NOW + days).identity.device_id == 1
    assert len(store.devices.devices()) == 1
    assert store.devices.devices()[0].name == "iPhone"
    assert store.devices.devices()[0].version == 1


def test_a_removed_device_has_no_code_left(store, athlete_id):
    paired(store, athlete_id)
    offered = pairing.join_code(store, 1, NOW)
    devices.remove(store, 1)
    assert pairing.ask(store, offered.code, "", False, NOW) == "unknown"


def test_a_withdrawn_offer_is_over(store, athlete_id):
    offered = pairing.offer(store, athlete_id, "log_only", NOW)
    phone = asked(store, offered.secret)
    pairing.withdraw(store, offered.pairing_id)
    assert not pairing.answer(store, offered.pairing_id, phone.number, True, NOW)
    assert collected(store, phone.ticket)[0] == "gone"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_a_name_stands_on_one_line_whatever_the_phone_calls_itself(name):
    shown = pairing.clean_name(name)
    assert 0 < len(shown) <= pairing.LONGEST_NAME
    assert shown.isprintable()
    assert shown == shown.strip()
    assert shown == pairing.clean_name(shown)
    assert unicodedata.is_normalized("NFC", shown)


class PairingMachine(RuleBasedStateMachine):
    """Persons, phones and strangers in any order, by a clock that goes both ways."""

    offers = Bundle("offers")
    phones = Bundle("phones")

    @initialize()
    def begin(self):
        self.folder = TemporaryDirectory()
        self.store = open_store(Path(self.folder.name))
        self.athlete_id = self.store.runner(create=True).athlete_id
        self.now = NOW
        self.confirmed: set[str] = set()
        self.taken: set[int] = set()

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    @rule(target=offers)
    def show_a_code(self):
        return pairing.offer(self.store, self.athlete_id, "log_only", self.now)

    @rule(seconds=st.sampled_from([-400, -200, 1, 200, 301, 86_400]))
    def clock(self, seconds):
        self.now += seconds * SECOND

    @rule(target=phones, offer=offers, by_code=st.booleans())
    def scan(self, offer, by_code):
        taken = pairing.ask(self.store, offer.code if by_code else offer.secret, "Phone", False, self.now)
        if not isinstance(taken, PairingRequest):
            return offer, PairingRequest("never given", "", "")
        assert offer.pairing_id not in self.taken
        self.taken.add(offer.pairing_id)
        return offer, taken

    @rule(phone=phones, is_confirmed=st.booleans())
    def decide(self, phone, is_confirmed):
        offer, taken = phone
        if (
            pairing.answer(self.store, offer.pairing_id, taken.number, is_confirmed, self.now)
            and is_confirmed
        ):
            self.confirmed.add(taken.ticket)

    @rule(phone=phones)
    def collect(self, phone):
        _, taken = phone
        state, value = collected(self.store, taken.ticket, self.now)
        assert (state == "paired") == (value is not None)
        if value is not None:
            assert taken.ticket in self.confirmed
            assert devices.identify(self.store, value, False, self.now) is not None
            assert collected(self.store, taken.ticket, self.now)[0] == "gone"

    @rule(given=st.text(max_size=30))
    def guess(self, given):
        assume(given)
        assert not isinstance(pairing.ask(self.store, given, "Stranger", False, self.now), PairingRequest)
        assert collected(self.store, given, self.now) == ("gone", None)

    @invariant()
    def no_more_devices_than_were_confirmed(self):
        if hasattr(self, "store"):
            assert len(self.store.devices.devices()) <= len(self.confirmed)


TestPairingMachine = PairingMachine.TestCase
TestPairingMachine.settings = settings(max_examples=25, stateful_step_count=25)
