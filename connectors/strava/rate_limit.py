"""Rate limiter fed by the headers of answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.errors import BudgetSpent
from connectors.sync.context import Remaining
from connectors.sync.status import in_local_words

_PAIRS = (
    ("x-ratelimit-limit", "x-ratelimit-usage"),
    ("x-readratelimit-limit", "x-readratelimit-usage"),
)


def rates_of(headers: Mapping[str, str], place: int) -> list[tuple[int, int] | None]:
    """Read limits and use.

    Strava's rate limits. On some answers the use of reads is `","`, and a refusal may come without any.
    """
    return [_rate(headers, names, place) for names in _PAIRS]


def _rate(headers: Mapping[str, str], names: tuple[str, str], place: int) -> tuple[int, int] | None:
    texts = [headers.get(name, "").split(",") for name in names]
    numbers = [t[place].strip() for t in texts if place < len(t) and t[place].strip().isdecimal()]
    if len(numbers) != len(names) or int(numbers[0]) <= 0:
        return None
    return int(numbers[0]), int(numbers[1])


def sent_at(headers: Mapping[str, str]) -> float | None:
    """Read the server's clock.

    References
    ----------
    RFC 9110, 6.6.1.
    """
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return None


WINDOW_S = 900
DAY_S = 86_400
FIRST_LIMITS = ((200, 2_000), (100, 1_000))
"""Requests, and reads among them, that a new app may make in a quarter hour and a day, until headers say otherwise."""
RESERVE_SHARE = 20
"""One request in this many is left for others: linking, the app's own page, another program."""
EDGE_S = 2.0
"""A new window counts as begun this much later: clocks differ by a second."""
BARE_REFUSALS = 2
"""Refusals in a row without numbers after which the day, not the quarter hour, must be what is spent."""

_LENGTHS = (WINDOW_S, DAY_S)
_NUMBERS = 11


