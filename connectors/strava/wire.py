"""The requests session that every call to Strava goes through, and what its failures are called."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.errors import (
    AppInactive,
    AthleteLimit,
    LinkEnded,
    ScopeMissing,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)
from connectors.strava.calls import InTime
from connectors.strava.refusals import APP_INACTIVE, ATHLETE_LIMIT, LINK_ENDED

KEPT = "All that came in so far is kept."
AGAIN = "Try again later; it goes on where it stopped."
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def data_session(api: str) -> requests.Session:
    """Make a session that waits only so long, and repeats nothing: each attempt has to be counted.

    Parameters
    ----------
    api : str
        Address of the API; on this machine itself no proxy is asked.

    Returns
    -------
    Session
        For one thread. A `.netrc` never replaces the token.

    Source
    ------
    ours.
    """
    session = requests.Session()
    session.trust_env = urlsplit(api).hostname not in _LOOPBACK
    session.auth = _as_it_is
    session.hooks["response"].append(_parse_once)
    for scheme in ("https://", "http://"):
        session.mount(scheme, InTime(max_retries=0))
    return session


def named(error: requests.RequestException) -> StravaError:
    """Say what a failed call was, in one sentence for the reader.

    Parameters
    ----------
    error : RequestException
        From requests or stravalib; a 404 or 429 has to be dealt with before.

    Returns
    -------
    StravaError
        To be raised; `StravaUnreachable` and `StravaTroubled` may pass by themselves, the others do not.

    Source
    ------
    Bodies as recorded and as in Strava's issue trackers: see `tests/strava_stand_in.py`.
    """
    response = error.response
    if isinstance(error, requests.JSONDecodeError):
        return StravaTroubled(f"Strava answered with something that is no data. {KEPT} {AGAIN}")
    if response is None:
        return _unreachable(error)
    if response.status_code == requests.codes.unauthorized:
        return _unauthorized(response)
    if response.status_code == requests.codes.forbidden:
        return _forbidden(response)
    return StravaTroubled(
        f"Strava has a problem of its own (it answered {response.status_code}). {KEPT} {AGAIN}"
    )


def _parse_once(response: requests.Response, **_: Any) -> None:
    """Keep the parsed answer: stravalib looks for errors in it first, and a recording takes a while to parse."""
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
    return StravaUnreachable(f"{why} {KEPT} {AGAIN}")


def _unauthorized(response: requests.Response) -> StravaError:
    for one in _errors(response):
        if one.get("code") == "missing":
            field = str(one.get("field", ""))
            return ScopeMissing(
                f"Strava was not allowed to give {_asked(field)}. {KEPT} Link Strava again and leave every box "
                "ticked."
            )
    return LinkEnded(LINK_ENDED)


def _forbidden(response: requests.Response) -> StravaError:
    errors = _errors(response)
    if any(one.get("resource") == "Application" and one.get("field") == "Status" for one in errors):
        return AppInactive(APP_INACTIVE)
    text = response.text[:2_000].casefold()
    if "athlete" in text and ("limit" in text or "exceeded" in text):
        return AthleteLimit(ATHLETE_LIMIT)
    return StravaTroubled(f"Strava refused the call (it answered 403). {KEPT} {AGAIN}")


def _errors(response: requests.Response) -> list[dict[str, Any]]:
    """Give the entries of an error body, whatever shape it has."""
    try:
        body = response.json()
    except ValueError:
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    listed = [errors] if isinstance(errors, dict) else errors if isinstance(errors, list) else []
    return [one for one in listed if isinstance(one, dict)]


def _asked(field: str) -> str:
    return "your zones and shoes" if field.startswith("profile") else "your activities"
