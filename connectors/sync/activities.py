"""The list of activities of one service in the store: new, changed and gone ones."""

# Each page is stored before its place is remembered, so that a sync cut off anywhere goes on from the last
# page. Services count activities that they do not send, so a short page ends no list: only an empty one does.

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic

import polars as pl

from connectors.frames import ACTIVITY, split
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.source import Skipped
from connectors.store.rows import Counts
from connectors.sync.context import Api, SyncContext
from connectors.sync.recording_state import carry_recording
from connectors.sync.written_clauses import delete_clauses

WINDOW = timedelta(days=30)
"""Read again at every sync: most edits and late uploads concern the last weeks."""
ALL_AGAIN = timedelta(days=28)
"""How often the whole list is compared."""


@dataclass
class ActivityPage:
    """What one page of a list holds."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_sports: dict[str, int] = field(default_factory=dict)


class ActivityList(ABC, Generic[Api]):
    """Reads the list of one runner into the store; a service says how it is paged, parsed and asked for one."""

    def __init__(self, context: SyncContext[Api], source_name: str, listing: str, listed: str) -> None:
        self.context = context
        self.source_name = source_name
        # Bookmarks: the place in a list being read, and when the whole list was read last.
        self.listing, self.listed = listing, listed
        rows = context.store.read(ACTIVITY, context.athlete_id)
        zone = context.store.settings(context.athlete_id).get("timezone")
        self._zone = zone or usual_zone(rows) or machine_zone()
        self._stored = rows.filter(pl.col("source") == source_name)
        self._ids = set(self._stored["source_id"].to_list())
        self._done: dict[str, int] = {}

    @abstractmethod
    def parse(self, items: Sequence[Any], now: datetime) -> ActivityPage:
        """Read a page of the list; one odd item never stops the others."""

    @abstractmethod
    def ask_one(self, source_id: str) -> Any:
        """Ask for one activity; None where the service says that it is gone."""

    def all_again(self) -> timedelta:
        """Return how often the whole list is compared."""
        return ALL_AGAIN

    def is_begun(self) -> bool:
        """Return whether a sync before this one has read at least a page of the whole list."""
        return self.context.read(self.listing) is not None or self.context.read(self.listed) is not None

    def is_all_due(self) -> bool:
        """Return whether the whole list has to be read, or read on."""
        if self.context.read(self.listing) is not None:
            return True
        listed = self.context.read(self.listed)
        if isinstance(listed, bool) or not isinstance(listed, int | float):
            return True
        # A date in the future is from a clock that was wrong.
        return not 0 <= self.context.clock() - listed < self.all_again().total_seconds()

    def store_page(self, items: Sequence[Any]) -> None:
        """Store one page."""
        context, result = self.context, self.context.result
        now = context.now()
        page = self.parse(items, now)
        result.skipped += [one for one in page.skipped if one not in result.skipped]
        fresh = [row for row in page.rows if self._done.get(row["source_id"]) != _facts(row)]
        stored = self._store([carry_recording(row, stored_row) for row, stored_row in self._beside(fresh)])
        for row in fresh:
            self._done[row["source_id"]] = _facts(row)
            if row["sport"] in page.unknown_sports:
                result.unknown_sports[row["sport"]] = result.unknown_sports.get(row["sport"], 0) + 1
        context.store.touch(
            ACTIVITY, context.athlete_id, self.source_name, [r["source_id"] for r in page.rows], now
        )
        self._ids.update(stored)
        context.report_progress(
            "activities", len(self._ids), None, state="listing", activities=len(self._ids)
        )

    def _beside(self, rows: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
        ids = [row["source_id"] for row in rows]
        stored = self._stored.filter(pl.col("source_id").is_in(ids))
        by_id = {row["source_id"]: row for row in stored.iter_rows(named=True)}
        return [(row, self.stored_row(row["source_id"], by_id)) for row in rows]

    def stored_row(self, source_id: str, by_id: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
        """Return the row on record of an entry."""
        return by_id.get(source_id)

    def write_rows(self, rows: pl.DataFrame) -> Counts:
        """Write rows that keep their contract."""
        return self.context.store.write(ACTIVITY, rows)

    def _store(self, rows: list[dict[str, Any]]) -> list[str]:
        context, counts = self.context, self.context.result.activities
        dated = with_local_date(pl.DataFrame(rows, schema=ACTIVITY.schema), self._zone)
        good, rejected = split(dated, ACTIVITY)
        for rule in rejected:
            names = dated["source_id"][list(rule.rows)]
            context.result.skipped += [Skipped(f"activity {name}", f"{rule.rule}.") for name in names]
        written = self.write_rows(good)
        for word in ("new", "updated", "unchanged"):
            counts[word] += getattr(written, word)
        bare = good.filter(pl.col("file_hash").is_null())["activity_id"].to_list()
        had = self._stored.filter(pl.col("activity_id").is_in(bare), pl.col("sample_rows") > 0)
        # These were changed so that their recordings no longer belong to them.
        context.store.samples.delete(context.athlete_id, had["activity_id"].to_list())
        return good["source_id"].to_list()

    def follow_gone(self, began: datetime, since: datetime | None) -> None:
        """Ask for each activity that the list no longer holds, and delete it only where Strava says it is gone."""
        context = self.context
        rows = context.store.read(ACTIVITY, context.athlete_id)
        missing = rows.filter(pl.col("source") == self.source_name, pl.col("fetched_utc") < began)
        if since is not None:
            missing = missing.filter(pl.col("start_utc") > since)
        newest_first = missing.sort("start_utc", descending=True)
        for source_id, activity_id in newest_first.select("source_id", "activity_id").iter_rows():
            context.raise_if_stopped()
            activity = self.ask_one(source_id)
            if activity is True:  # it is there, in another shape than the list's
                context.store.touch(
                    ACTIVITY, context.athlete_id, self.source_name, [source_id], context.now()
                )
                continue
            if activity is not None:
                self.store_page([activity])
                continue
            context.result.activities["deleted"] += context.store.delete(
                ACTIVITY, context.athlete_id, self.source_name, [source_id]
            )
            delete_clauses(context.store, context.athlete_id, self.source_name, activity_id)
            self._ids.discard(source_id)


def _facts(row: dict[str, Any]) -> int:
    """A number that is the same for the same facts, whenever they were fetched."""
    return hash(tuple(value for name, value in row.items() if name != "fetched_utc"))
