"""Pairs of shoes out of an export, and which activity wore which."""

# An export knows a pair three ways that do not fit together: `shoes.csv` has names and no numbers; Activity
# Gear has names, empty for some; the numeric `Gear` column has numbers, rounded to a 32-bit float in older
# rows, so that one pair shows two of them. They are joined here by name. Two pairs of one name cannot be told
# apart.

from __future__ import annotations

import html
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from connectors.frames import SHOE
from connectors.source import Skipped, stable_id
from connectors.sports import FOOT_SPORTS
from connectors.strava.export.csv_text import parse_table

_SOURCE = "strava_export"


@dataclass(frozen=True)
class ListedShoe:
    """One row of `shoes.csv`."""

    name: str
    brand: str | None = None
    model: str | None = None


@dataclass
class ShoeAssignments:
    """The pairs of one account, and how gear finds its pair."""

    names: dict[str, str] = field(default_factory=dict)
    listed: dict[str, ListedShoe] = field(default_factory=dict)
    by_id: dict[int, str] = field(default_factory=dict)
    alike: dict[str, dict[int, str]] = field(default_factory=dict)

    def key(self, gear_name: str | None, gear_id: int | None, bike_id: int | None) -> str | None:
        """Find the pair of one activity."""
        if bike_id is not None and gear_id is None:
            return None
        if gear_name:
            key = name_key(gear_name)
            if key in self.alike:
                return self.alike[key].get(gear_id) if gear_id is not None else None
            return key if key in self.names else None
        return self.by_id.get(gear_id) if gear_id is not None else None


def parse_shoes(data: bytes, name: str = "shoes.csv") -> tuple[list[ListedShoe], list[Skipped]]:
    """Read a `shoes.csv`.

    12 of 12 values of Activity Gear in three real exports equal the name, or brand and model.
    """
    shoes: dict[str, ListedShoe] = {}
    notes: list[Skipped] = []
    for row, cells in parse_table(data, name).rows:
        own, brand, model = (_plain(cell) for cell in [*cells, "", "", ""][:3])
        called = own or " ".join(part for part in (brand, model) if part)
        if not called:
            continue
        if name_key(called) in shoes:
            remark = (
                "Another pair has this name too; the two are told apart by their number where the activities have one, "
                "and are one pair elsewhere."
            )
            notes.append(Skipped(f"{name} row {row}", remark))
        shoes[name_key(called)] = ListedShoe(called, brand or None, model or None)
    return list(shoes.values()), notes


def assign_shoes(rows: pl.DataFrame, listed: Iterable[ListedShoe]) -> ShoeAssignments:
    """Join what an export knows of shoes."""
    # The numeric column alone would make two pairs of one (its older cells are rounded to 32 bits), and the
    # name alone would lose the activities whose name is empty.
    wardrobe = ShoeAssignments()
    for shoe in listed:
        wardrobe.names[name_key(shoe.name)] = shoe.name
        wardrobe.listed[name_key(shoe.name)] = shoe
    gear = rows.select("sport", "gear_name", "gear_id", "bike_id").unique(maintain_order=True).rows()
    worn = [(on, name, number) for on, name, number, bike in gear if number is not None or bike is None]
    for sport, name, _ in worn:
        if name and sport in FOOT_SPORTS:
            wardrobe.names.setdefault(name_key(name), name)
    _part_alike(wardrobe, [(name, number) for _, name, number in worn if name and number is not None])
    _join_numbers(wardrobe, [(sport, name, number) for sport, name, number in worn if number is not None])
    return wardrobe


def shoe_frame(assignments: ShoeAssignments, athlete_id: int, fetched_utc: datetime) -> pl.DataFrame:
    """Return the pairs as rows to store.

    The key of a pair is its name, since the numbers differ between rows of one pair.
    """
    rows = []
    for key, name in sorted(assignments.names.items()):
        listed = assignments.listed.get(key)
        rows.append(
            {
                "shoe_id": stable_id(athlete_id, _SOURCE, key),
                "athlete_id": athlete_id,
                "source": _SOURCE,
                "source_id": key,
                "fetched_utc": fetched_utc,
                "name": name,
                "brand": listed.brand if listed else None,
                "model": listed.model if listed else None,
                "is_retired": None,
            }
        )
    return pl.DataFrame(rows, schema=SHOE.schema)


def name_key(name: str) -> str:
    """Return the key of a pair from its name."""
    return " ".join(name.casefold().split())


def _part_alike(assignments: ShoeAssignments, worn: list[tuple[str, int]]) -> None:
    """Build pairs of their own of numbers that lie apart under one name; the oldest keeps the name as its key."""
    numbers: dict[str, set[int]] = {}
    for name, number in worn:
        if name_key(name) in assignments.names:
            numbers.setdefault(name_key(name), set()).add(number)
    for key, known in numbers.items():
        groups = _groups(sorted(known))
        if len(groups) == 1:
            continue
        assignments.alike[key] = {}
        for place, group in enumerate(groups, start=1):
            own = key if place == 1 else f"{key} #{rounded_number(group[0])}"
            assignments.names.setdefault(own, f"{assignments.names[key]} ({place})")
            if key in assignments.listed:
                assignments.listed[own] = assignments.listed[key]
            assignments.alike[key] |= dict.fromkeys(group, own)


def _groups(numbers: list[int]) -> list[list[int]]:
    """Numbers of one pair: one apart, or as far as rounding to 32 bits moves one."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number - groups[-1][-1] <= max(1, _spacing(number)):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _spacing(number: int) -> int:
    """Distance of neighbouring 32-bit floats of this size: 24 bits hold a number."""
    return 1 << max(0, number.bit_length() - 24)


def _join_numbers(assignments: ShoeAssignments, worn: list[tuple[str, str | None, int]]) -> None:
    """Return every number its pair: by the name beside it, by the number rounded alike, else a pair of its own."""
    alike: dict[int, set[str]] = {}
    for _, name, number in worn:
        key = name_key(name) if name else ""
        key = assignments.alike.get(key, {}).get(number, key)
        if key in assignments.names:
            assignments.by_id[number] = key
            alike.setdefault(rounded_number(number), set()).add(key)
    for sport, name, number in worn:
        if name or number in assignments.by_id:
            continue
        same = alike.get(rounded_number(number), set())
        if len(same) == 1:
            assignments.by_id[number] = next(iter(same))
        elif sport in FOOT_SPORTS:
            key = str(rounded_number(number))
            assignments.names.setdefault(key, f"Unnamed pair {key}")
            assignments.by_id[number] = key
            alike.setdefault(rounded_number(number), set()).add(key)


def rounded_number(number: int) -> int:
    """Round a number as the export's older rows do."""
    return int(struct.unpack("f", struct.pack("f", number))[0])


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
