"""How fast the store is: run with -m benchmark -s to see the figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from connectors.frames import ACTIVITY, SYMPTOM, UTC_TIME
from connectors.source import stable_id
from connectors.store import Counts, Store, open_store

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("runner")]
RUNS = 10_000
FILES, SECONDS = 1_000, 3_600


def timed(what: str, work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    print(f"{what}: {min(taken) * 1_000:.1f} ms (best of {times})")
    return min(taken)


def activities(count: int) -> pl.DataFrame:
    ids = [str(12_000_000_000 + i) for i in range(count)]
    starts = [datetime(2011, 1, 1, 6) + timedelta(hours=13.1 * i) for i in range(count)]
    chance = np.random.default_rng(3)
    frame = pl.DataFrame({"source_id": ids, "start_utc": pl.Series(starts).cast(UTC_TIME)})
    return frame.with_columns(
        activity_id=pl.Series([stable_id(1, "strava_export", i) for i in ids]),
        athlete_id=pl.lit(1),
        source=pl.lit("strava_export"),
        fetched_utc=pl.lit(datetime(2026, 1, 1)).cast(UTC_TIME),
        timezone=pl.lit("Europe/Amsterdam"),
        utc_offset_s=pl.lit(3_600),
        local_date=pl.col("start_utc").dt.date(),
        sport=pl.lit("Run"),
        is_indoor=pl.lit(False),
        name=pl.lit("Morning run"),
        **{
            name: pl.Series(chance.uniform(30, 200, count))
            for name in ("distance_m", "moving_s", "elapsed_s", "ascent_m", "descent_m", "cadence_spm")
        },
        heart_rate_bpm=pl.Series(chance.uniform(100, 180, count)),
        file_hash=pl.col("source_id") + "-digest",
        sample_rows=pl.lit(3_600),
    )


def test_ten_thousand_activities(store: Store):
    frame = activities(RUNS)
    timed("10,000 activities, all new", lambda: store.write(ACTIVITY, frame), 1)
    timed("10,000 activities, none changed", lambda: store.write(ACTIVITY, frame))
    timed(
        "10,000 activities, all changed",
        lambda: store.write(ACTIVITY, frame.with_columns(name=pl.lit("x"))),
        1,
    )
    timed("10,000 activities read", lambda: store.read(ACTIVITY, 1))
    pairs = [
        (one, other, True, "rule")
        for one, other in zip(frame["activity_id"][::10], frame["activity_id"][1::10], strict=True)
    ]
    timed("1,000 matches decided", lambda: store.decide_matches(1, pairs), 1)
    timed("10,000 activities as real sessions, 1,000 matches", lambda: store.activities(1))
    timed("version", lambda: store.version(1, ACTIVITY))
    timed("one symptom entry", lambda: store.write(SYMPTOM, entry()), 1)
    timed("opening", lambda: open_store(store.home).close())
    assert store.write(ACTIVITY, frame.head(3)) == Counts(0, 3, 0)
    assert store.activities(1).height == RUNS - len(pairs)


def entry() -> pl.DataFrame:
    row = {"athlete_id": [1], "source": ["manual"], "source_id": ["a"], "pain_during_0_10": [2.0]}
    when = pl.lit(datetime(2026, 1, 1)).cast(UTC_TIME)
    return pl.DataFrame(row).with_columns(fetched_utc=when, date=pl.lit(date(2026, 1, 1)))


def test_samples(store: Store):
    chance = np.random.default_rng(5)
    measured = ("speed_mps", "altitude_m", "grade_pct", "cadence_spm", "heart_rate_bpm")
    frame = pl.DataFrame({"second": np.arange(SECONDS)}).with_columns(
        **{name: pl.Series(np.round(40 + np.cumsum(chance.normal(0, 0.01, SECONDS)), 2)) for name in measured}
    )
    ids = [stable_id(1, "file", str(i)) for i in range(FILES)]

    def write_all() -> None:
        for activity_id in ids:
            store.samples.write(1, activity_id, frame)

    rows = FILES * SECONDS
    seconds = timed(f"{FILES} files of {SECONDS} samples written", write_all, 1)
    size = sum(path.stat().st_size for _, _, path in store.samples.files())
    print(f"  {seconds / FILES * 1_000:.2f} ms and {size / FILES / 1_000:.0f} kB each")
    timed("one activity's samples read", lambda: store.samples.read(1, ids[7]), 20)
    mean = pl.col("speed_mps").mean()
    timed(
        f"scan of {rows:,} samples, mean by activity",
        lambda: store.samples.scan(1, ids).group_by("activity_id").agg(mean).collect(),
    )
    timed(f"scan of {rows:,} samples, collected", lambda: store.samples.scan(1, ids).collect())
    assert store.samples.scan(1, ids).select(pl.len()).collect().item() == rows
