"""Garmin's impact load beside tendon load: how the two rank a runner's runs. The two are never mixed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dashboard.shared import text
from dashboard.shared.units import Units

FEWEST = 10
"""Fewer runs than this say nothing of an order. Design choice."""
MOST_SHOWN = 5
ALIKE_FROM, MODERATE_FROM = 0.9, 0.7
EXPLAINED = (
    "Garmin estimates the impact of a run as equivalent metres; its formula is closed. Heelwise's load is of the "
    "Achilles tendon and open. Each dot is one run. Nobody has shown which of the two is right, and "
    "Heelwise does not mix them."
)
TOO_FEW = "{count} of your runs have both, too few to compare an order; it takes {least}."
ORDER = (
    "Over {count} runs with both, the rank correlation (Spearman) of Garmin's impact load and tendon load is "
    "{rho:.2f}: {word}."
)
WORDS = (
    "they put your runs into nearly the same order",
    "they put your runs into a similar order",
    "they put your runs into different orders",
)
HIGHER = "{day}, {distance}: higher by Garmin (rank {impact} of {of}) than by tendon load (rank {load})"
LOWER = "{day}, {distance}: lower by Garmin (rank {impact} of {of}) than by tendon load (rank {load})"


@dataclass(frozen=True)
class ImpactComparison:
    """Runs that have both loads, by date, and how the two rank them; rank 1 is the highest."""

    rows: pl.DataFrame
    rho: float | None = None
    apart: Sequence[Mapping[str, Any]] = field(default_factory=list)


def compare_impact(runs: pl.DataFrame, sessions: pl.DataFrame) -> ImpactComparison:
    """Compare the two over computed runs and the sessions that hold `impact_m`."""
    known = sessions.select("activity_id", "impact_m").filter(pl.col("impact_m") > 0)
    rows = (
        runs.select("activity_id", "local_date", "distance_m", "load_tkm")
        .filter(pl.col("load_tkm") > 0)
        .join(known, on="activity_id", how="inner")
        .sort("local_date", "activity_id")
    )
    ranked = rows.with_columns(
        impact_rank=pl.col("impact_m").rank("average", descending=True),
        load_rank=pl.col("load_tkm").rank("average", descending=True),
    )
    if ranked.height < FEWEST:
        return ImpactComparison(ranked)
    rho = ranked.select(pl.corr("impact_rank", "load_rank")).item()
    gap = (pl.col("impact_rank") - pl.col("load_rank")).abs()
    apart = ranked.filter(gap > 0).sort(gap, "local_date", descending=[True, True]).head(MOST_SHOWN)
    is_known = isinstance(rho, float) and math.isfinite(rho)
    return ImpactComparison(ranked, rho if is_known else None, apart.to_dicts())


def impact_in_words(comparison: ImpactComparison) -> str:
    """Describe how the two rank the runs."""
    many = comparison.rows.height
    if comparison.rho is None:
        return TOO_FEW.format(count=many, least=FEWEST)
    rho = comparison.rho
    word = WORDS[0 if rho >= ALIKE_FROM else 1 if rho >= MODERATE_FROM else 2]
    return ORDER.format(count=many, rho=rho, word=word)


def furthest_in_words(comparison: ImpactComparison, units: Units) -> list[str]:
    """List the runs on which the two disagree most."""
    return [
        (HIGHER if row["impact_rank"] < row["load_rank"] else LOWER).format(
            day=text.day_in_words(row["local_date"]),
            distance=units.distance_words(row["distance_m"]),
            impact=f"{row['impact_rank']:g}",
            load=f"{row['load_rank']:g}",
            of=comparison.rows.height,
        )
        for row in comparison.apart
    ]
