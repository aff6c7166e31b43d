"""The sums of a run that its load is made of, weighed second by second.

Sums are taken for every choice of "as it was" or "as usual" over steps, speed, hills and cadence, so that the
shares of a run come from the same pass as its load.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import polars as pl

from dashboard.model import seconds, shelf
from dashboard.model.levels import Weights
from dashboard.model.personal import Personal
from dashboard.model.settings import ModelSettings

Scan = Callable[[Sequence[str]], pl.LazyFrame]
"""Recording ids to one lazy frame: SAMPLE columns and `activity_id`."""

VARYING = ("speed", "hills", "cadence")
"""Drivers that change within a run; shoe and surface do not, and steps are counted."""
AT_ONCE = 32
"""Recordings read together: enough that starting costs little, few enough that memory stays small."""
PIECE_S = 16_384
"""Seconds weighed together: the columns of a piece fit the cache of a core."""


def run_sums(
    samples: Scan, recordings: Sequence[str], personal: Personal, settings: ModelSettings
) -> pl.DataFrame:
    """Sum each recording, a few recordings at a time and on all cores.

    Parameters
    ----------
    samples : callable
        Recording ids to LazyFrame.
    recordings : sequence of str
        Their ids; those without samples give no row.
    personal : Personal
        The runner's own cadence-speed line and fast speed.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    DataFrame, one row for each recording, by id
        `activity_id`; the columns of `seconds.facts`; `steps_...` and `metres_...` with one digit for each of
        `VARYING` (1 as it was, 0 left out); lens sums `c_1`, `c_0`, `a_1`, `a_0` with and without hills;
        `climb` and `descent`, the weighted steps that slopes up add and slopes down take away.

    Source
    ------
    ours: science of the factors is in their files, how closely they are read in `levels`; a sum over seconds
    knows no order.
    """
    weights = [Weights(driver, settings) for driver in VARYING]
    wanted = {name: column for one in weights for name, column in one.columns().items()}
    steps = pl.when(pl.col("speed_mps").is_not_null()).then(shelf.steps(settings))

    def summed(ids: Sequence[str]) -> pl.DataFrame:
        known = seconds.compared(seconds.understood(samples(ids), settings), personal)
        block = known.with_columns(**wanted, n=steps).sort("activity_id").collect()
        return _summed(block, weights, personal)

    batches = [recordings[at : at + AT_ONCE] for at in range(0, len(recordings), AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return pl.concat([no_sums(), *threads.map(summed, batches)]).sort("activity_id")


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
    names = (*seconds.FACTS, *_NAMES)
    return pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(names, pl.Float64)})


def _summed(block: pl.DataFrame, weights: Sequence[Weights], personal: Personal) -> pl.DataFrame:
    """Facts and sums of whole recordings, whose seconds stand together."""
    known = block.group_by("activity_id", maintain_order=True).agg(*seconds.facts(personal))
    ends = np.cumsum(known["seconds"].to_numpy()).astype(np.int64)
    sums = [_weighed(block[first:last], ends_here, weights) for first, last, ends_here in _pieces(ends)]
    table = np.concatenate(sums) if sums else np.empty((0, len(_NAMES)))
    found = pl.from_numpy(table, schema=dict.fromkeys(_NAMES, pl.Float64))
    return pl.concat([known.cast({"activity_id": pl.String}), found], how="horizontal")


def _pieces(ends: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    """First and last second of some recordings in a row, and where each of them ends, counted from the first."""
    first = 0
    while first < (ends[-1] if ends.size else 0):
        inside = ends[ends > first]
        here = inside[: max(1, int(np.searchsorted(inside, first + PIECE_S, "right")))]
        yield first, int(here[-1]), here - first
        first = int(here[-1])


def _digits(choice: tuple[int, ...]) -> str:
    return "".join(map(str, choice))


_COUNTS = {"steps": 0, "metres": 2}
_PLACES = {
    **{
        f"{count}_{s}{h}{c}": (row + c, s + 2 * h)
        for s, h, c in product((0, 1), repeat=3)
        for count, row in _COUNTS.items()
    },
    "climb": (0, 4), "descent": (0, 5), "c_0": (4, 6), "c_1": (4, 7), "a_0": (5, 8), "a_1": (5, 9),
}  # fmt: skip
_NAMES = tuple(_PLACES)


def _weighed(piece: pl.DataFrame, ends: np.ndarray, weights: Sequence[Weights]) -> np.ndarray:
    """One matrix product for each recording gives all its sums: counts and cadence by speed and hills."""
    (speed, speed_c, speed_a), (hills, hills_c, hills_a), (cadence, cadence_c, cadence_a) = (
        one.read(piece) for one in weights
    )
    steps, metres = (piece[name].fill_null(0.0).to_numpy() for name in ("n", "speed_mps"))
    counts = (steps, steps * cadence, metres, metres * cadence, steps * cadence_c, metres * cadence_a)
    up_down = hills - 1
    sloped = (np.maximum(up_down, 0), np.maximum(-up_down, 0))
    grounds = (
        np.ones_like(speed), speed, hills, speed * hills, *sloped,
        speed_c, speed_c * hills_c, speed_a, speed_a * hills_a,
    )  # fmt: skip
    left, right = np.stack(counts), np.stack(grounds)
    starts = np.concatenate(([0], ends[:-1]))
    sums = np.stack([left[:, a:b] @ right[:, a:b].T for a, b in zip(starts, ends, strict=True)])
    rows, columns = zip(*_PLACES.values(), strict=True)
    return sums[:, rows, columns]
