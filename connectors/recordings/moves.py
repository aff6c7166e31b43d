"""Whether a recording moves like a run, where nothing says so."""

from __future__ import annotations

import polars as pl

RUNNING_MPS = (1.9, 6.0)
FASTEST_MPS = 7.5
"""A twentieth of the time beyond it is a ride: few run so fast, and downhill everyone rides so. Design choice."""
STEPS_SPM, STEPS_SHARE = 140.0, 0.2
"""Steps of running in a fifth of the seconds: a session of walking and running. Design choice."""


def moves_like_a_run(samples: pl.DataFrame) -> bool:
    """Recognise a run by its speed, or, where it was walked too, by its steps.

    Parameters
    ----------
    samples : DataFrame
        Contract SAMPLE.

    Returns
    -------
    bool
        False where no speed is known.
    """
    speed = samples["speed_mps"].drop_nulls()
    moving = speed.filter(speed > 0.5)
    middle, high = moving.median(), moving.quantile(0.95)
    if not isinstance(middle, float) or high is None or high > FASTEST_MPS:
        return False
    if RUNNING_MPS[0] <= middle <= RUNNING_MPS[1]:
        return True
    runs = (pl.col("cadence_spm") >= STEPS_SPM) & pl.col("speed_mps").is_between(*RUNNING_MPS)
    share = samples.select(runs.fill_null(False).mean()).item()
    return share is not None and share >= STEPS_SHARE
