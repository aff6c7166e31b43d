"""Factors read from tables at the levels of a second, instead of worked out ten million times."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl

from dashboard.model.load import factor
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import (
    LEVEL_GRIDS,
    STATE_LEVELS,
    decode_levels,
    on_all_cores,
    relative_to_runner,
)
from dashboard.model.settings import ModelSettings

CLOSE = 5e-4
"""No factor read here is further than this share from the one worked out, whatever the settings; at their
defaults the sums of a usual run are within 1e-5. Held by tests."""
RELATIVE_STEP, RELATIVE_HIGH = 1e-5, 2.0
"""Spacing of cadence over the runner's own, and where it is held. Design choice; a test holds that no factor changes
beyond."""


class CadenceTable:
    """What the runner's own line makes of each level of speed and cadence.

    Parameters
    ----------
    personal : RunnerProfile
        The runner's own cadence-speed line.
    """

    def __init__(self, personal: RunnerProfile) -> None:
        self.personal = personal
        rows = _speeds_in_each_state().with_columns(
            cadence_spm=pl.lit(1.0), grade_pct=pl.lit(None, pl.Float64)
        )
        self.levels = rows.with_columns(relative_to_runner(personal))
        # Nobody runs without a step, so 0 may stand for unknown: it stays 0 whatever it is multiplied by.
        self.per_spm = self.levels["relative_cadence"].fill_null(0.0).to_numpy() / RELATIVE_STEP
        self.spm = np.append(LEVEL_GRIDS["cadence_spm"].values(), 0.0)


class LevelIndex:
    """Where each second of a piece stands in the tables; filled anew for each piece.

    Asking the system for this much memory each time would take longer than the arithmetic.

    Parameters
    ----------
    size : int
        Seconds in a piece, at most.
    cadences : CadenceTable
        The runner's own step rates.
    """

    def __init__(self, size: int, cadences: CadenceTable) -> None:
        self._cadences = cadences
        self._all = {name: np.empty(size, np.intp) for name in (*LEVEL_GRIDS, "relative_cadence")}
        self._relative = np.empty((2, size))
        self._levels = pl.DataFrame()
        self.of: dict[str, np.ndarray] = {}

    def find(self, levels: pl.DataFrame) -> None:
        """Find the places of a piece.

        Parameters
        ----------
        levels : DataFrame
            `KEPT` as from `encode_levels`.
        """
        self._levels = levels
        self.of = {name: places[: levels.height] for name, places in self._all.items()}
        for name in LEVEL_GRIDS:
            np.copyto(self.of[name], levels[name].to_numpy())
        state, speed = self.of["relative_cadence"], self.of["speed_mps"]
        np.multiply(
            levels["walking"].to_numpy(), LEVEL_GRIDS["speed_mps"].unknown + 1, out=state, dtype=np.intp
        )
        np.add(speed, state, out=speed)

        spm, relative = self._relative[:, : levels.height]
        self._cadences.spm.take(self.of["cadence_spm"], mode="clip", out=spm)
        self._cadences.per_spm.take(speed, mode="clip", out=relative)
        np.multiply(relative, spm, out=relative)
        np.add(relative, 0.5, out=relative)
        np.copyto(self.of["relative_cadence"], relative, casting="unsafe")

    def seconds(self) -> pl.DataFrame:
        """Return the seconds of the piece themselves, for values that no table holds.

        Returns
        -------
        DataFrame
            With `factor.SECOND_INPUTS`, as from `seconds.relative_to_runner`.
        """
        return decode_levels(self._levels).with_columns(relative_to_runner(self._cadences.personal))


class WeightTables:
    """Values that are read at a level instead of worked out for each second.

    Values that depend on one input that is held, or on cadence over the runner's own, with or without `walking`,
    are worked out at each level. Any others are worked out second by second.

    Parameters
    ----------
    values
        Expressions over `factor.SECOND_INPUTS`, never null.
    """

    def __init__(self, values: Sequence[pl.Expr]) -> None:
        self.values = tuple(value.cast(pl.Float64) for value in values)
        inputs = {root for value in values for root in value.meta.root_names()}
        self.input = next((name for name, own in _TABLES.items() if inputs <= own), None)
        self._tables = [] if self.input is None else weight_tables(self.values, _LEVELS[self.input]())

    def read(self, places: LevelIndex, out: Sequence[np.ndarray]) -> None:
        """Write the values of each second.

        The nearest level is closer than `CLOSE`; the factors themselves are uncertain by tens of per cent.

        Parameters
        ----------
        places : LevelIndex
            Of n seconds.
        out : sequence of arrays, shape (n,), Float64
            One for each of the values.
        """
        if self.input is None:
            for column, values in zip(out, weight_tables(self.values, places.seconds()), strict=True):
                np.copyto(column, values)
            return
        for column, table in zip(out, self._tables, strict=True):
            table.take(places.of[self.input], mode="clip", out=column)


class StepLevels:
    """Steps of each second, by recorded cadence where there is one, else by the runner's own at that speed.

    Parameters
    ----------
    steps : Expr
        As from `factor.steps_per_second`.
    cadences : CadenceTable
        The runner's own step rates.
    """

    def __init__(self, steps: pl.Expr, cadences: CadenceTable) -> None:
        recorded = (
            pl.Series("cadence_spm", LEVEL_GRIDS["cadence_spm"].values()).extend_constant(None, 1).to_frame()
        )
        recorded = recorded.with_columns(own_cadence_spm=pl.lit(None, pl.Float64))
        own = cadences.levels.with_columns(cadence_spm=pl.lit(None, pl.Float64))
        counted = (steps.fill_null(0.0),)
        (self._recorded,), (self._own,) = weight_tables(counted, recorded), weight_tables(counted, own)

    def read(self, places: LevelIndex, out: np.ndarray) -> None:
        """Write the steps of each second.

        See `encode_levels`; a second of unknown speed has no cadence either.

        Parameters
        ----------
        places : LevelIndex
            Of n seconds.
        out : array, shape (n,), Float64
            Steps of one leg; 0 where speed is unknown.
        """
        cadence = places.of["cadence_spm"]
        self._recorded.take(cadence, mode="clip", out=out)
        unknown = np.flatnonzero(cadence == LEVEL_GRIDS["cadence_spm"].unknown)
        if len(unknown):
            out[unknown] = self._own.take(places.of["speed_mps"].take(unknown))


def weight_tables(values: Sequence[pl.Expr], rows: pl.DataFrame) -> list[np.ndarray]:
    """Compute values at each row.

    A value of nothing is the same in each row.

    Parameters
    ----------
    values : sequence of Expr
        Never null.
    rows : DataFrame, n rows
        What they depend on.

    Returns
    -------
    list of arrays, shape (n,)
        One for each of the values.
    """
    weights = {str(at): value for at, value in enumerate(values)}
    return [column.to_numpy() for column in rows.with_columns(**weights).select(weights.keys())]


def _speeds_in_each_state() -> pl.DataFrame:
    speeds = pl.Series("speed_mps", LEVEL_GRIDS["speed_mps"].values()).extend_constant(None, 1).to_frame()
    return pl.concat(speeds.with_columns(walking=pl.lit(state, pl.Boolean)) for state in STATE_LEVELS)


def _grades() -> pl.DataFrame:
    return pl.Series("grade_pct", LEVEL_GRIDS["grade_pct"].values()).extend_constant(None, 1).to_frame()


def _relative_cadences() -> pl.DataFrame:
    levels = np.arange(round(RELATIVE_HIGH / RELATIVE_STEP) + 1) * RELATIVE_STEP
    known = pl.when(pl.col("relative_cadence") > 0).then(pl.col("relative_cadence"))
    return pl.DataFrame({"relative_cadence": levels}).with_columns(known)


_TABLES = {
    "speed_mps": {"speed_mps", "walking"},
    "grade_pct": {"grade_pct"},
    "relative_cadence": {"relative_cadence"},
}
"""What a value may depend on to be read at the places of an input."""
_LEVELS = {"speed_mps": _speeds_in_each_state, "grade_pct": _grades, "relative_cadence": _relative_cadences}


VARYING = ("speed", "hills", "cadence")
"""Drivers that change within a run; shoe and surface do not, and steps are counted."""
PIECE_S = 24_576
"""Seconds weighed together: they fit the cache of a core, and columns under 128 kB are given memory that is in
use already, which takes less time than memory new from the system."""
COUNTS, SURFACES_SUMMED, SPARE = 7, 10, 5
LEVELS_SUMMED = {
    **{f"steps_{s}{h}{c}": (c, s + 2 * h) for s, h, c in product((0, 1), repeat=3)},
    **{f"metres_{s}{h}{c}": (2 + c, s + 2 * h) for s, h, c in product((0, 1), repeat=3)},
    "climb": (0, 4), "descent": (0, 5), "c_0": (4, 6), "c_1": (4, 7), "a_0": (5, 8), "a_1": (5, 9),
    "fast_s": (6, 0),
}  # fmt: skip
"""Where each sum stands among the products of what is counted and what it is weighed by, see `_fill`."""


def weighted_sums(
    seconds: Sequence[pl.LazyFrame], personal: RunnerProfile, settings: ModelSettings
) -> pl.DataFrame:
    """Sum each recording.

    Science of the factors is in their files, how closely they are read in `WeightTables`; a sum over seconds knows no
    order.

    Parameters
    ----------
    seconds : sequence of LazyFrame
        As `recordings.RecordingData.seconds`; all seconds of a recording are in one of them.
    personal : RunnerProfile
        The runner's own cadence-speed line and fast speed.
    settings : ModelSettings
        Numbers of the factors.

    Returns
    -------
    DataFrame, one row for each recording, by id
        `activity_id`; `steps_...` and `metres_...` with one digit for each of `VARYING` (1 as it was, 0 left
        out); lens sums `c_1`, `c_0`, `a_1`, `a_0` with and without hills; `climb` and `descent`, the weighted
        steps that slopes up add and slopes down take away; `fast_s`, s run above the fast speed.
    """
    if not seconds:
        return no_weighted_sums()  # by their totals alone: no table of weights is read
    cadences = CadenceTable(personal)
    weights = WeightedSums(settings, cadences)

    def summed(parts: Sequence[pl.LazyFrame]) -> list[tuple[pl.Series, np.ndarray]]:
        room = Buffers(cadences)
        return [_summed(part.sort("activity_id").collect(), weights, room) for part in parts]

    cores = os.cpu_count() or 1
    shared = on_all_cores(summed, [seconds[core::cores] for core in range(cores)])
    shares = [one for share in shared for one in share]
    if not shares:
        return no_weighted_sums()
    sums = np.concatenate([sums for _, sums in shares])[:, *np.transpose(list(LEVELS_SUMMED.values()))]
    runs_of_sums = pl.concat([names for names, _ in shares]).to_frame()
    return runs_of_sums.hstack(pl.from_numpy(sums, schema=no_weighted_sums().schema.names()[1:])).sort(
        "activity_id"
    )


def no_weighted_sums() -> pl.DataFrame:
    """Return the frame of `weighted_sums` for a runner without recordings.

    No recording is a case like any other.

    Returns
    -------
    DataFrame, no rows
        The columns of `weighted_sums`.
    """
    return pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(LEVELS_SUMMED, pl.Float64)})


class WeightedSums:
    """What each second is counted and weighed by.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the factors.
    cadences : CadenceTable
        The runner's own step rates.
    """

    def __init__(self, settings: ModelSettings, cadences: CadenceTable) -> None:
        speed = pl.col("speed_mps")
        fast = (pl.col("walking").not_() & (speed > cadences.personal.fast_mps)).fill_null(False)
        self.steps = StepLevels(factor.steps_per_second(settings), cadences)
        self.run = WeightTables((speed.fill_null(0.0), fast))
        self.drivers = tuple(_weight_of(driver, settings) for driver in VARYING)


def _weight_of(driver: str, settings: ModelSettings) -> WeightTables:
    """Read force in lens B, force in lens C, and weight in lens A; unknown is 1."""
    force, weight = (
        factor.force_product(driver, "second", settings),
        factor.weight_product(driver, "second", settings),
    )
    return WeightTables((force.pow(settings.exponent), force.pow(settings.vitro_exponent), weight))


class Buffers:
    """Where a piece is worked on, filled anew for each.

    Asking the system for this much memory each time would take longer than the arithmetic.

    Parameters
    ----------
    cadences : CadenceTable
        The runner's own step rates.
    """

    def __init__(self, cadences: CadenceTable) -> None:
        self.places = LevelIndex(PIECE_S, cadences)
        self._rows = np.empty((COUNTS + SURFACES_SUMMED + SPARE, PIECE_S))

    def columns(self, count: int) -> list[np.ndarray]:
        """Return what a piece is written to.

        See `_fill`.

        Parameters
        ----------
        count : int
            Its seconds, at most `PIECE_S`.

        Returns
        -------
        list of arrays, shape (n, count)
            Counts, grounds and columns to spare, as the last piece left them.
        """
        return np.split(self._rows[:, :count], (COUNTS, COUNTS + SURFACES_SUMMED))


def _summed(block: pl.DataFrame, weights: WeightedSums, room: Buffers) -> tuple[pl.Series, np.ndarray]:
    """Sum whole recordings, whose seconds stand together: their ids, and a matrix for each."""
    runs = block["activity_id"].rle().struct.unnest()
    ends = np.cumsum(runs["len"].to_numpy(), dtype=np.int64)
    sums = np.zeros((len(ends), COUNTS, SURFACES_SUMMED))
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
    counts: np.ndarray, grounds: np.ndarray, spare: np.ndarray, weights: WeightedSums, places: LevelIndex
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
