"""Times as the database has them: whole microseconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stored_time(value: datetime) -> int:
    """Return a time as microseconds since 1970-01-01 UTC."""
    return (value - _EPOCH) // timedelta(microseconds=1)


def read_time(stored: int) -> datetime:
    """Return the time of so many microseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=stored)


def read_time_if_any(stored: int | None) -> datetime | None:
    """Return the time of so many microseconds since 1970-01-01 UTC; None for one that has not come."""
    return None if stored is None else read_time(stored)
