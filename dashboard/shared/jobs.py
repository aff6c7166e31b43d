"""Starts a long import as a process of its own, and follows it through the store."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from connectors.store.address import jobs_environment
from connectors.store.own_files import UPLOAD, own_file
from connectors.store.process_token import is_live, process_token
from connectors.store.read_memory import unsettle
from connectors.store.sweep import waits_for_import
from dashboard.shared import upload_takeover

ROOT = Path(__file__).resolve().parents[2]
REFUSED = 1
"""Exit status of an import that brought nothing in; one that is held may be answered, and then needs its files."""
OLD_S = 86_400
"""Age of an upload folder that nobody comes back to, s."""
_under_way: dict[tuple[Path, int], RunningJob] = {}


@dataclass
class RunningJob:
    """One import under way."""

    process: subprocess.Popen[bytes]
    scratch: Path | None = None
    ended: bool = field(default=False)
    paths: Sequence[Path] = ()
    ended_s: float | None = None
    """When its end was seen, in s since 1970-01-01 UTC."""
    person_id: int | None = None
    """Who began it, where persons sign in."""

    def is_over(self) -> bool:
        """Return whether the process has ended; the first time, delete the uploaded files unless it may be held."""
        if self.process.poll() is None:
            return False
        if not self.ended:
            self.ended = True
            self.ended_s = time.time()
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
    person_id: int | None = None,
) -> RunningJob:
    """Start `heelwise import` beside the dashboard.

    Decoding must outlive a page's rerun; the import deletes the uploaded files when it ends, whatever the tab does.
    """
    before = _under_way.get((home, athlete_id))
    if before is not None and before.scratch != scratch and before.process.poll() is not None:
        before.delete_uploads()
    scratch, paths = _owned_by(home, athlete_id, scratch, paths)
    if scratch is not None and upload_takeover.is_of_several():
        upload_takeover.write_note(scratch, athlete, athlete_id, paths, answers, person_id)
    own = ["--uploads", str(scratch)] if scratch is not None else []
    own += ["--person", str(person_id)] if person_id is not None else []
    given = [
        "--home",
        str(home),
        "--athlete",
        athlete,
        "--runner",
        str(athlete_id),
        *own,
        *answers,
        "--",
        *(str(one) for one in paths),
    ]
    process = start_process(["import", "--json", *given])
    running = RunningJob(process, scratch, paths=tuple(paths), person_id=person_id)
    _under_way[home, athlete_id] = running
    threading.Thread(target=_clean_up_after, args=(running,), name="heelwise-import", daemon=True).start()
    return running


def _clean_up_after(running: RunningJob) -> None:
    """Delete the uploads of a process that was killed, with nobody on the page to notice."""
    running.process.wait()
    running.is_over()


def _owned_by(
    home: Path, athlete_id: int, scratch: Path | None, paths: Sequence[Path]
) -> tuple[Path | None, Sequence[Path]]:
    """Rename a folder of uploads to the runner it is of: a first import makes the runner after the upload."""
    folder = own_file(home, scratch) if scratch is not None and scratch.parent == home else None
    if scratch is None or folder is None or folder.name is not UPLOAD or folder.athlete_id == athlete_id:
        return scratch, paths
    parts = scratch.name.split("-")
    target = scratch.with_name("-".join([parts[0], str(athlete_id), *parts[2:]]))
    scratch.rename(target)
    moved = {one: target / one.relative_to(scratch) for one in paths if one.is_relative_to(scratch)}
    return target, [moved.get(one, one) for one in paths]


def waits_for_answer(home: Path, athlete_id: int, person_id: int | None = None) -> bool:
    """Whether the files of an import that was held are still there, for who began it to go on with."""
    running = _begun_by(home, athlete_id, person_id)
    return running is not None and running.is_over() and all(path.exists() for path in running.paths)


def _begun_by(home: Path, athlete_id: int, person_id: int | None) -> RunningJob | None:
    running = _under_way.get((home, athlete_id))
    return running if running is not None and running.person_id == person_id else None


def resume_import(
    home: Path, athlete: str, athlete_id: int, answers: Sequence[str], person_id: int | None = None
) -> None:
    """Start an import that was held again, with the answers it waited for; one of somebody else is left alone."""
    held = _begun_by(home, athlete_id, person_id)
    if held is not None:
        begin_job(home, athlete, athlete_id, held.paths, held.scratch, answers, person_id)


def delete_uploads(home: Path, athlete_id: int, person_id: int | None = None) -> None:
    """Delete the uploaded files of an import that has ended and is not to be resumed."""
    running = _begun_by(home, athlete_id, person_id)
    if running is not None and running.is_over():
        running.delete_uploads()


def stop_job(home: Path, athlete_id: int, person_id: int | None = None) -> bool:
    """End the import that this dashboard runs for a runner, with its uploads; return whether there was one."""
    running = _begun_by(home, athlete_id, person_id)
    if running is None or running.is_over():
        return False
    _kill(running.process)
    running.process.wait()
    unsettle()
    running.is_over()
    return True


def process_of(home: Path, athlete_id: int) -> subprocess.Popen[bytes] | None:
    """Return the process of the last import that this dashboard started for a runner."""
    running = _under_way.get((home, athlete_id))
    return None if running is None else running.process


def wait_or_kill(processes: Sequence[subprocess.Popen[bytes]], wait_s: float) -> None:
    """Wait for processes that were started here, and end those that have not ended after s."""
    until = time.monotonic() + wait_s
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that decode for it, which are of its own group."""
    if os.name != "posix":
        process.kill()
        return
    with suppress(ProcessLookupError):  # it ended just now
        os.killpg(process.pid, signal.SIGKILL)


