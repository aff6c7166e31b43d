"""The lock of a runner's recordings: held together by those who write them, alone by a deletion or a sweep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from connectors.errors import RunnerForgotten
from connectors.store.database import Database
from connectors.store.deletion_mark import STOPPED, marked_ids
from connectors.store.file_lock import exclusive_lock, shared_lock
from connectors.store.tables import RUNNER_TABLE

_BUSY = "An import or a sync is under way."
_CLOSED = "This runner's recordings are being deleted or swept. Nothing was changed. Try again."


def work_lock(home: Path, athlete_id: int) -> Path:
    """Return the file that is locked, whether or not it is there."""
    return home / f"work-{int(athlete_id)}.lock"


def import_lock(home: Path, athlete_id: int) -> Path:
    """Return the file that is locked while a runner's import comes in or is taken back, whether or not it is there."""
    return home / f"imports-{int(athlete_id)}.lock"


@contextmanager
def working(database: Database, athlete_id: int) -> Iterator[None]:
    """Hold the lock together with others; raises `RunnerForgotten` where the runner is being deleted."""
    refuse_gone(database, athlete_id)
    with shared_lock(work_lock(database.home, athlete_id), _CLOSED):
        refuse_gone(database, athlete_id)
        yield


@contextmanager
def quiet_runner(home: Path, athlete_id: int, wait_s: float) -> Iterator[None]:
    """Hold the lock alone, or raise `LockTaken` after s of waiting."""
    with exclusive_lock(work_lock(home, athlete_id), _BUSY, wait_s):
        yield


def refuse_gone(database: Database, athlete_id: int) -> None:
    """Raise `RunnerForgotten` where a runner is being deleted or is not there."""
    query = select(RUNNER_TABLE.c.athlete_id).where(
        RUNNER_TABLE.c.athlete_id == athlete_id, RUNNER_TABLE.c.athlete_id.not_in(marked_ids())
    )
    with database.reading() as connection:
        if connection.scalar(query) is None:
            raise RunnerForgotten(STOPPED)
