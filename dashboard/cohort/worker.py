"""What a worker does with one athlete, in whichever process and on whichever machine: analyse, write, and say how."""

from __future__ import annotations

import errno
import faulthandler
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from connectors.errors import HeelwiseError, StoreFull
from dashboard.cohort.athlete import (
    AthleteResult,
    AthleteTask,
    analyse_athlete,
    input_digests,
    scratch_parent,
)
from dashboard.cohort.output import AthleteNote, read_note, write_athlete, written_digest
from dashboard.cohort.reasons import PASSING
from dashboard.cohort.tables import refusal_tables
from dashboard.cohort.worker_start import ENVIRONMENT
from dashboard.model.settings import ModelSettings

TIME_LIMIT_S = 3_600.0
GRACE_S = 60.0
"""After a time limit and this long a process that does not react is ended."""
MEMORY_BYTES = 4 << 30
TASKS_A_PROCESS = 50
"""Athletes after which a worker is replaced, so that its memory stays bounded."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class OutputFull(HeelwiseError):
    """There is no room, or no right, to write: no athlete's fault, so the run stops."""


@dataclass(frozen=True)
class AthleteDone:
    """What became of one athlete."""

    athlete: str
    reason: str | None
    was_there: bool = False
    seconds: float = 0.0
    peak_bytes: int = 0


class _TimeLimitReached(BaseException):
    """Raised into the analysis by its alarm; no handler of an error inside may take it for one."""


def process_athlete(task: AthleteTask, folder: Path, time_limit_s: float = TIME_LIMIT_S) -> AthleteDone:
    """Analyse one athlete and write the tables, unless they are there already; every failure is a reason."""
    began = time.monotonic()
    try:
        note = read_note(folder, task.athlete)
        if note is not None and _is_done(task, note, folder):
            return AthleteDone(task.athlete, note.reason, was_there=True)
        scratch_parent()  # where this machine has no room for an analysis, no athlete is refused for it
        with _time_limit(time_limit_s):
            result = _analysed(task)
        write_athlete(folder, task.athlete, result)
    except OSError as error:
        raise stopped_by(error) from None
    return AthleteDone(task.athlete, result.reason, False, time.monotonic() - began, _peak_bytes())


def _is_done(task: AthleteTask, note: AthleteNote, folder: Path) -> bool:
    """Whether the tables of these very inputs lie there as they were written."""
    is_same = note.reason not in PASSING and note.inputs == input_digests(task)
    return is_same and written_digest(folder, task.athlete) == note.sha256


def refuse_athlete(task: AthleteTask, folder: Path, reason: str) -> AthleteDone:
    """Write that an athlete was not analysed."""
    write_athlete(folder, task.athlete, _refused(task, reason))
    return AthleteDone(task.athlete, reason)


def _refused(task: AthleteTask, reason: str) -> AthleteResult:
    inputs = input_digests(task)
    return AthleteResult(
        refusal_tables(task.athlete, reason), reason, inputs, tuple(f"file {digest}" for digest in inputs)
    )


def _analysed(task: AthleteTask) -> AthleteResult:
    try:
        return analyse_athlete(task, ModelSettings())
    except _TimeLimitReached:
        return _refused(task, "time_limit")
    except MemoryError:
        return _refused(task, "memory")
    except StoreFull as error:
        raise stopped_by(error) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except (
        BaseException
    ) as error:  # also a panic of Polars, which is no Exception; one athlete never ends the run
        if isinstance(error, OSError) and error.errno in _FULL:
            raise stopped_by(error) from None
        return _refused(task, "failed")


def stopped_by(error: Exception) -> OutputFull:
    """Return why a run stops: what could not be read or written, without the name of a file."""
    what = errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)
    return OutputFull(
        f"A file or folder could not be read or written (`{what}`), so the run was stopped. What is done stays; make "
        "room, or set the rights of SRC, DEST, the key and the folder for temporary files, and run the command again "
        "with --resume."
    )


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise into the analysis after a time; end the process where it does not react to that."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TimeLimitReached

    before = signal.signal(signal.SIGALRM, stop)
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        faulthandler.dump_traceback_later(seconds + GRACE_S, exit=True, file=nowhere)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
            signal.signal(signal.SIGALRM, before)


def begin_worker() -> None:
    """Prepare a process for athletes: bounded memory, no store but its own, and nothing printed from an input."""
    for name in [one for one in os.environ if one.startswith("HEELWISE_")]:
        del os.environ[name]  # such as a clinic's database
    os.environ.update(ENVIRONMENT)
    if hasattr(time, "tzset"):
        time.tzset()
    _bound_memory()
    # A library's panic or warning may quote the file it reads.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


def _bound_memory() -> None:
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415  (of Unix alone)

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415  (of Unix alone)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
