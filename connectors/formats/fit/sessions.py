"""Fields that an app on a watch added to the records of a FIT file, such as the power of a foot pod."""

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
    DEVELOPER,
    DEVICE_MESSAGE,
    EVENT_MESSAGE,
    FIELD_DESCRIPTION,
    FILE_ID,
    FILE_KINDS,
    LAP_MESSAGE,
    RECORD_MESSAGE,
    SESSION_MESSAGE,
    SPORT_MESSAGE,
    FilePart,
    FitTable,
    Numbers,
    Positions,
    Row,
    check_sizes,
    decode_table,
    file_parts,
)
from connectors.formats.fit.names import GARMIN, device_of, sport_of
from connectors.formats.fit.strength_sets import strength_sets
from connectors.frames import POINT, checked
from connectors.source import FileFormat, LoggedSet, Session

_DEVELOPER_NAMES = {  # name in lower case to our column; a device's own field goes first
    "power": "power_w",
    "rp_power": "power_w",
    "run power": "power_w",
    "running power": "power_w",
    "form power": "form_power_w",
    "ground time": "contact_ms",
    "ground contact time": "contact_ms",
    "contacttime": "contact_ms",
    "vertical oscillation": "vertical_oscillation_mm",
    "step length": "step_length_mm",
    "cadence": "cadence_raw",
    "heart rate": "heart_rate_bpm",
    "distance": "distance_m",
    "speed": "speed_mps",
    "step cadence": "cadence_raw",
    "run cadence": "cadence_raw",
    "power_w": "power_w",
}
_BY_NATIVE = {  # number of the record's field that it stands for, to our column
    2: "altitude_m",
    3: "heart_rate_bpm",
    4: "cadence_raw",
    5: "distance_m",
    6: "speed_mps",
    7: "power_w",
    13: "temperature_c",
    39: "vertical_oscillation_mm",
    41: "contact_ms",
    73: "speed_mps",
    78: "altitude_m",
    85: "step_length_mm",
}
_NATIVE_SESSION = {9: "distance_m"}
_RECORD_MESSAGE, _SESSION_MESSAGE = 20, 18
_LENGTHS = {"m": 1.0, "meter": 1.0, "meters": 1.0, "metres": 1.0, "cm": 0.01, "mm": 0.001}
_LENGTHS |= {"km": 1000.0, "kilometers": 1000.0, "mi": 1609.344, "miles": 1609.344, "ft": 0.3048}
_SPEEDS = {"m/s": 1.0, "mps": 1.0, "m*s^-1": 1.0, "m s-1": 1.0, "mm/s": 0.001, "cm/s": 0.01}
_SPEEDS |= {"km/h": 1 / 3.6, "kph": 1 / 3.6, "kmh": 1 / 3.6, "kmph": 1 / 3.6, "mph": 0.44704, "mi/h": 0.44704}
_PACES = {"min/km": 1000 / 60, "min/mi": 1609.344 / 60, "s/km": 1000.0, "sec/km": 1000.0}
_IN_MILLI = {"centimeters": 10, "centimetres": 10, "cm": 10, "meters": 1000, "metres": 1000, "m": 1000}
_IN_MILLI |= {"seconds": 1000, "s": 1000, "sec": 1000}
_MOST_FOR_ONE_COLUMN = 4  # apps that write the same thing
_DeveloperFields = dict[tuple[int, tuple[int, int]], Row]


@dataclass(frozen=True)
class DeveloperColumn:
    """One developer field in our unit.

    Parameters
    ----------
    name
        Column of POINT, or of a session's totals.
    values : ndarray, shape (n,)
        NaN unknown.
    overrides
        Whether the field states which native field it stands for: then it comes before the device's own.
    """

    name: str
    values: Numbers
    overrides: bool


def developer_columns(part: FilePart, records: FitTable) -> list[DeveloperColumn]:
    """Lift out the developer fields that fit a column of ours.

    Parameters
    ----------
    part : Part
        One FIT file, which also describes its fields.
    records : FitTable
        Its records.

    Returns
    -------
    list of DeveloperColumn
        One entry for each name and app, in the order of the file: two apps that call a field the same are not
        mixed. Distance in m, speed in m/s, lengths of the body in mm, times in ms.

    References
    ----------
    Garmin FIT SDK, `native_field_num` of the field description: the native field that a developer field
    overrides, whatever its name. Stryd writes vertical oscillation in cm, everyone else in mm; the unit that
    the file states decides.
    """
    return _columns(part, records, _RECORD_MESSAGE, _BY_NATIVE, _DEVELOPER_NAMES)