class RateLimiter:
    """The requests of one app. Not shared between threads."""

    def __init__(self, state: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._ahead_s = 0.0
        self._number = [0, 0]
        # For all requests and for reads, which count as both: quarter hour and day.
        self._used = [[0, 0], [0, 0]]
        self._at_edge = [0, 0]
        self._limits = [list(pair) for pair in FIRST_LIMITS]
        self._shut_until_s = 0.0
        self._refusals = 0
        self.acquired = 0
        self._restore(state)

    def acquire(self) -> None:
        """Count one request, or raise `BudgetSpent` where none is left.

        Strava's rate limits: a refused request counts too, so it is better not made.
        """
        until = self.spent_until()
        if until is not None:
            raise BudgetSpent(_sentence(until), until)
        self._used = [[used + 1 for used in pair] for pair in self._used]
        for i, length in enumerate(_LENGTHS):
            # The server, whose header drops the fraction of a second, may count this request in its next window.
            if (self._now() + EDGE_S + 1) // length > self._number[i]:
                self._at_edge[i] += 1
        self.acquired += 1

    def spent_until(self) -> datetime | None:
        """Return when there are requests again; None where there are some now.

        Quarter hours and days are the server's, so its clock is followed, not this machine's.
        """
        now = self._now()
        self._roll_over(now)
        ends = [self._shut_until_s] if now < self._shut_until_s else []
        for i, length in enumerate(_LENGTHS):
            if not self._rest(i):
                ends.append((self._number[i] + 1) * length + EDGE_S)
        return datetime.fromtimestamp(max(ends) - self._ahead_s, UTC) if ends else None

    def remaining(self) -> Remaining:
        """Count what is left now.

        For the page and the command to show.
        """
        self._roll_over(self._now())
        window, day = self._rest(0), self._rest(1)
        return Remaining(min(window, day), day)

    def seconds_for(self, requests: int) -> float:
        """Estimate how long so many requests take if only the limits hold them up.

        Full quarter hours until the day is spent, then the next day.
        """
        now = self._now()
        self._roll_over(now)
        at, day = now, self._rest(1)
        window = min(self._rest(0), day)
        while requests > 0:
            used = min(requests, window, day)
            requests, day = requests - used, day - used
            if requests <= 0:
                break
            length = WINDOW_S if day > 0 else DAY_S
            at = (at // length + 1) * length + EDGE_S
            window, day = self._allowed(0), (day if day > 0 else self._allowed(1))
        return at - now

    def update(self, headers: Mapping[str, str]) -> None:
        """Update limits and use from the headers of an answer.

        Strava's rate limits: reads count against both pairs of headers; on some answers the second is `","`.
        """
        lower = {name.lower(): value for name, value in headers.items()}
        there = sent_at(lower)
        if there is not None:
            # The header has whole seconds and is a little old: within that, both clocks are the same.
            apart = there - self._clock()
            self._ahead_s = apart if abs(apart) > EDGE_S else 0.0
        now = self._now() if there is None else there
        for i, length in enumerate(_LENGTHS):
            for pair, rate in enumerate(rates_of(lower, i)):
                if rate is None:
                    continue
                if now // length > self._number[i]:
                    self._begin(i, int(now // length))
                self._limits[pair][i] = rate[0]
                self._used[pair][i] = max(self._used[pair][i], rate[1])
        self._refusals = 0

    def on_429(self, headers: Mapping[str, str]) -> BudgetSpent:
        """Record a 429 and return the error to raise."""
        # A 429 comes without a time to wait for. Without numbers the quarter hour is taken as spent, and when
        # that was wrong twice, the day.
        before = self._refusals
        self.update(headers)
        now = self._now()
        self._refusals = before + 1
        length = DAY_S if self._refusals > BARE_REFUSALS else WINDOW_S
        self._shut_until_s = max(self._shut_until_s, (now // length + 1) * length + EDGE_S)
        until = self.spent_until() or datetime.fromtimestamp(self._shut_until_s - self._ahead_s, UTC)
        return BudgetSpent(_sentence(until), until)

    def state(self) -> str:
        """Serialise limits and use for the next process.

        What was used belongs to the app, not to one run of a program.
        """
        return json.dumps(
            {
                "ahead_s": self._ahead_s,
                "number": self._number,
                "used": self._used,
                "at_edge": self._at_edge,
                "limits": self._limits,
                "shut_until_s": self._shut_until_s,
                "refusals": self._refusals,
            }
        )

    def _restore(self, state: str | None) -> None:
        try:
            known = json.loads(state or "{}")
            ahead, shut, refusals = known["ahead_s"], known["shut_until_s"], known["refusals"]
            number, used, limits = ([*known[name]] for name in ("number", "used", "limits"))
            at_edge = [int(n) for n in known.get("at_edge", (0, 0))]
            flat = [int(n) for n in (*number, *used[0], *used[1], *limits[0], *limits[1], refusals)]
        except (ValueError, TypeError, KeyError, IndexError):
            return  # nothing known yet: the first answer tells
        if len(flat) != _NUMBERS or len(at_edge) != len(_LENGTHS):
            return
        self._ahead_s = float(ahead)
        now = self._now()
        self._limits = [flat[6:8], flat[8:10]]
        # A clock that was wrong when this was written must not shut the door for years.
        if shut < now + 2 * DAY_S:
            self._shut_until_s, self._refusals = float(shut), flat[10]
        for i, length in enumerate(_LENGTHS):
            if flat[i] <= now // length + 1:
                self._number[i], self._at_edge[i] = flat[i], at_edge[i]
                self._used[0][i], self._used[1][i] = flat[2 + i], flat[4 + i]

    def _allowed(self, i: int) -> int:
        return min(pair[i] - pair[i] // RESERVE_SHARE for pair in self._limits)

    def _rest(self, i: int) -> int:
        """What is left of a quarter hour or day, by the tighter of the two limits."""
        pairs = zip(self._limits, self._used, strict=True)
        return max(0, min(limit[i] - limit[i] // RESERVE_SHARE - used[i] for limit, used in pairs))

    def _begin(self, i: int, number: int) -> None:
        """Count a new quarter hour or day from the requests that may have fallen into it already."""
        for pair in self._used:
            pair[i] = self._at_edge[i] if number == self._number[i] + 1 else 0
        self._number[i], self._at_edge[i] = number, 0

    def _now(self) -> float:
        """Seconds since 1970 by the server's clock, as far as it is known."""
        return self._clock() + self._ahead_s

    def _roll_over(self, now: float) -> None:
        """Begin to count anew where a quarter hour or a day has surely ended."""
        for i, length in enumerate(_LENGTHS):
            number = int((now - EDGE_S) // length)
            if number > self._number[i]:
                self._begin(i, number)


def _sentence(until: datetime) -> str:
    return (
        "Strava allows no more requests for now. All that came in so far is kept. "
        f"It goes on from {in_local_words(until)}."
    )
