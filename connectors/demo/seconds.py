"""Seconds of the made-up runner: speed, way, altitude, steps and pulse that belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.ndimage import uniform_filter1d

from connectors.demo.plan import Outing
from connectors.frames import SAMPLE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_SPEED = {"easy": 2.93, "long": 2.9, "tempo": 2.93, "hills": 2.95, "track": 2.85, "trail": 2.75, "race": 3.7}
_GRADE_PCT = {"easy": 1.2, "long": 1.6, "tempo": 0.9, "hills": 4.0, "track": 0.0, "trail": 4.0, "race": 1.0}
_WAVES_M = (2600.0, 1100.0, 480.0)
_SHARES = (0.62, 0.62, 0.48)  # root mean square 1 together
_REACH_M = 25.0


@dataclass(frozen=True)
class Seconds:
    """All recorded seconds of all runs, one after another.

    Parameters
    ----------
    frame
        Columns of SAMPLE, in the order of the runs.
    first
        Row at which each run begins, and the number of rows at the end: shape (runs + 1,).
    """

    frame: pl.DataFrame
    first: Ints

    def of(self, run: int) -> pl.DataFrame:
        """Cut out one run.

        Parameters
        ----------
        run : int
            From 0.

        Returns
        -------
        DataFrame
            Contract SAMPLE.

        Source
        ------
        ours.
        """
        return self.frame.slice(int(self.first[run]), int(self.first[run + 1] - self.first[run]))


def seconds_of(runs: Sequence[Outing]) -> Seconds:
    """Make the seconds of all runs at once.

    Parameters
    ----------
    runs : sequence of Outing
        Recorded runs.

    Returns
    -------
    Seconds
        Altitude is a function of the place along an out-and-back way, grade the rise of that same function
        over 50 m, distance the sum of speed. Null where the plan says so.

    Source
    ------
    ours: made up. Uphill slows and downhill quickens; step rate follows speed; pulse lags behind.
    """
    speed, run, start = _planned_speed(runs)
    way = _Way(runs, run)
    wave = [np.random.default_rng(seed) for seed in (11, 12, 13, 14)]
    speed = speed * (
        1 + 0.022 * _drifting(wave[0], speed.size, 25) + 0.008 * _drifting(wave[1], speed.size, 5)
    )
    speed *= 1 - 0.028 * np.clip(way.grade_pct(_summed(speed, start)), -9, 14)
    speed = np.maximum(speed, 1.75)
    distance = _summed(speed, start)
    grade = way.grade_pct(distance)
    indoor = np.array([r.is_indoor for r in runs])[run]
    shown = {
        "second": _clock(run, start),
        "distance_m": distance,
        "speed_mps": speed,
        "altitude_m": np.where(indoor, np.nan, np.round(way.altitude_m(distance) * 5) / 5),
        "grade_pct": np.where(indoor, np.nan, grade),
        "cadence_spm": _cadence(runs, run, speed, wave[2]),
        "heart_rate_bpm": _pulse(start, run, distance, grade, wave[3]),
    }
    frame = pl.DataFrame(
        {
            n: pl.Series(v.astype(np.int32 if n == "second" else np.float32), nan_to_null=True)
            for n, v in shown.items()
        }
    )
    unknown = (pl.lit(None, t).alias(n) for n, t in SAMPLE.schema.items() if n not in frame.columns)
    return Seconds(frame.with_columns(unknown).select(SAMPLE.schema.names()), start)


def _planned_speed(runs: Sequence[Outing]) -> tuple[Floats, Ints, Ints]:
    """Speed of every second on the flat, the run it belongs to, and where each run begins."""
    parts = [blocks(r.kind, r.distance_m, r.faster) for r in runs]
    lengths = np.array([sum(s for s, _ in part) for part in parts], dtype=np.int64)
    speed = np.repeat(
        np.array([v for part in parts for _, v in part]), np.array([s for part in parts for s, _ in part])
    )
    start = np.concatenate([[0], np.cumsum(lengths)])
    return uniform_filter1d(speed, 9), np.repeat(np.arange(len(runs)), lengths), start


def blocks(kind: str, distance_m: float, faster: float) -> list[tuple[int, float]]:
    """Lay out one run.

    Parameters
    ----------
    kind : str
        As in `Outing`.
    distance_m : float
        To be covered, m.
    faster : float
        Speed over the usual.

    Returns
    -------
    list of tuple of int and float
        Whole seconds and m/s on the flat, in order; together about the distance.

    Source
    ------
    ours: sessions as clubs run them.
    """
    calm = _SPEED[kind] * faster
    if kind == "tempo":
        core = [(int(0.42 * distance_m / 3.55), 3.55 * faster)]
    elif kind == "track":
        repeats = max(int((distance_m - 3300) / 620), 2)
        core = [(95, 4.35 * faster), (85, 2.3)] * repeats
    else:
        core = []
    rest = max(distance_m - sum(s * v for s, v in core), 600.0) / calm
    return [(int(rest * 0.55), calm), *core, (int(rest * 0.45), calm)]


class _Way:
    """Altitude along each run: three waves, out and back."""

    def __init__(self, runs: Sequence[Outing], run: Ints) -> None:
        drawn = np.random.default_rng(7).random((len(runs), 2 * len(_WAVES_M) + 1))
        half = np.array([r.distance_m / 2 for r in runs])
        rms = np.array([_GRADE_PCT[r.kind] + r.hillier for r in runs]) / 100
        metres = np.array(_WAVES_M) * (0.8 + 0.45 * drawn[:, :3])
        self._per_metre = 2 * np.pi / metres
        self._height = np.sqrt(2) * np.array(_SHARES) * rms[:, None] / self._per_metre
        self._phase = 2 * np.pi * drawn[:, 3:6]
        self._rise = 2 * self._height * np.sin(_REACH_M * self._per_metre)
        self._run, self._half, self._base = run, half[run], (170 + 150 * drawn[:, 6])[run]

    def altitude_m(self, distance: Floats) -> Floats:
        height = self._base.copy()
        for wave, angle in self._angles(distance):
            height += self._height[:, wave][self._run] * np.sin(angle)
        return height

    def grade_pct(self, distance: Floats) -> Floats:
        """Rise of `altitude_m` from 25 m before to 25 m after; at the turn both ends meet."""
        rise = np.zeros(distance.size)
        for wave, angle in self._angles(distance):
            rise += self._rise[:, wave][self._run] * np.cos(angle)
        towards = np.clip((self._half - distance) / _REACH_M, -1, 1)
        return rise * towards / (2 * _REACH_M) * 100

    def _angles(self, distance: Floats) -> Iterator[tuple[int, Floats]]:
        place = self._half - np.abs(distance - self._half)
        for wave in range(len(_WAVES_M)):
            yield wave, place * self._per_metre[:, wave][self._run] + self._phase[:, wave][self._run]


def _summed(speed: Floats, start: Ints) -> Floats:
    """Distance since the start of each run."""
    total = np.cumsum(speed)
    before = np.concatenate([[0.0], total])[start[:-1]]
    return total - np.repeat(before, np.diff(start))


def _clock(run: Ints, start: Ints) -> Ints:
    """Seconds since the start; every fourth run waits once, and the clock jumps over it."""
    second = np.arange(run.size) - start[run]
    length = np.diff(start)
    drawn = np.random.default_rng(5).random((length.size, 2))
    at = ((0.3 + 0.5 * drawn[:, 0]) * length).astype(np.int64)
    pause = np.where(np.arange(length.size) % 4 == 2, 20 + (100 * drawn[:, 1]).astype(np.int64), 0)
    return second + np.where(second >= at[run], pause[run], 0)


def _drifting(draw: np.random.Generator, size: int, seconds: int) -> Floats:
    """Noise of spread 1 that changes over some seconds."""
    return uniform_filter1d(draw.standard_normal(size), seconds) * np.sqrt(seconds)


def _cadence(runs: Sequence[Outing], run: Ints, speed: Floats, draw: np.random.Generator) -> Floats:
    day = np.random.default_rng(9).normal(0, 0.7, len(runs))
    own = 167 + 8.5 * (speed - 3.0)
    factor = np.array([r.cadence for r in runs])[run]
    steps = np.round(own * factor + day[run] + 1.1 * _drifting(draw, speed.size, 9))
    return np.where(np.array([r.has_cadence for r in runs])[run], steps, np.nan)


def _pulse(start: Ints, run: Ints, distance: Floats, grade: Floats, draw: np.random.Generator) -> Floats:
    row = np.arange(run.size)
    back = np.maximum(row - 45, start[run])
    pace = (distance - distance[back]) / np.maximum(row - back, 1)
    effort = np.maximum(pace, 2.0) * (1 + 0.02 * np.clip(uniform_filter1d(grade, 45), -8, 12))
    since = row - start[run]
    steady = 60 + 30 * effort + 4 * since / 3600
    warm = 1 - 0.4 * np.exp(-since / 70)
    return np.round(np.clip(steady * warm + 1.5 * _drifting(draw, run.size, 20), 70, 188))
