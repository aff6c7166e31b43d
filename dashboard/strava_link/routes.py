"""Sign-ins under way: each state is good once, for ten minutes, in the browser that began it."""

from __future__ import annotations

import hashlib
import hmac
import html
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.errors import HeelwiseError, StravaError
from connectors.late_imports import late_import
from connectors.store import Store, home_folder, open_store
from connectors.store.token_vault import Vault, open_vault
from dashboard.access.proxy import PUBLIC
from dashboard.access.web_security import is_loopback
from dashboard.shared import crash_log
from dashboard.strava_link import addresses, background_sync

GOOD_FOR_S = 600
MOST = 200


def _link() -> Any:
    """Import what speaks with Strava with the first sign-in: most starts of a server see none."""
    return late_import("dashboard.strava_link.link")


def _oauth() -> Any:
    return late_import("connectors.strava.oauth")


def _retention() -> Any:
    return late_import("connectors.strava.retention")


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in under way."""

    athlete_id: int | None
    began_s: float
    keep: str | None = None


class PendingSignIns:
    """The sign-ins of one server process. Kept in memory alone: a restart ends them."""

    def __init__(self) -> None:
        self._begun: dict[str, PendingSignIn] = {}
        self._lock = threading.Lock()
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt="strava-sign-in")

    def begin(self, athlete_id: int | None, keep: str | None = None) -> tuple[str, str]:
        """Begin a sign-in.

        References
        ----------
        RFC 6749, 10.12: a state that cannot be guessed, bound to the browser.
        """
        state = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            young = {name: one for name, one in self._begun.items() if now - one.began_s <= GOOD_FOR_S}
            self._begun = dict(list(young.items())[-MOST + 1 :])
            self._begun[digest(state)] = PendingSignIn(athlete_id, now, keep)
        return state, self._signer.dumps(state)

    def take(self, state: str, cookie: str) -> PendingSignIn | None:
        """End a sign-in: the state is used up, whatever comes of it.

        Compared in constant time; looked up by its hash, so that a look-up tells nothing either.
        """
        try:
            known = self._signer.loads(cookie, max_age=GOOD_FOR_S)
        except BadSignature:
            return None
        if not hmac.compare_digest(str(known).encode(), state.encode()):
            return None
        with self._lock:
            begun = self._begun.pop(digest(state), None)
        if begun is None or time.monotonic() - begun.began_s > GOOD_FOR_S:
            return None
        return begun


def digest(state: str) -> str:
    """Return what may be kept of a state.

    Who reads it cannot finish the sign-in.
    """
    return hashlib.sha256(state.encode()).hexdigest()


COOKIE = "heelwise_sign_in"
PATH = "/connect"
PAGE = "/data"
_NO_STORE = {"Cache-Control": "no-store"}
_FORGED = (
    "This sign-in was not begun in this browser, was used before, or is older than ten minutes.",
    "Nothing was linked and nothing was read. Go back to Heelwise and press “Connect with Strava” again.",
)
_ELSEWHERE = (
    "This address is not one that Heelwise answers sign-ins on.",
    f"Open Heelwise on http://localhost, or name its public address in {PUBLIC}.",
)
# The script takes code and state out of the address bar, and so out of the browser's history; the page's policy has
# to name it.
SIGN_IN_STYLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Heelwise</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body{{font-family:system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;line-height:1.5}}
a{{color:inherit}}</style><script>history.replaceState(null, "", location.pathname)</script></head>
<body><h1>Strava was not linked</h1><p>{what}</p><p>{then}</p><p><a href="{page}">Back to Heelwise</a></p></body>
</html>"""


