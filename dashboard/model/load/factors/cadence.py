"""Step rate against the runner's own at the same speed."""

from __future__ import annotations

import polars as pl

from dashboard.model.load.factor import Factor
from dashboard.model.settings import EXTRAPOLATED, ModelSettings

SLOW_EXPONENT = -1.45
QUICK_EXPONENT = -0.39
HELD_RANGE = (0.9, 1.1)


def cadence_force(relative_cadence: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step for a step rate above or below the runner's own at that speed.

    Parameters
    ----------
    relative_cadence : Expr, Float64
        Step rate over the runner's own at the same speed: 1.05 is 5 % quicker. Null unknown, or walked.
    settings : ModelSettings
        `cadence_strength`: 1 as published, 0 no effect.

    Returns
    -------
    Expr, Float64
        1 at 1.0; held beyond 0.9 and 1.1, where nobody was measured. Null where unknown.

    References
    ----------
    Slopes fitted by us to Van Hooren et al. 2024 (doi:10.1111/sms.14570), +-10 steps/min at 3.33 m/s, taking
    167 steps/min as the usual rate; sign as in Lyght 2016 (doi:10.1123/jab.2015-0183). Evidence:
    extrapolated.
    """
    held = relative_cadence.clip(*HELD_RANGE)
    slow = held.pow(SLOW_EXPONENT * settings.cadence_strength)
    return pl.when(held < 1).then(slow).otherwise(held.pow(QUICK_EXPONENT * settings.cadence_strength))


FACTOR = Factor(
    id="cadence",
    title="Cadence",
    unit="relative peak force of a step, 1 at the runner's own step rate",
    formula=(
        f"c = step rate ÷ own step rate at that speed, held between {HELD_RANGE[0]:g} and {HELD_RANGE[1]:g}; "
        f"c^{SLOW_EXPONENT:g} below 1, c^{QUICK_EXPONENT:g} above"
    ),
    evidence=EXTRAPOLATED,
    source="Van Hooren 2024 (doi:10.1111/sms.14570), fitted by us; sign as Lyght 2016",
    default=-1.45,
    low=-2.9,
    high=-0.7,
    driver="cadence",
    grain="second",
    needs=("relative_cadence",),
    value=lambda settings: cadence_force(pl.col("relative_cadence"), settings),
)
