"""Factors read from tables at the levels of a second, instead of worked out ten million times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from dashboard.model.levels import GRIDS, STATES, as_seconds
from dashboard.model.personal import Personal
from dashboard.model.seconds import compared

CLOSE = 5e-4
"""No factor read here is further than this share from the one worked out, whatever the settings; at their
defaults the sums of a usual run are within 1e-5. Held by tests."""
RELATIVE_STEP, RELATIVE_HIGH = 1e-5, 2.0
"""Spacing of cadence over the runner's own, and where it is held. Design choice; a test holds that no factor changes
beyond."""


class Cadences:
    """What the runner's own line makes of each level of speed and cadence.

    Parameters
    ----------
    personal : Personal
        The runner's own cadence-speed line.
    """

    def __init__(self, personal: Personal) -> None:
        self.personal = personal
        rows = _speeds_in_each_state().with_columns(
            cadence_spm=pl.lit(1.0), grade_pct=pl.lit(None, pl.Float64)
        )
        self.levels = rows.with_columns(compared(personal))
        # Nobody runs without a step, so 0 may stand for unknown: it stays 0 whatever it is multiplied by.
        self.per_spm = self.levels["relative_cadence"].fill_null(0.0).to_numpy() / RELATIVE_STEP
        self.spm = np.append(GRIDS["cadence_spm"].values(), 0.0)


class Places:
    """Where each second of a piece stands in the tables; filled anew for each piece.

    Asking the system for this much memory each time would take longer than the arithmetic.

    Parameters
    ----------
    size : int
        Seconds in a piece, at most.
    cadences : Cadences
        The runner's own step rates.
    """

    def __init__(self, size: int, cadences: Cadences) -> None:
        self._cadences = cadences
        self._all = {name: np.empty(size, np.intp) for name in (*GRIDS, "relative_cadence")}
        self._relative = np.empty((2, size))
        self._levels = pl.DataFrame()
        self.of: dict[str, np.ndarray] = {}

    def find(self, levels: pl.DataFrame) -> None:
        """Find the places of a piece.

        Parameters
        ----------
        levels : DataFrame
            `KEPT` as from `as_levels`.

        Source
        ------
        ours.
        """
        self._levels = levels
        self.of = {name: places[: levels.height] for name, places in self._all.items()}
        for name in GRIDS:
            np.copyto(self.of[name], levels[name].to_numpy())
        state, speed = self.of["relative_cadence"], self.of["speed_mps"]
        np.multiply(levels["walking"].to_numpy(), GRIDS["speed_mps"].unknown + 1, out=state, dtype=np.intp)
        np.add(speed, state, out=speed)

        spm, relative = self._relative[:, : levels.height]
        self._cadences.spm.take(self.of["cadence_spm"], mode="clip", out=spm)
        self._cadences.per_spm.take(speed, mode="clip", out=relative)
        np.multiply(relative, spm, out=relative)
        np.add(relative, 0.5, out=relative)
        np.copyto(self.of["relative_cadence"], relative, casting="unsafe")

    def seconds(self) -> pl.DataFrame:
        """Give the seconds of the piece themselves, for values that no table holds.

        Returns
        -------
        DataFrame
            With `shelf.SECOND_INPUTS`, as from `seconds.compared`.

        Source
        ------
        ours.
        """
        return as_seconds(self._levels).with_columns(compared(self._cadences.personal))


class Lookup:
    """Values that are read at a level instead of worked out for each second.

    Values that depend on one input that is held, or on cadence over the runner's own, with or without `walking`,
    are worked out at each level. Any others are worked out second by second.

    Parameters
    ----------
    values
        Expressions over `shelf.SECOND_INPUTS`, never null.
    """

    def __init__(self, values: Sequence[pl.Expr]) -> None:
        self.values = tuple(value.cast(pl.Float64) for value in values)
        inputs = {root for value in values for root in value.meta.root_names()}
        self.input = next((name for name, own in _TABLES.items() if inputs <= own), None)
        self._tables = [] if self.input is None else tables(self.values, _LEVELS[self.input]())

    def read(self, places: Places, out: Sequence[np.ndarray]) -> None:
        """Write the values of each second.

        Parameters
        ----------
        places : Places
            Of n seconds.
        out : sequence of arrays, shape (n,), Float64
            One for each of the values.

        Source
        ------
        ours: the nearest level is closer than `CLOSE`; the factors themselves are uncertain by tens of per cent.
        """
        if self.input is None:
            for column, values in zip(out, tables(self.values, places.seconds()), strict=True):
                np.copyto(column, values)
            return
        for column, table in zip(out, self._tables, strict=True):
            table.take(places.of[self.input], mode="clip", out=column)


class Steps:
    """Steps of each second, by recorded cadence where there is one, else by the runner's own at that speed.

    Parameters
    ----------
    steps : Expr
        As from `shelf.steps`.
    cadences : Cadences
        The runner's own step rates.
    """

    def __init__(self, steps: pl.Expr, cadences: Cadences) -> None:
        recorded = pl.Series("cadence_spm", GRIDS["cadence_spm"].values()).extend_constant(None, 1).to_frame()
        recorded = recorded.with_columns(own_cadence_spm=pl.lit(None, pl.Float64))
        own = cadences.levels.with_columns(cadence_spm=pl.lit(None, pl.Float64))
        counted = (steps.fill_null(0.0),)
        (self._recorded,), (self._own,) = tables(counted, recorded), tables(counted, own)

    def read(self, places: Places, out: np.ndarray) -> None:
        """Write the steps of each second.

        Parameters
        ----------
        places : Places
            Of n seconds.
        out : array, shape (n,), Float64
            Steps of one leg; 0 where speed is unknown.

        Source
        ------
        ours: see `as_levels`; a second of unknown speed has no cadence either.
        """
        cadence = places.of["cadence_spm"]
        self._recorded.take(cadence, mode="clip", out=out)
        unknown = np.flatnonzero(cadence == GRIDS["cadence_spm"].unknown)
        if len(unknown):
            out[unknown] = self._own.take(places.of["speed_mps"].take(unknown))


def tables(values: Sequence[pl.Expr], rows: pl.DataFrame) -> list[np.ndarray]:
    """Work out values at each row.

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

    Source
    ------
    ours: a value of nothing is the same in each row.
    """
    named = {str(at): value for at, value in enumerate(values)}
    return [column.to_numpy() for column in rows.with_columns(**named).select(named.keys())]


def _speeds_in_each_state() -> pl.DataFrame:
    speeds = pl.Series("speed_mps", GRIDS["speed_mps"].values()).extend_constant(None, 1).to_frame()
    return pl.concat(speeds.with_columns(walking=pl.lit(state, pl.Boolean)) for state in STATES)


def _grades() -> pl.DataFrame:
    return pl.Series("grade_pct", GRIDS["grade_pct"].values()).extend_constant(None, 1).to_frame()


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
