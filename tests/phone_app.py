"""The phone's log on a server of its own, behind a stand-in for the door: a cookie is the device, a file removes it.

`python tests/phone_app.py PORT [HOST]` with HEELWISE_HOME set; what the door decides is tested with the door.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboard.access.identity import IDENTITY, OWNER, Identity
from dashboard.access.web_security import SafeHeaders
from dashboard.phone import log_routes

COOKIE = "stand_in"
OPEN = ("/manifest.webmanifest", "/icons/")


def device(athlete_id: int, device_id: int = 7) -> Identity:
    """A paired phone that may write the log of one runner."""
    return Identity(f"device-{device_id}", "device", "log_only", athlete_id, device_id)


class StandInDoor:
    """Takes who asks from a cookie: `7.1` is device 7 of runner 1, `owner` the machine itself."""

    def __init__(self, app: ASGIApp, removed: Path | None = None) -> None:
        self.app = app
        self.removed = removed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        cookie = HTTPConnection(scope).cookies.get(COOKIE, "")
        number, _, athlete_id = cookie.partition(".")
        is_removed = self.removed is not None and self.removed.exists()
        if cookie == "owner":
            scope = {**scope, IDENTITY: OWNER}
        elif athlete_id and not is_removed:
            scope = {**scope, IDENTITY: device(int(athlete_id), int(number))}
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        elif not scope["path"].startswith(OPEN):
            await PlainTextResponse("Refused.\n", 403)(scope, receive, send)
            return
        if scope["path"] == "/log":
            scope = {**scope, "path": "/phone/log", "raw_path": b"/phone/log"}
        if scope["type"] == "http":
            await self.app(scope, receive, send)
            return
        serving = asyncio.ensure_future(self.app(scope, receive, send))
        while not serving.done():
            await asyncio.wait([serving], timeout=0.4)
            if self.removed is not None and self.removed.exists() and not serving.done():
                serving.cancel()
                await send({"type": "websocket.close", "code": 1008})


def app(removed: Path | None = None) -> Starlette:
    """The routes of the phone behind the stand-in, with the headers of every answer."""
    return Starlette(
        routes=log_routes.routes(),
        middleware=[Middleware(SafeHeaders), Middleware(StandInDoor, removed=removed)],
    )


if __name__ == "__main__":
    port, host = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    home = Path(os.environ["HEELWISE_HOME"])
    uvicorn.run(app(home.parent / "removed"), host=host, port=port, log_level="warning", access_log=False)
