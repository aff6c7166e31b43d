"""Long work and how far it is, for a page to show while another process does it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Row, delete, func, insert, select, update

from connectors.store.database import Part
from connectors.store.tables import JOB

QUIET_S = 120.0
_KEPT = 20


@dataclass(frozen=True)
class Job:
    """One piece of long work.

    Parameters
    ----------
    job_id
        From 1.
    athlete_id
        For whom.
    kind
        Such as "import".
    started_s, seen_s, finished_s
        Seconds since 1970-01-01 UTC: when it began, last said something, ended. `finished_s` is None before.
    done, total
        How far it is; `total` is None while not known.
    message
        One word or sentence on the step.
    result
        JSON text once it ended well.
    error
        A plain sentence once it ended badly.
    """

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


class Jobs(Part):
    """The jobs of a store."""

    def start(self, athlete_id: int, kind: str) -> int:
        """Begin a job.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        kind : str
            Such as "import".

        Returns
        -------
        int
            The job's number, to give to `step` and `finish`.

        Raises
        ------
        RunnerUnknown
            When there is no such runner.

        Source
        ------
        ours: of each kind the last 20 are kept.
        """
        now = _now()
        mine = (JOB.c.athlete_id == athlete_id) & (JOB.c.kind == kind)
        kept = select(JOB.c.job_id).where(mine).order_by(JOB.c.job_id.desc()).limit(_KEPT - 1)
        with self._database.writing() as connection:
            connection.execute(delete(JOB).where(mine, JOB.c.job_id.not_in(kept)))
            row = {"athlete_id": athlete_id, "kind": kind, "started_utc": now, "seen_utc": now, "done": 0}
            connection.execute(insert(JOB).values(row))
            # Under the write lock nobody else can have started a later one.
            return int(connection.scalar(select(func.max(JOB.c.job_id))) or 0)

    def step(self, job_id: int, done: int, total: int | None, message: str | None = None) -> None:
        """Say how far a job is.

        Parameters
        ----------
        job_id : int
            From `start`.
        done : int
            Parts done.
        total : int or None
            Parts in all; None while not known.
        message : str or None
            One word or sentence on the step.

        Source
        ------
        ours: one small write; call it a few times a second at most.
        """
        self._change(job_id, {"done": done, "total": total, "message": message})

    def finish(self, job_id: int, result: str | None = None, error: str | None = None) -> None:
        """End a job.

        Parameters
        ----------
        job_id : int
            From `start`.
        result : str or None
            JSON text, when it ended well.
        error : str or None
            A plain sentence, when it did not.

        Source
        ------
        ours: a page that opens later can still show how it went.
        """
        self._change(job_id, {"result": result, "error": error, "finished_utc": _now()})

    def latest(self, athlete_id: int, kind: str) -> Job | None:
        """Read the last job of a kind.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        kind : str
            Such as "import".

        Returns
        -------
        Job or None
            None when there never was one.

        Source
        ------
        ours: a page asks for nothing else.
        """
        mine = (JOB.c.athlete_id == athlete_id) & (JOB.c.kind == kind)
        with self._database.reading() as connection:
            row = connection.execute(select(JOB).where(mine).order_by(JOB.c.job_id.desc()).limit(1)).first()
        if row is None:
            return None
        return _job(row)

    def _change(self, job_id: int, values: dict[str, object]) -> None:
        with self._database.writing() as connection:
            connection.execute(update(JOB).where(JOB.c.job_id == job_id).values(seen_utc=_now(), **values))


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