def developer_totals(part: FilePart, sessions: FitTable) -> list[DeveloperColumn]:
    """Lift out the developer fields of session messages that override a total.

    Parameters
    ----------
    part : Part
        One FIT file.
    sessions : FitTable
        Its session messages.

    Returns
    -------
    list of DeveloperColumn
        `distance_m` for each session, m; NaN unknown.
    """
    return _columns(part, sessions, _SESSION_MESSAGE, _NATIVE_SESSION, {})


def _columns(
    part: FilePart, messages: FitTable, message: int, by_native: dict[int, str], by_name: dict[str, str]
) -> list[DeveloperColumn]:
    made: list[DeveloperColumn] = []
    for name, places in _grouped(part, messages):
        row = next(iter(places.values()))
        is_here = int(float(row.get(14, message))) == message
        overridden = by_native.get(int(float(row.get(15, -1)))) if is_here else None
        # A name that we know better than its author's number: form power states the number of power.
        by_title = by_name.get(name)
        column = by_title if by_title == "form_power_w" else overridden or by_title
        if column and sum(other.name == column for other in made) < _MOST_FOR_ONE_COLUMN:
            raw = messages.developer_numbers({at: int(float(r[2])) for at, r in places.items()})
            made.append(DeveloperColumn(column, _in_our_unit(raw, column, row), column == overridden))
    return made


def _grouped(part: FilePart, records: FitTable) -> list[tuple[str, _DeveloperFields]]:
    """Find the description of each developer field in each layout, joined by app and name."""
    described = decode_table(part, FIELD_DESCRIPTION)
    facts: dict[tuple[object, object], list[tuple[int, Row]]] = {}
    for at, row in zip(
        described.positions.tolist(), described.rows((0, 1, 2, 6, 7, 14, 15), (3, 8)), strict=False
    ):
        facts.setdefault((row.get(0), row.get(1)), []).append((at, row))
    apps = {row.get(3): row.get(1) for row in decode_table(part, DEVELOPER).rows((3,), (1,))}
    groups: dict[tuple[object, str], _DeveloperFields] = {}
    for layout, _ in records.layouts:
        for key in layout.developer:
            described_at = facts.get(key, [])
            before = [row for at, row in described_at if at < layout.defined_at]
            row = before[-1] if before else described_at[0][1] if described_at else {}
            if 2 in row:
                name = str(row.get(3, "")).strip().lower()
                groups.setdefault((apps.get(key[0]), name), {})[layout.defined_at, key] = row
    return [(name, places) for (_, name), places in groups.items()]


def _in_our_unit(raw: Numbers, column: str, row: Row) -> Numbers:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        values = raw / (float(row.get(6, 1)) or 1) - float(row.get(7, 0))
        values = _by_unit(values, column, str(row.get(8, "")).strip().lower())
    values[~np.isfinite(values)] = np.nan
    if column == "heart_rate_bpm":
        values[(values <= 0) | (values == 255)] = np.nan
    return values


def _by_unit(values: Numbers, column: str, unit: str) -> Numbers:
    """Turn what stands in a stated unit into ours; without one it stands in the unit of the native field."""
    if column.endswith(("_mm", "_ms")):
        return values * _IN_MILLI.get(unit, 1)
    if column in ("distance_m", "altitude_m"):
        return values * _LENGTHS.get(unit, 1.0)
    if column == "speed_mps":
        return _PACES[unit] / values if unit in _PACES else values * _SPEEDS.get(unit, 1.0)
    return values


FIT_EPOCH_S = 631_065_600  # 1989-12-31 UTC
MOST_POINTS = 2_000_000
OVERRIDES_LEAST = 0.5
"""Share of the device's own values that a developer field has to have before it overrides them: a foot pod that
fell silent after two minutes is not the run. Design choice."""
_DEGREES = 180 / 2**31
_STOPS = (1, 4, 8, 9)  # stop, stop all, and both as old devices wrote them
_START = 0


@dataclass(frozen=True)
class FitRecords:
    """All records of one FIT file, decoded but not yet shared out among its sessions.

    Parameters
    ----------
    time_s
        FIT seconds of each record that has a time, shape (n,), file order.
    columns
        POINT column to the arrays that may fill it, best first; NaN is unknown.
    segment
        Stretch with the timer running.
    is_running
        False where the record was written while the timer stood still.
    timeless
        Records without a time, which are not here.
    overridden
        Columns of which a developer field states that it stands for the device's own.
    """

    time_s: Numbers
    columns: dict[str, list[Numbers]]
    segment: NDArray[np.int64]
    is_running: NDArray[np.bool_]
    timeless: int
    overridden: frozenset[str] = frozenset()


