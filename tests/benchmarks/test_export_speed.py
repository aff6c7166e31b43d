"""How long the tables of an export take to read."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.archive import open_archive
from connectors.strava.export.reader import is_export, read_export

sys.path.insert(0, str(Path(__file__).parents[1]))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def seconds(path: Path) -> tuple[int, float]:
    best, rows = float("inf"), 0
    for _ in range(5):
        began = time.perf_counter()
        archive = open_archive(path)
        assert is_export(archive)
        rows = read_export(archive, 1, NOW).activities.height
        best = min(best, time.perf_counter() - began)
    return rows, best


@pytest.mark.benchmark
@pytest.mark.parametrize("count", [1_800, 10_000])
def test_made_up_tables(tmp_path, count):
    from export_writer import Session, write_export

    start = datetime(2015, 1, 1, tzinfo=UTC)
    sessions = [
        Session(i, start + timedelta(hours=9 * i), gear_name="A", file_name=f"activities/{i}.fit.gz")
        for i in range(1, count + 1)
    ]
    rows, took = seconds(write_export(tmp_path / "e.zip", sessions))
    print(f"\n{rows:,} rows of 103 columns in {took:.2f} s")


@pytest.mark.benchmark
@pytest.mark.real_data
def test_the_largest_real_table(real_data):
    rows, took = seconds(real_data / "strava_export/rodrigomaria+strava-data")
    print(f"\nlargest real table: {rows:,} activities in {took:.2f} s")
