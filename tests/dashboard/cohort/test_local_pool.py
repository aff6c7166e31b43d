"""Processes that are killed, hang or fail: one athlete each, and never the end of the others."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.local_pool import run_in_pool
from dashboard.cohort.worker import AthleteDone

DEADLY, UNLUCKY = "d" * 32, "e" * 32


def tasks(*names: str) -> list[AthleteTask]:
    return [AthleteTask(name, (), b"") for name in names]


def touch(task: AthleteTask, folder: Path) -> AthleteDone:
    """Stand for an athlete; the deadly one ends its process each time, the unlucky one the first time."""
    before = len(list(folder.glob(f"{task.athlete}-*")))
    (folder / f"{task.athlete}-{before}-{os.getpid()}").touch()
    if task.athlete == DEADLY or (task.athlete == UNLUCKY and not before):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    return AthleteDone(task.athlete, None)


def ended(task: AthleteTask) -> AthleteDone:
    return AthleteDone(task.athlete, "worker_ended")


@pytest.mark.parametrize("workers", [1, 3])
def test_a_killed_process_is_tried_once_more_and_then_one_refusal(tmp_path, workers):
    names = [f"{n:032x}" for n in range(6)]
    given = tasks(*names[:2], DEADLY, *names[2:4], UNLUCKY, *names[4:])
    done = list(run_in_pool(given, partial(touch, folder=tmp_path), ended, workers))
    reasons = {one.athlete: one.reason for one in done}
    assert len(done) == len(given)
    assert reasons == {**dict.fromkeys(names), UNLUCKY: None, DEADLY: "worker_ended"}
    tried = Counter(path.name[:32] for path in tmp_path.iterdir())
    assert tried[DEADLY] == 2
    assert tried[UNLUCKY] == 2


def report(task: AthleteTask) -> AthleteDone:
    """What a worker's process looks like from inside."""
    os.write(1, b"a word of an input\n")
    os.write(2, b"a word of an input\n")
    import polars as pl

    names = ("TZ", "POLARS_MAX_THREADS")
    is_right = [os.environ[name] for name in names] == ["UTC", "1"] and pl.thread_pool_size() == 1
    is_right = is_right and "HEELWISE_DATABASE" not in os.environ
    return AthleteDone(task.athlete, None if is_right else "failed")


def test_a_worker_has_one_thread_no_zone_no_database_and_prints_nothing(capfd, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    before = os.environ.get("POLARS_MAX_THREADS")
    done = list(run_in_pool(tasks("a" * 32), report, ended, 1))
    assert [one.reason for one in done] == [None]
    assert "a word" not in "".join(capfd.readouterr())
    assert os.environ["HEELWISE_DATABASE"].startswith("postgresql")
    assert os.environ.get("POLARS_MAX_THREADS") == before
