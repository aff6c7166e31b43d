"""From how a text fits to a verdict: one model and version, a question to the runner, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from connectors.shoes.scoring import Fit, Line, Row
from connectors.shoes.spelling import YEARS, Reading
from connectors.shoes.words import words_of

SURE, ASK, UNKNOWN = "sure", "ask", "unknown"
NAMED_ENOUGH = 0.78
"""Share of a model's words that must be there: all of them, one of them misspelt."""

TOLD_WHOLE = 0.95
"""Share of a text without a brand that a model must explain."""

HALF_NAMED = 0.3
NEAR_TIE = 0.1
MOST_CANDIDATES = 12
NO_BRAND = 0.9
"""Factor on the certainty of a text that names no brand."""

VERSION_MISSING, VERSION_STRANGE, VERSION_DOUBTFUL, MODEL_HALF_NAMED = 0.6, 0.5, 0.6, 0.3
_FEW_PAIRS = 3.0
_MOST_RIVALS = 7


@dataclass(frozen=True)
class Verdict:
    """What is known of one text.

    Parameters
    ----------
    verdict
        `SURE`, `ASK` or `UNKNOWN`.
    certainty
        0 to 1; 0 for unknown.
    rows
        The row when sure, else those to ask about, nearest first.
    is_one_family
        All versions of one model come into question, and no other model.
    """

    verdict: str = UNKNOWN
    certainty: float = 0.0
    rows: tuple[Row, ...] = ()
    is_one_family: bool = False


def judged(reading: Reading, words: Sequence[str], fit: Fit, at: int, lines: Sequence[Line]) -> Verdict:
    """Judge one text.

    Parameters
    ----------
    reading : Reading
        Of the text.
    words : sequence of str
        The words it was held against the lines with.
    fit : Fit
        Of all texts of the brand.
    at : int
        Row of this text in `fit`.
    lines : sequence of Line
        Columns of `fit`.

    Returns
    -------
    Verdict
        Sure only where brand, model and version are all told and no other model is near.

    Source
    ------
    ours: a wrong version is worse than a question, so whatever is in doubt is asked.
    """
    score = fit.score[at]
    order = np.argsort(-score, kind="stable")
    best = int(order[0])
    if fit.named[at, best] < NAMED_ENOUGH:
        return _half_named(reading, fit, at, lines, order)
    if reading.brand is None and not _stands_alone(reading, words):
        return Verdict()
    line, told = lines[best], float(fit.told[at, best])
    certainty = float(score[best]) * (1.0 if reading.brand else NO_BRAND)
    odd = bool(fit.stray[at, best]) or (not reading.numbers and _has_odd_number(words, line))
    if odd or (reading.brand is None and told < TOLD_WHOLE):
        worth_asking = reading.brand or told >= NAMED_ENOUGH
        asked = Verdict(ASK, certainty * VERSION_STRANGE, _nearest(line.rows, reading))
        return asked if worth_asking else Verdict()
    rivals = _rivals(reading, fit, at, lines, order)
    verdict = _versioned(reading, line, certainty)
    if rivals:
        others = tuple(row for i in rivals for row in _numbered(lines[i].rows, reading) or lines[i].rows)
        return Verdict(ASK, verdict.certainty / (1 + len(rivals)), (*verdict.rows, *others)[:MOST_CANDIDATES])
    few = bool(reading.numbers) and float(reading.numbers[-1]) <= _FEW_PAIRS
    if verdict.verdict == SURE and reading.brand is None and few and set(words) <= words_of("common"):
        return Verdict(ASK, verdict.certainty * VERSION_DOUBTFUL, verdict.rows)
    return verdict


