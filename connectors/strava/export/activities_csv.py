"""An `activities.csv` as a table of activities in SI units, with a sentence for each row left out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import polars as pl

from connectors.errors import AmbiguousDates, SourceError
from connectors.frames import UTC_TIME
from connectors.plural import count
from connectors.source import Skipped
from connectors.sports import sport_name
from connectors.strava.export.csv_text import TextTable, open_date, parse_dates, parse_table
from connectors.strava.export.layout import FILE_CELL, ExportLayout, cell_number, find_layout
from connectors.written_dates import DateQuestion

LISTED = pl.Schema(
    {
        "source_id": pl.String(),
        "start_utc": UTC_TIME,
        "name": pl.String(),
        "sport_text": pl.String(),
        "distance_m": pl.Float64(),
        "moving_s": pl.Float64(),
        "elapsed_s": pl.Float64(),
        "ascent_device_m": pl.Float64(),
        "descent_device_m": pl.Float64(),
        "lowest_m": pl.Float64(),
        "highest_m": pl.Float64(),
        "cadence_one_leg": pl.Float64(),
        "heart_rate_bpm": pl.Float64(),
        "max_heart_rate_bpm": pl.Float64(),
        "max_speed_mps": pl.Float64(),
        "perceived_exertion_0_10": pl.Float64(),
        "gear_name": pl.String(),
        "gear_id": pl.Int64(),
        "bike_id": pl.Int64(),
        "file_name": pl.String(),
        "description": pl.String(),
        "private_note": pl.String(),
    }
)
"""Columns of a parsed table, in SI units; null is unknown. Description and note are read for clauses, never stored."""

ZERO_IS_UNKNOWN = ("cadence_one_leg", "heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")
MEASURES = tuple(name for name, kind in LISTED.items() if kind == pl.Float64)

METRES_OF_A_MILE = 1_609.344
_ID = re.compile(r"\d{1,19}")
_ROUNDED_ID = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
_ID_LIMIT = 2**63
_LONGEST_NAME = 500
_LONGEST_TEXT = 5_000
_ENOUGH = 1 << 18


@dataclass
class ParsedActivities:
    """What an `activities.csv` holds."""

    rows: pl.DataFrame
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)


def parse_activities(
    data: bytes, name: str = "activities.csv", day_first: bool | None = None
) -> ParsedActivities:
    """Read an `activities.csv`."""
    # Positions as in `connectors.strava.export.layout`; dates are UTC (18 of 18 equal to the
    # recordings' own starts).
    table = parse_table(data, name)
    layout = find_layout(table.header, [cells for _, cells in table.rows])
    parsed = ParsedActivities(LISTED.to_frame(), skipped=list(table.skipped))
    date_at = layout.at["date"]
    texts = [cells[date_at] if len(cells) > date_at else "" for _, cells in table.rows]
    left_open = open_date(texts) if day_first is None else None
    if left_open:
        raise AmbiguousDates(DateQuestion(name, *left_open))
    starts = parse_dates(texts, day_first)
    parse_row = partial(_row, layout, _distance(layout))
    by_id: dict[str, tuple[int, dict[str, object]]] = {}
    for (row_number, cells), start in zip(table.rows, starts, strict=True):
        place = f"{name} row {row_number}"
        reason = _why_not(cells, layout, start)
        if reason:
            parsed.skipped.append(Skipped(place, reason))
            continue
        source_id = str(int(_id_digits(cells[layout.at["source_id"]])))
        if source_id in by_id:
            before = f"The same activity stands in row {by_id[source_id][0]} too; this later row was taken."
            parsed.notes.append(Skipped(place, before))
        by_id[source_id] = (row_number, {"source_id": source_id, "start_utc": start, **parse_row(cells)})
    parsed.rows = pl.DataFrame([values for _, values in by_id.values()], schema=LISTED, orient="row")
    _add_notes(parsed, table, layout, name)
    return parsed


def is_activities_csv(data: bytes) -> bool:
    """Return whether a table is the `activities.csv` of a Strava export.

    The beginning is enough, so that telling costs little.
    """
    head = data if len(data) <= _ENOUGH else data[: data.rfind(b"\n", 0, _ENOUGH) + 1] or data[:_ENOUGH]
    try:
        table = parse_table(head, "table")
        find_layout(table.header, [cells for _, cells in table.rows])
    except SourceError:
        return False
    return True


def _why_not(cells: list[str], layout: ExportLayout, start: datetime | None) -> str:
    if len(cells) < layout.needs:
        return f"This row has {count(len(cells), 'cell')} where {layout.width} are expected; it was left out."
    if any(cells[layout.width :]):
        return f"This row has more cells than the {layout.width} of the heading; it was left out."
    number_cell = cells[layout.at["source_id"]].strip()
    if _ROUNDED_ID.fullmatch(number_cell):
        return (
            f"A spreadsheet has rounded the number of this activity to {number_cell}, so it cannot be told from "
            "others; it was left out. Import the export's ZIP as it came from Strava."
        )
    if not _ID.fullmatch(_id_digits(number_cell)):
        return "This row does not begin with the number of an activity; it was left out."
    if start is None:
        shown = cells[layout.at["date"]].strip()[:40]
        return f'The date of this row, "{shown}", could not be read as a date with a time; it was left out.'
    return ""


def _id_digits(cell: str) -> str:
    """The number of an activity, without the zeros that a spreadsheet puts behind it."""
    return re.sub(r"[.,]0+$", "", cell.strip())


def _row(
    layout: ExportLayout, distance: Callable[[str, str], float | None], cells: list[str]
) -> dict[str, object]:
    def text(name: str) -> str:
        place = layout.at.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    values: dict[str, object] = {measure: cell_number(text(measure)) for measure in MEASURES}
    for measure in ("elapsed_s", "max_heart_rate_bpm"):
        if values[measure] is None:
            values[measure] = cell_number(text(f"shown_{measure}"))
    if layout.shown_distance:
        values["distance_m"] = distance(text("shown_distance"), text("sport_text"))
    for measure in ZERO_IS_UNKNOWN:
        values[measure] = values[measure] or None
    values |= {name: _gear_number(text(name)) for name in ("gear_id", "bike_id")}
    values |= {
        "name": _plain(text("name")),
        "sport_text": _plain(text("sport_text")),
        "gear_name": _plain(text("gear_name")),
    }
    file_name = text("file_name").replace("\\", "/")
    values |= {name: text(name)[:_LONGEST_TEXT] or None for name in ("description", "private_note")}
    values["file_name"] = file_name if FILE_CELL.fullmatch(file_name) else None
    return values


def _distance(layout: ExportLayout) -> Callable[[str, str], float | None]:
    if layout.shown_distance == "mi":
        return _miles
    return _metres if layout.shown_distance == "m" else _shown_distance


def _miles(text: str, sport: str) -> float | None:
    shown = cell_number(text)
    return None if shown is None else shown * METRES_OF_A_MILE


def _metres(text: str, sport: str) -> float | None:
    return cell_number(text)


def _shown_distance(text: str, sport: str) -> float | None:
    """Distance as displayed: km with two decimals, swims in whole metres; the separators are the language's."""
    digits = re.sub(r"[^\d.,]", "", text)
    parts = re.split(r"[.,]", digits)
    if not parts[0]:
        return None
    if len(parts) > 1 and len(parts[-1]) != 3:
        return float("".join(parts[:-1]) + "." + parts[-1]) * 1_000
    number = float("".join(parts))
    return number if len(parts) > 1 or sport_name(sport) == "Swim" else number * 1_000


def _gear_number(text: str) -> int | None:
    """Return a gear's number, exactly where it is written out and as rounded where it is written as a float."""
    value = cell_number(text)
    if value is None or not 1 <= value < _ID_LIMIT:
        return None
    return int(text) if text.isdecimal() else int(value)


def _plain(text: str) -> str | None:
    """Text on one line, with `&amp;` and the like undone."""
    words = " ".join(html.unescape(text).split())
    return words[:_LONGEST_NAME] or None


def _add_notes(parsed: ParsedActivities, table: TextTable, layout: ExportLayout, name: str) -> None:
    if layout.shown_distance == "mi":
        parsed.notes.append(
            Skipped(name, "Its distances agree with its speeds as miles; they were taken as such.")
        )
    if layout.shown_distance == "km" and layout.remarks:
        parsed.notes.append(Skipped(name, "Its distances were taken as kilometres."))
    elif layout.shown_distance == "km" and not parsed.rows.is_empty():
        remark = "This early form of the export gives distances as displayed; they were taken as kilometres."
        parsed.notes.append(Skipped(name, remark))
    parsed.notes.extend(Skipped(name, remark) for remark in layout.remarks)
    if not table.rows:
        parsed.notes.append(Skipped(name, "The table holds no activities."))
