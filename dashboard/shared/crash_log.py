"""What is kept of a failure nobody foresaw: where it happened, and nothing about the runner."""

from __future__ import annotations

import logging
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

LOG_NAME = "problems.log"
MOST_BYTES = 200_000


def record_crash(home: Path, error: BaseException) -> Path | None:
    """Add a failure to the local log.

    Kind of error, file, line and function are enough to find a fault.
    """
    path = home / LOG_NAME
    try:
        fresh = path.exists() and path.stat().st_size > MOST_BYTES
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND)
        with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8") as log:
            log.write(describe_crash(error))
    except OSError:
        return None
    return path


def describe_crash(error: BaseException) -> str:
    """Format a failure as lines without its message.

    A whole path would hold the name of a person's home folder.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"  {'/'.join(Path(f.filename).parts[-2:])}:{f.lineno} {f.name}" for f in frames]
    return "\n".join([f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {type(error).__name__}", *where, ""])


def keep_tracebacks_off(logger: str) -> None:
    """Let a logger say that something failed, without the traceback and its quoted values.

    The terminal belongs to the reader; the details are in the local log.
    """

    def without_traceback(entry: logging.LogRecord) -> bool:
        if entry.exc_info:
            entry.exc_info = entry.exc_text = None
            entry.msg = "A page failed; the details are in problems.log in the Heelwise data folder."
            entry.args = ()
        return True

    logging.getLogger(logger).addFilter(without_traceback)