def _rivals(reading: Reading, fit: Fit, at: int, lines: Sequence[Line], order: np.ndarray) -> list[int]:
    """Rows of `lines` that fit almost as well as the best, and of models named alike but for a percentage."""
    score, line = fit.score[at], lines[int(order[0])]
    near = float(score[int(order[0])]) - NEAR_TIE
    rivals = [int(i) for i in order[1:8] if score[i] >= near and fit.named[at, i] >= NAMED_ENOUGH]
    rivals = [
        i for i in rivals if not (set(lines[i].words) < set(line.words) and lines[i].brand == line.brand)
    ]
    rivals = [i for i in rivals if not reading.numbers or _numbered(lines[i].rows, reading)]
    with_percent = [frozenset((*line.words, f"{number}pct")) for number in reading.numbers]
    return rivals + [fit.percents[words_told] for words_told in with_percent if words_told in fit.percents]


def _stands_alone(reading: Reading, words: Sequence[str]) -> bool:
    """Whether a text without a brand can name a model: an everyday word cannot, a common one with a number can."""
    said = set(words)
    return not said <= words_of("everyday") and (bool(reading.numbers) or not said <= words_of("common"))


def _has_odd_number(words: Sequence[str], line: Line) -> bool:
    return any(word.isdigit() and word not in line.words for word in words)


def _half_named(reading: Reading, fit: Fit, at: int, lines: Sequence[Line], order: np.ndarray) -> Verdict:
    """Ask, where all that a text says belongs to models of its brand but names none of them whole."""
    if reading.brand is None:
        return Verdict()
    near = [int(i) for i in order if fit.told[at, i] >= NAMED_ENOUGH and fit.named[at, i] >= HALF_NAMED]
    if not near:
        return Verdict()
    rows = [
        row for i in near for row in _numbered(lines[i].rows, reading) or _nearest(lines[i].rows, reading)[:1]
    ]
    return Verdict(ASK, MODEL_HALF_NAMED * float(fit.score[at, near[0]]), tuple(rows[:MOST_CANDIDATES]))


def _versioned(reading: Reading, line: Line, certainty: float) -> Verdict:
    """Find the version in a line that is certain."""
    hits = _numbered(line.rows, reading)
    nearest = _nearest(line.family, reading)
    if len(hits) == 1 and (reading.numbers or not hits[0].numbers):
        is_open = not reading.numbers and len({row.numbers for row in line.family}) > 1
        is_open |= hits[0].is_weatherproof and not reading.is_weatherproof
        if not (is_open or reading.is_doubtful):
            return Verdict(SURE, certainty, tuple(hits))
        rest = [row for row in nearest if row not in hits]
        return Verdict(ASK, certainty * VERSION_DOUBTFUL, (*hits, *rest)[:MOST_CANDIDATES], True)
    return Verdict(ASK, certainty * (VERSION_STRANGE if reading.numbers else VERSION_MISSING), nearest, True)


def _numbered(rows: Sequence[Row], reading: Reading) -> list[Row]:
    """Give the rows whose numbers the text has, its edition first; without a number those that have none."""
    numbers = reading.numbers
    if len(numbers) > 1:
        without_years = tuple(n for n in numbers if float(n) not in YEARS)
        years_count = any(row.numbers and float(row.numbers[-1]) in YEARS for row in rows)
        numbers = numbers if years_count or not without_years else without_years
    hits = [row for row in rows if row.numbers == numbers]
    hits = hits or [row for row in rows if row.is_versioned and set(row.numbers) <= set(numbers)]
    edition = [row for row in hits if row.is_weatherproof == reading.is_weatherproof]
    return edition or hits


def _nearest(rows: Sequence[Row], reading: Reading) -> tuple[Row, ...]:
    """Give rows to ask about: those whose number is nearest, else the latest first."""
    wanted = float(reading.numbers[0]) if reading.numbers else np.inf

    def distance(row: Row) -> tuple[float, float]:
        number = float(row.numbers[-1]) if row.numbers else 0.0
        return (abs(number - wanted) if np.isfinite(wanted) else 0.0, -number)

    return tuple(sorted(rows, key=distance)[:MOST_CANDIDATES])
