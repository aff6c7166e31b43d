"""Local dates as people write them: one cell to its readings, and a column to the one order that it allows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from connectors.month_names import month_number, plain_text

EARLIEST_OF_SHORT_YEARS = date(2005, 1, 1)
"""A year of two digits is of this century; a reading before this date is a day taken for a year."""

_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = (25_569, 73_051)
"""Days as Excel counts them, from 1970 to 2099; smaller numbers are no date of a diary."""

_CLOCK = r"(?:,?[ t]+(?:um |a |at |klo |kl\.? )?\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)? ?(?:[ap]\.? ?m\.?|uhr|h)?)?"
_ZONE = r"(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})(?:[-/.] ?|年 ?|년 ?)(\d{{1,2}})(?:[-/.] ?|月 ?|월 ?)(\d{{1,2}})(?:日|일|\.)?{_CLOCK}{_ZONE}"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/.]) ?(\d{{1,2}})\2 ?(\d{{4}}|\d{{2}})\.?{_CLOCK}{_ZONE}")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,? (?=\d)")
_END_CLOCK = re.compile(_CLOCK.removesuffix("?") + _ZONE + "$")
_WORD = re.compile(r"[^\W\d_]+")


class DateOrder(StrEnum):
    """In which order a column of dates writes its numbers."""

    day_first = "day_first"
    month_first = "month_first"
    year_first = "year_first"


@dataclass(frozen=True)
class DateQuestion:
    """What a file leaves open: which number of its dates is the day."""

    path: str
    text: str
    day_first: date
    month_first: date
    key: str = ""
    file: Path | None = None

    def sentence(self) -> str:
        """What is open, with both readings and the option that answers it."""
        return (
            f'Its dates can be read two ways: "{self.text}" is {in_words(self.day_first)} or '
            f"{in_words(self.month_first)}. It was not read; import it again with --day-first or --month-first."
        )


DayFirst = bool | Mapping[str, bool] | None
"""Whether the day comes first in dates that leave it open: one answer for all, or one for each `DateQuestion.key`."""


def answer(day_first: DayFirst, key: str) -> bool | None:
    """Return the answer for one file; None where there is none."""
    return day_first.get(key) if isinstance(day_first, Mapping) else day_first


def in_words(day: date) -> str:
    """A date that cannot be misread, such as 4 May 2026."""
    return f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"


_ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def settle_order(texts: Sequence[str]) -> DateOrder | None:
    """Find the one order of day, month and year in which a column of dates can be read."""
    readings = [settled for text in texts if (settled := _readings(clean(text)))]
    if not any(len(set(settled.values())) > 1 for settled in readings):
        return _only_order(readings)
    fitting = [order for order in DateOrder if all(order in settled for settled in readings)]
    if not fitting:
        fitting = _order_of_most(readings)
    return fitting[0] if len(fitting) == 1 else None


def first_ambiguous(texts: Sequence[str]) -> tuple[str, date, date] | None:
    """Return the first cell that means two dates, with its day-first and month-first reading."""
    for text in texts:
        readings = _readings(clean(text))
        day, month = readings.get(DateOrder.day_first), readings.get(DateOrder.month_first)
        if day and month and day != month:
            return text.strip(), day, month
    return None


def read_written_date(text: str, order: DateOrder | None) -> date | None:
    """Read one date."""
    plain = clean(text)
    if sure := _sure_date(plain):
        return sure
    match = _readings(plain)
    if order and order in match:
        return match[order]
    meanings = set(match.values())
    return meanings.pop() if len(meanings) == 1 else None


def is_serial(text: str) -> bool:
    """Distinguish a spreadsheet's number of days from a written date."""
    return _from_serial(clean(text)) is not None


def clean(text: str) -> str:
    """A cell without what a spreadsheet puts around a date: ="…", quotes, an apostrophe, blanks of any kind."""
    plain = plain_text(text)
    if plain.startswith("=") and len(plain) > 3:
        plain = plain[1:]
    return plain.strip("\"'`´’‘ ")


def _sure_date(plain: str) -> date | None:
    """A date that reads alike in every order."""
    if match := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    return _from_serial(plain) or _from_words(plain)


@cache
def _readings(plain: str) -> dict[DateOrder, date]:
    """Every reading of a date of numbers; dots are day first wherever they are used."""
    match = _NUMBERS.fullmatch(_WEEKDAY.sub("", plain))
    if not match:
        return {}
    first, second, last = int(match[1]), int(match[3]), match[4]
    year = int(last) + (2_000 if len(last) == 2 else 0)
    ways: dict[DateOrder, date | None] = {DateOrder.day_first: _date(year, second, first)}
    if match[2] != ".":
        ways[DateOrder.month_first] = _date(year, first, second)
    if len(last) == 2:
        ways = {order: day for order, day in ways.items() if day and day >= EARLIEST_OF_SHORT_YEARS}
        if not ways or (first > 12 and second <= 12 and int(last) <= 31 and match[2] != "."):
            ways |= {DateOrder.year_first: _date(2_000 + first, second, int(last))}
    return {order: day for order, day in ways.items() if day}


def _only_order(readings: Sequence[dict[DateOrder, date]]) -> DateOrder:
    for orders in readings:
        return next(iter(orders))
    return DateOrder.day_first


def _order_of_most(readings: Sequence[dict[DateOrder, date]]) -> list[DateOrder]:
    """Where no order fits every row: one for which some rows speak and none against; a slip fits none."""
    clear = [set(orders) for orders in readings if len(orders) == 1]
    spoken = set().union(*clear) if clear else set()
    return list(spoken) if len(spoken) == 1 else []


def _from_serial(plain: str) -> date | None:
    match = _SERIAL.fullmatch(plain)
    if not match or not _SERIALS[0] <= int(match[1]) <= _SERIALS[1]:
        return None
    return _EXCEL_ZERO + timedelta(days=int(match[1]))


def _from_words(plain: str) -> date | None:
    """A date with the name of its month: "4. Mai 2026", "May 4, 2026", "Mon 4 May 26", "4-May-26"."""
    text = _END_CLOCK.sub("", plain)
    months = {m for word in _WORD.findall(text) if (m := month_number(word))}
    numbers = re.findall(r"\d+", text)
    if len(months) != 1 or len(numbers) != 2:
        return None
    month = months.pop()
    years = [n for n in numbers if len(n) == 4]
    if len(years) == 1:
        numbers.remove(years[0])
        return _date(int(years[0]), month, int(numbers[0])) if len(numbers[0]) < 3 else None
    if years or re.search(r"^\d+\W", text) is None or any(len(n) > 2 for n in numbers):
        return None
    return _date(2_000 + int(numbers[1]), month, int(numbers[0]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
