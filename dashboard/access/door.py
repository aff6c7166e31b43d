"""The door: the one layer in front of everything, which decides who asks and what they may do."""

# Who asks is decided by the listener that a connection came in through, never by the peer's address. Streamlit compares
# an origin it does not know with this machine's public address, which it asks an outside server for in plain HTTP; so
# the door compares it first, and takes the Origin of what it lets through away.

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.errors import HeelwiseError
from connectors.store import Store
from dashboard.access import own_requests, person_sessions, proxy, route_table
from dashboard.access.bindings import Bindings
from dashboard.access.identity import IDENTITY, LISTENER, OWNER, Identity, ListenerName
from dashboard.access.open_sockets import OpenSockets, close_unaccepted
from dashboard.access.person_sessions import PersonSessions
from dashboard.access.proxy import Proxy
from dashboard.access.web_security import SESSION_HEADER, is_loopback

REFUSED = b"This request did not come from a page of this dashboard, so it was refused.\n"
UNREADABLE = (
    b"The database of this server does not answer just now. Nothing was changed. Try again in a moment.\n"
)
NOT_THERE = b"There is nothing at this address.\n"
_SESSION = SESSION_HEADER.encode()
PHONE_LOG = "/phone/log"
LOG = "/log"
_STORED = ("/static/", "/component/", "/icons/")
_OWN_WORD = ("/phone/", LOG, "/manifest.webmanifest", "/pair")
"""Where the answer says itself what may be stored: the scripts of the phone's log, by the digest in their address."""


class KnownDevice(Protocol):
    """A device that was recognised by its cookie, and the cookie it shall have from now on."""

    @property
    def identity(self) -> Identity:
        """Who it is."""
        ...

    @property
    def set_cookie(self) -> str | None:
        """The header of a renewed cookie."""
        ...


class DeviceRegister(Protocol):
    """What the door asks of the paired devices."""

    def cookie_name(self, is_tls: bool, /) -> str:
        """Return the name of the cookie."""
        ...

    def identify(
        self, store: Store, cookie: str | None, is_tls: bool, now: datetime, /
    ) -> KnownDevice | None:
        """Return whose device a cookie is."""
        ...

    def active(self, store: Store, /) -> Mapping[int, int]:
        """Return the version of each device's right, by its number."""
        ...


@dataclass(frozen=True)
class Asked:
    """One request or socket, as the door looks at it."""

    listener: ListenerName
    path: str
    method: str
    given: Mapping[bytes, list[bytes]]
    is_tls: bool


class _StoreAway(Exception):
    """The store does not answer, so nobody can say yet who asks."""


