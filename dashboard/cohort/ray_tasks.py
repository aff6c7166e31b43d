"""Athletes as tasks of Ray: on this machine, or on a cluster that is there and asks for a token."""

from __future__ import annotations

import os
import pickle
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from connectors import __version__
from connectors.errors import HeelwiseError
from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.output import WORK_NAME
from dashboard.cohort.worker import TASKS_A_PROCESS, AthleteDone, begin_worker
from dashboard.cohort.worker_start import call

ADDRESS = "RAY_ADDRESS"
NICENESS = "RAY_worker_niceness"
RETRIES = 3
"""Times an athlete is tried again whose process or machine was lost: machines may be lost more than once."""
TASKS_A_CORE = 2
"""Athletes handed to the cluster ahead for each of its cores."""
PROBE_S = 600.0
"""In which each machine must have answered once; one with much other work takes minutes to start a process."""
MISSING = (
    'Ray is not installed here. Nothing was computed; run `pip install "heelwise[cohort]"`, or leave out '
    "--engine ray."
)
OPEN_CLUSTER = (
    "The cluster of RAY_ADDRESS does not ask for a token: anybody who reaches it could read the exports. Nothing was "
    "sent to it; start it with RAY_AUTH_MODE=token, set the same here, and see docs/cohort.md."
)
OTHER_VERSION = (
    "A machine of the cluster has another version of Heelwise, Polars or Python, so its tables would not be the same. "
    "It wrote none; install the same on each, and run the command again with --resume."
)
Process = Callable[[AthleteTask], AthleteDone]


def run_on_ray(
    tasks: Sequence[AthleteTask],
    process: Process,
    ended: Process,
    source: Path,
    folder: Path,
    workers: int | None = None,
) -> Iterator[AthleteDone]:
    """Process athletes as tasks of Ray, as they get done; `ended` is called for those whose process ends each time."""
    with _settings_of_ray():
        try:
            import ray  # noqa: PLC0415  (seconds; and no part of a plain install)
        except ImportError:
            raise HeelwiseError(MISSING) from None
        with _connected(ray, workers):
            _probe(ray, source, folder)
            yield from _run(ray, tasks, process, ended, workers)


@contextmanager
def _settings_of_ray() -> Iterator[None]:
    """Set what Ray reads when it is imported: no statistics sent, and a token in every case."""
    wanted = {"RAY_USAGE_STATS_ENABLED": "0"}
    if not os.environ.get(ADDRESS):
        # A token of this run alone: others of this machine reach loopback as well.
        wanted |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        # By itself Ray lets its workers run at 15: on a machine with other work they stand still.
        wanted |= {NICENESS: os.environ.get(NICENESS, "0")}
    elif os.environ.get("RAY_AUTH_MODE", "").lower() != "token":
        raise HeelwiseError(OPEN_CLUSTER)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _run(
    ray: Any, tasks: Sequence[AthleteTask], process: Process, ended: Process, workers: int | None
) -> Iterator[AthleteDone]:
    # Tried again here and not by Ray, which does so after some of the ways in which a task can be lost.
    remote = ray.remote(num_cpus=1, max_retries=0, max_calls=TASKS_A_PROCESS)(call)
    waiting, running, lost = deque(tasks), {}, Counter[str]()
    while waiting or running:
        ahead = workers or TASKS_A_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
        while waiting and len(running) < ahead:
            task = waiting.popleft()
            running[remote.remote(pickle.dumps((_in_worker, (process, task, _versions()))))] = task
        (done, *_), _ = ray.wait(list(running), num_returns=1)
        task = running.pop(done)
        if (result := _result(ray, done)) is not None:
            yield result
            continue
        lost[task.athlete] += 1
        if lost[task.athlete] > RETRIES:
            yield ended(task)
        else:
            waiting.append(task)  # last: by then it is known which machines are left


