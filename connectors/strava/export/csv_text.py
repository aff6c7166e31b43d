"""Dates as an export writes them, in the account's language: read with our own month names, never the process's.

An export's dates are UTC and say so nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from connectors.errors import UnreadableFile
from connectors.month_names import half_of_day, month_number, plain_text
from connectors.source import Skipped
from connectors.tables import read_table

_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?")
_YEAR_FIRST = re.compile(r"\b(\d{4})(?:[-/.] ?|年|년 )(\d{1,2})(?:[-/.] ?|月|월 )(\d{1,2})(?:日|일)?")
_YEAR_LAST = re.compile(r"\b(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4})\b")
_SHORT_YEAR = re.compile(r"^\D{0,12}(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{2})(?![\d:])")
_OFFSET = re.compile(r"(?:utc|gmt|(?<=\d))([+-])(\d{2}):?(\d{2})$")
_WORD = re.compile(r"[^\W\d_]{2,}")


def parse_dates(texts: Sequence[str], day_first: bool | None = None) -> list[datetime | None]:
    """Read one column of dates."""
    plain = [plain_text(text) for text in texts]
    order = _order(plain)
    if order is None:
        order = day_first
    return [_parse(text, order) for text in plain]


def open_date(texts: Sequence[str]) -> tuple[str, date, date] | None:
    """Return the first date that the column leaves open, with its day-first and month-first reading, or None."""
    plain = [plain_text(text) for text in texts]
    if _order(plain) is not None:
        return None
    for text, one in zip(texts, plain, strict=True):
        days, months = _parse(one, True), _parse(one, False)
        if days and months and days != months:
            return text.strip(), days.date(), months.date()
    return None


def _order(texts: Sequence[str]) -> bool | None:
    """Whether the day comes first in dates of numbers; None where the column allows both or speaks for both."""
    matches = [m for text in texts if (m := _numbers(text)) and m[2] != "."]
    days = any(int(m[1]) > 12 for m in matches)
    months = any(int(m[3]) > 12 for m in matches)
    if days != months:
        return days
    return None if matches and any(int(m[1]) != int(m[3]) for m in matches) else True


def _numbers(text: str) -> re.Match[str] | None:
    if _YEAR_FIRST.search(text):
        return None
    return _YEAR_LAST.search(text) or _SHORT_YEAR.search(text)


def _parse(text: str, day_first: bool | None) -> datetime | None:
    day, rest = _day(text, day_first)
    clock = _TIME.search(rest)
    if day is None or clock is None:
        return None
    hour, half = int(clock[1]), half_of_day(rest)
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    try:
        read = datetime(*day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=UTC)
        return read - _offset(text)
    except (ValueError, OverflowError):
        return None


def _day(text: str, day_first: bool | None) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month, day, and what is left of the text once they are taken out."""
    if match := _YEAR_FIRST.search(text):
        return (int(match[1]), int(match[2]), int(match[3])), _without(text, match)
    if match := _numbers(text):
        return _of_numbers(match, day_first), _without(text, match)
    return _of_words(text)


def _of_numbers(match: re.Match[str], day_first: bool | None) -> tuple[int, int, int] | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2_000 if len(match[4]) == 2 else 0
    if match[2] == "." or first == second or first > 12:
        return year, second, first
    if second > 12:
        return year, first, second
    if day_first is None:
        return None
    return (year, second, first) if day_first else (year, first, second)


def _of_words(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """A date with the name of its month."""
    clock = _TIME.search(text)
    before = text[: clock.start()] if clock else text
    month = next((m for m in map(month_number, _WORD.findall(before)) if m), None)
    numbers = re.findall(r"\d+", before)
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) < 3]
    if month is None or len(years) != 1 or len(days) != 1:
        return None, text
    return (years[0], month, days[0]), text[clock.start() :] if clock else ""


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :].lstrip('t')}"


def _offset(text: str) -> timedelta:
    """Offset from UTC where the text states one, as no known export does."""
    match = _OFFSET.search(text)
    if not match:
        return timedelta()
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return size if match[1] == "+" else -size


@dataclass
class TextTable:
    """A table as text."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def parse_table(data: bytes, name: str) -> TextTable:
    """Split a delimited text into rows.

    Exports are opened and saved again before they get here.
    """
    try:
        tables = read_table(data, name)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name} is empty or not a text table. Nothing was taken from it.") from error
    table = max(tables, key=lambda one: len(one.header))
    return TextTable(table.header, table.rows, table.skipped)
