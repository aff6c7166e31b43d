"""The one writer of CSV: no cell is taken for a formula by a spreadsheet, and every cell reads back as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import polars as pl

BOM = b"\xef\xbb\xbf"
"""Begins a file for spreadsheets: without it some read UTF-8 as another encoding."""
_LIVE = r"[=+\-@\t\r\n＝＋－＠]"
# Apostrophes in front of such a sign are counted up too, so that taking one off gives back what was written.
_GUARDED = rf"^'*{_LIVE}"
_READ_BACK = re.compile(rf"'+{_LIVE}")


def guard(text: str) -> str:
    """Write a cell with an apostrophe in front where a spreadsheet could take it for a formula."""
    return f"'{text}" if re.match(_GUARDED, text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put in front of a cell."""
    return text[1:] if _READ_BACK.match(text) else text


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of cells for a spreadsheet."""
    return BOM + csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of cells that follow others, for a table too long to be written at once."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def write_frame(frame: pl.DataFrame, has_bom: bool = True) -> bytes:
    """Write a frame, dates as in ISO 8601; numbers are no text and stay as they are."""
    text = pl.selectors.string() | pl.selectors.categorical() | pl.selectors.enum()
    words = text.cast(pl.String)
    guarded = pl.when(words.str.contains(_GUARDED)).then(pl.format("'{}", words)).otherwise(words)
    cells = frame.with_columns(guarded.name.keep()) if frame.select(text).width else frame
    headings = {name: guard(name) for name in cells.columns}
    return BOM * has_bom + cells.rename(headings).write_csv(date_format="%Y-%m-%d").encode()
