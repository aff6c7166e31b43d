"""Kilometres or miles, metres or feet, minutes per either: the one place where units change.

Every frame is in SI units and tkm; the runner's own units appear at the edge only, through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import polars as pl

from connectors.errors import HeelwiseError


def duration_s(text: str) -> float | None:
    """Read a duration as runners write it."""
    parts = text.strip().split(":")
    if parts == [""]:
        return None
    if len(parts) > 3 or not all(part.isdecimal() for part in parts) or any(int(p) > 59 for p in parts[1:]):
        raise HeelwiseError(f"“{text}” is not a duration such as 44:10, 1:05:00 or 44. Nothing was changed.")
    if len(parts) == 1:
        return int(parts[0]) * 60.0
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds


METRES_PER_KM = 1000.0
METRES_PER_MILE = 1609.344
METRES_PER_FOOT = 0.3048
KG_PER_POUND = 0.45359237

Amount = TypeVar("Amount", float, pl.Expr, pl.Series)


@dataclass(frozen=True, init=False)
class Units:
    """The units a runner reads in."""

    distance_unit: Literal["km", "mi"]
    height_unit: Literal["m", "ft"]
    weight_unit: Literal["kg", "lb"]

    def __init__(
        self,
        distance: Literal["km", "mi"] = "km",
        height: Literal["m", "ft"] = "m",
        weight: Literal["kg", "lb"] = "kg",
    ) -> None:
        object.__setattr__(self, "distance_unit", distance)
        object.__setattr__(self, "height_unit", height)
        object.__setattr__(self, "weight_unit", weight)

    @property
    def load_unit(self) -> Literal["easy km", "easy mi"]:
        """Unit of tendon load on axes and in tables, by the unit of distance the runner reads."""
        return "easy mi" if self.distance_unit == "mi" else "easy km"

    @property
    def load_unit_words(self) -> Literal["easy kilometres", "easy miles"]:
        """Unit of tendon load as a sentence has it; axes and tables have `load_unit`."""
        return "easy miles" if self.distance_unit == "mi" else "easy kilometres"

    @property
    def pace_unit(self) -> str:
        """Unit of pace, such as "/km"."""
        return f"/{self.distance_unit}"

    @property
    def _metres(self) -> float:
        return METRES_PER_MILE if self.distance_unit == "mi" else METRES_PER_KM

    def distance(self, metres: Amount) -> Amount:
        """Turn metres into the runner's distance.

        International mile, exactly 1609.344 m.
        """
        return metres / self._metres

    def metres(self, distance: Amount) -> Amount:
        """Turn the runner's distance back into metres.

        International mile, exactly 1609.344 m.
        """
        return distance * self._metres

    def height(self, metres: Amount) -> Amount:
        """Turn metres of climb or descent into the runner's height.

        International foot, exactly 0.3048 m.
        """
        return metres / (METRES_PER_FOOT if self.height_unit == "ft" else 1.0)

    def weight(self, kg: Amount) -> Amount:
        """Turn kilograms into the runner's weight.

        International pound, exactly 0.45359237 kg.
        """
        return kg / (KG_PER_POUND if self.weight_unit == "lb" else 1.0)

    def kilograms(self, weight: Amount) -> Amount:
        """Turn the runner's weight back into kilograms.

        International pound, exactly 0.45359237 kg.
        """
        return weight * (KG_PER_POUND if self.weight_unit == "lb" else 1.0)

    def load(self, tkm: Amount) -> Amount:
        """Turn tendon kilometres into the runner's load unit, so that easy flat running keeps ×1.00.

        A tendon mile is the load of one mile of the runner's own easy flat running.
        """
        return tkm * (METRES_PER_KM / self._metres)

    def pace(self, speed_mps: float | None) -> str:
        """Write a speed as pace.

        Minutes and seconds to the nearest second.
        """
        if not speed_mps or speed_mps <= 0:
            return "–"
        minutes, seconds = divmod(round(self._metres / speed_mps), 60)
        return f"{minutes}:{seconds:02d} {self.pace_unit}"

    def distance_words(self, metres: float | None) -> str:
        """Write a distance with its unit.

        One decimal, as runners write it.
        """
        return "not known" if metres is None else f"{self.distance(metres):,.1f} {self.distance_unit}"

    def load_words(self, tkm: float | None) -> str:
        """Write a load with its unit as a sentence has it.

        One decimal, beyond which the estimate has no meaning.
        """
        return "not known" if tkm is None else f"{self.load(tkm):,.1f} {self.load_unit_words}"

    def height_words(self, metres: float | None) -> str:
        """Write a climb or descent with its unit.

        Whole metres or feet, finer than the altitude itself is known.
        """
        return "not known" if metres is None else f"{self.height(metres):,.0f} {self.height_unit}"

    def weight_words(self, kg: float | None) -> str:
        """Write a lifted weight with its unit.

        One decimal at most, as plates come.
        """
        return "not known" if kg is None else f"{round(self.weight(kg), 1):,g} {self.weight_unit}"


def units_from_settings(settings: Mapping[str, str]) -> Units:
    """Read the runner's units from the stored settings.

    A wrong setting must not keep the page from opening.
    """
    distance = "mi" if settings.get("distance_unit") == "mi" else "km"
    height = "ft" if settings.get("height_unit") == "ft" else "m"
    return Units(distance, height, "lb" if settings.get("weight_unit") == "lb" else "kg")
