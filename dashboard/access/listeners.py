"""The listeners beside the machine's own: the phone's on one private network, the proxy's on this machine."""

# Each is a uvicorn server of its own on the same app and the same event loop, and marks what comes in through it. The
# mark is set here and nowhere else, so no header and no address can make a request of the phone's one of the owner's.

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.errors import HeelwiseError
from connectors.store import Store
from dashboard.access import interfaces
from dashboard.access.identity import LISTENER, ListenerName
from dashboard.access.interfaces import Network
from dashboard.access.proxy import Proxy

PHONE = "HEELWISE_PHONE"
PHONE_CERT = "HEELWISE_PHONE_CERT"
PHONE_KEY = "HEELWISE_PHONE_KEY"
SETTING = "phone_listener"
"""Machine setting: the network, port and certificate that a person chose on the Settings page; empty for closed."""
USUAL_PORT = 8571
LOOK_EVERY_S = 3.0
"""s between two looks at the network: a listener is closed well within 10 s of a change."""
ANSWER_S = 15.0
CLOSE_S = 1


@dataclass(frozen=True)
class PhoneChoice:
    """Where a person wants the phone's listener."""

    network: Network
    port: int = USUAL_PORT
    cert: Path | None = None
    key: Path | None = None

    @property
    def is_tls(self) -> bool:
        """Whether the phone speaks TLS with this machine."""
        return self.cert is not None

    @property
    def address(self) -> str:
        """What is typed into a phone's browser, without a page."""
        return f"{'https' if self.is_tls else 'http'}://{self.network.address}:{self.port}"


@dataclass(frozen=True)
class PhoneState:
    """Whether the phone's listener is open now, and if not, why."""

    choice: PhoneChoice | None = None
    is_open: bool = False
    problem: str | None = None
    moved_from: str | None = None
    """The address that paired phones still look for, where it has changed since."""


class Marked:
    """Say of each connection through which listener it came in."""

    def __init__(self, app: ASGIApp, listener: ListenerName) -> None:
        self.app = app
        self.listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on one request."""
        await self.app({**scope, LISTENER: self.listener}, receive, send)


class _Server:
    """One uvicorn server on a socket of its own, started and stopped on the loop that the app runs on."""

    def __init__(self, app: ASGIApp, listener: ListenerName, bound: socket.socket, **options: Any) -> None:
        config = uvicorn.Config(
            Marked(app, listener),
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            ws="websockets-sansio",
            ws_max_size=200 * 1024 * 1024,
            timeout_graceful_shutdown=CLOSE_S,
            **options,
        )
        config.load()
        self._socket = bound
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._server.startup(sockets=[self._socket])
        self._task = asyncio.ensure_future(self._server.main_loop())

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        await self._server.shutdown(sockets=[self._socket])
        self._socket.close()


class Listeners:
    """The further listeners of one running dashboard."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._phone: _Server | None = None
        self._proxy: _Server | None = None
        self._state = PhoneState()
        self._turn = asyncio.Lock()

    def state(self) -> PhoneState:
        """Return whether the phone's listener is open now."""
        return self._state

    @asynccontextmanager
    async def serving(
        self, app: ASGIApp, choice: PhoneChoice | None, proxied: Proxy | None
    ) -> AsyncGenerator[None, None]:
        """Keep the listeners that were asked for open while the app runs."""
        self._app, self._loop = app, asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        if proxied is not None:
            self._proxy = _Server(app, "proxy", bind_proxy(proxied))
            await self._proxy.start()
        if choice is not None:
            await self._set(choice)
        watch = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            self._loop = None
            await self._set(None)
            if self._proxy is not None:
                await self._proxy.stop()
                self._proxy = None

    def set_phone(self, choice: PhoneChoice | None) -> PhoneState:
        """Open the phone's listener, or close it, from a page; the answer says what has become of it."""
        if self._loop is None:
            return PhoneState(choice, problem="The dashboard is only starting; try again in a moment.")
        done = asyncio.run_coroutine_threadsafe(self._set(choice), self._loop)
        return done.result(ANSWER_S)

    async def _set(self, choice: PhoneChoice | None, moved_from: str | None = None) -> PhoneState:
        async with self._turn:
            if self._phone is not None:
                await self._phone.stop()
                self._phone = None
            self._state = PhoneState(choice, moved_from=moved_from)
            if choice is not None and self._app is not None:
                try:
                    options = {"ssl_certfile": choice.cert, "ssl_keyfile": choice.key} if choice.cert else {}
                    bound = bind(choice.network.address, choice.port)
                    self._phone = await _started(self._app, bound, options)
                except HeelwiseError as error:
                    self._state = replace(self._state, problem=str(error))
                else:
                    self._state = replace(self._state, is_open=True)
            return self._state

    async def _watch(self) -> None:
        """Close the phone's listener when its network is gone, and open it again when it is back."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if (choice := self._state.choice) is not None:
                await self._follow(choice)

    async def _follow(self, choice: PhoneChoice) -> None:
        now = await asyncio.to_thread(interfaces.find_again, choice.network)
        if self._state.choice is not choice:
            return  # a person has chosen anew meanwhile
        if now is None:
            if self._state.is_open:
                await self._set(None)
            self._state = PhoneState(choice, problem=GONE, moved_from=self._state.moved_from)
        elif now.address != choice.network.address or not self._state.is_open:
            is_moved = now.address != choice.network.address
            moved = choice.network.address if is_moved else self._state.moved_from
            await self._set(replace(choice, network=now), moved)


GONE = "This machine is not on that network now. The phone's address opens again when it is back."


async def _started(app: ASGIApp, bound: socket.socket, options: Mapping[str, Any]) -> _Server:
    try:
        server = _Server(app, "phone", bound, **options)
        await server.start()
    except (OSError, ssl.SSLError) as error:
        bound.close()
        raise HeelwiseError(
            f"The certificate or its key could not be used: {error.strerror or error}."
        ) from error
    return server


def bind(address: str, port: int) -> socket.socket:
    """Bind a socket to one address and port, never to all."""
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        if os.name != "nt":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise HeelwiseError(
            f"Port {port} of {address} could not be opened: {error.strerror}. Choose another with --phone-port, or "
            "close the program that holds it."
        ) from error
    return bound


def bind_proxy(proxied: Proxy) -> socket.socket:
    """Bind the proxy's port of this machine, or its Unix socket for the owner and the group of its folder."""
    if proxied.socket_path is None:
        return bind(proxied.host, proxied.port or 0)
    path = proxied.socket_path
    bound = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117)
    try:
        if path.is_socket():
            path.unlink()
        bound.bind(str(path))
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise HeelwiseError(f"The socket {path} could not be made: {error.strerror}.") from error
    finally:
        os.umask(before)
    return bound


