"""The sums of a run that its load is made of, weighed second by second.

Sums are taken for every choice of "as it was" or "as usual" over steps, speed, hills and cadence, so that the
shares of a run come from the same pass as its load.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl

from dashboard.model import shelf
from dashboard.model.levels import Lookup
from dashboard.model.personal import Personal
from dashboard.model.seconds import compared, on_all_cores
from dashboard.model.settings import ModelSettings

VARYING = ("speed", "hills", "cadence")
"""Drivers that change within a run; shoe and surface do not, and steps are counted."""
PIECE_S = 12_288
"""Seconds weighed together: they fit the cache of a core, and columns under 128 kB are given memory that is in
use already, which takes less time than memory new from the system."""
COUNTS, GROUNDS = 7, 10
PLACES = {
    **{f"steps_{s}{h}{c}": (c, s + 2 * h) for s, h, c in product((0, 1), repeat=3)},
    **{f"metres_{s}{h}{c}": (2 + c, s + 2 * h) for s, h, c in product((0, 1), repeat=3)},
    "climb": (0, 4), "descent": (0, 5), "c_0": (4, 6), "c_1": (4, 7), "a_0": (5, 8), "a_1": (5, 9),
    "fast_s": (6, 0),
}  # fmt: skip
"""Where each sum stands among the products of what is counted and what it is weighed by, see `_fill`."""


def run_sums(seconds: Sequence[pl.LazyFrame], personal: Personal, settings: ModelSettings) -> pl.DataFrame:
    """Sum each recording.

    Parameters
    ----------
    seconds : sequence of LazyFrame
        As `ground.Ground.seconds`; all seconds of a recording are in one of them.
    personal : Personal
        The runner's own cadence-speed line and fast speed.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    DataFrame, one row for each recording, by id
        `activity_id`; `steps_...` and `metres_...` with one digit for each of `VARYING` (1 as it was, 0 left
        out); lens sums `c_1`, `c_0`, `a_1`, `a_0` with and without hills; `climb` and `descent`, the weighted
        steps that slopes up add and slopes down take away; `fast_s`, s run above the fast speed.

    Source
    ------
    ours: science of the factors is in their files, how closely they are read in `levels`; a sum over seconds
    knows no order.
    """
    weights = [_weight_of(driver, settings) for driver in VARYING]
    wanted = {name: column for one in weights for name, column in one.columns().items()}
    speed = pl.col("speed_mps")
    counted = {
        "steps": pl.when(speed.is_not_null()).then(shelf.steps(settings)).fill_null(0.0),
        "metres": speed.fill_null(0.0),
        "fast": (pl.col("walking").not_() & (speed > personal.fast_mps)).fill_null(False),
    }

    def summed(part: pl.LazyFrame) -> pl.DataFrame:
        known = compared(part, personal).select("activity_id", **wanted, **counted)
        return _summed(known.sort("activity_id").collect(), weights)

    return pl.concat([no_sums(), *on_all_cores(summed, seconds)]).sort("activity_id")


def no_sums() -> pl.DataFrame:
    """Give the frame of `run_sums` for a runner without recordings.

    Returns
    -------
    DataFrame, no rows
        The columns of `run_sums`.

    Source
    ------
    ours: no recording is a case like any other.
    """
    return pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(PLACES, pl.Float64)})


def _weight_of(driver: str, settings: ModelSettings) -> Lookup:
    """Read force in lens B, force in lens C, and weight in lens A; unknown is 1."""
    force, weight = shelf.force(driver, "second", settings), shelf.weight(driver, "second", settings)
    return Lookup(driver, (force.pow(settings.exponent), force.pow(settings.vitro_exponent), weight))


def _summed(block: pl.DataFrame, weights: Sequence[Lookup]) -> pl.DataFrame:
    """Sum whole recordings, whose seconds stand together."""
    runs = block.group_by("activity_id", maintain_order=True).len()
    ends = np.cumsum(runs["len"].to_numpy(), dtype=np.int64)
    sums = np.zeros((len(ends), COUNTS, GROUNDS))
    # Filled anew for each piece: asking for this much memory every time takes longer than the arithmetic.
    counts, grounds = np.empty((COUNTS, PIECE_S)), np.empty((GROUNDS, PIECE_S))
    for first in range(0, block.height, PIECE_S):
        piece = block[first : first + PIECE_S]
        _fill(counts[:, : piece.height], grounds[:, : piece.height], piece, weights)
        _add(sums, ends - first, counts[:, : piece.height], grounds[:, : piece.height])
    table = sums[:, *np.transpose(list(PLACES.values()))]
    found = pl.from_numpy(table, schema=dict.fromkeys(PLACES, pl.Float64))
    return pl.concat([runs.select(pl.col("activity_id").cast(pl.String)), found], how="horizontal")


def _add(sums: np.ndarray, ends: np.ndarray, counts: np.ndarray, grounds: np.ndarray) -> None:
    """Add one piece to the recordings it holds seconds of: one matrix product gives all sums of a recording."""
    within = np.clip(np.concatenate(([0], ends)), 0, counts.shape[1])
    for run in np.flatnonzero(np.diff(within)):
        own = slice(within[run], within[run + 1])
        sums[run] += counts[:, own] @ grounds[:, own].T


def _fill(counts: np.ndarray, grounds: np.ndarray, piece: pl.DataFrame, weights: Sequence[Lookup]) -> None:
    """Write what is counted in each second, with cadence and without, and what it is weighed by."""
    (speed, speed_c, speed_a), (hills, hills_c, hills_a), (cadence, cadence_c, cadence_a) = (
        one.read(piece) for one in weights
    )
    steps, metres = piece["steps"].to_numpy(), piece["metres"].to_numpy()
    slope = hills - 1
    counts[0], counts[1], counts[2] = steps, steps * cadence, metres
    counts[3], counts[4], counts[5] = metres * cadence, steps * cadence_c, metres * cadence_a
    counts[6] = piece["fast"].to_numpy()
    grounds[0], grounds[1], grounds[2], grounds[3] = 1.0, speed, hills, speed * hills
    grounds[4], grounds[5] = np.maximum(slope, 0), np.maximum(-slope, 0)
    grounds[6], grounds[7] = speed_c, speed_c * hills_c
    grounds[8], grounds[9] = speed_a, speed_a * hills_a
