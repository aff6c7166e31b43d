"""How fast a cohort is analysed, locally and on Ray, and what a killed worker and a lost machine cost. -m benchmark -s.

HEELWISE_COHORT_ATHLETES says how many made-up athletes of three years are made; 1,000 takes a night on two cores. Each
has a Strava export ZIP of some 420 runs with a FIT recording of 20 to 45 minutes at one row a second. The recordings
are a few templates with their clocks set; what reading them costs is the same as for real ones of that length.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest
from cohort_exports import files, profile, start, table
from export_writer import Session, Shoe, activities_csv, shoes_csv
from fit_writer import fit_run, stamp

ATHLETES = int(os.environ.get("HEELWISE_COHORT_ATHLETES", "1000"))
RUNS, YEARS = 420, 3
FIRST = datetime(2022, 1, 3, 6, 30, tzinfo=UTC)
RECORD_BYTES = 23
SECONDS = tuple(range(1_200, 2_701, 300))


class Template:
    """A FIT recording whose clock can be set anew."""

    def __init__(self, seconds: int, speed_mps: float) -> None:
        self.seconds = seconds
        self.metres = seconds * speed_mps
        self.data = fit_run(FIRST, seconds=seconds, speed_mps=speed_mps, cadence=80 + seconds % 9)
        begin = struct.pack("<I", stamp(FIRST))
        self.first = self.data.index(b"\0" + begin) + 1
        self.end = self.first - 1 + (seconds + 1) * RECORD_BYTES

    def at(self, begin: datetime) -> bytes:
        """The same run, begun at another time."""
        data = np.frombuffer(self.data, dtype=np.uint8).copy()
        by = stamp(begin) - stamp(FIRST)
        places = self.first + RECORD_BYTES * np.arange(self.seconds + 1)
        clock = stamp(FIRST) + np.arange(self.seconds + 1) + by
        for n in range(4):
            data[places + n] = clock >> (8 * n) & 255
        tail = data[self.end :].tobytes()
        for then in {stamp(FIRST), stamp(FIRST) + self.seconds, stamp(FIRST) + self.seconds + 3_600}:
            tail = tail.replace(struct.pack("<I", then), struct.pack("<I", then + by))
        return data[: self.end].tobytes() + tail


def write_exports(folder: Path, athletes: int) -> Path:
    """Write the exports of a cohort: recordings are made once for each day and length, and athletes draw from them."""
    folder.mkdir()
    templates = [Template(seconds, 2.6 + n * 0.1) for n, seconds in enumerate(SECONDS)]
    begins = [FIRST + timedelta(days=i * YEARS * 365 // RUNS, minutes=i * 83 % 600) for i in range(RUNS)]
    made = [[gzip.compress(one.at(begin), 1, mtime=0) for one in templates] for begin in begins]
    shoes = shoes_csv([Shoe("A", "Nike", "Pegasus 39"), Shoe("B", "Hoka", "Clifton 8")])
    for number in range(athletes):
        drawn = np.random.default_rng(number).integers(0, len(templates), RUNS).tolist()
        # By its first recording a person is known again, so each has one of their own.
        own = begins[0] - timedelta(seconds=number + 1)
        members = [gzip.compress(templates[drawn[0]].at(own), 1, mtime=0)]
        members += [made[i][n] for i, n in enumerate(drawn)][1:]
        rows = [
            Session(
                10_000 * (number + 1) + i,
                begin,
                distance_m=templates[n].metres,
                moving_s=templates[n].seconds,
                elapsed_s=templates[n].seconds,
                gear_name="A" if i % 3 else "B",
                file_name=f"activities/{i}.fit.gz",
            )
            for i, (n, begin) in enumerate(zip(drawn, [own, *begins[1:]], strict=True))
        ]
        with zipfile.ZipFile(folder / f"{number:06d}.zip", "w") as packed:
            packed.writestr("activities.csv", activities_csv(rows))
            packed.writestr("shoes.csv", shoes)
            packed.writestr("profile.csv", profile(number + 1))
            for i, data in enumerate(members):
                packed.writestr(f"activities/{i}.fit.gz", data)
    return folder


@pytest.fixture(scope="module")
def exports(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("speed")
    began = time.perf_counter()
    write_exports(home / "in", ATHLETES)
    size = sum(path.stat().st_size for path in (home / "in").iterdir()) / 1e6
    print(
        f"\n{ATHLETES} athletes × {YEARS} years: {size:,.0f} MB of ZIPs, made in {time.perf_counter() - began:.0f} s"
    )
    return home


def timed(process: subprocess.Popen[str], label: str, began: float, *roots: int) -> float:
    """Wait for a run; print its rate, its seconds of a core and the most memory that a worker held.

    `roots` are the processes whose descendants do the work, where these are not the run's own.
    """
    peak, seen = 0, {}
    while process.poll() is None:
        for root in (process.pid, *roots):
            with suppress(psutil.Error):
                for one in psutil.Process(root).children(recursive=True):
                    with suppress(psutil.Error), one.oneshot():
                        seen[one.pid] = sum(one.cpu_times()[:2])
                        is_worker = not roots or _is_at_an_athlete(one)
                        peak = max(peak, one.memory_info().rss * is_worker)
        time.sleep(0.5)
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    took, cpu = time.perf_counter() - began, sum(seen.values())
    print(
        f"{label}: {took:.0f} s, {60 * ATHLETES / took:.2f} athletes/min, {cpu / ATHLETES:.1f} s of a core each "
        f"({60 * ATHLETES / max(cpu, 1e-9):.2f} athletes/min/core), {peak / 1e6:.0f} MB in the largest worker"
    )
    return took


def _is_at_an_athlete(process: psutil.Process) -> bool:
    """Whether a process of Ray has an athlete in hand, by the name that Ray gives it."""
    with suppress(psutil.Error):
        return " ".join(process.cmdline()).startswith("ray::call")
    return False


def arguments(exports: Path, name: str, *more: object) -> tuple[object, ...]:
    return "run", exports / "in", "--out", exports / name, "--key-file", exports / "k" / "key", *more


@pytest.mark.benchmark
@pytest.mark.timeout(100_000)
def test_local(exports):
    began = time.perf_counter()
    timed(start(*arguments(exports, "local", "--workers", 2)), "local, 2 processes", began)
    assert table(exports / "local", "athletes").height == ATHLETES
    written = sum(map(len, files(exports / "local").values()))
    print(
        f"tables: {written / ATHLETES / 1e3:.0f} kB an athlete, {len(files(exports / 'local')) / ATHLETES:.0f} files"
    )
    began = time.perf_counter()
    process = start("describe", exports / "local", "--format", "json")
    described = json.loads(process.communicate()[0])
    assert described["athletes"] == ATHLETES
    print(f"describe: {time.perf_counter() - began:.1f} s")


@pytest.mark.benchmark
@pytest.mark.timeout(100_000)
def test_local_with_a_killed_worker(exports):
    began = time.perf_counter()
    process = start(*arguments(exports, "killed", "--workers", 2))
    wait_for(process, exports / "killed", ATHLETES // 3)
    workers = [
        one for one in psutil.Process(process.pid).children() if "spawn_main" in " ".join(one.cmdline())
    ]
    workers[0].kill()
    timed(process, "local, a worker killed", began)
    assert files(exports / "killed") == files(exports / "local")


CLUSTER = """
import sys
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
print(cluster.address, *[node.all_processes["raylet"][0].process.pid for node in nodes], flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture
def cluster() -> Iterator[tuple[dict[str, str], list[int], subprocess.Popen[str]]]:
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    process = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={
            **os.environ,
            **token,
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_worker_niceness": "0",
            "PYTHONPATH": os.getcwd(),
        },
    )
    assert process.stdout is not None
    address, *raylets = process.stdout.readline().split()
    yield {"RAY_ADDRESS": address, **token}, [int(one) for one in raylets], process
    process.communicate(timeout=100)


@pytest.mark.benchmark
@pytest.mark.timeout(100_000)
@pytest.mark.parametrize("is_hurt", [False, True], ids=["calm", "hurt"])
def test_ray_with_two_nodes(exports, cluster, is_hurt):
    environment, raylets, machines = cluster
    folder = exports / ("hurt" if is_hurt else "ray")
    process = start(*arguments(exports, folder.name, "--engine", "ray"), **environment)
    began = time.perf_counter()
    if is_hurt:
        wait_for(process, folder, ATHLETES // 4)
        while not (at_work := list(filter(_is_at_an_athlete, psutil.Process(raylets[0]).children()))):
            time.sleep(0.01)
        at_work[0].kill()
        wait_for(process, folder, ATHLETES // 2)
        os.kill(raylets[1], signal.SIGKILL)
    label = "Ray, 2 nodes, a worker and then a node killed" if is_hurt else "Ray, 2 nodes"
    timed(process, label, began, machines.pid)
    assert files(folder) == files(exports / "local")


def wait_for(process: subprocess.Popen[str], folder: Path, done: int) -> None:
    while process.poll() is None and len(list(folder.glob("unfinished/*/*.json"))) < done:
        time.sleep(0.2)
    assert process.poll() is None, process.communicate()
