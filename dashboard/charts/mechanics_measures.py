"""What is measured of a step: names, units and numbers as a reader meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import words
from dashboard.model.mechanics import band_edges
from dashboard.model.personal import Personal
from dashboard.units import Units

EASY = " · easy"


@dataclass(frozen=True)
class Measure:
    """One measure.

    Parameters
    ----------
    column
        Of MECHANICS_SCHEMA.
    title
        What a reader calls it.
    unit
        Its unit in the runner's units.
    shown
        Turns a float, Series or Expr of the column into that unit.
    digits
        Decimals shown.
    signed
        Whether it is a difference, which carries its sign and a line at zero.
    """

    column: str
    title: str
    unit: Callable[[Units], str]
    shown: Callable[..., Any]
    digits: int = 0
    signed: bool = False

    def amount(self, value: float | None, units: Units) -> str:
        """Write a value with its unit.

        Parameters
        ----------
        value : float or None
            As the column has it; None is not known.
        units : Units
            What the runner reads in.

        Returns
        -------
        str
            Such as "1.05 m".

        Source
        ------
        ours.
        """
        if value is None:
            return words.NOT_KNOWN
        rounded = round(self.shown(value, units), self.digits) or 0.0  # no sign on nothing
        number = f"{rounded:{'+' if self.signed and rounded else ''}.{self.digits}f}".replace("-", "−")
        return f"{number} {self.unit(units)}"


MEASURES = {
    one.column: one
    for one in (
        Measure(
            "cadence_deviation_pct", "Cadence against own line", lambda _: "%", lambda v, _: v, 1, signed=True
        ),
        Measure("cadence_spm", "Cadence", lambda _: "steps/min", lambda v, _: v),
        Measure(
            "step_length_mm",
            "Step length",
            lambda units: units.height_unit,
            lambda v, units: units.height(v / 1000),
            2,
        ),
        Measure("contact_ms", "Contact time", lambda _: "ms", lambda v, _: v),
        Measure("contact_left_pct", "Contact time, left foot", lambda _: "% of both", lambda v, _: v, 1),
        Measure("vertical_oscillation_mm", "Vertical oscillation", lambda _: "mm", lambda v, _: v),
        Measure("form_power_w", "Form power", lambda _: "W", lambda v, _: v),
    )
}
"""By column, in the order of the switches."""


def known(rows: pl.DataFrame) -> list[str]:
    """Name the measures of which something is known.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA.

    Returns
    -------
    list of str
        Columns, in the order of MEASURES.

    Source
    ------
    ours: nobody is offered an empty picture.
    """
    return [column for column in MEASURES if rows[column].count()]


def band_name(personal: Personal, band: int, units: Units) -> str:
    """Name a band of speed by its pace.

    Parameters
    ----------
    personal : Personal
        Easy speed.
    band : int
        Tenths above easy.
    units : Units
        What the runner reads in.

    Returns
    -------
    str
        Such as "5:26–6:00 /km · easy".

    Source
    ------
    ours: runners know their paces, not m/s.
    """
    low, high = band_edges(personal, band)
    quick, slow = units.pace(high).removesuffix(f" {units.pace_unit}"), units.pace(low)
    return f"{quick}–{slow}{EASY if band == 0 else ''}"
