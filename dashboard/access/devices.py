"""Paired devices: known again by a cookie whose value changes daily, and ended when an earlier value comes again."""

# A value goes through four states. *Made*: handed out, and perhaps never received. *Seen*: the device has sent it.
# *Settled*: it was sent at least SETTLE after it was made. *Superseded*: another value of the same jar was settled
# after it. An answer may be lost on its way, and a browser that is swiped away within half a minute may fall back to
# the value on its disk (Chromium writes cookies every 30 s); so an earlier value stays good until its successor is
# settled, and a new successor is made as often as it is needed. Ten requests sent at the same instant carry the old
# value: one of them gets a successor, and what arrives up to GRACE after the change is still answered. Whoever sends
# a superseded value later than that has copied it, or was copied from: the device ends for both.

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.store import Store
from connectors.store.devices import Device, DeviceCookie, DeviceRows
from dashboard.access.identity import Identity

COOKIE = "heelwise_device"
ROTATE = timedelta(days=1)
SETTLE = timedelta(minutes=2)
GRACE = timedelta(minutes=1)
AGAIN = timedelta(seconds=30)
"""No second successor is made sooner: requests of the same instant share the first."""
SEEN_EVERY = timedelta(minutes=1)
"""*Last seen* is written no more often, since every write wakes what the pages remember."""
LIFETIME = {True: timedelta(days=180), False: timedelta(days=30)}
"""How long a device that does not ask stays paired, over TLS and without."""
REMEMBERED = max(LIFETIME.values())
"""How long a superseded value is known, so that it ends the device and is not merely unknown."""
LONGEST = 128
_log = logging.getLogger("heelwise.access")


@dataclass(frozen=True)
class RecognisedDevice:
    """Who a cookie is of, and the `Set-Cookie` header that the answer must carry, if any."""

    identity: Identity
    set_cookie: str | None


def cookie_name(is_tls: bool) -> str:
    """Return the name of the cookie; over TLS one that no other host or port without TLS can set.

    References
    ----------
    RFC 6265bis, 4.1.3.2: the prefix `__Host-`. https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/
    """
    return f"__Host-{COOKIE}" if is_tls else COOKIE


def cookie_header(value: str, is_tls: bool) -> str:
    """Return the `Set-Cookie` header of a value."""
    age_s = int(LIFETIME[is_tls].total_seconds())
    secure = "; Secure" if is_tls else ""
    return f"{cookie_name(is_tls)}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}"


def digest_of(value: str) -> str:
    """Return what is stored of a value, secret or code: who reads it cannot send it."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def identify(store: Store, cookie: str | None, is_tls: bool, now: datetime) -> RecognisedDevice | None:
    """Return whose device a cookie is; None for a value that is unknown, ended, or not of this kind of connection."""
    if not cookie or len(cookie) > LONGEST:
        return None
    digest = digest_of(cookie)
    known = store.devices.cookie(digest)
    if known is None or not hmac.compare_digest(known[0].digest, digest):
        return None
    if not _may_ask(*known, is_tls):
        return None
    if _is_quiet(*known, now):
        return _recognised(known[1], None)
    with store.devices.changing() as rows:
        # Read again under the lock: requests of the same instant, and other processes, come one after the other here.
        known = rows.cookie(digest)
        if known is None or not _may_ask(*known, is_tls):
            return None
        return _use(rows, *known, now)


def active(store: Store) -> dict[int, int]:
    """Return each device that may ask, with the version of what it may; a socket of any other is closed."""
    return store.devices.versions()


def remove(store: Store, device_id: int) -> bool:
    """Remove a device with its cookies; False where it is gone already."""
    with store.devices.changing() as rows:
        return rows.remove_device(device_id)


def is_lapsed(device: Device, now: datetime) -> bool:
    """Return whether a device has not asked for so long that it must be paired again."""
    return _apart(now, device.seen) > LIFETIME[device.is_tls]


def add_value(rows: DeviceRows, device: Device, jar: str, is_tls: bool, now: datetime) -> str:
    """Add a new value to a jar, and return it; nothing of it but the hash is stored."""
    value = secrets.token_urlsafe(32)
    rows.add_cookie(DeviceCookie(digest_of(value), device.athlete_id, device.device_id, jar, is_tls, now))
    return value


def _may_ask(value: DeviceCookie, device: Device, is_tls: bool) -> bool:
    """Return whether a device may ask over such a connection: what sees everything needs TLS."""
    return device.ended is None and value.is_tls == is_tls and (is_tls or device.scope == "log_only")


def _is_quiet(value: DeviceCookie, device: Device, now: datetime) -> bool:
    """Return whether a request changes nothing, so that no lock is taken for it."""
    return (
        value.superseded is None
        and value.seen is not None
        and _apart(now, value.seen) < SEEN_EVERY
        and _apart(now, device.seen) < SEEN_EVERY
        and (value.settled is not None or _apart(now, value.made) < SETTLE)
        and _apart(now, value.made) < ROTATE
    )


def _use(rows: DeviceRows, value: DeviceCookie, device: Device, now: datetime) -> RecognisedDevice | None:
    """Answer one request inside a transaction."""
    if value.superseded is not None:
        if _apart(now, value.superseded) > GRACE:
            rows.change_device(device.device_id, {"ended_utc": now})
            _log.warning("A paired device was ended: an earlier value of its cookie came again.")
            return None
        return _recognised(device, None)
    if _apart(now, value.seen or value.made) > LIFETIME[value.is_tls]:
        return None
    rows.change_cookie(value.digest, {"seen_utc": now})
    rows.change_device(device.device_id, {"seen_utc": now})
    jar = rows.cookies(value.jar)
    if value.settled is None and _apart(now, value.made) >= SETTLE:
        _settle(rows, value, jar, now)
    return _recognised(device, _successor(rows, value, device, jar, now))


def _settle(rows: DeviceRows, value: DeviceCookie, jar: Sequence[DeviceCookie], now: datetime) -> None:
    """Supersede all other values of a jar: the browser holds this one for certain."""
    rows.change_cookie(value.digest, {"settled_utc": now})
    for other in jar:
        if other.digest != value.digest and other.superseded is None:
            rows.change_cookie(other.digest, {"superseded_utc": now})
    rows.remove_cookies(value.device_id, before=now - REMEMBERED)


def _successor(
    rows: DeviceRows, value: DeviceCookie, device: Device, jar: Sequence[DeviceCookie], now: datetime
) -> str | None:
    """Return the header of a new value where a day has passed, and none was made in the last seconds."""
    if _apart(now, value.made) < ROTATE or any(_apart(now, one.made) < AGAIN for one in jar):
        return None
    return cookie_header(add_value(rows, device, value.jar, value.is_tls, now), value.is_tls)


def _apart(one: datetime, other: datetime) -> timedelta:
    """Return how far two times lie apart, whichever is first: a clock may be set back as well as forward."""
    return abs(one - other)


def _recognised(device: Device, set_cookie: str | None) -> RecognisedDevice:
    key = f"device-{device.device_id}"
    return RecognisedDevice(
        Identity(key, "device", device.scope, device.athlete_id, device.device_id), set_cookie
    )
