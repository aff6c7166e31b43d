"""Athletes as tasks of Ray: on this machine, or on a cluster that is there and asks for a token."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from connectors import __version__
from connectors.errors import HeelwiseError
from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.output import WORK_NAME
from dashboard.cohort.worker import ENVIRONMENT, TASKS_A_PROCESS, AthleteDone, OutputFull, begin_worker

ADDRESS = "RAY_ADDRESS"
RETRIES = 3
"""Times an athlete is tried again whose process or machine was lost: machines may be lost more than once."""
TASKS_A_CORE = 2
"""Athletes handed to the cluster ahead for each of its cores."""
PROBE_S = 120.0
MISSING = (
    'Ray is not installed here. Nothing was computed; run `pip install "heelwise[cohort]"`, or leave out '
    "--engine ray."
)
OPEN_CLUSTER = (
    "The cluster of RAY_ADDRESS does not ask for a token: anybody who reaches it could read the exports. Nothing was "
    "sent to it; start it with RAY_AUTH_MODE=token, set the same here, and see docs/cohort.md."
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
    remote = ray.remote(
        num_cpus=1,
        max_retries=RETRIES,
        retry_exceptions=False,
        max_calls=TASKS_A_PROCESS,
        runtime_env={"env_vars": ENVIRONMENT},
    )(_in_worker)
    waiting, running = list(reversed(tasks)), {}
    while waiting or running:
        ahead = workers or TASKS_A_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
        while waiting and len(running) < ahead:
            task = waiting.pop()
            running[remote.remote(process, task)] = task
        (done, *_), _ = ray.wait(list(running), num_returns=1)
        task = running.pop(done)
        yield _result(ray, done, task, ended)


def _result(ray: Any, done: Any, task: AthleteTask, ended: Process) -> AthleteDone:
    errors = ray.exceptions
    try:
        return ray.get(done)
    except errors.RayTaskError as error:
        if isinstance(error.cause, OutputFull):
            raise OutputFull(str(error.cause)) from None
        return ended(task)
    except (errors.WorkerCrashedError, errors.OutOfMemoryError, errors.NodeDiedError, errors.ObjectLostError):
        return ended(task)


def _in_worker(process: Process, task: AthleteTask) -> AthleteDone:
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
            raise HeelwiseError(
                "A machine of the cluster has another version of Heelwise, Polars or Python, so the tables would not "
                "be the same. Nothing was computed; install the same on each."
            )
        if answer["word"] != word or not answer["reads"] or not answer["writes"]:
            raise HeelwiseError(
                "SRC and DEST must lie where each machine of the cluster reads them under the same path, and may "
                "write to DEST. One does not. Nothing was computed."
            )


def _ask_nodes(ray: Any, source: Path, mark: Path) -> list[Any]:
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

    asked = ray.remote(num_cpus=0, max_retries=0)(_answer)
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) > 0]
    first = next((path.name for path in sorted(source.iterdir())), "")
    return [
        asked.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)).remote(
            source / first, mark
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
