"""What devices and people make of the cohort's lives: frames as a connector gives them, with all that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import cohort_sessions as sessions
import numpy as np
import polars as pl
from cohort_runners import SEED, Runner
from cohort_tissue import BLOCK_S

from connectors.frames import ACTIVITY, SAMPLE, SHOE_FACT

FIRST_DAY = date(2021, 1, 4)
ALTITUDE = {"barometer": 0.7, "satellites": 2.6}
"""Scatter of the slope a device gives, in % over some 60 m."""


@dataclass(frozen=True)
class Device:
    """What this runner's record leaves out or gets wrong."""

    altitude: str  # a key of ALTITUDE, or "none"
    later: str  # the same after a change of watch
    changes_on: int
    cadence: float  # share of runs with step rate
    shoes: str  # "stated", "kind unknown" or "none"
    by_hand: float  # share of runs typed in
    paces: float  # scatter of a run's distance


@dataclass(frozen=True)
class Record:
    """Frames of one runner."""

    device: Device
    activities: pl.DataFrame
    samples: Callable[[Sequence[str]], pl.LazyFrame]
    shoe_facts: pl.DataFrame


WHOLE = Device("barometer", "barometer", 0, cadence=1.0, shoes="stated", by_hand=0.0, paces=0.005)
"""A record that lacks nothing."""


def device(number: int) -> Device:
    rng = np.random.default_rng([77, number])
    first = str(rng.choice(["barometer", "barometer", "satellites", "satellites", "none"]))
    changes = rng.random() < 0.3
    return Device(
        altitude=first,
        later=str(rng.choice(["barometer", "satellites"])) if changes else first,
        changes_on=int(rng.integers(300, 800)),
        cadence=float(rng.choice([1.0, 1.0, 1.0, 0.8, 0.0])),
        shoes=str(rng.choice(["stated", "stated", "stated", "stated", "kind unknown", "none"])),
        by_hand=float(rng.choice([0.0, 0.02, 0.08])),
        paces=rng.uniform(0.005, 0.02),
    )


def recorded(runner: Runner) -> Record:
    """Record a life.

    Parameters
    ----------
    runner : Runner
        From `cohort_runners.grown`.

    Returns
    -------
    Record
        ACTIVITY with `samples_id`, a callable to SAMPLE rows, and SHOE_FACT.
    """
    held_out = () if runner.seed == SEED else (runner.seed,)
    rng = np.random.default_rng([99, runner.number, *held_out])
    kit = WHOLE if runner.is_easy else device(runner.number)
    rows, parts = [], []
    for index, session in enumerate(sorted(runner.sessions, key=lambda s: s.day)):
        whole, by_hand = sessions.blocks(runner.habits.tendon, session), rng.random() < kit.by_hand
        altitude = kit.altitude if session.day < kit.changes_on else kit.later
        seconds = len(whole.speed) * BLOCK_S
        metres = float(whole.speed.sum() * BLOCK_S) * (1 + kit.paces * rng.standard_normal())
        start = datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(days=session.day, hours=17)
        known_rate = rng.random() < kit.cadence and not by_hand
        rows.append(
            {
                "activity_id": f"{index:06d}",
                "source_id": f"{index:06d}",
                "start_utc": start,
                "local_date": start.date(),
                "is_indoor": session.on_belt,
                "distance_m": round(metres, -2) if by_hand else metres,
                "moving_s": seconds,
                **_heights(whole, altitude, by_hand),
                "cadence_spm": float(whole.rate.mean()) if known_rate else None,
                "shoe_id": None if kit.shoes == "none" or rng.random() < 0.03 else str(session.shoe),
                "samples_id": None if by_hand else f"{index:06d}",
            }
        )
        if not by_hand:
            parts.append(_part(index, whole, altitude, known_rate, rng))
    return Record(kit, _activities(rows), _Samples(parts), _facts(runner, kit))


def _heights(whole: sessions.Blocks, altitude: str, by_hand: bool) -> dict[str, float | None]:
    """Climb and descent as a device with altitude sums them up; unknown by hand and on a belt."""
    if altitude not in ALTITUDE or whole.on_belt or by_hand:
        return {"ascent_m": None, "descent_m": None}
    rise = whole.speed * BLOCK_S * whole.slope / 100
    return {"ascent_m": float(np.maximum(rise, 0).sum()), "descent_m": float(np.maximum(-rise, 0).sum())}


def _part(index: int, whole: sessions.Blocks, altitude: str, known_rate: bool, rng: np.random.Generator):
    count = len(whole.speed)
    slope = np.full(count, np.nan)
    if altitude in ALTITUDE and not whole.on_belt:
        rough = rng.standard_normal(count + 2)
        slope = whole.slope + ALTITUDE[altitude] * (rough[2:] + rough[1:-1] + rough[:-2]) / np.sqrt(3)
    rate = np.round(whole.rate) if known_rate else np.full(count, np.nan)
    lost = rng.random(count) < 0.01
    return (
        np.full(count, index),
        whole.speed * (1 + 0.02 * rng.standard_normal(count)),
        slope,
        np.where(lost, np.nan, rate),
    )


class _Samples:
    """All recordings of one runner, ten seconds a row until they are asked for."""

    def __init__(self, parts: list[tuple[np.ndarray, ...]]) -> None:
        self._columns = [np.concatenate(column) for column in zip(*parts, strict=True)]

    def __call__(self, ids: Sequence[str]) -> pl.LazyFrame:
        times = int(BLOCK_S)
        asked = np.isin(self._columns[0], [int(one) for one in ids])
        index, speed, slope, rate = (np.repeat(column[asked], times) for column in self._columns)
        starts = np.concatenate([[0], np.nonzero(np.diff(index))[0] + 1])
        lengths = np.diff(np.append(starts, len(index)))
        gone = np.cumsum(speed)
        before = np.repeat(gone[starts] - speed[starts], lengths)
        frame = pl.DataFrame(
            {
                "activity_id": index,
                "second": np.arange(len(index)) - np.repeat(starts, lengths),
                "distance_m": gone - before,
                "speed_mps": speed,
                "grade_pct": pl.Series(slope, nan_to_null=True),
                "cadence_spm": pl.Series(rate, nan_to_null=True),
            }
        )
        named = pl.Enum(list(ids))
        numbers = frame["activity_id"].cast(pl.String).str.zfill(6)
        others = [pl.lit(None, c.dtype).alias(n) for n, c in SAMPLE.columns.items() if n not in frame.columns]
        typed = [pl.col(n).cast(SAMPLE.columns[n].dtype) for n in frame.columns if n != "activity_id"]
        return frame.lazy().select(numbers.cast(named).alias("activity_id"), *typed, *others)


def _activities(rows: list[dict[str, object]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        athlete_id=pl.lit(1), source=pl.lit("file"), sport=pl.lit("Run")
    )
    return frame.select(
        *(
            (pl.col(n) if n in frame.columns else pl.lit(None)).cast(c.dtype).alias(n)
            for n, c in ACTIVITY.columns.items()
        ),
        "samples_id",
    )


def _facts(runner: Runner, kit: Device) -> pl.DataFrame:
    if kit.shoes != "stated":
        return SHOE_FACT.empty()
    pairs = runner.habits.pairs
    drops = [10.0, 8.0, 4.0, 0.0]
    known = {"shoe_id": [str(i) for i in range(len(pairs))], "kind": [k for k, _ in pairs], "drop_mm": drops}
    frame = pl.DataFrame(known)
    return frame.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(c.dtype).alias(n)
        for n, c in SHOE_FACT.columns.items()
    )
