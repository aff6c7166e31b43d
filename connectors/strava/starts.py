"""When an activity began, from two texts of which one lies about its zone and either may hide the hour."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from connectors.errors import UnreadableFile

MOST_OFFSET_S = 50_400
_HIDDEN_CLOCK = "T00:00:01"


def read_start(
    utc_text: str | None, local_text: str | None, zone: str | None, offset_s: int | None
) -> tuple[datetime, date, bool]:
    """Read a start.

    Parameters
    ----------
    utc_text : str or None
        `start_date`: UTC.
    local_text : str or None
        `start_date_local`: local time, with a "Z" that is not meant.
    zone : str or None
        IANA zone of the activity.
    offset_s : int or None
        s east of UTC, where the zone is not known.

    Returns
    -------
    tuple of datetime, date and bool
        Start in UTC, the runner's own date, and whether the time of day is hidden: the start is then the first
        second of that date where the runner was.

    Raises
    ------
    UnreadableFile
        When neither text is a date.

    Source
    ------
    Strava's changelog of 2024-07-03: who hides the start shows 00:00:01.
    """
    utc, local = _moment(utc_text), _moment(local_text)
    is_hidden = _hides(local_text) and (_hides(utc_text) or _fits(utc, local, zone, offset_s))
    if local is not None and (is_hidden or utc is None):
        # The day is all that is known then, and it is the runner's own.
        return _from_local(local, zone, offset_s), local.date(), is_hidden
    if utc is None:
        raise UnreadableFile("Strava gave an activity without a date that can be read; it was left out.")
    there = utc.astimezone(ZoneInfo(zone)) if zone else local or utc
    return utc, there.date(), False


def offset_between(utc_text: str | None, local_text: str | None) -> int | None:
    """Work out the offset where neither zone nor offset are told.

    Parameters
    ----------
    utc_text, local_text : str or None
        As for `read_start`.

    Returns
    -------
    int or None
        s east of UTC; None where it cannot be told.

    Source
    ------
    ours: the two texts differ by the offset; zones are at most 14 hours from UTC.
    """
    utc, local = _moment(utc_text), _moment(local_text)
    if local is not None and (utc is None or _hides(local_text)):
        return 0
    if utc is None or local is None:
        return None
    apart = round((local - utc).total_seconds())
    return apart if abs(apart) <= MOST_OFFSET_S else None


def _hides(text: str | None) -> bool:
    return _HIDDEN_CLOCK in (text or "")


def _fits(utc: datetime | None, local: datetime | None, zone: str | None, offset_s: int | None) -> bool:
    return utc is not None and local is not None and _from_local(local, zone, offset_s) == utc


def _from_local(local: datetime, zone: str | None, offset_s: int | None) -> datetime:
    if zone:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return datetime.fromtimestamp(local.timestamp() - (offset_s or 0), UTC)


def _moment(text: str | None) -> datetime | None:
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(UTC) if aware.year > 1970 else None
