"""A cohort of 22 inputs, half of them broken, and what one run on two processes makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import partial
from pathlib import Path

import cohort_exports
import pytest
from cohort_exports import write_source


@dataclass(frozen=True)
class Cohort:
    """A folder of exports and the tables made of it."""

    source: Path
    folder: Path
    key: Path
    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def cohort(tmp_path_factory, worker_id) -> Cohort:
    """The cohort, run once for all tests of all workers; nobody changes it."""
    own = tmp_path_factory.getbasetemp()
    home = (own if worker_id == "master" else own.parent) / "cohort"
    source, key, told = home / "exports", home / "secret" / "study.key", home / "told.json"
    home.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not told.exists():
            write_source(source)
            wanted = ("run", source, "--out", home / "tables", "--key-file", key, "--workers", 2)
            told.write_text(json.dumps(cohort_exports.run(*wanted)))
    status, out, err = json.loads(told.read_text())
    return Cohort(source, home / "tables", key, status, out, err)


@pytest.fixture
def in_process(run) -> Callable[..., tuple[int, str, str]]:
    """Run `heelwise cohort` in this process, where nothing is asked of a kill, a second run or the machine.

    Its workers are processes of their own all the same.
    """
    return partial(run, "cohort")
