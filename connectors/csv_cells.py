"""One cell of a table to a value, or to a sentence why not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import polars as pl

from connectors.cell_words import NONE, is_unknown, side_of, site_of
from connectors.contract import Column, DateKind, date_limits
from connectors.csv_text import unguard
from connectors.frames import SIDES, SITES
from connectors.month_names import plain_text
from connectors.written_dates import read_written_date

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
MOST_CHARACTERS = 2_000
HIGHEST_SCORE = 10

_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_FRACTION = re.compile(r"(\d*) ?([½¼¾])")
_OF = re.compile(r"(\S+?) ?(?:/|\bout of\b|\bof\b|\bvon\b|\bvan\b|\bsur\b|\bde\b|\bsu\b|\bna\b) ?(\d+)")
_UNITS = {
    "_min": r"min(?:ute[sn]?|uten|uti|utos?|ut|uty|s)?\.?|m\.?|'|′",
    "_kg": r"kg\.?|kilo(?:s|gram)?",
    "_s": r"s|secs?|seconds?|sek(?:unden)?\.?",
    "repetitions": r"reps?\.?|x",
}
_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})")
_HOURS = re.compile(
    r"(?:(\d{1,2}) ?(?:h|hr|hrs|hours?|uur|std|stunden?|heures?|horas?|ore|godz\.?))? ?(?:(\d{1,2}) ?(?:min)?)?"
)
_LOOKS_A_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[.-] ?[^\W\d_]{3,}")


def normalise(name: str) -> str:
    """Write the name of a column as ours are written.

    "Pain after" and "pain-after" are meant alike.
    """
    return re.sub(r"[\s-]+", "_", name.strip().strip('"').strip().lower())


def bare(text: str) -> str:
    """A cell without what a spreadsheet puts around it: ="…", an apostrophe in front, blanks of any kind."""
    plain_cell = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    if plain_cell.startswith('="') and plain_cell.endswith('"'):
        plain_cell = plain_cell[2:-1]
    return plain_cell.removeprefix("'").strip()


def read_date(text: str, today: date, name: str = "date", may_lie_ahead: bool = False) -> date:
    """Read a local date that reads alike in every order; whoever knows the order of a column writes it ISO before."""
    if is_unknown(text):
        raise ValueError(f"It has no {name}.")
    day = read_written_date(text, None)
    if day is None:
        raise ValueError(_why_no_date(name, text))
    kind = DateKind.MEANT if may_lie_ahead else DateKind.HAPPENED
    first, last = date_limits(kind, datetime(today.year, today.month, today.day, tzinfo=UTC))
    if not first <= day <= last:
        ahead = day > today
        raise ValueError(
            f"Its {name} {day} lies after the day of this import, {today}; check the year."
            if ahead
            else f"Its {name} {day} is too far back to be meant."
        )
    return day


def _why_no_date(name: str, text: str) -> str:
    numbers = re.fullmatch(r"\d{1,4}([-/. ]+)\d{1,2}\1\d{1,4}\D?.*", plain_text(text))
    if numbers and read_written_date(text, None) is None:
        return f'Its {name} "{text}" is not in the calendar, or can be read two ways; write it as 2026-03-01.'
    return f'Its {name} "{text}" is no date that can be read; write it as year-month-day, such as 2026-03-01.'


def read_value(name: str, text: str, column: Column) -> str | float | int | None:
    """Read a cell by its contract: one of a few words, a number in its bounds, or free text."""
    if not text:
        return None
    if column.dtype == pl.String and not column.one_of:
        return unguard(text)[:MOST_CHARACTERS]
    cell = bare(text)
    if is_unknown(cell):
        return None
    return _word(name, cell, column) if column.one_of else _number(name, cell, column)


def _word(name: str, text: str, column: Column) -> str:
    known = {SIDES: side_of, SITES: site_of}.get(column.one_of)
    word = known(text) if known else text.lower()
    if word not in column.one_of or word is None:
        raise ValueError(f'Its {name} "{text}" is none of {", ".join(column.one_of)}.')
    return word


def _number(name: str, text: str, column: Column) -> float | int:
    value = _parse_number(name, text, column)
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


def _parse_number(name: str, text: str, column: Column) -> float:
    cell = text.replace("−", "-").lower()
    if plain_text(cell) in NONE and column.low == 0:
        return 0.0
    if column.high == HIGHEST_SCORE and (of := _OF.fullmatch(cell)):
        if of[2] != str(HIGHEST_SCORE):
            raise ValueError(f'Its {name} "{text}" is on a scale of {of[2]}, not of 10.')
        cell = of[1]
    if name.endswith("_min") and (minutes := _minutes(cell)) is not None:
        return minutes
    for ending, unit in _UNITS.items():
        if name.endswith(ending):
            cell = re.sub(rf"(?<=[\d.,½¼¾]) ?(?:{unit})$", "", cell)
    if parts := _FRACTION.fullmatch(cell):
        return int(parts[1] or 0) + _FRACTIONS[parts[2]]
    if not NUMBER.fullmatch(cell):
        raise ValueError(_why_no_number(name, text))
    return float(cell.replace(",", "."))


def _minutes(cell: str) -> float | None:
    """Minutes of a time of three parts, or of hours with their sign; two parts may be minutes and seconds."""
    if clock := _CLOCK.fullmatch(cell):
        return int(clock[1]) * 60 + int(clock[2]) + int(clock[3]) / 60
    hours = _HOURS.fullmatch(cell)
    if hours and hours[1]:
        return int(hours[1]) * 60 + int(hours[2] or 0)
    return None


def _why_no_number(name: str, text: str) -> str:
    if _LOOKS_A_DATE.fullmatch(text.lower()):
        return f'Its {name} "{text}" is a date, as a spreadsheet makes of cells such as 3/10; the number is lost.'
    if text.endswith("%"):
        return f'Its {name} "{text}" is a percentage, not a number on the scale.'
    return f'Its {name} "{text}" is not a number.'
