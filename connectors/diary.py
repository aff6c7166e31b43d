"""The diary: a CSV in; rows of SYMPTOM out, and of sets, tests and events where it has their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from connectors.cells import head_names, named_cells, plain, read_date, table_rows
from connectors.diary_cells import COLUMNS, CONTRACT, needs_minutes, read_cell, write_cell
from connectors.errors import ContractError, UnreadableFile
from connectors.events import EVENTS
from connectors.results import RESULTS
from connectors.source import Skipped
from connectors.strength import SETS
from connectors.subjects import Subject
from connectors.symptoms import minutes_of, symptom_id, symptom_rows

SUBJECTS = (SETS, RESULTS, EVENTS)
FELT = tuple(name for name in COLUMNS if name not in ("date", "side", "note"))
"""Columns that say something of the tendon; a side or a note may belong to a set or an event."""
ALL_COLUMNS = {*COLUMNS, *(name for subject in SUBJECTS for name in subject.columns)}


@dataclass(frozen=True)
class Diary:
    """What a diary file holds.

    Parameters
    ----------
    symptoms : DataFrame
        Contract SYMPTOM, one row for each date and side.
    beside : dict of str to DataFrame
        Sets, test results and events, by the name of their contract; all three are there, perhaps empty.
    skipped : list of Skipped
        Rows left out, with their number in the file (the header is row 1) and the reason.
    warnings : list of str
        What went in with a remark, and columns that are not read.
    """

    symptoms: pl.DataFrame
    skipped: list[Skipped]
    warnings: list[str]
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)


def is_diary(head: bytes) -> bool:
    """Tell a diary from any other table by its header.

    Parameters
    ----------
    head : bytes
        The first few thousand bytes of a file; may end anywhere.

    Returns
    -------
    bool
        True when there is a `date` column and, beside it, nothing or at least one other column of the diary.

    Source
    ------
    ours: the header of the contract; the account table of an export has no column called just "date".
    """
    names = head_names(head)
    known = set(names) & {*COLUMNS, *(subject.told_by for subject in SUBJECTS)}
    return "date" in known and (len(known) > 1 or len(set(filter(None, names))) == 1)


def parse_diary(data: bytes, athlete_id: int, fetched_utc: datetime) -> Diary:
    """Read a diary CSV.

    Parameters
    ----------
    data : bytes
        UTF-8 or Windows-1252; comma, semicolon or tab; columns in any order, only `date` required.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the import.

    Returns
    -------
    Diary
        Good rows, rows left out with their reason, remarks. An empty cell is null, 0 is none.

    Raises
    ------
    UnreadableFile
        When there is no header with a `date` column, or the text is not a table.

    Source
    ------
    ours: the diary of the contract; one bad row costs no other.
    """
    rows = table_rows(data)
    header_at = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    names = [plain(cell) for cell in rows[header_at]] if header_at is not None else []
    if header_at is None or "date" not in names:
        raise UnreadableFile(
            "This table has no column called date, so it is not a symptom diary. Nothing was read from it. "
            "Its first line should be: " + ",".join(CONTRACT)
        )
    reading = _Reading(names, fetched_utc.date())
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        if any(cell.strip() for cell in row):
            reading.take(number, row)
    beside = {
        subject.contract.name: subject.build(reading.said(subject), athlete_id, fetched_utc)
        for subject in SUBJECTS
    }
    symptoms = symptom_rows(reading.said(None), athlete_id, fetched_utc)
    return Diary(symptoms, reading.skipped, reading.warnings, beside)


def write_diary(symptoms: pl.DataFrame) -> bytes:
    """Write entries as a diary CSV.

    Parameters
    ----------
    symptoms : DataFrame
        SYMPTOM, of one runner.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, oldest first: one row for each date and side, the last word on it; empty is
        unknown. `parse_diary` gives the same entries back.

    Source
    ------
    ours: what a runner wrote can be taken elsewhere and brought back.
    """
    kept = symptoms.sort("date", "side", "fetched_utc", "source", nulls_last=True).unique(
        ["date", "side"], keep="last", maintain_order=True
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in kept.iter_rows(named=True):
        if not needs_minutes(row["morning_stiffness_min"], row["morning_stiffness_band"]):
            row["morning_stiffness_min"] = None
        cells = {name: write_cell(name, row[column]) for name, column in COLUMNS.items()}
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
            cells = named_cells(self.names, row, ALL_COLUMNS)
        except ValueError as error:
            self.skipped.append(Skipped(f"row {number}", str(error)))
            return
        told = [subject for subject in SUBJECTS if cells.get(subject.told_by)]
        felt = any(cells.get(name) for name in FELT)
        for subject in [*told, *([None] if felt or not told else [])]:
            try:
                entry = subject.read(cells, self.today) if subject else _entry(cells, self.today)
            except ValueError as error:
                self.skipped.append(Skipped(f"row {number}", str(error)))
                continue
            self._keep(subject, number, entry)

    def said(self, subject: Subject | None) -> list[dict[str, object]]:
        """Give what was said of one subject; None is the symptoms."""
        name = subject.told_by if subject else ""
        return [entry for (of, _), (_, entry) in self.kept.items() if of == name]

    def _keep(self, subject: Subject | None, number: int, entry: dict[str, object]) -> None:
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


def _in_words(subject: Subject, entry: Mapping[str, object]) -> str:
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
    for name, column in COLUMNS.items():
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
    for subject in SUBJECTS:
        if any(cells.get(name) for name in subject.columns if name not in COLUMNS):
            return f"It does not say which {subject.told_by} it is of."
    return "It holds a date and nothing else; write 0 where there was none."
