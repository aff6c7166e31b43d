"""Which recording is read next: those of the weeks before a symptom began, then the newest."""

# The totals of all runs are in by then, so what is read first is what a picture is looked at for. A date that the
# runner states while recordings are being read counts from then on.

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

import polars as pl

from connectors.frames import ANSWER, EPISODE, ONSET, STATEMENT
from connectors.store import Store

WEEKS_BEFORE = 12
"""Weeks before a symptom began whose recordings are read first; screens.md, "What you already wrote"."""
HEEL, HEEL_PARTS = "heel", ("achilles", "heel")
"""The answer that a statement is of the Achilles, and the parts of the leg that an episode of it has."""
LOOK_S = 1.0
"""How often the dates are read anew."""


class Startable(Protocol):
    """What has a start, where the table it stands in says one."""

    @property
    def start_utc(self) -> datetime | None:
        """When it began."""
        ...


Task = TypeVar("Task", bound=Startable)


class DecodeOrder:
    """The order in which recordings are read; `dates` returns the days on which symptoms began, as far as known."""

    def __init__(self, dates: Callable[[], Collection[date]], look_s: float = LOOK_S) -> None:
        self._read = dates
        self._look_s = look_s
        self._dates: frozenset[date] | None = None
        self._looked_s = 0.0

    def arrange(self, tasks: Sequence[Task]) -> list[Task]:
        """Return what is to be read, next first; unchanged while no date has been added or taken away."""
        now = time.monotonic()
        if self._dates is not None and now - self._looked_s < self._look_s:
            return list(tasks)
        self._looked_s = now
        dates = frozenset(self._read())
        if dates == self._dates:
            return list(tasks)
        self._dates = dates
        return sorted(tasks, key=lambda task: _place(task.start_utc, dates))


def _place(start: datetime | None, dates: Collection[date]) -> tuple[bool, bool, float]:
    """Place in the order; recordings without a date keep theirs, behind those that have one."""
    if start is None:
        return (True, True, 0.0)
    day = start.date()
    is_before = any(one - timedelta(weeks=WEEKS_BEFORE) <= day <= one for one in dates)
    return (not is_before, False, -start.timestamp())


def stated_dates(store: Store, athlete_id: int) -> set[date]:
    """Return the days on which the runner says that the heel began to hurt: onsets, episodes and statements."""
    onsets = store.read(ONSET, athlete_id)["onset_person_date"]
    episodes = store.read(EPISODE, athlete_id).filter(pl.col("body_part").is_in(HEEL_PARTS))["from_date"]
    answered = store.read(ANSWER, athlete_id).filter(question="statement", answer=HEEL)["question_id"]
    written = store.read(STATEMENT, athlete_id).filter(
        pl.concat_str("source", pl.lit("/"), "source_id").is_in(answered.to_list())
    )["date"]
    return set(pl.concat([onsets, episodes, written]).drop_nulls())
