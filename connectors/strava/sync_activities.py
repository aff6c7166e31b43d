"""The list of activities, from the newest to the oldest: new, changed and gone ones."""

# Each page is stored before its place is remembered, so that a sync cut off anywhere goes on from the last
# page. Strava counts activities that it does not send (hidden ones), so a short page ends no list: only an
# empty one does.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from connectors.frames import ACTIVITY, split
from connectors.local_date import machine_zone, usual_zone, with_local_date
from connectors.source import Skipped
from connectors.strava.parse_api import SOURCE_NAME, api_number, as_frame, gear_ids, parse_page
from connectors.strava.recording_state import carry_recording
from connectors.strava.retention import is_one_week
from connectors.strava.sync_context import SyncContext

LISTING = "strava.listing_to_empty"
LISTED = "strava.listed_to_empty"
"""Named anew with the end of lists: what an earlier version took for whole is read once more."""
WORN = "strava.worn"
"""Gear of the pages read so far, until each pair was asked for: a sync may be cut off in between."""
WINDOW = timedelta(days=30)
"""Read again at every sync: most edits and late uploads concern the last weeks."""
ALL_AGAIN = timedelta(days=28)
ALL_AGAIN_WEEK = timedelta(days=5)
"""How often the whole list is compared; more often where data is forgotten after 7 days."""
OVERLAP_S = 86_400
"""Each page begins a day before the last one ended: a hidden start stands at midnight, while the list is sorted by
the true one."""


