"""Shoes on paper: the share of each pair, told apart by pattern."""

from __future__ import annotations

import numpy as np

from dashboard import words
from dashboard.charts import lane_shoes
from dashboard.charts.palette import OKABE_ITO
from dashboard.report.paper import NAMES, SMALL, Band, Paper
from dashboard.report.svg import HATCHES

SHOE_ROW = 11.0
NAME = 16  # characters beside the picture


def shoes(paper: Paper, band: Band) -> None:
    """Draw the share of each pair, told apart by pattern and named beside the lane.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours: what is not known is left white.
    """
    look, sheet, under = paper.colours, paper.sheet, np.zeros(paper.rows.height)
    pairs = lane_shoes.worn(paper)
    if not pairs:
        paper.absent(band, words.NO_RUNS)
    for place, (shoe, share) in enumerate(pairs.items()):
        fill = look.background if shoe == lane_shoes.UNKNOWN else _pattern(paper, shoe)
        edge = {"stroke": look.muted, "stroke_width": 0.5}
        known = np.where(sum(pairs.values()) > 0, 0.0, np.nan)
        sheet.area(paper.x, band.y(under + known), band.y(under + share + known), fill, **edge)
        under = under + share
        y = band.bottom - (place + 0.5) * SHOE_ROW
        sheet.box(NAMES, y - 4, 11, 8, fill, **edge)
        sheet.text(NAMES + 15, y + 3, _shoe(paper, shoe), look.ink, SMALL)


def _pattern(paper: Paper, shoe: str) -> str:
    """A pair keeps its pattern in every window, as it keeps its colour on the screen."""
    order = [*paper.picture.shoe_names, lane_shoes.OTHER]
    place = order.index(shoe) if shoe in order else len(order)
    kinds = ["", *HATCHES]
    turn = place % len(kinds)
    colour = OKABE_ITO[place % len(OKABE_ITO)]
    return paper.sheet.hatch(kinds[turn], paper.colours.muted, _pale(colour))


def _pale(colour: str) -> str:
    """Half way to white, so that lines on it are seen in grey."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in parts)


def _shoe(paper: Paper, shoe: str) -> str:
    said = {lane_shoes.OTHER: words.SHOE_OTHER, lane_shoes.UNKNOWN: words.SHOE_UNKNOWN}
    return said.get(shoe) or lane_shoes.shortened(
        paper.picture.shoe_names.get(shoe, words.SHOE_NAMELESS), NAME
    )


def tall(paper: Paper) -> float:
    """Give the height of the lane: room for the name of each pair drawn.

    Parameters
    ----------
    paper : Paper
        What is drawn on.

    Returns
    -------
    float
        px.

    Source
    ------
    ours.
    """
    return max(40.0, SHOE_ROW * len(lane_shoes.worn(paper)))


def unit(paper: Paper) -> list[str]:
    """Name the unit of the lane.

    Parameters
    ----------
    paper : Paper
        What is drawn on.

    Returns
    -------
    list of str
        One for each line.

    Source
    ------
    ours.
    """
    return [f"% of {paper.picture.units.distance_unit},", "last 7 days"]