def fit_records(part: FilePart) -> FitRecords:
    """Decode the records of one FIT file.

    Scales of the FIT profile; where old and new fields stand side by side the finer one goes first.

    Parameters
    ----------
    part : Part
        One FIT file.

    Returns
    -------
    FitRecords
        In file order; no record is made up or moved.

    Raises
    ------
    UnsafeFile
        When there are more than any recording has.
    """
    if part.count(RECORD_MESSAGE) > MOST_POINTS:
        raise UnsafeFile(check_sizes(f"more than {MOST_POINTS:,} points"))
    records = decode_table(part, RECORD_MESSAGE)
    times = records.times()
    columns = _native(records)
    overridden = _add_developer(columns, part, records)
    is_known = ~np.isnan(times)
    if not is_known.all():
        columns = {name: [v[is_known] for v in values] for name, values in columns.items()}
    segment, is_running = _segments(part, times[is_known], records.positions[is_known])
    return FitRecords(times[is_known], columns, segment, is_running, int((~is_known).sum()), overridden)


def _add_developer(columns: dict[str, list[Numbers]], part: FilePart, records: FitTable) -> frozenset[str]:
    """Insert a field that overrides a native one before it, any other behind it."""
    first: dict[str, list[Numbers]] = {}
    for field in developer_columns(part, records):
        own = columns.setdefault(field.name, [])
        known = np.isfinite(field.values).sum()
        covers = known >= OVERRIDES_LEAST * max((np.isfinite(one).sum() for one in own), default=0)
        if field.overrides and covers and np.nan_to_num(field.values).any():
            first.setdefault(field.name, []).append(field.values)
        else:
            own.append(field.values)
    for name, values in first.items():
        columns[name] = [*values, *columns[name]]
    return frozenset(first)


def points_of_session(records: FitRecords, rows: NDArray[np.bool_], shift_s: float = 0.0) -> pl.DataFrame:
    """Build the points of one session.

    Fields of apps that state the native field they stand for, then native ones, then other fields of apps; decided
    for each session, so that two sensors are not mixed.

    Parameters
    ----------
    records : FitRecords
        All records of the file.
    rows : ndarray of bool, shape (n,)
        Which of them belong to the session; those written while the timer stood still are left out here.
    shift_s : float
        Added to every time, for devices whose clock was not set.

    Returns
    -------
    DataFrame, shape (points, columns of POINT)
        Contract POINT, in file order.
    """
    selected = rows & records.is_running
    lift = slice(None) if selected.all() else selected
    segment = records.segment[lift]
    first = segment.min() if len(segment) else 0
    columns = {name: _best([v[lift] for v in values]) for name, values in records.columns.items()}
    known = {name: _nulled(name, values) for name, values in columns.items() if not np.isnan(values).all()}
    time = pl.Series("time_s", records.time_s[lift] + (FIT_EPOCH_S + shift_s))
    return checked(pl.DataFrame({"time_s": time, "segment": segment - first, **known}), POINT)


def _nulled(name: str, values: Numbers) -> pl.Series:
    return pl.Series(name, values, nan_to_null=bool(np.isnan(values).any()))


def _best(candidates: list[Numbers]) -> Numbers:
    """Return the first that says anything; nothing but zeros says nothing when there is another."""
    return next((v for v in candidates if np.nan_to_num(v).any()), candidates[0])


def _native(records: FitTable) -> dict[str, list[Numbers]]:
    get = records.numbers
    latitude, longitude = get(0) * _DEGREES, get(1) * _DEGREES
    nowhere = (np.abs(latitude) > 90) | (np.abs(longitude) > 180) | ((latitude == 0) & (longitude == 0))
    latitude[nowhere] = longitude[nowhere] = np.nan
    altitude = _first_known(get(78), get(2)) / 5 - 500
    altitude[altitude == -500] = np.nan
    heart_rate = get(3)
    heart_rate[(heart_rate == 0) | (heart_rate == 255)] = np.nan
    speed, distance = _first_known(get(73), get(6)) / 1000, get(5) / 100
    if any(8 in layout.native for layout, _ in records.layouts):
        packed_speed, packed_distance = _packed(records)
        speed, distance = _first_known(speed, packed_speed), _first_known(distance, packed_distance)
    return {
        "latitude_deg": [latitude],
        "longitude_deg": [longitude],
        "distance_m": [distance],
        "speed_mps": [speed],
        "altitude_m": [altitude],
        "cadence_raw": [get(4) + np.nan_to_num(get(53)) / 128],
        "heart_rate_bpm": [heart_rate],
        "power_w": [get(7)],
        "step_length_mm": [get(85) / 10],
        "contact_ms": [get(41) / 10],
        "contact_left_pct": [get(84) / 100],
        "vertical_oscillation_mm": [get(39) / 10],
        "temperature_c": [get(13)],
    }


