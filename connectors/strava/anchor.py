"""Where the columns of an `activities.csv` stand, found by position and not by name.

The table holds two blocks. The first is for people: localised, in the account's units. The second is for
machines: SI units with a decimal point in every language and era seen, always in one order, beginning with
the elapsed time a second time. So the second heading equal to the sixth is the anchor. Headings repeat, are
translated, mistranslated or raw markup, and are therefore asked only when the anchor cannot be found.
"""

from __future__ import annotations

import html
import re
import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.errors import UnknownFile
from connectors.strava.dates import parse_dates

FILE_CELL = re.compile(r"activities/[\w-]+\.\w[\w.]*", re.IGNORECASE)

SECOND_BLOCK = {
    "elapsed_s": 0,
    "moving_s": 1,
    "distance_m": 2,
    "max_speed_mps": 3,
    "average_speed_mps": 4,
    "ascent_device_m": 5,
    "descent_device_m": 6,
    "lowest_m": 7,
    "highest_m": 8,
    "cadence_one_leg": 14,
    "max_heart_rate_bpm": 15,
    "heart_rate_bpm": 16,
    "perceived_exertion_0_10": 28,
}
"""Columns from the anchor on."""

LEAST_AFTER_ANCHOR = 17
NAMES_BEGIN = 20
GEAR_AFTER_ANCHOR = {"bike_id": 53, "gear_id": 54}
HEADINGS = {
    "moving_s": "moving time|beweegtijd|bewegungszeit|duree de deplacement|temps de deplacement|tiempo en movimiento"
    "|tempo em movimento|tempo de movimentacao|tempo de movimento|tempo in movimento|czas ruchu|czas w ruchu",
    "gear_id": "gear|uitrusting|ausrustung|materiel|equipement|equipamiento|equipo|equipamento|attrezzatura"
    "|sprzet|wyposazenie",
    "bike_id": "bike|fiets|fahrrad|rad|velo|bicicleta|bici|bicicletta|rower",
}
"""What the headings of columns without a fixed place are called, in small letters without accents."""

SHORT_COLUMNS = 10
SHORT_HEADINGS = ("id", "activity id")
TOLERANCE = 0.02
_ROWS_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Layout:
    """Which column is which.

    Parameters
    ----------
    at
        Our name to the column's number; a column the table does not have is missing.
    width
        Headings in all.
    needs
        Cells a row must have to be read.
    shown_distance
        How a table without the second block gives distance: "km" as displayed, "m" in metres; "" where the
        second block gives it.
    """

    at: dict[str, int]
    width: int
    needs: int
    shown_distance: str = ""


