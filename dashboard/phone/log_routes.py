"""Routes of the phone's log, all below `/phone/`, and the open ones that a home screen asks for."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from connectors.late_imports import late_import
from dashboard.access.identity import identity_of
from dashboard.phone import home_screen, log_document, log_watch, text
from dashboard.phone.log_owner import NO_STORE, LogRefused, refused

MOST_BYTES = 512 * 1024
"""Size of the largest delivery, byte: two hundred taps with notes of full length are fewer."""
_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}


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


def _page(request: Request) -> Response:
    if identity_of(request) is None:
        return refused(LogRefused(403, text.NOBODY))
    return Response(log_document.page(), media_type="text/html", headers=NO_STORE)


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


# What answers a log is imported once a phone asks: a server starts quicker without.
def _state(request: Request) -> Response:
    return late_import("dashboard.phone.log_answers").state(request)


async def _entries(request: Request) -> Response:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return PlainTextResponse(f"{text.NOT_JSON}\n", 415, headers=NO_STORE)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return PlainTextResponse(f"{text.TOO_LARGE}\n", 413, headers=NO_STORE)
    return await run_in_threadpool(_deliver, request, bytes(body))


def _deliver(request: Request, body: bytes) -> Response:
    return late_import("dashboard.phone.log_answers").deliver(request, body)
