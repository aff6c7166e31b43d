"""Starts a long import as a process of its own, and follows it through the store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

IMPORT_JOB = "import"


ROOT = Path(__file__).resolve().parents[2]
REFUSED = 1
"""Exit status of an import that brought nothing in; one that is held may be answered, and then needs its files."""
_under_way: dict[tuple[Path, int], RunningJob] = {}


@dataclass
class RunningJob:
    """One import under way."""

    process: subprocess.Popen[bytes]
    scratch: Path | None = None
    ended: bool = field(default=False)
    paths: Sequence[Path] = ()

    def is_over(self) -> bool:
        """Return whether the process has ended; the first time, delete the uploaded files unless it may be held."""
        if self.process.poll() is None:
            return False
        if not self.ended:
            self.ended = True
            if self.process.returncode != REFUSED:
                self.delete_uploads()
        return True

    def delete_uploads(self) -> None:
        """Delete the uploaded files."""
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)


def begin_job(
    home: Path,
    athlete: str,
    athlete_id: int,
    paths: Sequence[Path],
    scratch: Path | None = None,
    answers: Sequence[str] = (),
) -> RunningJob:
    """Start `heelwise import` beside the dashboard.

    Decoding takes all cores for a while and must outlive a page's rerun.
    """
    given = ["--home", str(home), "--athlete", athlete, *answers, "--", *(str(one) for one in paths)]
    before = _under_way.get((home, athlete_id))
    if before is not None and before.scratch != scratch and before.process.poll() is not None:
        before.delete_uploads()
    process = start_process(["import", "--json", *given])
    _under_way[home, athlete_id] = RunningJob(process, scratch, paths=tuple(paths))
    return _under_way[home, athlete_id]


def waits_for_answer(home: Path, athlete_id: int) -> bool:
    """Whether the files of an import that was held are still there to go on with."""
    running = _under_way.get((home, athlete_id))
    return running is not None and running.is_over() and all(path.exists() for path in running.paths)


def resume_import(home: Path, athlete: str, athlete_id: int, answers: Sequence[str]) -> None:
    """Start an import that was held again, with the answers it waited for."""
    held = _under_way[home, athlete_id]
    begin_job(home, athlete, athlete_id, held.paths, held.scratch, answers)


def delete_uploads(home: Path, athlete_id: int) -> None:
    """Delete the uploaded files of an import that has ended and is not to be resumed."""
    running = _under_way.get((home, athlete_id))
    if running is not None and running.is_over():
        running.delete_uploads()


def start_process(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start `heelwise` as a process of its own, which says nothing here and outlives this one.

    Found by its module, since the command itself may not be on the path.
    """
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def running_job(home: Path, athlete_id: int) -> bool:
    """Return whether an import that this dashboard started is still going.

    The store's row tells how far it is; only the process itself tells that it was killed.
    """
    running = _under_way.get((home, athlete_id))
    return running is not None and not running.is_over()


def save_uploads(uploads: Sequence[tuple[str, BinaryIO]], home: Path) -> Path:
    """Write uploaded files into a new folder that only the owner can read.

    An upload may hold a year of somebody's life, and its name may hold a path.
    """
    remove_old_jobs(home)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=home))
    try:
        for number, (name, content) in enumerate(uploads):
            plain = Path(name.replace("\\", "/")).name or "upload"
            target = folder / plain
            if target.exists():
                target = folder / f"{number}-{plain}"
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def remove_old_jobs(home: Path, older_than_s: float = 86_400) -> None:
    """Delete upload folders that an interrupted import left behind.

    A copy of somebody's training must not lie about after it was read.
    """
    for folder in home.glob("upload-*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > older_than_s:
            shutil.rmtree(folder, ignore_errors=True)
