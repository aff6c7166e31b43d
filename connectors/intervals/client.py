"""intervals.icu for one runner, over httpx."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from connectors.errors import KeyRefused, ServiceTroubled
from connectors.intervals.parse_api import TITLE, parse_page
from connectors.sync.http_calls import call_paced, http_client, no_data, status_error
from connectors.sync.json_values import api_text
from connectors.sync.key_service import Account, KeyPage, ListPage, OriginalFile, TokenStore
from connectors.sync.request_pace import RequestPace

USER = "API_KEY"
"""User name that goes with a runner's own key; as a bearer token such a key answers 403."""
YEAR = timedelta(days=365)
FIRST_DAY = date(1970, 1, 2)
AHEAD = timedelta(days=2)
"""A service that counts days in the runner's zone may be a day ahead."""
STREAMS = "time,distance,altitude,velocity_smooth,cadence,heartrate"
REFUSED = (
    "intervals.icu does not take this key: it is mistyped, of another service, or was replaced by a newer one. What "
    "came in stays. Copy the key on intervals.icu under Settings, Developer Settings, and link again."
)


class IntervalsApi:
    """intervals.icu for one key. For one thread."""

    def __init__(self, url: str, key: str, tokens: TokenStore, pace: RequestPace) -> None:
        self._url, self._pace = url, pace
        self._http = http_client()
        # HTTP's header takes no letters beyond ASCII, and no key has any.
        if not key.isascii():
            raise KeyRefused(REFUSED)
        self._auth = httpx.BasicAuth(USER, key)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def account(self) -> Account:
        """Return whose account the key opens."""
        given = self._json("/athlete/0", kind=Mapping)
        return Account(api_text(given.get("id")), api_text(given.get("name")))

    def since(self, first: date) -> Iterator[ListPage]:
        """Return one page of what began on a date or later."""
        items = self._list(first, self._today())
        if items:
            yield ListPage(items, {})

    def history(self, place: Mapping[str, Any] | None) -> Iterator[ListPage]:
        """Return the whole list year by year; after an empty year all that is older is asked for at once."""
        newest = self._today()
        if place and isinstance(place.get("newest"), str):
            newest = date.fromisoformat(place["newest"])
        while newest > FIRST_DAY:
            oldest = newest - YEAR
            items = self._list(oldest, newest)
            if not items:
                oldest = FIRST_DAY
                items = self._list(oldest, newest)
            newest = oldest - timedelta(days=1)
            if items:
                yield ListPage(items, {"newest": newest.isoformat()})

    # Letters and digits alone ever become an id, see `parse_api`, so it may stand in a path.
    def one(self, source_id: str) -> Any:
        """Return one activity in the list's shape; None where it is gone."""
        return self._json(f"/activity/{source_id}", is_optional=True, kind=Mapping)

    def original(self, source_id: str) -> OriginalFile | None:
        """Return the original file, else the channels, else None."""
        activity = f"/activity/{source_id}"
        answer = self._ask(f"{activity}/file", optional=(404, 422))
        if answer is not None:
            return OriginalFile(f"intervals-{source_id}", answer.content)
        channels = self._json(
            f"{activity}/streams.json", {"types": STREAMS}, is_optional=True, optional=(404, 422)
        )
        return None if channels is None else OriginalFile("", None, channels)

    def answers(self, source_id: str) -> Mapping[str, float | None]:
        """Return nothing: effort and feel stand in the list."""
        return {}

    def parse(self, items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> KeyPage:
        """Read a page of the list."""
        return parse_page(items, athlete_id, fetched_utc)

    def wellness(self, first: date, last: date) -> list[Any]:
        """Return one row for each day on which something was noted."""
        return self._json("/athlete/0/wellness", _between(first, last), kind=list)

    def events(self, first: date, last: date, categories: Sequence[str]) -> list[Any]:
        """Return entries of the calendar of some kinds."""
        asked = {**_between(first, last), "category": ",".join(categories)}
        return self._json("/athlete/0/events", asked, kind=list)

    def _list(self, oldest: date, newest: date) -> list[Any]:
        return self._json("/athlete/0/activities", _between(oldest, newest), kind=list)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._pace.clock(), UTC).date() + AHEAD

    def _json(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        is_optional: bool = False,
        kind: type | tuple[type, ...] = (list, Mapping),
        optional: tuple[int, ...] = (404,),
    ) -> Any:
        def read(answer: httpx.Response) -> Any:
            try:
                given = answer.json()
            except ValueError:
                raise no_data(TITLE) from None
            if not isinstance(given, kind):
                raise no_data(TITLE)
            return given

        return self._ask(path, params, optional if is_optional else (), read)

    def _ask(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        optional: tuple[int, ...] = (),
        read: Callable[[httpx.Response], Any] = lambda answer: answer,
    ) -> Any:
        """Ask once, counted and paced; what the answer must hold is read inside, so that a cut one is asked again."""

        def once() -> Any:
            answer = self._http.get(self._url + path, params=params, auth=self._auth)
            if answer.status_code in optional:
                return None
            if answer.is_error:
                raise status_error(TITLE, answer.status_code, answer.headers.get("Retry-After"), REFUSED)
            if not answer.is_success:
                raise ServiceTroubled(f"{TITLE} sent this call elsewhere, and it was not followed.")
            return read(answer)

        return call_paced(TITLE, self._pace, once)


def _between(oldest: date, newest: date) -> dict[str, str]:
    return {"oldest": oldest.isoformat(), "newest": newest.isoformat()}
