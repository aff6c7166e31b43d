"""What is left of a recording that its service cropped: an export brings the whole file, and totals of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from connectors.source import Recording, Session

SHORTER_S, SHORTER = 20.0, 0.01
"""By how much the table's time is below the recording's before anything is looked at. Design choice."""
ALIKE_M, ALIKE = 40.0, 0.02
"""How far the way within the rest may be from the table's. Design choice."""


@dataclass(frozen=True)
class Row:
    """What the table says of the session; None unknown.

    Parameters
    ----------
    start_utc
        Aware.
    elapsed_s, distance_m
        s from start to end, and m.
    """

    start_utc: datetime | None
    elapsed_s: float | None
    distance_m: float | None


def cropped(session: Session, full: Recording, row: Row) -> Session | None:
    """Cut a session to what its table row counts.

    Time and distance have to agree both, from the table's start, the recording's start or its end.

    Parameters
    ----------
    session : Session
        With true times.
    full : Recording
        The same, all of it, on our clock.
    row : Row
        Start, elapsed time in s and distance in m of the table.

    Returns
    -------
    Session or None
        With the points of the rest alone and a note; None where nothing was cropped, or where no part of the
        recording has the table's time and distance.
    """
    seconds, metres, begin = row.elapsed_s, row.distance_m, full.activity.get("start_utc")
    if not seconds or not metres or not isinstance(begin, datetime) or full.samples.is_empty():
        return None
    end = float(full.samples["second"][-1])
    if end - seconds <= max(SHORTER_S, SHORTER * end):
        return None
    offset_s = (row.start_utc - begin).total_seconds() if row.start_utc else 0.0
    for first in (offset_s, 0.0, end - seconds):
        if -SHORTER_S <= first <= end and _fits(full.samples, first, first + seconds, metres):
            return _cut(session, begin, first, first + seconds, end)
    return None


def _fits(samples: pl.DataFrame, first: float, last: float, metres: float) -> bool:
    way = samples.filter(pl.col("second").is_between(first, last))["distance_m"].drop_nulls()
    if way.len() < 2:
        return False
    return abs(float(way[-1]) - float(way[0]) - metres) <= max(ALIKE_M, ALIKE * metres)


def _cut(session: Session, begin: datetime, first: float, last: float, end: float) -> Session:
    at = begin.timestamp()
    points = session.points.filter(pl.col("time_s").is_between(at + first, at + last))
    if points.height < 2:
        return session
    left = [f"{seconds / 60:.0f} min at its {name}" for name, seconds in (("start", first), ("end", end - last))
            if seconds > SHORTER_S]  # fmt: skip
    note = (
        f"It was cropped at the service it comes from: {' and '.join(left)} of the recording stand outside what "
        "its table counts and were left out."
    )
    start = datetime.fromtimestamp(float(points["time_s"].min() or 0.0), UTC)  # pyright: ignore[reportArgumentType]
    return replace(
        session,
        points=points.with_columns(pl.col("distance_m") - pl.col("distance_m").min()),
        start_utc=start,
        distance_m=None,
        timer_s=None,
        elapsed_s=None,
        ascent_m=None,
        descent_m=None,
        cadence_raw=None,
        heart_rate_bpm=None,
        max_heart_rate_bpm=None,
        max_speed_mps=None,
        notes=(*session.notes, note),
    )
