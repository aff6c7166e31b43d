"""The moment a session happened at, where its file counts weeks wrongly or states no zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from tzfpy import get_tz

from connectors.local_date import zone_name
from connectors.source import Session

ROLLOVER_S = 1024 * 7 * 86_400.0
"""A GPS receiver counts weeks in ten bits: one whose software is old starts anew after 1024 of them."""
MOST_ROLLOVERS = 2
AGREES_S = 129_600.0
"""Between a time the file states of itself and its moved points: a day and a half, for a date has no time of day."""
BESIDE_S = 900.0
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def dates_in(name: str) -> tuple[float, ...]:
    """Read the dates that a file's name states.

    Parameters
    ----------
    name : str
        Last part of a path, such as "2026-05-04-run.gpx" or "20260504_180000.fit".

    Returns
    -------
    tuple of float
        Noon UTC of each, s since 1970-01-01; empty where it states none.
    """
    made = []
    for year, month, day in re.findall(_DATE, re.sub(r"(?<=\d{8})[T_-]?\d{4,6}(?=\D|$)", "", name)):
        try:
            made.append(datetime(int(year), int(month), int(day), 12, tzinfo=UTC).timestamp())
        except ValueError:
            continue  # 31 February is a number, no date
    return tuple(made)


def with_true_time(session: Session, zone: str | None = None, now: datetime | None = None) -> Session:
    """Move a session to the moment it happened at, as far as its file tells.

    Parameters
    ----------
    session : Session
        As a reader gives it.
    zone : str or None
        IANA zone of the account, for local times of a session without a place; None unknown.
    now : datetime or None
        Aware; nothing is moved beyond it. None is the clock.

    Returns
    -------
    Session
        Moved by whole 1024 weeks where the file states a time that agrees then; a local time turned into UTC by
        the zone of its first place, else of the account, and `utc_offset_s` filled where no place gives the zone.
        The notes say what was done.

    References
    ----------
    IS-GPS-200 (https://www.gps.gov/technical/icwg/), 20.3.3.3.1.1: the transmission week number is modulo 1024.
    """
    return _in_utc(_unrolled(session, now or datetime.now(UTC)), zone)


def _unrolled(session: Session, now: datetime) -> Session:
    first = _first_s(session)
    if first is None:
        return session
    for count in range(1, MOST_ROLLOVERS + 1):
        shift = count * ROLLOVER_S
        is_past = first + shift <= now.timestamp() + 86_400
        if is_past and any(abs(stated - first - shift) <= AGREES_S for stated in session.stated_s):
            day = datetime.fromtimestamp(first, UTC).date()
            note = (
                f"Its points were dated {day}, {1024 * count} weeks before the date that the file itself states (a "
                "receiver that counts weeks in ten bits); they were moved to it."
            )
            return _shifted(session, shift, note)
    return session


def _in_utc(session: Session, zone: str | None) -> Session:
    first = _first_s(session)
    if not session.is_local_time or first is None:
        return session
    place, by = zone_of(session), "by its first place"
    known = place or zone_name(zone)
    if known is None:
        return _shifted(session, 0.0, "Times without a zone were read as UTC.")
    if place is None:
        by = "the zone of most of this runner's sessions"
    local = datetime.fromtimestamp(first, UTC).replace(tzinfo=None)
    offset_s = (local.replace(tzinfo=ZoneInfo(known)).utcoffset() or timedelta()).total_seconds()
    if offset_s and _is_stated_in_utc(session, first, offset_s):
        return _shifted(session, 0.0, "Times without a zone were read as UTC, as the file's own date is.")
    moved = _shifted(session, -offset_s, f"Times without a zone were read as local time of {known}, {by}.")
    return moved if place else replace(moved, utc_offset_s=int(offset_s))


def _is_stated_in_utc(session: Session, first: float, offset_s: float) -> bool:
    """Whether a stated time, which has a zone, falls into the session read as UTC, and not read as local time."""
    last = first if session.points.is_empty() else _highest(session.points["time_s"])
    begin, end = first - BESIDE_S, last + BESIDE_S

    def fits(shift: float) -> bool:
        return any(begin + shift <= stated <= end + shift for stated in session.stated_s)

    return fits(0.0) and not fits(-offset_s)


def zone_of(session: Session) -> str | None:
    """Find the time zone of the first known place of a session.

    Parameters
    ----------
    session : Session
        With `latitude_deg` and `longitude_deg`, degrees; null unknown.

    Returns
    -------
    str or None
        IANA zone; None without a place, or where the place is made up.
    """
    if session.is_virtual or session.sport in ("VirtualRun", "VirtualRide"):
        return None
    known = session.points.select("latitude_deg", "longitude_deg").drop_nulls()
    known = known.filter((pl.col("latitude_deg") != 0) | (pl.col("longitude_deg") != 0))
    if known.is_empty():
        return None
    latitude, longitude = known.row(0)
    return zone_name(get_tz(float(longitude), float(latitude)))


def _first_s(session: Session) -> float | None:
    if not session.points.is_empty():
        return float(session.points["time_s"][0])
    return session.start_utc.timestamp() if session.start_utc else None


def _highest(times: pl.Series) -> float:
    return max((float(time) for time in (times.max(), times[0]) if isinstance(time, float)), default=0.0)


def _shifted(session: Session, shift_s: float, *notes: str) -> Session:
    first, start = _first_s(session), session.start_utc
    # A start that the file stated rightly already stays.
    goes_along = start is not None and first is not None and abs(start.timestamp() - first) < 10 * 86_400
    return replace(
        session,
        points=session.points.with_columns(pl.col("time_s") + shift_s) if shift_s else session.points,
        start_utc=start + timedelta(seconds=shift_s) if start is not None and goes_along else start,
        notes=(*session.notes, *notes),
        is_local_time=False,
    )


def with_file_name_dates(session: Session, names: Iterable[str]) -> Session:
    """Add the dates that the names of its file state to what the file itself states.

    Parameters
    ----------
    session : Session
        As a reader gives it.
    names : iterable of str
        Of the file and of the folders it lies in.

    Returns
    -------
    Session
        With more of `stated_s`, s since 1970 UTC; the same where no name states a date.
    """
    return replace(session, stated_s=(*session.stated_s, *(at for name in names for at in dates_in(name))))


AHEAD = timedelta(hours=24)
"""A start may lie this far ahead: clocks of other zones do."""


def still_to_come(start: object, now: datetime | None = None) -> str | None:
    """Refuse a start that is still to come.

    A slip of the year would move the whole picture.

    Parameters
    ----------
    start : object
        Aware datetime; anything else is refused by others.
    now : datetime or None
        Aware; None is the clock.

    Returns
    -------
    str or None
        One sentence; None where the start may be true.
    """
    if not isinstance(start, datetime) or start <= (now or datetime.now(UTC)) + AHEAD:
        return None
    return (
        f"It bears the date {start:%Y-%m-%d}, which is still to come, so it was left out. Put its date right (or this "
        "computer's clock, if that is wrong) and import it again."
    )
