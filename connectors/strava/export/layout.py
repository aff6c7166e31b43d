"""Where the columns of an `activities.csv` stand, found by position and not by name."""

# The table holds two blocks. The first is for people: localised, in the account's units. The second is for
# machines: SI units with a decimal point in every language and era seen, always in one order, beginning with
# the elapsed time a second time. So the second heading equal to the sixth is the anchor. Headings repeat, are
# translated, mistranslated or raw markup, and are therefore asked only when the anchor cannot be found.

from __future__ import annotations

import html
import re
import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.errors import UnknownFile
from connectors.sports import sport_name
from connectors.strava.export.csv_text import parse_dates
from connectors.strava.export.headings import HEADINGS, IN_WORDS, MUST_HAVE, heading_places, is_known_language

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

LEAST_BEFORE_ANCHOR, LEAST_AFTER_ANCHOR = 8, 17
NAMES_BEGIN = 20
SHOWN_ELAPSED = 5
GEAR_AFTER_ANCHOR = {"bike_id": 53, "gear_id": 54}
SURE_AFTER_ANCHOR = ("elapsed_s", "moving_s", "distance_m", "average_speed_mps")
"""Columns that their own numbers confirm; those behind them move unseen when one between is taken out."""

WIDTHS = (72, 78, 87, 92, 94, 99, 103)
"""Columns of the exports of all eras, as far as they have been seen."""

ANCHORS = (13, 15)
"""Columns of the first block in these eras."""

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
    remarks: tuple[str, ...] = ()