class ActivitySync:
    """Reads the list of one runner into the store."""

    def __init__(self, context: SyncContext, swap: dict[str, str]) -> None:
        self.context = context
        self.swap = swap
        worn = context.read(WORN)
        self.gear: set[str] = set(worn) if isinstance(worn, list) else set()
        rows = context.store.read(ACTIVITY, context.athlete_id)
        zone = context.store.settings(context.athlete_id).get("timezone")
        self._zone = zone or usual_zone(rows) or machine_zone()
        self._stored = rows.filter(pl.col("source") == SOURCE_NAME)
        self._ids = set(self._stored["source_id"].to_list())
        self._done: dict[str, int] = {}

    def read_window(self) -> None:
        """Read the last 30 days again."""
        began = self.context.now()
        since, page = began - WINDOW, 1
        before: list[Any] = []
        while items := self._ask(page=page, after=int(since.timestamp())):
            if items == before:
                break
            self._store_page(items)
            before, page = items, page + 1
        # A day less: the list is sorted by true starts, the store by those that are shown.
        self._follow_gone(began, since + timedelta(days=1))

    def read_all(self) -> None:
        """Read the whole list, going on where the last sync stopped, where that is due."""
        place = self.context.read(LISTING)
        if not isinstance(place, dict) or not {"began", "before", "page", "is_read"} <= place.keys():
            place = {"began": self.context.clock(), "before": None, "page": 1, "is_read": False}
        before: list[Any] = []
        while not place["is_read"]:
            items = self._page(place)
            is_repeated = bool(items) and items == before and place["page"] > 1
            self._store_page(items)
            place = {**place, "is_read": True} if is_repeated else _next_place(place, items)
            before = items
            self.context.write(LISTING, place)
        self._follow_gone(datetime.fromtimestamp(place["began"], self.context.now().tzinfo), None)
        self.context.write(LISTED, place["began"])
        self.context.write(LISTING, None)

    def is_begun(self) -> bool:
        """Return whether a sync before this one has read at least a page of the whole list."""
        return self.context.read(LISTING) is not None or self.context.read(LISTED) is not None

    def is_all_due(self) -> bool:
        """Return whether the whole list has to be read, or read on."""
        if self.context.read(LISTING) is not None:
            return True
        listed = api_number(self.context.read(LISTED))
        often = ALL_AGAIN_WEEK if is_one_week(self.context.store, self.context.athlete_id) else ALL_AGAIN
        # A date in the future is from a clock that was wrong.
        return listed is None or not 0 <= self.context.clock() - listed < often.total_seconds()

    def _page(self, place: dict[str, Any]) -> list[Any]:
        """One page of the whole list; an empty one ends it, so it is believed only when it is empty twice."""
        items = self._ask(page=place["page"], before=place["before"])
        if not items and place["before"] is not None:
            items = self._ask(page=place["page"], before=place["before"])
        return items

    def _ask(self, **asked: Any) -> list[Any]:
        self.context.raise_if_stopped()
        return self.context.api.get_summaries(**asked)

    def _store_page(self, items: Sequence[Any]) -> None:
        """Store one page."""
        context, result = self.context, self.context.result
        now = context.now()
        page = parse_page(items, context.athlete_id, now)
        result.skipped += [one for one in page.skipped if one not in result.skipped]
        if gear_ids(items) - self.gear:
            self.gear |= gear_ids(items)
            context.write(WORN, sorted(self.gear))
        for row in page.rows:
            row["shoe_id"] = self.swap.get(row["shoe_id"], row["shoe_id"])
        fresh = [row for row in page.rows if self._done.get(row["source_id"]) != _facts(row)]
        stored = self._store([carry_recording(row, stored_row) for row, stored_row in self._beside(fresh)])
        for row in fresh:
            self._done[row["source_id"]] = _facts(row)
            if row["sport"] in page.unknown_sports:
                result.unknown_sports[row["sport"]] = result.unknown_sports.get(row["sport"], 0) + 1
        context.store.touch(
            ACTIVITY, context.athlete_id, SOURCE_NAME, [r["source_id"] for r in page.rows], now
        )
        self._ids.update(stored)
        context.report_progress(
            "activities", len(self._ids), None, state="listing", activities=len(self._ids)
        )

    def _beside(self, rows: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
        ids = [row["source_id"] for row in rows]
        stored = self._stored.filter(pl.col("source_id").is_in(ids))
        by_id = {row["source_id"]: row for row in stored.iter_rows(named=True)}
        return [(row, by_id.get(row["source_id"])) for row in rows]

    def _store(self, rows: list[dict[str, Any]]) -> list[str]:
        context, counts = self.context, self.context.result.activities
        dated = with_local_date(as_frame(rows), self._zone)
        good, rejected = split(dated, ACTIVITY)
        for rule in rejected:
            names = dated["source_id"][list(rule.rows)]
            context.result.skipped += [Skipped(f"activity {name}", f"{rule.rule}.") for name in names]
        written = context.store.write(ACTIVITY, good)
        for word in ("new", "updated", "unchanged"):
            counts[word] += getattr(written, word)
        bare = good.filter(pl.col("file_hash").is_null())["activity_id"].to_list()
        had = self._stored.filter(pl.col("activity_id").is_in(bare), pl.col("sample_rows") > 0)
        # These were changed so that their recordings no longer belong to them.
        context.store.samples.delete(context.athlete_id, had["activity_id"].to_list())
        return good["source_id"].to_list()

    def _follow_gone(self, began: datetime, since: datetime | None) -> None:
        """Ask for each activity that the list no longer holds, and delete it only where Strava says it is gone."""
        context = self.context
        rows = context.store.read(ACTIVITY, context.athlete_id)
        missing = rows.filter(pl.col("source") == SOURCE_NAME, pl.col("fetched_utc") < began)
        if since is not None:
            missing = missing.filter(pl.col("start_utc") > since)
        for source_id in missing.sort("start_utc", descending=True)["source_id"].to_list():
            context.raise_if_stopped()
            activity = context.api.get_activity(int(source_id))
            if activity is not None:
                self._store_page([activity])
                continue
            context.result.activities["deleted"] += context.store.delete(
                ACTIVITY, context.athlete_id, SOURCE_NAME, [source_id]
            )
            self._ids.discard(source_id)


def _facts(row: dict[str, Any]) -> int:
    """A number that is the same for the same facts, whenever they were fetched."""
    return hash(tuple(value for name, value in row.items() if name != "fetched_utc"))


def _next_place(place: dict[str, Any], items: Sequence[Any]) -> dict[str, Any]:
    """Where the next page begins: by date, so that activities added or deleted meanwhile shift nothing."""
    if not items:
        return {**place, "is_read": True}
    rows = parse_page(items, 1, datetime.fromtimestamp(place["began"]).astimezone()).rows
    starts = [row["start_utc"].timestamp() for row in rows]
    is_newest_first = len(starts) > 1 and starts[0] >= starts[-1]
    before = int(min(starts)) + OVERLAP_S if starts else None
    if is_newest_first and before is not None and (place["before"] is None or before < place["before"]):
        return {**place, "before": before, "page": 1}
    return {**place, "page": place["page"] + 1}
