"""What is worn."""

from __future__ import annotations

import polars as pl

from dashboard.model.load.factor import Factor
from dashboard.model.settings import EXTRAPOLATED, ModelSettings

USUAL_DROP_MM = 10.0
THIN = ("minimalist", "barefoot")
THIN_RANGE = (1.05, 1.20)
MAXIMALIST_RANGE = (0.90, 1.00)
PLATED_RANGE = (0.95, 1.05)
DROP_RANGE_PER_MM = (0.0, 0.01)
"""Where the sources leave the force in such a shoe, over a conventional one: peak force and force of a mile in
Sinclair 2015 (n = 12); plate and drop are design choices, since studies disagree or are missing."""
UNKNOWN_RANGE = (0.95, 1.12)
"""A shoe of which nothing is known: from the default of a maximalist to that of a minimalist one. Design choice."""
THIN_DROP_MM = 8.0
"""No minimalist shoe of the catalogue has more drop than this, so a pair with more is none."""
LEAST_DROP_MM = 3.0
"""Drop a conventional shoe of unknown drop may have at the least: 95 % of those in the catalogue have that or more."""
_USUAL = ModelSettings()


def shoe_force(kind: pl.Expr, drop_mm: pl.Expr, is_plated: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step with the shoe.

    Sinclair et al. 2015, n = 12, 4.0 m/s. Evidence: extrapolated; drop and plate are design choices.

    Parameters
    ----------
    kind : Expr, String
        One of `frames.SHOE_KINDS`; null not stated.
    drop_mm : Expr, Float64
        Heel over forefoot, mm; null not stated.
    is_plated : Expr, Boolean
        Stiff plate in the sole; null not stated.
    settings : ModelSettings
        Numbers of the kinds and of the drop.

    Returns
    -------
    Expr, Float64
        1 for a conventional shoe with 10 mm of drop or more; null where nothing at all is stated.
    """
    thin = kind.is_in(THIN)
    by_kind = (
        pl.when(thin)
        .then(settings.minimalist_force)
        .when(kind == "maximalist")
        .then(settings.maximalist_force)
        .otherwise(1.0)
    )
    lower = (USUAL_DROP_MM - drop_mm).clip(lower_bound=0.0).fill_null(0.0)
    by_drop = pl.when(thin.fill_null(False)).then(1.0).otherwise(1 + lower * settings.drop_force_per_mm)
    by_plate = pl.when(is_plated.fill_null(False)).then(settings.plated_force).otherwise(1.0)
    stated = kind.is_not_null() | drop_mm.is_not_null() | is_plated.is_not_null()
    return pl.when(stated).then(by_kind * by_drop * by_plate)


def shoe_range(settings: ModelSettings) -> tuple[pl.Expr, pl.Expr]:
    """Return how far the force in a pair of shoes is known.

    Sinclair et al. 2015, n = 12, for the kinds; drop, plate and unknown pairs are design choices (see the
    constants). Evidence: extrapolated.

    Parameters
    ----------
    settings : ModelSettings
        Numbers of the kinds and of the drop.
        a number set by a person beyond the published range widens it.

    Returns
    -------
    tuple of Expr and Expr, Float64
        Low and high relative peak force of a step, from `kind`, `drop_low_mm`, `drop_high_mm`, `drop_mm` and
        `is_plated`; `shoe_force` lies within. Never null: a pair of which nothing is known may be almost any.
    """
    kind = pl.col("kind")
    thin = kind.is_in(THIN).fill_null(False)
    any_kind = kind.is_null() & ~(pl.col("drop_low_mm") > THIN_DROP_MM).fill_null(False)
    least = pl.when(kind == "conventional").then(LEAST_DROP_MM).otherwise(0.0)
    drops = (
        pl.coalesce("drop_high_mm", "drop_mm", pl.lit(USUAL_DROP_MM)),
        pl.coalesce("drop_low_mm", "drop_mm", least),
    )
    point = pl.coalesce(shoe_force(kind, pl.col("drop_mm"), pl.col("is_plated"), settings), pl.lit(1.0))
    # A racing shoe of which nobody said whether it has a plate may have one.
    plated = pl.coalesce(pl.col("is_plated"), kind == "racing").fill_null(False)
    ends = []
    for end, drop in enumerate(drops):
        lower = (USUAL_DROP_MM - drop).clip(lower_bound=0.0)
        by_drop = 1 + lower * DROP_RANGE_PER_MM[end]
        by_kind = (
            pl.when(thin)
            .then(THIN_RANGE[end])
            .when(kind == "maximalist")
            .then(MAXIMALIST_RANGE[end] * by_drop)
            .when(any_kind)
            .then(UNKNOWN_RANGE[end])
            .when(kind.is_null())
            .then((UNKNOWN_RANGE[0], 1.0)[end] * by_drop)
            .otherwise(by_drop)
        )
        ends.append(by_kind * pl.when(plated).then(PLATED_RANGE[end]).otherwise(1.0))
    return pl.min_horizontal(ends[0], point), pl.max_horizontal(ends[1], point)


FACTOR = Factor(
    id="shoe",
    title="Shoe",
    unit="relative peak force of a step, 1 in a conventional shoe",
    formula=(
        f"minimalist {_USUAL.minimalist_force:g}, maximalist {_USUAL.maximalist_force:g}, any other kind 1; "
        f"plated × {_USUAL.plated_force:g}; + {100 * _USUAL.drop_force_per_mm:g} % for each mm of drop below "
        f"{USUAL_DROP_MM:g} (not for minimalist); a pair of which nothing is known counts as 1, with a band of "
        f"{UNKNOWN_RANGE[0]:g} to {UNKNOWN_RANGE[1]:g}"
    ),
    evidence=EXTRAPOLATED,
    source="Sinclair 2015, n = 12; drop and plate are design choices",
    default=1.0,
    low=0.9,
    high=1.2,
    driver="shoe",
    grain="run",
    needs=("kind", "drop_mm", "is_plated"),
    value=lambda settings: shoe_force(pl.col("kind"), pl.col("drop_mm"), pl.col("is_plated"), settings),
)
