"""Routes of the phone's log, all below `/phone/`, and the open ones that a home screen asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from connectors.errors import HeelwiseError
from connectors.late_imports import late_import
from connectors.plain_text import read_json
from dashboard.access.identity import identity_of
from dashboard.phone import home_screen, log_document, log_watch, text
from dashboard.phone.log_owner import LogRefused, whose_log

MOST_BYTES = 512 * 1024
"""Size of the largest delivery, byte: two hundred taps with notes of full length are fewer."""
_NO_STORE = {"Cache-Control": "no-store"}
_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}


def _deliveries() -> Any:
    """Import what only a phone asks for once one does: a server starts quicker without."""
    return late_import("dashboard.diary.deliveries")


def _log_state() -> Any:
    return late_import("dashboard.phone.log_state")


def routes() -> list[BaseRoute]:
    """Return the routes; the door has decided who may ask for them."""
    return [
        WebSocketRoute("/phone/watch", log_watch.watch),
        Route("/phone/log", _page, methods=["GET"]),
        Route("/phone/log.js", _script, methods=["GET"]),
        Route("/phone/sw.js", _worker, methods=["GET"]),
        Route("/phone/state", _state, methods=["GET"]),
        Route("/phone/entries", _entries, methods=["POST"]),
        Route("/manifest.webmanifest", _manifest, methods=["GET"]),
        Route("/icons/{name}", _icon, methods=["GET"]),
    ]


def _refused(why: LogRefused) -> Response:
    return PlainTextResponse(f"{why}\n", why.status, headers=_NO_STORE)


def _page(request: Request) -> Response:
    if identity_of(request) is None:
        return _refused(LogRefused(403, text.NOBODY))
    return Response(log_document.page(), media_type="text/html", headers=_NO_STORE)


def _script(_request: Request) -> Response:
    return Response(log_document.script(), media_type="text/javascript", headers=_FOR_GOOD)


def _worker(_request: Request) -> Response:
    headers = {"Service-Worker-Allowed": home_screen.START, "Cache-Control": "no-cache"}
    return Response(log_document.worker(), media_type="text/javascript", headers=headers)


def _manifest(_request: Request) -> Response:
    return Response(home_screen.manifest(), media_type="application/manifest+json")


def _icon(request: Request) -> Response:
    image = home_screen.icon(request.path_params["name"])
    if image is None:
        return PlainTextResponse("There is no such icon.\n", 404)
    return Response(image, media_type="image/png", headers={"Cache-Control": "max-age=86400"})


def _state(request: Request) -> Response:
    try:
        identity, athlete_id, store = whose_log(request)
        now = datetime.now(UTC)
        day = _log_state().phone_date(request.query_params.get("today"), now)
        return JSONResponse(_log_state().log_state(store, identity, athlete_id, day), headers=_NO_STORE)
    except LogRefused as refused:
        return _refused(refused)
    except HeelwiseError as error:
        return PlainTextResponse(f"{error}\n", 503, headers=_NO_STORE)


async def _entries(request: Request) -> Response:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return PlainTextResponse(f"{text.NOT_JSON}\n", 415, headers=_NO_STORE)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return PlainTextResponse(f"{text.TOO_LARGE}\n", 413, headers=_NO_STORE)
    return await run_in_threadpool(_deliver, request, bytes(body))


def _taps(body: bytes) -> list[dict[str, Any]] | None:
    """Return the taps of a delivery; None where it is none."""
    try:
        given = read_json(body)
    except (ValueError, RecursionError):
        return None
    listed = given.get("entries") if isinstance(given, dict) else None
    if not isinstance(listed, list) or len(listed) > _deliveries().MOST_AT_ONCE:
        return None
    return [one if isinstance(one, dict) else {} for one in listed]


def _deliver(request: Request, body: bytes) -> Response:
    taps = _taps(body)
    if taps is None:
        return PlainTextResponse(f"{text.NOT_JSON}\n", 400, headers=_NO_STORE)
    now = datetime.now(UTC)
    try:
        identity, athlete_id, store = whose_log(request)
        outcome = _deliveries().deliver(store, athlete_id, taps, now, identity.device_id)
        day = _log_state().phone_date(request.query_params.get("today"), now)
        shown = _log_state().log_state(store, identity, athlete_id, day)
    except LogRefused as refused:
        return _refused(refused)
    except HeelwiseError as error:
        return PlainTextResponse(f"{error}\n", 503, headers=_NO_STORE)
    answer = {"taken": outcome.taken, "asked": outcome.asked, "refused": outcome.refused, "state": shown}
    return JSONResponse(answer, headers=_NO_STORE)
