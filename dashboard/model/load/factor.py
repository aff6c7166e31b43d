"""The shelf of load factors: what a factor is, and how the folder `load_factors` is read."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import polars as pl

from dashboard.model.settings import ModelSettings

DRIVERS = ("volume", "speed", "hills", "cadence", "shoe")
"""The five names a reader sees; several factors may count under one."""

SECOND_INPUTS = MappingProxyType(
    {
        "speed_mps": pl.Float64,
        "walking": pl.Boolean,
        "cadence_spm": pl.Float64,
        "own_cadence_spm": pl.Float64,
        "relative_cadence": pl.Float64,
        "grade_pct": pl.Float64,
    }
)
"""Columns a factor of grain `second` may read: one row is one second."""

RUN_INPUTS = MappingProxyType(
    {"kind": pl.String, "drop_mm": pl.Float64, "is_plated": pl.Boolean, "is_indoor": pl.Boolean}
)
"""Columns a factor of grain `run` may read: one row is one run."""


@dataclass(frozen=True)
class Factor:
    """One thing that changes the load of a run.

    Parameters
    ----------
    id, title
        Name in code, name for a reader.
    unit
        Unit of the value.
    formula
        The value in words and signs, with the numbers the code uses.
    evidence
        One of `settings.EVIDENCE`.
    source
        Study or reason.
    default, low, high
        The factor's main number and the range in which the sources leave it.
    driver
        One of `DRIVERS`: the name under which a reader sees it.
    grain
        Whether it changes from second to second or from run to run.
    needs
        Input columns it reads.
    value
        Settings to expression. A force factor gives the relative peak force of a step, 1 at the reference;
        lenses B and C raise it to their exponent. A count factor gives steps of one leg per second.
    weight
        Settings to expression: relative load of a km in lens A, where it differs from `value`.
    is_count
        True for the factor that counts steps.
    """

    id: str
    title: str
    unit: str
    formula: str
    evidence: str
    source: str
    default: float
    low: float
    high: float
    driver: str
    grain: Literal["second", "run"]
    needs: tuple[str, ...]
    value: Callable[[ModelSettings], pl.Expr]
    weight: Callable[[ModelSettings], pl.Expr] | None = None
    is_count: bool = False


@cache
def load_factors() -> tuple[Factor, ...]:
    """Find every factor in the folder.

    Adding a factor is adding one file.

    Returns
    -------
    tuple of Factor
        The `FACTOR` of each module in `load_factors`, sorted by id.
    """
    folder = importlib.import_module("dashboard.model.load.factors")
    names = sorted(info.name for info in pkgutil.iter_modules(folder.__path__))
    modules = [importlib.import_module(f"{folder.__name__}.{name}") for name in names]
    return tuple(module.FACTOR for module in modules)


def force_product(driver: str, grain: str, settings: ModelSettings) -> pl.Expr:
    """Multiply the force factors of one driver.

    Factors are measured one at a time, so they are multiplied.

    Parameters
    ----------
    driver : str
        One of `DRIVERS`.
    grain : str
        "second" or "run".
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    Expr, Float64
        Relative peak force of a step; a factor that is unknown counts as 1. Never null.
    """
    return _product_of([f.value(settings) for f in _of(driver, grain)])


def weight_product(driver: str, grain: str, settings: ModelSettings) -> pl.Expr:
    """Multiply the lens A weights of one driver.

    As `force_product`, for the lens that knows no exponent.

    Parameters
    ----------
    driver : str
        One of `DRIVERS`.
    grain : str
        "second" or "run".
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    Expr, Float64
        Relative load of a km; a factor that is unknown counts as 1. Never null.
    """
    return _product_of([(f.weight or f.value)(settings) for f in _of(driver, grain)])


def steps_per_second(settings: ModelSettings) -> pl.Expr:
    """Count steps of one leg in one second.

    The one factor that counts.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    Expr, Float64
        Steps of one leg per second; null where nothing is known.
    """
    return next(f for f in load_factors() if f.is_count).value(settings)


def _of(driver: str, grain: str) -> list[Factor]:
    return [f for f in load_factors() if f.driver == driver and f.grain == grain and not f.is_count]


def _product_of(parts: list[pl.Expr]) -> pl.Expr:
    product = pl.lit(1.0)
    for part in parts:
        product = product * part.fill_null(1.0)
    return product
