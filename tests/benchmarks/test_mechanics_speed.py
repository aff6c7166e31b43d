"""How long the pass behind the Cadence page takes for 15 years, 10 million seconds. Run with -m benchmark."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from connectors.frames import ACTIVITY, SAMPLE
from dashboard.cadence.experiment import CadenceExperiment, cadence_change
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import mechanics_over_time, run_mechanics
from dashboard.model.settings import ModelSettings

RUNS, SECONDS = 3_900, 2_600
FIRST = date(2010, 1, 1)
OWN = RunnerProfile(2.9, 3.335, 140.0, 9.0, "samples", "samples", 1e6)


def recording(number: int) -> pl.DataFrame:
    rng, at = np.random.default_rng(number), np.arange(SECONDS)
    speed = np.clip(2.9 + 0.3 * np.sin(at / 90) + 0.2 * rng.standard_normal(SECONDS), 0, 7)
    cadence = np.round(140 + 9 * speed + 2 * rng.standard_normal(SECONDS))
    known = {
        "second": at,
        "speed_mps": speed,
        "grade_pct": 3 * np.sin(at / 60 + number),
        "cadence_spm": cadence,
        "step_length_mm": speed / cadence * 60_000,
        "contact_ms": 250 + 10 * rng.standard_normal(SECONDS),
        "vertical_oscillation_mm": 90 + 5 * rng.standard_normal(SECONDS),
        "form_power_w": np.round(65 + 3 * rng.standard_normal(SECONDS)),
    }
    return pl.DataFrame(known).select(
        (pl.col(n) if n in known else pl.lit(None)).cast(c.dtype).alias(n) for n, c in SAMPLE.columns.items()
    )


def activities() -> pl.DataFrame:
    ids = [f"{i:016x}" for i in range(RUNS)]
    days = [FIRST + timedelta(days=int(i * 1.4)) for i in range(RUNS)]
    known = pl.DataFrame({"activity_id": ids, "local_date": days, "sport": ["Run"] * RUNS})
    return known.select(
        (pl.col(n) if n in known.columns else pl.lit(None)).cast(c.dtype).alias(n)
        for n, c in ACTIVITY.columns.items()
    ).with_columns(
        samples_id="activity_id", start_utc=pl.col("local_date").cast(ACTIVITY.schema["start_utc"])
    )


@pytest.mark.benchmark
def test_fifteen_years_of_steps(tmp_path: Path) -> None:
    for number in range(RUNS):
        recording(number).write_parquet(tmp_path / f"{number:016x}.parquet")

    def samples(ids: Sequence[str]) -> pl.LazyFrame:
        kind = pl.Enum(list(ids))
        scanned = pl.scan_parquet([tmp_path / f"{i}.parquet" for i in ids], include_file_paths="activity_id")
        return scanned.with_columns(pl.col("activity_id").str.slice(-24, 16).cast(kind))

    runs, passes, rest = activities(), [], []
    for _ in range(3):
        began = time.perf_counter()
        rows = run_mechanics(runs, samples, OWN, ModelSettings())
        passes.append(time.perf_counter() - began)
        began = time.perf_counter()
        mechanics_over_time(rows, "week")
        last = rows["local_date"].max()
        cadence_change(rows, OWN, CadenceExperiment(last - timedelta(42)), last)
        rest.append(time.perf_counter() - began)
    print(f"\n{RUNS * SECONDS:,} samples to {rows.height:,} bands of runs: {min(passes):.2f} s; wanted < 3")
    print(f"weeks by band, and the experiment: {min(rest):.3f} s; wanted < 0.1")
    assert rows["activity_id"].n_unique() == RUNS
