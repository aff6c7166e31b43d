"""A cohort of 22 inputs, half of them broken, and what one run on two processes makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
def cohort(tmp_path_factory) -> Cohort:
    """The cohort, run once for all tests."""
    home = tmp_path_factory.mktemp("cohort")
    source = write_source(home / "exports")
    key = home / "secret" / "study.key"
    status, out, err = cohort_exports.run(
        "run", source, "--out", home / "tables", "--key-file", key, "--workers", 2
    )
    return Cohort(source, home / "tables", key, status, out, err)


@pytest.fixture
def in_process(run) -> Callable[..., tuple[int, str, str]]:
    """Run `heelwise cohort` in this process, where nothing is asked of a kill, a second run or the machine.

    Its workers are processes of their own all the same.
    """
    return partial(run, "cohort")
