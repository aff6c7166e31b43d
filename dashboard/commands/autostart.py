"""What starts with the machine: a job, the files that describe it to a system, and the commands that switch it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

from connectors.errors import HeelwiseError
from connectors.store.token_vault import write_private

WRITTEN_BY = "Written by: heelwise service install"
"""Stands in every file, so that nothing else is replaced or removed."""
LONGEST_WAIT_S = 60
NOT_OURS = "{path} is there and was not written by Heelwise. Nothing was changed. Move it away and try again."
ABSENT = "{tool} is not on this machine, so nothing can be started with it. Nothing was installed."
REFUSED = "{tool} refused: {why} Nothing was installed."


@dataclass(frozen=True)
class AutostartJob:
    """A program to keep running from sign-in on, or to run once a day at a time."""

    name: str
    title: str
    program: tuple[str, ...]
    at: time | None = None


@dataclass(frozen=True)
class Step:
    """One command; whether it may fail, as one that ends what does not run."""

    command: tuple[str, ...]
    may_fail: bool = False


class System(Protocol):
    """What starts programs on one kind of machine."""

    title: str

    def files(self, job: AutostartJob) -> dict[Path, bytes]:
        """Return the files that describe a job, by path."""
        ...

    def on(self, job: AutostartJob) -> Sequence[Step]:
        """Return what switches a job on, once its files are there."""
        ...

    def off(self, job: AutostartJob) -> Sequence[Step]:
        """Return what switches a job off, before its files go."""
        ...

    def after(self) -> Sequence[Step]:
        """Return what is run once files went."""
        ...


def install(system: System, job: AutostartJob) -> None:
    """Write a job's files and switch it on; where that is refused, everything is as it was."""
    files = system.files(job)
    before = {path: _own_content(path) for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, content)
        run(system.on(job))
    except (HeelwiseError, OSError):
        _put_back(system, job, before)
        raise


def remove(system: System, job: AutostartJob) -> bool:
    """Switch a job off and remove its files; False where it is not installed."""
    there = [path for path in system.files(job) if _own_content(path) is not None]
    if not there:
        return False
    run([Step(one.command, may_fail=True) for one in system.off(job)])
    for path in there:
        path.unlink(missing_ok=True)
    run([Step(one.command, may_fail=True) for one in system.after()])
    return True


def run(steps: Sequence[Step]) -> None:
    """Run commands of the system; one that fails and may not ends it with a sentence."""
    for step in steps:
        try:
            done = subprocess.run(
                step.command, capture_output=True, text=True, timeout=LONGEST_WAIT_S, check=False
            )
        except FileNotFoundError as error:
            if not step.may_fail:
                raise HeelwiseError(ABSENT.format(tool=step.command[0])) from error
        except subprocess.TimeoutExpired as error:
            if not step.may_fail:
                raise HeelwiseError(
                    REFUSED.format(tool=step.command[0], why="it did not answer in a minute.")
                ) from error
        else:
            if done.returncode and not step.may_fail:
                raise HeelwiseError(REFUSED.format(tool=step.command[0], why=_reason(done)))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    sentence = lines[0][:200] if lines else f"it ended with status {done.returncode}"
    return f"{sentence.rstrip('.')}."


def _own_content(path: Path) -> bytes | None:
    """Return what an earlier install wrote; None where there is nothing, and a refusal where another wrote it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if WRITTEN_BY.encode() not in content and WRITTEN_BY.encode("utf-16-le") not in content:
        raise HeelwiseError(NOT_OURS.format(path=path))
    return content


def _put_back(system: System, job: AutostartJob, before: Mapping[Path, bytes | None]) -> None:
    run([Step(one.command, may_fail=True) for one in system.off(job)])
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, content)
    run([Step(one.command, may_fail=True) for one in system.after()])
    if any(content is not None for content in before.values()):
        run([Step(one.command, may_fail=True) for one in system.on(job)])
