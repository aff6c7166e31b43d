"""What is worn."""

from __future__ import annotations

import polars as pl

from dashboard.model.settings import EXTRAPOLATED, ModelSettings
from dashboard.model.shelf import Factor

USUAL_DROP_MM = 10.0
_USUAL = ModelSettings()


def shoe_force(kind: pl.Expr, drop_mm: pl.Expr, is_plated: pl.Expr, settings: ModelSettings) -> pl.Expr:
    """Relative peak force of a step with the shoe.

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

    Source
    ------
    Sinclair et al. 2015, n = 12, 4.0 m/s. Evidence: extrapolated; drop and plate are design choices.
    """
    thin = kind.is_in(["minimalist", "barefoot"])
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


FACTOR = Factor(
    id="shoe",
    title="Shoe",
    unit="relative peak force of a step, 1 in a conventional shoe",
    formula=(
        f"minimalist {_USUAL.minimalist_force:g}, maximalist {_USUAL.maximalist_force:g}, any other kind 1; "
        f"plated × {_USUAL.plated_force:g}; + {100 * _USUAL.drop_force_per_mm:g} % for each mm of drop below "
        f"{USUAL_DROP_MM:g} (not for minimalist)"
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
