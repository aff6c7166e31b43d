"""The columns of the diary CSV, and how one cell of each is read and written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from connectors.csv_cells import cells_by_heading, heading_names, normalise, read_date, read_value, table_rows
from connectors.errors import ContractError, UnreadableFile
from connectors.frames import STIFFNESS_BANDS, SYMPTOM
from connectors.manual_rows import (
    BAND_MIDDLES_MIN,
    EVENTS,
    RESULTS,
    SETS,
    ManualSubject,
    minutes_of,
    symptom_id,
    symptom_rows,
)
from connectors.source import Skipped

CONTRACTS_OF = (
    "date",
    "side",
    "site",
    "morning_stiffness_min",
    "morning_pain",
    "pain_during",
    "pain_after",
    "note",
)
"""The header that every diary may rely on; the others are our own additions."""
DIARY_COLUMNS = {
    "date": "date",
    "side": "side",
    "site": "site",
    "morning_stiffness": "morning_stiffness_0_10",
    "morning_stiffness_min": "morning_stiffness_min",
    "stiffness_band": "morning_stiffness_band",
    "morning_pain": "morning_pain_0_10",
    "pain_start": "pain_start_0_10",
    "warmed_up": "warmed_up",
    "pain_during": "pain_during_0_10",
    "pain_after": "pain_after_0_10",
    "same_as_before": "is_same_as_before",
    "note": "note",
}
"""Names in the CSV to names in SYMPTOM, in the order they are written."""

_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_cell(name: str, text: str) -> str | float | bool | None:
    """Read a cell of any other column."""
    if text and name in _READ:
        return _READ[name](name, text)
    return read_value(name, text, SYMPTOM.columns[DIARY_COLUMNS[name]])


def write_cell(name: str, value: object) -> str:
    """Write a cell so that `read_cell` and `csv_cells.read_date` give the same back.

    A band is written "5 to 15", since a spreadsheet would make a date of "5-15".
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value).replace("-", " to ") if name == "stiffness_band" else str(value)


def needs_minutes(minutes: float | None, band: str | None) -> bool:
    """Tell whether minutes say more than their band does.

    A number that was never said is not handed on.
    """
    return band is None or minutes != BAND_MIDDLES_MIN[band]


def _yes_no(name: str, text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise ValueError(f'Its {name} "{text}" is neither yes nor no.')
    return _YES_NO[text.lower()]


def _band(name: str, text: str) -> str:
    plain = re.sub(r"\s|min", "", text.lower()).replace("to", "-").replace("–", "-")
    if plain not in STIFFNESS_BANDS:
        written = ", ".join(write_cell(name, band) for band in STIFFNESS_BANDS)
        raise ValueError(f'Its {name} "{text}" is none of {written}.')
    return plain


_READ: dict[str, Callable[[str, str], str | bool]] = {
    "stiffness_band": _band,
    "warmed_up": _yes_no,
    "same_as_before": _yes_no,
}


DIARY_SUBJECTS = (SETS, RESULTS, EVENTS)
SYMPTOM_COLUMNS = tuple(name for name in DIARY_COLUMNS if name not in ("date", "side", "note"))
"""Columns that say something of the tendon; a side or a note may belong to a set or an event."""
ALL_COLUMNS = {*DIARY_COLUMNS, *(name for subject in DIARY_SUBJECTS for name in subject.columns)}


@dataclass(frozen=True)
class DiaryRows:
    """What a diary file holds."""

    symptoms: pl.DataFrame
    skipped: list[Skipped]
    warnings: list[str]
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)


def is_diary(head: bytes) -> bool:
    """Tell a diary from any other table by its header.

    The header of the contract; the account table of an export has no column called just "date".
    """
    names = heading_names(head)
    known = set(names) & {*DIARY_COLUMNS, *(subject.told_by for subject in DIARY_SUBJECTS)}
    return "date" in known and (len(known) > 1 or len(set(filter(None, names))) == 1)


def parse_diary(data: bytes, athlete_id: int, fetched_utc: datetime) -> DiaryRows:
    """Read a diary CSV.

    The diary of the contract; one bad row costs no other.
    """
    rows = table_rows(data)
    header_at = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    names = [normalise(cell) for cell in rows[header_at]] if header_at is not None else []
    if header_at is None or "date" not in names:
        raise UnreadableFile(
            "This table has no column called date, so it is not a symptom diary. Nothing was read from it. "
            "Its first line should be: " + ",".join(CONTRACTS_OF)
        )
    reading = _Reading(names, fetched_utc.date())
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        if any(cell.strip() for cell in row):
            reading.take(number, row)
    beside = {
        subject.contract.name: subject.build(reading.said(subject), athlete_id, fetched_utc)
        for subject in DIARY_SUBJECTS
    }
    symptoms = symptom_rows(reading.said(None), athlete_id, fetched_utc)
    return DiaryRows(symptoms, reading.skipped, reading.warnings, beside)


