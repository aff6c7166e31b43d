"""How a shoe's name is read: brand, words of the model, numbers that may be its version.

One reading serves both sides, the names in the catalogue and the texts of runners, so that whatever is dropped or
joined falls out alike on both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from connectors.shoes.lexicon import Lexicon
from connectors.shoes.words import (
    brands,
    dropped_words,
    only_first,
    rows_of,
    spellings,
    split,
    words_of,
)

LARGEST_VERSION = 45
"""Numbers above are part of a model's name (Gel-Quantum 360, 1080), years aside."""

YEARS = range(2005, 2035)
BRAND_CUTOFF = 85.0
_LONGEST_BRAND = 4
_SEXES = ("m", "w")
_VERSION_SIGNS = ("v",)
_ROMAN = re.compile(r"(?=[xvi]{2})(x{0,3})(ix|iv|v?i{0,3})")
_ONES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_ALONE = {"i": "1", "v": "5"}


@dataclass(frozen=True)
class Reading:
    """What is left of one text.

    Parameters
    ----------
    brand
        Our name of the brand; None where none is named.
    words
        Words of the model in their order, each once, without noise.
    numbers
        Numbers that may be versions, each once: "11", "1.5", "2018".
    is_doubtful
        A number may count the runner's pairs rather than name a version ("01", "II").
    is_weatherproof
        The text says GTX or waterproof.
    """

    brand: str | None
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_doubtful: bool = False
    is_weatherproof: bool = False


def read(text: str, lexicon: Lexicon, brand: str | None = None) -> Reading:
    """Read one text.

    Parameters
    ----------
    text : str
        A name from a table or from a runner.
    lexicon : Lexicon
        How words are written.
    brand : str, optional
        Our name of the brand, where it is known already.

    Returns
    -------
    Reading
        With the brand found in the text, if it was not given.
    """
    tokens = split(text)
    found, tokens = _without_brand(tokens, brand)
    tokens = lexicon.settle(tokens)
    if found is None:
        found, tokens = _misspelt_brand(tokens, lexicon)
    kept = [token for token in tokens if token not in dropped_words()]
    words, numbers, doubtful = _numbers_apart(kept, found)
    weatherproof = any(token in words_of("weather") for token in tokens)
    return Reading(found, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(numbers)), doubtful, weatherproof)


Aliases = dict[tuple[str, frozenset[str]], frozenset[str]]


def core(reading: Reading, aliases: Aliases) -> frozenset[str]:
    """Give the words that tell a model from others of its brand.

    Parameters
    ----------
    reading : Reading
        Of a name, with its brand.
    aliases : dict
        From `aliases_of`.

    Returns
    -------
    frozenset of str
        Without the words a runner may leave out, unless no other is left; those of the model's usual name, where it
        has another.
    """
    optional = brands()[reading.brand].optional if reading.brand else _optional_anywhere()
    words = frozenset(reading.words) - optional or frozenset(reading.words)
    return aliases.get((reading.brand or "", words), words)


@cache
def _optional_anywhere() -> frozenset[str]:
    """Makers' words that are no everyday words, for texts that name no brand ("Wave Rider 24")."""
    optional = frozenset(word for brand in brands().values() for word in brand.optional if len(word) > 2)
    return optional - words_of("noise") - words_of("everyday")


def aliases_of(lexicon: Lexicon) -> Aliases:
    """Give the other names of models, from `aliases.csv`.

    Parameters
    ----------
    lexicon : Lexicon
        How words are written.

    Returns
    -------
    dict
        Brand and words of the other name, to the words of the usual one.
    """
    found: Aliases = {}
    for row in rows_of("aliases.csv"):
        usual = core(read(row["model"], lexicon, row["brand"]), {})
        for other in row["also"].split("|"):
            found[row["brand"], core(read(other, lexicon, row["brand"]), {})] = usual
    return found


def brand_name(text: str) -> str | None:
    """Give our name of a brand.

    Parameters
    ----------
    text : str
        As a service or a table has it, and nothing else.

    Returns
    -------
    str or None
        None where no spelling fits.
    """
    tokens = split(text)
    return spellings().get(tuple(tokens)) or _without_brand(tokens, None)[0]


def _without_brand(tokens: list[str], brand: str | None) -> tuple[str | None, list[str]]:
    """Take every spelling of one brand out; where none is given, that of the first brand named."""
    rest: list[str] = []
    at = 0
    while at < len(tokens):
        step = 1
        for length in range(min(_LONGEST_BRAND, len(tokens) - at), 0, -1):
            name = spellings().get(tuple(tokens[at : at + length]))
            first = not [t for t in rest if t not in words_of("noise")]
            if name and (name == brand or (brand is None and (first or name not in only_first()))):
                brand, step = name, length
                break
        else:
            rest.append(tokens[at])
        at += step
    return brand, rest


def _misspelt_brand(tokens: list[str], lexicon: Lexicon) -> tuple[str | None, list[str]]:
    first = next((t for t in tokens if t not in words_of("noise")), "")
    if len(first) < 5 or first in lexicon.together:
        return None, tokens
    singles = [key[0] for key in spellings() if len(key) == 1 and len(key[0]) > 4]
    near = process.extractOne(first, singles, scorer=fuzz.ratio, score_cutoff=BRAND_CUTOFF)
    if near is None:
        return None, tokens
    return spellings()[(near[0],)], [t for t in tokens if t != first]


def _numbers_apart(tokens: list[str], brand: str | None) -> tuple[list[str], list[str], bool]:
    words: list[str] = []
    numbers: list[str] = []
    doubtful = False
    for at, token in enumerate(tokens):
        last, following = at == len(tokens) - 1, tokens[at + 1] if at + 1 < len(tokens) else ""
        roman = _roman(token) or (_ALONE.get(token) if last and words else None)
        if token in _VERSION_SIGNS and following[:1].isdigit():
            continue
        if token in _SEXES:
            continue
        if roman:
            numbers.append(roman)
            doubtful |= not (brand and brands()[brand].is_roman)
        elif token[0].isdigit() and token[-1].isdigit():
            value = float(token.replace(",", "."))
            if token.startswith("00"):
                words.append(token)
            elif value <= LARGEST_VERSION or (value in YEARS and value.is_integer()):
                numbers.append(f"{value:g}")
                doubtful |= token.startswith("0")
            else:
                words.append(token)
        else:
            words.append(token)
    return words, numbers, doubtful


def _roman(token: str) -> str | None:
    """Give the number of two Roman digits or more; one alone is more often a letter."""
    found = _ROMAN.fullmatch(token)
    return str(10 * len(found[1]) + _ONES[found[2]]) if found else None