class FrontDoor:
    """Pure ASGI, so that it stands before pages, sockets, uploads, media and static files alike."""

    def __init__(
        self,
        app: ASGIApp,
        devices: DeviceRegister,
        open_store: Callable[[], Store],
        routes: Sequence[BaseRoute] = (),
        proxied: Proxy | None = None,
        hosts: Collection[str] = (),
        code_page: bytes | None = None,
        persons: PersonSessions | None = None,
        sign_in_page: Callable[[str], bytes] | None = None,
    ) -> None:
        """Take the paired devices and the addresses of our own; `hosts` are other names of this machine itself.

        With `persons`, who signed in is known by a cookie, and who did not is shown the page of the sign-in.
        """
        self.app = app
        self._devices = devices
        self._open_store = open_store
        self._routes = tuple(routes)
        self._proxied = proxied
        self._hosts = frozenset(host.lower() for host in hosts)
        self._code_page = code_page
        self._persons = persons
        self._sign_in_page = sign_in_page
        self._bindings = Bindings()
        self.sockets = OpenSockets(lambda: devices.active(open_store()), self._bindings, persons)
        REGISTER.sockets = self.sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it before anything else has seen it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = _asked(scope)
        if asked is None or not self._is_own(asked):
            await self._refuse(scope, receive, send)
            return
        try:
            identity, cookie = await self._who(asked)
        except _StoreAway:
            await self._refuse(scope, receive, send, 503, UNREADABLE)
            return
        if not self._may(asked, scope, identity):
            is_not_served = route_table.rule_of(asked.path).right == "nobody"
            if is_not_served and identity is not None and identity.kind == "person":
                await self._refuse(scope, receive, send, 404, NOT_THERE)
            else:
                await self._refuse(scope, receive, send, page=self._page_for_nobody(asked, scope, identity))
            return
        inner = self._inner(scope, asked, identity)
        if scope["type"] == "websocket":
            await self.sockets.run(self.app, inner, receive, _with_cookie(send, cookie), identity or OWNER)
        else:
            answer = send if identity is not None else _without_hints(send)
            await self.app(inner, receive, _with_cookie(answer, cookie, asked.path))

    def _is_own(self, asked: Asked) -> bool:
        """Return whether a page of this dashboard can have made a request, as far as its headers say."""
        if not own_requests.is_same_origin(asked.given) or not own_requests.is_from_here(
            asked.given, asked.method
        ):
            return False
        if asked.listener == "machine":
            return own_requests.knows_host(asked.given, self._hosts, True) and not own_requests.is_forwarded(
                asked.given
            )
        if asked.listener == "proxy":
            hosts = self._proxied.public_hosts if self._proxied else ()
            is_alive = asked.path == "/alive"  # a supervisor asks past the proxy
            return own_requests.knows_host(asked.given, hosts, is_alive)
        return not own_requests.is_forwarded(asked.given)

    async def _who(self, asked: Asked) -> tuple[Identity | None, str | None]:
        """Return who asks through a listener, and the cookie that they shall have from now on."""
        if asked.listener == "machine":
            return OWNER, None
        if asked.listener == "proxy" and self._proxied and (person := self._proxied.person(asked.given)):
            return person, None
        if (signed_in := await self._signed_in(asked)) is not None:
            return signed_in, None
        cookie = _cookie(asked.given, self._devices.cookie_name(asked.is_tls))
        if cookie is None:
            return None, None
        return await self._paired(asked, cookie)

    async def _paired(self, asked: Asked, cookie: str) -> tuple[Identity | None, str | None]:
        now = datetime.now(UTC)
        try:
            known = await asyncio.to_thread(
                lambda: self._devices.identify(self._open_store(), cookie, asked.is_tls, now)
            )
        except HeelwiseError:
            return (
                None,
                None,
            )  # a store that cannot be read lets nobody in; the owner's page says what is wrong
        if known is None or (known.identity.scope == "everything" and not asked.is_tls):
            return None, None
        return known.identity, known.set_cookie

    async def _signed_in(self, asked: Asked) -> Identity | None:
        """Return whose session a cookie is; a store that does not answer is not taken for a session that ended."""
        if self._persons is None or asked.listener != "proxy" or not asked.is_tls:
            return None
        cookie = _cookie(asked.given, person_sessions.COOKIE)
        if cookie is None:
            return None
        now = datetime.now(UTC)
        try:
            known = await asyncio.to_thread(self._persons.identify, cookie, now)
            if known is not None and _is_act(asked):
                await asyncio.to_thread(self._persons.act, known.key, now)
        except HeelwiseError as error:
            raise _StoreAway from error
        return known

    def _page_for_nobody(self, asked: Asked, scope: Scope, identity: Identity | None) -> bytes | None:
        """Return the page on which somebody unknown may become somebody."""
        if asked.path == LOG:
            return self._code_page
        is_page = route_table.rule_of(asked.path).path == "/"
        if identity is None and asked.listener == "proxy" and is_page and self._sign_in_page is not None:
            query = scope.get("query_string", b"").decode("latin-1")
            return self._sign_in_page(f"{asked.path}?{query}" if query else asked.path)
        return None

    def _may(self, asked: Asked, scope: Scope, identity: Identity | None) -> bool:
        if not route_table.may_ask(asked.path, asked.method, asked.listener, identity):
            return False
        is_open = route_table.rule_of(asked.path).right == "open"
        if is_open and not route_table.is_served(self._routes, scope):
            return False
        return identity is None or self._bindings.may_have(identity, asked.path)

    def _inner(self, scope: Scope, asked: Asked, identity: Identity | None) -> Scope:
        """Return what the app behind the door is given: nothing that a client could have said of who it is."""
        dropped = {b"origin", _SESSION, *own_requests.IDENTITY_HEADERS}
        if self._proxied and self._proxied.header:
            dropped.add(self._proxied.header)
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in dropped]
        if identity is not None:
            headers.append((_SESSION, identity.key.encode()))
        if scope["type"] == "websocket" and asked.listener != "machine":
            # Streamlit's own list of hosts knows this machine's names alone; the door has looked at the host already.
            headers = [(name, b"localhost" if name.lower() == b"host" else value) for name, value in headers]
        inner = {**scope, "headers": headers, IDENTITY: identity, LISTENER: asked.listener}
        if asked.is_tls:
            inner["scheme"] = "https" if scope["type"] == "http" else "wss"
        if asked.path == LOG and identity is not None and identity.kind == "device":
            inner |= {"path": PHONE_LOG, "raw_path": PHONE_LOG.encode()}
        return inner

    async def _refuse(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        status: int = 403,
        reason: bytes = REFUSED,
        page: bytes | None = None,
    ) -> None:
        if scope["type"] == "websocket":
            await close_unaccepted(receive, send)
            return
        is_page = page is not None and scope.get("method") == "GET"
        kind = b"text/html; charset=utf-8" if is_page else b"text/plain; charset=utf-8"
        headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": page if is_page and page else reason})


