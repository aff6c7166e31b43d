"""The weeks of the made-up runner: how much, of what, and how fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.frames import SAMPLE
from connectors.late_imports import late_import


@dataclass(frozen=True)
class TrainingPhase:
    """Some weeks of one kind of training."""

    weeks: int
    volume: float
    shape: str = "plain"
    faster: float = 1.0
    cadence: float = 1.0
    hillier: float = 0.0


PHASES = (
    TrainingPhase(10, 1.0),
    TrainingPhase(2, 1.5, "busy"),
    TrainingPhase(1, 0.6, "gentle"),
    TrainingPhase(1, 0.7, "gentle"),
    TrainingPhase(1, 0.8, "gentle"),
    TrainingPhase(1, 0.9),
    TrainingPhase(5, 1.0),
    TrainingPhase(3, 1.34, "track", faster=1.03),
    TrainingPhase(1, 0.75, "gentle"),
    TrainingPhase(1, 0.9),
    TrainingPhase(2, 1.0),
    TrainingPhase(1, 0.0, "holiday"),
    TrainingPhase(1, 0.18, "back"),
    TrainingPhase(1, 0.65, "gentle"),
    TrainingPhase(1, 0.75, "gentle"),
    TrainingPhase(1, 0.8),
    TrainingPhase(1, 0.84),
    TrainingPhase(1, 0.88),
    TrainingPhase(2, 0.9),
    TrainingPhase(2, 1.2, "trip", hillier=4.5),
    TrainingPhase(1, 0.55, "gentle"),
    TrainingPhase(1, 0.7, "gentle"),
    TrainingPhase(1, 0.85, "gentle"),
    TrainingPhase(1, 0.95),
    TrainingPhase(3, 1.0),
    TrainingPhase(12, 1.0),
    TrainingPhase(3, 1.08, "stacked", faster=1.045, cadence=0.97, hillier=2.8),
    TrainingPhase(1, 0.6, "gentle"),
    TrainingPhase(1, 0.75, "gentle"),
    TrainingPhase(1, 0.85, "gentle"),
    TrainingPhase(3, 0.95),
    TrainingPhase(3, 1.42, "build"),
    TrainingPhase(1, 1.05, "race"),
    TrainingPhase(1, 0.6, "gentle"),
    TrainingPhase(1, 0.8, "gentle"),
    TrainingPhase(1, 0.9),
    TrainingPhase(9, 1.0),
)

WEEKS: dict[str, tuple[tuple[int, str, float], ...]] = {  # weekday from Monday, kind, share of the distance
    "plain": ((1, "easy", 0.22), (3, "quality", 0.25), (5, "easy", 0.18), (6, "long", 0.35)),
    "five": (
        (1, "easy", 0.19),
        (2, "easy", 0.14),
        (3, "quality", 0.22),
        (5, "easy", 0.14),
        (6, "long", 0.31),
    ),
    "busy": (
        (0, "easy", 0.12),
        (1, "easy", 0.16),
        (2, "quality", 0.18),
        (4, "easy", 0.15),
        (5, "easy", 0.12),
        (6, "long", 0.27),
    ),
    "gentle": ((1, "easy", 0.33), (3, "easy", 0.27), (6, "easy", 0.40)),
    "back": ((6, "easy", 1.0),),
    "holiday": (),
    "track": (
        (1, "track", 0.22),
        (2, "easy", 0.14),
        (3, "track", 0.2),
        (5, "easy", 0.14),
        (6, "long", 0.3),
    ),
    "trip": ((1, "trail", 0.22), (2, "trail", 0.17), (4, "trail", 0.25), (6, "trail", 0.36)),
    "stacked": (
        (1, "easy", 0.21),
        (2, "easy", 0.12),
        (3, "hills", 0.21),
        (5, "tempo", 0.16),
        (6, "long", 0.3),
    ),
    "build": ((1, "easy", 0.17), (2, "easy", 0.12), (3, "tempo", 0.2), (5, "easy", 0.13), (6, "long", 0.38)),
    "race": ((1, "easy", 0.18), (3, "easy", 0.16), (6, "race", 0.0)),
}


DAYS = 548
BASE_KM = 36.0
HOME = "Europe/Vienna"
AWAY = "Atlantic/Madeira"
PlantedKind = Literal["overload", "stacked", "overload_without_flare", "spell_without_overload", "holiday"]


@dataclass(frozen=True)
class Planted:
    """One thing put into the data on purpose, so that a test can ask whether it is found."""

    kind: PlantedKind
    what: str
    from_day: int
    to_day: int
    flare_day: int | None = None

    def dates(self, today: date | None = None) -> tuple[date, date]:
        """Return the first and last date."""
        start = first_date(today)
        return start + timedelta(self.from_day), start + timedelta(self.to_day)


PLANTED = (
    Planted("overload", "half as much again within a week", 70, 83, 84),
    Planted("overload", "two track sessions a week and more of everything", 147, 167, 163),
    Planted("holiday", "thirteen days without a run", 196, 208),
    Planted("overload", "two weeks of steep trails on a trip", 259, 272, 270),
    Planted("spell_without_overload", "a mild spell with nothing before it", 372, 379, 372),
    Planted("stacked", "a little more, faster, hillier, slower steps, a new shoe", 406, 426, 421),
    Planted("overload_without_flare", "three long weeks before the race", 469, 489),
)
"""What a sound analysis finds in the demo, and what it must not read more into."""


RACE_M = 21_150.0
_LOOSE = ("plain", "five")
_UNEVEN = 0.09
_TREADMILL = ((4, 1), (5, 1), (6, 3), (63, 1), (64, 1))
_MANUAL = (17, 3)


@dataclass(frozen=True)
class DemoRun:
    """One planned session."""

    day: int
    week: int
    kind: str
    distance_m: float
    faster: float = 1.0
    cadence: float = 1.0
    hillier: float = 0.0
    hour: float = 18.0
    is_indoor: bool = False
    is_manual: bool = False
    has_cadence: bool = True
    shoe: str | None = None
    zone: str = HOME


def first_date(today: date | None = None) -> date:
    """Return the first day of the demo.

    Whole weeks keep long runs on Sundays whatever day it is.
    """
    earliest = (today or date.today()) - timedelta(DAYS + 1)
    return earliest - timedelta(earliest.weekday())


def demo_runs() -> list[DemoRun]:
    """Plan every session of the demo.

    Written by hand, so that the answer is known.
    """
    noise = np.random.default_rng(20_260_501)
    planned: list[DemoRun] = []
    week = 0
    for phase in PHASES:
        for _ in range(phase.weeks):
            shape = "five" if phase.shape == "plain" and week % 3 == 1 else phase.shape
            volume = phase.volume * (1 + (_UNEVEN * float(noise.uniform(-1, 1)) if shape in _LOOSE else 0))
            for weekday, kind, share in WEEKS[shape]:
                planned.append(_outing(phase, week, weekday, kind, share * volume, noise))
            planned.extend(_beside(week, noise))
            week += 1
    planned.sort(key=lambda outing: (outing.day, outing.hour))
    return [_with_gaps(number, outing) for number, outing in enumerate(planned)]


def _outing(
    phase: TrainingPhase, week: int, weekday: int, kind: str, share: float, noise: np.random.Generator
) -> DemoRun:
    if kind == "quality":
        kind = "hills" if week % 3 == 2 else "tempo"
    metres = share * BASE_KM * 1000 * (1 + 0.05 * noise.standard_normal())
    return DemoRun(
        day=week * 7 + weekday,
        week=week,
        kind=kind,
        distance_m=RACE_M if kind == "race" else float(metres),
        faster=phase.faster,
        cadence=phase.cadence,
        hillier=phase.hillier if kind != "track" else 0.0,
        hour=(9.0 if weekday >= 5 else 17.8) + float(noise.uniform(-0.7, 0.7)),
        is_indoor=(week, weekday) in _TREADMILL,
        is_manual=(week, weekday) == _MANUAL,
        shoe=_shoe(week, weekday, kind),
        zone=AWAY if phase.shape == "trip" else HOME,
    )


def _shoe(week: int, weekday: int, kind: str) -> str | None:
    """Choose the pair: two trainers one after the other, a lower one from week 46, the lowest from week 58."""
    if kind in ("trail", "hills"):
        return "trail"
    if kind in ("track", "race"):
        return "racer"
    if 58 <= week <= 60 and weekday != 1:
        return "lowest"
    if week >= 46 and weekday in (2, 3, 5):
        return "low"
    return "trainer_old" if week < 24 or (week < 30 and weekday == 1) else "trainer_new"


def _beside(week: int, noise: np.random.Generator) -> list[DemoRun]:
    """Rides and walks: context that is no running load."""
    shoeless = {"week": week, "has_cadence": False}
    beside = [DemoRun(day=week * 7 + 4, kind="walk", distance_m=float(noise.uniform(2500, 6000)), **shoeless)]
    if week % 2:
        metres = float(noise.uniform(18_000, 45_000))
        beside.append(DemoRun(day=week * 7 + 5, kind="ride", distance_m=metres, hour=14.0, **shoeless))
    return beside


def _with_gaps(number: int, outing: DemoRun) -> DemoRun:
    """Leave out what a runner forgets and a watch misses."""
    if outing.kind in ("ride", "walk", "race"):
        return outing
    changes = {
        **({"has_cadence": False} if number % 37 == 5 else {}),
        **({"shoe": None} if number % 41 == 7 else {}),
    }
    return DemoRun(**{**outing.__dict__, **changes})


FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
_SPEED = {"easy": 2.93, "long": 2.9, "tempo": 2.93, "hills": 2.95, "track": 2.85, "trail": 2.75, "race": 3.7}
_GRADE_PCT = {"easy": 1.2, "long": 1.6, "tempo": 0.9, "hills": 4.0, "track": 0.0, "trail": 4.0, "race": 1.0}
_WAVES_M = (2600.0, 1100.0, 480.0)
_SHARES = (0.62, 0.62, 0.48)  # root mean square 1 together
_REACH_M = 25.0


@dataclass(frozen=True)
class DemoSeconds:
    """All recorded seconds of all runs, one after another."""

    frame: pl.DataFrame
    first: IntArray

    def of(self, run: int) -> pl.DataFrame:
        """Cut out one run."""
        return self.frame.slice(int(self.first[run]), int(self.first[run + 1] - self.first[run]))


def demo_seconds(runs: Sequence[DemoRun]) -> DemoSeconds:
    """Build the seconds of all runs at once.

    Made up. Uphill slows and downhill quickens; step rate follows speed; pulse lags behind.
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
    return DemoSeconds(frame.with_columns(unknown).select(SAMPLE.schema.names()), start)


