"""What stands for an athlete's analysis in tests of the pool: functions that another process can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import polars as pl

from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.worker import AthleteDone

DEADLY, UNLUCKY = "d" * 32, "e" * 32


def touch(task: AthleteTask, folder: Path) -> AthleteDone:
    """Stand for an athlete; the deadly one ends its process each time, the unlucky one the first time."""
    before = len(list(folder.glob(f"{task.athlete}-*")))
    (folder / f"{task.athlete}-{before}-{os.getpid()}").touch()
    if task.athlete == DEADLY or (task.athlete == UNLUCKY and not before):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    return AthleteDone(task.athlete, None)


def ended(task: AthleteTask) -> AthleteDone:
    """What is written of an athlete whose process ended each time."""
    return AthleteDone(task.athlete, "worker_ended")


def report(task: AthleteTask) -> AthleteDone:
    """Look at a worker's process from inside, after printing what must not come out."""
    os.write(1, b"a word of an input\n")
    os.write(2, b"a word of an input\n")
    names = ("TZ", "POLARS_MAX_THREADS")
    is_right = [os.environ[name] for name in names] == ["UTC", "1"] and pl.thread_pool_size() == 1
    is_right = is_right and not [name for name in os.environ if name.startswith("HEELWISE_")]
    return AthleteDone(task.athlete, None if is_right else "failed")


def look_and_touch(task: AthleteTask, folder: Path) -> AthleteDone:
    """Both, in an engine that takes a worker for one athlete after the other."""
    return touch(task, folder) if report(task).reason is None else AthleteDone(task.athlete, "failed")
