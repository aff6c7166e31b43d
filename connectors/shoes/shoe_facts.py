"""What is known of each pair: a person's word first, then what its source states, then the catalogue."""

from __future__ import annotations

import polars as pl

from connectors.late_imports import late_import
from connectors.shoes.catalogue import catalogue

MATCH = "connectors.shoes.match"
"""Reads names; imported for those who have a pair."""
CHOSEN, NONE_OF_THEM = "chosen", "none"
"""Verdicts of a person: this model of the catalogue; none of them."""
SET_BY_RUNNER, PAIR_SOURCE, FROM_CATALOGUE = "you", "source", "catalogue"
"""Where a fact is from: a person's edit, what the source of the pair states, the catalogue."""
PAIR_FACTS = pl.Schema(
    {
        "kind": pl.String,
        "drop_mm": pl.Float64,
        "drop_low_mm": pl.Float64,
        "drop_high_mm": pl.Float64,
        "shoe_drop_mm": pl.Float64,
        "plate": pl.String,
        "is_plated": pl.Boolean,
        "stack_heel_mm": pl.Float64,
        "stack_forefoot_mm": pl.Float64,
        "heel_lift_mm": pl.Float64,
        "kind_from": pl.String,
        "drop_from": pl.String,
        "plate_from": pl.String,
        "catalogue_id": pl.String,
        "match_verdict": pl.String,
        "match_certainty": pl.Float64,
        "candidates": pl.List(pl.String),
    }
)
_ORIGINS = pl.Enum([SET_BY_RUNNER, PAIR_SOURCE, FROM_CATALOGUE])
_OF_MODEL = ("kind", "plate", "drop_mm", "drop_low_mm", "drop_high_mm", "stack_heel_mm", "stack_forefoot_mm")


def shoe_facts(shoes: pl.DataFrame) -> pl.DataFrame:
    """Settle what is known of each pair.

    Who wears the shoe knows it best, and no import may take that back. A lift raises the heel as drop does.
    """
    rest = [name for name in shoes.columns if name not in PAIR_FACTS]
    if shoes.is_empty():  # the catalogue is read for those who have a pair
        return shoes.select(rest).with_columns(
            pl.lit(None, kind).alias(name) for name, kind in PAIR_FACTS.items()
        )
    matched = _matched_rows(shoes.with_columns(pl.col("edited").fill_null("").str.split(" ")))
    model = catalogue().select("catalogue_id", *(pl.col(name).alias(f"model_{name}") for name in _OF_MODEL))
    full = matched.join(model, on="catalogue_id", how="left", maintain_order="left")
    settled = full.with_columns(*_settled("kind"), *_settled("drop_mm"), *_plated())
    known = settled.with_columns(
        stack_heel_mm="model_stack_heel_mm", stack_forefoot_mm="model_stack_forefoot_mm", **_ranges()
    ).with_columns(shoe_drop_mm="drop_mm")
    lift = pl.col("heel_lift_mm").fill_null(0.0)
    lifted = [pl.col(name) + lift for name in ("drop_mm", "drop_low_mm", "drop_high_mm")]
    return known.with_columns(lifted).select(
        *(shoes[name] for name in rest), *(pl.col(name).cast(dtype) for name, dtype in PAIR_FACTS.items())
    )


def _matched_rows(shoes: pl.DataFrame) -> pl.DataFrame:
    """Add the model of the catalogue: the one a person chose, else the matcher's."""
    rows = late_import(MATCH).match_gear(shoes.select("name", "brand", "model"))
    known = shoes.rename({"catalogue_id": "chosen"}).with_columns(
        rows.select(
            "catalogue_id",
            "candidates",
            match_verdict="verdict",
            match_certainty="certainty",
            asked_low_mm="drop_low_mm",
            asked_high_mm="drop_high_mm",
        )
    )
    none = (pl.col("chosen") == "").fill_null(False)
    chosen = pl.col("chosen").is_in(catalogue()["catalogue_id"].implode()).fill_null(False)
    verdict = pl.when(none).then(pl.lit(NONE_OF_THEM)).when(chosen).then(pl.lit(CHOSEN))
    return known.with_columns(
        match_verdict=verdict.otherwise("match_verdict"),
        match_certainty=pl.when(none | chosen).then(1.0).otherwise("match_certainty"),
        catalogue_id=pl.when(none).then(None).when(chosen).then("chosen").otherwise("catalogue_id"),
    )


def _settled(name: str) -> list[pl.Expr]:
    """Return a fact and where it is from; a person who says that it is unknown is believed."""
    is_stated = pl.col("edited").list.contains(name)
    short = name.removesuffix("_mm")
    by_model = pl.col(f"model_{name}")
    return [
        pl.when(is_stated).then(name).otherwise(pl.coalesce(name, by_model)).alias(name),
        _origin(is_stated, pl.col(name), by_model).alias(f"{short}_from"),
    ]


def _origin(is_stated: pl.Expr, stated: pl.Expr, by_model: pl.Expr) -> pl.Expr:
    where = (
        pl.when(is_stated).then(pl.lit(SET_BY_RUNNER)).when(stated.is_not_null()).then(pl.lit(PAIR_SOURCE))
    )
    return where.when(by_model.is_not_null()).then(pl.lit(FROM_CATALOGUE)).cast(_ORIGINS)


def _plated() -> list[pl.Expr]:
    """Settle the plate: what it is made of may be unknown where that there is one is known."""
    is_stated = pl.col("edited").list.contains("plate")
    stated = pl.when(pl.col("is_plated").not_()).then(pl.lit("none"))
    untold = pl.col("is_plated").is_null()
    plate = pl.when(is_stated).then("plate").when(untold).then("model_plate").otherwise(stated)
    is_plated = (
        pl.when(is_stated)
        .then(pl.col("plate") != "none")
        .otherwise(pl.coalesce("is_plated", pl.col("model_plate") != "none"))
    )
    return [
        plate.alias("plate"),
        is_plated.alias("is_plated"),
        _origin(is_stated, pl.col("is_plated"), pl.col("model_plate")).alias("plate_from"),
    ]


def _ranges() -> dict[str, pl.Expr]:
    """Return the range of drop: what sources of the catalogue say, or the models that come into question."""
    by_model = pl.col("drop_from") == FROM_CATALOGUE
    asked = (pl.col("match_verdict") == late_import(MATCH).ASK) & pl.col("drop_from").is_null()
    return {
        f"drop_{end}_mm": pl.when(by_model)
        .then(f"model_drop_{end}_mm")
        .when(asked)
        .then(f"asked_{end}_mm")
        .otherwise("drop_mm")
        for end in ("low", "high")
    } | {
        "drop_from": pl.when(asked & pl.col("asked_low_mm").is_not_null())
        .then(pl.lit(FROM_CATALOGUE, _ORIGINS))
        .otherwise("drop_from")
    }


def needs_answer(known: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs whose model is in doubt.

    Near-ties are asked, never guessed.
    """
    return known.filter(pl.col("match_verdict") == late_import(MATCH).ASK)
