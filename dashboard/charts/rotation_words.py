"""The rotation of shoes in sentences, and what studies say of drop, kind, plates and more than one pair."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.model.rotation import dates_of

SPAN = "From {span} you ran in {pairs} pairs."
SPAN_ONE = "From {span} you ran in one pair."
SPAN_NONE = "From {span} no pair was recorded."
MOST_WORN = "Most worn was {name}, with {share:.0f} % of the distance."
DROP = (
    "Mean drop by distance was {drop:.1f} mm over the pairs whose drop is known; that of {unknown:.0f} % of the "
    "distance is not known."
)
DROP_SHIFT = "In the first half of these weeks the mean was {first:.1f} mm, in the second {second:.1f} mm."
DROP_UNKNOWN = "The drop of no pair worn in these weeks is known."
PLATED = "Plated pairs took {plated:.0f} % of the distance; of {unknown:.0f} % it is not known."
EVIDENCE = (
    "Kind: in 12 runners at 4.0 m/s the Achilles load of a mile was 22 % higher in minimalist and 6 % lower in "
    "maximalist shoes than in conventional ones (Sinclair 2015). Heelwise takes 12 % more and 5 % less force of a "
    "step, with a range of 5 to 20 % more and 0 to 10 % less.",
    "Drop: no study found gives tendon force for a mm of drop. Heelwise takes 0.5 % for each mm below 10, with a range "
    "from nothing to 1 %, as a design choice.",
    "Against what is often said of drop: in 12 people walking, shoes with a 10 mm offset raised the measure of load in "
    "the Achilles tendon over walking barefoot (Wearing 2014, Med Sci Sports Exerc 46:1604). A higher heel is not "
    "simply less load.",
    "Plate: the studies disagree. One shoe lowered the moment and work at the ankle, while stiffer midsoles gave more "
    "estimated energy back from the tendon (Cigoja 2021, doi:10.1038/s41598-020-80791-3). Heelwise takes no change, "
    "with 5 % either way.",
    "More than one pair: of 264 runners over 22 weeks, those with several pairs in turn were injured less often "
    "(hazard ratio 0.61, 0.39 to 0.97; Malisoux 2015). That is an association over all injuries, not a finding on the "
    "Achilles.",
    "A change of 4 mm as worth a mark is a starting guess that no study gives; set it as your therapist sees fit.",
)


def in_words(shares: pl.DataFrame, exposure: pl.DataFrame, names: dict[str, str]) -> list[str]:
    """Say what was worn in some weeks.

    Parameters
    ----------
    shares, exposure : DataFrame
        As from `rotation.weekly_shares` and `rotation.weekly_exposure`, of the weeks shown.
    names : dict of str to str
        Name of each pair by its id.

    Returns
    -------
    list of str
        Two to five sentences; empty without a week.

    Source
    ------
    ours: a mean is never said without the share it leaves out.
    """
    dates = dates_of(exposure)
    if dates is None:
        return []
    span = words.span(*dates)
    sums = shares.group_by("shoe_id").agg(pl.col("distance_m").sum())
    known = sums.drop_nulls("shoe_id").sort("distance_m", "shoe_id", descending=True)
    text = SPAN if known.height > 1 else SPAN_ONE if known.height else SPAN_NONE
    said = [text.format(span=span, pairs=known.height)]
    if known.height > 1:
        shoe, metres = known.row(0)
        share = 100 * metres / sums["distance_m"].sum()
        said.append(MOST_WORN.format(name=names.get(shoe, words.SHOE_NAMELESS), share=share))
    return [*said, *_drop(exposure), _plated(exposure)]


def _drop(exposure: pl.DataFrame) -> list[str]:
    drop, unknown = _mean_drop(exposure), 100 * _weighted(exposure, "drop_unknown")
    if drop is None:
        return [DROP_UNKNOWN]
    said = [DROP.format(drop=drop, unknown=unknown)]
    half = exposure.height // 2
    first, second = _mean_drop(exposure.head(half)), _mean_drop(exposure.tail(exposure.height - half))
    if first is not None and second is not None and abs(first - second) >= 1:
        said.append(DROP_SHIFT.format(first=first, second=second))
    return said


def _plated(exposure: pl.DataFrame) -> str:
    return PLATED.format(
        plated=100 * _weighted(exposure, "plated"), unknown=100 * _weighted(exposure, "plate_unknown")
    )


def _weighted(exposure: pl.DataFrame, name: str) -> float:
    weight = exposure["distance_m"]
    return float((exposure[name] * weight).sum()) / float(weight.sum())


def _mean_drop(exposure: pl.DataFrame) -> float | None:
    """Mean over the distance whose drop is known; None where that of none is."""
    known = exposure.filter(pl.col("drop_mm").is_not_null())
    weight = known["distance_m"] * (1 - known["drop_unknown"])
    total = float(weight.sum())
    return float((known["drop_mm"] * weight).sum()) / total if total > 0 else None
