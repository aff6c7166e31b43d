"""Words of shoes' names: how a text is parted into them, which of them mean nothing, and what brands are called."""

# The words that mean nothing for the model (colours, sexes, "shoes") stand in `words.csv` in eight languages,
# the brands, their spellings and the words a maker's own buyers leave out in `brands.csv`.

from __future__ import annotations

import csv
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from connectors.late_imports import late_import

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
class ShoeBrand:
    """One row of `brands.csv`."""

    name: str
    optional: frozenset[str]
    is_roman: bool
    kind: str


@cache
def brands() -> dict[str, ShoeBrand]:
    """Return the brands we know."""
    return {
        row["brand"]: ShoeBrand(
            row["brand"],
            frozenset(filter(None, row["optional"].split("|"))),
            row["roman"] == "yes",
            row["kind"],
        )
        for row in word_rows("brands.csv")
    }


@cache
def tokens_of(group: str) -> frozenset[str]:
    """Return the words of one group of `words.csv`, in all its languages."""
    rows = [row for row in word_rows("words.csv") if row["group"] == group]
    return frozenset(normalise_name(word) for row in rows for word in row["words"].split("|"))


def word_rows(name: str) -> list[dict[str, str]]:
    """Read one of the small tables beside this module."""
    text = files("connectors.shoes").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def normalise_name(text: str) -> str:
    """Return small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.translate(_UNSPLIT).casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def split_gear_text(text: str) -> list[str]:
    """Part a text into words and numbers."""
    return list(_split(text))


@lru_cache(maxsize=8192)
def _split(text: str) -> tuple[str, ...]:
    line = normalise_name(_CAMEL.sub(" ", html.unescape(text)))
    for pattern, by in _REWRITES:
        line = pattern.sub(by, line)
    return tuple(_TOKEN.findall(line))


@cache
def spellings() -> dict[tuple[str, ...], str]:
    """Return every spelling of every brand, parted into words, with our name of the brand."""
    rows = word_rows("brands.csv")
    return {
        tuple(split_gear_text(word)): row["brand"] for row in rows for word in row["spellings"].split("|")
    }


@cache
def only_first() -> frozenset[str]:
    """Return the brands whose name is an everyday word or a name, so that it counts at the start of a text alone."""
    return frozenset(row["brand"] for row in word_rows("brands.csv") if row["only_first"])


@cache
def unsplit_words() -> frozenset[str]:
    """Return the words that are one word everywhere, though other names hold their halves side by side."""
    optional = frozenset(word for brand in brands().values() for word in brand.optional)
    return optional | tokens_of("noise") | tokens_of("edition")


@cache
def dropped_words() -> frozenset[str]:
    """Return the words that say nothing of model or version: colours, sexes, editions."""
    return tokens_of("noise") | tokens_of("edition") | tokens_of("weather")


@dataclass
class ShoeLexicon:
    """Words written together in one place and apart in another ("Waverider", "Wave Rider")."""

    together: set[str] = field(default_factory=set)
    apart: dict[str, tuple[str, str]] = field(default_factory=dict)

    def learn(self, names: Iterable[str]) -> None:
        """Index how names are written."""
        for name in names:
            tokens = split_gear_text(name)
            self.together.update(tokens)
            for one, two in pairwise(tokens):
                if one.isalpha() and two.isalpha() and min(len(one), len(two)) > 1:
                    self.apart.setdefault(one + two, (one, two))

    def settle(self, tokens: list[str]) -> list[str]:
        """Write words as the catalogue does, whichever way they came."""
        settled: list[str] = []
        for token in tokens:
            joined = settled[-1] + token if settled and settled[-1].isalpha() and token.isalpha() else ""
            if joined in unsplit_words() or (joined in self.together and joined not in self.apart):
                settled[-1] = joined
            elif token in self.apart and token not in unsplit_words():
                settled += self.apart[token]
            else:
                settled.append(token)
        return settled


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
class GearReading:
    """What is left of one text."""

    brand: str | None
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    is_doubtful: bool = False
    is_weatherproof: bool = False


def read_gear_text(text: str, lexicon: ShoeLexicon, brand: str | None = None) -> GearReading:
    """Read one text."""
    tokens = split_gear_text(text)
    brand_name, tokens = _without_brand(tokens, brand)
    tokens = lexicon.settle(tokens)
    if brand_name is None:
        brand_name, tokens = _misspelt_brand(tokens, lexicon)
    useful = [token for token in tokens if token not in dropped_words()]
    words, numbers, doubtful = _numbers_apart(useful, brand_name)
    weatherproof = any(token in tokens_of("weather") for token in tokens)
    return GearReading(
        brand_name, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(numbers)), doubtful, weatherproof
    )


AliasTable = dict[tuple[str, frozenset[str]], frozenset[str]]


def core_tokens(reading: GearReading, aliases: AliasTable) -> frozenset[str]:
    """Return the words that tell a model from others of its brand."""
    optional = brands()[reading.brand].optional if reading.brand else _optional_anywhere()
    words = frozenset(reading.words) - optional or frozenset(reading.words)
    return aliases.get((reading.brand or "", words), words)


@cache
def _optional_anywhere() -> frozenset[str]:
    """Makers' words that are no everyday words, for texts that name no brand ("Wave Rider 24")."""
    optional = frozenset(word for brand in brands().values() for word in brand.optional if len(word) > 2)
    return optional - tokens_of("noise") - tokens_of("everyday")


def aliases_of(lexicon: ShoeLexicon) -> AliasTable:
    """Return the other names of models, from `aliases.csv`."""
    aliases: AliasTable = {}
    for row in word_rows("aliases.csv"):
        usual = core_tokens(read_gear_text(row["model"], lexicon, row["brand"]), {})
        for other in row["also"].split("|"):
            aliases[row["brand"], core_tokens(read_gear_text(other, lexicon, row["brand"]), {})] = usual
    return aliases


def brand_name(text: str) -> str | None:
    """Return our name of a brand."""
    tokens = split_gear_text(text)
    return spellings().get(tuple(tokens)) or _without_brand(tokens, None)[0]


def _without_brand(tokens: list[str], brand: str | None) -> tuple[str | None, list[str]]:
    """Remove every spelling of one brand; where none is given, that of the first brand named."""
    rest: list[str] = []
    at = 0
    while at < len(tokens):
        step = 1
        for length in range(min(_LONGEST_BRAND, len(tokens) - at), 0, -1):
            name = spellings().get(tuple(tokens[at : at + length]))
            first = not [t for t in rest if t not in tokens_of("noise")]
            if name and (name == brand or (brand is None and (first or name not in only_first()))):
                brand, step = name, length
                break
        else:
            rest.append(tokens[at])
        at += step
    return brand, rest


def _misspelt_brand(tokens: list[str], lexicon: ShoeLexicon) -> tuple[str | None, list[str]]:
    first = next((t for t in tokens if t not in tokens_of("noise")), "")
    if len(first) < 5 or first in lexicon.together:
        return None, tokens
    singles = [key[0] for key in spellings() if len(key) == 1 and len(key[0]) > 4]
    process, fuzz = late_import("rapidfuzz.process"), late_import("rapidfuzz.fuzz")
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
    """Return the number of two Roman digits or more; one alone is more often a letter."""
    match = _ROMAN.fullmatch(token)
    return str(10 * len(match[1]) + _ONES[match[2]]) if match else None
