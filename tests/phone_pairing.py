"""A phone that pairs over the real addresses, behind a door that does no more than know a device by its cookie."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.store import Store
from dashboard.access import devices, pair_routes
from dashboard.access.identity import IDENTITY, LISTENER

HTTP, HTTPS = "http://192.168.1.20:8531", "https://192.168.1.20:8531"


class CookieDoor:
    """Recognise a device, and send its new cookie with the answer."""

    def __init__(self, app: ASGIApp, store: Store, listener: str) -> None:
        self.app, self.store, self.listener = app, store, listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            is_tls = scope["scheme"] == "https"
            cookie = Request(scope).cookies.get(devices.cookie_name(is_tls))
            known = devices.identify(self.store, cookie, is_tls, datetime.now(UTC))
            scope = {**scope, IDENTITY: known.identity if known else None, LISTENER: self.listener}
        await self.app(scope, receive, send)


def phone(store: Store, address: str = HTTP, listener: str = "phone") -> TestClient:
    """A browser with cookies of its own."""
    app = Starlette(
        routes=pair_routes.routes(lambda: store),
        middleware=[Middleware(CookieDoor, store=store, listener=listener)],
    )
    return TestClient(app, base_url=address, raise_server_exceptions=True)
