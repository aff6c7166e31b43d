"""Pairs of shoes out of an export, and which activity wore which.

An export knows a pair three ways that do not fit together: `shoes.csv` has names and no numbers; Activity Gear
has names, empty for some; the numeric `Gear` column has numbers, rounded to a 32-bit float in older rows, so that
one pair shows two of them. They are joined here by name. **Two pairs of one name cannot be told apart.**
"""

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
from connectors.strava.table_text import parse_table

_SOURCE = "strava_export"


@dataclass(frozen=True)
class ListedShoe:
    """One row of `shoes.csv`.

    Parameters
    ----------
    name
        What Activity Gear calls the pair: its own name, else brand and model.
    brand, model
        As the runner gave them; None where empty.
    """

    name: str
    brand: str | None = None
    model: str | None = None


@dataclass
class Wardrobe:
    """The pairs of one account, and how gear finds its pair.

    Parameters
    ----------
    names
        Key of a pair (its name in small letters, or a number) to what a reader sees.
    listed
        Key to the row of `shoes.csv`.
    by_id
        Number as the export gives it to the key.
    alike
        Name that several pairs have to the key of each, by number.
    """

    names: dict[str, str] = field(default_factory=dict)
    listed: dict[str, ListedShoe] = field(default_factory=dict)
    by_id: dict[int, str] = field(default_factory=dict)
    alike: dict[str, dict[int, str]] = field(default_factory=dict)

    def key(self, gear_name: str | None, gear_id: int | None, bike_id: int | None) -> str | None:
        """Find the pair of one activity.

        Parameters
        ----------
        gear_name : str or None
            Activity Gear.
        gear_id, bike_id : int or None
            Numeric columns; a bike's number makes the gear no shoe.

        Returns
        -------
        str or None
            Key in `names`; None where no pair is known.
        """
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

    Parameters
    ----------
    data : bytes
        The file: name, brand, model, in this order in every language.
    name : str
        For messages.

    Returns
    -------
    list of ListedShoe, list of Skipped
        Pairs in the file's order, worn or not; remarks on pairs that share a name.

    Raises
    ------
    UnreadableFile
        Empty or not text.

    Source
    ------
    ours: 12 of 12 values of Activity Gear in three real exports equal the name, or brand and model.
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


def fill_wardrobe(rows: pl.DataFrame, listed: Iterable[ListedShoe]) -> Wardrobe:
    """Join what an export knows of shoes.

    Parameters
    ----------
    rows : DataFrame
        `sport` (ours), `gear_name`, `gear_id`, `bike_id` of every activity.
    listed : iterable of ListedShoe
        From `shoes.csv`.

    Returns
    -------
    Wardrobe
        Pairs listed, and gear worn in a sport on foot; never a bike.

    Source
    ------
    ours: the numeric column alone would make two pairs of one (its older cells are rounded to 32 bits), and the
    name alone would lose the activities whose name is empty.
    """
    wardrobe = Wardrobe()
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


def shoe_frame(wardrobe: Wardrobe, athlete_id: int, fetched_utc: datetime) -> pl.DataFrame:
    """Give the pairs as rows to store.

    Parameters
    ----------
    wardrobe : Wardrobe
        The account's pairs.
    athlete_id : int
        Whose they are.
    fetched_utc : datetime
        Aware, UTC.

    Returns
    -------
    DataFrame
        Contract SHOE, sorted by `source_id`. `is_retired` is null: an export does not say.

    Source
    ------
    ours: the key of a pair is its name, since the numbers differ between rows of one pair.
    """
    rows = []
    for key, name in sorted(wardrobe.names.items()):
        listed = wardrobe.listed.get(key)
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
    """Give the key of a pair from its name.

    Parameters
    ----------
    name : str
        As the runner wrote it.

    Returns
    -------
    str
        Small letters, single blanks.
    """
    return " ".join(name.casefold().split())


def _part_alike(wardrobe: Wardrobe, worn: list[tuple[str, int]]) -> None:
    """Make pairs of their own of numbers that lie apart under one name; the oldest keeps the name as its key."""
    numbers: dict[str, set[int]] = {}
    for name, number in worn:
        if name_key(name) in wardrobe.names:
            numbers.setdefault(name_key(name), set()).add(number)
    for key, known in numbers.items():
        groups = _groups(sorted(known))
        if len(groups) == 1:
            continue
        wardrobe.alike[key] = {}
        for place, group in enumerate(groups, start=1):
            own = key if place == 1 else f"{key} #{rounded_number(group[0])}"
            wardrobe.names.setdefault(own, f"{wardrobe.names[key]} ({place})")
            if key in wardrobe.listed:
                wardrobe.listed[own] = wardrobe.listed[key]
            wardrobe.alike[key] |= dict.fromkeys(group, own)


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


def _join_numbers(wardrobe: Wardrobe, worn: list[tuple[str, str | None, int]]) -> None:
    """Give every number its pair: by the name beside it, by the number rounded alike, else a pair of its own."""
    alike: dict[int, set[str]] = {}
    for _, name, number in worn:
        key = name_key(name) if name else ""
        key = wardrobe.alike.get(key, {}).get(number, key)
        if key in wardrobe.names:
            wardrobe.by_id[number] = key
            alike.setdefault(rounded_number(number), set()).add(key)
    for sport, name, number in worn:
        if name or number in wardrobe.by_id:
            continue
        same = alike.get(rounded_number(number), set())
        if len(same) == 1:
            wardrobe.by_id[number] = next(iter(same))
        elif sport in FOOT_SPORTS:
            key = str(rounded_number(number))
            wardrobe.names.setdefault(key, f"Unnamed pair {key}")
            wardrobe.by_id[number] = key
            alike.setdefault(rounded_number(number), set()).add(key)


def rounded_number(number: int) -> int:
    """Round a number as the export's older rows do."""
    return int(struct.unpack("f", struct.pack("f", number))[0])


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
