"""Fields that an app on a watch added to the records of a FIT file, such as the power of a foot pod."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.formats.fit.decoder import DEVELOPER, FIELD_DESCRIPTION, FilePart
from connectors.formats.fit.message_table import FitTable, Numbers, Row, decode_table

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
    part : FilePart
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
    part : FilePart
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
