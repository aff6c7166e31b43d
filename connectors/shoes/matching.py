"""Which model a gear text means.

Texts come as services write them: brand twice, colours, sexes, nicknames, a second pair counted with II, the version
left out. Only what names brand, model and version is sure; the rest is asked, and a nickname stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from connectors.shoes.catalogue import catalogue
from connectors.shoes.scoring import Shelf, fit, shelf
from connectors.shoes.spelling import Reading, brand_name, core, read
from connectors.shoes.verdict import ASK, SURE, UNKNOWN, Verdict, judged
from connectors.shoes.words import plain

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

    Parameters
    ----------
    gear : DataFrame or sequence of str
        A frame with `name`, and `brand` and `model` where they are known (SHOE has all three); or texts alone. Any
        may be null or empty.

    Returns
    -------
    DataFrame, one row for each row given, in its order
        `name`, `brand`, `model` as given; `verdict` ("sure", "ask", "unknown"); `certainty` (0 to 1; 0 for unknown);
        `catalogue_id` (null unless sure); `family_id` (the model over all its versions; null where more than one
        comes into question); `candidates` (List of `catalogue_id`, nearest first: the one when sure, those to ask
        about otherwise, empty for unknown); `drop_low_mm`, `drop_high_mm` (mm, over the candidates, or over every
        version where only the version is open; null where no drop is known).

    Source
    ------
    ours: measured on the gear of real exports, see the tests.
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
    answers = _answers(distinct.rows())
    found = pl.concat([distinct, pl.DataFrame(answers, schema=_answer_schema())], how="horizontal")
    return (
        asked.with_row_index("row")
        .join(found, on=["name", "brand", "model"], how="left", nulls_equal=True)
        .sort("row")
        .select(MATCH_SCHEMA.names())
        .match_to_schema(MATCH_SCHEMA)
    )


def _answer_schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    return {name: kind for name, kind in MATCH_SCHEMA.items() if name not in ("name", "brand", "model")}


def _answers(gear: list[tuple[str | None, str | None, str | None]]) -> list[dict[str, object]]:
    known = shelf()
    readings: dict[tuple[str, str], Reading] = {}
    pairs = []
    for name, brand, model in gear:
        maker = _maker(brand)
        full = model.strip() if model and model.strip() else ""
        pairs.append(((full, maker), ((name or "").strip(), maker)))
    for text, maker in dict.fromkeys(key for pair in pairs for key in pair):
        reading = read(text, known.lexicon, None if maker in ("", _FOREIGN) else maker)
        is_foreign = maker == _FOREIGN and reading.brand is None
        readings[text, maker] = Reading(None) if is_foreign else reading
    verdicts = _verdicts(readings, known)
    drops = {i: (low, high) for i, low, high in _drops().iter_rows()}
    return [_answer(_joined(verdicts[model], verdicts[name]), drops) for model, name in pairs]


def _maker(brand: str | None) -> str:
    """Give our brand for the brand column; empty where it says nothing."""
    text = " ".join((brand or "").split())
    if plain(text) in _NO_BRANDS:
        return ""
    return brand_name(text) or _FOREIGN


def _verdicts(readings: dict[tuple[str, str], Reading], known: Shelf) -> dict[tuple[str, str], Verdict]:
    verdicts = dict.fromkeys(readings, Verdict())
    words = {key: sorted(core(reading, known.aliases)) for key, reading in readings.items()}
    makers: dict[str | None, list[tuple[str, str]]] = {}
    for key, reading in readings.items():
        if reading.brand == BAREFOOT:
            verdicts[key] = Verdict(SURE, 1.0, known.of(BAREFOOT)[0].rows)
        elif words[key]:
            makers.setdefault(reading.brand, []).append(key)
    for maker, keys in makers.items():
        lines = known.of(maker)
        if lines:
            fitted = fit([words[key] for key in keys], lines)
            for at, key in enumerate(keys):
                verdicts[key] = judged(readings[key], words[key], fitted, at, lines)
    return verdicts


def _joined(model: Verdict, name: Verdict) -> Verdict:
    """Join what the model column and the name say of one pair."""
    if UNKNOWN in (model.verdict, name.verdict):
        return model if name.verdict == UNKNOWN else name
    if model.verdict == name.verdict == SURE:
        if model.rows == name.rows:
            return model if model.certainty >= name.certainty else name
        return Verdict(ASK, min(model.certainty, name.certainty) / 2, (*model.rows, *name.rows))
    if model.verdict == ASK and name.verdict == SURE:
        return name if name.rows[0].family_id in {row.family_id for row in model.rows} else model
    return model


def _answer(verdict: Verdict, drops: dict[str, tuple[float | None, float | None]]) -> dict[str, object]:
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


def _drops() -> pl.DataFrame:
    """Give the range of drop under each id, that of families after that of rows so that they may share one."""
    low, high = pl.col("drop_low_mm").min(), pl.col("drop_high_mm").max()
    rows = catalogue().select(pl.col("catalogue_id").alias("id"), "drop_low_mm", "drop_high_mm")
    return pl.concat([rows, catalogue().group_by(pl.col("family_id").alias("id")).agg(low, high)])
