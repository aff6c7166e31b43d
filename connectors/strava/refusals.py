"""What Strava's sign-in says when it says no, put into our own errors and plain words."""

from __future__ import annotations

from typing import Any

import requests

from connectors.errors import (
    AppInactive,
    AppUnknown,
    AthleteLimit,
    LinkEnded,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)

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


def told(error: Exception) -> StravaError:
    """Word what went wrong at sign-in, at a renewal or at a goodbye.

    Parameters
    ----------
    error : Exception
        From requests or stravalib, or from reading an answer of another shape.

    Returns
    -------
    StravaError
        To be raised; holds nothing of the answer's text.

    Source
    ------
    Bodies recorded from Strava: 400 for a code, a refresh token or a client id; 401 for a secret; 403 for an
    app without a subscription or with too many athletes.
    """
    answer = getattr(error, "response", None)
    if isinstance(answer, requests.Response):
        return _refused(answer)
    if isinstance(error, requests.RequestException) and not isinstance(error, ValueError):
        return StravaUnreachable(UNREACHABLE)
    return StravaTroubled(TROUBLED)


def _refused(answer: requests.Response) -> StravaError:
    found = _faults(answer)
    words = {str(fault.get(name, "")).lower() for fault in found for name in ("resource", "field", "code")}
    if answer.status_code == 403:
        return AppInactive(APP_INACTIVE) if "inactive" in words else AthleteLimit(ATHLETE_LIMIT)
    if answer.status_code not in (400, 401):
        return StravaTroubled(TROUBLED)
    if "application" in words or "client_id" in words:
        return AppUnknown(APP_UNKNOWN)
    if "requesttoken" in words:
        return StravaError(CODE_SPENT)
    return LinkEnded(LINK_ENDED)


def _faults(answer: requests.Response) -> list[dict[str, Any]]:
    try:
        body = answer.json()
    except ValueError:
        return []
    found = body.get("errors") if isinstance(body, dict) else None
    return [fault for fault in found if isinstance(fault, dict)] if isinstance(found, list) else []
