"""The door in front of an app that answers everything, with devices held in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.access.door import FrontDoor
from dashboard.access.identity import IDENTITY, LISTENER, Identity

PHONE_HOST = ("Host", "192.168.1.20:8571")


def identity(device_id: int, scope: str = "log_only", athlete_id: int = 1) -> Identity:
    return Identity(f"device:{device_id}", "device", scope, athlete_id, device_id)  # type: ignore[arg-type]


@dataclass
class MemoryDevices:
    """Paired devices by their cookie; the same signatures as those of the store."""

    by_cookie: dict[str, Identity] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    renewed: str | None = None
    asked: int = 0

    def pair(self, cookie: str, who: Identity) -> None:
        self.by_cookie[cookie] = who
        self.versions[who.device_id or 0] = 1

    def remove(self, who: Identity) -> None:
        self.by_cookie = {cookie: one for cookie, one in self.by_cookie.items() if one != who}
        self.versions.pop(who.device_id or 0, None)

    def cookie_name(self, is_tls: bool) -> str:
        return "__Host-heelwise_device" if is_tls else "heelwise_device"

    def identify(self, store, cookie, is_tls, now):
        self.asked += 1
        who = self.by_cookie.get(cookie)
        return who and SimpleNamespace(identity=who, set_cookie=self.renewed)

    def active(self, store):
        return dict(self.versions)


@dataclass
class Answer:
    status: int
    headers: list | None
    sent: list[dict]
    scope: dict[str, Any] | None

    def header(self, name: str) -> str | None:
        pairs = {key.decode().lower(): value.decode() for key, value in self.sent[0].get("headers", [])}
        return pairs.get(name)

    @property
    def who(self) -> Identity | None:
        assert self.scope is not None
        return self.scope[IDENTITY]


class Rig:
    """Asks the door as a server would that listens for one of the three."""

    def __init__(
        self, listener: str = "machine", tls: bool = False, devices=None, routes=(), **layer
    ) -> None:
        self.seen: list[dict] = []
        self.sends: list[dict] = []
        """What the app behind sends over a socket after accepting it."""
        self.status = 200
        self.answer_headers: list[tuple[bytes, bytes]] = []
        self.listener = listener
        self.tls = tls
        self.devices = devices or MemoryDevices()
        open_store = layer.pop("open_store", lambda: None)
        self.door = FrontDoor(self.inner, devices=self.devices, open_store=open_store, routes=routes, **layer)

    async def inner(self, scope, receive, send):
        self.seen.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": self.status, "headers": self.answer_headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "websocket.accept"})
            for message in self.sends:
                await send(message)

    def scope(self, path: str, *headers, kind="http", method="GET", host=PHONE_HOST, cookie=None) -> dict:
        given = [*([host] if host else []), *headers]
        if cookie is not None:
            given.append(("Cookie", f"{self.devices.cookie_name(self.tls)}={cookie}"))
        scheme = ("http", "ws") if not self.tls else ("https", "wss")
        scope = {
            "type": kind,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "scheme": scheme[kind != "http"],
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given],
        }
        if kind == "http":
            scope["method"] = method
        if self.listener != "machine":
            scope[LISTENER] = self.listener
        return scope

    def ask(self, path: str, *headers, receive=None, **given) -> Answer:
        sent: list[dict] = []
        self.seen.clear()

        async def nothing():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message)

        asyncio.run(self.door(self.scope(path, *headers, **given), receive or nothing, send))
        first = sent[0]
        status = first.get("status", 101 if first["type"] == "websocket.accept" else 403)
        behind = self.seen[0] if self.seen else None
        return Answer(status, behind["headers"] if behind else None, sent, behind)


def own_route(path: str, *methods: str) -> Route:
    return Route(path, lambda _request: PlainTextResponse("own"), methods=list(methods) or ["GET"])
