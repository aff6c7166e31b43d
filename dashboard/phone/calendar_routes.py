"""Answers the address that a calendar subscribes to: an open route, known by its secret alone."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.errors import HeelwiseError
from connectors.store import home_folder, open_store
from dashboard.phone import reminder

PATH = "/calendar/{token}.ics"
NOT_HERE = "There is no calendar at this address, or it was ended.\n"
_HEADERS = {"Cache-Control": "no-store"}


def calendar(request: Request) -> Response:
    """Return the reminder; what has not the shape of an address does not reach the store."""
    token = request.path_params["token"]
    if not reminder.TOKEN.fullmatch(token):
        return _refuse()
    try:
        with open_store(home_folder()) as store:
            content = reminder.subscribed_calendar(store, token, datetime.now(UTC))
    except HeelwiseError:
        return PlainTextResponse("The calendar cannot be read now.\n", 503, _HEADERS)
    return _refuse() if content is None else Response(content, 200, _HEADERS, "text/calendar; charset=utf-8")


def _refuse() -> Response:
    return PlainTextResponse(NOT_HERE, 404, _HEADERS)


def routes() -> list[Route]:
    """Return the address of the calendar, for the server; a plain function, which it runs in a thread."""
    return [Route(PATH, calendar, methods=["GET"])]
