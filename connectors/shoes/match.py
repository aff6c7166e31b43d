"""From how a text fits to a verdict: one model and version, a question to the runner, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from connectors.shoes.built_index import catalogue_index
from connectors.shoes.catalogue import catalogue
from connectors.shoes.match_index import CatalogueIndex, CatalogueRow, ModelLine
from connectors.shoes.match_score import ModelFit, fit_models
from connectors.shoes.name_tokens import (
    YEARS,
    GearReading,
    brand_name,
    core_tokens,
    normalise_name,
    read_gear_text,
    tokens_of,
)

SURE, ASK, UNKNOWN = "sure", "ask", "unknown"
ENOUGH_OF_NAME = 0.78
"""Share of a model's words that must be there: all of them, one of them misspelt."""

FULL_NAME = 0.95
"""Share of a text without a brand that a model must explain."""

HALF_OF_NAME = 0.3
NEAR_TIE = 0.1
MOST_CANDIDATES = 12
NO_BRAND = 0.9
"""Factor on the certainty of a text that names no brand."""

VERSION_MISSING, VERSION_STRANGE, VERSION_DOUBTFUL, MODEL_INCOMPLETE = 0.6, 0.5, 0.6, 0.3
_FEW_PAIRS = 3.0


@dataclass(frozen=True)
class MatchVerdict:
    """What is known of one text."""

    verdict: str = UNKNOWN
    certainty: float = 0.0
    rows: tuple[CatalogueRow, ...] = ()
    is_one_family: bool = False


def judge(
    reading: GearReading, words: Sequence[str], fit: ModelFit, at: int, lines: Sequence[ModelLine]
) -> MatchVerdict:
    """Judge one text.

    A wrong version is worse than a question, so whatever is in doubt is asked.
    """
    score = fit.score[at]
    order = np.argsort(-score, kind="stable")
    best = int(order[0])
    if fit.of_line[at, best] < ENOUGH_OF_NAME:
        return _partial_match(reading, fit, at, lines, order)
    if reading.brand is None and not _stands_alone(reading, words):
        return MatchVerdict()
    line, share = lines[best], float(fit.of_text[at, best])
    certainty = float(score[best]) * (1.0 if reading.brand else NO_BRAND)
    odd = bool(fit.stray[at, best]) or (not reading.numbers and _has_odd_number(words, line))
    if odd or (reading.brand is None and share < FULL_NAME):
        worth_asking = reading.brand or share >= ENOUGH_OF_NAME
        asked = MatchVerdict(ASK, certainty * VERSION_STRANGE, _nearest(line.rows, reading))
        return asked if worth_asking else MatchVerdict()
    rivals = _rivals(reading, fit, at, lines, order)
    verdict = _versioned(reading, line, certainty)
    if rivals:
        others = tuple(row for i in rivals for row in _numbered(lines[i].rows, reading) or lines[i].rows)
        return MatchVerdict(
            ASK, verdict.certainty / (1 + len(rivals)), (*verdict.rows, *others)[:MOST_CANDIDATES]
        )
    few = bool(reading.numbers) and float(reading.numbers[-1]) <= _FEW_PAIRS
    if verdict.verdict == SURE and reading.brand is None and few and set(words) <= tokens_of("common"):
        return MatchVerdict(ASK, verdict.certainty * VERSION_DOUBTFUL, verdict.rows)
    return verdict


def _rivals(
    reading: GearReading, fit: ModelFit, at: int, lines: Sequence[ModelLine], order: np.ndarray
) -> list[int]:
    """Rows of `lines` that fit almost as well as the best, and of models named alike but for a percentage."""
    score, line = fit.score[at], lines[int(order[0])]
    near = float(score[int(order[0])]) - NEAR_TIE
    rivals = [int(i) for i in order[1:8] if score[i] >= near and fit.of_line[at, i] >= ENOUGH_OF_NAME]
    rivals = [
        i for i in rivals if not (set(lines[i].words) < set(line.words) and lines[i].brand == line.brand)
    ]
    rivals = [i for i in rivals if not reading.numbers or _numbered(lines[i].rows, reading)]
    with_percent = [frozenset((*line.words, f"{number}pct")) for number in reading.numbers]
    return rivals + [fit.percents[key] for key in with_percent if key in fit.percents]


def _stands_alone(reading: GearReading, words: Sequence[str]) -> bool:
    """Whether a text without a brand can name a model: an everyday word cannot, a common one with a number can."""
    name_words = set(words)
    return not name_words <= tokens_of("everyday") and (
        bool(reading.numbers) or not name_words <= tokens_of("common")
    )


def _has_odd_number(words: Sequence[str], line: ModelLine) -> bool:
    return any(word.isdigit() and word not in line.words for word in words)


