"""What an open log is told, and what its taps become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors.errors import HeelwiseError
from connectors.plain_text import read_json
from dashboard.diary import deliveries
from dashboard.phone import text
from dashboard.phone.log_owner import NO_STORE, LogRefused, refused, whose_log
from dashboard.phone.log_state import log_state, phone_date


def state(request: Request) -> Response:
    """Answer with the log of a day."""
    try:
        identity, athlete_id, store = whose_log(request)
        now = datetime.now(UTC)
        day = phone_date(request.query_params.get("today"), now)
        return JSONResponse(log_state(store, identity, athlete_id, day), headers=NO_STORE)
    except LogRefused as why:
        return refused(why)
    except HeelwiseError as error:
        return PlainTextResponse(f"{error}\n", 503, headers=NO_STORE)


def _taps(body: bytes) -> list[dict[str, Any]] | None:
    """Return the taps of a delivery; None where it is none."""
    try:
        given = read_json(body)
    except (ValueError, RecursionError):
        return None
    listed = given.get("entries") if isinstance(given, dict) else None
    if not isinstance(listed, list) or len(listed) > deliveries.MOST_AT_ONCE:
        return None
    return [one if isinstance(one, dict) else {} for one in listed]


def deliver(request: Request, body: bytes) -> Response:
    """Store the taps of a delivery, and answer with the log as it is then."""
    taps = _taps(body)
    if taps is None:
        return PlainTextResponse(f"{text.NOT_JSON}\n", 400, headers=NO_STORE)
    now = datetime.now(UTC)
    try:
        identity, athlete_id, store = whose_log(request)
        outcome = deliveries.deliver(store, athlete_id, taps, now, identity.device_id)
        day = phone_date(request.query_params.get("today"), now)
        shown = log_state(store, identity, athlete_id, day)
    except LogRefused as why:
        return refused(why)
    except HeelwiseError as error:
        return PlainTextResponse(f"{error}\n", 503, headers=NO_STORE)
    answer = {"taken": outcome.taken, "asked": outcome.asked, "refused": outcome.refused, "state": shown}
    return JSONResponse(answer, headers=NO_STORE)
