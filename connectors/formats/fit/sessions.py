"""FIT files: bytes to sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from connectors.errors import UnreadableFile, UnsafeFile
from connectors.formats.fit.decoder import (
    ACTIVITY_MESSAGE,
    COURSE,
    DEVICE_MESSAGE,
    FILE_ID,
    FILE_KINDS,
    LAP_MESSAGE,
    RECORD_MESSAGE,
    SESSION_MESSAGE,
    SPORT_MESSAGE,
    FilePart,
    check_sizes,
    file_parts,
)
from connectors.formats.fit.developer_fields import developer_totals
from connectors.formats.fit.fit_time import FIRST_REAL_TIME, FIT_EPOCH_S
from connectors.formats.fit.message_table import Row, decode_table
from connectors.formats.fit.names import GARMIN, device_of, sport_of
from connectors.formats.fit.records import FitRecords, fit_records, points_of_session
from connectors.formats.fit.strength_sets import strength_sets
from connectors.plural import count
from connectors.source import FileFormat, LoggedSet, Session

MOST_SESSIONS = 200
_QUARTER_S = 900
_WEST_S, _EAST_S = -43_200, 50_400
_SESSION_FIELDS = (253, 2, 5, 6, 7, 8, 9, 15, 16, 17, 18, 22, 23, 92, 125, 133, 192, 193)


_OVERRIDDEN = -9  # marks a total distance that a developer field gave


@dataclass(frozen=True)
class _About:
    """What one FIT file says of itself as a whole."""

    shift_s: float
    utc_offset_s: int | None
    device: str | None
    notes: tuple[str, ...]
    stated_s: tuple[float, ...] = ()


def parse_fit(data: bytes) -> list[Session]:
    """Read one FIT file.

    Checked field by field against Garmin's own decoder.

    Parameters
    ----------
    data : bytes
        The whole file, unpacked. Checksums are not looked at: devices leave them zero.

    Returns
    -------
    list of Session
        At least one, by start within each chained file. Points in file order; what was read before a file
        breaks off is kept, and the session's notes say so.

    Raises
    ------
    UnreadableFile
        Not FIT, damaged before anything useful, or FIT without an activity.
    UnsafeFile
        Larger or made of more pieces than any recording.
    """
    parts, has_foreign_end = file_parts(data)
    sessions: list[Session] = []
    for part in parts:
        if _file_type(part) != COURSE and (part.count(RECORD_MESSAGE) or part.count(SESSION_MESSAGE)):
            sessions += _sessions(part, has_foreign_end and part is parts[-1])
        if len(sessions) > MOST_SESSIONS:
            raise UnsafeFile(check_sizes(f"more than {MOST_SESSIONS} sessions"))
    if not sessions:
        raise UnreadableFile(_why_nothing(parts))
    return sessions


def _file_type(part: FilePart) -> int | None:
    rows = decode_table(part, FILE_ID).rows((0,))
    return _integer(rows[0], 0) if rows else None


def _why_nothing(parts: list[FilePart]) -> str:
    kind = next((FILE_KINDS[t] for t in map(_file_type, parts) if t in FILE_KINDS), None)
    if kind:
        return f"This FIT file holds {kind}, no activity."
    if any(part.is_damaged or part.is_cut_off for part in parts):
        return "This FIT file is damaged or cut off before anything of an activity."
    return "This FIT file holds no activity."


def _sessions(part: FilePart, has_foreign_end: bool) -> list[Session]:
    records = fit_records(part)
    rows = _session_rows(part)
    about = _about(part, records, has_foreign_end)
    rows = _by_start(rows or [_without_summary(part)])
    belongs = _shares(rows, records)
    sessions = [_session(row, records, mask, about) for row, mask in zip(rows, belongs, strict=True)]
    sets = _sets_by_session(rows, strength_sets(part))
    return [replace(one, sets=its) if its else one for one, its in zip(sessions, sets, strict=True)]


def _sets_by_session(rows: list[Row], sets: list[tuple[float, LoggedSet]]) -> list[tuple[LoggedSet, ...]]:
    """Assign each set to the last session that had begun; those before the first go to the first."""
    begins = [float(row.get(2, 0)) for row in rows]
    owner = [max((i for i, begin in enumerate(begins) if begin <= at), default=0) for at, _ in sets]
    return [tuple(one for (_, one), i in zip(sets, owner, strict=True) if i == n) for n in range(len(rows))]


def _session_rows(part: FilePart) -> list[Row]:
    """Session messages; a developer field that overrides the distance stands in its place."""
    messages = decode_table(part, SESSION_MESSAGE)
    rows = messages.rows(_SESSION_FIELDS)[: MOST_SESSIONS + 1]
    for field in developer_totals(part, messages):
        for row, metres in zip(rows, field.values.tolist(), strict=False):
            if metres > 0:
                row[9] = row[_OVERRIDDEN] = metres * 100
    return rows


def _without_summary(part: FilePart) -> Row:
    """Stand in for a session message that was never written: the sport, where it is said elsewhere."""
    for message, sport, kind in ((SPORT_MESSAGE, 0, 1), (LAP_MESSAGE, 25, 39)):
        for row in decode_table(part, message).rows((sport, kind)):
            if sport in row:
                return {to: row[number] for to, number in ((5, sport), (6, kind)) if number in row}
    return {}


def _by_start(rows: list[Row]) -> list[Row]:
    """Sort sessions by their start; one written twice is taken as it was written last."""
    for row in rows:
        if 2 not in row and {253, 7} <= row.keys():
            row[2] = float(row[253]) - float(row[7]) / 1000
    once = {(row.get(2), row.get(5), row.get(6)) if 2 in row else i: row for i, row in enumerate(rows)}
    return sorted(once.values(), key=lambda row: float(row.get(2, 0)))


def _shares(rows: list[Row], records: FitRecords) -> list[NDArray[np.bool_]]:
    """Return each record to the last session that had begun; those before the first go to the first."""
    if len(rows) == 1:
        return [np.ones(len(records.time_s), dtype=bool)]
    begins = np.array([float(row.get(2, 0)) for row in rows])
    owner = (np.searchsorted(begins, records.time_s, side="right") - 1).clip(min=0)
    return [owner == i for i in range(len(rows))]


def _about(part: FilePart, records: FitRecords, has_foreign_end: bool) -> _About:
    notes: list[str] = []
    known = len(records.time_s)
    if part.is_damaged:
        notes.append(f"The file is damaged after {count(known, 'point')}; what follows was left out.")
    elif part.is_cut_off:
        notes.append(f"The file is cut off after {count(known, 'point')}; what was read is kept.")
    if not part.count(SESSION_MESSAGE):
        notes.append("The file holds no summary of the session.")
    if has_foreign_end:
        notes.append("What follows the recording in the file could not be read and was left out.")
    if records.timeless:
        notes.append(f"Left out, as they have no time: {count(records.timeless, 'point')}.")
    maker, device = _device(part)
    offset, shift, is_set = _zone(part, records, maker)
    if shift:
        notes.append("The device knew its local time only; that is taken as the time of the session.")
    elif not is_set:
        notes.append("The clock of the device was not set; the date is unknown.")
    return _About(shift, offset, device, tuple(notes), _created(part))


def _created(part: FilePart) -> tuple[float, ...]:
    """When the file was made, by its own head."""
    rows = decode_table(part, FILE_ID).rows((4,))
    times = [float(row[4]) for row in rows if 4 in row]
    return tuple(time + FIT_EPOCH_S for time in times if FIRST_REAL_TIME <= time < 2**32)


def _device(part: FilePart) -> tuple[int | None, str | None]:
    """Return the maker's number and the device's name; the device that wrote the file has index 0."""
    rows = decode_table(part, FILE_ID).rows((1, 2), (8,))[:1]
    rows += [
        {to: row[number] for number, to in ((2, 1), (4, 2), (27, 8)) if number in row}
        for row in decode_table(part, DEVICE_MESSAGE).rows((0, 2, 4), (27,))
        if row.get(0) == 0
    ]
    for row in rows:
        written = row.get(8)
        name = device_of(_integer(row, 1), _integer(row, 2), str(written) if written else None)
        if name:
            return _integer(row, 1), name
    return (_integer(rows[0], 1) if rows else None), None


def _zone(part: FilePart, records: FitRecords, maker: int | None) -> tuple[int | None, float, bool]:
    """Offset of the local clock, shift for a device that knows local time only, whether it knows any."""
    rows = [row for row in decode_table(part, ACTIVITY_MESSAGE).rows((253, 5)) if {253, 5} <= row.keys()]
    times = [
        *records.time_s[:1].tolist(),
        *(float(r[2]) for r in decode_table(part, SESSION_MESSAGE).rows((2,))[:1] if 2 in r),
    ]
    is_set = any(time >= FIRST_REAL_TIME for time in times)
    if not rows:
        return None, 0.0, is_set
    utc, local = float(rows[-1][253]), float(rows[-1][5])
    if not is_set and 0 <= utc < FIRST_REAL_TIME <= local < 2**32:
        return 0, local - utc, True
    offset = round((local - utc) / _QUARTER_S) * _QUARTER_S
    if not _WEST_S <= offset <= _EAST_S or (offset == 0 and maker not in GARMIN):
        return None, 0.0, is_set  # some makers write UTC twice, which tells nothing of the zone
    return offset, 0.0, is_set


def _session(row: Row, records: FitRecords, is_in_session: NDArray[np.bool_], about: _About) -> Session:
    points = points_of_session(records, is_in_session, about.shift_s)
    paused = int((is_in_session & ~records.is_running).sum())
    notes = about.notes
    if paused:
        notes += (f"Left out, as the timer stood still: {count(paused, 'point')}.",)
    sport, is_indoor, is_virtual = sport_of(_integer(row, 5), _integer(row, 6))
    cadence = _scaled(row, 18)
    return Session(
        points=points,
        sport=sport,
        is_indoor=is_indoor,
        start_utc=_start(row, records, is_in_session, about),
        utc_offset_s=about.utc_offset_s,
        distance_m=_distance(row, records, points),
        timer_s=_scaled(row, 8, 1000),
        elapsed_s=_scaled(row, 7, 1000),
        ascent_m=_scaled(row, 22),
        descent_m=_scaled(row, 23),
        heart_rate_bpm=_scaled(row, 16) or None,
        max_heart_rate_bpm=_scaled(row, 17) or None,
        cadence_raw=cadence if cadence is None else cadence + (_scaled(row, 92, 128) or 0.0),
        max_speed_mps=_scaled(row, 125, 1000) if 125 in row else _scaled(row, 15, 1000),
        perceived_exertion_0_10=_exertion(row),
        feel_0_100=feel if (feel := _scaled(row, 192)) is not None and feel <= 100 else None,
        contact_left_pct=_scaled(row, 133, 100),
        device=about.device,
        is_virtual=is_virtual,
        notes=notes,
        stated_s=about.stated_s,
    )


def _distance(row: Row, records: FitRecords, points: pl.DataFrame) -> float | None:
    """Total distance; where a developer field overrides that of the records, the device's own total is of another."""
    is_other = "distance_m" in records.overridden and _OVERRIDDEN not in row
    return None if is_other and points["distance_m"].count() else _scaled(row, 9, 100)


def _start(row: Row, records: FitRecords, is_in_session: NDArray[np.bool_], about: _About) -> datetime | None:
    times = [*([float(row[2])] if 2 in row else []), *records.time_s[is_in_session][:1].tolist()]
    real = (t + about.shift_s for t in times if FIRST_REAL_TIME <= t + about.shift_s < 2**32)
    begin = next(real, None)
    return None if begin is None else datetime.fromtimestamp(begin + FIT_EPOCH_S, UTC)


def _exertion(row: Row) -> float | None:
    """Exertion as the runner rated it; the watch writes ten times the 0 to 10 scale."""
    rated = _scaled(row, 193, 10)
    return rated if rated is not None and rated <= 10 else None


def _scaled(row: Row, number: int, scale: float = 1) -> float | None:
    """Return a total; no field asked for here is signed or wider than 32 bits, so more is no total."""
    value = float(row.get(number, -1))
    return value / scale if 0 <= value < 2**32 else None


def _integer(row: Row, number: int) -> int | None:
    return int(float(row[number])) if number in row else None


FORMAT = FileFormat("fit", "FIT recording", (".fit",), parse_fit)