def _partial_match(
    reading: GearReading, fit: ModelFit, at: int, lines: Sequence[ModelLine], order: np.ndarray
) -> MatchVerdict:
    """Ask, where all that a text says belongs to models of its brand but names none of them whole."""
    if reading.brand is None:
        return MatchVerdict()
    near = [
        int(i) for i in order if fit.of_text[at, i] >= ENOUGH_OF_NAME and fit.of_line[at, i] >= HALF_OF_NAME
    ]
    if not near:
        return MatchVerdict()
    rows = [
        row for i in near for row in _numbered(lines[i].rows, reading) or _nearest(lines[i].rows, reading)[:1]
    ]
    return MatchVerdict(ASK, MODEL_INCOMPLETE * float(fit.score[at, near[0]]), tuple(rows[:MOST_CANDIDATES]))


def _versioned(reading: GearReading, line: ModelLine, certainty: float) -> MatchVerdict:
    """Find the version in a line that is certain."""
    hits = _numbered(line.rows, reading)
    nearest = _nearest(line.family, reading)
    if len(hits) == 1 and (reading.numbers or not hits[0].numbers):
        is_open = not reading.numbers and len({row.numbers for row in line.family}) > 1
        is_open |= hits[0].is_weatherproof and not reading.is_weatherproof
        if not (is_open or reading.is_doubtful):
            return MatchVerdict(SURE, certainty, tuple(hits))
        rest = [row for row in nearest if row not in hits]
        return MatchVerdict(ASK, certainty * VERSION_DOUBTFUL, (*hits, *rest)[:MOST_CANDIDATES], True)
    return MatchVerdict(
        ASK, certainty * (VERSION_STRANGE if reading.numbers else VERSION_MISSING), nearest, True
    )


def _numbered(rows: Sequence[CatalogueRow], reading: GearReading) -> list[CatalogueRow]:
    """Return the rows whose numbers the text has, its edition first; without a number those that have none."""
    numbers = reading.numbers
    if len(numbers) > 1:
        without_years = tuple(n for n in numbers if float(n) not in YEARS)
        years_count = any(row.numbers and float(row.numbers[-1]) in YEARS for row in rows)
        numbers = numbers if years_count or not without_years else without_years
    hits = [row for row in rows if row.numbers == numbers]
    hits = hits or [row for row in rows if row.is_versioned and set(row.numbers) <= set(numbers)]
    edition = [row for row in hits if row.is_weatherproof == reading.is_weatherproof]
    return edition or hits


def _nearest(rows: Sequence[CatalogueRow], reading: GearReading) -> tuple[CatalogueRow, ...]:
    """Return rows to ask about: those whose number is nearest, else the latest first."""
    wanted = float(reading.numbers[0]) if reading.numbers else np.inf

    def distance(row: CatalogueRow) -> tuple[float, float]:
        number = float(row.numbers[-1]) if row.numbers else 0.0
        return (abs(number - wanted) if np.isfinite(wanted) else 0.0, -number)

    return tuple(sorted(rows, key=distance)[:MOST_CANDIDATES])


MATCH_SCHEMA = pl.Schema(
    {
        "name": pl.String,
        "brand": pl.String,
        "model": pl.String,
        "verdict": pl.String,
        "certainty": pl.Float64,
        "catalogue_id": pl.String,
        "family_id": pl.String,
        "candidates": pl.List(pl.String),
        "drop_low_mm": pl.Float64,
        "drop_high_mm": pl.Float64,
    }
)
_NO_BRANDS = frozenset(
    {"", "other", "unknown", "none", "generic", "custom", "andere", "otro", "outro", "autre", "altro"}
)
BAREFOOT = "Barefoot"
"""Our name of the brand that a service gives to runs without shoes."""

_FOREIGN = "a brand we do not know"


def match_gear(gear: pl.DataFrame | Sequence[str]) -> pl.DataFrame:
    """Find the catalogue's row for each pair of shoes.

    Measured on the gear of real exports, see the tests.
    """
    frame = (
        gear
        if isinstance(gear, pl.DataFrame)
        else pl.DataFrame({"name": list(gear)}, schema={"name": pl.String})
    )
    columns = [
        (pl.col(c) if c in frame.columns else pl.lit(None)).cast(pl.String).alias(c)
        for c in ("name", "brand", "model")
    ]
    asked = frame.select(columns)
    distinct = asked.unique(maintain_order=True)
    matches = pl.concat([distinct, _answer_rows(tuple(distinct.rows()))], how="horizontal")
    return (
        asked.with_row_index("row")
        .join(matches, on=["name", "brand", "model"], how="left", nulls_equal=True)
        .sort("row")
        .select(MATCH_SCHEMA.names())
        .match_to_schema(MATCH_SCHEMA)
    )


def _answer_schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    return {name: kind for name, kind in MATCH_SCHEMA.items() if name not in ("name", "brand", "model")}