class SignIn:
    """Answers the two addresses."""

    def __init__(self, begin_sync: Callable[[Store, int], object]) -> None:
        self._pending = PendingSignIns()
        self._begin_sync = begin_sync

    def start(self, request: Request) -> Response:
        """Send the browser to Strava.

        References
        ----------
        RFC 6749, 4.1.1 and 10.12.
        """
        base = _base(request)
        if base is None:
            return _refuse(_ELSEWHERE)
        if base != f"{request.url.scheme}://{request.url.netloc}" and not _is_public(base):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{base}{request.url.path}{query}", 307, _NO_STORE)
        app = _link().known_app(open_vault(home_folder()))
        if app is None:
            return _back("no_app")
        number = request.query_params.get("runner", "")
        runner = int(number) if number.isascii() and number.isdigit() else None
        keep = request.query_params.get("keep")
        state, cookie = self._pending.begin(runner, keep if keep in _retention().CHOICES else None)
        again = "again" in request.query_params
        url = _oauth().authorise_url(app, base + addresses.CALLBACK, state, ask_again=again)
        answer = RedirectResponse(url, 303, _NO_STORE)
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=GOOD_FOR_S,
            path=PATH,
            secure=base.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return answer

    def finish(self, request: Request) -> Response:
        """Receive the browser when it returns from Strava.

        References
        ----------
        RFC 6749, 4.1.2.
        """
        asked = request.query_params
        begun = self._pending.take(asked.get("state", ""), request.cookies.get(COOKIE, ""))
        if begun is None:
            answer = _refuse(_FORGED)
        elif asked.get("error") or not asked.get("code"):
            answer = _back("refused" if asked.get("error") == "access_denied" else "troubled")
        else:
            answer = self._linked(begun, asked["code"], asked.get("scope", "").replace(",", " ").split())
        answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
        return answer

    def _linked(self, begun: PendingSignIn, code: str, scopes: list[str]) -> Response:
        home = home_folder()
        try:
            with open_store(home) as store:
                return self._exchanged(store, open_vault(home), begun, code, scopes)
        except StravaError as error:
            return _back(_link().flag_of(error))
        except HeelwiseError as error:
            return _refuse((str(error), "Nothing was linked."))
        except Exception as error:  # the answer must not be a traceback with an address in it
            crash_log.record_crash(home, error)
            return _back("troubled")

    def _exchanged(
        self, store: Store, vault: Vault, begun: PendingSignIn, code: str, scopes: list[str]
    ) -> Response:
        link = _link()
        app = link.known_app(vault)
        if app is None:
            return _back("no_app")
        flag, runner = link.finish_link(store, vault, app, begun.athlete_id, code, scopes)
        if flag in link.GOOD_OUTCOMES and begun.keep is not None:
            store.set_settings(runner.athlete_id, {_retention().RETENTION: begun.keep})
        if flag in link.GOOD_OUTCOMES and link.may_read(scopes):
            self._begin_sync(store, runner.athlete_id)
        return _back(flag, runner.athlete_id)


def routes() -> list[Route]:
    """Return the addresses of the sign-in, for the server.

    Plain functions, which the server runs in threads, since they wait for Strava.
    """
    sign_in = SignIn(background_sync.begin_sync)
    return [
        Route(addresses.START, sign_in.start, methods=["GET"]),
        Route(addresses.CALLBACK, sign_in.finish, methods=["GET"]),
    ]


def _base(request: Request) -> str | None:
    """Scheme, host and port that Strava shall send the browser back to; None on a host that is none of ours."""
    public = os.environ.get(PUBLIC, "").strip().rstrip("/")
    if public:
        return public
    if not is_loopback(request.url.hostname):
        return None
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://localhost{port}"


def _is_public(base: str) -> bool:
    return base == os.environ.get(PUBLIC, "").strip().rstrip("/")


def _back(flag: str, athlete_id: int | None = None) -> Response:
    query = {"connected": flag, **({"runner": athlete_id} if athlete_id else {})}
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", 303, _NO_STORE)


def _refuse(words: tuple[str, str]) -> Response:
    what, then = (html.escape(part) for part in words)
    return HTMLResponse(SIGN_IN_STYLE.format(what=what, then=then, page=PAGE), 400, _NO_STORE)
