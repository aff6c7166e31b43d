"""Lets only requests of this dashboard's own pages through: foreign hosts, origins and forwarded ones are refused."""

# Streamlit compares an origin it does not know with this machine's public address, which it asks an outside server for
# in plain HTTP. So the layer answers before it, and takes the Origin of what it lets through away: there is nothing
# left to compare.

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.shared.web_security import is_loopback

REFUSED = b"This request did not come from a page of this dashboard, so it was refused.\n"
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
_IDENTITIES = (b"remote-user", b"x-remote-user", b"x-auth-request-user", b"tailscale-user-login")
_FRAMES = (b"iframe", b"frame", b"object", b"embed", b"fencedframe")


class OwnRequests:
    """Refuse every request that no page of this dashboard can have made; plain ASGI, so it sees sockets too."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = (), behind_proxy: bool = False) -> None:
        """Take the host names beside loopback, and whether a proxy of one's own stands in front."""
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.behind_proxy = behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif self._is_own(scope["headers"], scope.get("method", "GET")):
            headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
            await self.app({**scope, "headers": headers}, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            kind = (b"content-type", b"text/plain; charset=utf-8")
            await send({"type": "http.response.start", "status": 403, "headers": [kind]})
            await send({"type": "http.response.body", "body": REFUSED})

    def _is_own(self, headers: list[tuple[bytes, bytes]], method: str) -> bool:
        given: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            given.setdefault(name.lower(), []).append(value)
        host, origin = given.get(b"host", []), given.get(b"origin", [])
        if len(host) != 1 or len(origin) > 1 or not self._knows(host[0]):
            return False
        if origin and not _is_same(origin[0], host[0]):
            return False
        if not self.behind_proxy and any(
            name in _FORWARDED or name in _IDENTITIES or name.startswith(_FORWARDED_START) for name in given
        ):
            return False
        return _is_from_here(given, method)

    def _knows(self, host: bytes) -> bool:
        if self.behind_proxy and not self.hosts:
            return True
        try:
            name = urlsplit(f"//{host.decode('ascii')}").hostname or ""
        except ValueError:
            return False
        return is_loopback(name) or name in self.hosts


def _is_same(origin: bytes, host: bytes) -> bool:
    scheme, _, rest = origin.lower().partition(b"://")
    return scheme in (b"http", b"https") and rest == host.lower()


def _is_from_here(given: dict[bytes, list[bytes]], method: str) -> bool:
    """Whether a browser says that a page of this dashboard asks, or a person followed a link to it."""
    # Images and scripts of a foreign page carry no Origin, but every browser of today says where they stand.
    site = given.get(b"sec-fetch-site", [b"none"])[0].lower()
    if site in (b"same-origin", b"none"):
        return True
    is_visit = given.get(b"sec-fetch-mode", [b""])[0].lower() == b"navigate"
    is_framed = given.get(b"sec-fetch-dest", [b""])[0].lower() in _FRAMES
    return is_visit and not is_framed and method in ("GET", "HEAD")
