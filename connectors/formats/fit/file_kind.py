"""What kind of FIT file this is, from its first bytes: a takeout holds a hundred of them for each recording."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.formats.fit.fit_time import FIRST_REAL_TIME, FIT_EPOCH_S

ACTIVITY = 4
KINDS = {
    1: "device data",
    2: "settings",
    3: "settings",
    5: "planned workouts",
    6: "courses",
    7: "schedules",
    9: "body weight",
    10: "totals",
    11: "goals",
    14: "blood pressure",
    15: "all-day monitoring",
    28: "all-day monitoring",
    32: "all-day monitoring",
    34: "segments",
    35: "segments",
    40: "device data",
    44: "training metrics",
    49: "sleep",
    68: "heart rate variability",
}
"""File type of the FIT profile (44, 49 and 68: as Garmin's watches write them) to words, of those that hold no session.

References
----------
Garmin FIT SDK, type `file` and message `file_id`.
"""

HEAD_BYTES = 512
_DEFINITION = 0x40
_FILE_ID = 0
_TYPE, _TIME_CREATED = 0, 4


def file_type(head: bytes) -> int | None:
    """Read the type of a FIT file from its `file_id` message, which stands first.

    Parameters
    ----------
    head : bytes
        The first bytes of the file; `HEAD_BYTES` are enough.

    Returns
    -------
    int or None
        0 to 255 as in the FIT profile; None where the head does not say.
    """
    return next((value for number, value in _file_id(head, 1) if number == _TYPE and value != 0xFF), None)


def created_utc(head: bytes) -> datetime | None:
    """Read when a FIT file was begun from its `file_id` message: of a recording, within seconds of its start.

    Parameters
    ----------
    head : bytes
        The first bytes of the file; `HEAD_BYTES` are enough.

    Returns
    -------
    datetime or None
        Aware, UTC; None where the head does not say.
    """
    made = (value for number, value in _file_id(head, 4) if number == _TIME_CREATED)
    seconds = next((value for value in made if FIRST_REAL_TIME <= value < 0xFFFFFFFF), None)
    return None if seconds is None else datetime.fromtimestamp(FIT_EPOCH_S + seconds, UTC)


def _file_id(head: bytes, width: int) -> Iterator[tuple[int, int]]:
    """Number and value of each field of `width` bytes in the `file_id` message, as far as the head reaches."""
    if len(head) < 20 or head[8:12] != b".FIT" or head[0] < 12:
        return
    at = head[0]
    if len(head) < at + 6 or not head[at] & _DEFINITION or head[at] & 0x80:
        return
    order = "big" if head[at + 2] else "little"
    if int.from_bytes(head[at + 3 : at + 5], order) != _FILE_ID:
        return
    fields_end = at + 6 + 3 * head[at + 5]
    body = fields_end + (1 + 3 * head[fields_end] if head[at] & 0x20 and fields_end < len(head) else 0)
    offset = body + 1  # after the header byte of the message itself
    for field in range(at + 6, min(fields_end, len(head) - 2), 3):
        size = head[field + 1]
        if size == width and offset + size <= len(head):
            yield head[field], int.from_bytes(head[offset : offset + size], order)
        offset += size


def kind_words(head: bytes) -> str | None:
    """Name what a FIT file without a session holds.

    Parameters
    ----------
    head : bytes
        The first bytes of the file, its `file_id` message among them.

    Returns
    -------
    str or None
        Words for a reader; None where it may be a recording.
    """
    return KINDS.get(file_type(head) or 0)
