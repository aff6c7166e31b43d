"""The addresses of the sign-in: to the provider and back, out, and the provider's own order to end sessions."""

# What a browser may know of a sign-in under way is two random values: the state, which travels, and a cookie that binds
# it to the browser. All else is a row, so that any process of this server can finish what another began.

from __future__ import annotations

import logging
import re
import secrets
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.errors import HeelwiseError, ProviderUnreachable, SignInFailed, SignInRefused
from connectors.store import Store
from connectors.store.people import GOOD_FOR, REMOVED, BegunSignIn
from dashboard.access import person_sessions, sign_in_page
from dashboard.access.devices import digest_of
from dashboard.access.identity import Identity, identity_of
from dashboard.access.own_store import own_store
from dashboard.access.sign_in_provider import Provider
from dashboard.access.sign_in_settings import CALLBACK, SignInSettings

PATH = "/sign-in"
BACK_CHANNEL = "/sign-in/back-channel"
BEGUN_COOKIE = "__Host-heelwise-sign-in"
NO_STORE = {"Cache-Control": "no-store"}
LONGEST_BODY = 20_000
BEGUN_AT_ONCE, BEGUN_WITHIN_S = 100, 10.0
"""Sign-ins that one process begins within so many s: each writes a row, and nobody is known yet."""
_RANDOM = re.compile(r"[A-Za-z0-9_-]{43}")
_log = logging.getLogger("heelwise.access")


def _now() -> datetime:
    return datetime.now(UTC)


def routes(
    settings: SignInSettings, open_store: Callable[[], Store] = own_store, at_once: int = BEGUN_AT_ONCE
) -> list[Route]:
    """Return the addresses of the sign-in, for the server."""
    answers = SignInAnswers(Provider(settings), open_store, at_once)
    return [
        Route(PATH, answers.page, methods=["GET"]),
        Route(sign_in_page.BEGIN, answers.begin, methods=["GET"]),
        Route(CALLBACK, answers.finish, methods=["GET"]),
        Route(sign_in_page.OUT, answers.ask_out, methods=["GET"]),
        Route(sign_in_page.OUT, answers.sign_out, methods=["POST"]),
        Route(sign_in_page.ENDED, answers.ended, methods=["GET"]),
        Route(BACK_CHANNEL, answers.back_channel, methods=["POST"]),
    ]


def page_for(settings: SignInSettings) -> Callable[[str], bytes]:
    """Return what draws the page of the sign-in in place of an address that nobody unknown may open."""

    def draw(wanted: str) -> bytes:
        return sign_in_page.sign_in_page(settings.provider_name, wanted)

    return draw


