"""What digests cost: opening and `log` with them against the same without, in one run. Run with -m benchmark -s."""

# Processor time of whole processes in turn, not the clock: other programs on the machine do not count. Without
# digests means that the two calls which every write makes do nothing, and that no doubt is asked for.

from __future__ import annotations

import resource
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from connectors.frames import ACTIVITY, SYMPTOM, UTC_TIME
from connectors.source import stable_id
from connectors.store import open_store

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
YEARS = 15
ROUNDS = 15
MOST_OPENING, MOST_LOG = 1.05, 1.03
WITHOUT = """
from connectors.store import rows
rows.begin_change = rows.shift = lambda *given: None
"""
WITH = "from connectors.store import rows\n"
LOG = """
import sys
from dashboard import cli
sys.argv = ["heelwise", "log", "--date", "2026-01-05", "--pain", sys.argv[2], "--home", sys.argv[1]]
cli.main()
"""
OPEN = """
import sys
from pathlib import Path
from connectors.store import open_store
for number in range(20):
    with open_store(Path(sys.argv[1])) as store:
        for one in store.runners():
            {asked}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A run and a symptom entry on every other day of fifteen years, with digests made."""
    folder = tmp_path_factory.mktemp("digests") / "home"
    days = [date(2011, 1, 1) + timedelta(days=2 * at) for at in range(YEARS * 365 // 2)]
    ids = [f"d{at}" for at in range(len(days))]
    when = pl.lit(datetime(2026, 1, 1)).cast(UTC_TIME)
    same = {"athlete_id": pl.lit(1), "source": pl.lit("file"), "fetched_utc": when}
    rows = pl.DataFrame({"source_id": ids, "local_date": days})
    with open_store(folder) as store:
        store.add_runner("Someone")
        runs = rows.with_columns(
            **same,
            activity_id=pl.Series([stable_id(1, "file", one) for one in ids]),
            start_utc=pl.col("local_date").cast(UTC_TIME),
            sport=pl.lit("Run"),
            distance_m=pl.lit(10_000.0),
            moving_s=pl.lit(3_000.0),
        )
        store.write(ACTIVITY, runs)
        entries = rows.rename({"local_date": "date"}).with_columns(**same, morning_pain_0_10=pl.lit(2.0))
        store.write(SYMPTOM, entries)
        began = time.process_time()
        assert store.verify() == []
        print(f"\ncheck of all rows, once a day in the background: {time.process_time() - began:.2f} s")
    return folder


def processor_s(*command: object) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compared(with_digests: str, without: str, home: Path) -> tuple[float, float]:
    """Least processor time of each, tried in turn with another value each time."""
    took = [
        (processor_s(with_digests, home, number % 10), processor_s(without, home, (number + 5) % 10))
        for number in range(ROUNDS)
    ]
    return min(on for on, _ in took), min(off for _, off in took)


def test_a_log_costs_what_it_did_without_digests(home):
    on, off = compared(WITH + LOG, WITHOUT + LOG, home)
    print(f"\nlog: {on:.3f} s with digests, {off:.3f} s without: {on / off:.3f} times; wanted <= {MOST_LOG}")
    assert on <= MOST_LOG * off


def test_opening_costs_what_it_did_without_digests(home):
    on, off = compared(OPEN.format(asked="store.unverified(one.athlete_id)"), OPEN.format(asked="pass"), home)
    print(f"\nopening: {on:.3f} s, {off:.3f} s without: {on / off:.3f} times; wanted <= {MOST_OPENING}")
    assert on <= MOST_OPENING * off
