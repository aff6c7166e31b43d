"""The web sockets that are open now: each message is checked anew, and a right that ends closes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.errors import HeelwiseError
from dashboard.access.bindings import Bindings
from dashboard.access.identity import Identity
from dashboard.access.person_sessions import PersonSessions

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
    has_heard: bool = False
    """Whether a message came already: with its first one a page asks to be drawn, also after a lost network."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class OpenSockets:
    """Runs each socket until it ends by itself or its right ends."""

    def __init__(self, active: Active, bindings: Bindings, persons: PersonSessions | None = None) -> None:
        self._active = active
        self._bindings = bindings
        self._persons = persons
        self._open: set[OpenSocket] = set()
        self._watch: asyncio.Task[None] | None = None

    def identity_of(self, key: str) -> Identity | None:
        """Return who has a socket open under a key; pages ask by the header that the door has set."""
        return next((one.identity for one in tuple(self._open) if one.identity.key == key), None)

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, identity: Identity) -> None:
        """Serve one socket of somebody who was recognised."""
        version = await self._version(identity)
        if identity.kind != "owner" and version is None:
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
            if message["type"] == "websocket.receive":
                if not await self._is_valid(own):
                    own.ended.set()
                    return _gone()
                await self._note_act(own, message)
            return message

        return receive_checked

    async def _is_valid(self, own: OpenSocket) -> bool:
        return own.identity.kind == "owner" or await self._version(own.identity) == own.version

    async def _version(self, identity: Identity) -> int | None:
        """Return the version of somebody's right; None for the owner, and for whoever has none any more."""
        if identity.kind == "person":
            return (await self._all_persons()).get(identity.key)
        if identity.device_id is None:
            return None
        return (await self._all()).get(identity.device_id)

    async def _all(self) -> Mapping[int, int]:
        try:
            return await asyncio.to_thread(self._active)
        except HeelwiseError:
            return {}  # a store that cannot be read lets nobody in but the owner

    async def _all_persons(self) -> Mapping[str, int]:
        """Return the rights of all sessions; a database that is started anew is waited for, with nobody let in."""
        if self._persons is None:
            return {}
        until = time.monotonic() + self._persons.outage_s
        while True:
            try:
                return await asyncio.to_thread(self._persons.active, datetime.now(UTC))
            except HeelwiseError:
                if time.monotonic() > until:
                    return {}
                await asyncio.sleep(EVERY_S)

    async def _note_act(self, own: OpenSocket, message: Message) -> None:
        """Remember that a person did something; what a page asks by itself is no act of theirs."""
        is_first, own.has_heard = not own.has_heard, True
        payload = message.get("bytes")
        if self._persons is None or own.identity.kind != "person" or is_first or not payload:
            return
        if self._persons.is_act(payload):
            with suppress(HeelwiseError):  # remembered here, and written with the next one
                await asyncio.to_thread(self._persons.act, own.identity.key, datetime.now(UTC))

    def _start_watch(self) -> None:
        if self._watch is None or self._watch.done():
            self._watch = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        while watched := [one for one in self._open if one.identity.kind != "owner"]:
            if any(one.identity.kind == "device" for one in watched):
                devices = await self._all()
                self._end([(one, devices.get(one.identity.device_id or 0)) for one in watched], "device")
            if self._persons is not None and any(one.identity.kind == "person" for one in watched):
                persons = await self._all_persons()
                self._end([(one, persons.get(one.identity.key)) for one in watched], "person")
                with suppress(HeelwiseError):  # tried again at the next look
                    await asyncio.to_thread(self._persons.flush, datetime.now(UTC))
            await asyncio.sleep(EVERY_S)

    def _end(self, watched: Sequence[tuple[OpenSocket, int | None]], kind: str) -> None:
        for one, version in watched:
            if one.identity.kind == kind and version != one.version:
                one.ended.set()
                self._bindings.forget(one.identity.key)


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
