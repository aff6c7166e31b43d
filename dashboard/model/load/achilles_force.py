"""Achilles force of one step, relative to the same runner; the constants and where they come from.

Absolute force differs two-fold between methods of study, so body weights are for show only: in tendon km
they cancel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from dashboard.model.load import factor
from dashboard.model.settings import ModelSettings

FORCE_BW = 8.58
"""Peak force at 3.0 m/s on the flat, body weights (ours, from Reiter 2024, PMC11096059). Measured,
method-bound."""
REFERENCE_MPS = 3.0
SPEED_RANGE_MPS = (2.0, 6.0)
"""Beyond this nobody was measured: force is held. Below 2.68 and above 4.47 m/s it is already
extrapolated."""
GRADE_RANGE_PCT = (-15.0, 15.0)
MASS_PER_KG = 0.0097
"""Relative force for each kg carried: +4.5 kg +4.3 %, +9 kg +8.8 % (added mass study, 23 women). Measured."""
FOREFOOT_FORCE = 1.11
"""Impulse of a step, forefoot over rearfoot (Almonroeder 2013, pubmed 23640524). Measured."""
WALKING_SPM = 110.0
"""Step rate taken while walking where none was recorded. Design choice."""
STANDING_MPS = 0.5
"""Below this nobody steps, unless a step was recorded. Design choice."""


def through_knots(x: pl.Expr, knots: Sequence[float], values: Sequence[float]) -> pl.Expr:
    """Draw straight lines through known points.

    Straight between what was measured, nothing beyond it.

    Parameters
    ----------
    x : Expr, Float64
        Where to read; null stays null.
    knots : sequence of float
        Rising positions of the known points.
    values : sequence of float
        Values there.

    Returns
    -------
    Expr, Float64
        Value on the line between two points; held at the first and the last beyond them.
    """
    line = x * 0.0 + values[0]
    for left, right, low, high in zip(knots, knots[1:], values, values[1:], strict=False):
        line = line + (x - left).clip(0.0, right - left) * ((high - low) / (right - left))
    return line


def slope_degrees(grade_pct: pl.Expr) -> pl.Expr:
    """Convert a grade to the angle of the slope.

    Atan; the clamp is a design choice, few runs hold a steeper grade over 50 m.

    Parameters
    ----------
    grade_pct : Expr, Float64
        Rise over run, %; null stays null.

    Returns
    -------
    Expr, Float64
        Degrees, held at the angles of -15 and +15 %.
    """
    return (grade_pct.clip(*GRADE_RANGE_PCT) / 100).arctan() * (180 / math.pi)


def peak_force_bw(settings: ModelSettings) -> pl.Expr:
    """Estimate peak Achilles force of a step.

    Reiter et al. 2024 (PMC11096059) for the level and speed; the factors name their own.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    Expr, Float64
        Body weights, from the columns of `factor.SECOND_INPUTS` and `factor.RUN_INPUTS`; null where speed is
        unknown and the second is not known to be walking. To be shown as relative: other methods give half
        as much.
    """
    product = pl.lit(FORCE_BW * carried_force(settings) * (FOREFOOT_FORCE if settings.forefoot else 1.0))
    for driver in factor.DRIVERS:
        product = (
            product
            * factor.force_product(driver, "second", settings)
            * factor.force_product(driver, "run", settings)
        )
    return pl.when(pl.col("speed_mps").is_not_null() | pl.col("walking").fill_null(False)).then(product)


def carried_force(settings: ModelSettings) -> float:
    """Relative force for the weight carried or gained.

    Added mass study in 23 women (discovery.researcher.life, 5f843c86). Measured: 4.5 and 9 kg.

    Parameters
    ----------
    settings : ModelSettings
        `added_mass_kg`.

    Returns
    -------
    float
        1 at 0 kg.
    """
    return 1 + MASS_PER_KG * settings.added_mass_kg


def cycles_to_failure(stress_pct: float) -> float:
    """Count load cycles after which dead tendon failed in the laboratory.

    Schechtman and Bader 1997 (pubmed 9239568), 90 specimens of a toe extensor tendon: S = 101.25 - 14.83 log10 N.

    Parameters
    ----------
    stress_pct : float
        Stress, % of the strength at one pull, above 0.

    Returns
    -------
    float
        Median cycles. Living tendon repairs itself, so this is the reason for lens C, not a forecast.
    """
    return 10 ** ((101.25 - stress_pct) / 14.83)


def vitro_exponent_at(stress_pct: float) -> float:
    """Local exponent of the laboratory line: by which power of stress life shortens.

    Derivative of Schechtman and Bader 1997 (pubmed 9239568).

    Parameters
    ----------
    stress_pct : float
        Stress, % of the strength at one pull.

    Returns
    -------
    float
        Exponent, no unit: 4.7 at 30 %, 9.3 at 60 %.
    """
    return stress_pct * math.log(10) / 14.83
