"""The list of activities, from the newest to the oldest: new, changed and gone ones."""

# Each page is stored before its place is remembered, so that a sync cut off anywhere goes on from the last
# page. Strava counts activities that it does not send (hidden ones), so a short page ends no list: only an
# empty one does.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.strava.client import StravaApi
from connectors.strava.parse_api import SOURCE_NAME, gear_ids, parse_page
from connectors.strava.retention import is_one_week
from connectors.sync.activities import ALL_AGAIN, WINDOW, ActivityList, ActivityPage
from connectors.sync.context import SyncContext

LISTING = "strava.listing_to_empty"
LISTED = "strava.listed_to_empty"
"""Named anew with the end of lists: what an earlier version took for whole is read once more."""
WORN = "strava.worn"
"""Gear of the pages read so far, until each pair was asked for: a sync may be cut off in between."""
ALL_AGAIN_WEEK = timedelta(days=5)
"""How often the whole list is compared where data is forgotten after 7 days."""
OVERLAP_S = 86_400
"""Each page begins a day before the last one ended: a hidden start stands at midnight, while the list is sorted by
the true one."""


class ActivitySync(ActivityList[StravaApi]):
    """Reads the list of one runner into the store."""

    def __init__(self, context: SyncContext[StravaApi], swap: dict[str, str]) -> None:
        super().__init__(context, SOURCE_NAME, LISTING, LISTED)
        self.swap = swap
        worn = context.read(WORN)
        self.gear: set[str] = set(worn) if isinstance(worn, list) else set()

    def parse(self, items: Sequence[Any], now: datetime) -> ActivityPage:
        """Read a page of summaries, and remember the pairs that it names."""
        page = parse_page(items, self.context.athlete_id, now)
        if gear_ids(items) - self.gear:
            self.gear |= gear_ids(items)
            self.context.write(WORN, sorted(self.gear))
        for row in page.rows:
            row["shoe_id"] = self.swap.get(row["shoe_id"], row["shoe_id"])
        return page

    def ask_one(self, source_id: str) -> Any:
        """Ask for one activity; None where it is gone."""
        return self.context.api.get_activity(int(source_id))

    def all_again(self) -> timedelta:
        """Return how often the whole list is compared: more often where data is forgotten after 7 days."""
        is_week = is_one_week(self.context.store, self.context.athlete_id)
        return ALL_AGAIN_WEEK if is_week else ALL_AGAIN

    def read_window(self) -> None:
        """Read the last 30 days again."""
        began = self.context.now()
        since, page = began - WINDOW, 1
        before: list[Any] = []
        while items := self._ask(page=page, after=int(since.timestamp())):
            if items == before:
                break
            self.store_page(items)
            before, page = items, page + 1
        # A day less: the list is sorted by true starts, the store by those that are shown.
        self.follow_gone(began, since + timedelta(days=1))

    def read_all(self) -> None:
        """Read the whole list, going on where the last sync stopped, where that is due."""
        place = self.context.read(LISTING)
        if not isinstance(place, dict) or not {"began", "before", "page", "is_read"} <= place.keys():
            place = {"began": self.context.clock(), "before": None, "page": 1, "is_read": False}
        before: list[Any] = []
        while not place["is_read"]:
            items = self._page(place)
            is_repeated = bool(items) and items == before and place["page"] > 1
            self.store_page(items)
            place = {**place, "is_read": True} if is_repeated else _next_place(place, items)
            before = items
            self.context.write(LISTING, place)
        self.follow_gone(datetime.fromtimestamp(place["began"], self.context.now().tzinfo), None)
        self.context.write(LISTED, place["began"])
        self.context.write(LISTING, None)

    def _page(self, place: dict[str, Any]) -> list[Any]:
        """One page of the whole list; an empty one ends it, so it is believed only when it is empty twice."""
        items = self._ask(page=place["page"], before=place["before"])
        if not items and place["before"] is not None:
            items = self._ask(page=place["page"], before=place["before"])
        return items

    def _ask(self, **asked: Any) -> list[Any]:
        self.context.raise_if_stopped()
        return self.context.api.get_summaries(**asked)


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
