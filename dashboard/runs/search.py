"""Search over sessions: by words of the title, by the date in any usual form, by the pair, by the sport."""

from __future__ import annotations

import unicodedata
from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.shared import text
from dashboard.shared.units import Units

MOST_FOUND, LEAST_OF_MONTH = 20, 3
DATE_FORMS = ("%-d", "%B", "%Y", "%A", "%Y-%m-%d", "%-d.%-m.%Y", "%-d/%-m/%Y", "%d.%m.%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class SearchHit:
    """One session that holds every word asked for."""

    day: date
    line: str


@dataclass(frozen=True)
class SearchResult:
    """The newest sessions, and how many there are beside them."""

    hits: tuple[SearchHit, ...]
    more: int


@dataclass(frozen=True)
class Words:
    """What a session can be found by: the words of its date, and those of its title, pair and sport."""

    dates: list[str]
    others: list[str]


def plain_words(words: str) -> list[str]:
    """Return a text in small letters, without accents, as its words."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one)).replace(",", " ").split()


def search_runs(
    sessions: pl.DataFrame,
    shoe_names: Mapping[str, str],
    asked: str,
    units: Units,
    *,
    with_titles: bool = True,
) -> SearchResult:
    """Return the sessions in which each word asked for begins a word, newest first; none where nothing is asked."""
    parts = plain_words(asked)
    if not parts:
        return SearchResult((), 0)
    columns = ("local_date", "start_utc", "activity_id", "name", "shoe_id", "sport", "distance_m", "moving_s")
    newest = sessions.select(columns).sort("start_utc", "activity_id", descending=[True, False])
    hits = [
        row
        for row in newest.iter_rows(named=True)
        if _holds(_words_of(row, shoe_names, with_titles=with_titles), parts)
    ]
    shown = (
        SearchHit(row["local_date"], _line(row, shoe_names, units, with_titles=with_titles))
        for row in hits[:MOST_FOUND]
    )
    return SearchResult(tuple(shown), max(0, len(hits) - MOST_FOUND))


def _holds(words: Words, parts: list[str]) -> bool:
    has_month = any(_is_month(part) for part in parts)

    def is_there(part: str) -> bool:
        if has_month and part.isdecimal():  # "12 Aug" is a date, and not a pair called 12 worn in August
            return part in words.dates
        return any(word.startswith(part) for word in (*words.dates, *words.others))

    return all(map(is_there, parts))


def _is_month(part: str) -> bool:
    return len(part) >= LEAST_OF_MONTH and any(name.casefold().startswith(part) for name in month_name[1:])


def _words_of(row: Mapping[str, Any], shoe_names: Mapping[str, str], *, with_titles: bool) -> Words:
    day, sport = row["local_date"], str(row["sport"])
    texts = [row["name"] or ""] if with_titles else []
    texts += [shoe_names.get(row["shoe_id"] or "", ""), sport, text.SPORTS.get(sport, "")]
    return Words(plain_words(" ".join(f"{day:{form}}" for form in DATE_FORMS)), plain_words(" ".join(texts)))


def _line(row: Mapping[str, Any], shoe_names: Mapping[str, str], units: Units, *, with_titles: bool) -> str:
    more = [row["name"]] if with_titles else []
    more.append(shoe_names.get(row["shoe_id"] or ""))
    return " · ".join([text.run_line(row, units), *(one for one in more if one)])
