"""What the model takes each pair to do to load, and how far that is known: a dot and a line for each pair."""

from __future__ import annotations

from html import escape

import polars as pl

from dashboard.charts.lane_shoes import MOST
from dashboard.charts.palette import Palette, Theme, palette
from dashboard.charts.quiet import PageFigure
from dashboard.charts.stage import BODY, FONT, SMALL, Plain

ROW_PX, TOP_PX, BOTTOM_PX = 40, 10, 34
SUM_UP = (
    "In {name}, a km counts ×{middle:.2f} of the same km in a conventional shoe, and may count ×{low:.2f} to "
    "×{high:.2f}."
)
NONE_TOLD = "No pair has a run with a known load yet."
EXPLAINED = (
    "Dot: what the model takes. Line: where the sources, or what is not known of the pair, leave it. "
    "×1 is a conventional shoe with 10 mm of drop or more."
)


def shown(pairs: pl.DataFrame) -> pl.DataFrame:
    """Choose the pairs that are drawn.

    Parameters
    ----------
    pairs : DataFrame
        As from `rotation.ages`: the pair worn last first.

    Returns
    -------
    DataFrame
        At most eight of those with a load.

    Source
    ------
    ours.
    """
    return pairs.filter(pl.col("x_shoe").is_not_null()).head(MOST)


def in_words(pairs: pl.DataFrame) -> list[str]:
    """Say the same in sentences.

    Parameters
    ----------
    pairs : DataFrame
        As from `rotation.ages`.

    Returns
    -------
    list of str
        One for each pair drawn.

    Source
    ------
    ours: hover is never the only way to a value.
    """
    told = [
        SUM_UP.format(name=name, middle=middle, low=low, high=high)
        for name, middle, low, high in shown(pairs)
        .select("name", "x_shoe", "x_shoe_low", "x_shoe_high")
        .iter_rows()
    ]
    return told or [NONE_TOLD]


def figure(pairs: pl.DataFrame, theme: Theme, is_narrow: bool = False) -> PageFigure | None:
    """Draw them.

    Parameters
    ----------
    pairs : DataFrame
        As from `rotation.ages`.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.

    Returns
    -------
    PageFigure or None
        None where no pair has a run with a known load.

    Source
    ------
    ours: the line is as wide as the band it adds to a run's load.
    """
    told, look = shown(pairs), palette(theme)
    if told.is_empty():
        return None
    return PageFigure({"data": [_dots(told, look)], "layout": _layout(told, look, is_narrow)})


def _dots(told: pl.DataFrame, look: Palette) -> Plain:
    middle = told["x_shoe"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": middle.round(3).to_list(),
        "y": list(range(told.height)),
        "marker": {"size": 10, "color": look.load},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (told["x_shoe_high"] - middle).to_list(),
            "arrayminus": (middle - told["x_shoe_low"]).to_list(),
            "color": look.load,
            "thickness": 2,
            "width": 5,
        },
        "hovertemplate": "×%{x:.2f}<extra></extra>",
        "showlegend": False,
    }


def _name(row: int, name: str, look: Palette) -> Plain:
    return {
        "text": escape(name if len(name) <= 40 else f"{name[:39]}…", quote=False),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": row,
        "yanchor": "bottom",
        "yshift": 5,
        "showarrow": False,
        "font": {"size": SMALL, "color": look.ink},
    }


def _layout(told: pl.DataFrame, look: Palette, is_narrow: bool) -> Plain:
    one = {"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": look.zero}}
    return {
        "height": TOP_PX + BOTTOM_PX + ROW_PX * told.height,
        "margin": {"l": 10, "r": 14, "t": TOP_PX, "b": BOTTOM_PX},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "annotations": [_name(row, name, look) for row, name in enumerate(told["name"])],
        "shapes": [one],
        "xaxis": {
            "tickprefix": "×",
            "gridcolor": look.grid,
            "fixedrange": True,
            "nticks": 7,
            "zeroline": False,
        },
        "yaxis": {"range": [told.height - 0.5, -0.75], "visible": False, "fixedrange": True},
    }
