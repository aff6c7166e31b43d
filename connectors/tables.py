"""Every table that people make, as rows of text: CSV in any dress, Excel and OpenDocument workbooks."""

# CSV is parsed by the standard library, since a title line, a ragged row or a row number must survive, which
# columnar readers do not promise; workbooks by python-calamine.

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import python_calamine

from connectors.errors import AmbiguousDates, UnreadableFile, UnsafeFile
from connectors.gunzip import RECORDING_BYTES
from connectors.source import Skipped
from connectors.text_decoding import decode_text
from connectors.written_dates import DateOrder, DateQuestion, first_ambiguous, settle_order

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".fods")
"""Names under which people keep tables; the content decides, not the name."""

DELIMITERS = (",", ";", "\t", "|")
MOST_CELLS = 5_000_000
_ABOVE = 30
_LARGEST_CELL = 4 << 20
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?[,;\t| ]*\r?(?:\n|\r|$)', re.IGNORECASE)
_CELL_NAME = re.compile(rb'<(?:x:)?c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')
_NUMBER = re.compile(r"[+-]?[\d.,\s]+%?")
_WORKBOOK_DAMAGE = (python_calamine.CalamineError, OSError, ValueError, AttributeError, EOFError)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Cells = list[str]
IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Table:
    """One table of a file: a CSV has one, a workbook one for each sheet."""

    header: Cells
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    sheet: str = ""
    header_row: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def read_table(data: bytes, name: str, is_header: IsHeader | None = None) -> list[Table]:
    """Read every table in a file."""
    sheets = list(_sheets(data, name)) if is_workbook(data) else [("", *_text_rows(data, name))]
    tables = [_as_table(rows, sheet, skipped, is_header) for sheet, rows, skipped in sheets]
    if not tables:
        raise UnreadableFile(f"{name} is a workbook without a sheet. Nothing was taken from it.")
    return [table for table in tables if table.header] or tables[:1]


def is_workbook(data: bytes) -> bool:
    """Recognise a workbook of Excel or OpenDocument, by its content."""
    if data.startswith(_OLE):
        return b"W\0o\0r\0k\0b\0o\0o\0k\0" in data or b"B\0o\0o\0k\0" in data
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and "content.xml" in names:
                return b"spreadsheet" in archive.read("mimetype")[:200]
            return any(name.startswith("xl/") for name in names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error):
        return False


def is_text(data: bytes) -> bool:
    """Distinguish text from binary data by its beginning."""
    text = decode_text(data[:4_096], is_head=True)
    odd = sum(ord(c) < 32 and c not in "\t\n\r\f\v\x1a" for c in text) + text.count("\ufffd")
    return "\0" not in text and odd <= len(text) // 10


def _text_rows(data: bytes, name: str) -> tuple[list[tuple[int, Cells]], list[Skipped]]:
    text = decode_text(data).removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableFile(f"{name} is empty. Nothing was taken from it.")
    if data.startswith(b"PK\x03\x04"):
        raise UnreadableFile(
            f"{name} is a workbook or an archive that is cut off or damaged, or no table. Nothing was taken from it; "
            "save or download it again."
        )
    if not is_text(data) or text.lstrip()[:1] in "{<":
        raise UnreadableFile(f"{name} is not a text table. Nothing was taken from it.")
    return parse_text_rows(text, name)


def parse_text_rows(text: str, name: str) -> tuple[list[tuple[int, Cells]], list[Skipped]]:
    """Part the text of a CSV into numbered rows; where it breaks off, the rows before stay."""
    delimiter, first_number = "", 1
    if stated := _SEPARATOR_LINE.match(text):
        delimiter, text, first_number = stated[1], text[stated.end() :], 2
    delimiter = delimiter or _delimiter(text)
    csv.field_size_limit(_LARGEST_CELL)
    rows: list[tuple[int, Cells]] = []
    skipped: list[Skipped] = []
    number = first_number - 1
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), first_number
        ):
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
    except csv.Error as error:
        reason = f"The table breaks off after this row ({error}); the rows before it were taken."
        skipped.append(Skipped(f"{name} row {number}", reason))
    return _without_outer_quotes(rows), skipped


