"""Words of shoes' names: how a text is parted into them, which of them mean nothing, and what brands are called.

The words that mean nothing for the model (colours, sexes, "shoes") stand in `words.csv` in eight languages, the
brands, their spellings and the words a maker's own buyers leave out in `brands.csv`.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_UNSPLIT = str.maketrans("łŁøØđĐ", "lLoOdD")
_REWRITES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"['’`´]", ""),
        (r"\bs[ /-]?lab\b", " slab "),
        (r"\blite[ -]?show\b", " liteshow "),
        (r"\bgore[ -]?tex\b", " gtx "),
        (r"\be-mesh\b", " mesh "),
        (r"\b(?:ss|fw|aw|ho|su) ?\d\d\b", " "),
        (r"\b(?:eu|eur|us|uk|size|sz|gr|grosse|maat|taille|talla|tam|rozmiar)\.? ?\d+(?:[.,]\d+)?", " "),
        (
            r"#\s*\d+|\(\s*\d\s*\)|\b(?:no|nr)\. ?\d\b|\b(?:pair|paire|paar|par|para) ?\d\b|\b\d(?:st|nd|rd)\b",
            " ",
        ),
        (r"(\d|[a-z])\s*%", r"\1pct"),
        (r"(?<=[a-z])\+", " plus "),
        (r"(?<!\d)(\d{3,4})\.(\d)\b", r"\1 \2"),
    )
)
_TOKEN = re.compile(
    r"\d+pct|[a-z]+pct|\d+[a-uw-z][a-z]{2,}|[34]d(?![a-z\d])|[24]e(?![a-z\d])|\d+(?:[.,]\d+)?|[a-z]+"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Brand:
    """One row of `brands.csv`.

    Parameters
    ----------
    name
        As shown.
    optional
        Words of the maker that a runner may leave out ("gel", "air", "zoom").
    is_roman
        The maker itself numbers with II, III, IV.
    kind
        Kind of shoe where nothing better is known; empty none.
    """

    name: str
    optional: frozenset[str]
    is_roman: bool
    kind: str


@cache
def brands() -> dict[str, Brand]:
    """Give the brands we know.

    Returns
    -------
    dict of str to Brand
        By name, in the order of `brands.csv`.
    """
    return {
        row["brand"]: Brand(
            row["brand"],
            frozenset(filter(None, row["optional"].split("|"))),
            row["roman"] == "yes",
            row["kind"],
        )
        for row in rows_of("brands.csv")
    }


@cache
def words_of(group: str) -> frozenset[str]:
    """Give the words of one group of `words.csv`, in all its languages.

    Parameters
    ----------
    group : str
        "noise", "edition", "weather", "weak", "change" or "common".

    Returns
    -------
    frozenset of str
        Small letters, without accents.
    """
    rows = [row for row in rows_of("words.csv") if row["group"] == group]
    return frozenset(plain(word) for row in rows for word in row["words"].split("|"))


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one of the small tables beside this module.

    Parameters
    ----------
    name : str
        File name.

    Returns
    -------
    list of dict
        One for each row, all texts.
    """
    text = files("connectors.shoes").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def plain(text: str) -> str:
    """Give small letters without accents.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        "Błękit" as "blekit".
    """
    letters = unicodedata.normalize("NFKD", text.translate(_UNSPLIT).casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def split(text: str) -> list[str]:
    """Part a text into words and numbers.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    list of str
        Without sizes, seasons and the numbers of a pair; "4%" becomes "4pct", "1080v11" three tokens.
    """
    return list(_split(text))


@lru_cache(maxsize=8192)
def _split(text: str) -> tuple[str, ...]:
    line = plain(_CAMEL.sub(" ", html.unescape(text)))
    for pattern, by in _REWRITES:
        line = pattern.sub(by, line)
    return tuple(_TOKEN.findall(line))


@cache
def spellings() -> dict[tuple[str, ...], str]:
    """Give every spelling of every brand, parted into words, with our name of the brand."""
    rows = rows_of("brands.csv")
    return {tuple(split(word)): row["brand"] for row in rows for word in row["spellings"].split("|")}


@cache
def only_first() -> frozenset[str]:
    """Give the brands whose name is an everyday word or a name, so that it counts at the start of a text alone."""
    return frozenset(row["brand"] for row in rows_of("brands.csv") if row["only_first"])


@cache
def kept_whole() -> frozenset[str]:
    """Give the words that are one word everywhere, though other names hold their halves side by side."""
    optional = frozenset(word for brand in brands().values() for word in brand.optional)
    return optional | words_of("noise") | words_of("edition")


@cache
def dropped_words() -> frozenset[str]:
    """Give the words that say nothing of model or version: colours, sexes, editions."""
    return words_of("noise") | words_of("edition") | words_of("weather")
