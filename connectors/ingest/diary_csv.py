"""The diary: a table in; rows of SYMPTOM out, and of sets, tests and events where it has their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from connectors.cell_words import NONE, is_unknown
from connectors.csv_cells import bare, read_date
from connectors.csv_text import write_rows
from connectors.errors import ContractError, UnknownFile
from connectors.ingest.diary_cells import DIARY_COLUMNS, needs_minutes, read_cell, write_cell
from connectors.ingest.diary_columns import SUBJECTS, DiaryColumn, DiaryHeader, has_diary_header, read_header
from connectors.ingest.foreign_tables import why_no_diary
from connectors.manual_rows import ManualSubject, minutes_of, symptom_id, symptom_rows
from connectors.month_names import plain_text
from connectors.source import Skipped
from connectors.tables import Table, read_table, settled_order
from connectors.written_dates import DateOrder, is_serial, read_written_date

DATES = ("date", "end_date")
SYMPTOM_COLUMNS = tuple(name for name in DIARY_COLUMNS if name not in ("date", "side", "note"))
"""Columns that say something of the tendon; a side or a note may belong to a set or an event."""


@dataclass(frozen=True)
class DiaryRows:
    """What a diary file holds."""

    symptoms: pl.DataFrame
    skipped: list[Skipped]
    warnings: list[str]
    beside: dict[str, pl.DataFrame] = field(default_factory=dict)


def parse_diary(
    data: bytes,
    athlete_id: int,
    fetched_utc: datetime,
    name: str = "this table",
    day_first: bool | None = None,
) -> DiaryRows:
    """Read a diary."""
    tables = read_table(data, name, has_diary_header)
    headers = [read_header(table.header) for table in tables]
    diaries = [(table, header) for table, header in zip(tables, headers, strict=True) if header.is_diary()]
    if not diaries:
        raise UnknownFile(why_no_diary(tables[0].header, name, headers[0]))
    reading = _Reading(fetched_utc.date())
    for table, header in diaries:
        order = _settled(table, header, name, day_first)
        reading.read(table, header, order, f"sheet {table.sheet}, " if len(tables) > 1 else "")
    reading.warnings += [
        f"Sheet {table.sheet} is no diary and was not read."
        for table, header in zip(tables, headers, strict=True)
        if not header.is_diary() and table.header
    ]
    beside = {
        subject.contract.name: subject.build(reading.entries_of(subject), athlete_id, fetched_utc)
        for subject in SUBJECTS
    }
    symptoms = symptom_rows(reading.entries_of(None), athlete_id, fetched_utc)
    return DiaryRows(symptoms, reading.skipped, reading.warnings, beside)


def write_diary(symptoms: pl.DataFrame) -> bytes:
    """Write entries as a diary CSV.

    What a runner wrote can be taken elsewhere and brought back.
    """
    latest = symptoms.sort("date", "side", "fetched_utc", "source", nulls_last=True).unique(
        ["date", "side"], keep="last", maintain_order=True
    )
    rows = []
    for row in latest.iter_rows(named=True):
        if not needs_minutes(row["morning_stiffness_min"], row["morning_stiffness_band"]):
            row["morning_stiffness_min"] = None
        cells = {name: write_cell(name, row[column]) for name, column in DIARY_COLUMNS.items()}
        if any(cell for name, cell in cells.items() if name != "date"):
            rows.append(list(cells.values()))
    return write_rows(list(DIARY_COLUMNS), rows)


def _settled(table: Table, header: DiaryHeader, name: str, day_first: bool | None) -> DateOrder | None:
    """The order of the dates of a table, from all of its rows or from the answer; else the question."""
    places = [column.at for column in header.columns if column.name in DATES]
    texts = [cells[at] for _, cells in table.rows for at in places if at < len(cells)]
    return settled_order(texts, name, day_first)


class _Reading:
    """The rows of one diary as they are read: what each says, what was left out, what was odd."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.entries: dict[tuple[str, str], tuple[str, dict[str, object]]] = {}
        self.skipped: list[Skipped] = []
        self.warnings: list[str] = []
        self.zeros = self.serials = False

    def read(self, table: Table, header: DiaryHeader, order: DateOrder | None, place: str) -> None:
        """Read the rows of one table."""
        self.skipped += table.skipped
        self.warnings += _strange(header) + _unnamed(table)
        for number, row in table.rows:
            label = f"{place}row {number}"
            if any(cell.strip() for cell in row[len(table.header) :]):
                reason = "It has more cells than the header has names; put text that holds a comma in quotes."
                self.skipped.append(Skipped(label, reason))
                continue
            for cells in _by_side(header.columns, row):
                self._take(label, self._with_dates(cells, order))

    def entries_of(self, subject: ManualSubject | None) -> list[dict[str, object]]:
        """Return the entries of one subject; None is the symptoms."""
        name = subject.main_column if subject else ""
        return [entry for (of, _), (_, entry) in self.entries.items() if of == name]

    def _with_dates(self, cells: dict[str, str], order: DateOrder | None) -> dict[str, str]:
        """The cells with their dates written ISO, as far as the order of the column tells."""
        for name in DATES:
            day = read_written_date(cells[name], order) if cells.get(name) else None
            if day:
                if is_serial(cells[name]) and not self.serials:
                    self.serials = True
                    self.warnings.append(f"Its dates are numbers of days: {cells[name]} was read as {day}.")
                cells[name] = day.isoformat()
        return cells

    def _take(self, label: str, cells: dict[str, str]) -> None:
        """Read one row: symptoms, one fact beside them, or both; a slip in one costs the other nothing."""
        felt = any(cells.get(name) for name in SYMPTOM_COLUMNS)
        filled = [subject for subject in SUBJECTS if _is_filled(cells.get(subject.main_column, ""), felt)]
        for subject in [*filled, *([None] if felt or not filled else [])]:
            lost: dict[str, str] = {}
            try:
                entry = subject.read(cells, self.today, lost) if subject else _entry(cells, self.today, lost)
            except ValueError as error:
                self.skipped.append(Skipped(label, str(error)))
                continue
            self.skipped += [
                Skipped(f"{label}, {name}", f"{reason} The rest of the row was read.")
                for name, reason in lost.items()
            ]
            self._keep(subject, label, entry)
            self._remark_zeros(cells)

    def _remark_zeros(self, cells: Mapping[str, str]) -> None:
        word = next(
            (cells[name] for name in SYMPTOM_COLUMNS if plain_text(cells.get(name, "")) in NONE), None
        )
        if word and not self.zeros and not _is_yes_no(cells, word):
            self.zeros = True
            self.warnings.append(
                f'"{word}" in a column of numbers was read as 0; leave a cell empty for unknown.'
            )

    def _keep(self, subject: ManualSubject | None, label: str, entry: dict[str, object]) -> None:
        name = subject.main_column if subject else ""
        id_ = subject.id_of(entry) if subject else symptom_id(entry["date"], entry["side"])
        key = (name, id_ or label)
        if key in self.entries:
            earlier, _ = self.entries.pop(key)
            what = f" ({entry['side']})" if not subject and entry["side"] else ""
            what = f" ({_in_words(subject, entry)})" if subject else what
            self.warnings.append(
                f"{entry['date']}{what} is there twice: {label} was kept, {earlier} was not."
            )
        self.entries[key] = (label, entry)


