"""What the headers of an answer say of limits and time."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_PAIRS = (
    ("x-ratelimit-limit", "x-ratelimit-usage"),
    ("x-readratelimit-limit", "x-readratelimit-usage"),
)


def rates_told(said: Mapping[str, str], place: int) -> list[tuple[int, int] | None]:
    """Read limits and use.

    Parameters
    ----------
    said : mapping of str to str
        Headers, names in small letters.
    place : int
        0 for the quarter hour, 1 for the day.

    Returns
    -------
    list of (limit, used) or None
        For all requests, and for reads; None where the headers are not there or hold no numbers.

    Source
    ------
    Strava's rate limits. On some answers the use of reads is `","`, and a refusal may come without any.
    """
    return [_rate(said, names, place) for names in _PAIRS]


def _rate(said: Mapping[str, str], names: tuple[str, str], place: int) -> tuple[int, int] | None:
    texts = [said.get(name, "").split(",") for name in names]
    numbers = [t[place].strip() for t in texts if place < len(t) and t[place].strip().isdecimal()]
    if len(numbers) != len(names) or int(numbers[0]) <= 0:
        return None
    return int(numbers[0]), int(numbers[1])


def sent_at(said: Mapping[str, str]) -> float | None:
    """Read the server's clock.

    Parameters
    ----------
    said : mapping of str to str
        Headers, names in small letters.

    Returns
    -------
    float or None
        s since 1970-01-01 UTC, whole; None where the header is missing or odd.

    Source
    ------
    RFC 9110, 6.6.1.
    """
    try:
        return parsedate_to_datetime(said.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return None
