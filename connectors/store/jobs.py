"""Long work and how far it is, for a page to show while another process does it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Row, delete, select, update

from connectors.store.database import StorePart, insert_counted
from connectors.store.deletion_mark import refuse_marked
from connectors.store.tables import JOB_TABLE

IMPORT_JOB = "import"
FILL_JOB = "recordings"
"""Kind of the job that stands in the store from the last total written to the last recording read."""
QUIET_S = 120.0
_MOST_JOBS = 20


@dataclass(frozen=True)
class Job:
    """One piece of long work."""

    job_id: int
    athlete_id: int
    kind: str
    started_s: float
    seen_s: float
    finished_s: float | None
    done: int
    total: int | None
    message: str | None
    result: str | None
    error: str | None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended and was heard of in the last two minutes."""
        return self.finished_s is None and time.time() - self.seen_s < QUIET_S


def import_kind(person_id: int | None = None) -> str:
    """Return the kind of an import; one by somebody else than the runner is told to them by a kind of its own."""
    return IMPORT_JOB if person_id is None else f"{IMPORT_JOB} {person_id}"


class Jobs(StorePart):
    """The jobs of a store."""

    @property
    def home(self) -> Path:
        """The folder by which a process knows the work that it has begun itself."""
        return self._database.home

    def of_number(self, job_id: int) -> Job | None:
        """Read one job."""
        with self._database.reading() as connection:
            row = connection.execute(select(JOB_TABLE).where(JOB_TABLE.c.job_id == job_id)).first()
        return None if row is None else _job(row)

    def start(self, athlete_id: int, kind: str) -> int:
        """Begin a job.

        Of each kind the last 20 are kept.
        """
        now = _now()
        of_runner = (JOB_TABLE.c.athlete_id == athlete_id) & (JOB_TABLE.c.kind == kind)
        latest_ids = (
            select(JOB_TABLE.c.job_id)
            .where(of_runner)
            .order_by(JOB_TABLE.c.job_id.desc())
            .limit(_MOST_JOBS - 1)
        )
        with self._database.writing() as connection:
            refuse_marked(connection, athlete_id)
            connection.execute(delete(JOB_TABLE).where(of_runner, JOB_TABLE.c.job_id.not_in(latest_ids)))
            row = {"athlete_id": athlete_id, "kind": kind, "started_utc": now, "seen_utc": now, "done": 0}
            return insert_counted(connection, JOB_TABLE, row)

    def step(self, job_id: int, done: int, total: int | None, message: str | None = None) -> None:
        """Record how far a job is.

        One small write; call it a few times a second at most.
        """
        self._change(job_id, {"done": done, "total": total, "message": message})

    def finish(self, job_id: int, result: str | None = None, error: str | None = None) -> None:
        """End a job.

        A page that opens later can still show how it went.
        """
        self._change(job_id, {"result": result, "error": error, "finished_utc": _now()})

    def latest(self, athlete_id: int, kind: str) -> Job | None:
        """Read the last job of a kind.

        A page asks for nothing else.
        """
        of_runner = (JOB_TABLE.c.athlete_id == athlete_id) & (JOB_TABLE.c.kind == kind)

        def read(connection: Connection) -> Job | None:
            row = connection.execute(
                select(JOB_TABLE).where(of_runner).order_by(JOB_TABLE.c.job_id.desc()).limit(1)
            ).first()
            return None if row is None else _job(row)

        return self._database.remembered(("latest job", athlete_id, kind), read)

    def _change(self, job_id: int, values: dict[str, object]) -> None:
        with self._database.writing() as connection:
            whose = connection.scalar(select(JOB_TABLE.c.athlete_id).where(JOB_TABLE.c.job_id == job_id))
            refuse_marked(connection, whose or 0)
            connection.execute(
                update(JOB_TABLE).where(JOB_TABLE.c.job_id == job_id).values(seen_utc=_now(), **values)
            )


def _now() -> int:
    return time.time_ns() // 1_000


def _job(row: Row) -> Job:
    return Job(
        job_id=row.job_id,
        athlete_id=row.athlete_id,
        kind=row.kind,
        started_s=row.started_utc / 1e6,
        seen_s=row.seen_utc / 1e6,
        finished_s=None if row.finished_utc is None else row.finished_utc / 1e6,
        done=row.done,
        total=row.total,
        message=row.message,
        result=row.result,
        error=row.error,
    )