def choice_from(environment: Mapping[str, str]) -> PhoneChoice | None:
    """Return where `heelwise serve --phone` wants the phone's listener; None where it was not asked for."""
    place = environment.get(PHONE, "").strip()
    if not place:
        return None
    address, _, port = place.rpartition(":")
    network = interfaces.find(address)
    if network is None or not port.isdigit():
        raise HeelwiseError(f"{PHONE}={place} is no private address of this machine with a port.")
    cert, key = environment.get(PHONE_CERT, ""), environment.get(PHONE_KEY, "")
    return PhoneChoice(network, int(port), Path(cert) if cert else None, Path(key) if key else None)


def to_setting(choice: PhoneChoice | None) -> str:
    """Return a choice as the machine setting holds it."""
    if choice is None:
        return ""
    network, files = choice.network, [str(path) if path else None for path in (choice.cert, choice.key)]
    return json.dumps([network.interface, network.address, network.prefix, choice.port, *files])


def from_setting(text: str | None) -> PhoneChoice | None:
    """Return the choice that the machine setting holds; None for closed, and for what was not written by us."""
    try:
        interface, address, prefix, port, cert, key = json.loads(text or "")
        network = Network(str(interface), str(address), str(prefix))
        choice = PhoneChoice(network, int(port), Path(cert) if cert else None, Path(key) if key else None)
    except (TypeError, ValueError):
        return None
    return choice if interfaces.is_private(network.address) else None


def chosen_before(open_store: Callable[[], Store]) -> PhoneChoice | None:
    """Return what a person chose on the Settings page, for the next start; None where the store cannot be read."""
    try:
        return from_setting(open_store().machine_settings().get(SETTING))
    except HeelwiseError:
        return None  # the page opens the same store and says what is wrong with it


LISTENERS = Listeners()


def state() -> PhoneState:
    """Return whether the phone's listener of this dashboard is open now."""
    return LISTENERS.state()


def open_phone(
    store: Store, network: Network, port: int = USUAL_PORT, cert: Path | None = None, key: Path | None = None
) -> PhoneState:
    """Open the phone's listener on a network that a person chose, now and at the next start.

    `problem` of what is returned says why it did not open; it is then not remembered either.
    """
    choice = PhoneChoice(network, port, cert, key)
    now = LISTENERS.set_phone(choice)
    if now.is_open:
        store.set_machine_setting(SETTING, to_setting(choice))
    return now


def close_phone(store: Store) -> PhoneState:
    """Close the phone's listener, with all that is open through it, and leave it closed at the next start."""
    store.set_machine_setting(SETTING, "")
    return LISTENERS.set_phone(None)
