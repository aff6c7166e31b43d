"""Sessions that a takeout sums up and whose recording is still to be read: each recording goes into its session's row.

So what is said of a session while its recordings are being read still belongs to it afterwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

SAME_START = timedelta(seconds=2)
NEAR_START = timedelta(seconds=90)
LENGTH_APART = 0.05
LONGEST = timedelta(days=1)
"""A session that is part of a longer recording begins at most so long after it."""


class Measured(Protocol):
    """What a session is known by."""

    @property
    def start_utc(self) -> datetime:
        """When it began."""
        ...

    @property
    def elapsed_s(self) -> float | None:
        """From start to end."""
        ...

    @property
    def moving_s(self) -> float | None:
        """Without breaks."""
        ...

    @property
    def distance_m(self) -> float | None:
        """Its length."""
        ...


@dataclass(frozen=True)
class SummedSession:
    """One session by its totals."""

    activity_id: str
    start_utc: datetime
    elapsed_s: float | None = None
    moving_s: float | None = None
    distance_m: float | None = None
    sport: str | None = None


def fits(row: Mapping[str, Any], one: Measured) -> bool:
    """Whether a session is the one that was summed up: one start to the second, or a near one and one length."""
    apart = abs(row["start_utc"] - one.start_utc)
    if apart <= SAME_START:
        return True
    pairs = (
        (row.get("elapsed_s"), one.elapsed_s),
        (row.get("moving_s"), one.moving_s),
        (row.get("distance_m"), one.distance_m),
    )
    known = [(a, b) for a, b in pairs if a and b]
    return apart <= NEAR_START and any(abs(a - b) <= LENGTH_APART * max(a, b) for a, b in known)


def summed_as(summed: Iterable[SummedSession], facts: Mapping[str, Any]) -> SummedSession | None:
    """Return the session that a decoded recording is of, by its own start and totals."""
    if facts.get("start_utc") is None:
        return None
    fitting = [one for one in summed if fits(facts, one)]
    return min(fitting, key=lambda one: abs(one.start_utc - facts["start_utc"]), default=None)


def is_begin(begins: Sequence[datetime], begin: datetime | None) -> bool:
    """Whether one of some sessions, by their begins in order, begins when a recording does."""
    if begin is None:
        return False
    at = bisect_right(begins, begin + NEAR_START)
    return at > 0 and begin - begins[at - 1] <= NEAR_START


def share_out(
    summed: Iterable[SummedSession], begins: Sequence[datetime | None]
) -> list[tuple[SummedSession, ...]]:
    """Return for each recording, by when it begins, the sessions it may be of; no session is two recordings'."""
    order = sorted((begin, number) for number, begin in enumerate(begins) if begin is not None)
    starts = [begin for begin, _ in order]
    shares: list[list[SummedSession]] = [[] for _ in begins]
    for one in summed:
        at = bisect_right(starts, one.start_utc + NEAR_START)
        near = order[max(0, at - 2) : at]  # of two within the reach the nearer one
        if near:
            begin, number = min(near, key=lambda each: abs(each[0] - one.start_utc))
            if one.start_utc - begin <= LONGEST:
                shares[number].append(one)
    return [tuple(some) for some in shares]
