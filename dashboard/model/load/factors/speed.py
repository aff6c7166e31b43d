"""How fast."""

from __future__ import annotations

import polars as pl

from dashboard.model.load import achilles_force
from dashboard.model.load.factor import Factor
from dashboard.model.settings import EXTRAPOLATED, ModelSettings

_USUAL = ModelSettings()
WEIGHT_MPS = (2.78, 3.0, 3.33, 4.0, 5.0)
WEIGHTS = (1.0, 1.015919, 1.021708, 1.047757, 1.044863)


def speed_force(speed_mps: pl.Expr, walking: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step with speed.

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

    References
    ----------
    Fitted by us to Reiter et al. 2024 (PMC11096059): 8.2 body weights at 2.68 m/s, 10.06 at 4.47, 4.49
    walking.
    Evidence: extrapolated.
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
    source="Reiter 2024 (PMC11096059), fitted by us; lens A: Van Hooren 2024 (doi:10.1111/sms.14570)",
    default=0.40,
    low=0.25,
    high=0.50,
    driver="speed",
    grain="second",
    needs=("speed_mps", "walking"),
    value=lambda settings: speed_force(pl.col("speed_mps"), pl.col("walking"), settings),
    weight=lambda settings: speed_weight(pl.col("speed_mps"), pl.col("walking"), settings),
)
