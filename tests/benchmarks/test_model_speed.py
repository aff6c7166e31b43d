"""How long the model takes for 15 years of five runs a week: 3,900 runs, 10 million seconds. Run with -m benchmark."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest

from connectors.frames import ACTIVITY, SAMPLE, SHOE, SHOE_FACT, SYMPTOM
from dashboard.model.analysis import adapt
from dashboard.model.lanes import lanes, shoe_shares
from dashboard.model.load import load_runs
from dashboard.model.settings import ModelSettings

RUNS, SECONDS = 3_900, 2_600
START = datetime(2010, 1, 1, 7, tzinfo=UTC)


def recording(number: int) -> pl.DataFrame:
    rng, at = np.random.default_rng(number), np.arange(SECONDS)
    speed = np.clip(2.9 + 0.3 * np.sin(at / 90) + 0.2 * rng.standard_normal(SECONDS), 0, 7)
    known = {
        "second": at,
        "distance_m": np.cumsum(speed),
        "speed_mps": speed,
        "altitude_m": 100 + 20 * np.sin(at / 60),
        "grade_pct": 3 * np.sin(at / 60 + number) + 0.3 * rng.standard_normal(SECONDS),
        "cadence_spm": np.round(140 + 9 * speed + 2 * rng.standard_normal(SECONDS)),
        "heart_rate_bpm": np.round(150 + 5 * rng.standard_normal(SECONDS)),
    }
    types = {name: column.dtype for name, column in SAMPLE.columns.items()}
    return pl.DataFrame(known).select(
        (pl.col(n) if n in known else pl.lit(None)).cast(t).alias(n) for n, t in types.items()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("samples")
    for number in range(RUNS):
        recording(number).write_parquet(place / f"{number:016x}.parquet")
    return place


def activities() -> pl.DataFrame:
    starts = [START + timedelta(days=int(i * 1.4)) for i in range(RUNS)]
    ids = [f"{i:016x}" for i in range(RUNS)]
    known = {
        "activity_id": ids,
        "source_id": ids,
        "start_utc": starts,
        "local_date": [s.date() for s in starts],
    }
    same = {"athlete_id": 1, "source": "file", "sport": "Run", "distance_m": 7540.0, "moving_s": 2600.0}
    frame = pl.DataFrame(known).with_columns(pl.lit(v).alias(k) for k, v in same.items())
    return frame.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(c.dtype).alias(n)
        for n, c in ACTIVITY.columns.items()
    ).with_columns(samples_id="activity_id")


@pytest.mark.benchmark
def test_fifteen_years(folder: Path) -> None:
    def samples(ids: Sequence[str]) -> pl.LazyFrame:
        kind = pl.Enum(list(ids))
        scanned = pl.scan_parquet([folder / f"{i}.parquet" for i in ids], include_file_paths="activity_id")
        return scanned.with_columns(pl.col("activity_id").str.slice(-24, 16).cast(kind))

    settings, rows = ModelSettings(), activities()
    slow = []
    for _ in range(3):
        began = time.perf_counter()
        runs, _personal = load_runs(rows, samples, SHOE.empty(), SHOE_FACT.empty(), settings)
        slow.append(time.perf_counter() - began)
    fast = []
    for _ in range(3):
        began = time.perf_counter()
        found = adapt(runs, SYMPTOM.empty(), settings)
        grid = lanes(found.days, settings)
        shoe_shares(runs, grid["local_date"])
        fast.append(time.perf_counter() - began)
    memory = psutil.Process().memory_info().rss / 1e6
    print(f"\n{RUNS * SECONDS:,} samples to run loads: {min(slow):.2f} s (worst {max(slow):.2f}); wanted < 5")
    print(f"runs to days, windows and lanes: {min(fast):.3f} s (worst {max(fast):.3f}); wanted < 0.3")
    print(f"memory of the process after: {memory:.0f} MB")
    assert runs["estimated"].sum() == 0
    assert found.days["ratio"].drop_nulls().len() > 5000
