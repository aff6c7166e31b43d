"""Values as JSON of a service gives them, read one by one: a value that is odd is unknown and costs only itself."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from connectors.frames import ACTIVITY
from connectors.plain_text import storable
from connectors.source import stable_id

_LONGEST_TEXT = 500
_LONGEST_DESCRIPTION = 20_000
_FIRST_YEAR = 1970
MOST_OFFSET_S = 50_400


def api_number(value: Any) -> float | None:
    """Read a number as JSON gives it.

    The API gives one field as whole number, fraction, text or null.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def api_text(value: Any) -> str | None:
    """Read a text on one line; None for an empty one, and for what is none."""
    return " ".join(storable(value).split())[:_LONGEST_TEXT] or None if isinstance(value, str) else None


def api_description(value: Any) -> str | None:
    """Read a text of several lines, each as it stands, since a line may end a sentence."""
    return storable(value).strip()[:_LONGEST_DESCRIPTION] or None if isinstance(value, str) else None


def api_time(value: Any) -> datetime | None:
    """Read a time; one without a zone is UTC, one of 1970 or before is a clock that was not set."""
    try:
        read = datetime.fromisoformat(api_text(value) or "")
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC) if aware.year > _FIRST_YEAR else None


def clock_offset_s(start: datetime, local: datetime | None) -> int | None:
    """Return how far the clock where it began was from UTC, in s; None where no zone is that far."""
    apart = None if local is None else round((local - start).total_seconds())
    return apart if apart is not None and abs(apart) <= MOST_OFFSET_S else None


def blank_activity(athlete_id: int, source: str, source_id: str, fetched_utc: datetime) -> dict[str, Any]:
    """Return a row of ACTIVITY that says whose it is and where it came from; all else is unknown yet."""
    return dict.fromkeys(ACTIVITY.columns) | {
        "activity_id": stable_id(athlete_id, source, source_id),
        "athlete_id": athlete_id,
        "source": source,
        "source_id": source_id,
        "fetched_utc": fetched_utc,
    }


def bounded(name: str, value: float | None) -> float | None:
    """Return a number of a column of ACTIVITY; None where the contract does not allow it."""
    column = ACTIVITY.columns[name]
    low, high = (-math.inf if column.low is None else column.low), column.high
    return value if value is not None and low <= value <= (math.inf if high is None else high) else None
