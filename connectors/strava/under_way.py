"""One sync under way: what its steps share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from connectors.source import Progress
from connectors.store import Store
from connectors.strava.api import Api
from connectors.strava.budget import Budget
from connectors.strava.standing import STOP, Standing, SyncResult, write_standing

BUDGET = "strava.budget"
SECONDS_BETWEEN_WORDS = 0.5


class StopAskedError(Exception):
    """Somebody asked the sync to stop; never leaves `connectors.strava`."""


@dataclass
class UnderWay:
    """One sync of one runner.

    Parameters
    ----------
    store, athlete_id
        Where to, and whose.
    api, budget
        How to ask, and how often.
    clock
        s since 1970-01-01 UTC.
    progress
        Told what is done, what there is in all (0 unknown), and one word on the step.
    should_stop
        Asked before each request.
    job_id
        Row in the store's jobs.
    standing, result
        How it stands, and what came of it so far.
    """

    store: Store
    athlete_id: int
    api: Api
    budget: Budget
    clock: Callable[[], float]
    progress: Progress
    should_stop: Callable[[], bool]
    job_id: int
    standing: Standing = field(default_factory=Standing)
    result: SyncResult = field(default_factory=SyncResult)
    _last_word: float = 0.0

    def now(self) -> datetime:
        """Tell the time.

        Returns
        -------
        datetime
            Aware, UTC.
        """
        return datetime.fromtimestamp(self.clock(), UTC)

    def pause_point(self) -> None:
        """Stop here if somebody asked for it: everything before is stored, nothing is half done.

        Raises
        ------
        StopAskedError
            To be caught by `sync`.
        """
        if self.should_stop() or STOP in self.store.bookmarks(self.athlete_id):
            raise StopAskedError

    def read(self, name: str) -> Any:
        """Read a bookmark.

        Parameters
        ----------
        name : str
            Of the bookmark.

        Returns
        -------
        any
            What was written; None when nothing was, or nothing that can be read.
        """
        try:
            return json.loads(self.store.bookmarks(self.athlete_id).get(name, "null"))
        except ValueError:
            return None

    def write(self, name: str, value: Any) -> None:
        """Move a bookmark, and keep the count of requests with it.

        Parameters
        ----------
        name : str
            Of the bookmark.
        value : any
            What JSON can hold; None takes it away.
        """
        text = None if value is None else json.dumps(value)
        self.store.set_bookmarks(self.athlete_id, {name: text, BUDGET: self.budget.state()})

    def say(self, word: str, done: int, total: int | None, at_once: bool = False, **changed: Any) -> None:
        """Tell everybody who watches how it stands, twice a second at most.

        Parameters
        ----------
        word : str
            One word on the step.
        done : int
            Parts done.
        total : int or None
            Parts in all, None while not known.
        at_once : bool
            Even if the last word was just said.
        **changed
            What changed in `standing`.
        """
        left = self.budget.left()
        self.standing = replace(self.standing, window_left=left.window, day_left=left.day, **changed)
        self.progress(done, total or 0, word)
        if at_once or time.monotonic() - self._last_word >= SECONDS_BETWEEN_WORDS:
            self._last_word = time.monotonic()
            write_standing(self.store, self.athlete_id, self.standing)
            self.store.jobs.step(self.job_id, done, total, self.standing.in_words(self.now()))
