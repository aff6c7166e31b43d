"""Sessions of tabs that were closed, and of tabs that may come back."""

from __future__ import annotations

import asyncio

import pytest

from dashboard.shared.left_tabs import LeftTabs


class Socket:
    """A tab that opens a socket, is told its session, and leaves with a code."""

    def __init__(
        self, code: int | None, messages: tuple[bytes, ...] = (b"hello", b"session one", b"more")
    ) -> None:
        self.code, self.messages = code, messages
        self.sent: list[bytes] = []
        self.read: list[bytes] = []
        self.ended: list[str] = []

    async def app(self, scope, receive, send) -> None:
        for message in self.messages:
            await send({"type": "websocket.send", "bytes": message})
        await receive()

    async def receive(self) -> dict:
        return {"type": "websocket.disconnect", "code": self.code}

    async def send(self, message: dict) -> None:
        self.sent.append(message["bytes"])

    def session_of(self, message: bytes) -> str | None:
        self.read.append(message)
        return message.decode().partition("session ")[2] or None

    async def run(self, comes_back_s: float, scope_type: str = "websocket") -> None:
        layer = LeftTabs(self.app, self.session_of, self.ended.append, comes_back_s)
        await layer({"type": scope_type}, self.receive, self.send)


@pytest.mark.parametrize("code", [1000, 1001])
def test_a_closed_tab_takes_its_session_with_it(code):
    socket = Socket(code)

    async def leave() -> None:
        await socket.run(comes_back_s=60)
        await asyncio.sleep(0.01)

    asyncio.run(leave())
    assert socket.ended == ["one"]
    assert socket.sent == list(socket.messages)
    assert socket.read == [b"hello", b"session one"], "nothing is read once the session is known"


@pytest.mark.parametrize("code", [None, 1005, 1006, 1011])
def test_a_tab_whose_network_failed_is_waited_for(code):
    socket = Socket(code)

    async def leave() -> list[str]:
        await socket.run(comes_back_s=0.2)
        await asyncio.sleep(0.05)
        soon = list(socket.ended)
        await asyncio.sleep(0.4)
        return soon

    assert asyncio.run(leave()) == []
    assert socket.ended == ["one"]


def test_a_socket_without_a_session_and_a_page_end_none():
    nobody, page = Socket(1001, (b"hello",)), Socket(1001)

    async def leave() -> None:
        await nobody.run(comes_back_s=0.0)
        await page.run(comes_back_s=0.0, scope_type="http")
        await asyncio.sleep(0.01)

    asyncio.run(leave())
    assert nobody.ended == page.ended == []
    assert page.read == []


def test_a_session_ends_where_its_page_fails():
    socket = Socket(1001)

    async def fail(scope, receive, send) -> None:
        await socket.app(scope, receive, send)
        raise RuntimeError("the page failed")

    async def leave() -> None:
        layer = LeftTabs(fail, socket.session_of, socket.ended.append, 60)
        with pytest.raises(RuntimeError, match="the page failed"):
            await layer({"type": "websocket"}, socket.receive, socket.send)
        await asyncio.sleep(0.01)

    asyncio.run(leave())
    assert socket.ended == ["one"]
