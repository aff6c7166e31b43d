"""The same tables on Ray: on this machine, and on a cluster that loses a worker and a machine in the middle."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from functools import partial

import psutil
import pytest
from cohort_exports import MARKS, files, run, start, texts, write_athlete
from cohort_tasks import DEADLY, UNLUCKY, ended, look_and_touch

from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.ray_tasks import RETRIES, run_on_ray

# A cluster of a head, which is never killed, and two machines; it ends with its standard input.
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
raylets = [node.all_processes["raylet"][0].process.pid for node in nodes]
print(cluster.address, *raylets, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture
def cluster():
    """Address, token and process numbers of the two machines of a cluster that asks for a token."""
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    process = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
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
    yield {"RAY_ADDRESS": address, **token}, [int(one) for one in raylets]
    process.communicate(timeout=60)


def without_times(folder) -> dict:
    values = json.loads((folder / "manifest.json").read_text())
    del values["times"]
    return values


@pytest.mark.ray
def test_ray_on_this_machine_writes_the_same_bytes(cohort, tmp_path):
    status, out, err = run(
        "run",
        cohort.source,
        "--out",
        tmp_path / "ray",
        "--key-file",
        cohort.key,
        "--engine",
        "ray",
        "--workers",
        2,
    )
    assert status == 0, err
    assert files(tmp_path / "ray") == files(cohort.folder)
    assert without_times(tmp_path / "ray") == without_times(cohort.folder)
    assert not [mark for mark in MARKS if mark in out + err]


@pytest.mark.ray
def test_a_process_that_ends_is_tried_again_and_each_has_the_environment_of_a_worker(tmp_path, monkeypatch):
    """As in the pool: the athlete whose process ends each time is one refusal, the others are done."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "a file that nobody can read.zip").symlink_to(tmp_path / "gone.zip")
    names = [f"{n:032x}" for n in range(4)]
    given = [AthleteTask(name, (), b"") for name in (DEADLY, *names, UNLUCKY)]
    process = partial(look_and_touch, folder=tmp_path)
    done = list(run_on_ray(given, process, ended, source=tmp_path, folder=tmp_path, workers=2))
    assert len(done) == len(given)
    assert {one.athlete: one.reason for one in done} == {
        **dict.fromkeys([*names, UNLUCKY]),
        DEADLY: "worker_ended",
    }
    tried = Counter(path.name[:32] for path in tmp_path.iterdir())
    assert (tried[DEADLY], tried[UNLUCKY]) == (1 + RETRIES, 2)


@pytest.mark.ray
def test_a_worker_and_a_machine_that_are_killed_change_no_byte(cohort, tmp_path, cluster):
    environment, raylets = cluster
    folder = tmp_path / "ray"
    process = start(
        *("run", cohort.source, "--out", folder, "--key-file", cohort.key, "--engine", "ray"), **environment
    )
    _wait_for(process, folder, 3)
    workers = _at_work(raylets[0])
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
    _wait_for(process, folder, 6)
    os.kill(raylets[1], signal.SIGKILL)
    out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err
    assert workers, "a worker was killed"
    assert files(folder) == files(cohort.folder)
    assert without_times(folder) == without_times(cohort.folder)
    assert not [mark for mark in MARKS if mark in "\n".join(texts(folder)) + out + err]


def _at_work(raylet: int) -> list[psutil.Process]:
    """The processes that have an athlete in hand; between two athletes there is none for a moment."""
    until = time.monotonic() + 30
    workers: list[psutil.Process] = []
    while not workers and time.monotonic() < until:
        for one in psutil.Process(raylet).children():
            with suppress(psutil.Error):
                if " ".join(one.cmdline()).startswith("ray::call"):
                    workers.append(one)
        time.sleep(0.01)
    return workers


def _wait_for(process: subprocess.Popen[str], folder, done: int) -> None:
    until = time.monotonic() + 200
    while process.poll() is None and len(list(folder.glob("unfinished/*/*.json"))) < done:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert process.poll() is None, process.communicate()


def test_a_cluster_without_a_token_is_refused_before_anything_is_sent(tmp_path):
    (tmp_path / "in").mkdir()
    write_athlete(tmp_path / "in" / "a.zip", 1, runs=5)
    status, _, err = run(
        *("run", tmp_path / "in", "--out", tmp_path / "out", "--engine", "ray"),
        RAY_ADDRESS="127.0.0.1:6379",
        RAY_AUTH_MODE="disabled",
    )
    assert status == 1
    assert "does not ask for a token" in err


@pytest.mark.ray
def test_without_ray_the_sentence_names_what_to_install(tmp_path):
    """A folder first on the path stands for a machine on which the import of Ray fails."""
    (tmp_path / "in").mkdir()
    write_athlete(tmp_path / "in" / "a.zip", 1, runs=5)
    (tmp_path / "path" / "ray").mkdir(parents=True)
    (tmp_path / "path" / "ray" / "__init__.py").write_text("raise ImportError('No module named ray')")
    status, _, err = run(
        *("run", tmp_path / "in", "--out", tmp_path / "out", "--engine", "ray"),
        PYTHONPATH=f"{tmp_path / 'path'}{os.pathsep}{os.getcwd()}",
    )
    assert status == 1
    assert 'pip install "heelwise[cohort]"' in err
