"""Up and down."""

from __future__ import annotations

import polars as pl

from dashboard.model.load import achilles_force
from dashboard.model.load.factor import Factor
from dashboard.model.settings import EXTRAPOLATED, ModelSettings

KNOTS_DEG = (-6.0, -3.0, 0.0, 3.0, 6.0)
FORCES = (0.652677, 0.808973, 1.0, 1.228654, 1.46165)
"""Weighted strain impulse of a km: steps count by their size in it, so it stands nearest to a peak."""
LOW_FORCES = (0.738041, 0.835991, 1.0, 1.175399, 1.3918)
"""Plain strain impulse of a km, a mean over the step: the low variant."""
WEIGHTS = FORCES


def hill_force(grade_pct: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step on a slope.

    Parameters
    ----------
    grade_pct : Expr, Float64
        %; null unknown, and in a second that was walked.
    settings : ModelSettings
        `hill_strength`: 1 as published, 0 no effect.

    Returns
    -------
    Expr, Float64
        1 on the flat, above 1 uphill, below 1 downhill; held beyond 6 degrees (10.5 %). Null where unknown.

    References
    ----------
    Van Hooren et al. 2024 (doi:10.1111/sms.14570), weighted strain impulse of a km at 2.78 m/s, seen in a
    transcription and read as peak force; the plain impulse is the low variant. Evidence: extrapolated. Lichtwark and
    Wilson 2006 saw nearly no effect at +10 %.
    """
    published = achilles_force.through_knots(achilles_force.slope_degrees(grade_pct), KNOTS_DEG, FORCES)
    return 1 + (published - 1) * settings.hill_strength


def hill_weight(grade_pct: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative load of a km on a slope, for lens A.

    Parameters
    ----------
    grade_pct : Expr, Float64
        %; null unknown, and in a second that was walked.
    settings : ModelSettings
        `hill_strength`: 1 as published, 0 no effect.

    Returns
    -------
    Expr, Float64
        From the weighted impulse of a km: 1 on the flat. Null where unknown.

    References
    ----------
    Van Hooren et al. 2024 (doi:10.1111/sms.14570), weighted strain impulse of a km, seen in a transcription.
    """
    published = achilles_force.through_knots(achilles_force.slope_degrees(grade_pct), KNOTS_DEG, WEIGHTS)
    return 1 + (published - 1) * settings.hill_strength


FACTOR = Factor(
    id="hills",
    title="Hills",
    unit="relative peak force of a step, 1 on the flat",
    formula=(
        "straight lines between "
        + ", ".join(f"{force:.3f} at {slope:+g}°" for slope, force in zip(KNOTS_DEG, FORCES, strict=True))
        + f"; low variant {LOW_FORCES[0]:.3f} and {LOW_FORCES[-1]:.3f} at −6° and +6°; held beyond; "
        + f"grade over 50 m, at most {achilles_force.GRADE_RANGE_PCT[1]:g} %"
    ),
    evidence=EXTRAPOLATED,
    source="Van Hooren 2024 (doi:10.1111/sms.14570); against it Lichtwark and Wilson 2006",
    default=1.462,
    low=1.0,
    high=1.462,
    driver="hills",
    grain="second",
    needs=("grade_pct",),
    value=lambda settings: hill_force(pl.col("grade_pct"), settings),
    weight=lambda settings: hill_weight(pl.col("grade_pct"), settings),
)