def write_diary(symptoms: pl.DataFrame) -> bytes:
    """Write entries as a diary CSV.

    What a runner wrote can be taken elsewhere and brought back.
    """
    kept = symptoms.sort("date", "side", "fetched_utc", "source", nulls_last=True).unique(
        ["date", "side"], keep="last", maintain_order=True
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(DIARY_COLUMNS)
    for row in kept.iter_rows(named=True):
        if not needs_minutes(row["morning_stiffness_min"], row["morning_stiffness_band"]):
            row["morning_stiffness_min"] = None
        cells = {name: write_cell(name, row[column]) for name, column in DIARY_COLUMNS.items()}
        if any(cell for name, cell in cells.items() if name != "date"):
            writer.writerow(cells.values())
    return b"\xef\xbb\xbf" + text.getvalue().encode()


class _Reading:
    """The rows of one diary as they are read: what each said, what was left out, what was odd."""

    def __init__(self, names: list[str], today: date) -> None:
        self.names, self.today = names, today
        self.kept: dict[tuple[str, str], tuple[int, dict[str, object]]] = {}
        self.skipped: list[Skipped] = []
        self.warnings = _strange(names)

    def take(self, number: int, row: list[str]) -> None:
        """Read one row: symptoms, one fact beside them, or both; a slip in one costs the other nothing."""
        try:
            cells = cells_by_heading(self.names, row, ALL_COLUMNS)
        except ValueError as error:
            self.skipped.append(Skipped(f"row {number}", str(error)))
            return
        told = [subject for subject in DIARY_SUBJECTS if cells.get(subject.told_by)]
        felt = any(cells.get(name) for name in SYMPTOM_COLUMNS)
        for subject in [*told, *([None] if felt or not told else [])]:
            try:
                entry = subject.read(cells, self.today) if subject else _entry(cells, self.today)
            except ValueError as error:
                self.skipped.append(Skipped(f"row {number}", str(error)))
                continue
            self._keep(subject, number, entry)

    def said(self, subject: ManualSubject | None) -> list[dict[str, object]]:
        """Return what was said of one subject; None is the symptoms."""
        name = subject.told_by if subject else ""
        return [entry for (of, _), (_, entry) in self.kept.items() if of == name]

    def _keep(self, subject: ManualSubject | None, number: int, entry: dict[str, object]) -> None:
        name = subject.told_by if subject else ""
        id_ = subject.id_of(entry) if subject else symptom_id(entry["date"], entry["side"])
        key = (name, id_ or f"row {number}")
        if key in self.kept:
            earlier, _ = self.kept.pop(key)
            what = f" ({entry['side']})" if not subject and entry["side"] else ""
            what = f" ({_in_words(subject, entry)})" if subject else what
            self.warnings.append(
                f"{entry['date']}{what} is there twice: row {number} was kept, row {earlier} was not."
            )
        self.kept[key] = (number, entry)


def _in_words(subject: ManualSubject, entry: Mapping[str, object]) -> str:
    """Name what came twice: the exercise, the test or the event."""
    return str(entry[subject.columns[subject.told_by]])


def _strange(names: list[str]) -> list[str]:
    unknown = [name for name in names if name and name not in ALL_COLUMNS]
    if not unknown:
        return []
    many = "Column" if len(unknown) == 1 else "Columns"
    return [f"{many} not read, as the diary has none of that name: {', '.join(unknown)}."]


def _entry(cells: Mapping[str, str], today: date) -> dict[str, object]:
    """Read the symptoms of one row; a ValueError says in words why they cannot be kept."""
    entry: dict[str, object] = {"date": read_date(cells.get("date", ""), today)}
    for name, column in DIARY_COLUMNS.items():
        if name != "date":
            entry[column] = read_cell(name, cells.get(name, ""))
    if all(value is None for column, value in entry.items() if column != "date"):
        raise ValueError(_nothing_said(cells))
    try:
        entry["morning_stiffness_min"] = minutes_of(entry)
    except ContractError as error:
        raise ValueError("Its morning_stiffness_min lies outside its stiffness_band.") from error
    return entry


def _nothing_said(cells: Mapping[str, str]) -> str:
    """Say what a row lacks: the name of what was done, or anything at all."""
    for subject in DIARY_SUBJECTS:
        if any(cells.get(name) for name in subject.columns if name not in DIARY_COLUMNS):
            return f"It does not say which {subject.told_by} it is of."
    return "It holds a date and nothing else; write 0 where there was none."
