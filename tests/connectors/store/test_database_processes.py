"""Several programs at once, killed programs, full disks."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import pytest

from connectors.frames import EVENT, SHOE
from connectors.store import SampleFolder, open_store

ROOT = Path(__file__).resolve().parents[3]
ONE = "0123456789abcdef"

COMMON = """
import sys, time
from pathlib import Path
import polars as pl
from connectors.errors import StoreError
from connectors.frames import EVENT
from connectors.frames import SHOE
from connectors.store import open_store

def events(first, count):
    return pl.DataFrame({"source_id": [str(i) for i in range(first, first + count)]}).with_columns(
        athlete_id=pl.lit(1), source=pl.lit(sys.argv[2]), fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
        date=pl.date(2026, 1, 1), kind=pl.lit("other"), note=pl.lit("words " * 10))

def shoe(number):
    return events(number, 1).select("athlete_id", "source", "source_id", "fetched_utc",
        shoe_id=pl.lit(str(number)), name=pl.lit("pair"))

store = open_store(Path(sys.argv[1]))
"""
WRITER = """
done = 0
until = time.monotonic() + 2.5
while time.monotonic() < until:
    assert store.write(EVENT, events(done * 20, 20)).new == 20
    done += 1
print(done * 20)
"""
READER = """
until = time.monotonic() + 2.5
seen = 0
reads = 0
while time.monotonic() < until:
    found = store.read(EVENT, 1)
    assert found.height >= seen and found.height % 20 == 0, found.height
    seen = found.height
    reads += 1
print(reads)
"""
ENDLESS = """
number = 0
print("ready", flush=True)
while True:
    store.write_many([(EVENT, events(number * 100, 100)), (SHOE, shoe(number))])
    number += 1
"""
ENDLESS_SAMPLES = """
size = 1
print("ready", flush=True)
while True:
    store.samples.write(1, sys.argv[3], pl.DataFrame({"second": range(size)}).with_columns(
        speed_mps=pl.lit(size / 10_000)))
    size = size % 20_000 + 997
