"""The addresses of pairing: a page that anybody may see, and posts that lead on from a secret, code or ticket alone."""

# A camera's preview and a scanner of links GET the address; the secret is in its fragment, which no browser sends, and
# only the post that follows "Pair this phone" uses it up.

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.errors import HeelwiseError
from connectors.plain_text import read_json
from connectors.store import Store
from dashboard.access import pair_page, pairing
from dashboard.access.identity import identity_of, listener_of
from dashboard.access.own_store import own_store

TICKET = "heelwise_pairing"
PATH = "/pair"
LONGEST_BODY = 4096
NO_STORE = {"Cache-Control": "no-store"}
AT_MACHINE = "This address is of this machine alone. A phone is paired at the address that Settings shows."
REFUSED = "It was refused at the computer. Nothing was paired."
GONE = (
    "This pairing is over: more than five minutes passed, or it was ended at the computer. Begin again there."
)
UNREADABLE = "This was not sent by the pairing page, so nothing was done."
TEXTS: dict[str, str] = {
    "unknown": "This code is wrong, was used already, or is older than five minutes. Show a new one at the computer.",
    "too_many": "Too many codes were wrong. Wait five minutes, or scan the code at the computer with the camera.",
    "needs_tls": "Seeing everything on a phone needs an encrypted address (https). Nothing was paired.",
}
Answer = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


def routes(open_store: Callable[[], Store] = own_store) -> list[Route]:
    """Return the addresses of pairing, for the server."""
    answers = PairAnswers(open_store)
    return [
        Route(PATH, _page, methods=["GET"]),
        Route(f"{PATH}/pair.js", _script, methods=["GET"]),
        Route(PATH, answers.ask, methods=["POST"]),
        Route(f"{PATH}/state", answers.state, methods=["POST"]),
        Route(f"{PATH}/code", answers.code, methods=["POST"]),
    ]


async def _page(_request: Request) -> Response:
    return Response(pair_page.PAIR, media_type="text/html", headers=NO_STORE)


async def _script(_request: Request) -> Response:
    return Response(pair_page.SCRIPT, media_type="text/javascript", headers=NO_STORE)


class PairAnswers:
    """Answers the posts of the pairing page."""

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store

    async def ask(self, request: Request) -> Response:
        """Take a secret or a code, and give the phone a ticket."""
        return await self._answered(request, self._ask)

    async def state(self, request: Request) -> Response:
        """Tell the holder of a ticket how far the pairing is, with the cookie once it is confirmed."""
        return await self._answered(request, self._state)

    async def code(self, request: Request) -> Response:
        """Give a paired phone the code for the app on its home screen."""
        return await self._answered(request, self._code)

    async def _answered(self, request: Request, answer: Callable[[Request, Answer], Response]) -> Response:
        if listener_of(request) == "machine":
            return _json({"state": "refused", "text": AT_MACHINE}, 403)
        given = await _body(request)
        if given is None:
            return _json({"state": "refused", "text": UNREADABLE}, 400)
        try:
            return await run_in_threadpool(answer, request, given)
        except HeelwiseError as error:
            return _json({"state": "refused", "text": str(error)}, 503)

    def _ask(self, request: Request, given: Answer) -> Response:
        secret, name = given.get("secret") or given.get("code") or "", given.get("name") or ""
        if not isinstance(secret, str) or not isinstance(name, str):
            return _json({"state": "refused", "text": UNREADABLE}, 400)
        asked = pairing.ask(self._open_store(), secret, name, _is_tls(request), _now())
        if not isinstance(asked, pairing.PairingRequest):
            status = 429 if asked == "too_many" else 403
            return _json({"state": "refused", "text": TEXTS[asked]}, status)
        if asked.is_confirmed:
            return self._collected(request, asked.ticket)
        answer = _json({"state": "waiting", "name": asked.phone_name, "number": asked.number})
        answer.set_cookie(
            TICKET,
            asked.ticket,
            max_age=int(pairing.GOOD_FOR.total_seconds()),
            path=PATH,
            secure=_is_tls(request),
            httponly=True,
            samesite="strict",
        )
        return answer

    def _state(self, request: Request, _given: Answer) -> Response:
        if identity_of(request) is not None:
            return _json({"state": "device"})
        ticket = request.cookies.get(TICKET)
        return self._collected(request, ticket) if ticket else _json({"state": "none"})

    def _collected(self, request: Request, ticket: str) -> Response:
        address = request.headers.get("host")
        collected = pairing.collect(self._open_store(), ticket, _is_tls(request), address, _now())
        more = {
            "waiting": {"name": collected.phone_name, "number": collected.number},
            "refused": {"text": REFUSED},
            "gone": {"text": GONE},
        }
        answer = _json({"state": collected.state} | more.get(collected.state, {}))
        if collected.set_cookie is not None:
            # The ticket stays until it is too old: should this answer be lost, the phone asks with it once more.
            answer.headers.append("set-cookie", collected.set_cookie)
        elif collected.state != "waiting":
            answer.delete_cookie(TICKET, path=PATH, httponly=True, samesite="strict")
        return answer

    def _code(self, request: Request, _given: Answer) -> Response:
        identity = identity_of(request)
        if identity is None or identity.device_id is None:
            return _json({"state": "refused", "text": pairing.NO_DEVICE}, 403)
        offered = pairing.join_code(self._open_store(), identity.device_id, _now())
        return _json({"state": "device", "code": pairing.shown_code(offered.code)})


def _json(answer: Answer, status: int = 200) -> JSONResponse:
    return JSONResponse(answer, status, NO_STORE)


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https"


async def _body(request: Request) -> Answer | None:
    """Read a small JSON object; None for anything else, which a form of another site could have sent."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return None
        given = read_json(body)
    except (ClientDisconnect, ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None
