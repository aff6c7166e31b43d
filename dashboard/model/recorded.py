"""The multipliers of a recorded run, from the sums over its seconds."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.model import weighing
from dashboard.model.baseline import Baseline
from dashboard.model.settings import ModelSettings
from dashboard.model.shares import log_shares


def multipliers(runs: pl.DataFrame, unit: Baseline, settings: ModelSettings) -> pl.DataFrame:
    """Share the load of a km of each recorded run out among steps, speed, hills and cadence.

    Parameters
    ----------
    runs : DataFrame
        As from `basis.basis`, with `e_hills`, `e_hills_a`, `e_hills_c` for runs whose samples hold no
        altitude.
    unit : Baseline
        The easy km.
    settings : ModelSettings
        The exponents.

    Returns
    -------
    DataFrame, same rows
        `r_steps`, `r_speed`, `r_hills`, `r_cadence`, which multiply to the load of a km in lens B; `r_a` and
        `r_c`, that load in lenses A and C. No shoe yet. Null for runs that are estimated from their summary.

    Source
    ------
    ours: exact Shapley shares of ln(load) within the run (see `shares.log_shares`), against the easy flat km.
    """
    shares = np.exp(log_shares(_worth(runs, unit, settings)))
    names = ("r_steps", *(f"r_{name}" for name in weighing.VARYING))
    frame = pl.DataFrame(dict(zip(names, shares, strict=True)), nan_to_null=True)
    km, seen = pl.col("used_m") / 1000, pl.col("has_altitude")
    lens_c = pl.when(seen).then("c_1").otherwise(pl.col("c_0") * pl.col("e_hills_c"))
    lens_a = pl.when(seen).then("a_1").otherwise(pl.col("a_0") * pl.col("e_hills_a"))
    others = runs.select(
        r_c=lens_c * pl.col("steps_scale") / km / unit.steps_per_km / unit.force**settings.vitro_exponent,
        r_a=lens_a * pl.col("metres_scale") / pl.col("used_m") / unit.weight,
        told_hills=pl.when(seen).then(1.0).otherwise("e_hills"),
    )
    both = pl.concat([frame, others], how="horizontal")
    return both.with_columns(r_hills=pl.col("r_hills") * pl.col("told_hills")).drop("told_hills")


def _worth(runs: pl.DataFrame, unit: Baseline, settings: ModelSettings) -> np.ndarray:
    """Load of a km for each choice of steps (bit 0), speed, hills and cadence taken as they were."""
    rows = []
    for choice in range(2 ** (len(weighing.VARYING) + 1)):
        taken = [choice >> (i + 1) & 1 for i in range(len(weighing.VARYING))]
        sums = {hills: _named_sum(choice & 1, taken, hills) for hills in (0, 1)}
        total = pl.when("has_altitude").then(sums[1]).otherwise(sums[0])
        per_m = 1.0 if choice & 1 == 0 else 1000 / unit.steps_per_km
        scale = pl.col("steps_scale") if choice & 1 else pl.col("metres_scale")
        force = unit.force**settings.exponent if taken[0] else 1.0
        rows.append(
            runs.select(
                pl.when(pl.col("estimated").not_()).then(total * scale * per_m / pl.col("used_m") / force)
            )
            .to_series()
            .fill_null(float("nan"))
            .to_numpy()
        )
    return np.vstack(rows)


def _named_sum(by_steps: int, taken: list[int], hills: int) -> pl.Expr:
    """Name the sum of one choice; where hills are unknown, the sum without them."""
    digits = "".join(
        str(t * hills) if name == "hills" else str(t) for name, t in zip(weighing.VARYING, taken, strict=True)
    )
    return pl.col(f"{'steps' if by_steps else 'metres'}_{digits}")
