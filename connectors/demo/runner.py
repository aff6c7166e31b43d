"""A made-up runner with a known answer: what a first start shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from connectors.demo.diary import (
    SOURCE_NAME,
    demo_events,
    demo_intake,
    demo_programme,
    demo_results,
    demo_shoes,
    demo_strength,
    demo_symptoms,
    provenance,
)
from connectors.demo.training import DemoRun, DemoSeconds, demo_runs, demo_seconds, first_date
from connectors.frames import (
    ACTIVITY,
    EVENT,
    INTAKE,
    PROGRAMME,
    SHOE,
    SHOE_FACT,
    STRENGTH,
    SYMPTOM,
    TEST_RESULT,
    Contract,
    checked,
)
from connectors.recordings.elevation import elevation_profile
from connectors.source import stable_id
from connectors.store import MADE_UP, Runner, Store

NAME = f"Demo runner{MADE_UP}"
ABOUT = {"birth_year": "1986", "sex": "female"}
_TITLES = {
    "easy": ("Run", "Easy run"),
    "long": ("Run", "Long run"),
    "tempo": ("Run", "Tempo run"),
    "hills": ("TrailRun", "Hill run"),
    "trail": ("TrailRun", "Trail run on the island"),
    "track": ("Run", "Track session"),
    "race": ("Run", "Half-marathon race"),
    "ride": ("Ride", "Ride"),
    "walk": ("Walk", "Walk"),
}
_BESIDE_MPS = {"ride": 6.4, "walk": 1.45}


@dataclass(frozen=True)
class DemoFrames:
    """Everything the made-up runner has, under the contracts."""

    activities: pl.DataFrame
    shoes: pl.DataFrame
    shoe_facts: pl.DataFrame
    symptoms: pl.DataFrame
    events: pl.DataFrame
    strength: pl.DataFrame
    results: pl.DataFrame
    programme: pl.DataFrame
    intake: pl.DataFrame
    samples: dict[str, pl.DataFrame]

    def rows(self) -> list[tuple[Contract, pl.DataFrame]]:
        """Return all but the recordings as the store takes them."""
        return [
            (SHOE, self.shoes),
            (SHOE_FACT, self.shoe_facts),
            (ACTIVITY, self.activities),
            (EVENT, self.events),
            (SYMPTOM, self.symptoms),
            (STRENGTH, self.strength),
            (TEST_RESULT, self.results),
            (PROGRAMME, self.programme),
            (INTAKE, self.intake),
        ]


def demo_frames(athlete_id: int, today: date | None = None) -> DemoFrames:
    """Build up a runner.

    Every number is made up. What was planted is in `PLANTED`.
    """
    last = (today or date.today()) - timedelta(1)
    start = first_date(today)
    done = [o for o in demo_runs() if start + timedelta(o.day) <= last]
    recorded = [o for o in done if _has_samples(o)]
    seconds = demo_seconds(recorded)
    activities = _activities(athlete_id, start, done, recorded, seconds)
    ids = activities.filter(pl.col("sample_rows").is_not_null())["activity_id"]
    shoes, facts = demo_shoes(athlete_id, start)
    return DemoFrames(
        activities=activities,
        shoes=shoes,
        shoe_facts=facts,
        symptoms=demo_symptoms(athlete_id, start, last, {o.day for o in done if o.kind not in _BESIDE_MPS}),
        events=demo_events(athlete_id, start, last),
        strength=demo_strength(athlete_id, start, last),
        results=demo_results(athlete_id, start, last),
        programme=demo_programme(athlete_id, start, last),
        intake=demo_intake(athlete_id, start, last),
        samples={id_: seconds.of(i) for i, id_ in enumerate(ids)},
    )


def add_demo(store: Store, today: date | None = None, name: str = NAME) -> Runner:
    """Write the made-up runner into the store, in place of one that is there.

    Recordings first and rows last, so that a demo that is cut short shows no run without its seconds.
    """
    for old in store.runners():
        if old.is_demo:
            store.delete_runner(old.athlete_id)
    runner = store.add_runner(name if name.endswith(MADE_UP) else f"{name}{MADE_UP}", is_demo=True)
    frames = demo_frames(runner.athlete_id, today)
    with store.working(runner.athlete_id), ThreadPoolExecutor(4) as pool:
        list(
            pool.map(partial(store.samples.write, runner.athlete_id), frames.samples, frames.samples.values())
        )
    store.write_many(frames.rows())
    store.set_settings(runner.athlete_id, ABOUT)
    return runner


def _has_samples(outing: DemoRun) -> bool:
    return outing.kind not in _BESIDE_MPS and not outing.is_manual


def _activities(
    athlete_id: int, start: date, done: list[DemoRun], recorded: list[DemoRun], seconds: DemoSeconds
) -> pl.DataFrame:
    sums = {id(o): row for o, row in zip(recorded, _sums(seconds), strict=True)}
    rows = [_row(athlete_id, start, number, o, sums.get(id(o))) for number, o in enumerate(done, 1)]
    return checked(pl.DataFrame(rows, infer_schema_length=None), ACTIVITY)


def _row(
    athlete_id: int, start: date, number: int, outing: DemoRun, sums: dict[str, Any] | None
) -> dict[str, Any]:
    source_id = f"run-{number:04d}"
    day = start + timedelta(outing.day)
    begin = datetime.combine(day, time(0), ZoneInfo(outing.zone)) + timedelta(minutes=round(outing.hour * 60))
    offset = begin.utcoffset()
    sport, title = _TITLES[outing.kind]
    return {
        "activity_id": stable_id(athlete_id, SOURCE_NAME, source_id),
        **provenance(athlete_id, source_id, start),
        "start_utc": begin.astimezone(UTC),
        "timezone": outing.zone,
        "utc_offset_s": None if offset is None else int(offset.total_seconds()),
        "local_date": day,
        "sport": sport,
        "is_indoor": outing.is_indoor,
        "name": "Treadmill run" if outing.is_indoor else title,
        "shoe_id": stable_id(athlete_id, SOURCE_NAME, outing.shoe) if outing.shoe else None,
        "device": None if outing.is_manual else "Made-up watch",
        **(sums or _summary(outing)),
    }


def _summary(outing: DemoRun) -> dict[str, Any]:
    """Totals of a session without seconds."""
    metres = round(outing.distance_m, -1)
    moving = round(metres / _BESIDE_MPS.get(outing.kind, 2.9))
    return {"distance_m": metres, "moving_s": float(moving), "elapsed_s": float(moving)}


def _sums(seconds: DemoSeconds) -> list[dict[str, Any]]:
    """Totals of every run from its seconds; climb as any recording's is read."""
    run = np.repeat(np.arange(len(seconds.first) - 1), np.diff(seconds.first))
    totals = (
        seconds.frame.with_columns(run=run)
        .group_by("run", maintain_order=True)
        .agg(
            distance_m=pl.col("distance_m").last().cast(pl.Float64),
            moving_s=pl.len().cast(pl.Float64),
            elapsed_s=pl.col("second").last().cast(pl.Float64) + 1,
            cadence_spm=pl.col("cadence_spm").mean().round(1),
            heart_rate_bpm=pl.col("heart_rate_bpm").mean().round(1),
            max_heart_rate_bpm=pl.col("heart_rate_bpm").max(),
            max_speed_mps=pl.col("speed_mps").max(),
            sample_rows=pl.len().cast(pl.Int64),
        )
        .drop("run")
        .to_dicts()
    )
    return [{**row, **_climb(seconds.of(i))} for i, row in enumerate(totals)]


def _climb(samples: pl.DataFrame) -> dict[str, Any]:
    second = samples["second"].cast(pl.Int64).to_numpy()
    stretch = np.cumsum(np.diff(second, prepend=second[0]) > 1, dtype=np.int64)
    names = ("altitude_m", "distance_m", "speed_mps")
    altitude, distance, speed = (samples[name].cast(pl.Float64).to_numpy() for name in names)
    read = elevation_profile(second, stretch, altitude, distance, speed)
    return {"ascent_m": read.ascent_m, "descent_m": read.descent_m}
