"""How fast."""

from __future__ import annotations

import polars as pl

from dashboard.model.load import achilles_force
from dashboard.model.load.factor import Factor
from dashboard.model.settings import EXTRAPOLATED, ModelSettings

_USUAL = ModelSettings()
EXPONENT_RANGE = (0.20, 0.45)
"""What studies leave for the power of force with speed."""
WEIGHT_MPS = (2.78, 3.0, 3.33, 4.0, 5.0)
WEIGHTS = (1.0, 1.015919, 1.021708, 1.047757, 1.044863)


def speed_force(speed_mps: pl.Expr, walking: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step with speed.

    Reiter et al. 2024 (PMC11096059): 8.2 body weights at 2.68 m/s, 10.06 at 4.47, which is an exponent of 0.40, and
    4.49 walking; Starbuck 2021 gives 0.34, others 0.21 to 0.25. Evidence: extrapolated.

    Parameters
    ----------
    speed_mps : Expr, Float64
        m/s; null unknown.
    walking : Expr, Boolean
        Whether the second was walked; null is running.
    settings : ModelSettings
        `speed_exponent`, `walking_force_bw`.

    Returns
    -------
    Expr, Float64
        1 at 3.0 m/s; held below 2 and above 6 m/s; one value for all walking. Null where the speed of
        running is unknown.
    """
    running = (speed_mps.clip(*achilles_force.SPEED_RANGE_MPS) / achilles_force.REFERENCE_MPS).pow(
        settings.speed_exponent
    )
    return pl.when(walking).then(settings.walking_force_bw / achilles_force.FORCE_BW).otherwise(running)


def speed_weight(speed_mps: pl.Expr, walking: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative load of a km with speed, for lens A.

    Parameters
    ----------
    speed_mps : Expr, Float64
        m/s; null unknown.
    walking : Expr, Boolean
        Whether the second was walked; null is running.
    settings : ModelSettings
        `speed_exponent`, `walking_force_bw`.

    Returns
    -------
    Expr, Float64
        1 at 2.78 m/s; held beyond 2.78 and 5 m/s. Walking: the ratio of step forces, a design choice.

    References
    ----------
    Van Hooren et al. 2024 (doi:10.1111/sms.14570), weighted strain impulse of a km, seen in a transcription.
    """
    running = achilles_force.through_knots(speed_mps, WEIGHT_MPS, WEIGHTS)
    return pl.when(walking).then(settings.walking_force_bw / achilles_force.FORCE_BW).otherwise(running)


def pace_neutral_exponent(speed_exponent: float, cadence_elasticity: float = 0.0) -> float:
    """Return the weight b of hard steps at which a km loads the same at any speed.

    Parameters
    ----------
    speed_exponent : float
        Power a of force with speed, above 0.
    cadence_elasticity : float
        Share κ by which the runner's own step rate rises per share of speed; 0 is a step rate that never changes.

    Returns
    -------
    float
        (1 − κ) / a: steps of a km fall with speed to the power κ − 1, their load rises to the power a·b.
    """
    return (1 - cadence_elasticity) / speed_exponent


def faster_counts_more(settings: ModelSettings, cadence_elasticity: float) -> bool:
    """Return whether a faster km loads more wherever the power of force with speed lies in its range.

    Parameters
    ----------
    settings : ModelSettings
        `exponent`.
    cadence_elasticity : float
        Share κ by which the runner's own step rate rises per share of speed; 0 is a step rate that never changes.

    Returns
    -------
    bool
        False where the two ends of the range disagree: it is then not said.
    """
    return all(settings.exponent > pace_neutral_exponent(a, cadence_elasticity) for a in EXPONENT_RANGE)


FACTOR = Factor(
    id="speed",
    title="Speed",
    unit="relative peak force of a step, 1 at 3.0 m/s",
    formula=(
        f"(v ÷ {achilles_force.REFERENCE_MPS:g} m/s)^{_USUAL.speed_exponent:g}, v held between "
        f"{achilles_force.SPEED_RANGE_MPS[0]:g} and {achilles_force.SPEED_RANGE_MPS[1]:g} m/s; a walked second "
        f"{_USUAL.walking_force_bw:g} ÷ {achilles_force.FORCE_BW:g}"
    ),
    evidence=EXTRAPOLATED,
    source=(
        "between Reiter 2024 (PMC11096059), 0.40, and Starbuck 2021, 0.34; others 0.21 to 0.25; "
        "lens A: Van Hooren 2024 (doi:10.1111/sms.14570)"
    ),
    default=0.37,
    low=EXPONENT_RANGE[0],
    high=EXPONENT_RANGE[1],
    driver="speed",
    grain="second",
    needs=("speed_mps", "walking"),
    value=lambda settings: speed_force(pl.col("speed_mps"), pl.col("walking"), settings),
    weight=lambda settings: speed_weight(pl.col("speed_mps"), pl.col("walking"), settings),
)
