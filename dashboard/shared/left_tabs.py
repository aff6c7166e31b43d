"""Ends the session of a tab that was closed, with everything it holds open."""

# Streamlit drops a session that lost its socket only after another one lost its own, and holds an event loop and the
# uploads of it until then. A browser that closes or reloads a tab says so, and no tab can take that session up again;
# a network that fails says nothing, and its tab may come back.

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CLOSED_CODES = (1000, 1001)
"""Codes of RFC 6455, section 7.4.1: the purpose is fulfilled; the page is going away."""


class LeftTabs:
    """Watch the socket of each tab, and end its session once it cannot come back; plain ASGI."""

    def __init__(
        self,
        app: ASGIApp,
        session_of: Callable[[bytes], str | None],
        end: Callable[[str], None],
        comes_back_s: float,
    ) -> None:
        """Take what reads a session's id from a message, what ends a session, and s that a lost tab is waited for."""
        self.app = app
        self.session_of = session_of
        self.end = end
        self.comes_back_s = comes_back_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        session: str | None = None
        code: int | None = None

        async def sending(message: Message) -> None:
            nonlocal session
            if session is None and message.get("bytes"):
                session = self.session_of(message["bytes"])
            await send(message)

        async def receiving() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code")
            return message

        try:
            await self.app(scope, receiving, sending)
        finally:
            if session is not None:
                wait_s = 0.0 if code in CLOSED_CODES else self.comes_back_s
                asyncio.get_running_loop().call_later(wait_s, self.end, session)
