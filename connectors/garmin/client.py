"""Garmin's Personal API for one runner: transport by `gcpapi-sync`, paging and reading our own."""

# The library's lists stop at a short page and lose a whole page to one odd value, and its retries sleep inside;
# so only its exchange of the key, its token and its transport are used.

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from gcpapi_sync import (
    AccessToken,
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ConfigurationError,
    GarminClient,
    GarminError,
    NotFoundError,
    PermissionDeniedError,
    RetryConfig,
)

from connectors.errors import KeyRefused, ServiceTroubled
from connectors.garmin.parse_api import TITLE, parse_answers, parse_page
from connectors.sync.http_calls import (
    ALL_STORED,
    RETRY_RULE,
    call_paced,
    http_client,
    no_data,
    status_error,
    unreachable,
)
from connectors.sync.json_values import api_text
from connectors.sync.key_service import Account, KeyPage, ListPage, OriginalFile, TokenStore
from connectors.sync.request_pace import RequestPace

PER_PAGE = 45
"""Pages of more, and no limit at all, answer 500."""
OVERLAP = 5
"""Entries of a page that the next one reads again, so that one deleted meanwhile hides no other."""
LIST = "/activitylist-service/activities/search/activities"
PROFILE = "/userprofile-service/userprofile/settings"
REFUSED = (
    "Garmin does not take this key: it is mistyped, of another service, expired or revoked; Garmin does not say which. "
    "What came in stays. Make a new key on connect.garmin.com under Settings, Personal API, and link again."
)

Answer = TypeVar("Answer")


class GarminApi:
    """Garmin's Personal API for one key. For one thread."""

    def __init__(self, url: str, key: str, tokens: TokenStore, pace: RequestPace) -> None:
        self._pace = pace
        self._http = http_client()
        try:
            # The key is always given: without one the library takes an environment variable or a file.
            self._client = GarminClient(
                api_key=key,
                base_url=url,
                token_cache=_TokenCache(tokens),
                retry=RetryConfig(max_retries=0),
                http_client=self._http,
            )
        except ConfigurationError as error:
            raise KeyRefused(REFUSED) from error

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def account(self) -> Account:
        """Return whose account the key opens, as its newest activity tells."""
        for item in self._page(0, None, limit=1):
            number = item.get("ownerId") if isinstance(item, Mapping) else None
            if isinstance(number, int | str) and not isinstance(number, bool):
                return Account(str(number), api_text(item.get("ownerFullName")) or self._display_name())
        return Account(None, self._display_name())

    def since(self, first: date) -> Iterator[ListPage]:
        """Return the pages of what began on a date or later, newest first."""
        return self._pages(0, first)

    def history(self, place: Mapping[str, Any] | None) -> Iterator[ListPage]:
        """Return the pages of the whole list, newest first, going on from a place."""
        start = place.get("start") if place else 0
        return self._pages(start if isinstance(start, int) else 0, None)

    def one(self, source_id: str) -> Any:
        """Return whether an activity is there; None where it is gone."""
        return None if self._detail(source_id) is None else True

    def original(self, source_id: str) -> OriginalFile | None:
        """Return the archive with the original file; None where Garmin has none."""
        data = self._call(lambda: self._client.download_activity_zip(int(source_id)), is_optional=True)
        return None if data is None else OriginalFile(f"garmin-{source_id}.zip", data)

    def answers(self, source_id: str) -> Mapping[str, float | None]:
        """Return effort and feel as answered on the watch, and the impact where the list had none."""
        return parse_answers(self._detail(source_id))

    def parse(self, items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> KeyPage:
        """Read a page of the list."""
        return parse_page(items, athlete_id, fetched_utc)

    def _pages(self, start: int, first: date | None) -> Iterator[ListPage]:
        """Page until an empty page, which is believed only when it is empty twice."""
        before: list[Any] = []
        while True:
            items = self._page(start, first) or self._page(start, first)
            if not items or items == before:
                return
            start += max(1, len(items) - OVERLAP) if len(items) > OVERLAP else len(items)
            before = items
            yield ListPage(items, {"start": start})

    def _page(self, start: int, first: date | None, limit: int = PER_PAGE) -> list[Any]:
        params = [("start", str(start)), ("limit", str(limit))]
        params += [("startDate", first.isoformat())] if first is not None else []

        def ask() -> list[Any]:
            answer = self._client.get_json(LIST, params)
            if not isinstance(answer, list):
                raise no_data(TITLE)
            return answer

        return self._call(ask)

    def _detail(self, source_id: str) -> Mapping[str, Any] | None:
        def ask() -> Mapping[str, Any]:
            answer = self._client.get_json(f"/activity-service/activity/{int(source_id)}")
            if not isinstance(answer, Mapping):
                raise no_data(TITLE)
            return answer

        return self._call(ask, is_optional=True)

    def _display_name(self) -> str | None:
        answer = self._call(lambda: self._client.get_json(PROFILE), is_optional=True)
        return api_text(answer.get("displayName")) if isinstance(answer, Mapping) else None

    def _call(self, call: Callable[[], Answer], is_optional: bool = False) -> Any:
        def once() -> Answer | None:
            try:
                return call()
            except NotFoundError as error:
                if is_optional:
                    return None
                raise _to_error(error) from None
            except GarminError as error:
                raise _to_error(error) from None

        return call_paced(TITLE, self._pace, once)


def _to_error(error: GarminError) -> Exception:
    if isinstance(error, AuthenticationError | ConfigurationError):
        return KeyRefused(REFUSED)
    if isinstance(error, PermissionDeniedError):
        return ServiceTroubled(f"Garmin does not show this to the key. {ALL_STORED} {RETRY_RULE}")
    if isinstance(error, APIStatusError):
        return status_error(TITLE, error.status_code, error.response.headers.get("Retry-After"), REFUSED)
    if isinstance(error, APIConnectionError):
        return unreachable(TITLE, error)
    return no_data(TITLE)


class _TokenCache:
    """The token in the runner's own vault, in the library's protocol."""

    def __init__(self, tokens: TokenStore) -> None:
        self._tokens = tokens

    def load(self, key: str) -> AccessToken | None:
        """Return the token of this key."""
        stored = self._tokens.load()
        if stored is None or stored.get("of") != _digest(key):
            return None
        return AccessToken(str(stored["token"]), datetime.fromtimestamp(float(stored["expires_s"]), UTC))

    def save(self, key: str, token: AccessToken) -> None:
        """Store the token of this key."""
        expires_s = token.expires_at.timestamp()
        self._tokens.save({"of": _digest(key), "token": token.value, "expires_s": expires_s})

    def clear(self) -> None:
        """Forget the token."""
        self._tokens.save(None)


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
