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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import polars as pl

from connectors.errors import SourceError, UnknownFile
from connectors.frames import UTC_TIME
from connectors.source import Skipped
from connectors.sports import sport_name
from connectors.strava.export.csv_text import TextTable, parse_dates, parse_table

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
class ExportLayout:
    """Which column is which."""

    at: dict[str, int]
    width: int
    needs: int
    shown_distance: str = ""


def find_layout(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ExportLayout:
    """Find the columns of an `activities.csv` of any language and era.

    On 12 real exports of 72 to 103 columns in two languages the median of distance / moving time / average speed
    was 1.000.
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


def cell_number(text: str) -> float | None:
    """Read a number of the second block."""
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
        moving, distance, speed = (cell_number(row[anchor + i]) for i in (1, 2, 4))
        if moving and distance and speed:
            ratios.append(distance / moving / speed)
    if ratios and abs(statistics.median(ratios) - 1) > TOLERANCE:
        return False
    return not full or _same_numbers(full, 5, anchor) or not any(row[5].strip() for row in full)


def _same_numbers(rows: Sequence[Sequence[str]], first: int, second: int) -> bool:
    """Whether two columns hold the same numbers, in nine rows of ten."""
    pairs = [(cell_number(r[first]), cell_number(r[second])) for r in rows if len(r) > second]
    known = [a == b for a, b in pairs if a is not None]
    return bool(known) and sum(known) >= 0.9 * len(known)


def _long(words: Sequence[str], rows: Sequence[Sequence[str]], anchor: int) -> ExportLayout:
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
    return ExportLayout(at, len(words), anchor + LEAST_AFTER_ANCHOR)


def _short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> ExportLayout:
    file_at = _file_column(rows, range(7, len(words)), len(words) - 1)
    at = {"file_name": file_at, "gear_name": file_at - 1, "shown_elapsed_s": 5, "shown_distance": 6}
    return ExportLayout(at, len(words), len(words), "m" if words[0] == "id" else "km")


def _is_short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is one of the early tables of ten columns."""
    if words[0] in SHORT_HEADINGS and words[5] in ("elapsed time", "elapsed_time"):
        return True
    full = [row for row in rows if len(row) == len(words) and row[0].strip().isdigit()]
    dates = parse_dates([row[1] for row in full])
    return any(d and cell_number(row[5]) is not None for d, row in zip(dates, full, strict=True))


def _file_column(rows: Sequence[Sequence[str]], columns: range, otherwise: int) -> int:
    counts = {i: sum(bool(FILE_CELL.fullmatch(_slashes(_cell(r, i)))) for r in rows) for i in columns}
    best = max(columns, key=lambda i: counts[i])
    return best if counts[best] else otherwise


def _holds_ids(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column holds nothing but whole numbers of the size of a gear's id, or nothing at all."""
    return all(_is_id(cell) for row in rows if (cell := _cell(row, column).strip()))


def _is_id(cell: str) -> bool:
    value = cell_number(cell)
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


LISTED = pl.Schema(
    {
        "source_id": pl.String(),
        "start_utc": UTC_TIME,
        "name": pl.String(),
        "sport_text": pl.String(),
        "distance_m": pl.Float64(),
        "moving_s": pl.Float64(),
        "elapsed_s": pl.Float64(),
        "ascent_device_m": pl.Float64(),
        "descent_device_m": pl.Float64(),
        "lowest_m": pl.Float64(),
        "highest_m": pl.Float64(),
        "cadence_one_leg": pl.Float64(),
        "heart_rate_bpm": pl.Float64(),
        "max_heart_rate_bpm": pl.Float64(),
        "max_speed_mps": pl.Float64(),
        "perceived_exertion_0_10": pl.Float64(),
        "gear_name": pl.String(),
        "gear_id": pl.Int64(),
        "bike_id": pl.Int64(),
        "file_name": pl.String(),
    }
)
"""Columns of a parsed table, in SI units; null is unknown."""

ZERO_IS_UNKNOWN = ("cadence_one_leg", "heart_rate_bpm", "max_heart_rate_bpm", "perceived_exertion_0_10")
MEASURES = tuple(name for name, kind in LISTED.items() if kind == pl.Float64)

_ID = re.compile(r"\d{1,19}")
_ID_LIMIT = 2**63
_LONGEST_NAME = 500
_ENOUGH = 1 << 18


@dataclass
class ParsedActivities:
    """What an `activities.csv` holds."""

    rows: pl.DataFrame
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)


def parse_activities(data: bytes, name: str = "activities.csv") -> ParsedActivities:
    """Read an `activities.csv`.

    Positions as in `connectors.strava.anchor`; dates are UTC (18 of 18 equal to the recordings' own starts).
    """
    table = parse_table(data, name)
    layout = find_layout(table.header, [cells for _, cells in table.rows])
    parsed = ParsedActivities(LISTED.to_frame(), skipped=list(table.skipped))
    starts = parse_dates([cells[1] if len(cells) > 1 else "" for _, cells in table.rows])
    take = partial(_row, layout, _distance(layout))
    kept: dict[str, tuple[int, dict[str, object]]] = {}
    for (row_number, cells), start in zip(table.rows, starts, strict=True):
        place = f"{name} row {row_number}"
        reason = _why_not(cells, layout, start)
        if reason:
            parsed.skipped.append(Skipped(place, reason))
            continue
        source_id = str(int(cells[0]))
        if source_id in kept:
            before = f"The same activity stands in row {kept[source_id][0]} too; this later row was taken."
            parsed.notes.append(Skipped(place, before))
        kept[source_id] = (row_number, {"source_id": source_id, "start_utc": start, **take(cells)})
    parsed.rows = pl.DataFrame([values for _, values in kept.values()], schema=LISTED, orient="row")
    _say_how(parsed, table, layout, name)
    return parsed


def is_activities_csv(data: bytes) -> bool:
    """Say whether a table is the `activities.csv` of a Strava export.

    The beginning is enough, so that telling costs little.
    """
    head = data if len(data) <= _ENOUGH else data[: data.rfind(b"\n", 0, _ENOUGH) + 1] or data[:_ENOUGH]
    try:
        table = parse_table(head, "table")
        find_layout(table.header, [cells for _, cells in table.rows])
    except SourceError:
        return False
    return True


def _why_not(cells: list[str], layout: ExportLayout, start: datetime | None) -> str:
    if len(cells) < layout.needs:
        return f"This row has {len(cells)} cells where {layout.width} are expected; it was left out."
    if any(cells[layout.width :]):
        return f"This row has more cells than the {layout.width} of the heading; it was left out."
    if not _ID.fullmatch(cells[0].strip()):
        return "This row does not begin with the number of an activity; it was left out."
    return "" if start else "The date of this row could not be read; it was left out."


def _row(
    layout: ExportLayout, distance: Callable[[str, str], float | None], cells: list[str]
) -> dict[str, object]:
    def text(name: str) -> str:
        place = layout.at.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    values: dict[str, object] = {measure: cell_number(text(measure)) for measure in MEASURES}
    for measure in ("elapsed_s", "max_heart_rate_bpm"):
        if values[measure] is None:
            values[measure] = cell_number(text(f"shown_{measure}"))
    if layout.shown_distance:
        values["distance_m"] = distance(text("shown_distance"), cells[3])
    for measure in ZERO_IS_UNKNOWN:
        values[measure] = values[measure] or None
    values |= {name: _whole(text(name)) for name in ("gear_id", "bike_id")}
    values |= {
        "name": _plain(cells[2]),
        "sport_text": _plain(cells[3]),
        "gear_name": _plain(text("gear_name")),
    }
    file_name = text("file_name").replace("\\", "/")
    values["file_name"] = file_name if FILE_CELL.fullmatch(file_name) else None
    return values


def _distance(layout: ExportLayout) -> Callable[[str, str], float | None]:
    return _metres if layout.shown_distance == "m" else _shown_distance


def _metres(text: str, sport: str) -> float | None:
    return cell_number(text)


def _shown_distance(text: str, sport: str) -> float | None:
    """Distance as displayed: km with two decimals, swims in whole metres; the separators are the language's."""
    digits = re.sub(r"[^\d.,]", "", text)
    parts = re.split(r"[.,]", digits)
    if not parts[0]:
        return None
    if len(parts) > 1 and len(parts[-1]) != 3:
        return float("".join(parts[:-1]) + "." + parts[-1]) * 1_000
    whole = float("".join(parts))
    return whole if len(parts) > 1 or sport_name(sport) == "Swim" else whole * 1_000


def _whole(text: str) -> int | None:
    """Return a gear's number, exactly where it is written out and as rounded where it is written as a float."""
    value = cell_number(text)
    if value is None or not 1 <= value < _ID_LIMIT:
        return None
    return int(text) if text.isdecimal() else int(value)


def _plain(text: str) -> str | None:
    """Text on one line, with `&amp;` and the like undone."""
    words = " ".join(html.unescape(text).split())
    return words[:_LONGEST_NAME] or None


def _say_how(parsed: ParsedActivities, table: TextTable, layout: ExportLayout, name: str) -> None:
    if layout.shown_distance == "km" and not parsed.rows.is_empty():
        remark = "This early form of the export gives distances as displayed; they were taken as kilometres."
        parsed.notes.append(Skipped(name, remark))
    if not table.rows:
        parsed.notes.append(Skipped(name, "The table holds no activities."))