def find_layout(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Layout:
    """Find the columns of an `activities.csv` of any language and era.

    Parameters
    ----------
    header : sequence of str
        The first row.
    rows : sequence of sequence of str
        All others, or as many as there are.

    Returns
    -------
    Layout
        Held against the numbers: where distance, moving time and average speed are given together, they agree.

    Raises
    ------
    UnknownFile
        The table is not one of a Strava export.

    Source
    ------
    ours: on 12 real exports of 72 to 103 columns in two languages the median of distance / moving time / average
    speed was 1.000.
    """
    words = [_word(cell) for cell in header]
    some = rows[:_ROWS_LOOKED_AT]
    for anchor in _anchors(words, some):
        if anchor + LEAST_AFTER_ANCHOR <= len(header) and _agrees(anchor, some):
            return _long(words, some, anchor)
    if SHORT_COLUMNS <= len(header) < SHORT_COLUMNS + 5 and _is_short(words, some):
        return _short(words, some)
    raise UnknownFile(
        "The columns are not those of an activities.csv from a Strava export. Nothing was taken from it."
    )


def number(text: str) -> float | None:
    """Read a number of the second block.

    Parameters
    ----------
    text : str
        One cell; a comma stands for the point where a spreadsheet has put one since.

    Returns
    -------
    float or None
        None where the cell is empty or no finite number.
    """
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _anchors(words: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """Columns that may be the anchor: by the repeated heading, by a known heading, by the repeated numbers."""
    later = range(6, len(words))
    yield from (i for i in later if words[i] and words[i] == words[5])
    yield from (i - 1 for i in later if i > 6 and words[i] in HEADINGS["moving_s"].split("|"))
    if len(words) > SHORT_COLUMNS + LEAST_AFTER_ANCHOR:
        yield from (i for i in later if _same_numbers(rows, 5, i))


def _agrees(anchor: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers speak for an anchor; no numbers speak neither for nor against it."""
    full = [row for row in rows if len(row) >= anchor + LEAST_AFTER_ANCHOR]
    ratios = []
    for row in full:
        moving, distance, speed = (number(row[anchor + i]) for i in (1, 2, 4))
        if moving and distance and speed:
            ratios.append(distance / moving / speed)
    if ratios and abs(statistics.median(ratios) - 1) > TOLERANCE:
        return False
    return not full or _same_numbers(full, 5, anchor) or not any(row[5].strip() for row in full)


def _same_numbers(rows: Sequence[Sequence[str]], first: int, second: int) -> bool:
    """Whether two columns hold the same numbers, in nine rows of ten."""
    pairs = [(number(r[first]), number(r[second])) for r in rows if len(r) > second]
    known = [a == b for a, b in pairs if a is not None]
    return bool(known) and sum(known) >= 0.9 * len(known)


def _long(words: Sequence[str], rows: Sequence[Sequence[str]], anchor: int) -> Layout:
    at = {name: anchor + i for name, i in SECOND_BLOCK.items() if anchor + i < len(words)}
    file_at = _file_column(rows, range(6, anchor), anchor - 3)
    at |= {"file_name": file_at, "gear_name": file_at - 1, "shown_elapsed_s": 5}
    for i in range(6, anchor):
        if words[i] and words[i] == words[at["max_heart_rate_bpm"]]:
            at["shown_max_heart_rate_bpm"] = i
    for name, after in GEAR_AFTER_ANCHOR.items():
        named = [i for i in range(anchor + NAMES_BEGIN, len(words)) if words[i] in HEADINGS[name].split("|")]
        for i in [*named, anchor + after]:
            if name not in at and i < len(words) - 8 * (not named) and _holds_ids(rows, i):
                at[name] = i
    return Layout(at, len(words), anchor + LEAST_AFTER_ANCHOR)


def _short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> Layout:
    file_at = _file_column(rows, range(7, len(words)), len(words) - 1)
    at = {"file_name": file_at, "gear_name": file_at - 1, "shown_elapsed_s": 5, "shown_distance": 6}
    return Layout(at, len(words), len(words), "m" if words[0] == "id" else "km")


def _is_short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is one of the early tables of ten columns."""
    if words[0] in SHORT_HEADINGS and words[5] in ("elapsed time", "elapsed_time"):
        return True
    full = [row for row in rows if len(row) == len(words) and row[0].strip().isdigit()]
    dates = parse_dates([row[1] for row in full])
    return any(d and number(row[5]) is not None for d, row in zip(dates, full, strict=True))


def _file_column(rows: Sequence[Sequence[str]], columns: range, otherwise: int) -> int:
    counts = {i: sum(bool(FILE_CELL.fullmatch(_slashes(_cell(r, i)))) for r in rows) for i in columns}
    best = max(columns, key=lambda i: counts[i])
    return best if counts[best] else otherwise


def _holds_ids(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column holds nothing but whole numbers of the size of a gear's id, or nothing at all."""
    return all(_is_id(cell) for row in rows if (cell := _cell(row, column).strip()))


def _is_id(cell: str) -> bool:
    value = number(cell)
    return value is not None and value >= 1 and value == int(value)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _slashes(cell: str) -> str:
    return cell.strip().replace("\\", "/")


def _word(heading: str) -> str:
    """A heading in small letters without accents; of raw markup, what it was meant to show."""
    text = re.sub(r"<[^>]*>", "", html.unescape(heading)).strip()
    if text.casefold().startswith("translation missing"):
        text = text.rsplit(".", 1)[-1].replace("_", " ")
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
