"""How long a command and a fresh server take to start, against the libraries alone. Run with -m benchmark -s."""

# Processor time, not the clock: other programs on the machine do not count.

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import UTC, datetime

import polars as pl
import pytest
from run_builders import made_up

from connectors.frames import ACTIVITY
from connectors.store import open_store

ROUNDS = 5
BARE = "import streamlit, polars, plotly.graph_objects"
MOST = 1.5
"""A report of 23 runs, of the imports alone."""


def _processor_s(*command: str) -> float:
    """Least processor time of a few processes, user and system."""
    took = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


@pytest.mark.benchmark
def test_a_report_of_23_runs_starts_quickly(tmp_path):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with open_store(tmp_path) as store:
        mine = store.add_runner("Someone").athlete_id
        same = {"athlete_id": mine, "source": "file", "fetched_utc": now, "sport": "Run", "shoe_id": None}
        runs = made_up(60, (20,)).runs.head(23)
        names = ("activity_id", "source_id", "start_utc", "local_date", "distance_m", "moving_s")
        store.write(ACTIVITY, runs.select(names).with_columns(pl.lit(v).alias(k) for k, v in same.items()))
    bare = _processor_s("-c", BARE)
    report = _processor_s("-c", "from dashboard.cli import main; main()", "report", "--home", str(tmp_path))
    print(
        f"\nimports alone {bare:.2f} s, a report {report:.2f} s: {report / bare:.2f} times; wanted < {MOST:g}"
    )
    assert report < MOST * bare
