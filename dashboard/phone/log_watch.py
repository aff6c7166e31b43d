"""The socket of an open log: it says when the record has changed, and ends when the phone may no longer ask."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.errors import HeelwiseError
from connectors.store import Store
from dashboard.phone.log_owner import LogRefused, whose_log

EVERY_S = 2.0
"""s between two looks at the version of the record, one read of a remembered number."""
CHANGED = "changed"
NOT_ALLOWED, TRY_AGAIN = 1008, 1013
"""Close codes (RFC 6455, 7.4.1, and its registry at IANA)."""


async def watch(socket: WebSocket) -> None:
    """Serve one open page until it goes; the door closes the socket of a device that was removed."""
    try:
        _, athlete_id, store = await run_in_threadpool(whose_log, socket)
    except (LogRefused, HeelwiseError):
        await socket.close(NOT_ALLOWED)
        return
    await socket.accept()
    heard = asyncio.ensure_future(_until_gone(socket))
    try:
        await _tell_changes(socket, store, athlete_id, heard)
    except HeelwiseError:
        await socket.close(TRY_AGAIN)
    except WebSocketDisconnect:
        return
    finally:
        heard.cancel()


async def _tell_changes(
    socket: WebSocket, store: Store, athlete_id: int, heard: asyncio.Future[None]
) -> None:
    version = await run_in_threadpool(store.version, athlete_id)
    while not heard.done():
        await asyncio.wait([heard], timeout=EVERY_S)
        now = await run_in_threadpool(store.version, athlete_id)
        if now != version and not heard.done():
            version = now
            await socket.send_text(CHANGED)


async def _until_gone(socket: WebSocket) -> None:
    """Wait for the page to go; what it sends means nothing."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        continue
