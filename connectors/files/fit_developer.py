"""Fields that an app on a watch added to the records of a FIT file, such as the power of a foot pod."""

from __future__ import annotations

import numpy as np

from connectors.files.fit_columns import Numbers, Row, Table, table
from connectors.files.fit_protocol import DEVELOPER, FIELD_DESCRIPTION, Part

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
}
_BY_NATIVE = {
    3: "heart_rate_bpm",
    4: "cadence_raw",
    7: "power_w",
    39: "vertical_oscillation_mm",
    41: "contact_ms",
}
_IN_MILLI = {"centimeters": 10, "centimetres": 10, "cm": 10, "meters": 1000, "metres": 1000, "m": 1000}
_IN_MILLI |= {"seconds": 1000, "s": 1000, "sec": 1000}
_MOST_FOR_ONE_COLUMN = 4  # apps that write the same thing
_Places = dict[tuple[int, tuple[int, int]], Row]


def developer_columns(part: Part, records: Table) -> list[tuple[str, Numbers]]:
    """Lift out the developer fields that fit a column of ours.

    Parameters
    ----------
    part : Part
        One FIT file, which also describes its fields.
    records : Table
        Its records.

    Returns
    -------
    list of tuple of str and ndarray, shape (n,)
        POINT column and its values in our unit, NaN where unknown. One entry for each name and app, in the order
        of the file: two apps that call a field the same are not mixed.

    Source
    ------
    ours: Stryd writes vertical oscillation in cm, everyone else in mm; the unit that the file states decides.
    """
    made: list[tuple[str, Numbers]] = []
    for name, places in _grouped(part, records):
        row = next(iter(places.values()))
        stands_for = int(float(row.get(15, -1)))
        column = _DEVELOPER_NAMES.get(name) if name else _BY_NATIVE.get(stands_for)
        if column and sum(other == column for other, _ in made) < _MOST_FOR_ONE_COLUMN:
            raw = records.developer_numbers({at: int(float(r[2])) for at, r in places.items()})
            made.append((column, _in_our_unit(raw, column, row)))
    return made


def _grouped(part: Part, records: Table) -> list[tuple[str, _Places]]:
    """Find the description of each developer field in each layout, joined by app and name."""
    described = table(part, FIELD_DESCRIPTION)
    facts: dict[tuple[object, object], list[tuple[int, Row]]] = {}
    for at, row in zip(
        described.positions.tolist(), described.rows((0, 1, 2, 6, 7, 15), (3, 8)), strict=False
    ):
        facts.setdefault((row.get(0), row.get(1)), []).append((at, row))
    apps = {row.get(3): row.get(1) for row in table(part, DEVELOPER).rows((3,), (1,))}
    groups: dict[tuple[object, str], _Places] = {}
    for layout, _ in records.layouts:
        for key in layout.developer:
            said = facts.get(key, [])
            before = [row for at, row in said if at < layout.defined_at]
            row = before[-1] if before else said[0][1] if said else {}
            if 2 in row:
                name = str(row.get(3, "")).strip().lower()
                groups.setdefault((apps.get(key[0]), name), {})[layout.defined_at, key] = row
    return [(name, places) for (_, name), places in groups.items()]


def _in_our_unit(raw: Numbers, column: str, row: Row) -> Numbers:
    with np.errstate(over="ignore", invalid="ignore"):
        values = raw / (float(row.get(6, 1)) or 1) - float(row.get(7, 0))
        if column.endswith(("_mm", "_ms")):
            values = values * _IN_MILLI.get(str(row.get(8, "")).strip().lower(), 1)
    values[~np.isfinite(values)] = np.nan
    if column == "heart_rate_bpm":
        values[(values <= 0) | (values == 255)] = np.nan
    return values
