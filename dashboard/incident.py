"""What is kept of a failure nobody foresaw: where it happened, and nothing about the runner."""

from __future__ import annotations

import logging
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

LOG_NAME = "problems.log"
MOST_BYTES = 200_000


def record(home: Path, error: BaseException) -> Path | None:
    """Add a failure to the local log.

    Parameters
    ----------
    home : Path
        Folder of the runner's data.
    error : BaseException
        The failure. Its text is left out: it may quote a note, a name or a place.

    Returns
    -------
    Path or None
        The log; None where it could not be written. Owner-readable only, and started anew at 200 kB.

    Source
    ------
    ours: kind of error, file, line and function are enough to find a fault.
    """
    path = home / LOG_NAME
    try:
        fresh = path.exists() and path.stat().st_size > MOST_BYTES
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND)
        with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8") as log:
            log.write(described(error))
    except OSError:
        return None
    return path


def described(error: BaseException) -> str:
    """Put a failure into lines without its text.

    Parameters
    ----------
    error : BaseException
        The failure.

    Returns
    -------
    str
        UTC time and kind of error, then a line for each frame: last two parts of the path, line, function.

    Source
    ------
    ours: a whole path would hold the name of a person's home folder.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"  {'/'.join(Path(f.filename).parts[-2:])}:{f.lineno} {f.name}" for f in frames]
    return "\n".join([f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {type(error).__name__}", *where, ""])


def keep_tracebacks_off(logger: str) -> None:
    """Let a logger say that something failed, without the traceback and its quoted values.

    Parameters
    ----------
    logger : str
        Name of the logger.

    Source
    ------
    ours: the terminal belongs to the reader; the details are in the local log.
    """

    def without_traceback(entry: logging.LogRecord) -> bool:
        if entry.exc_info:
            entry.exc_info = entry.exc_text = None
            entry.msg = "A page failed; the details are in problems.log in the Heelwise data folder."
            entry.args = ()
        return True

    logging.getLogger(logger).addFilter(without_traceback)
