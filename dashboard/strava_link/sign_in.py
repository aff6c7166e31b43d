"""A sign-in at Strava: the browser is sent there, and received when it returns."""

from __future__ import annotations

import os
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from connectors.errors import HeelwiseError, StravaError
from connectors.store import Store, home_folder, open_store
from connectors.store.token_vault import Vault, open_vault
from connectors.strava import oauth, retention
from dashboard.access.proxy import PUBLIC
from dashboard.access.web_security import is_loopback
from dashboard.shared import crash_log
from dashboard.strava_link import addresses, background_sync, link
from dashboard.strava_link.pending_sign_ins import GOOD_FOR_S, PendingSignIn, PendingSignIns
from dashboard.strava_link.refused_page import NO_STORE, PAGE, refuse

COOKIE = "heelwise_sign_in"
PATH = "/connect"
_FORGED = (
    "This sign-in was not begun in this browser, was used before, or is older than ten minutes.",
    "Nothing was linked and nothing was read. Go back to Heelwise and press “Connect with Strava” again.",
)
_ELSEWHERE = (
    "This address is not one that Heelwise answers sign-ins on.",
    f"Open Heelwise on http://localhost, or name its public address in {PUBLIC}.",
)


def start(request: Request, pending: PendingSignIns) -> Response:
    """Send the browser to Strava.

    References
    ----------
    RFC 6749, 4.1.1 and 10.12.
    """
    base = _base(request)
    if base is None:
        return refuse(_ELSEWHERE)
    if base != f"{request.url.scheme}://{request.url.netloc}" and not _is_public(base):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{base}{request.url.path}{query}", 307, NO_STORE)
    app = link.known_app(open_vault(home_folder()))
    if app is None:
        return _back("no_app")
    number = request.query_params.get("runner", "")
    runner = int(number) if number.isascii() and number.isdigit() else None
    keep = request.query_params.get("keep")
    state, cookie = pending.begin(runner, keep if keep in retention.CHOICES else None)
    again = "again" in request.query_params
    url = oauth.authorise_url(app, base + addresses.CALLBACK, state, ask_again=again)
    answer = RedirectResponse(url, 303, NO_STORE)
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


def finish(request: Request, pending: PendingSignIns) -> Response:
    """Receive the browser when it returns from Strava.

    References
    ----------
    RFC 6749, 4.1.2.
    """
    asked = request.query_params
    begun = pending.take(asked.get("state", ""), request.cookies.get(COOKIE, ""))
    if begun is None:
        answer = refuse(_FORGED)
    elif asked.get("error") or not asked.get("code"):
        answer = _back("refused" if asked.get("error") == "access_denied" else "troubled")
    else:
        answer = _linked(begun, asked["code"], asked.get("scope", "").replace(",", " ").split())
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return answer


def _linked(begun: PendingSignIn, code: str, scopes: list[str]) -> Response:
    home = home_folder()
    try:
        with open_store(home) as store:
            return _exchanged(store, open_vault(home), begun, code, scopes)
    except StravaError as error:
        return _back(link.flag_of(error))
    except HeelwiseError as error:
        return refuse((str(error), "Nothing was linked."))
    except Exception as error:  # the answer must not be a traceback with an address in it
        crash_log.record_crash(home, error)
        return _back("troubled")


def _exchanged(store: Store, vault: Vault, begun: PendingSignIn, code: str, scopes: list[str]) -> Response:
    app = link.known_app(vault)
    if app is None:
        return _back("no_app")
    flag, runner = link.finish_link(store, vault, app, begun.athlete_id, code, scopes)
    if flag in link.GOOD_OUTCOMES and begun.keep is not None:
        store.set_settings(runner.athlete_id, {retention.RETENTION: begun.keep})
    if flag in link.GOOD_OUTCOMES and link.may_read(scopes):
        background_sync.begin_sync(store, runner.athlete_id)
    return _back(flag, runner.athlete_id)


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
    return RedirectResponse(f"{PAGE}?{urlencode(query)}", 303, NO_STORE)