def _first_known(first: Numbers, second: Numbers) -> Numbers:
    return np.where(np.isnan(first), second, first)


def _packed(records: FitTable) -> tuple[Numbers, Numbers]:
    """Speed and distance of twelve bits each in three bytes; the distance starts anew every 256 m."""
    low, middle, high = (
        np.nan_to_num(records.numbers(8, i), nan=255).clip(0, 255).astype(int) for i in range(3)
    )
    is_known = (low & middle & high) != 255
    speed = np.where(is_known, (low | (middle & 15) << 8) / 100, np.nan)
    steps = (middle >> 4 | high << 4)[is_known]
    distance = np.full(len(low), np.nan)
    distance[is_known] = np.cumsum(np.diff(steps, prepend=0) % 4096) / 16
    return speed, distance


def _segments(
    part: FilePart, times: Numbers, positions: Positions
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return each record its stretch between pauses, and whether the timer ran.

    Pauses are laid over the records by time, because some devices write all events at the end; where the
    clock jumped back, the order of the file decides.
    """
    events = decode_table(part, EVENT_MESSAGE)
    where = events.positions.astype(np.float64)
    what, when = events.numbers(1), events.times()
    is_timer = (events.numbers(0) == 0) & ~np.isnan(when)
    is_by_time = not (np.diff(times) < 0).any()
    axis = when[is_timer] if is_by_time else where[is_timer]
    order = np.argsort(axis, kind="stable")
    stops, starts = _pauses(axis[order].tolist(), what[is_timer][order].tolist())
    at = times if is_by_time else positions.astype(np.float64)
    resumed = np.searchsorted(np.array(starts), at, side="right")
    halted = np.searchsorted(np.array(stops), at, side="left")
    return resumed.astype(np.int64), halted <= resumed


def _pauses(axis: list[float], what: list[float]) -> tuple[list[float], list[float]]:
    """Pair each stop with the start after it; a stop at the very end belongs to no pause."""
    stops: list[float] = []
    starts: list[float] = []
    halted: float | None = None
    for at, kind in zip(axis, what, strict=True):
        if kind in _STOPS:
            halted = at  # a second stop means that the timer had been started unseen: the later one counts
        elif kind == _START and halted is not None:
            stops.append(halted)
            starts.append(at)
            halted = None
    return stops, starts


MOST_SESSIONS = 200
_FIRST_REAL_TIME = 0x10000000  # below it a FIT time counts the seconds since the device woke up
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
    return _whole(rows[0], 0) if rows else None


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
    count = len(records.time_s)
    if part.is_damaged:
        notes.append(f"The file is damaged after {_points(count)}; what follows was left out.")
    elif part.is_cut_off:
        notes.append(f"The file is cut off after {_points(count)}; what was read is kept.")
    if not part.count(SESSION_MESSAGE):
        notes.append("The file holds no summary of the session.")
    if has_foreign_end:
        notes.append("What follows the recording in the file could not be read and was left out.")
    if records.timeless:
        notes.append(f"Left out, as they have no time: {_points(records.timeless)}.")
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
    return tuple(time + FIT_EPOCH_S for time in times if _FIRST_REAL_TIME <= time < 2**32)


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count:,} points"


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
        name = device_of(_whole(row, 1), _whole(row, 2), str(written) if written else None)
        if name:
            return _whole(row, 1), name
    return (_whole(rows[0], 1) if rows else None), None


def _zone(part: FilePart, records: FitRecords, maker: int | None) -> tuple[int | None, float, bool]:
    """Offset of the local clock, shift for a device that knows local time only, whether it knows any."""
    rows = [row for row in decode_table(part, ACTIVITY_MESSAGE).rows((253, 5)) if {253, 5} <= row.keys()]
    times = [
        *records.time_s[:1].tolist(),
        *(float(r[2]) for r in decode_table(part, SESSION_MESSAGE).rows((2,))[:1] if 2 in r),
    ]
    is_set = any(time >= _FIRST_REAL_TIME for time in times)
    if not rows:
        return None, 0.0, is_set
    utc, local = float(rows[-1][253]), float(rows[-1][5])
    if not is_set and 0 <= utc < _FIRST_REAL_TIME <= local < 2**32:
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
        notes += (f"Left out, as the timer stood still: {_points(paused)}.",)
    sport, is_indoor, is_virtual = sport_of(_whole(row, 5), _whole(row, 6))
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
    real = (t + about.shift_s for t in times if _FIRST_REAL_TIME <= t + about.shift_s < 2**32)
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


def _whole(row: Row, number: int) -> int | None:
    return int(float(row[number])) if number in row else None


FORMAT = FileFormat("fit", "FIT recording", (".fit",), parse_fit)
