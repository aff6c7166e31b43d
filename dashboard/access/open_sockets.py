"""The web sockets that are open now: each message is checked anew, and a right that ends closes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.errors import HeelwiseError
from dashboard.access.bindings import Bindings
from dashboard.access.identity import Identity

EVERY_S = 0.4
"""s between two looks at who may still ask; a removed device's page is blank within a second."""
POLICY = 1008
"""Close code of a socket that may not go on (RFC 6455, 7.4.1)."""
Active = Callable[[], Mapping[int, int]]


@dataclass(eq=False)
class OpenSocket:
    """One accepted socket and whose it is."""

    identity: Identity
    version: int | None
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class OpenSockets:
    """Runs each socket until it ends by itself or its right ends."""

    def __init__(self, active: Active, bindings: Bindings) -> None:
        self._active = active
        self._bindings = bindings
        self._open: set[OpenSocket] = set()
        self._watch: asyncio.Task[None] | None = None

    def identity_of(self, key: str) -> Identity | None:
        """Return who has a socket open under a key; pages ask by the header that the door has set."""
        return next((one.identity for one in tuple(self._open) if one.identity.key == key), None)

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, identity: Identity) -> None:
        """Serve one socket of somebody who was recognised."""
        version = await self._version(identity)
        if identity.device_id is not None and version is None:
            await close_unaccepted(receive, send)
            return
        own = OpenSocket(identity, version)
        sender = _LearningSender(own, self._bindings, send)
        self._open.add(own)
        self._start_watch()
        closing = asyncio.ensure_future(sender.close_when_ended())
        try:
            await app(scope, self._checked(own, receive), sender)
            if own.ended.is_set():
                await sender.close()
        finally:
            self._open.discard(own)
            closing.cancel()

    def _checked(self, own: OpenSocket, receive: Receive) -> Receive:
        """Hand on a message only while its sender may still send it; when the right ends, end the socket."""

        async def receive_checked() -> Message:
            if own.ended.is_set():
                return _gone()
            ending = asyncio.ensure_future(own.ended.wait())
            coming = asyncio.ensure_future(receive())
            try:
                await asyncio.wait({ending, coming}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                ending.cancel()
                if not coming.done():
                    coming.cancel()
            if own.ended.is_set():
                return _gone()
            message = coming.result()
            if message["type"] == "websocket.receive" and not await self._is_valid(own):
                own.ended.set()
                return _gone()
            return message

        return receive_checked

    async def _is_valid(self, own: OpenSocket) -> bool:
        return own.identity.device_id is None or await self._version(own.identity) == own.version

    async def _version(self, identity: Identity) -> int | None:
        """Return the version of a device's right; None for the owner, and for a device that has none any more."""
        if identity.device_id is None:
            return None
        return (await self._all()).get(identity.device_id)

    async def _all(self) -> Mapping[int, int]:
        try:
            return await asyncio.to_thread(self._active)
        except HeelwiseError:
            return {}  # a store that cannot be read lets nobody in but the owner

    def _start_watch(self) -> None:
        if self._watch is None or self._watch.done():
            self._watch = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        while watched := [one for one in self._open if one.identity.device_id is not None]:
            active = await self._all()
            for one in watched:
                if active.get(one.identity.device_id or 0) != one.version:
                    one.ended.set()
                    self._bindings.forget(one.identity.key)
            await asyncio.sleep(EVERY_S)


class _LearningSender:
    """Passes on what a page is sent, and remembers the files and sessions that it names as this person's."""

    def __init__(self, own: OpenSocket, bindings: Bindings, send: Send) -> None:
        self._own = own
        self._bindings = bindings
        self._send = send
        self._is_closed = False

    async def __call__(self, message: Message) -> None:
        if self._is_closed:
            return
        if self._own.ended.is_set():
            message = {"type": "websocket.close", "code": POLICY}
        elif payload := message.get("bytes"):
            self._bindings.learn(self._own.identity, payload)
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)

    async def close_when_ended(self) -> None:
        """Close the socket as soon as its right has ended, without waiting for a message."""
        await self._own.ended.wait()
        await self.close()

    async def close(self) -> None:
        """Close the socket, unless it is closed already."""
        await self({"type": "websocket.close", "code": POLICY})


def _gone() -> Message:
    return {"type": "websocket.disconnect", "code": POLICY}


async def close_unaccepted(receive: Receive, send: Send) -> None:
    """Close a socket before it is accepted; the server answers 403."""
    await receive()
    await send({"type": "websocket.close", "code": POLICY})
