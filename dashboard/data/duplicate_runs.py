"""Runs that arrived twice or overlap: what the rule took for one, and what a person says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.deduplication import hours_apart, overlaps
from connectors.frames import ACTIVITY
from connectors.store import Store
from dashboard.shared.units import Units

MOST_SHOWN = 20


@dataclass(frozen=True)
class DuplicatePair:
    """Two records of what may be one run."""

    activity_id: str
    same_as: str
    is_same: bool
    by_person: bool
    first: dict[str, Any]
    second: dict[str, Any]

    def in_words(self, units: Units, sources: Mapping[str, str], day: Callable[[date], str]) -> str:
        """Describe what the two records are."""
        both = [
            f"{units.distance_words(row['distance_m'])} ({sources.get(row['source'], row['source'])})"
            for row in (self.first, self.second)
        ]
        if not self.is_same and not self.by_person:
            return f"{day(self.first['local_date'])}: {' and '.join(both)} may be one run; both are counted."
        state = "one run" if self.is_same else "two runs"
        who = "as you said" if self.by_person else "by the rule"
        return f"{day(self.first['local_date'])}: {' and '.join(both)}, counted as {state}, {who}."


def list_duplicates(store: Store, athlete_id: int) -> list[DuplicatePair]:
    """List every pair that was taken for one run, or that a person told apart."""
    matches = store.matches(athlete_id)
    if matches.is_empty():
        return []
    rows = {row["activity_id"]: row for row in store.read(ACTIVITY, athlete_id).iter_rows(named=True)}
    pairs = [
        DuplicatePair(
            match["activity_id"],
            match["same_as"],
            match["is_same"],
            match["decided_by"] == "person",
            rows[match["activity_id"]],
            rows[match["same_as"]],
        )
        for match in matches.iter_rows(named=True)
        if match["activity_id"] in rows and match["same_as"] in rows
    ]
    return sorted(pairs, key=lambda one: one.first["start_utc"], reverse=True)


def overlapping_runs(store: Store, athlete_id: int) -> list[DuplicatePair]:
    """List pairs that may be one run (they overlap, or are alike and hours apart) of which nobody has spoken.

    Most of them are a race entered by hand beside the watch's files, so the runner decides.
    """
    sessions = store.activities(athlete_id)
    spoken = {
        frozenset(pair) for pair in store.matches(athlete_id).select("activity_id", "same_as").iter_rows()
    }
    rows = {row["activity_id"]: row for row in sessions.iter_rows(named=True)}
    both = pl.concat(
        [matches.select("activity_id", "other_id") for matches in (overlaps(sessions), hours_apart(sessions))]
    )
    pairs = both.unique(maintain_order=True).iter_rows()
    return [
        DuplicatePair(a, b, False, False, rows[a], rows[b])
        for a, b in pairs
        if frozenset((a, b)) not in spoken
    ]


def record_decision(store: Store, athlete_id: int, one: DuplicatePair, is_same: bool) -> None:
    """Store whether a pair of records is one run.

    The rule never overrules a person.
    """
    store.decide_matches(athlete_id, [(one.activity_id, one.same_as, is_same, "person")])