class _Register:
    """Where the pages find who their socket belongs to: the sockets of the door that serves this process."""

    sockets: OpenSockets | None = None


REGISTER = _Register()


def identity_of_key(key: str | None) -> Identity | None:
    """Return who a page is drawn for, by the header that the door has set; None for nobody who may still ask."""
    if key is None or REGISTER.sockets is None:
        return None
    return OWNER if key == OWNER.key else REGISTER.sockets.identity_of(key)


def _asked(scope: Scope) -> Asked | None:
    """Return what is asked and through which listener; None where it came in through none of them, or is no path."""
    if not scope["path"].startswith("/"):
        return None  # an address with its host before it, or an asterisk
    given = own_requests.grouped(scope["headers"])
    listener: ListenerName = scope.get(LISTENER, "machine")
    if listener == "machine" and not _is_loopback_socket(scope):
        return None
    is_tls = proxy.is_tls(given) if listener == "proxy" else scope.get("scheme") in ("https", "wss")
    method = scope.get("method", "GET") if scope["type"] == "http" else route_table.SOCKET
    return Asked(listener, scope["path"], method, given, is_tls)


def _is_act(asked: Asked) -> bool:
    """Return whether a person did something: opened a page, or sent something; a page also asks by itself."""
    is_visit = asked.given.get(b"sec-fetch-mode") == [b"navigate"]
    return is_visit or asked.method not in (*route_table.PAGE, "OPTIONS", route_table.SOCKET)


def _is_loopback_socket(scope: Scope) -> bool:
    # The address of our own socket, which no header can change; a server that does not say has none but this machine's.
    server = scope.get("server")
    return server is None or is_loopback(str(server[0]))


def _cookie(given: Mapping[bytes, list[bytes]], name: str) -> str | None:
    """Return the one cookie of a name; of two, none, since the second could be planted by another page of this host."""
    values = []
    for line in given.get(b"cookie", []):
        for part in line.decode("latin-1").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                values.append(value)
    return values[0] if len(values) == 1 else None


def _without_hints(send: Send) -> Send:
    """Answer what is missing as what is refused: nobody unknown learns which secret addresses there are."""

    async def send_unhinted(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in (404, 405):
            message = {**message, "status": 403}
        await send(message)

    return send_unhinted


def _with_cookie(send: Send, cookie: str | None, path: str | None = None) -> Send:
    """Add the renewed cookie, and that no browser may store what a page or a file says."""
    stores = path is None or path.startswith(_STORED)
    has_own_word = path is not None and path.startswith(_OWN_WORD)

    async def send_marked(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            if cookie is not None:
                headers.append("set-cookie", cookie)
            if not stores and not (has_own_word and "cache-control" in headers):
                headers["cache-control"] = "no-store"
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_marked
