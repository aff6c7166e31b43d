"""How well texts fit the models of one brand: word against word, all texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rapidfuzz import fuzz, process

from connectors.shoes.catalogue import catalogue
from connectors.shoes.lexicon import Lexicon
from connectors.shoes.spelling import Aliases, aliases_of, core, read
from connectors.shoes.words import words_of

LIKENESS_CUTOFF = 80.0
"""Two words of at least five letters this alike (of 100) are one word misspelt: one letter in five."""

WEAK_WEIGHT = 0.35
STRANGE_WEIGHT = 0.25
_SHORTEST_MISSPELT = 5


@dataclass(frozen=True)
class Row:
    """One row of the catalogue, read as a text is.

    Parameters
    ----------
    catalogue_id, family_id
        Of the row.
    numbers
        Numbers in its name, the version last.
    is_weatherproof
        A GTX edition with a row of its own.
    is_versioned
        The last number is its version, not part of the model's name ("Cielo X1").
    """

    catalogue_id: str
    family_id: str
    numbers: tuple[str, ...]
    is_weatherproof: bool
    is_versioned: bool


@dataclass(frozen=True)
class Line:
    """Rows of one brand whose names differ by their number alone.

    Parameters
    ----------
    brand
        Our name.
    words
        What tells it from other lines.
    rows
        In the catalogue's order.
    family
        These, and those of the same model that say one word more ("Metaspeed Sky", "Metaspeed Sky Paris").
    """

    brand: str
    words: tuple[str, ...]
    rows: tuple[Row, ...]
    family: tuple[Row, ...]


@dataclass(frozen=True)
class Shelf:
    """The catalogue, ready to be searched.

    Parameters
    ----------
    lexicon
        How its words are written.
    aliases
        Other names of its models.
    lines
        By brand.
    """

    lexicon: Lexicon
    aliases: Aliases
    lines: dict[str, tuple[Line, ...]]

    def of(self, brand: str | None) -> tuple[Line, ...]:
        """Give the lines of one brand, or of all.

        Parameters
        ----------
        brand : str or None
            Our name; None for all.

        Returns
        -------
        tuple of Line
            Empty for a brand without models.
        """
        if brand is not None:
            return self.lines.get(brand, ())
        return tuple(line for lines in self.lines.values() for line in lines)


@dataclass(frozen=True)
class Fit:
    """How texts fit lines; every array is texts x lines.

    Parameters
    ----------
    named
        Share of the line's words that the text has, 0 to 1.
    told
        Share of the text's words that the line has, 0 to 1.
    stray
        Words of the text that belong to other models and not to this line, as a count.
    score
        Both shares in one, 0 to 1: a model half named is worse than a text half understood.
    percents
        Lines, by their words, whose model has a percentage in its name ("Vaporfly 4%").
    """

    named: np.ndarray
    told: np.ndarray
    stray: np.ndarray
    score: np.ndarray
    percents: dict[frozenset[str], int]


@cache
def shelf() -> Shelf:
    """Make the catalogue ready, once.

    Returns
    -------
    Shelf
        Shared: do not change it.
    """
    names = catalogue().select("brand", "model", "version", "catalogue_id", "family_id").rows()
    lexicon = Lexicon()
    lexicon.learn(f"{brand} {model} {version or ''}" for brand, model, version, _, _ in names)
    aliases = aliases_of(lexicon)
    grouped: dict[str, dict[frozenset[str], list[Row]]] = {}
    for brand, model, version, catalogue_id, family_id in names:
        reading = read(f"{model} {version or ''}", lexicon, brand)
        versioned = read(model, lexicon, brand).numbers != reading.numbers
        row = Row(catalogue_id, family_id, reading.numbers, reading.is_weatherproof, versioned)
        if words := core(reading, aliases):
            grouped.setdefault(brand, {}).setdefault(words, []).append(row)
    lines = {brand: _lines(brand, models) for brand, models in grouped.items()}
    return Shelf(lexicon, aliases, lines)


def _lines(brand: str, models: dict[frozenset[str], list[Row]]) -> tuple[Line, ...]:
    lines = []
    for words, rows in models.items():
        wider = (row for others, more in models.items() if others > words for row in more)
        kin = [row for row in wider if row.family_id == rows[0].family_id]
        lines.append(Line(brand, tuple(sorted(words)), tuple(rows), (*rows, *kin)))
    return tuple(lines)


def fit(texts: Sequence[Sequence[str]], lines: Sequence[Line]) -> Fit:
    """Hold every text against every line.

    Parameters
    ----------
    texts : sequence of sequence of str
        Words of each text, at least one.
    lines : sequence of Line
        At least one.

    Returns
    -------
    Fit
        Each array (len(texts), len(lines)).

    Source
    ------
    ours: words in any order, some missing, some strange; a count of equal words fails on misspellings and a distance
    of whole strings on the extra words that runners add.
    """
    tokens = sorted({word for text in texts for word in text})
    vocabulary = sorted({word for line in lines for word in line.words})
    alike = _alike(tokens, vocabulary)
    at_token = {word: i for i, word in enumerate(tokens)}
    at_word = {word: i for i, word in enumerate(vocabulary)}

    weights = np.zeros((len(lines), len(vocabulary)), dtype=np.float32)
    known_by = np.zeros((len(tokens), len(lines)), dtype=np.float32)
    for number, line in enumerate(lines):
        columns = [at_word[word] for word in line.words]
        weights[number, columns] = [WEAK_WEIGHT if w in words_of("weak") else 1.0 for w in line.words]
        known_by[:, number] = alike[:, columns].max(axis=1)
    weights /= weights.sum(axis=1, keepdims=True)

    telling = alike.max(axis=1) > 0
    changing = np.array([word in words_of("change") for word in tokens])
    weight = np.where(telling | changing, 1.0, STRANGE_WEIGHT)
    weak = np.array([word in words_of("weak") for word in tokens])
    weight = np.where(weak, WEAK_WEIGHT, weight).astype(np.float32)
    strays = ((known_by == 0) & (telling | changing)[:, None] & ~weak[:, None]).astype(np.int16)

    has, told, stray = [], [], []
    for text in texts:
        rows = [at_token[word] for word in text]
        has.append(alike[rows].max(axis=0))
        told.append(weight[rows] @ known_by[rows] / weight[rows].sum())
        stray.append(strays[rows].sum(axis=0))
    named, told_share = np.stack(has) @ weights.T, np.stack(told)
    percents = {
        frozenset(line.words): i for i, line in enumerate(lines) if any("pct" in w for w in line.words)
    }
    return Fit(named, told_share, np.stack(stray), named * (0.6 + 0.4 * told_share), percents)


def _alike(tokens: list[str], vocabulary: list[str]) -> np.ndarray:
    """Give likeness 0 to 1, words of texts x words of lines; 0 below the cutoff and for numbers that differ."""
    alike = process.cdist(
        tokens, vocabulary, scorer=fuzz.ratio, score_cutoff=LIKENESS_CUTOFF, dtype=np.float32
    )
    exact = np.isin(tokens, vocabulary)
    plain_token = exact | [len(t) < _SHORTEST_MISSPELT or not t.isalpha() for t in tokens]
    plain_word = np.array([len(v) < _SHORTEST_MISSPELT - 1 or not v.isalpha() for v in vocabulary])
    same_alone = plain_token[:, None] | plain_word[None, :]
    return np.where(same_alone & (alike < 100), 0, alike) / 100
