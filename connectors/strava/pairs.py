"""Shoes and zones of one account, brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.errors import ScopeMissing, StravaTroubled
from connectors.frames import ACTIVITY, SHOE
from connectors.source import Skipped, stable_id
from connectors.strava.gear import known_pair, names_of, parse_gear
from connectors.strava.listing import ALL_AGAIN, ALL_AGAIN_WEEK, WORN
from connectors.strava.policy import keeps_a_week
from connectors.strava.summaries import SOURCE_NAME, number
from connectors.strava.under_way import UnderWay

GEAR = "strava.gear"
ZONES = "strava.zones"


class Pairs:
    """The shoes of one account.

    Parameters
    ----------
    way
        The sync under way.
    """

    def __init__(self, way: UnderWay) -> None:
        self.way = way
        known = way.read(GEAR)
        self._known: dict[str, dict[str, Any]] = known if isinstance(known, dict) else {}
        week = keeps_a_week(way.store, way.athlete_id)
        self._often_s = (ALL_AGAIN_WEEK if week else ALL_AGAIN).total_seconds()

    @property
    def swap(self) -> dict[str, str]:
        """`shoe_id` as the API would have it, to the one of the same pair in an export."""
        return {
            self._own_id(gear_id): pair["shoe_id"]
            for gear_id, pair in self._known.items()
            if pair.get("shoe_id") and pair["shoe_id"] != self._own_id(gear_id)
        }

    def read_profile(self) -> None:
        """Bring in the pairs in use: one request.

        Raises
        ------
        StravaError, StoreError
            What came in before stays. A profile that Strava cannot give is passed over.
        """
        self.way.pause_point()
        try:
            listed = self.way.api.get_athlete().get("shoes")
        except (ScopeMissing, StravaTroubled) as error:
            self.way.result.notes.append(Skipped("profile", str(error)))
            return
        shoes = listed if isinstance(listed, list) else []
        self._keep([one for one in shoes if isinstance(one, Mapping)])

    def read_worn(self, gear_ids: set[str]) -> None:
        """Bring in each pair that was worn, retired ones too, once and then now and again.

        Parameters
        ----------
        gear_ids : set of str
            From the summaries.

        Raises
        ------
        StravaError, StoreError
            What came in before stays. A pair that Strava cannot give is passed over until the next sync.
        """
        now = self.way.clock()
        for gear_id in sorted(gear_ids):
            asked = number(self._known.get(gear_id, {}).get("asked"))
            if asked is not None and 0 <= now - asked < self._often_s:
                continue
            self.way.pause_point()
            try:
                found = self.way.api.get_gear(gear_id)
            except StravaTroubled as error:
                self.way.result.notes.append(Skipped(f"shoes {gear_id}", str(error)))
                continue
            if found is not None or gear_id not in self._known:
                # A pair deleted on Strava keeps the name it had.
                self._keep([found or {"id": gear_id}])
            self._known.setdefault(gear_id, {})["asked"] = now
            self.way.write(GEAR, self._known)
        self.way.write(WORN, None)

    def read_zones(self) -> None:
        """Bring in the heart rate zones, now and again.

        Raises
        ------
        StravaError, StoreError
            What came in before stays. Without the right to read them, they are passed over.
        """
        kept = self.way.read(ZONES)
        at = number(kept.get("fetched")) if isinstance(kept, dict) else None
        if at is not None and 0 <= self.way.clock() - at < self._often_s:
            return
        self.way.pause_point()
        try:
            zones = self.way.api.get_zones()
        except (ScopeMissing, StravaTroubled) as error:
            self.way.result.notes.append(Skipped("zones", str(error)))
            return
        self.way.write(ZONES, {"fetched": self.way.clock(), "zones": zones})

    def _own_id(self, gear_id: str) -> str:
        return stable_id(self.way.athlete_id, SOURCE_NAME, gear_id)

    def _keep(self, given: list[Mapping[str, Any]]) -> None:
        """Store pairs; one that an export knows by the same name stays that pair."""
        way = self.way
        stored = way.store.read(SHOE, way.athlete_id)
        before = {row["shoe_id"]: row for row in stored.iter_rows(named=True)}
        rows = []
        for one in sorted(given, key=lambda gear: _number(gear.get("id")) or 0):
            row = parse_gear(one, way.athlete_id, way.now())
            if row is None:
                continue
            kept = before.get(row["shoe_id"])
            same = None if kept else self._exported(one, row["source_id"], stored)
            self._known.setdefault(row["source_id"], {})["shoe_id"] = same or row["shoe_id"]
            if same is None:
                rows.append(_filled(row, kept))
        if rows:
            frame = pl.DataFrame(rows, schema=SHOE.schema).unique(
                "source_id", keep="last", maintain_order=True
            )
            way.store.write(SHOE, frame)
            way.store.touch(SHOE, way.athlete_id, SOURCE_NAME, frame["source_id"].to_list(), way.now())
        way.result.shoes = len(self._known)
        self._rewear()
        way.write(GEAR, self._known)

    def _exported(self, one: Mapping[str, Any], gear_id: str, stored: pl.DataFrame) -> str | None:
        """The pair of an export that this one is, unless another of its name is that pair already."""
        same = known_pair(names_of(one), stored, _number(gear_id))
        taken = {known.get("shoe_id") for other, known in self._known.items() if other != gear_id}
        return None if same in taken else same

    def _rewear(self) -> None:
        """Give activities that are here already the pair that an export knows."""
        swap = self.swap
        if not swap:
            return
        rows = self.way.store.read(ACTIVITY, self.way.athlete_id)
        wearing = rows.filter(pl.col("source") == SOURCE_NAME, pl.col("shoe_id").is_in(list(swap)))
        if wearing.height:
            self.way.store.write(ACTIVITY, wearing.with_columns(pl.col("shoe_id").replace(swap)))


def _number(gear_id: object) -> int | None:
    digits = str(gear_id).removeprefix("g")
    return int(digits) if digits.isdecimal() else None


def _filled(row: dict[str, Any], kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The profile's short list knows neither maker nor model: what is known of them stays."""
    if kept is None:
        return row
    return {name: kept[name] if value is None else value for name, value in row.items()}
