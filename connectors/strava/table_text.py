"""From the bytes of an export's table to its header and rows of text, whoever saved it last."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.errors import UnreadableFile
from connectors.source import Skipped
from connectors.tables import read_table


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
    try:
        tables = read_table(data, name)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name} is empty or not a text table. Nothing was taken from it.") from error
    table = max(tables, key=lambda one: len(one.header))
    return TextTable(table.header, table.rows, table.skipped)
