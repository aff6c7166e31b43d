"""How long it takes to look through 15 years of recordings, 10 million seconds, for faults. Run with -m benchmark."""

from __future__ import annotations

import time
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import polars as pl
import pytest

from dashboard.runs.quality.checks import quality_flags
from dashboard.runs.quality.facts import sample_facts

MAKER = Path(__file__).parent / "test_model_speed.py"


@pytest.mark.benchmark
def test_fifteen_years_are_looked_through(tmp_path):
    spec = spec_from_file_location("fifteen_years", MAKER)
    assert spec is not None
    assert spec.loader is not None
    maker = module_from_spec(spec)
    spec.loader.exec_module(maker)
    rows = maker.activities()
    for number in range(maker.RUNS):
        maker.recording(number).write_parquet(tmp_path / f"{number:016x}.parquet")
    ids = rows["samples_id"].to_list()

    def scan() -> pl.LazyFrame:
        files = [tmp_path / f"{one}.parquet" for one in ids]
        found = pl.scan_parquet(files, include_file_paths="activity_id")
        return found.with_columns(pl.col("activity_id").str.slice(-24, 16).cast(pl.Enum(ids)))

    seconds, work, raising = [], [], []
    for _ in range(3):
        began, worked = time.perf_counter(), time.process_time()
        facts = sample_facts(scan())
        seconds.append(time.perf_counter() - began)
        work.append(time.process_time() - worked)
        began = time.perf_counter()
        found = quality_flags(rows, facts, date(2026, 1, 1))
        raising.append(time.perf_counter() - began)
    count = maker.RUNS * maker.SECONDS
    print(f"\n{count:,} samples to facts: {min(seconds):.2f} s, {min(work):.2f} s of processor; wanted < 2.5")
    print(f"{rows.height:,} sessions to flags: {min(raising):.3f} s")
    assert facts.height == maker.RUNS
    assert found == []
