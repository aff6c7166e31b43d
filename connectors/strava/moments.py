"""A near moment, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime


def in_local_words(moment: datetime, now: datetime | None = None) -> str:
    """Write a near moment by this machine's clock.

    Parameters
    ----------
    moment : datetime
        Aware.
    now : datetime or None
        Aware; None is now.

    Returns
    -------
    str
        "14:30", with the day where it is not today: "02:00 on Tuesday 24 November".

    Source
    ------
    ours: nobody counts in UTC.
    """
    local, today = moment.astimezone(), (now or datetime.now(UTC)).astimezone().date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B}"