def start_process(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start `heelwise` as a process of its own, which says nothing here and outlives this one.

    Found by its module, as the command may not be on the path; in a group of its own, to be ended with its workers.
    """
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        env={**os.environ, **jobs_environment(), "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def running_job(home: Path, athlete_id: int) -> bool:
    """Return whether an import that this dashboard started is still going.

    The store's row tells how far it is; only the process itself tells that it was killed.
    """
    running = _under_way.get((home, athlete_id))
    return running is not None and not running.is_over()


def ended_since(home: Path, athlete_id: int, seen_s: float) -> bool:
    """Return whether the last import that this dashboard started ended after a time (s UTC) it was heard of."""
    running = _under_way.get((home, athlete_id))
    return running is not None and running.is_over() and (running.ended_s or 0.0) >= seen_s


def make_scratch(home: Path, athlete_id: int | None = None) -> Path:
    """Make a new folder that only the owner can read, for copies that are deleted when they were read.

    Its name tells whose they are (0: nobody's yet) and which process answers for it, so that a sweep finds it.
    """
    return Path(tempfile.mkdtemp(prefix=f"upload-{athlete_id or 0}-{process_token(home)}-", dir=home))


@contextmanager
def scratch_folder(home: Path, athlete_id: int | None = None) -> Iterator[Path]:
    """Make a folder as `make_scratch` does, and delete it at the end of the block."""
    folder = make_scratch(home, athlete_id)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def save_uploads(uploads: Sequence[tuple[str, BinaryIO]], home: Path, athlete_id: int | None = None) -> Path:
    """Write uploaded files into a new folder that only the owner can read.

    An upload may hold a year of somebody's life, and its name may hold a path.
    """
    remove_old_jobs(home)
    folder = make_scratch(home, athlete_id)
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


def remove_old_jobs(home: Path) -> None:
    """Delete upload folders that nobody came back to, or whose process has ended.

    A copy of somebody's training must not lie about after it was read.
    """
    for folder in home.glob("upload-*"):
        own = own_file(home, folder)
        if own is None:
            continue
        is_old = time.time() - folder.stat().st_mtime > OLD_S
        has_ended = own.writer is not None and not is_live(home, own.writer) and not waits_for_import(own)
        if is_old or has_ended:
            shutil.rmtree(folder, ignore_errors=True)
