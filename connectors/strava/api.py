"""Calls to Strava's API: raw dicts in, nothing interpreted, every attempt counted before it is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import requests

from connectors.errors import LinkEnded, StravaTroubled, StravaUnreachable
from connectors.strava.budget import Budget
from connectors.strava.protocol import protocol
from connectors.strava.servers import Servers, servers
from connectors.strava.wire import AGAIN, KEPT, data_session, named

if TYPE_CHECKING:
    from stravalib.protocol import ApiV3

PER_PAGE = 200
"""Most activities that Strava gives at once."""
STREAM_KEYS = ("time", "distance", "altitude", "velocity_smooth", "heartrate", "cadence", "watts", "temp")
"""Not the places: zone and distance are told without them, and they are a third of what would be sent."""
WAITS_S = (0.5, 2.0)
"""s before the second and the third attempt at a call that failed in passing."""

Token = Callable[[str | None], str]
"""Gives an access token; told the one that Strava just refused, a newer one."""


class Api:
    """Strava's API for one runner. For one thread.

    Parameters
    ----------
    token
        See `Token`.
    budget
        Asked before each attempt.
    where
        None is where Strava is now.
    wait
        Waits so many s; for tests.
    session
        None makes one with timeouts.
    """

    def __init__(
        self,
        token: Token,
        budget: Budget,
        where: Servers | None = None,
        wait: Callable[[float], object] = time.sleep,
        session: requests.Session | None = None,
    ) -> None:
        self._token = token
        self._budget = budget
        self._where = where or servers()
        self._wait = wait
        self._session = session or data_session(self._where.api)
        self._protocol: ApiV3 | None = None
        self._headers: Mapping[str, str] = {}

    def get_summaries(self, page: int = 1, after: int | None = None, before: int | None = None) -> list[Any]:
        """Get one page of activities.

        Parameters
        ----------
        page : int
            From 1.
        after, before : int or None
            s since 1970-01-01 UTC: only those that started later, or earlier.

        Returns
        -------
        list
            At most 200 objects, newest first (oldest first with `after` alone), as Strava gives them.

        Raises
        ------
        StravaError
            See `connectors.strava.wire.named`, and BudgetSpent.

        Source
        ------
        `GET /athlete/activities`.
        """
        asked = {"page": page, "per_page": PER_PAGE, "after": after, "before": before}
        return self._get("athlete/activities", list, **{k: v for k, v in asked.items() if v is not None})

    def get_activity(self, activity_id: int) -> dict[str, Any] | None:
        """Get one activity.

        Parameters
        ----------
        activity_id : int
            Strava's id.

        Returns
        -------
        dict or None
            All that a summary has, and more; None when there is none of this id.

        Raises
        ------
        StravaError
            As `get_summaries`.

        Source
        ------
        `GET /activities/{id}`.
        """
        return self._get(f"activities/{activity_id}", dict, is_optional=True, include_all_efforts="false")

    def get_streams(self, activity_id: int) -> dict[str, Any] | list[Any] | None:
        """Get the recording of one activity.

        Parameters
        ----------
        activity_id : int
            Strava's id.

        Returns
        -------
        dict or list or None
            Channels in one of three shapes, see `connectors.strava.streams`; None when it has none.

        Raises
        ------
        StravaError
            As `get_summaries`.

        Source
        ------
        `GET /activities/{id}/streams`; 404 means there are none (stravalib #118).
        """
        keys = ",".join(STREAM_KEYS)
        path = f"activities/{activity_id}/streams"
        return self._get(path, (dict, list), is_optional=True, keys=keys, key_by_type="true")

    def get_gear(self, gear_id: str) -> dict[str, Any] | None:
        """Get one pair of shoes, retired ones too.

        Parameters
        ----------
        gear_id : str
            Strava's id, such as "g123".

        Returns
        -------
        dict or None
            None when there is none of this id.

        Raises
        ------
        StravaError
            As `get_summaries`.

        Source
        ------
        `GET /gear/{id}`.
        """
        return self._get(f"gear/{gear_id}", dict, is_optional=True)

    def get_athlete(self) -> dict[str, Any]:
        """Get the runner's own profile, with the pairs in use.

        Returns
        -------
        dict
            As Strava gives it.

        Raises
        ------
        StravaError
            As `get_summaries`.

        Source
        ------
        `GET /athlete`.
        """
        return self._get("athlete", dict)

    def get_zones(self) -> dict[str, Any]:
        """Get the runner's heart rate zones.

        Returns
        -------
        dict
            As Strava gives it.

        Raises
        ------
        StravaError
            As `get_summaries`.

        Source
        ------
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
        self._budget.take()
        self._headers = {}
        try:
            answer = wire.get(path, **asked)
        except requests.RequestException as error:
            status = error.response.status_code if error.response is not None else 0
            if status == requests.codes.too_many_requests:
                raise self._budget.refused(self._headers) from error
            self._learn()
            if status == requests.codes.not_found and is_optional:
                return None
            raise named(error) from error
        self._learn()
        if not isinstance(answer, kind):
            raise StravaTroubled(f"Strava answered with data of another shape than asked for. {KEPT} {AGAIN}")
        return answer

    def _learn(self) -> None:
        if self._headers:
            self._budget.learn(self._headers)

    def _ready(self, token: str) -> ApiV3:
        if self._protocol is None:
            self._protocol = protocol(self._where, self._session)
            self._protocol.rate_limiter = self._keep_headers
        self._protocol.access_token = token
        return self._protocol

    def _keep_headers(self, headers: Mapping[str, str], method: str) -> None:
        self._headers = headers
