"""The lists of words in `words.csv`: one row is a language, a kind and a word or phrase; anybody can add a row."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

KINDS = (
    *(f"place_{part}" for part in ("achilles", "heel", "calf", "ankle", "foot", "shin", "knee", "hamstring")),
    *("place_hip", "place_other", "place_leg"),
    *("pain", "complaint", "weak", "feel", "good"),
    *("alone", "alone_none"),
    *(f"alone_{part}" for part in ("achilles", "heel", "calf", "foot", "shin", "knee")),
    *("negation", "negation_after", "easing"),
    *("side_left", "side_right", "side_both"),
    *("but", "and", "own", "no_owner", "other_owner", "other_subject", "other_has", "kin", "name_has"),
    *("other_part", "trap"),
)
"""Kinds of words: places; complaints of three strengths, what is felt and what is well; words that stand alone;
what denies or eases; sides; joints of clauses; whose leg it is; other parts of the body; phrases that only look alike.
"""

_UNSPLIT = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'", "‘": "'"})
_KEY_LETTERS = 3
"""An open-ended word has at least so many letters before its star."""
_TOKEN = re.compile(r"[^\W_]+(?:'(?:s|t|m|ve|re)\b)?")


@dataclass(frozen=True)
class Word:
    """One token of a text: folded, and where it stands."""

    folded: str
    start: int
    end: int
    is_capital: bool = False


@dataclass(frozen=True)
class Hit:
    """One word or phrase of a list in a text; `first` and `last` are numbers of tokens."""

    language: str
    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class _Entry:
    language: str
    kind: str
    phrase: tuple[str, ...]


def fold(text: str) -> str:
    """Return a text in small letters without accents, as the lists are compared."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_UNSPLIT))
    return "".join(one for one in letters if not unicodedata.combining(one)).translate(_UNSPLIT)


def split_words(text: str) -> list[Word]:
    """Split a text into tokens; `'s` and `'t` stay with their word."""
    joined = text.replace("’", "'").replace("‘", "'")
    return [
        Word(fold(one[0]), one.start(), one.end(), one[0][0].isupper()) for one in _TOKEN.finditer(joined)
    ]


def is_first_name(token: str) -> bool:
    """Return whether a folded token is a first name of `names.csv`, which leaves out those that are words too."""
    return token in _first_names()


@cache
def _first_names() -> frozenset[str]:
    table = files("connectors.statements").joinpath("names.csv").read_text(encoding="utf-8")
    return frozenset(fold(name) for name in table.split("\n")[1:] if name)


def find_hits(words: Sequence[Word]) -> list[Hit]:
    """Return every word and phrase of the lists; of those that lie in a longer one, only the longer."""
    tokens = [one.folded for one in words]
    hits = [
        Hit(entry.language, entry.kind, at, at + len(entry.phrase) - 1)
        for at in range(len(tokens))
        for entry in _begun_by(tokens[at])
        if _fits(entry.phrase, tokens[at : at + len(entry.phrase)])
    ]
    return [one for one in hits if not any(_lies_in(one, other) for other in hits)]


def may_speak(words: Sequence[Word]) -> bool:
    """Return whether any token could begin a place or a word that stands alone; most titles have none."""
    return any(_begins_subject(one.folded) for one in words)


@lru_cache(maxsize=20_000)
def _begins_subject(token: str) -> bool:
    return any(entry.kind.startswith(("place_", "alone")) for entry in _begun_by(token))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages of the lists, in the order of the file."""
    return tuple(dict.fromkeys(entry.language for entry in _entries()))


def _lies_in(one: Hit, other: Hit) -> bool:
    if one.language != other.language:
        return False
    is_longer = other.last - other.first > one.last - one.first
    if other.kind == "trap":  # what only looks alike takes everything that touches it
        return one.kind != "trap" and one.first <= other.last and other.first <= one.last
    return is_longer and other.first <= one.first and one.last <= other.last


def _fits(phrase: tuple[str, ...], tokens: Sequence[str]) -> bool:
    return len(tokens) == len(phrase) and all(_is_like(*pair) for pair in zip(phrase, tokens, strict=True))


def _is_like(pattern: str, token: str) -> bool:
    if pattern.endswith("*"):
        return token.startswith(pattern[:-1])
    return token.endswith(pattern[1:]) if pattern.startswith("*") else token == pattern


@lru_cache(maxsize=20_000)
def _begun_by(token: str) -> tuple[_Entry, ...]:
    plain, begun, ended = _index()
    open_ended = (*begun.get(token[:_KEY_LETTERS], ()), *ended)
    return (*plain.get(token, ()), *(entry for entry in open_ended if _is_like(entry.phrase[0], token)))


@cache
def _index() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]], list[_Entry]]:
    """Entries by their first word; with an open end by its first letters; those with an open beginning."""
    plain: dict[str, list[_Entry]] = {}
    begun: dict[str, list[_Entry]] = {}
    ended = []
    for entry in _entries():
        first = entry.phrase[0]
        if first.startswith("*"):
            ended.append(entry)
        elif first.endswith("*"):
            begun.setdefault(first[:_KEY_LETTERS], []).append(entry)
        else:
            plain.setdefault(first, []).append(entry)
    return plain, begun, ended


@cache
def _entries() -> tuple[_Entry, ...]:
    table = files("connectors.statements").joinpath("words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return tuple(
        _Entry(row["language"], row["kind"], tuple(fold(row["word"]).replace("-", " ").split()))
        for row in rows
    )
