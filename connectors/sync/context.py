"""One sync under way: what its steps share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from connectors.source import Progress
from connectors.store import Store
from connectors.sync.status import BUDGET, STOP, SyncResult, SyncStatus, bookmark, write_status

SECONDS_BETWEEN_WORDS = 0.5


class StopAskedError(Exception):
    """Somebody asked the sync to stop; never leaves a sync."""


@dataclass(frozen=True)
class Remaining:
    """What may still be asked; None where the service has no such limit."""

    window: int | None = None
    day: int | None = None


class RequestBudget(Protocol):
    """The requests that a service allows."""

    acquired: int

    def remaining(self) -> Remaining:
        """Count what is left now."""
        ...

    def seconds_for(self, requests: int) -> float:
        """Estimate how long so many requests take."""
        ...

    def state(self) -> str:
        """Serialise it for the next process."""
        ...


Api = TypeVar("Api")


@dataclass
class SyncContext(Generic[Api]):
    """One sync of one runner with one service."""

    service: str
    store: Store
    athlete_id: int
    api: Api
    budget: RequestBudget
    clock: Callable[[], float]
    progress: Progress
    should_stop: Callable[[], bool]
    job_id: int
    status: SyncStatus = field(default_factory=SyncStatus)
    result: SyncResult = field(default_factory=SyncResult)
    _last_word: float = 0.0

    def now(self) -> datetime:
        """Return the time."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def name(self, part: str) -> str:
        """Return the name of a bookmark of this service."""
        return bookmark(self.service, part)

    def raise_if_stopped(self) -> None:
        """Raise `StopAskedError` if somebody asked to stop: everything before is stored, nothing is half done."""
        self.store.raise_if_forgotten(self.athlete_id)
        if self.should_stop() or self.name(STOP) in self.store.bookmarks(self.athlete_id):
            raise StopAskedError

    def read(self, name: str) -> Any:
        """Read a bookmark."""
        try:
            return json.loads(self.store.bookmarks(self.athlete_id).get(name, "null"))
        except ValueError:
            return None

    def write(self, name: str, value: Any) -> None:
        """Move a bookmark, and keep the count of requests with it."""
        text = None if value is None else json.dumps(value)
        self.store.set_bookmarks(self.athlete_id, {name: text, self.name(BUDGET): self.budget.state()})

    def report_progress(
        self, word: str, done: int, total: int | None, at_once: bool = False, **changed: Any
    ) -> None:
        """Write progress and status, twice a second at most."""
        left = self.budget.remaining()
        self.status = replace(self.status, window_left=left.window, day_left=left.day, **changed)
        self.progress(done, total or 0, word)
        if at_once or time.monotonic() - self._last_word >= SECONDS_BETWEEN_WORDS:
            self._last_word = time.monotonic()
            write_status(self.store, self.athlete_id, self.status, self.service)
            self.store.jobs.step(self.job_id, done, total, self.status.in_words(self.now()))
