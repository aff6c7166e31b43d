"""Pairs of shoes that a service names beside its activities; one that is here under the same name stays one pair."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from connectors.frames import SHOE
from connectors.source import stable_id
from connectors.sync.context import SyncContext
from connectors.sync.key_service import Gear, KeyApi, KeyService

GEAR = "gear"
"""Bookmark: gear of the service to pair and name."""


class PairList:
    """The pairs of one runner at one service."""

    def __init__(self, context: SyncContext[KeyApi], service: KeyService) -> None:
        self.context, self.service = context, service
        known = context.read(context.name(GEAR))
        self._known: dict[str, list[str]] = known if isinstance(known, dict) else {}

    def store(self, gear: Mapping[str, Gear], now: datetime) -> dict[str, str]:
        """Store the pairs that a page names; return the pair of each entry."""
        fresh = {one.gear_id: one for one in gear.values() if self._is_new(one)}
        if fresh:
            self._store_pairs(fresh, now)
        context = self.context
        self.context.result.shoes = len(self._known)
        seen = sorted({one.gear_id for one in gear.values()})
        context.store.touch(SHOE, context.athlete_id, self.service.source, seen, now)
        return {source_id: self._known[one.gear_id][0] for source_id, one in gear.items()}

    def _is_new(self, one: Gear) -> bool:
        known = self._known.get(one.gear_id)
        return known is None or known[1] != one.name

    def _store_pairs(self, fresh: Mapping[str, Gear], now: datetime) -> None:
        context, source = self.context, self.service.source
        pairs = context.store.read(SHOE, context.athlete_id)
        rows = []
        for gear_id, one in sorted(fresh.items()):
            own_id = stable_id(context.athlete_id, source, gear_id)
            known = self._known.get(gear_id)
            pair = known[0] if known else self._same_name(one, pairs) or own_id
            self._known[gear_id] = [pair, one.name]
            if pair == own_id:
                rows.append(
                    {
                        "shoe_id": own_id,
                        "athlete_id": context.athlete_id,
                        "source": source,
                        "source_id": gear_id,
                        "fetched_utc": now,
                        "name": one.name,
                    }
                )
        if rows:
            context.store.write(SHOE, pl.DataFrame(rows, schema=SHOE.schema))
        context.write(context.name(GEAR), self._known)

    def _same_name(self, one: Gear, pairs: pl.DataFrame) -> str | None:
        """Return the pair of another source that has this name, where just one has it and no other gear is it."""
        name = _plain(one.name)
        others = pairs.filter(pl.col("source") != self.service.source)
        same = {shoe for shoe, own in others.select("shoe_id", "name").iter_rows() if _plain(own) == name}
        same -= {shoe for gear_id, (shoe, _) in self._known.items() if gear_id != one.gear_id}
        return same.pop() if len(same) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
