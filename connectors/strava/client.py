"""Where Strava is: today's addresses, the one announced for 2027, or another server for tests."""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from connectors.errors import LinkEnded, StravaTroubled, StravaUnreachable
from connectors.strava.http import data_session, to_error
from connectors.strava.rate_limit import RateLimiter
from connectors.sync.http_calls import ALL_STORED, RETRY_RULE

if TYPE_CHECKING:
    from stravalib.protocol import ApiV3


ELSEWHERE = "HEELWISE_STRAVA_URL"
API = "HEELWISE_STRAVA_API_URL"
SITE = "https://www.strava.com"
API_UNTIL_2027 = "https://www.strava.com/api/v3"
API_FROM_2027 = "https://api-v3.strava.com"
MOVES_ON = date(2027, 1, 4)
_OLD_PATH = "/api/v3"
_HOSTS = ("www.strava.com", "strava.com", "api-v3.strava.com")


@dataclass(frozen=True)
class StravaServers:
    """The two addresses every call starts with."""

    site: str
    api: str

    def resolve(self, url: str) -> str:
        """Turn what stravalib asks for into an address of these servers.

        Stravalib has its host and "https" written into it (stravalib #737).
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


def strava_servers(environment: Mapping[str, str] | None = None, today: date | None = None) -> StravaServers:
    """Return today's addresses of Strava.

    Strava's changelog as quoted in stravalib #737; the announcement's own host name differs, hence the setting.
    """
    known = os.environ if environment is None else environment
    elsewhere = known.get(ELSEWHERE, "").strip().rstrip("/")
    api = known.get(API, "").strip().rstrip("/")
    if elsewhere:
        return StravaServers(elsewhere, api or elsewhere + _OLD_PATH)
    now = today or datetime.now(UTC).date()
    return StravaServers(SITE, api or (API_UNTIL_2027 if now < MOVES_ON else API_FROM_2027))


_importing = threading.Lock()


def stravalib_protocol(
    servers: StravaServers, session: requests.Session, access_token: str | None = None
) -> ApiV3:
    """Build one protocol object: for one runner, one thread."""
    # For what stravalib 2.6 does on import and when made: it warns on the root logger, changes the warning
    # filters and captures warnings for the whole process. All three are undone.
    made = _api()(access_token=access_token, requests_session=session)
    made.client_id = made.client_secret = None
    made.resolve_url = servers.resolve
    return made


def _api() -> type[ApiV3]:
    os.environ.setdefault("SILENCE_TOKEN_WARNINGS", "true")
    with _importing, warnings.catch_warnings():
        kind = import_module("stravalib.protocol").ApiV3
        logging.captureWarnings(False)
    return kind


PER_PAGE = 200
"""Most activities that Strava gives at once."""
STREAM_KEYS = ("time", "distance", "altitude", "velocity_smooth", "heartrate", "cadence", "watts", "temp")
"""Not the places: zone and distance are told without them, and they are a third of what would be sent."""
WAITS_S = (0.5, 2.0)
"""s before the second and the third attempt at a call that failed in passing."""

Token = Callable[[str | None], str]
"""Gives an access token; told the one that Strava just refused, a newer one."""


class StravaApi:
    """Strava's API for one runner. For one thread."""

    def __init__(
        self,
        token: Token,
        limiter: RateLimiter,
        where: StravaServers | None = None,
        wait: Callable[[float], object] = time.sleep,
        session: requests.Session | None = None,
    ) -> None:
        self._token = token
        self._budget = limiter
        self._where = where or strava_servers()
        self._wait = wait
        self._session = session or data_session(self._where.api)
        self._protocol: ApiV3 | None = None
        self._headers: Mapping[str, str] = {}

    def get_summaries(self, page: int = 1, after: int | None = None, before: int | None = None) -> list[Any]:
        """Get one page of activities.

        `GET /athlete/activities`.
        """
        asked = {"page": page, "per_page": PER_PAGE, "after": after, "before": before}
        return self._get("athlete/activities", list, **{k: v for k, v in asked.items() if v is not None})

    def get_activity(self, activity_id: int) -> dict[str, Any] | None:
        """Get one activity.

        `GET /activities/{id}`.
        """
        return self._get(f"activities/{activity_id}", dict, is_optional=True, include_all_efforts="false")

    def get_streams(self, activity_id: int) -> dict[str, Any] | list[Any] | None:
        """Get the recording of one activity.

        `GET /activities/{id}/streams`; 404 means there are none (stravalib #118).
        """
        keys = ",".join(STREAM_KEYS)
        path = f"activities/{activity_id}/streams"
        return self._get(path, (dict, list), is_optional=True, keys=keys, key_by_type="true")

    def get_gear(self, gear_id: str) -> dict[str, Any] | None:
        """Get one pair of shoes, retired ones too.

        `GET /gear/{id}`.
        """
        return self._get(f"gear/{gear_id}", dict, is_optional=True)

    def get_athlete(self) -> dict[str, Any]:
        """Get the runner's own profile, with the pairs in use.

        `GET /athlete`.
        """
        return self._get("athlete", dict)

    def get_zones(self) -> dict[str, Any]:
        """Get the runner's heart rate zones.

        `GET /athlete/zones`.
        """
        return self._get("athlete/zones", dict)

    def _get(self, path: str, kind: type | tuple[type, ...], is_optional: bool = False, **asked: Any) -> Any:
        """Ask until there is an answer: what may pass is asked again, what does not is raised at once."""
        token = self._token(None)
        for wait in (*WAITS_S, None):
            try:
                return self._once(path, token, kind, is_optional, asked)
            except LinkEnded:
                newer = self._token(token)
                if newer == token:
                    raise
                token = newer
            except (StravaUnreachable, StravaTroubled):
                if wait is None:
                    raise
                self._wait(wait)
        return self._once(path, token, kind, is_optional, asked)

    def _once(
        self, path: str, token: str, kind: type | tuple[type, ...], is_optional: bool, asked: dict[str, Any]
    ) -> Any:
        wire = self._ready(token)
        self._budget.acquire()
        self._headers = {}
        try:
            answer = wire.get(path, **asked)
        except requests.RequestException as error:
            status = error.response.status_code if error.response is not None else 0
            if status == requests.codes.too_many_requests:
                raise self._budget.on_429(self._headers) from error
            self._learn()
            if status == requests.codes.not_found and is_optional:
                return None
            raise to_error(error) from error
        self._learn()
        if not isinstance(answer, kind):
            raise StravaTroubled(
                f"Strava answered with data of another shape than asked for. {ALL_STORED} {RETRY_RULE}"
            )
        return answer

    def _learn(self) -> None:
        if self._headers:
            self._budget.update(self._headers)

    def _ready(self, token: str) -> ApiV3:
        if self._protocol is None:
            self._protocol = stravalib_protocol(self._where, self._session)
            self._protocol.rate_limiter = self._keep_headers
        self._protocol.access_token = token
        return self._protocol

    def _keep_headers(self, headers: Mapping[str, str], method: str) -> None:
        self._headers = headers
