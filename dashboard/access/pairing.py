"""Pairing a phone: offered at the machine, asked for by the phone, confirmed at the machine, collected by the phone."""

from __future__ import annotations

import hmac
import logging
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from connectors.errors import StoreError
from connectors.store import Store
from connectors.store.devices import DeviceRows, DeviceScope, Pairing
from dashboard.access import devices

GOOD_FOR = timedelta(minutes=5)
"""Each step of a pairing must follow the one before within this time."""
MOST_CODES, MOST_TRIES = 10, 100
"""Tries in vain within `GOOD_FOR`: codes of 8 characters, and all together."""
CODE_LENGTH, SECRET_LENGTH = 8, 22
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that nobody takes for one another (Crockford's base 32), five bits each."""
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
LONGEST_NAME = 40
NAMELESS = "Phone"
NO_DEMO = (
    "The made-up runner is not paired: entries on a phone would be lost with it. Add your own runner first."
)
NO_RUNNER = "This runner is no longer on this machine. Nothing was paired."
NO_DEVICE = "This phone is no longer paired. Pair it again with a new code."
_log = logging.getLogger("heelwise.access")

Refusal = Literal["unknown", "too_many", "needs_tls"]


@dataclass(frozen=True)
class Offer:
    """What a phone is shown to begin with. `secret` is "" where only the code leads in."""

    pairing_id: int
    secret: str
    code: str


@dataclass(frozen=True)
class PairingRequest:
    """A phone that asks to be paired: what both screens show, and the ticket with which it asks how it went."""

    ticket: str
    phone_name: str
    number: str
    is_confirmed: bool = False
    """Whether nobody need confirm it: another app on a phone that is paired."""


@dataclass(frozen=True)
class Collected:
    """How far a pairing is, and the `Set-Cookie` header once the phone is paired."""

    state: Literal["waiting", "refused", "paired", "gone"]
    set_cookie: str | None = None
    phone_name: str | None = None
    number: str | None = None


def offer(
    store: Store, athlete_id: int, scope: DeviceScope, now: datetime, device_id: int | None = None
) -> Offer:
    """Offer one pairing for five minutes: of a new phone, or of one that is paired and scans again."""
    runner = next((one for one in store.runners() if one.athlete_id == athlete_id), None)
    if runner is None:
        raise StoreError(NO_RUNNER)
    if runner.is_demo:
        raise StoreError(NO_DEMO)
    secret, code = secrets.token_urlsafe(16), _new_code()
    with store.devices.changing() as rows:
        _prune(rows, now)
        if device_id is not None:
            known = rows.device(device_id)
            if known is None or known.athlete_id != athlete_id:
                raise StoreError(NO_DEVICE)
        values = _offered("new" if device_id is None else "renew", scope, now, code)
        values |= {"secret_digest": devices.digest_of(secret), "device_id": device_id}
        return Offer(rows.add_pairing(athlete_id, values), secret, code)


def join_code(store: Store, device_id: int, now: datetime) -> Offer:
    """Return a code with which an app on the home screen of a paired phone becomes the same device."""
    code = _new_code()
    with store.devices.changing() as rows:
        _prune(rows, now)
        device = rows.device(device_id)
        if device is None or device.ended is not None:
            raise StoreError(NO_DEVICE)
        for one in rows.pairings():
            if one.kind == "join" and one.device_id == device_id and one.state == "offered":
                rows.remove_pairing(one.pairing_id)
        values = _offered("join", device.scope, now, code) | {"device_id": device_id}
        return Offer(rows.add_pairing(device.athlete_id, values), "", code)


def ask(store: Store, given: str, phone_name: str, is_tls: bool, now: datetime) -> PairingRequest | Refusal:
    """Take a secret or code once, for the phone that sends it first; a join needs no further question."""
    code = given.upper().translate(_ALIKE) if len(given.translate(_ALIKE)) == CODE_LENGTH else None
    with store.devices.changing() as rows:
        if _is_spent(rows.tries(), code is not None, now):
            return "too_many"
        pairing = _match(rows.pairings(), given, code, now)
        if pairing is None:
            rows.add_try(now, code is not None, GOOD_FOR)
            _log.warning("A pairing was tried with a code that is wrong, used or too old.")
            return "unknown"
        if pairing.scope == "everything" and not is_tls:
            return "needs_tls"
        number = f"{secrets.randbelow(10_000):04d}"
        asked = PairingRequest(
            secrets.token_urlsafe(16), clean_name(phone_name), number, pairing.kind == "join"
        )
        values: dict[str, Any] = {
            "state": "confirmed" if asked.is_confirmed else "asked",
            "changed_utc": now,
            "phone_name": asked.phone_name,
            "number": asked.number,
            "ticket_digest": devices.digest_of(asked.ticket),
        }
        rows.change_pairing(pairing.pairing_id, values)
        return asked


def pairing_of(store: Store, pairing_id: int, now: datetime) -> Pairing | None:
    """Return a pairing under way; None for one that is over or too old."""
    there = (one for one in store.devices.pairings() if one.pairing_id == pairing_id)
    return next((one for one in there if is_young(one, now)), None)


def is_young(pairing: Pairing, now: datetime) -> bool:
    """Return whether the next step of a pairing may still follow; the clock may have been set either way."""
    return abs(now - pairing.changed) <= GOOD_FOR


def answer(store: Store, pairing_id: int, number: str, is_confirmed: bool, now: datetime) -> bool:
    """Confirm or refuse the phone that asks with this number; False where it asks no longer."""
    with store.devices.changing() as rows:
        pairing = next((one for one in rows.pairings() if one.pairing_id == pairing_id), None)
        is_open = pairing is not None and pairing.state == "asked" and is_young(pairing, now)
        if pairing is None or not is_open or not hmac.compare_digest(pairing.number or "", number):
            return False
        state = "confirmed" if is_confirmed else "refused"
        rows.change_pairing(pairing_id, {"state": state, "changed_utc": now})
        return True


def withdraw(store: Store, pairing_id: int) -> None:
    """End an offer at the machine before a phone is paired with it."""
    with store.devices.changing() as rows:
        rows.remove_pairing(pairing_id)


def collect(store: Store, ticket: str, is_tls: bool, address: str | None, now: datetime) -> Collected:
    """Return how far the pairing of a ticket is; once confirmed, the cookie, again until it was used once."""
    digest = devices.digest_of(ticket)
    with store.devices.changing() as rows:
        pairing = next(
            (one for one in rows.pairings() if hmac.compare_digest(one.ticket_digest or "", digest)), None
        )
        if pairing is None or not is_young(pairing, now):
            return Collected("gone")
        if pairing.state == "asked":
            return Collected("waiting", None, pairing.phone_name, pairing.number)
        if pairing.state == "refused":
            return Collected("refused")
        if pairing.scope == "everything" and not is_tls:
            return Collected("gone")
        value = _first_value(rows, pairing, is_tls, address, now)
    return Collected("gone") if value is None else Collected("paired", devices.cookie_header(value, is_tls))


def clean_name(name: str) -> str:
    """Return a phone's name as it may stand on a page: printable, on one line, short."""
    plain = unicodedata.normalize("NFC", "".join(sign if sign.isprintable() else " " for sign in name))
    return " ".join(plain.split())[:LONGEST_NAME].strip() or NAMELESS


def shown_code(code: str) -> str:
    """Return a code in two groups, as it is read out and typed."""
    return f"{code[:4]} {code[4:]}"


def _offered(kind: str, scope: DeviceScope, now: datetime, code: str) -> dict[str, Any]:
    digest = devices.digest_of(code)
    return {"kind": kind, "scope": scope, "state": "offered", "changed_utc": now, "code_digest": digest}


def _new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def _match(pairings: Sequence[Pairing], given: str, code: str | None, now: datetime) -> Pairing | None:
    """Find the offer that a secret or code opens; every open offer is compared, whichever fits."""
    digest = devices.digest_of(given if code is None else code)
    fits = None
    for one in pairings:
        wanted = one.secret_digest if code is None else one.code_digest
        if one.state == "offered" and is_young(one, now) and hmac.compare_digest(wanted or "", digest):
            fits = one
    return fits


def _is_spent(tries: Sequence[tuple[datetime, bool]], is_code: bool, now: datetime) -> bool:
    recent = [was_code for tried, was_code in tries if abs(now - tried) <= GOOD_FOR]
    return len(recent) >= MOST_TRIES or (is_code and sum(recent) >= MOST_CODES)


def _prune(rows: DeviceRows, now: datetime) -> None:
    for one in rows.pairings():
        if not is_young(one, now):
            rows.remove_pairing(one.pairing_id)


def _first_value(
    rows: DeviceRows, pairing: Pairing, is_tls: bool, address: str | None, now: datetime
) -> str | None:
    """Return a value for a confirmed phone; None once a value of its jar was used, since its answer arrived."""
    jar = pairing.jar or secrets.token_hex(8)
    if any(one.seen is not None for one in rows.cookies(jar)):
        return None
    device_id = pairing.device_id
    if pairing.state == "confirmed":
        device_id = _paired(rows, pairing, is_tls, address, now)
        rows.change_pairing(pairing.pairing_id, {"state": "collected", "device_id": device_id, "jar": jar})
    device = rows.device(device_id) if device_id is not None else None
    if device is None or device.ended is not None:
        return None
    return devices.add_value(rows, device, jar, is_tls, now)


def _paired(
    rows: DeviceRows, pairing: Pairing, is_tls: bool, address: str | None, now: datetime
) -> int | None:
    """Add the device, or renew the one that scanned again; a join leaves the device as it is."""
    values = {
        "name": pairing.phone_name or NAMELESS,
        "scope": pairing.scope,
        "paired_utc": now,
        "seen_utc": now,
        "is_tls": int(is_tls),
        "address": address,
    }
    if pairing.device_id is None:
        return rows.add_device(pairing.athlete_id, values | {"version": 1})
    known = rows.device(pairing.device_id)
    if known is not None and pairing.kind == "renew":
        # Its old values are of another address or are not trusted any more; unknown from here on, not "seen again".
        rows.remove_cookies(known.device_id)
        rows.change_device(known.device_id, values | {"version": known.version + 1, "ended_utc": None})
    return pairing.device_id
