"""Weighted steps of a run for every choice of speed, hills and cadence: what attribution adds up."""

from __future__ import annotations

from itertools import product

import polars as pl

from dashboard.model import weighing
from dashboard.model.baseline import Baseline
from dashboard.model.settings import ModelSettings

CHOICES = tuple("".join(map(str, c)) for c in product((0, 1), repeat=len(weighing.VARYING)) if any(c))
"""One digit for each of `weighing.VARYING`: 1 weighted, 0 left out. All but "000", which is the plain steps."""


def weighted_steps(runs: pl.DataFrame, unit: Baseline, settings: ModelSettings) -> pl.DataFrame:
    """Sum the steps of each run, weighted by each choice of what changes within it.

    Parameters
    ----------
    runs : DataFrame
        As from `basis.basis`, with the estimates of `summary.estimates` and `fit` of the calibration.
    unit : Baseline
        The easy km: its force is the 1 of speed.
    settings : ModelSettings
        The exponent.

    Returns
    -------
    DataFrame, same rows
        `w_...` for each of `CHOICES`; `w_climb` and `w_descent`, by which slopes up and down move `w_010`
        from the plain steps; `x_hills_a` and `x_hills_c`, hills alone in the other lenses. Null where the
        load is not known.

    Source
    ------
    ours: a sum over the seconds of a run adds up over runs, so any stretch of days can be taken apart from
    these alone; `w_111` with the shoe is the load.
    """
    known = pl.col("used_m").is_not_null()
    sums = {f"w_{c}": _either(_recorded(c, unit, settings), _estimated(c)) for c in CHOICES}
    seen, scale, plain = pl.col("has_altitude"), pl.col("steps_scale"), pl.col("steps_000")
    slopes = {
        f"w_{name}": _either(
            pl.when(seen).then(pl.col(name)).otherwise(plain * pl.col(f"e_{name}")) * scale,
            pl.col("e_leg_steps") * pl.col(f"e_{name}"),
        )
        for name in ("climb", "descent")
    }
    lenses = {
        f"x_hills_{lens}": pl.when(pl.col("estimated").not_() & seen & (pl.col(f"{lens}_0") > 0))
        .then(pl.col(f"{lens}_1") / pl.col(f"{lens}_0"))
        .otherwise(pl.col(f"e_hills_{lens}"))
        for lens in "ac"
    }
    parts = {**sums, **slopes, **lenses}
    return runs.select(pl.when(known).then(part).alias(name) for name, part in parts.items())


def _either(recorded: pl.Expr, estimated: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("estimated")).then(estimated).otherwise(recorded)


def _recorded(choice: str, unit: Baseline, settings: ModelSettings) -> pl.Expr:
    speed, hills, cadence = choice
    whole = pl.col(f"steps_{choice}")
    flat = pl.col(f"steps_{speed}0{cadence}")
    told = flat * pl.col("e_hills") if hills == "1" else flat
    force = unit.force**settings.exponent if speed == "1" else 1.0
    return pl.when("has_altitude").then(whole).otherwise(told) * pl.col("steps_scale") / force


def _estimated(choice: str) -> pl.Expr:
    """Multiply the run's own estimates; what recordings of this runner add to them counts as speed."""
    parts = {
        "speed": pl.col("e_speed") * pl.col("fit"),
        "hills": pl.col("e_hills"),
        "cadence": pl.col("e_cadence"),
    }
    total = pl.col("e_leg_steps")
    for name, digit in zip(weighing.VARYING, choice, strict=True):
        total = total * parts[name] if digit == "1" else total
    return total
