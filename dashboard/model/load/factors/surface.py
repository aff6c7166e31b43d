"""What is run on."""

from __future__ import annotations

import polars as pl

from dashboard.model.load.factor import Factor
from dashboard.model.settings import MEASURED, ModelSettings


def surface_force(is_indoor: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step with what is run on.

    Willy et al. 2016 (umimpact.umt.edu), n = 18: peak +12.5 % on a treadmill. Evidence: measured.

    Parameters
    ----------
    is_indoor : Expr, Boolean
        Treadmill or indoor; null not stated.
    settings : ModelSettings
        `treadmill_force`.

    Returns
    -------
    Expr, Float64
        1 outdoors, on any ground: no study gives numbers for road, trail or track. Null where not stated.
    """
    return pl.when(is_indoor).then(settings.treadmill_force).when(is_indoor.not_()).then(1.0)


FACTOR = Factor(
    id="surface",
    title="Treadmill",
    unit="relative peak force of a step, 1 outdoors",
    formula=f"{ModelSettings().treadmill_force:g} on a treadmill, 1 outdoors",
    evidence=MEASURED,
    source="Willy 2016 (umimpact.umt.edu), n = 18",
    default=1.125,
    low=1.0,
    high=1.15,
    driver="shoe",
    grain="run",
    needs=("is_indoor",),
    value=lambda settings: surface_force(pl.col("is_indoor"), settings),
)
