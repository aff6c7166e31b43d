"""Times as file writers spell them beside ISO 8601: epochs, minutes only, unpadded, other separators."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

_DATE_FIRST = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?P<rest>[T ,].*)", re.IGNORECASE
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)[T ](?P<rest>\d{4,6}.*)", re.IGNORECASE)
_DAY_DOTS = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?P<rest>[T ,].*)", re.IGNORECASE
)
_TWO_NUMBERS = re.compile(
    r"(?P<one>\d{1,2})[-/](?P<two>\d{1,2})[-/](?P<year>\d{4})(?P<rest>[T ,].*)", re.IGNORECASE
)
_CLOCK = re.compile(
    r"[T ,]*(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?)"
    r"(?P<fraction>[.,:]\d{1,9})?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|utc|gmt)?",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<fraction>[.,]\d{1,9})?(?P<half>)\s*"
    r"(?P<zone>z|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{9,10}(?:[.,]\d+)?|\d{12,13}|\d{15,16}|\d{18,19})")
_ZONE = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?", re.IGNORECASE)


class Moment(NamedTuple):
    """One time.

    Parameters
    ----------
    epoch_s
        Seconds since 1970-01-01 UTC; of a time without a zone, as if it were UTC.
    offset_s
        Seconds east of UTC that the text states; 0 where it states none.
    has_zone
        Whether it states a zone (an epoch is UTC by its meaning).
    """

    epoch_s: float
    offset_s: int
    has_zone: bool


def read_time(text: str) -> Moment | None:
    """Read one time in any spelling that has a single meaning.

    Parameters
    ----------
    text : str
        Such as "2026/5/4 16:00", "2026-05-04t16:00:00z", "1777910400000", "4.5.2026 4:00 PM". A date of day and
        month in either order ("05/04/2026") is read only where one of the two is above 12.

    Returns
    -------
    Moment or None
        None where it is no time or has two meanings.

    References
    ----------
    RFC 3339 section 5.6 allows small letters and a blank for the T; the rest was seen in files of phone apps.
    """
    plain = " ".join(text.split())
    if epoch := _EPOCH.fullmatch(plain):
        return _of_epoch(epoch[1])
    clock_of = _COMPACT_CLOCK
    date_match = _COMPACT.fullmatch(plain)
    if date_match is None:
        clock_of = _CLOCK
        date_match = (
            _DATE_FIRST.fullmatch(plain) or _DAY_DOTS.fullmatch(plain) or _TWO_NUMBERS.fullmatch(plain)
        )
    clock = None if date_match is None else clock_of.fullmatch(date_match["rest"])
    return None if date_match is None or clock is None else _moment(date_match, clock)


def _of_epoch(digits: str) -> Moment:
    """Seconds, or thousands, millions and milliards of them by the count of digits."""
    seconds = digits.replace(",", ".").partition(".")[0]
    power = {12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}.get(len(seconds), 0)
    return Moment(float(digits.replace(",", ".")) / 10**power, 0, True)


def _moment(date_match: re.Match[str], clock: re.Match[str]) -> Moment | None:
    date = _date(date_match)
    hour = _hour(int(clock["hour"]), (clock["half"] or "").replace(".", "").lower())
    if date is None or hour is None:
        return None
    fraction = float(f"0.{(clock['fraction'] or '.0')[1:]}")
    second = int(clock["second"] or 0)
    offset = _offset(clock["zone"])
    try:
        # A leap second is the second after it, as in every clock that does not know it.
        at = datetime(*date, hour, int(clock["minute"]), min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    return Moment(at.timestamp() + (second == 60) + fraction - offset, offset, clock["zone"] is not None)


def _date(match: re.Match[str]) -> tuple[int, int, int] | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if "one" not in parts:
        return year, int(parts["month"]), int(parts["day"])
    one, two = int(parts["one"]), int(parts["two"])
    if one > 12:
        return year, two, one
    return (year, one, two) if two > 12 or one == two else None


def _hour(hour: int, half: str) -> int | None:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half == "pm" else 0)


def _offset(zone: str | None) -> int:
    match = _ZONE.fullmatch(zone or "")
    if match is None:
        return 0
    seconds = int(match["hours"]) * 3600 + int(match["minutes"] or 0) * 60
    return -seconds if match["sign"] == "-" else seconds
