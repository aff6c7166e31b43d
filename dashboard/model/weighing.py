"""The sums of a run that its load is made of, weighed second by second.

Sums are taken for every choice of "as it was" or "as usual" over steps, speed, hills and cadence, so that the
shares of a run come from the same pass as its load.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl

from dashboard.model import shelf
from dashboard.model.lookup import Cadences, Lookup, Places, Steps
from dashboard.model.personal import Personal
from dashboard.model.seconds import on_all_cores
from dashboard.model.settings import ModelSettings

VARYING = ("speed", "hills", "cadence")
"""Drivers that change within a run; shoe and surface do not, and steps are counted."""
PIECE_S = 24_576
"""Seconds weighed together: they fit the cache of a core, and columns under 128 kB are given memory that is in
use already, which takes less time than memory new from the system."""
COUNTS, GROUNDS, SPARE = 7, 10, 5
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
    ours: science of the factors is in their files, how closely they are read in `lookup`; a sum over seconds
    knows no order.
    """
    cadences = Cadences(personal)
    weights = Weights(settings, cadences)

    def summed(parts: Sequence[pl.LazyFrame]) -> list[tuple[pl.Series, np.ndarray]]:
        room = Room(cadences)
        return [_summed(part.sort("activity_id").collect(), weights, room) for part in parts]

    cores = os.cpu_count() or 1
    shared = on_all_cores(summed, [seconds[core::cores] for core in range(cores)])
    found = [one for share in shared for one in share]
    if not found:
        return no_sums()
    sums = np.concatenate([sums for _, sums in found])[:, *np.transpose(list(PLACES.values()))]
    named = pl.concat([names for names, _ in found]).to_frame()
    return named.hstack(pl.from_numpy(sums, schema=no_sums().schema.names()[1:])).sort("activity_id")


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


class Weights:
    """What each second is counted and weighed by.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the factors.
    cadences : Cadences
        The runner's own step rates.
    """

    def __init__(self, settings: ModelSettings, cadences: Cadences) -> None:
        speed = pl.col("speed_mps")
        fast = (pl.col("walking").not_() & (speed > cadences.personal.fast_mps)).fill_null(False)
        self.steps = Steps(shelf.steps(settings), cadences)
        self.run = Lookup((speed.fill_null(0.0), fast))
        self.drivers = tuple(_weight_of(driver, settings) for driver in VARYING)


def _weight_of(driver: str, settings: ModelSettings) -> Lookup:
    """Read force in lens B, force in lens C, and weight in lens A; unknown is 1."""
    force, weight = shelf.force(driver, "second", settings), shelf.weight(driver, "second", settings)
    return Lookup((force.pow(settings.exponent), force.pow(settings.vitro_exponent), weight))


class Room:
    """Where a piece is worked on, filled anew for each.

    Asking the system for this much memory each time would take longer than the arithmetic.

    Parameters
    ----------
    cadences : Cadences
        The runner's own step rates.
    """

    def __init__(self, cadences: Cadences) -> None:
        self.places = Places(PIECE_S, cadences)
        self._rows = np.empty((COUNTS + GROUNDS + SPARE, PIECE_S))

    def columns(self, count: int) -> list[np.ndarray]:
        """Give what a piece is written to.

        Parameters
        ----------
        count : int
            Its seconds, at most `PIECE_S`.

        Returns
        -------
        list of arrays, shape (n, count)
            Counts, grounds and columns to spare, as the last piece left them.

        Source
        ------
        ours: see `_fill`.
        """
        return np.split(self._rows[:, :count], (COUNTS, COUNTS + GROUNDS))


def _summed(block: pl.DataFrame, weights: Weights, room: Room) -> tuple[pl.Series, np.ndarray]:
    """Sum whole recordings, whose seconds stand together: their ids, and a matrix for each."""
    runs = block["activity_id"].rle().struct.unnest()
    ends = np.cumsum(runs["len"].to_numpy(), dtype=np.int64)
    sums = np.zeros((len(ends), COUNTS, GROUNDS))
    for first in range(0, block.height, PIECE_S):
        piece = block[first : first + PIECE_S]
        room.places.find(piece)
        counts, grounds, spare = room.columns(piece.height)
        _fill(counts, grounds, spare, weights, room.places)
        _add(sums, ends - first, counts, grounds)
    return runs["value"].cast(pl.String).rename("activity_id"), sums


def _add(sums: np.ndarray, ends: np.ndarray, counts: np.ndarray, grounds: np.ndarray) -> None:
    """Add one piece to the recordings it holds seconds of: one matrix product gives all sums of a recording."""
    within = np.clip(np.concatenate(([0], ends)), 0, counts.shape[1])
    for run in np.flatnonzero(np.diff(within)):
        own = slice(within[run], within[run + 1])
        sums[run] += counts[:, own] @ grounds[:, own].T


def _fill(
    counts: np.ndarray, grounds: np.ndarray, spare: np.ndarray, weights: Weights, places: Places
) -> None:
    """Write what is counted in each second, with cadence and without, and what it is weighed by."""
    steps, steps_b, metres, metres_b, steps_c, metres_a, fast = counts
    one, speed, hills, both, climb, descent, speed_c, both_c, speed_a, both_a = grounds
    hills_c, hills_a, cadence, cadence_c, cadence_a = spare
    weights.steps.read(places, steps)
    weights.run.read(places, (metres, fast))
    for lookup, out in zip(
        weights.drivers,
        ((speed, speed_c, speed_a), (hills, hills_c, hills_a), (cadence, cadence_c, cadence_a)),
        strict=True,
    ):
        lookup.read(places, out)
    np.multiply(steps, cadence, out=steps_b)
    np.multiply(steps, cadence_c, out=steps_c)
    np.multiply(metres, cadence, out=metres_b)
    np.multiply(metres, cadence_a, out=metres_a)
    one[:] = 1.0
    np.multiply(speed, hills, out=both)
    np.multiply(speed_c, hills_c, out=both_c)
    np.multiply(speed_a, hills_a, out=both_a)
    np.subtract(hills, 1, out=climb)
    np.minimum(climb, 0, out=descent)
    np.negative(descent, out=descent)
    np.maximum(climb, 0, out=climb)
