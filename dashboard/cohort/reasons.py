"""Why an athlete is not in the tables: a code and its sentence, the same for everybody, without a word of an input."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "empty": "The input is empty.",
    "locked": "The archive is locked with a password.",
    "damaged": "The archive is cut off or damaged and cannot be opened.",
    "not_an_export": "Nothing that can be read as a run, an export or a diary is in it.",
    "no_runs": "It was read, and no running session is in it.",
    "two_accounts": "It holds two accounts, or sessions of two people at the same time.",
    "same_account": "Another input is of the same account. Name both in one row of participants.csv.",
    "same_file": "The same file is given for two athletes.",
    "dates_open": "Its dates may have the day or the month first, and it does not say which.",
    "file_missing": "A file named in participants.csv is not in the folder.",
    "file_unreadable": "A file could not be opened: it is gone, or this account of the machine may not read it.",
    "time_limit": "It took longer than the time that one athlete may take.",
    "memory": "It needs more memory than one athlete may take.",
    "worker_ended": "The process that read it was ended each time: by the system, for memory, or by its own fault.",
    "failed": "A failure that was not foreseen; the other athletes are not touched by it.",
}
PASSING = ("time_limit", "memory", "worker_ended", "file_unreadable")
"""Reasons that may be the machine's: asked again by `--resume`."""