"""
FILLING = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
kept = 0
try:
    while True:
        store.write(EVENT, events(kept, 500))
        kept += 500
except StoreError as error:
    print(type(error).__name__)
    print(error)
    print(kept)
print(store.read(EVENT, 1).height)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.write(EVENT, events(kept, 500)).new)
"""
FILLING_SAMPLES = """
import resource, secrets
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
store.samples.write(1, "aaaa", pl.DataFrame({"second": [1, 2, 3]}))
import numpy as np
big = pl.DataFrame({"second": np.arange(50_000), "speed_mps": np.random.default_rng(1).random(50_000)})
try:
    store.samples.write(1, "aaaa", big)
except StoreError as error:
    print(type(error).__name__)
print(store.samples.read(1, "aaaa").height)
"""
REALLY_FULL = """
store.runner(create=True)
kept = 0
try:
    while True:
        kept += store.write(EVENT, events(kept, 500)).new
except StoreError as error:
    print(type(error).__name__)
print(kept)
print(store.read(EVENT, 1).height)
try:
    store.samples.write(1, "aaaa", pl.DataFrame({"second": range(2**20)}))
except StoreError as error:
    print(type(error).__name__)
print([finding.id for finding in store.check()])
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMON + script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def said(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.split("\n")[:-1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_store(tmp_path / "home") as store:
        store.runner(create=True)
    return tmp_path / "home"


def test_two_write_and_two_read_at_once(home: Path):
    processes = [
        start(WRITER, home, "manual"),
        start(WRITER, home, "file"),
        start(READER, home, "-"),
        start(READER, home, "-"),
    ]
    written = [int(said(process)[0]) for process in processes[:2]]
    reads = [int(said(process)[0]) for process in processes[2:]]
    assert min(*written, *reads) > 0
    with open_store(home) as store:
        counts = dict(store.read(EVENT, 1)["source"].value_counts().iter_rows())
        assert counts == {"manual": written[0], "file": written[1]}
        assert store.version(1, EVENT) == sum(written) // 20
        assert store.check() == []


def test_many_make_the_same_new_store_at_once(tmp_path: Path):
    home = tmp_path / "new"
    processes = [start("print(store.runner(create=True).athlete_id)", home, "-") for _ in range(6)]
    assert {line for process in processes for line in said(process)} == {"1"}
    with open_store(home) as store:
        assert [runner.name for runner in store.runners()] == ["Runner"]


def test_threads_with_stores_of_their_own(home: Path):
    stores = [open_store(home), open_store(home)]
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(15):
                row = pl.DataFrame({"source_id": [f"{number}/{turn}"]}).with_columns(
                    athlete_id=pl.lit(1),
                    source=pl.lit("manual"),
                    fetched_utc=pl.datetime(2026, 1, 1, time_zone="UTC"),
                    date=pl.date(2026, 1, 1),
                    kind=pl.lit("other"),
                )
                stores[number % 2].write(EVENT, row)
                stores[(number + 1) % 2].read(EVENT, 1)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert stores[0].read(EVENT, 1).height == 8 * 15
    assert stores[1].version(1, EVENT) == 8 * 15


def killed_after(script: str, seconds: float, *arguments: object) -> None:
    process = start(script, *arguments)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert process.stderr is not None
    process.stderr.close()


def test_a_killed_writer_leaves_whole_transactions(home: Path):
    chance = random.Random(11)
    before = 0
    for _ in range(4):
        killed_after(ENDLESS, chance.uniform(0.05, 0.4), home, "manual")
        with open_store(home) as store:
            found = store.read(EVENT, 1).height
            assert found % 100 == 0
            assert found >= before
            assert store.read(SHOE, 1).height == found // 100
            assert store.version(1, EVENT) == found // 100
            assert store.check() == []
            before = found
    assert before > 0


def test_a_killed_writer_of_samples_leaves_a_whole_file(home: Path):
    chance = random.Random(12)
    for _ in range(4):
        killed_after(ENDLESS_SAMPLES, chance.uniform(0.05, 0.3), home, "-", ONE)
        found = SampleFolder(home / "samples").read(1, ONE)
        assert found.height > 0
        assert found["speed_mps"].unique().to_list() == pytest.approx([found.height / 10_000])
        with open_store(home) as store:  # no row names it: what the kill left is swept
            assert list(store.samples.folder.rglob("*")) == []


@pytest.mark.sqlite_only("a full disk under the file; PostgreSQL's is the server's")
def test_a_full_disk_is_told_and_everything_before_is_kept(home: Path):
    kind, message, kept, found, later = said(start(FILLING, home, "manual"))
    assert kind == "StoreFull"
    assert "no room left" in message
    assert "try again" in message
    assert int(kept) > 0
    assert found == kept
    assert later == "500"
    with open_store(home) as store:
        assert store.read(EVENT, 1).height == int(kept) + 500
        assert store.version(1, EVENT) == int(kept) // 500 + 1
        assert not [finding for finding in store.check() if finding.id != "little_room"]


def test_samples_that_do_not_fit_leave_those_that_were_there(home: Path):
    assert said(start(FILLING_SAMPLES, home, "-")) == ["StoreFull", "3"]
    assert [path.name for path in (home / "samples" / "1" / "aa").iterdir()] == ["aaaa.parquet"]


def on_small_disk(size: str, folder: Path, script: str) -> list[str]:
    """Run a script with a disk of its own, which goes when the script does, however it ends."""
    unshare = shutil.which("unshare")
    folder.mkdir()
    alone = [unshare or "unshare", "--map-root-user", "--mount"]
    disk = f"mount -t tmpfs -o size={size} none '{folder}'"
    if not unshare or subprocess.run([*alone, "sh", "-c", disk], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here")
    python = [sys.executable, "-c", script, folder / "home", "manual"]
    command = [*alone, "sh", "-c", f'{disk} && exec "$@"', "sh", *python]
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.sqlite_only("a full disk under the file; PostgreSQL's is the server's")
def test_a_disk_that_is_really_full(tmp_path: Path):
    kind, kept, read, samples, problems = on_small_disk("1m", tmp_path / "disk", COMMON + REALLY_FULL)
    assert (kind, samples, problems) == ("StoreFull", "StoreFull", "['little_room']")
    assert int(kept) > 0
    assert read == kept


@pytest.mark.sqlite_only("a full disk under the file; PostgreSQL's is the server's")
def test_a_disk_too_full_to_begin(tmp_path: Path):
    script = "try:" + COMMON.replace("\n", "\n    ") + "\nexcept StoreError as error:\n    print(error)\n"
    [message] = on_small_disk("16k", tmp_path / "disk", script)
    assert "no room left" in message
