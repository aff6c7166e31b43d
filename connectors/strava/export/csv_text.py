"""Dates as an export writes them, in the account's language: read with our own month names, never the process's.

An export's dates are UTC and say so nowhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from connectors.errors import UnreadableFile
from connectors.source import Skipped

MONTH_NAMES = {
    "en": "january february march april may june july august september october november december",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de Austria": "janner feber maerz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es old": "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pl": "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "pl of": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
"""Twelve words a language, small, without accents; any beginning of three letters or more is understood."""

_TIME = re.compile(r"\b(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?")
_HALF_DAY = re.compile(r"(?<![^\W\d_])([ap])\.? ?m\b\.?")
_YEAR_FIRST = re.compile(r"\b(\d{4})(?:[-/.] ?|年|년 )(\d{1,2})(?:[-/.] ?|月|월 )(\d{1,2})(?:日|일)?")
_YEAR_LAST = re.compile(r"\b(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4})\b")
_OFFSET = re.compile(r"(?:utc|gmt|(?<=\d))([+-])(\d{2}):?(\d{2})$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def parse_dates(texts: Sequence[str]) -> list[datetime | None]:
    """Read one column of dates.

    Formats seen in real exports; 18 of 18 starts equal the recording's own UTC start to the second.
    """
    plain = [_plain(text) for text in texts]
    month_first = _is_month_first(plain)
    return [_parse(text, month_first) for text in plain]


def _plain(text: str) -> str:
    """Small letters, plain blanks, no accents."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    kept = (c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", "".join(kept))


def _is_month_first(texts: Sequence[str]) -> bool:
    slashed = [m for m in map(_YEAR_LAST.search, texts) if m and m[2] == "/"]
    if any(int(m[1]) > 12 for m in slashed):
        return False
    return any(int(m[3]) > 12 or _HALF_DAY.search(m.string) for m in slashed)


def _parse(text: str, month_first: bool) -> datetime | None:
    day, rest = _day(text, month_first)
    clock = _TIME.search(rest)
    if day is None or clock is None:
        return None
    hour, half = int(clock[1]), _HALF_DAY.search(rest)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half[1] == "p")
    try:
        read = datetime(*day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=UTC)
        return read - _offset(text)
    except (ValueError, OverflowError):
        return None


def _day(text: str, month_first: bool) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month, day, and what is left of the text once they are taken out."""
    if found := _YEAR_FIRST.search(text):
        return (int(found[1]), int(found[2]), int(found[3])), _without(text, found)
    if found := _YEAR_LAST.search(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        swap = month_first and found[2] == "/"
        return (year, first if swap else second, second if swap else first), _without(text, found)
    clock = _TIME.search(text)
    date = text[: clock.start()] if clock else text
    month = next((m for m in map(_month, _WORD.findall(date)) if m), None)
    numbers = re.findall(r"\d+", date)
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) < 3]
    if month is None or len(years) != 1 or len(days) != 1:
        return None, text
    return (years[0], month, days[0]), text[clock.start() :] if clock else ""


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :].lstrip('t')}"


def _offset(text: str) -> timedelta:
    """Offset from UTC where the text states one, as no known export does."""
    found = _OFFSET.search(text)
    if not found:
        return timedelta()
    size = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return size if found[1] == "+" else -size


def _month(word: str) -> int | None:
    return _months().get(word)


@cache
def _months() -> dict[str, int]:
    """Every beginning of a month's name that can mean one month only."""
    meant: dict[str, set[int]] = {}
    for names in MONTH_NAMES.values():
        for number, name in enumerate(_plain(names).split(), start=1):
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(number)
    return {word: numbers.pop() for word, numbers in meant.items() if len(numbers) == 1}


_DELIMITERS = ",;\t"
_LARGEST_CELL = 4 << 20


@dataclass
class TextTable:
    """A table as text."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def parse_table(data: bytes, name: str) -> TextTable:
    """Tell a delimited text apart into rows.

    Exports are opened and saved again before they get here.
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
