"""Weighted steps of every date under each lens: what any stretch of days is taken apart from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from dashboard.model.daily import by_day, day_numbers
from dashboard.model.settings import ModelSettings


@dataclass(frozen=True)
class Ledger:
    """Weighted steps of every date, from which any stretch can be taken apart.

    Parameters
    ----------
    first
        Day number of the first date.
    sums
        Shape (16, days): one row for each choice of speed, hills, cadence and shoe, plain steps first.
    slopes
        Shape (2, days): weighted steps that slopes up add and slopes down take away; None in lenses A and C.
    """

    first: int
    sums: np.ndarray
    slopes: np.ndarray | None


def ledger(runs: pl.DataFrame, days: pl.DataFrame, settings: ModelSettings, lens: str = "B") -> Ledger:
    """Lay the weighted steps of every run on its date.

    Parameters
    ----------
    runs, days : DataFrame
        RUN_SCHEMA and DAY_SCHEMA; at least one day.
    settings : ModelSettings
        The exponents.
    lens : str
        "B" from every second; "A" and "C" from the multipliers of whole runs.

    Returns
    -------
    Ledger
        NaN on days whose load is not known.

    Source
    ------
    ours: what is done once for all stretches.
    """
    rows = _weighted() if lens == "B" else _by_run(settings, lens)
    first = int(day_numbers(days["local_date"])[0])
    slopes = None
    if lens == "B":
        slopes = by_day(runs, days, [pl.col("w_climb"), pl.col("w_descent")])
    return Ledger(first, by_day(runs, days, rows), slopes)


def _weighted() -> list[pl.Expr]:
    rows = []
    for speed, hills, cadence, shoe in product((0, 1), repeat=4):
        name = f"w_{speed}{hills}{cadence}"
        steps = pl.col("steps" if name == "w_000" else name)
        rows.append(steps * pl.col("x_shoe") if shoe else steps)
    return rows


def _by_run(settings: ModelSettings, lens: str) -> list[pl.Expr]:
    """Lens A counts km, lens C steps; what neither hills, cadence nor shoe explain of a run is its speed."""
    power = (1.0 if lens == "A" else settings.vitro_exponent) / settings.exponent
    count = pl.col("load_tkm") / pl.col("multiplier") if lens == "A" else pl.col("steps")
    hills, load = pl.col(f"x_hills_{lens.lower()}"), pl.col(f"load_{lens.lower()}_tkm")
    cadence, shoe = pl.col("x_cadence").pow(power), pl.col("x_shoe").pow(power)
    speed = load / (count * hills * cadence * shoe)
    rows = []
    for choice in product((0, 1), repeat=4):
        worth = count
        for part, on in zip((speed, hills, cadence, shoe), choice, strict=True):
            worth = worth * part if on else worth
        rows.append(worth)
    return rows