def _planned_speed(runs: Sequence[DemoRun]) -> tuple[FloatArray, IntArray, IntArray]:
    """Speed of every second on the flat, the run it belongs to, and where each run begins."""
    parts = [speed_blocks(r.kind, r.distance_m, r.faster) for r in runs]
    lengths = np.array([sum(s for s, _ in part) for part in parts], dtype=np.int64)
    speed = np.repeat(
        np.array([v for part in parts for _, v in part]), np.array([s for part in parts for s, _ in part])
    )
    start = np.concatenate([[0], np.cumsum(lengths)])
    return _moving_mean(speed, 9), np.repeat(np.arange(len(runs)), lengths), start


def speed_blocks(kind: str, distance_m: float, faster: float) -> list[tuple[int, float]]:
    """Build one run.

    Sessions as clubs run them.
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

    def __init__(self, runs: Sequence[DemoRun], run: IntArray) -> None:
        drawn = np.random.default_rng(7).random((len(runs), 2 * len(_WAVES_M) + 1))
        half = np.array([r.distance_m / 2 for r in runs])
        rms = np.array([_GRADE_PCT[r.kind] + r.hillier for r in runs]) / 100
        metres = np.array(_WAVES_M) * (0.8 + 0.45 * drawn[:, :3])
        self._per_metre = 2 * np.pi / metres
        self._height = np.sqrt(2) * np.array(_SHARES) * rms[:, None] / self._per_metre
        self._phase = 2 * np.pi * drawn[:, 3:6]
        self._rise = 2 * self._height * np.sin(_REACH_M * self._per_metre)
        self._run, self._half, self._base = run, half[run], (170 + 150 * drawn[:, 6])[run]

    def altitude_m(self, distance: FloatArray) -> FloatArray:
        height = self._base.copy()
        for wave, angle in self._angles(distance):
            height += self._height[:, wave][self._run] * np.sin(angle)
        return height

    def grade_pct(self, distance: FloatArray) -> FloatArray:
        """Rise of `altitude_m` from 25 m before to 25 m after; at the turn both ends meet."""
        rise = np.zeros(distance.size)
        for wave, angle in self._angles(distance):
            rise += self._rise[:, wave][self._run] * np.cos(angle)
        towards = np.clip((self._half - distance) / _REACH_M, -1, 1)
        return rise * towards / (2 * _REACH_M) * 100

    def _angles(self, distance: FloatArray) -> Iterator[tuple[int, FloatArray]]:
        place = self._half - np.abs(distance - self._half)
        for wave in range(len(_WAVES_M)):
            yield wave, place * self._per_metre[:, wave][self._run] + self._phase[:, wave][self._run]


def _summed(speed: FloatArray, start: IntArray) -> FloatArray:
    """Distance since the start of each run."""
    total = np.cumsum(speed)
    before = np.concatenate([[0.0], total])[start[:-1]]
    return total - np.repeat(before, np.diff(start))


def _clock(run: IntArray, start: IntArray) -> IntArray:
    """Seconds since the start; every fourth run waits once, and the clock jumps over it."""
    second = np.arange(run.size) - start[run]
    length = np.diff(start)
    drawn = np.random.default_rng(5).random((length.size, 2))
    at = ((0.3 + 0.5 * drawn[:, 0]) * length).astype(np.int64)
    pause = np.where(np.arange(length.size) % 4 == 2, 20 + (100 * drawn[:, 1]).astype(np.int64), 0)
    return second + np.where(second >= at[run], pause[run], 0)


def _moving_mean(values: FloatArray, seconds: int) -> FloatArray:
    return late_import("scipy.ndimage").uniform_filter1d(values, seconds)


def _drifting(draw: np.random.Generator, size: int, seconds: int) -> FloatArray:
    """Noise of spread 1 that changes over some seconds."""
    return _moving_mean(draw.standard_normal(size), seconds) * np.sqrt(seconds)


def _cadence(
    runs: Sequence[DemoRun], run: IntArray, speed: FloatArray, draw: np.random.Generator
) -> FloatArray:
    day = np.random.default_rng(9).normal(0, 0.7, len(runs))
    own = 167 + 8.5 * (speed - 3.0)
    factor = np.array([r.cadence for r in runs])[run]
    steps = np.round(own * factor + day[run] + 1.1 * _drifting(draw, speed.size, 9))
    return np.where(np.array([r.has_cadence for r in runs])[run], steps, np.nan)


def _pulse(
    start: IntArray, run: IntArray, distance: FloatArray, grade: FloatArray, draw: np.random.Generator
) -> FloatArray:
    row = np.arange(run.size)
    back = np.maximum(row - 45, start[run])
    pace = (distance - distance[back]) / np.maximum(row - back, 1)
    effort = np.maximum(pace, 2.0) * (1 + 0.02 * np.clip(_moving_mean(grade, 45), -8, 12))
    since = row - start[run]
    steady = 60 + 30 * effort + 4 * since / 3600
    warm = 1 - 0.4 * np.exp(-since / 70)
    return np.round(np.clip(steady * warm + 1.5 * _drifting(draw, run.size, 20), 70, 188))
