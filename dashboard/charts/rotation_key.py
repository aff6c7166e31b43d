"""How each pair of the rotation is drawn: its colour everywhere, lines across a plate, white for the unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import words
from dashboard.charts.lane_shoes import MOST, OTHER, UNKNOWN
from dashboard.charts.palette import Theme, palette, shoe_looks

PLATED, PLATED_AGAIN = "|", "+"  # no pair has these by itself


@dataclass(frozen=True)
class Rotation:
    """What the picture shows.

    Parameters
    ----------
    shares, exposure
        As from `rotation.weekly_shares` and `rotation.weekly_exposure`, of the weeks shown.
    names
        Name of each pair, first worn first, over the whole history: it gives each its colour.
    plated
        Pairs with a plate.
    marks
        Dates of transitions in these weeks, first to last.
    """

    shares: pl.DataFrame
    exposure: pl.DataFrame
    names: Mapping[str, str]
    plated: frozenset[str]
    marks: Sequence[date] = ()


@dataclass(frozen=True)
class Drawn:
    """How one pair is drawn.

    Parameters
    ----------
    name
        What a reader calls it.
    colour, fill
        Outline and area, hex.
    pattern
        Plotly's; empty is plain.
    """

    name: str
    colour: str
    fill: str
    pattern: str


def key(rotation: Rotation, theme: Theme) -> dict[str, Drawn]:
    """Say how each pair of these weeks is drawn.

    Parameters
    ----------
    rotation : Rotation
        What is shown.
    theme : "light" or "dark"
        What the browser shows.

    Returns
    -------
    dict of str to Drawn
        From the bottom of the stack up: at most eight pairs, first worn first, then the others and the unknown.

    Source
    ------
    ours: the colours are those of the Timeline; lines across a colour say that the pair has a plate.
    """
    look, looks = palette(theme), shoe_looks(list(rotation.names), theme)
    sums = rotation.shares.group_by("shoe_id").agg(pl.col("distance_m").sum())
    sums = sums.sort("distance_m", "shoe_id", descending=True)
    pairs = [shoe for shoe in sums["shoe_id"].drop_nulls() if shoe in looks]
    kept = [shoe for shoe in rotation.names if shoe in pairs[:MOST]]
    drawn = {}
    for shoe in kept:
        one, pattern = looks[shoe], looks[shoe].pattern
        if shoe in rotation.plated:
            pattern = PLATED_AGAIN if pattern else PLATED
        drawn[shoe] = Drawn(rotation.names[shoe], one.colour, one.fill, pattern)
    if sums["shoe_id"].drop_nulls().len() > len(kept):
        drawn[OTHER] = Drawn(words.SHOE_OTHER, look.muted, look.zero, "")
    if sums["shoe_id"].null_count():
        drawn[UNKNOWN] = Drawn(words.SHOE_UNKNOWN, look.unknown, look.background, "")
    return drawn
