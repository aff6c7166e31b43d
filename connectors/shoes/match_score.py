"""How well texts fit the models of one brand: word against word, all texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connectors.late_imports import late_import
from connectors.shoes.match_index import ModelLine
from connectors.shoes.name_tokens import tokens_of

LIKENESS_CUTOFF = 80.0
"""Two words of at least five letters this alike (of 100) are one word misspelt: one letter in five."""

WEAK_WEIGHT = 0.35
STRANGE_WEIGHT = 0.25
_SHORTEST_MISSPELT = 5


@dataclass(frozen=True)
class ModelFit:
    """How texts fit lines; every array is texts x lines: shares of the line's and of the text's words, 0 to 1."""

    of_line: np.ndarray
    of_text: np.ndarray
    stray: np.ndarray
    score: np.ndarray
    percents: dict[frozenset[str], int]


def fit_models(texts: Sequence[Sequence[str]], lines: Sequence[ModelLine]) -> ModelFit:
    """Compare every text with every line."""
    # Words in any order, some missing, some strange; a count of equal words fails on misspellings and a
    # distance of whole strings on the extra words that runners add.
    tokens = sorted({word for text in texts for word in text})
    vocabulary = sorted({word for line in lines for word in line.words})
    alike = _alike(tokens, vocabulary)
    at_token = {word: i for i, word in enumerate(tokens)}
    at_word = {word: i for i, word in enumerate(vocabulary)}

    weights = np.zeros((len(lines), len(vocabulary)), dtype=np.float32)
    known_by = np.zeros((len(tokens), len(lines)), dtype=np.float32)
    for number, line in enumerate(lines):
        columns = [at_word[word] for word in line.words]
        weights[number, columns] = [WEAK_WEIGHT if w in tokens_of("weak") else 1.0 for w in line.words]
        known_by[:, number] = alike[:, columns].max(axis=1)
    weights /= weights.sum(axis=1, keepdims=True)

    telling = alike.max(axis=1) > 0
    changing = np.array([word in tokens_of("change") for word in tokens])
    weight = np.where(telling | changing, 1.0, STRANGE_WEIGHT)
    weak = np.array([word in tokens_of("weak") for word in tokens])
    weight = np.where(weak, WEAK_WEIGHT, weight).astype(np.float32)
    strays = ((known_by == 0) & (telling | changing)[:, None] & ~weak[:, None]).astype(np.int16)

    has, of_text_rows, stray = [], [], []
    for text in texts:
        rows = [at_token[word] for word in text]
        has.append(alike[rows].max(axis=0))
        of_text_rows.append(weight[rows] @ known_by[rows] / weight[rows].sum())
        stray.append(strays[rows].sum(axis=0))
    of_line, of_text = np.stack(has) @ weights.T, np.stack(of_text_rows)
    percents = {
        frozenset(line.words): i for i, line in enumerate(lines) if any("pct" in w for w in line.words)
    }
    return ModelFit(of_line, of_text, np.stack(stray), of_line * (0.6 + 0.4 * of_text), percents)


def _alike(tokens: list[str], vocabulary: list[str]) -> np.ndarray:
    """Return likeness 0 to 1, words of texts x words of lines; 0 below the cutoff and for numbers that differ."""
    process, fuzz = late_import("rapidfuzz.process"), late_import("rapidfuzz.fuzz")
    alike = process.cdist(
        tokens, vocabulary, scorer=fuzz.ratio, score_cutoff=LIKENESS_CUTOFF, dtype=np.float32
    )
    exact = np.isin(tokens, vocabulary)
    plain_token = exact | [len(t) < _SHORTEST_MISSPELT or not t.isalpha() for t in tokens]
    plain_word = np.array([len(v) < _SHORTEST_MISSPELT - 1 or not v.isalpha() for v in vocabulary])
    same_alone = plain_token[:, None] | plain_word[None, :]
    return np.where(same_alone & (alike < 100), 0, alike) / 100