GearNames = tuple[tuple[str | None, str | None, str | None], ...]


@lru_cache(maxsize=64)
def _answer_rows(gear: GearNames) -> pl.DataFrame:
    """Answers for names as they stand; a page asks for the same pairs at each rerun."""
    return pl.DataFrame(_answers(gear), schema=_answer_schema())


def _answers(gear: GearNames) -> list[dict[str, object]]:
    if not gear:
        return []
    known = catalogue_index()
    readings: dict[tuple[str, str], GearReading] = {}
    pairs = []
    for name, brand, model in gear:
        maker = _maker(brand)
        full = model.strip() if model and model.strip() else ""
        pairs.append(((full, maker), ((name or "").strip(), maker)))
    for text, maker in dict.fromkeys(key for pair in pairs for key in pair):
        reading = read_gear_text(text, known.lexicon, None if maker in ("", _FOREIGN) else maker)
        is_foreign = maker == _FOREIGN and reading.brand is None
        readings[text, maker] = GearReading(None) if is_foreign else reading
    verdicts = _verdicts(readings, known)
    joined = [_joined(verdicts[model], verdicts[name]) for model, name in pairs]
    drops = _drops(row for verdict in joined for row in verdict.rows)
    return [_answer(verdict, drops) for verdict in joined]


def _maker(brand: str | None) -> str:
    """Return our brand for the brand column; empty where it says nothing."""
    text = " ".join((brand or "").split())
    if normalise_name(text) in _NO_BRANDS:
        return ""
    return brand_name(text) or _FOREIGN


def _verdicts(
    readings: dict[tuple[str, str], GearReading], known: CatalogueIndex
) -> dict[tuple[str, str], MatchVerdict]:
    verdicts = dict.fromkeys(readings, MatchVerdict())
    words = {key: sorted(core_tokens(reading, known.aliases)) for key, reading in readings.items()}
    makers: dict[str | None, list[tuple[str, str]]] = {}
    for key, reading in readings.items():
        if reading.brand == BAREFOOT:
            verdicts[key] = MatchVerdict(SURE, 1.0, known.of(BAREFOOT)[0].rows)
        elif words[key]:
            makers.setdefault(reading.brand, []).append(key)
    for maker, keys in makers.items():
        lines = known.of(maker)
        if lines:
            fitted = fit_models([words[key] for key in keys], lines)
            for at, key in enumerate(keys):
                verdicts[key] = judge(readings[key], words[key], fitted, at, lines)
    return verdicts


def _joined(model: MatchVerdict, name: MatchVerdict) -> MatchVerdict:
    """Join what the model column and the name say of one pair."""
    if UNKNOWN in (model.verdict, name.verdict):
        return model if name.verdict == UNKNOWN else name
    if model.verdict == name.verdict == SURE:
        if model.rows == name.rows:
            return model if model.certainty >= name.certainty else name
        return MatchVerdict(ASK, min(model.certainty, name.certainty) / 2, (*model.rows, *name.rows))
    if model.verdict == ASK and name.verdict == SURE:
        return name if name.rows[0].family_id in {row.family_id for row in model.rows} else model
    return model


def _answer(verdict: MatchVerdict, drops: dict[str, tuple[float | None, float | None]]) -> dict[str, object]:
    ids = [row.catalogue_id for row in verdict.rows]
    families = {row.family_id for row in verdict.rows}
    family = families.pop() if len(families) == 1 else None
    ranges = [drops[family]] if verdict.is_one_family and family else [drops[i] for i in ids]
    lows, highs = [r[0] for r in ranges if r[0] is not None], [r[1] for r in ranges if r[1] is not None]
    return {
        "verdict": verdict.verdict,
        "certainty": round(verdict.certainty, 3),
        "catalogue_id": ids[0] if verdict.verdict == SURE else None,
        "family_id": family,
        "candidates": ids,
        "drop_low_mm": min(lows, default=None),
        "drop_high_mm": max(highs, default=None),
    }


def _drops(rows: Iterable[CatalogueRow]) -> dict[str, tuple[float | None, float | None]]:
    """Return the range of drop under each id, of families after that of rows so that they may share one."""
    asked = list(rows)
    ids, families = [row.catalogue_id for row in asked], [row.family_id for row in asked]
    low, high = pl.col("drop_low_mm").min(), pl.col("drop_high_mm").max()
    of_rows = catalogue().filter(pl.col("catalogue_id").is_in(ids))
    of_families = catalogue().filter(pl.col("family_id").is_in(families)).group_by("family_id").agg(low, high)
    frames = (of_rows.select("catalogue_id", "drop_low_mm", "drop_high_mm"), of_families)
    return {one: (least, most) for frame in frames for one, least, most in frame.iter_rows()}
