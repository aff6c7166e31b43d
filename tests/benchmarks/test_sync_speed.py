"""How fast a sync is when Strava answers at once, and whether its memory grows with the history.

Run with `python -m pytest -m benchmark -s tests/benchmarks/test_sync_speed.py`; quiet machine, best of three.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from connectors.store import open_store
from connectors.store.token_vault import Tokens, open_vault
from connectors.strava import retention
from connectors.strava.sync import sync
from connectors.sync.run import SyncHooks

pytestmark = pytest.mark.benchmark

SERVER = """
import sys
from strava_stand_in import StandIn
with StandIn() as strava:
    strava.read_limit = strava.overall_limit = (10**6, 10**6)
    strava.add_runs(int(sys.argv[1]), seconds=int(sys.argv[2]))
    grant = strava.grant()
    print(strava.url, grant.access_token, grant.refresh_token, grant.expires_at, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def linked(tmp_path, monkeypatch):
    """A linked runner of a history of some length, on a server in a process of its own."""
    running = []

    def make(runs: int, seconds: int):
        folder = Path(__file__).resolve().parents[1]
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(runs), str(seconds)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        url, access, refresh, ends = process.stdout.readline().split()
        monkeypatch.setenv("HEELWISE_STRAVA_URL", url)
        monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
        store = open_store(tmp_path / f"home{len(running)}")
        athlete = store.runner(create=True).athlete_id
        vault = open_vault(store.home)
        vault.write(athlete, Tokens(access, refresh, int(ends), (), 1))
        store.set_settings(athlete, {retention.RETENTION: retention.WHILE_LINKED})
        return store, vault, athlete

    yield make
    for process in running:
        process.communicate()


def test_summaries(linked):
    store, vault, athlete = linked(1_800, 0)
    import_stravalib()
    times = []

    def watch(done, total, word):
        times.append((time.monotonic(), done, word))

    began = time.monotonic()
    hooks = SyncHooks(watch, lambda: bool(times) and times[-1][1] >= 1_800)
    sync(store, vault, None, athlete, hooks)
    listed = next(at for at, done, _ in times if done >= 1_800) - began
    print(f"\n1,800 summaries asked for and stored: {listed:.2f} s")
    assert store.activities(athlete).height == 1_800
    assert listed < 3


@pytest.mark.parametrize("seconds", [1_800, 3_600])
def test_recordings(linked, seconds):
    store, vault, athlete = linked(400, seconds)
    import_stravalib()
    times = []

    def watch(done, total, word):
        if word == "recordings":
            times.append((time.monotonic(), time.process_time()))

    result = sync(store, vault, None, athlete, SyncHooks(watch))
    took, worked = (times[-1][i] - times[0][i] for i in (0, 1))
    rate = result.sample_files / took
    print(
        f"\n{result.sample_files} recordings of {seconds} s: {rate:.0f} runs/s, "
        f"{1_000 * worked / result.sample_files:.0f} ms of this process each"
    )
    assert result.sample_files == 400
    assert rate > 40


def test_memory_stays_flat(linked):
    store, vault, athlete = linked(1_200, 2_400)
    import_stravalib()
    me, seen = psutil.Process(), {}

    def watch(done, total, word):
        if word == "recordings":
            seen[done] = me.memory_info().rss / 1e6

    sync(store, vault, None, athlete, SyncHooks(watch))
    early, late = seen[200], max(seen[n] for n in range(1_000, 1_200))
    print(
        f"\nresident memory after 200 recordings {early:.0f} MB, at most {late:.0f} MB in the last 200 of 1,200"
    )
    assert late < early + 60


def import_stravalib() -> None:
    """What a process pays once is not the sync's speed."""
    import stravalib.protocol  # noqa: F401
