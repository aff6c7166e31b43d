"""Services whose runs come by a key that the runner makes: one record for each, and what their API has to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from connectors.sync.activities import ActivityPage
from connectors.sync.request_pace import RequestPace

FOLDERS = ("garmin", "intervals")
"""Folders in `connectors/` that hold `service.SERVICE`, in the order in which they are named to a runner."""


@dataclass(frozen=True)
class Account:
    """Whose account a key opens; None: the service does not tell yet."""

    number: str | None
    name: str | None = None

    def in_words(self) -> str:
        """Return its owner's name where it has one, else its number."""
        return self.name or (f"number {self.number}" if self.number else "somebody unnamed")


@dataclass(frozen=True)
class ListPage:
    """One page of a list, and the place to go on after it."""

    items: Sequence[Any]
    place: dict[str, Any]


@dataclass(frozen=True)
class OriginalFile:
    """A recording as the service keeps it: a file, zipped or not, or None with channels in its place."""

    name: str
    data: bytes | None = field(default=None, repr=False)
    channels: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Gear:
    """A pair of shoes as the list names it."""

    gear_id: str
    name: str


class KeyApi(Protocol):
    """What a sync asks of a service. Every call is counted and paced by itself."""

    def close(self) -> None:
        """Close its connections."""
        ...

    def account(self) -> Account:
        """Return whose account the key opens."""
        ...

    def since(self, first: date) -> Iterator[ListPage]:
        """Return the pages of what began on a date or later, newest first."""
        ...

    def history(self, place: Mapping[str, Any] | None) -> Iterator[ListPage]:
        """Return the pages of the whole list, newest first, going on from a place."""
        ...

    def one(self, source_id: str) -> Any:
        """Return one activity in the list's shape where it can, else True; None where it is gone."""
        ...

    def original(self, source_id: str) -> OriginalFile | None:
        """Return the recording of one activity; None where the service has none."""
        ...

    def answers(self, source_id: str) -> Mapping[str, float | None]:
        """Return what the runner answered on the watch and the list does not hold, by column of ACTIVITY."""
        ...

    def parse(self, items: Sequence[Any], athlete_id: int, fetched_utc: datetime) -> KeyPage:
        """Read a page of the list."""
        ...


@dataclass
class KeyPage(ActivityPage):
    """What one page of the list of a service holds, with the pairs it names and what it does not pass on."""

    gear: dict[str, Gear] = field(default_factory=dict)
    """By the `source_id` of the activity."""
    descriptions: dict[str, str] = field(default_factory=dict)
    """What the runner wrote of an activity beside its title, by `source_id`; only clauses about a leg are stored."""
    stubs: list[str] = field(default_factory=list)
    """Ids of entries that came to the service from another one, which lets it pass nothing on."""


class TokenStore(Protocol):
    """Where the token that a key was exchanged for is kept."""

    def load(self) -> dict[str, Any] | None:
        """Return the token."""
        ...

    def save(self, token: dict[str, Any] | None) -> None:
        """Store the token; None forgets it."""
        ...


class MemoryTokens:
    """Keeps a token as long as the object lives: for a key that is only being checked."""

    def __init__(self) -> None:
        self._token: dict[str, Any] | None = None

    def load(self) -> dict[str, Any] | None:
        """Return the token."""
        return self._token

    def save(self, token: dict[str, Any] | None) -> None:
        """Store the token; None forgets it."""
        self._token = token


@dataclass(frozen=True)
class KeyService:
    """One service; everything that pages, commands and the sync have to know of it."""

    id: str
    title: str
    source: str
    # Its address, and the environment variable that points every call at another server.
    url: str
    variable: str
    # Where the key is made, step by step, and where it is taken back.
    steps: tuple[str, ...]
    revoke: str
    # Whether a key ends by itself, on a date that no call tells.
    ends: bool
    connect: Callable[[str, str, TokenStore, RequestPace], KeyApi]
    """Called with address, key, tokens and pace."""
    # What of an entry that the service may not pass on is said, with {count} entries in words.
    stub_text: str = ""
    # What is brought in beside runs, as (store, athlete_id, api, now); see `connectors/intervals/beside.py`.
    beside: Callable[..., None] | None = None

    def address(self, environment: Mapping[str, str] | None = None) -> str:
        """Return the address that calls go to."""
        known = os.environ if environment is None else environment
        return known.get(self.variable, "").strip().rstrip("/") or self.url


@cache
def key_services() -> tuple[KeyService, ...]:
    """Return the record of each service. Adding one is adding a folder and its name."""
    return tuple(import_module(f"connectors.{name}.service").SERVICE for name in FOLDERS)


def key_service(service_id: str) -> KeyService:
    """Return the record of one service; KeyError for an unknown one."""
    return {one.id: one for one in key_services()}[service_id]
