"""The symptom diary: a CSV in, rows of SYMPTOM out, and the other way round."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from connectors.diary_cells import COLUMNS, CONTRACT, needs_minutes, read_cell, read_date, write_cell
from connectors.errors import ContractError, UnreadableFile
from connectors.source import Skipped
from connectors.symptoms import minutes_of, symptom_id, symptom_rows


@dataclass(frozen=True)
class Diary:
    """What a diary file holds.

    Parameters
    ----------
    symptoms : DataFrame
        Contract SYMPTOM, one row for each date and side.
    skipped : list of Skipped
        Rows left out, with their number in the file (the header is row 1) and the reason.
    warnings : list of str
        What went in with a remark, and columns that are not read.
    """

    symptoms: pl.DataFrame
    skipped: list[Skipped]
    warnings: list[str]


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
    lines = [line for line in _text(head, is_head=True).splitlines() if line.strip()]
    if not lines:
        return False
    try:
        names = [_plain(cell) for cell in next(csv.reader(lines[:1], delimiter=_delimiter(lines[0])))]
    except csv.Error:
        return False
    known = set(names) & COLUMNS.keys()
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
    rows = _rows(data)
    header_at = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    names = [_plain(cell) for cell in rows[header_at]] if header_at is not None else []
    if header_at is None or "date" not in names:
        raise UnreadableFile(
            "This table has no column called date, so it is not a symptom diary. Nothing was read from it. "
            "Its first line should be: " + ",".join(CONTRACT)
        )
    entries: dict[str, tuple[int, dict[str, object]]] = {}
    skipped: list[Skipped] = []
    warnings = _strange(names)
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            entry = _entry(names, row, fetched_utc.date())
        except ValueError as error:
            skipped.append(Skipped(f"row {number}", str(error)))
            continue
        key = symptom_id(entry["date"], entry["side"])
        if key in entries:
            side = f" ({entry['side']})" if entry["side"] else ""
            earlier, _ = entries.pop(key)
            warnings.append(
                f"{entry['date']}{side} is there twice: row {number} was kept, row {earlier} was not."
            )
        entries[key] = (number, entry)
    symptoms = symptom_rows((entry for _, entry in entries.values()), athlete_id, fetched_utc)
    return Diary(symptoms, skipped, warnings)


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


def _rows(data: bytes) -> list[list[str]]:
    """Split the text into rows of cells; row numbers are those a spreadsheet shows."""
    text = _text(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first)))
    except csv.Error as error:
        raise UnreadableFile(
            f"This table could not be read as CSV ({error}). Nothing was read from it; look for a "
            "quotation mark that is never closed."
        ) from error


def _text(data: bytes, is_head: bool = False) -> str:
    """Decode the bytes; a head may end within a sign, so it is not taken for another encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig", errors="replace" if is_head else "strict")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(line: str) -> str:
    """Take the sign that parts most names of the header."""
    return max(",;\t", key=line.count)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().strip('"').strip().lower())


def _strange(names: list[str]) -> list[str]:
    unknown = [name for name in names if name and name not in COLUMNS]
    if not unknown:
        return []
    many = "Column" if len(unknown) == 1 else "Columns"
    return [f"{many} not read, as the diary has none of that name: {', '.join(unknown)}."]


def _entry(names: list[str], row: list[str], today: date) -> dict[str, object]:
    """Read one row; a ValueError says in words why it cannot be kept."""
    if any(cell.strip() for cell in row[len(names) :]):
        raise ValueError(
            "It has more cells than the header has names; put text that holds a comma in quotes."
        )
    cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name in COLUMNS}
    entry: dict[str, object] = {"date": read_date(cells.get("date", ""), today)}
    for name, column in COLUMNS.items():
        if name != "date":
            entry[column] = read_cell(name, cells.get(name, ""))
    if all(value is None for column, value in entry.items() if column != "date"):
        raise ValueError("It holds a date and nothing else; write 0 where there was none.")
    try:
        entry["morning_stiffness_min"] = minutes_of(entry)
    except ContractError as error:
        raise ValueError("Its morning_stiffness_min lies outside its stiffness_band.") from error
    return entry