class SignInAnswers:
    """Answers what is asked at the addresses; each answer is for whoever asks, so none is stored."""

    def __init__(self, provider: Provider, open_store: Callable[[], Store], at_once: int) -> None:
        self._provider = provider
        self._open_store = open_store
        self._name = provider.settings.provider_name
        self._begun: deque[float] = deque(maxlen=at_once)

    def page(self, request: Request) -> Response:
        """Show the page with the one button."""
        wanted = sign_in_page.path_of_ours(request.query_params.get(sign_in_page.NEXT))
        problem = request.query_params.get(sign_in_page.PROBLEM)
        if _person(request) is not None and problem is None:
            return _moved(wanted)
        return _html(sign_in_page.sign_in_page(self._name, wanted, problem))

    def begin(self, request: Request) -> Response:
        """Send a browser to the provider."""
        wanted = sign_in_page.path_of_ours(request.query_params.get(sign_in_page.NEXT))
        if self._is_busy():
            return self._said("busy", wanted)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        # Several tabs of one browser may be on their way at once, so the browser keeps its value.
        known = request.cookies.get(BEGUN_COOKIE, "")
        browser = known if _RANDOM.fullmatch(known) else secrets.token_urlsafe(32)
        try:
            authorisation = self._provider.authorisation(state, nonce, verifier)
            self._open_store().people.begin_sign_in(
                BegunSignIn(digest_of(state), digest_of(browser), nonce, verifier, wanted, _now())
            )
        except HeelwiseError as error:
            return self._problem(error, wanted)
        answer = _moved(authorisation.url)
        answer.headers.append(
            "set-cookie",
            f"{BEGUN_COOKIE}={browser}; Path=/; Max-Age={int(GOOD_FOR.total_seconds())}; Secure; HttpOnly; "
            "SameSite=Lax",
        )
        return answer

    def _is_busy(self) -> bool:
        now = time.monotonic()
        if len(self._begun) == self._begun.maxlen and now - self._begun[0] < BEGUN_WITHIN_S:
            return True
        self._begun.append(now)
        return False

    def finish(self, request: Request) -> Response:
        """Receive a browser that comes back from the provider.

        References
        ----------
        RFC 6749, 4.1.2 and 10.12; RFC 9700, 4.7: the state is good once and in its own browser.
        """
        given = request.query_params
        try:
            begun = self._taken(given.get("state"), request.cookies.get(BEGUN_COOKIE))
            if begun is None:
                return _moved(sign_in_page.HOME) if _person(request) else self._said("stale")
            self._provider.check_issuer(given.get("iss"))
            if not (code := given.get("code")) or "error" in given:
                _log.info("A sign-in was ended at the provider.")
                return self._said("denied", begun.return_to)
            return self._signed_in(request, begun, code)
        except HeelwiseError as error:
            return self._problem(error)

    def _taken(self, state: str | None, browser: str | None) -> BegunSignIn | None:
        """Take the sign-in of a state; it is used up, whatever comes of it."""
        if not state or not browser or len(state) > person_sessions.LONGEST:
            return None
        begun = self._open_store().people.take_sign_in(digest_of(state), _now())
        if begun is None or not secrets.compare_digest(begun.browser_digest, digest_of(browser)):
            return None
        return begun

    def _signed_in(self, request: Request, begun: BegunSignIn, code: str) -> Response:
        verified = self._provider.exchange(code, begun.code_verifier, begun.nonce)
        value, now = secrets.token_urlsafe(32), _now()
        earlier = request.cookies.get(person_sessions.COOKIE)
        self._open_store().people.sign_in(
            verified,
            digest_of(value),
            now + person_sessions.LONGEST_SESSION,
            now,
            replaces=digest_of(earlier) if earlier else None,
        )
        answer = _moved(begun.return_to)
        answer.headers.append("set-cookie", person_sessions.cookie_header(value))
        answer.headers.append("set-cookie", person_sessions.expired_cookie(BEGUN_COOKIE))
        return answer

    def ask_out(self, request: Request) -> Response:
        """Ask a person whether to sign out here or everywhere."""
        person = _person(request)
        if person is None or person.person_id is None:
            return _moved(sign_in_page.ENDED)
        try:
            known = self._open_store().people.person(person.person_id)
        except HeelwiseError as error:
            return self._problem(error)
        return _html(sign_in_page.out_page(known.display_name if known else None))

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser, or every one of the person."""
        given = await _form(request)
        if given is None:
            return _html(sign_in_page.out_page(None), 400)
        return await run_in_threadpool(self._sign_out, _person(request), "everywhere" in given)

    def _sign_out(self, person: Identity | None, is_everywhere: bool) -> Response:
        answer = _moved(sign_in_page.ENDED)
        answer.headers.append("set-cookie", person_sessions.expired_cookie(person_sessions.COOKIE))
        if person is None or person.person_id is None:
            return answer
        try:
            people = self._open_store().people
            if is_everywhere:
                people.end_sessions(person.person_id, _now())
            else:
                people.end_session(person.key.removeprefix(person_sessions.START), _now())
        except HeelwiseError as error:
            return self._problem(error)
        return answer

    def ended(self, request: Request) -> Response:
        """Show that a session is over; whoever still has a right is sent on to where it leads."""
        identity = identity_of(request)
        if identity is not None:
            return _moved("/log" if identity.kind == "device" else sign_in_page.HOME)
        elsewhere = self._provider.end_session_url(self._provider.settings.public_url + PATH)
        return _html(sign_in_page.ended_page(self._name, elsewhere))

    async def back_channel(self, request: Request) -> Response:
        """Take the provider's order to end sessions.

        References
        ----------
        OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8.
        https://openid.net/specs/openid-connect-backchannel-1_0.html
        """
        given = await _form(request)
        tokens = (given or {}).get("logout_token", [])
        if len(tokens) != 1:
            return JSONResponse({"error": "invalid_request"}, 400, NO_STORE)
        return await run_in_threadpool(self._end_by_provider, tokens[0])

    def _end_by_provider(self, token: str) -> Response:
        now = _now()
        try:
            order = self._provider.logout_order(token)
            issuer = self._provider.settings.issuer
            people = self._open_store().people
            until = datetime.fromtimestamp(order.until_s, UTC)
            if not people.take_logout_token(digest_of(f"{issuer} {order.token_id}"), until, now):
                raise SignInRefused("The token of sign-out was used before.")
            people.end_by_provider(issuer, order.subject, order.provider_session, now)
        except SignInRefused as error:
            _log.warning("The provider's order to end sessions was refused. %s", error)
            return JSONResponse({"error": "invalid_request"}, 400, NO_STORE)
        except HeelwiseError as error:
            _log.warning("The provider's order to end sessions could not be followed. %s", error)
            return JSONResponse({"error": "temporarily_unavailable"}, 503, NO_STORE)
        return Response(status_code=200, headers=NO_STORE)

    def _problem(self, error: HeelwiseError, wanted: str = sign_in_page.HOME) -> Response:
        """Say calmly what went wrong; the reason, which holds nothing of a person, stands in the server's log."""
        if str(error) == REMOVED:
            return self._said("removed", wanted)
        _log.warning(
            "A sign-in failed. %s", error if isinstance(error, SignInFailed) else "The store failed."
        )
        if isinstance(error, ProviderUnreachable):
            return self._said("unreachable", wanted)
        return self._said("refused" if isinstance(error, SignInFailed) else "store", wanted)

    def _said(self, problem: str, wanted: str = sign_in_page.HOME) -> Response:
        # By another address, so that the code and the state leave the address bar and the history.
        query = urlencode({sign_in_page.PROBLEM: problem, sign_in_page.NEXT: wanted})
        return _moved(f"{PATH}?{query}")


def _person(request: Request) -> Identity | None:
    identity = identity_of(request)
    return identity if identity is not None and identity.kind == "person" else None


def _moved(address: str) -> Response:
    return RedirectResponse(address, 303, NO_STORE)


def _html(page: bytes, status: int = 200) -> Response:
    return Response(page, status, NO_STORE, "text/html; charset=utf-8")


async def _form(request: Request) -> dict[str, list[str]] | None:
    """Read a small form; None for anything else."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip().lower()
        != "application/x-www-form-urlencoded"
    ):
        return None
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_BODY:
                return None
        return parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (ClientDisconnect, ValueError):
        return None
