"""How far a run's load is known: what is missing widens its band. Each width is a design choice."""

from __future__ import annotations

from types import MappingProxyType

import polars as pl

from dashboard.model.load.factors.shoe import shoe_force, shoe_range
from dashboard.model.load.runner_profile import ReferenceKm
from dashboard.model.settings import ModelSettings

RECORDED_SHARE = (0.98, 1.02)
"""A fully recorded run: speed and steps of a watch. The model's own uncertainty is far larger, but it is the
same for all runs of one runner and mostly cancels in the ratio."""
SUMMARY_SHARE = (0.80, 1.30)
"""A run without recording, where the runner has fewer than ten runs with both to compare."""
WIDTHS = MappingProxyType(
    {
        "no_cadence": (0.97, 1.15),  # step rate 3 % above or 4 % below the own line
        "no_altitude": (0.97, 1.15),  # slightly downhill to rolling over 5 %
        "partial_samples": (0.90, 1.10),
        "distance_differs": (0.90, 1.10),
        "no_distance": (0.70, 1.40),
        "no_time": (0.90, 1.20),
        "odd_time": (0.90, 1.20),
        "hidden_start": (1.00, 1.03),
    }
)
"""Low and high for each word that may stand in a run's flags, as multipliers of load at b = 3. What is unknown of
the shoe is not among them: `factors.shoe.shoe_range` says how far its force is known."""


def load_bounds(runs: pl.DataFrame, unit: ReferenceKm, settings: ModelSettings) -> pl.DataFrame:
    """Return each run the low and high multiplier of its load.

    Design choice; widths are multiplied as if each missing thing erred the same way, so the band is wide.

    Parameters
    ----------
    runs : DataFrame
        A Boolean column for each word of `WIDTHS` and for `treadmill`; `estimated`; `spread_low` and
        `spread_high`, which say how far estimates from summaries lie from recordings of this runner; `shoe_low` and
        `shoe_high`, as from `shoe_bounds`.
    unit : ReferenceKm
        For a treadmill, whose slope is unknown and not flat: from 0 to +3 %.
    settings : ModelSettings
        The exponent: what is unknown of a force is raised to it.

    Returns
    -------
    DataFrame, same rows
        `band_low` (at most 1) and `band_high` (at least 1).
    """
    scale = settings.exponent / 3
    ends = []
    for end, (base, spread) in enumerate(zip(RECORDED_SHARE, ("spread_low", "spread_high"), strict=True)):
        factor = pl.when("estimated").then(pl.col(spread)).otherwise(base)
        for word, width in WIDTHS.items():
            factor = factor * pl.when(pl.col(word)).then(width[end] ** scale).otherwise(1.0)
        ends.append(factor * pl.col(("shoe_low", "shoe_high")[end]))
    uphill = max(1.0, unit.uphill_3_force**settings.exponent)
    high = ends[1] * pl.when(pl.col("treadmill")).then(uphill).otherwise(1.0)
    return runs.select(band_low=ends[0].clip(upper_bound=1.0), band_high=high.clip(lower_bound=1.0))


def shoe_bounds(settings: ModelSettings) -> list[pl.Expr]:
    """Return the low and high end of what a run's shoes do to its load.

    The same exponent as for the force itself; the ranges are those of `factors.shoe`.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the shoe, and the exponent.

    Returns
    -------
    list of Expr, Float64
        `shoe_low`, at most 1, and `shoe_high`, at least 1: over what the model takes, to the exponent.
    """
    low, high = shoe_range(settings)
    point = pl.coalesce(
        shoe_force(pl.col("kind"), pl.col("drop_mm"), pl.col("is_plated"), settings), pl.lit(1.0)
    )
    return [
        (end / point).pow(settings.exponent).alias(name)
        for end, name in ((low, "shoe_low"), (high, "shoe_high"))
    ]
