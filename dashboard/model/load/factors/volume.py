"""How many steps."""

from __future__ import annotations

import polars as pl

from dashboard.model.load.factor import Factor
from dashboard.model.settings import MEASURED


def leg_steps(cadence_spm: pl.Expr, own_cadence_spm: pl.Expr) -> pl.Expr:
    """Count steps of one leg in one second.

    Load is counted step by step, as Firminger 2020 and Van Hooren 2024 do.

    Parameters
    ----------
    cadence_spm : Expr, Float64
        Recorded steps/min of both feet; null unknown.
    own_cadence_spm : Expr, Float64
        What this runner takes at this speed, steps/min; null unknown.

    Returns
    -------
    Expr, Float64
        Steps of one leg per second; null where both are unknown.
    """
    return pl.coalesce(cadence_spm, own_cadence_spm) / 120


FACTOR = Factor(
    id="volume",
    title="Steps taken",
    unit="steps of one leg per second",
    formula="steps/min ÷ 120, added up over the seconds of a run",
    evidence=MEASURED,
    source="counted; where no cadence was recorded, from the runner's own cadence at that speed",
    default=1.0,
    low=1.0,
    high=1.0,
    driver="volume",
    grain="second",
    needs=("cadence_spm", "own_cadence_spm"),
    value=lambda _: leg_steps(pl.col("cadence_spm"), pl.col("own_cadence_spm")),
    is_count=True,
)
