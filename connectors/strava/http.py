"""HTTP sessions for Strava, and its failures as errors of the tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from connectors.errors import (
    AppInactive,
    AppUnknown,
    AthleteLimit,
    LinkEnded,
    ScopeMissing,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)
from connectors.sync.http_calls import ALL_STORED, RETRY_RULE

APP_UNKNOWN = (
    "Strava does not know this client id, or the secret does not belong to it. Nothing was changed. Copy both again "
    "from strava.com/settings/api."
)
APP_INACTIVE = (
    "Strava has switched this API app off: its owner needs an active Strava subscription. What came in stays. Renew it "
    "and reactivate the app on strava.com/settings/api, or use a Strava export instead."
)
ATHLETE_LIMIT = (
    "This API app already serves as many runners as Strava allows it. Nothing was changed. Raise its limit on "
    "strava.com/settings/api, make an app of your own, or use a Strava export instead."
)
LINK_ENDED = (
    "Strava has ended this link: it was revoked, or another program used its tokens. What came in stays. Link "
    "Strava again."
)
CODE_SPENT = (
    "Strava no longer takes this sign-in: it was used before or took too long. Nothing changed. Link again."
)
UNREACHABLE = (
    "Strava could not be reached. What came in stays. Check the network of this machine and try again."
)
TROUBLED = "Strava answered with a fault of its own. What came in stays. Try again in some minutes."


def sign_in_error(error: Exception) -> StravaError:
    """Build the error for what went wrong at sign-in, at a renewal or at a goodbye."""
    # Bodies recorded from Strava: 400 for a code, a refresh token or a client id; 401 for a secret; 403 for
    # an app without a subscription or with too many athletes.
    answer = getattr(error, "response", None)
    if isinstance(answer, requests.Response):
        return _refused(answer)
    if isinstance(error, requests.RequestException) and not isinstance(error, ValueError):
        return StravaUnreachable(UNREACHABLE)
    return StravaTroubled(TROUBLED)


def _refused(answer: requests.Response) -> StravaError:
    errors = _error_list(answer)
    words = {str(one.get(name, "")).lower() for one in errors for name in ("resource", "field", "code")}
    if answer.status_code == 403:
        return AppInactive(APP_INACTIVE) if "inactive" in words else AthleteLimit(ATHLETE_LIMIT)
    if answer.status_code not in (400, 401):
        return StravaTroubled(TROUBLED)
    if "application" in words or "client_id" in words:
        return AppUnknown(APP_UNKNOWN)
    if "requesttoken" in words:
        return StravaError(CODE_SPENT)
    return LinkEnded(LINK_ENDED)


TIMEOUT_S = (5.0, 30.0)
Answer = TypeVar("Answer")


class TimeoutAdapter(HTTPAdapter):
    """Waits for an answer only so long; stravalib would wait for ever."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """Send one request."""
        return super().send(request, stream, timeout or TIMEOUT_S, verify, cert, proxies)


def token_session() -> requests.Session:
    """Build a session for calls that must not be sent twice.

    References
    ----------
    RFC 6749 lets a server give a new refresh token with each answer.
    """
    session = requests.Session()
    adapter = TimeoutAdapter(
        max_retries=Retry(total=2, connect=2, read=0, redirect=0, status=0, backoff_factor=0.3)
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def call_strava(call: Callable[[], Answer]) -> Answer:
    """Call Strava and translate its failures into errors of the tree.

    Neither an address nor an answer's text may reach a log.
    """
    try:
        return call()
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        raise sign_in_error(error) from None


_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def data_session(api: str) -> requests.Session:
    """Build a session that waits only so long, and repeats nothing: each attempt has to be counted."""
    session = requests.Session()
    session.trust_env = urlsplit(api).hostname not in _LOOPBACK
    session.auth = _as_it_is
    session.hooks["response"].append(_parse_once)
    for scheme in ("https://", "http://"):
        session.mount(scheme, TimeoutAdapter(max_retries=0))
    return session


def to_error(error: requests.RequestException) -> StravaError:
    """Build the error for a failed call, with one sentence for the reader.

    Bodies as recorded and as in Strava's issue trackers: see `tests/strava_stand_in.py`.
    """
    response = error.response
    if isinstance(error, requests.JSONDecodeError):
        return StravaTroubled(f"Strava answered with something that is no data. {ALL_STORED} {RETRY_RULE}")
    if response is None:
        return _unreachable(error)
    if response.status_code == requests.codes.unauthorized:
        return _unauthorized(response)
    if response.status_code == requests.codes.forbidden:
        return _forbidden(response)
    return StravaTroubled(
        f"Strava has a problem of its own (it answered {response.status_code}). {ALL_STORED} {RETRY_RULE}"
    )


def _parse_once(response: requests.Response, **_: Any) -> None:
    """Cache the parsed answer: stravalib looks for errors in it first, and a recording takes a while to parse."""
    response.json = cache(response.json)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _unreachable(error: requests.RequestException) -> StravaError:
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        why = "No secure connection to Strava could be made. Check this machine's clock, and any proxy or filter."
    elif isinstance(error, requests.exceptions.ProxyError):
        why = "The proxy of this machine did not let the call to Strava through. Check its settings."
    elif isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ReadTimeout):
        why = "Strava did not answer in time."
    elif any(word in text for word in ("NameResolutionError", "getaddrinfo", "Name or service not known")):
        why = "The address of Strava could not be found: this machine seems to be offline."
    elif isinstance(error, requests.exceptions.ChunkedEncodingError):
        why = "The connection to Strava broke in the middle of an answer."
    else:
        why = "The connection to Strava could not be made or broke."
    return StravaUnreachable(f"{why} {ALL_STORED} {RETRY_RULE}")


def _unauthorized(response: requests.Response) -> StravaError:
    for one in _error_list(response):
        if one.get("code") == "missing":
            field = str(one.get("field", ""))
            return ScopeMissing(
                f"Strava was not allowed to give {_asked(field)}. {ALL_STORED} Link Strava again and leave every box "
                "ticked."
            )
    return LinkEnded(LINK_ENDED)


def _forbidden(response: requests.Response) -> StravaError:
    errors = _error_list(response)
    if any(one.get("resource") == "Application" and one.get("field") == "Status" for one in errors):
        return AppInactive(APP_INACTIVE)
    text = response.text[:2_000].casefold()
    if "athlete" in text and ("limit" in text or "exceeded" in text):
        return AthleteLimit(ATHLETE_LIMIT)
    return StravaTroubled(f"Strava refused the call (it answered 403). {ALL_STORED} {RETRY_RULE}")


def _error_list(response: requests.Response) -> list[dict[str, Any]]:
    """Return the entries of an error body, whatever shape it has."""
    try:
        body = response.json()
    except ValueError:
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    listed = [errors] if isinstance(errors, dict) else errors if isinstance(errors, list) else []
    return [one for one in listed if isinstance(one, dict)]


def _asked(field: str) -> str:
    return "your zones and shoes" if field.startswith("profile") else "your activities"
