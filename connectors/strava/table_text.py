"""From the bytes of an export's table to its header and rows of text, whoever saved it last."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from connectors.errors import UnreadableFile
from connectors.source import Skipped

_DELIMITERS = ",;\t"
_LARGEST_CELL = 4 << 20


@dataclass
class TextTable:
    """A table as text.

    Parameters
    ----------
    header
        Cells of the first row, as they stand.
    rows
        (row number as a spreadsheet counts, the header being 1; cells). Blank rows are left out.
    skipped
        What could not be told apart into rows.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def parse_table(data: bytes, name: str) -> TextTable:
    """Tell a delimited text apart into rows.

    Parameters
    ----------
    data : bytes
        UTF-8 as the export writes it; with a byte order mark, UTF-16 or Windows letters, and with semicolons or
        tabs, where a spreadsheet has saved it since.
    name : str
        For messages.

    Returns
    -------
    TextTable
        Cells keep their blanks and line breaks.

    Raises
    ------
    UnreadableFile
        Empty, or not text.

    Source
    ------
    ours: exports are opened and saved again before they get here.
    """
    text = _text(data)
    if not text.strip() or "\0" in text[:4096]:
        raise UnreadableFile(f"{name} is empty or not a text table. Nothing was taken from it.")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    table = TextTable([])
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cells):
                continue
            if table.header:
                table.rows.append((number, cells))
            else:
                table.header = cells
    except csv.Error as error:
        reason = f"The table breaks off after this row ({error}); the rows before it were taken."
        table.skipped.append(Skipped(f"{name} row {number}", reason))
    return table


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