def _by_side(columns: Sequence[DiaryColumn], row: Sequence[str]) -> list[dict[str, str]]:
    """The cells of a row by our names: once, or once for each side that headings name."""
    pairs = [(column, row[column.at].strip()) for column in columns if column.at < len(row)]
    shared = {column.name: cell for column, cell in pairs if not column.side}
    sides = list(dict.fromkeys(column.side for column in columns if column.side))
    if not sides:
        return [shared]
    both_sides = {name: cell for name, cell in shared.items() if name in ("date", "site", "note")}
    entries = [
        {**both_sides, "side": side, **{c.name: cell for c, cell in pairs if c.side == side}}
        for side in sides
        if any(cell for c, cell in pairs if c.side == side)
    ]
    rest = any(cell for name, cell in shared.items() if name not in both_sides)
    return [*entries, *([shared] if rest or not entries else [])]


def _is_filled(cell: str, felt: bool) -> bool:
    """Whether a row tells of a subject; beside symptoms a dash is an empty cell."""
    return bool(cell) and not (felt and is_unknown(bare(cell)))


def _is_yes_no(cells: Mapping[str, str], word: str) -> bool:
    return any(cells.get(name) == word for name in ("warmed_up", "same_as_before"))


def _unnamed(table: Table) -> list[str]:
    """Report cells under no heading: nobody can know what they are."""
    blank = [at for at, heading in enumerate(table.header) if not heading]
    filled = [at + 1 for at in blank if any(at < len(row) and row[at].strip() for _, row in table.rows)]
    return [f"Column {number} has no heading and was not read." for number in filled]


def _in_words(subject: ManualSubject, entry: Mapping[str, object]) -> str:
    """Name what came twice: the exercise, the test or the event."""
    return str(entry[subject.columns[subject.main_column]])


def _strange(header: DiaryHeader) -> list[str]:
    remarks = [f"Column {heading} was not read: {reason}." for heading, reason in header.refused.items()]
    if header.unknown:
        many = "Column" if len(header.unknown) == 1 else "Columns"
        remarks.append(f"{many} not read, as the diary has none of that name: {', '.join(header.unknown)}.")
    return remarks + header.remarks


def _entry(cells: Mapping[str, str], today: date, lost: dict[str, str]) -> dict[str, object]:
    """Read the symptoms of one row; cells that cannot be read go into `lost`, a row that cannot raises."""
    entry: dict[str, object] = {"date": read_date(cells.get("date", ""), today)}
    for name, column in DIARY_COLUMNS.items():
        if name == "date":
            continue
        try:
            entry[column] = read_cell(name, cells.get(name, ""))
        except ValueError as error:
            entry[column] = None
            lost[name] = str(error)
    felt = [entry[column] for name, column in DIARY_COLUMNS.items() if name not in ("date", "side", "site")]
    if lost and all(value is None for value in felt):
        raise ValueError(" ".join(lost.values()))
    if all(value is None for column, value in entry.items() if column != "date"):
        raise ValueError(_why_empty(cells))
    try:
        entry["morning_stiffness_min"] = minutes_of(entry)
    except ContractError as error:
        raise ValueError("Its morning_stiffness_min lies outside its stiffness_band.") from error
    return entry


def _why_empty(cells: Mapping[str, str]) -> str:
    """Describe what a row lacks: the name of what was done, or anything at all."""
    for subject in SUBJECTS:
        if any(cells.get(name) for name in subject.columns if name not in DIARY_COLUMNS):
            return f"It does not say which {subject.main_column} it is of."
    return "It holds a date and nothing else; write 0 where there was none."
