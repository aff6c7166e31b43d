"""A ride home at an end of a run: the watch was stopped late, or started early."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from dashboard.model.load.seconds import DROPOUT_SPM

Floats = npt.NDArray[np.float64]

OVER_USUAL, FAST_MPS = 1.6, 4.5
"""A stretch without steps is a ride when it is faster than both: the run's own median, and m/s. As for a whole ride.
Design choice."""
RIDE_S, RIDE_UNSTEPPED_S = 60.0, 180.0
"""Least seconds so fast; more of them where the recording has no steps at all, for then a fast end looks alike."""
MOVING_MPS = 1.0
MOSTLY, STEPPING = 0.8, 0.05
"""Shares of what moves in the stretch that is so fast, and that has steps. Design choice."""
END_SCHEMA = pl.Schema(
    {
        "samples_id": pl.String,
        "cut_from_s": pl.Float64,  # s since the start from which on it was run; null from the first
        "cut_to_s": pl.Float64,  # s since the start up to which it was run; null to the last
        "rode_s": pl.Float64,
        "rode_mps": pl.Float64,  # mean speed of what is not the run
        "run_m": pl.Float64,  # distance of the rest
        "run_s": pl.Float64,  # s recorded of the rest
    }
)


def ride_ends(samples: pl.LazyFrame) -> pl.DataFrame:
    """Return what was ridden at the ends of recorded runs."""
    columns = ("activity_id", "second", "distance_m", "speed_mps", "cadence_spm")
    rows = samples.select(columns).sort("activity_id", "second").collect()
    ends = [
        {"samples_id": str(key[0]), **ending}
        for key, one in rows.group_by("activity_id", maintain_order=True)
        if (ending := _ends(one))
    ]
    return pl.DataFrame(ends, schema=END_SCHEMA)


def _ends(rows: pl.DataFrame) -> dict[str, float | None] | None:
    speed = rows["speed_mps"].cast(pl.Float64).fill_null(0.0).to_numpy()
    steps = rows["cadence_spm"].cast(pl.Float64).fill_null(0.0).to_numpy() >= DROPOUT_SPM
    has_steps = bool(steps.sum() >= 60)
    own = speed[steps & (speed > MOVING_MPS)] if has_steps else speed[(speed > MOVING_MPS) & (speed < 6.0)]
    if not own.size:
        return None
    fast = (speed > max(OVER_USUAL * float(np.median(own)), FAST_MPS)) & ~steps
    least = RIDE_S if has_steps else RIDE_UNSTEPPED_S
    last = _rest(fast, speed, steps, least)
    first = speed.size - _rest(fast[::-1], speed[::-1], steps[::-1], least)
    if (first == 0 and last == speed.size) or last - first < 60:
        return None
    second = rows["second"].to_numpy()
    metres = rows["distance_m"].cast(pl.Float64).fill_null(strategy="forward").fill_null(0.0).to_numpy()
    ridden = np.r_[0:first, last : speed.size]
    return {
        "cut_from_s": float(second[first]) if first else None,
        "cut_to_s": float(second[last]) if last < speed.size else None,
        "rode_s": float(ridden.size),
        "rode_mps": float(speed[ridden][speed[ridden] > MOVING_MPS].mean()),
        "run_m": float(metres[last - 1] - metres[first]),
        "run_s": float(last - first),
    }


def _rest(fast: npt.NDArray[np.bool_], speed: Floats, steps: npt.NDArray[np.bool_], least: float) -> int:
    """Rows before the ride that ends a recording; all of them where none does."""
    if fast.sum() < least:
        return int(speed.size)
    moving = np.cumsum((speed > MOVING_MPS)[::-1])[::-1]
    quick, stepped = np.cumsum(fast[::-1])[::-1], np.cumsum(steps[::-1])[::-1]
    left = np.arange(speed.size, 0, -1)
    fits = fast & (quick >= least) & (quick >= MOSTLY * moving) & (stepped <= STEPPING * left)
    return int(np.argmax(fits)) if fits.any() else int(speed.size)