def _delimiter(text: str) -> str:
    """The sign that parts the first rows most evenly; a title line or a note full of commas does not decide."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:_ABOVE]
    best, most = ",", 0
    for sign in DELIMITERS:
        counts = Counter(n for line in lines if (n := _outside_quotes(line, sign)))
        evenness = max((width * rows for width, rows in counts.items()), default=0)
        if evenness > most and not (sign == "," and _is_decimal_comma(lines)):
            best, most = sign, evenness
    return best


def _outside_quotes(line: str, sign: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(sign)


def _is_decimal_comma(lines: Sequence[str]) -> bool:
    """Whether commas only stand between digits, while another sign parts the cells of every line."""
    if any(re.search(r"(?<!\d),|,(?!\d)", re.sub(r'"[^"]*"', "", line)) for line in lines):
        return False
    return any(all(_outside_quotes(line, other) for line in lines) for other in DELIMITERS[1:])


def _without_outer_quotes(rows: list[tuple[int, Cells]]) -> list[tuple[int, Cells]]:
    """Each row quoted as a whole, as a spreadsheet writes a table that it took for one column."""
    if len(rows) < 2 or any(len(cells) > 1 and any(cells[1:]) for _, cells in rows):
        return rows
    inner = _delimiter("\n".join(cells[0] for _, cells in rows))
    if not all(inner in cells[0] for _, cells in rows):
        return rows
    parted = [(n, next(csv.reader([cells[0]], delimiter=inner))) for n, cells in rows]
    return [(n, cells) for n, cells in parted if any(cell.strip() for cell in cells)]


def _as_table(
    rows: list[tuple[int, Cells]], sheet: str, skipped: list[Skipped], is_header: IsHeader | None
) -> Table:
    if not rows:
        return Table([], sheet=sheet, skipped=skipped)
    at = next((i for i, (_, cells) in enumerate(rows[:_ABOVE]) if is_header and is_header(cells)), None)
    at = _header_at(rows) if at is None else at
    number, header = rows[at]
    return Table([cell.strip() for cell in header], rows[at + 1 :], sheet, number, skipped)


def _header_at(rows: Sequence[tuple[int, Cells]]) -> int:
    """The first row about as wide as the widest in which nothing is a number."""
    first = rows[:_ABOVE]
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in first]
    usual = max(widths)
    for i, (_, cells) in enumerate(first):
        if 2 * widths[i] > usual and not any(_NUMBER.fullmatch(c.strip()) for c in cells if c.strip()):
            return i
    return 0


def _sheets(data: bytes, name: str) -> Iterator[tuple[str, list[tuple[int, Cells]], list[Skipped]]]:
    _check_size(data, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheet_names:
            grid = book.get_sheet_by_name(sheet)
            above = grid.start[0] if grid.start else 0
            rows = [
                (number, [_cell_text(value) for value in values])
                for number, values in enumerate(grid.to_python(skip_empty_area=True), above + 1)
            ]
            yield sheet, [(n, cells) for n, cells in rows if any(cell.strip() for cell in cells)], []
    except python_calamine.PasswordError as error:
        raise UnreadableFile(
            f"{name} is a workbook closed with a password. Nothing was taken from it; save a copy without a password."
        ) from error
    except BaseException as error:
        # A panic of the library's native code is no Exception; whatever else is not of a damaged file goes on.
        if not isinstance(error, _WORKBOOK_DAMAGE) and type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile(
            f"{name} is a workbook that could not be opened: it is damaged or not saved to its end. Nothing was taken "
            "from it; open it in a spreadsheet, save it as CSV and import that."
        ) from error


def _cell_text(value: object) -> str:
    """A cell as text that the readers of CSV cells understand: dates ISO, whole numbers without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    return str(value)


def _check_size(data: bytes, name: str) -> None:
    """Refuse what unpacks to more than a table: the count of cells is read before a grid is laid out."""
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > RECORDING_BYTES:
                raise UnsafeFile(f"{name} unpacks to more than {RECORDING_BYTES >> 20} MB. It was left out.")
            for entry in archive.infolist():
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    with archive.open(entry) as stream:
                        _check_cells(stream.read(RECORDING_BYTES), name)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
        zlib.error,
    ) as error:
        raise UnreadableFile(f"{name} is damaged and could not be opened. It was left out.") from error


def _check_cells(xml: bytes, name: str) -> None:
    columns, last_row = set(), 0
    for column, row in _CELL_NAME.findall(xml):
        columns.add(column)
        last_row = max(last_row, int(row))
    width = max((_column_number(column) for column in columns), default=0)
    if width * last_row > MOST_CELLS:
        raise UnsafeFile(
            f"{name} has a cell far outside its table ({width:,} columns by {last_row:,} rows). It was left out; "
            "copy the table into a new sheet and import that."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def settled_order(texts: Sequence[str], name: str, day_first: bool | None) -> DateOrder | None:
    """Settle in which order a column writes its dates."""
    order = settle_order(texts)
    open_date = None if order else first_ambiguous(texts)
    if open_date is None:
        return order
    if day_first is None:
        raise AmbiguousDates(DateQuestion(name, *open_date))
    return DateOrder.day_first if day_first else DateOrder.month_first
