"""Which requests a page of this dashboard can have made: foreign hosts, origins and forwarded ones are told apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from dashboard.access.web_security import is_loopback

_FORWARDED = (
    b"forwarded",
    b"via",
    b"x-real-ip",
    b"x-client-ip",
    b"x-original-host",
    b"x-original-url",
    b"x-rewrite-url",
)
_FORWARDED_START = b"x-forwarded-"
IDENTITY_HEADERS = (
    *(b"remote-user", b"x-remote-user", b"x-auth-request-user", b"x-auth-request-email"),
    *(b"tailscale-user-login", b"tailscale-user-name", b"x-heelwise-secret"),
)
"""Headers by which a proxy says who asks; never believed of a client."""
_FRAMES = (b"iframe", b"frame", b"object", b"embed", b"fencedframe")
Headers = list[tuple[bytes, bytes]]


def grouped(headers: Headers) -> dict[bytes, list[bytes]]:
    """Return the values of each header, by its name in small letters."""
    given: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value)
    return given


def is_same_origin(given: Mapping[bytes, list[bytes]]) -> bool:
    """Return whether a request names one host, and no origin but that host."""
    host, origin = given.get(b"host", []), given.get(b"origin", [])
    if len(host) != 1 or len(origin) > 1 or not host[0].strip():
        return False
    return not origin or _is_same(origin[0], host[0])


def is_forwarded(given: Mapping[bytes, list[bytes]]) -> bool:
    """Return whether a request came through a proxy, or pretends to."""
    return any(
        name in _FORWARDED or name in IDENTITY_HEADERS or name.startswith(_FORWARDED_START) for name in given
    )


def knows_host(given: Mapping[bytes, list[bytes]], hosts: Collection[str], with_loopback: bool) -> bool:
    """Return whether the host that a request names is one of some names, or this machine's own."""
    try:
        name = urlsplit(f"//{given[b'host'][0].decode('ascii')}").hostname or ""
    except ValueError:
        return False
    return (with_loopback and is_loopback(name)) or name in hosts


def is_from_here(given: Mapping[bytes, list[bytes]], method: str) -> bool:
    """Return whether a browser says that a page of this dashboard asks, or a person followed a link to it."""
    # Images and scripts of a foreign page carry no Origin, but every browser of today says where they stand.
    site = given.get(b"sec-fetch-site", [b"none"])[0].lower()
    if site in (b"same-origin", b"none"):
        return True
    is_visit = given.get(b"sec-fetch-mode", [b""])[0].lower() == b"navigate"
    is_framed = given.get(b"sec-fetch-dest", [b""])[0].lower() in _FRAMES
    return is_visit and not is_framed and method in ("GET", "HEAD")


def _is_same(origin: bytes, host: bytes) -> bool:
    scheme, _, rest = origin.lower().partition(b"://")
    return scheme in (b"http", b"https") and rest == host.lower()
