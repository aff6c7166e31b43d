"""When a recording begins, as far as its first bytes say: the newest are read first, and a summary is known by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath

from connectors.formats.fit.file_kind import created_utc
from connectors.formats.timestamps import read_time
from connectors.recordings.true_time import dates_in

_POINT = re.compile(rb"<(?:\w+:)?(?:trkpt|trackpoint)\b", re.IGNORECASE)
_TIME = re.compile(
    rb"(?<![\d-])(?:19|20)\d\d-[01]\d-[0-3]\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


def begin_utc(head: bytes, name: str) -> datetime | None:
    """Return when a recording begins by its first bytes, else by the date in its name; only ever an order, no fact."""
    made = created_utc(head)
    if made is not None:
        return made
    point = _POINT.search(head)  # the time above the points may be that of the export
    match = _TIME.search(head, point.start() if point else 0) or _TIME.search(head)
    moment = read_time(match[0].decode()) if match else None
    if moment is not None:
        return datetime.fromtimestamp(moment.epoch_s, UTC)
    stated = dates_in(PurePosixPath(name).name)
    return datetime.fromtimestamp(stated[0], UTC) if stated else None