def _result(ray: Any, done: Any) -> AthleteDone | None:
    """What became of a task; None where its process or machine was lost, in whatever way Ray puts it."""
    try:
        return ray.get(done)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, HeelwiseError):
            raise HeelwiseError(str(error.cause)) from None
        return None
    except ray.exceptions.RayError:
        return None


def _in_worker(process: Process, task: AthleteTask, versions: tuple[str, ...]) -> AthleteDone:
    """Process an athlete; asked for its versions again, since a machine may join the cluster at any time."""
    if _versions() != versions:
        raise HeelwiseError(OTHER_VERSION)
    begin_worker()
    return process(task)


@contextmanager
def _connected(ray: Any, workers: int | None) -> Iterator[None]:
    """Start Ray on loopback alone, or connect to the cluster of RAY_ADDRESS; leave it as it was at the end."""
    address = os.environ.get(ADDRESS)
    where: dict[str, Any] = {"address": address}
    if not address:
        alone = {"num_cpus": workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        where = {"address": "local", **alone}
    try:
        ray.init(**where, log_to_driver=False, logging_level="CRITICAL")
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise HeelwiseError(
            f"Ray could not be reached or started ({type(error).__name__}). Nothing was computed; check RAY_ADDRESS "
            "and the token, and run the command again with --resume."
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def _probe(ray: Any, source: Path, folder: Path) -> None:
    """Ask every machine for its token, its versions, and whether it reads SRC and DEST as this one does."""
    word = secrets.token_hex(16)
    mark = folder / WORK_NAME / f"probe-{word}"
    mark.write_text(word, encoding="ascii")
    try:
        answers = [ray.get(one, timeout=PROBE_S) for one in _ask_nodes(ray, source, mark)]
    except ray.exceptions.GetTimeoutError:
        raise HeelwiseError(
            f"A machine of the cluster did not answer within {PROBE_S / 60:.0f} minutes, for other work it may have. "
            "Nothing was computed; run the command again with --resume."
        ) from None
    except ray.exceptions.RayError as error:
        raise HeelwiseError(
            f"A machine of the cluster did not answer as it must ({type(error).__name__}): Heelwise has to be "
            "installed on each. Nothing was computed; run the command again with --resume."
        ) from None
    finally:
        mark.unlink(missing_ok=True)
    for answer in answers:
        if answer["auth"] != "token":
            raise HeelwiseError(OPEN_CLUSTER)
        if answer["versions"] != _versions():
            raise HeelwiseError(OTHER_VERSION)
        if answer["word"] != word or not answer["reads"] or not answer["writes"]:
            raise HeelwiseError(
                "SRC and DEST must lie where each machine of the cluster reads them under the same path, and may "
                "write to DEST. One does not. Nothing was computed."
            )


def _ask_nodes(ray: Any, source: Path, mark: Path) -> list[Any]:
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

    asked = ray.remote(num_cpus=0, max_retries=0)(call)
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) > 0]
    # One that this machine reads: a file that nobody can read is the refusal of one athlete.
    first = next((path for path in sorted(source.iterdir()) if os.access(path, os.R_OK)), source)
    question = pickle.dumps((_answer, (first, mark)))
    return [
        asked.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)).remote(
            question
        )
        for node in nodes
    ]


def _answer(first: Path, mark: Path) -> dict[str, Any]:
    written = mark.with_name(f"{mark.name}-{secrets.token_hex(4)}")
    try:
        word = mark.read_text(encoding="ascii")
        written.write_text(word, encoding="ascii")
        written.unlink()
        writes = True
    except OSError:
        word, writes = "", False
    reads = os.access(first, os.R_OK)
    mode = os.environ.get("RAY_AUTH_MODE", "").lower()
    return {"auth": mode, "versions": _versions(), "word": word, "reads": reads, "writes": writes}


def _versions() -> tuple[str, ...]:
    import platform  # noqa: PLC0415

    return __version__, pl.__version__, ".".join(platform.python_version_tuple()[:2])
