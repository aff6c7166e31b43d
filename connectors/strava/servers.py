"""Where Strava is: today's addresses, the one announced for 2027, or another server for tests."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

ELSEWHERE = "HEELWISE_STRAVA_URL"
API = "HEELWISE_STRAVA_API_URL"
SITE = "https://www.strava.com"
API_UNTIL_2027 = "https://www.strava.com/api/v3"
API_FROM_2027 = "https://api-v3.strava.com"
MOVES_ON = date(2027, 1, 4)
_OLD_PATH = "/api/v3"
_HOSTS = ("www.strava.com", "strava.com", "api-v3.strava.com")


@dataclass(frozen=True)
class Servers:
    """The two addresses every call starts with.

    Parameters
    ----------
    site
        Sign-in and tokens, without a slash at the end: `{site}/oauth/token`.
    api
        Everything else, without a slash at the end: `{api}/athlete`.
    """

    site: str
    api: str

    def resolve(self, url: str) -> str:
        """Turn what stravalib asks for into an address of these servers.

        Parameters
        ----------
        url : str
            A path below the API ("athlete/activities"), or a whole address on Strava's own hosts.

        Returns
        -------
        str
            A whole address; one on any other host is given back as it is.

        Source
        ------
        ours: stravalib has its host and "https" written into it (stravalib #737).
        """
        if not url.startswith(("http://", "https://")):
            return f"{self.api}/{url.strip('/')}"
        parts = urlsplit(url)
        if parts.hostname not in _HOSTS:
            return url
        rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if rest.startswith(f"{_OLD_PATH}/"):
            return self.api + rest.removeprefix(_OLD_PATH)
        return self.site + rest


def servers(environment: Mapping[str, str] | None = None, today: date | None = None) -> Servers:
    """Say where Strava is now.

    Parameters
    ----------
    environment : Mapping or None
        HEELWISE_STRAVA_URL points every call at another server, HEELWISE_STRAVA_API_URL only those below the
        API; None is the environment of this process.
    today : date or None
        UTC date; None is now.

    Returns
    -------
    Servers
        Strava's own where neither is set: the API moves on 2027-01-04, sign-in stays where it is.

    Source
    ------
    Strava's changelog as quoted in stravalib #737; the announcement's own host name differs, hence the setting.
    """
    known = os.environ if environment is None else environment
    elsewhere = known.get(ELSEWHERE, "").strip().rstrip("/")
    api = known.get(API, "").strip().rstrip("/")
    if elsewhere:
        return Servers(elsewhere, api or elsewhere + _OLD_PATH)
    now = today or datetime.now(UTC).date()
    return Servers(SITE, api or (API_UNTIL_2027 if now < MOVES_ON else API_FROM_2027))


def activity_url(source_id: str) -> str:
    """Give the page of an activity on Strava, for the link "View on Strava".

    Parameters
    ----------
    source_id : str
        Strava's id of the activity.

    Returns
    -------
    str
        Always on strava.com: the link is for a person, not for a call.

    Source
    ------
    Strava's brand guidelines.
    """
    return f"{SITE}/activities/{source_id}"
