"""The pace of calls to a service that publishes no limits: one at a time, and silence when it asks for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.errors import RequestsSpent
from connectors.sync.context import Remaining
from connectors.sync.status import in_local_words

PATIENT_S = 30.0
"""A pause up to this long is waited for inside the sync; a longer one ends it, and the next goes on."""
BARE_REFUSALS_S = (60.0, 300.0, 900.0, 1_800.0)
"""s of silence after refusals in a row that name no time."""
MOST_SHORT_REFUSALS = 5
"""Refusals in a row after which a service that asks for seconds only is left alone for longer."""
LONGEST_S = 86_400.0


class RequestPace:
    """The requests of one runner to one service. Not shared between threads."""

    def __init__(
        self,
        title: str,
        state: str | None = None,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], object] = time.sleep,
        pause_s: float = 0.0,
    ) -> None:
        self.title = title
        self.acquired = 0
        self.raise_if_stopped: Callable[[], None] = lambda: None
        self.wait = wait
        self.clock = clock
        self.pause_s = pause_s
        self._shut_until_s = 0.0
        self._refusals = 0
        self._restore(state)

    def acquire(self) -> None:
        """Count one request, after a short pause that the service asked for; raise `RequestsSpent` for a long one."""
        if self._shut_until_s - self.clock() > PATIENT_S:
            raise self._spent()
        while (left := self._shut_until_s - self.clock()) > 0:
            self.raise_if_stopped()
            self.wait(min(1.0, left))
        self.acquired += 1

    def pause_between(self) -> None:
        """Wait a little between two files."""
        if self.pause_s:
            self.wait(self.pause_s)

    def on_answer(self) -> None:
        """Record an answer that is no refusal."""
        self._refusals = 0

    def on_429(self, retry_after_s: float | None) -> None:
        """Record a refusal, and for how long it asks for silence."""
        self._refusals += 1
        pause = retry_after_s
        if pause is None or (pause <= PATIENT_S and self._refusals > MOST_SHORT_REFUSALS):
            pause = BARE_REFUSALS_S[min(self._refusals, len(BARE_REFUSALS_S)) - 1]
        self._shut_until_s = self.clock() + min(max(pause, 1.0), LONGEST_S)

    def remaining(self) -> Remaining:
        """Return that no number of requests is known."""
        return Remaining()

    def seconds_for(self, requests: int) -> float:
        """Estimate how long so many requests take at least."""
        return max(0.0, self._shut_until_s - self.clock()) + requests * self.pause_s

    def state(self) -> str:
        """Serialise it for the next process."""
        return json.dumps({"shut_until_s": self._shut_until_s, "refusals": self._refusals})

    def _spent(self) -> RequestsSpent:
        until = datetime.fromtimestamp(self._shut_until_s, UTC)
        return RequestsSpent(
            f"{self.title} takes no more requests for now. All that came in so far is kept. It goes on from "
            f"{in_local_words(until)}.",
            until,
        )

    def _restore(self, state: str | None) -> None:
        try:
            known = json.loads(state or "{}")
            shut, refusals = float(known["shut_until_s"]), int(known["refusals"])
        except (ValueError, TypeError, KeyError):
            return  # nothing known yet
        # A clock that was wrong when this was written must not shut the door for years.
        if shut < self.clock() + LONGEST_S:
            self._shut_until_s, self._refusals = shut, refusals
