"""Tables as people write them: bytes to rows of cells, and one cell to a value or a sentence why not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import polars as pl

from connectors.contract import Column
from connectors.errors import UnreadableFile

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
EARLIEST = date(1970, 1, 1)
MOST_CHARACTERS = 2_000


def table_rows(data: bytes) -> list[list[str]]:
    """Split the text of a table into rows of cells."""
    text = _text(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first)))
    except csv.Error as error:
        raise UnreadableFile(
            f"This table could not be read as CSV ({error}). Nothing was read from it; look for a "
            "quotation mark that is never closed."
        ) from error


def heading_names(head: bytes) -> list[str]:
    """Return the names in the first line of a table."""
    lines = [line for line in _text(head, is_head=True).splitlines() if line.strip()]
    if not lines:
        return []
    try:
        return [normalise(cell) for cell in next(csv.reader(lines[:1], delimiter=_delimiter(lines[0])))]
    except csv.Error:
        return []


def normalise(name: str) -> str:
    """Write the name of a column as ours are written.

    "Pain after" and "pain-after" are meant alike.
    """
    return re.sub(r"[\s-]+", "_", name.strip().strip('"').strip().lower())


def cells_by_heading(names: Sequence[str], row: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """Return the cells of one row by the name of their column."""
    if any(cell.strip() for cell in row[len(names) :]):
        raise ValueError(
            "It has more cells than the header has names; put text that holds a comma in quotes."
        )
    return {name: cell.strip() for name, cell in zip(names, row, strict=False) if name in wanted}


def read_date(text: str, today: date, name: str = "date") -> date:
    """Read a local date.

    No other way of writing a date is read alike in all countries.
    """
    if not ISO_DATE.fullmatch(text):
        raise ValueError(f'Its {name} "{text}" is not written as year-month-day, such as 2026-03-01.')
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'Its {name} "{text}" is not in the calendar.') from error
    if not EARLIEST <= day <= today + timedelta(days=366):
        raise ValueError(f"Its {name} {text} is too far from today to be meant.")
    return day


def read_value(name: str, text: str, column: Column) -> str | float | int | None:
    """Read a cell by its contract: one of a few words, a number in its bounds, or free text."""
    if not text:
        return None
    if column.one_of:
        if text.lower() not in column.one_of:
            raise ValueError(f'Its {name} "{text}" is none of {", ".join(column.one_of)}.')
        return text.lower()
    if column.dtype == pl.String:
        return text[:MOST_CHARACTERS]
    return _number(name, text, column)


def _number(name: str, text: str, column: Column) -> float | int:
    if not NUMBER.fullmatch(text):
        raise ValueError(f'Its {name} "{text}" is not a number.')
    value = float(text.replace(",", "."))
    low, high = column.low, column.high
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(f"Its {name} {text} is outside {low:g} to {high:g}.")
    if low is not None and value < low:
        raise ValueError(f"Its {name} {text} is less than {low:g}.")
    if column.dtype == pl.Float64:
        return value
    if value != int(value) or abs(value) > 2**31 - 1:
        raise ValueError(f"Its {name} {text} is not a whole number.")
    return int(value)


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
