"""A pair of shoes as the API gives it, to one row of SHOE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from connectors.errors import ScopeMissing, StravaTroubled
from connectors.frames import ACTIVITY, SHOE
from connectors.source import Skipped, stable_id
from connectors.strava.client import StravaApi
from connectors.strava.export.shoes import name_key, rounded_number
from connectors.strava.parse_api import SOURCE_NAME
from connectors.strava.retention import is_one_week
from connectors.strava.sync_activities import ALL_AGAIN_WEEK, WORN
from connectors.sync.activities import ALL_AGAIN
from connectors.sync.context import SyncContext
from connectors.sync.json_values import api_number, api_text


def parse_gear(given: Mapping[str, Any], athlete_id: int, fetched_utc: datetime) -> dict[str, Any] | None:
    """Read one pair.

    Recorded answers: the runner's own name stands in `nickname` or `name`, which holds brand, model and name.
    """
    gear_id = given.get("id")
    if not isinstance(gear_id, str) or not gear_id.startswith("g"):
        return None
    own, full, brand, model = (
        api_text(given.get(n)) for n in ("nickname", "name", "brand_name", "model_name")
    )
    called = own or full or " ".join(part for part in (brand, model) if part) or f"Unnamed pair {gear_id}"
    retired = given.get("retired")
    return {
        "shoe_id": stable_id(athlete_id, SOURCE_NAME, gear_id),
        "athlete_id": athlete_id,
        "source": SOURCE_NAME,
        "source_id": gear_id,
        "fetched_utc": fetched_utc,
        "name": called,
        "brand": brand,
        "model": model,
        "is_retired": retired if isinstance(retired, bool) else None,
    }


def names_of(given: Mapping[str, Any]) -> set[str]:
    """List the names under which an export may know the same pair.

    An export's Activity Gear is the runner's own name, else brand and model.
    """
    own, full, brand, model = (
        api_text(given.get(n)) for n in ("nickname", "name", "brand_name", "model_name")
    )
    both = " ".join(part for part in (brand, model) if part)
    return {name_key(name) for name in (own, full, both) if name}


def stored_pair(names: set[str], stored: pl.DataFrame, number: int | None = None) -> str | None:
    """Find the pair that an export brought in before."""
    exported = stored.filter(pl.col("source") == "strava_export").select("source_id", "shoe_id")
    pairs = {
        key: shoe for key, shoe in exported.iter_rows() if key.rpartition(" #")[0] in names or key in names
    }
    numbered = {
        int(n): s
        for key, s in pairs.items()
        if (n := key.rpartition(" #")[2]).isdecimal() and key not in names
    }
    if numbered and number is not None:
        if rounded_number(number) in numbered:
            return numbered[rounded_number(number)]
        if number > min(numbered):
            return None
    plain = {shoe for shoe in pairs.values() if shoe not in numbered.values()}
    if numbered and number is None:
        return None
    return plain.pop() if len(plain) == 1 else None


GEAR = "strava.gear"
ZONES = "strava.zones"


class GearSync:
    """The shoes of one account."""

    def __init__(self, context: SyncContext[StravaApi]) -> None:
        self.context = context
        known = context.read(GEAR)
        self._known: dict[str, dict[str, Any]] = known if isinstance(known, dict) else {}
        week = is_one_week(context.store, context.athlete_id)
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
        """Bring in the pairs in use: one request."""
        self.context.raise_if_stopped()
        try:
            listed = self.context.api.get_athlete().get("shoes")
        except (ScopeMissing, StravaTroubled) as error:
            self.context.result.notes.append(Skipped("profile", str(error)))
            return
        shoes = listed if isinstance(listed, list) else []
        self._store_pairs([one for one in shoes if isinstance(one, Mapping)])

    def read_worn(self, gear_ids: set[str]) -> None:
        """Bring in each pair that was worn, retired ones too, once and then now and again."""
        now = self.context.clock()
        for gear_id in sorted(gear_ids):
            asked = api_number(self._known.get(gear_id, {}).get("asked"))
            if asked is not None and 0 <= now - asked < self._often_s:
                continue
            self.context.raise_if_stopped()
            try:
                gear = self.context.api.get_gear(gear_id)
            except StravaTroubled as error:
                self.context.result.notes.append(Skipped(f"shoes {gear_id}", str(error)))
                continue
            if gear is not None or gear_id not in self._known:
                # A pair deleted on Strava keeps the name it had.
                self._store_pairs([gear or {"id": gear_id}])
            self._known.setdefault(gear_id, {})["asked"] = now
            self.context.write(GEAR, self._known)
        self.context.write(WORN, None)

    def read_zones(self) -> None:
        """Bring in the heart rate zones, now and again."""
        stored = self.context.read(ZONES)
        at = api_number(stored.get("fetched")) if isinstance(stored, dict) else None
        if at is not None and 0 <= self.context.clock() - at < self._often_s:
            return
        self.context.raise_if_stopped()
        try:
            zones = self.context.api.get_zones()
        except (ScopeMissing, StravaTroubled) as error:
            self.context.result.notes.append(Skipped("zones", str(error)))
            return
        self.context.write(ZONES, {"fetched": self.context.clock(), "zones": zones})

    def _own_id(self, gear_id: str) -> str:
        return stable_id(self.context.athlete_id, SOURCE_NAME, gear_id)

    def _store_pairs(self, given: list[Mapping[str, Any]]) -> None:
        """Store pairs; one that an export knows by the same name stays that pair."""
        context = self.context
        stored = context.store.read(SHOE, context.athlete_id)
        before = {row["shoe_id"]: row for row in stored.iter_rows(named=True)}
        rows = []
        for one in sorted(given, key=lambda gear: _number(gear.get("id")) or 0):
            row = parse_gear(one, context.athlete_id, context.now())
            if row is None:
                continue
            stored_row = before.get(row["shoe_id"])
            same = None if stored_row else self._exported(one, row["source_id"], stored)
            self._known.setdefault(row["source_id"], {})["shoe_id"] = same or row["shoe_id"]
            if same is None:
                rows.append(_filled(row, stored_row))
        if rows:
            frame = pl.DataFrame(rows, schema=SHOE.schema).unique(
                "source_id", keep="last", maintain_order=True
            )
            context.store.write(SHOE, frame)
            context.store.touch(
                SHOE, context.athlete_id, SOURCE_NAME, frame["source_id"].to_list(), context.now()
            )
        context.result.shoes = len(self._known)
        self._rewear()
        context.write(GEAR, self._known)

    def _exported(self, one: Mapping[str, Any], gear_id: str, stored: pl.DataFrame) -> str | None:
        """The pair of an export that this one is, unless another of its name is that pair already."""
        same = stored_pair(names_of(one), stored, _number(gear_id))
        taken = {known.get("shoe_id") for other, known in self._known.items() if other != gear_id}
        return None if same in taken else same

    def _rewear(self) -> None:
        """Assign activities that are here already the pair that an export knows."""
        swap = self.swap
        if not swap:
            return
        rows = self.context.store.read(ACTIVITY, self.context.athlete_id)
        wearing = rows.filter(pl.col("source") == SOURCE_NAME, pl.col("shoe_id").is_in(list(swap)))
        if wearing.height:
            self.context.store.write(ACTIVITY, wearing.with_columns(pl.col("shoe_id").replace(swap)))


def _number(gear_id: object) -> int | None:
    digits = str(gear_id).removeprefix("g")
    return int(digits) if digits.isdecimal() else None


def _filled(row: dict[str, Any], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The profile's short list knows neither maker nor model: what is known of them stays."""
    if stored is None:
        return row
    return {name: stored[name] if value is None else value for name, value in row.items()}
