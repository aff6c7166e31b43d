"""Athletes on the cores of this machine, in the process pool of the standard library."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.worker import TASKS_A_PROCESS, AthleteDone, begin_worker
from dashboard.cohort.worker_start import ENVIRONMENT

Process = Callable[[AthleteTask], AthleteDone]


def run_in_pool(
    tasks: Sequence[AthleteTask], process: Process, ended: Process, workers: int
) -> Iterator[AthleteDone]:
    """Process athletes in so many processes, as they get done.

    Athletes whose process was ended are tried once more, each alone; `ended` is called where it ends again.
    """
    suspects: list[AthleteTask] = []
    waiting = list(reversed(tasks))
    while waiting:
        # A new pool after so many athletes bounds the memory of its processes.
        some, waiting = waiting[-TASKS_A_PROCESS * workers :], waiting[: -TASKS_A_PROCESS * workers]
        while some:
            yield from _until_broken(some, process, workers, suspects)
    for task in suspects:
        # Alone in its pool, so that a process that ends is this athlete's and nobody else's.
        lost: list[AthleteTask] = []
        yield from _until_broken([task], process, 1, lost)
        if lost:
            yield ended(task)


def _until_broken(
    waiting: list[AthleteTask], process: Process, workers: int, lost: list[AthleteTask]
) -> Iterator[AthleteDone]:
    """Take tasks from the end of a list until it is empty or a process was ended; `lost` gets those under way."""
    running: dict[Future[AthleteDone], AthleteTask] = {}
    with _pool(min(workers, len(waiting))) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    future = pool.submit(process, waiting[-1])
                    running[future] = waiting.pop()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    result = future.result()
                    del running[future]
                    yield result
        except BrokenProcessPool:
            wait(running)
            finished = [future for future in running if not future.exception()]
            lost += [task for future, task in running.items() if future not in finished]
            yield from [future.result() for future in finished]


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes begin with the environment of a worker, which Polars reads when it is imported."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin) as pool:
            yield pool
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _begin() -> None:
    """End with the run: a process that is killed tells its workers nothing."""
    begin_worker()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