def find_layout(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ExportLayout:
    """Find the columns of an `activities.csv` of any language and era."""
    # On 12 real exports of 72 to 103 columns in two languages the median of distance / moving time / average
    # speed was 1.000.
    words = [_word(cell) for cell in header]
    some = rows[:_ROWS_LOOKED_AT]
    places = heading_places(words)
    layout = _by_position(words, some)
    is_untouched = layout is not None and (not some or _is_untouched(layout, places, some))
    if is_known_language(places):
        if layout and _fits_headings(layout, places, words):
            if is_untouched:
                return layout
            if not layout.shown_distance and _is_confirmed(layout, some):
                return _only_sure(layout, places)
        return _by_headings(words, some, places)
    if layout is None or not _begins_with_ids_and_dates(some) or not _is_likely_short(layout, some):
        raise UnknownFile(
            "The columns are not those of an activities.csv from a Strava export. Nothing was taken from it."
        )
    if is_untouched:
        return layout
    if not _is_confirmed(layout, some):
        raise UnknownFile(
            "Columns were taken out of this activities.csv, and its headings are in a language that is not known here. "
            "Nothing was taken from it; import the export's ZIP as it came from Strava."
        )
    return _only_sure(layout, {})


def _is_untouched(layout: ExportLayout, places: dict[str, list[int]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is as wide as those of some era, and its second block begins where it does there."""
    if layout.shown_distance:
        return layout.width == SHORT_COLUMNS and ("elapsed_s" in places or _is_likely_short(layout, rows))
    return layout.width in WIDTHS and layout.at["elapsed_s"] in ANCHORS


def _is_confirmed(layout: ExportLayout, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers of a table without known headings confirm distance, time and sport."""
    at = {**layout.at, "elapsed_s": layout.at["shown_elapsed_s"]}
    sports = [sport_name(_cell(row, layout.at["sport_text"])) for row in rows]
    speeds = [cell_number(_cell(row, layout.at["average_speed_mps"])) for row in rows]
    return any(sports) and any(speeds) and _fits_speed(at, layout.at["distance_m"], 1.0, rows)


def _by_position(words: Sequence[str], rows: Sequence[Sequence[str]]) -> ExportLayout | None:
    for anchor in _anchors(words, rows):
        if (
            anchor > LEAST_BEFORE_ANCHOR
            and anchor + LEAST_AFTER_ANCHOR <= len(words)
            and _agrees(anchor, rows)
        ):
            return _long(words, rows, anchor)
    if SHORT_COLUMNS <= len(words) < SHORT_COLUMNS + 5 and _is_short(words, rows):
        return _short(words, rows)
    return None


def _fits_headings(layout: ExportLayout, places: dict[str, list[int]], words: Sequence[str]) -> bool:
    """Whether every heading that is known stands where the positions say; cadence is mislabelled in some exports."""
    checked = {
        name: at
        for name, at in layout.at.items()
        if name in places and name != "cadence_one_leg" and words[at]  # an empty heading says nothing
    }
    if "shown_distance" in layout.at and "distance_m" in places:
        checked["distance_m"] = layout.at["shown_distance"]
    if "shown_elapsed_s" in layout.at and "elapsed_s" in places:
        checked.setdefault("elapsed_s", layout.at["shown_elapsed_s"])
    gear = ("gear_name", "gear_id", "bike_id")  # found by what the cells hold
    return all(at in places[name] for name, at in checked.items() if name not in gear)


def _begins_with_ids_and_dates(rows: Sequence[Sequence[str]]) -> bool:
    full = [row for row in rows if len(row) > 3]
    if not full:
        return True
    ids = sum(bool(re.fullmatch(r"\d{1,19}(\.0+)?", row[0].strip())) for row in full)
    dates = sum(day is not None for day in parse_dates([row[1] for row in full], day_first=True))
    return ids >= 0.5 * len(full) and dates >= 0.5 * len(full)


def _only_sure(layout: ExportLayout, places: dict[str, list[int]]) -> ExportLayout:
    """Of a table of a width that no era has: what headings or numbers confirm, since columns may have moved."""
    sure = {"source_id", "date", "sport_text", "shown_elapsed_s", "file_name", *SURE_AFTER_ANCHOR, *places}
    at = {name: place for name, place in layout.at.items() if name in sure}
    at |= {"gear_name": places["gear_name"][0]} if "gear_name" in places else {}
    quiet = {"shown_max_heart_rate_bpm", "gear_name", "gear_id", "bike_id", "description", "private_note"}
    lost = sorted(layout.at.keys() - at.keys() - quiet)
    remark = (
        "It has not the columns of an untouched export, and not all of its headings are known here; not read from it: "
        f"{', '.join(LOST_IN_WORDS.get(name, name) for name in lost)}."
    )
    return ExportLayout(at, layout.width, layout.needs, remarks=(remark,) if lost else ())


LOST_IN_WORDS = {
    "name": "names",
    "max_speed_mps": "highest speed",
    "ascent_device_m": "climb",
    "descent_device_m": "descent",
    "lowest_m": "lowest height",
    "highest_m": "highest height",
    "cadence_one_leg": "cadence",
    "heart_rate_bpm": "heart rate",
    "max_heart_rate_bpm": "highest heart rate",
    "perceived_exertion_0_10": "perceived exertion",
}


def _by_headings(
    words: Sequence[str], rows: Sequence[Sequence[str]], places: dict[str, list[int]]
) -> ExportLayout:
    """Columns of a table from which some were taken out, or in another order: by their names alone."""
    lacking = [IN_WORDS[name] for name in MUST_HAVE if name not in places]
    if lacking:
        raise UnknownFile(
            f"Columns were taken out of this activities.csv: it has no {' and no '.join(lacking)}. Nothing was taken "
            "from it; import the export's ZIP as it came from Strava."
        )
    at = {
        name: columns[0]
        for name, columns in places.items()
        if name not in ("distance_m", "gear_id", "bike_id")
    }
    at["sport_text"] = _first_with_text(places["sport_text"], rows)
    at |= {
        n: i
        for n in GEAR_AFTER_ANCHOR
        for i in places.get(n, [])[-1:]
        if _holds_ids(rows, i) and _any(rows, i)
    }
    if "gear_name" not in at and (others := [i for i in places.get("gear_id", []) if i != at.get("gear_id")]):
        at["gear_name"] = others[0]
    unit, distance = _distance_column(at, places.get("distance_m", []), rows)
    remarks = ["Columns were taken out of this table or moved; it was read by its headings."]
    if distance is None:
        if places.get("distance_m"):
            remarks.append(
                "Nothing tells whether its distances are metres, kilometres or miles; they were not read."
            )
    else:
        at["distance_m" if unit == "m" else "shown_distance"] = distance
    needs = max(at[name] for name in MUST_HAVE) + 1
    return ExportLayout(
        at, len(words), needs, "" if unit == "m" or distance is None else unit, tuple(remarks)
    )


def _first_with_text(places: Sequence[int], rows: Sequence[Sequence[str]]) -> int:
    """The column of sports: a later heading Type holds numbers or nothing."""
    return max(places, key=lambda i: (sum(bool(re.search(r"[^\W\d_]", _cell(row, i))) for row in rows), -i))


def _any(rows: Sequence[Sequence[str]], column: int) -> bool:
    return any(_cell(row, column).strip() for row in rows)


def _distance_column(
    at: dict[str, int], columns: Sequence[int], rows: Sequence[Sequence[str]]
) -> tuple[str, int | None]:
    """The column of distances and its unit, by what speed or time says; the last one is that for machines."""
    for column in reversed(columns):
        for unit, metres in _UNITS:
            if _fits_speed(at, column, metres, rows):
                return unit, column
    return "", None


_UNITS = (("m", 1.0), ("km", 1_000.0), ("mi", 1_609.344))
_PACES_MPS = (0.4, 12.0)


def _fits_speed(at: dict[str, int], column: int, metres: float, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a unit agrees with the average speed where the table has it, else with how fast people move."""
    times = [at[name] for name in ("moving_s", "elapsed_s") if name in at]
    if not times:
        return False
    known = []
    for row in rows:
        distance, time = cell_number(_cell(row, column)), cell_number(_cell(row, times[0]))
        speed = cell_number(_cell(row, at["average_speed_mps"])) if "average_speed_mps" in at else None
        if distance and time:
            known.append((distance * metres / time, speed))
    if not known:
        return False
    exact = [pace / speed for pace, speed in known if speed]
    if exact:
        return abs(statistics.median(exact) - 1) <= TOLERANCE
    paces = [pace for pace, _ in known]
    return _PACES_MPS[0] <= statistics.median(paces) <= _PACES_MPS[1] and metres != _UNITS[2][1]


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
        yield from (i for i in later if _same_numbers(rows, i))


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
    return not full or _same_numbers(full, anchor) or not any(row[5].strip() for row in full)


def _same_numbers(rows: Sequence[Sequence[str]], second: int) -> bool:
    """Whether two columns hold the same numbers, in nine rows of ten."""
    pairs = [(cell_number(r[SHOWN_ELAPSED]), cell_number(r[second])) for r in rows if len(r) > second]
    known = [a == b for a, b in pairs if a is not None]
    return bool(known) and sum(known) >= 0.9 * len(known)


def _long(words: Sequence[str], rows: Sequence[Sequence[str]], anchor: int) -> ExportLayout:
    at = {name: anchor + i for name, i in SECOND_BLOCK.items() if anchor + i < len(words)}
    file_at = _file_column(rows, range(6, anchor), anchor - 3)
    at |= {**_FIRST, "file_name": file_at, "gear_name": file_at - 1, "shown_elapsed_s": 5}
    if anchor == max(ANCHORS):
        at["private_note"] = file_at - NOTE_BEFORE_FILE
    for i in range(6, anchor):
        if words[i] and words[i] == words[at["max_heart_rate_bpm"]]:
            at["shown_max_heart_rate_bpm"] = i
    for name, after in GEAR_AFTER_ANCHOR.items():
        by_name = [
            i for i in range(anchor + NAMES_BEGIN, len(words)) if words[i] in HEADINGS[name].split("|")
        ]
        for i in [*by_name, *([anchor + after] if len(words) in WIDTHS else [])]:
            if name not in at and i < len(words) - 8 * (not by_name) and _holds_ids(rows, i):
                at[name] = i
    return ExportLayout(at, len(words), anchor + LEAST_AFTER_ANCHOR)


def _short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> ExportLayout:
    file_at = _file_column(rows, range(7, len(words)), len(words) - 1)
    at = {"file_name": file_at, "gear_name": file_at - 1, "shown_elapsed_s": 5, "shown_distance": 6, **_FIRST}
    return ExportLayout(at, len(words), len(words), "m" if words[0] == "id" else "km")


_FIRST = {"source_id": 0, "date": 1, "name": 2, "sport_text": 3, "description": 4}
NOTE_BEFORE_FILE = 2
"""The private note stands so many columns before the recording's name, in exports that have one."""


def _is_short(words: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is one of the early tables of ten columns."""
    if words[0] in SHORT_HEADINGS and words[5] in ("elapsed time", "elapsed_time"):
        return True
    full = [row for row in rows if len(row) == len(words) and row[0].strip().isdigit()]
    dates = parse_dates([row[1] for row in full], day_first=True)
    return any(day and cell_number(row[5]) is not None for day, row in zip(dates, full, strict=True))


def _is_likely_short(layout: ExportLayout, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a short table whose headings nobody knows is no long one of which ten columns are left."""
    if not layout.shown_distance:
        return True
    metres = 1.0 if layout.shown_distance == "m" else 1_000.0
    return layout.width == SHORT_COLUMNS and _fits_speed({"elapsed_s": 5}, 6, metres, rows)


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
    text = text.replace("\u2019", "'")
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
