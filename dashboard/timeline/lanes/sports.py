"""The quiet lane of other sports: hours of the last 7 days, never added to the load of running."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from dashboard.charts.axes import round_top, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas

MOST = 3  # sports drawn by name
ROW_PX = 17.0
HEIGHT_PX = 62.0
OTHER_SPORT = "\0other"
SPORT_COLOURS = (("", 0.42), ("/", 0.2), (".", 0.2), ("-", 0.12))
"""Pattern and depth of each layer: one grey, so that the lane stays behind the running."""


def sports_px(canvas: ScreenCanvas) -> float:
    """Return the height of the lane: none where the runner does nothing else.

    A lane that never holds anything only takes room.
    """
    return 0.0 if canvas.picture.sports.is_empty() else HEIGHT_PX


def sports_unit(canvas: ScreenCanvas) -> str:
    """Name the unit of the lane, and that it is no part of load.

    Nothing here is summed silently.
    """
    return (", " if canvas.picture.is_narrow else "<br>").join(("h, last 7 days", shared_text.NOT_IN_LOAD))


def draw_sports(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the hours of each sport, one on another.

    Hours are what all sports have; how they load the tendon is not estimated.
    """
    layers = _layers(canvas)
    for place, (name, hours) in enumerate(layers.items()):
        if hours.any():
            told = {"name": _title(name), "hovertemplate": "%{y:.1f} h"}
            canvas.line(
                area, hours, canvas.colours.muted, **_look(canvas, place), **told, stackgroup="sports"
            )
    if not any(hours.any() for hours in layers.values()):
        canvas.absent(area, shared_text.NO_OTHER_SPORT)
    for place, (text, colour) in enumerate(reversed(sports_key(canvas))):
        canvas.beside(area, 1 - (place + 0.5) * ROW_PX / HEIGHT_PX, text, colour)
    return value_axis(round_top(_highest(canvas), 2))


def sports_key(canvas: ScreenCanvas) -> list[tuple[str, str]]:
    """Return the name of each sport drawn, from the bottom of the stack up.

    Names beside the lane, told apart by pattern and not by colour.
    """
    signs = ("■", "▨", "▦", "▤")
    return [
        (f"{signs[place]} {_title(name)}", canvas.colours.muted)
        for place, (name, hours) in enumerate(_layers(canvas).items())
        if hours.any()
    ]


def _layers(canvas: ScreenCanvas) -> dict[str, np.ndarray]:
    """Hours of the sports with most of them in the whole record, and of the others together."""
    known = canvas.picture.sports
    sums = (
        known.group_by("sport")
        .agg(pl.col("time_s").sum())
        .sort(["time_s", "sport"], descending=[True, False])
    )
    named = sums["sport"].head(MOST).to_list()
    if sums.height == MOST + 1:
        named = sums["sport"].to_list()
    grouped = known.with_columns(
        pl.when(pl.col("sport").is_in(named)).then("sport").otherwise(pl.lit(OTHER_SPORT)).alias("sport")
    )
    layers = {}
    for sport in [*named, *([OTHER_SPORT] if sums.height > len(named) else [])]:
        mine = grouped.filter(pl.col("sport") == sport).group_by("local_date").agg(pl.col("time_s").sum())
        rows = canvas.rows.select("local_date").join(mine, on="local_date", how="left", maintain_order="left")
        layers[sport] = (rows["time_s"].fill_null(0.0) / 3600).cast(pl.Float32).to_numpy()
    return layers


def _highest(canvas: ScreenCanvas) -> float:
    totals = canvas.picture.sports.group_by("local_date").agg(pl.col("time_s").sum())["time_s"]
    top = totals.max()
    return float(top) / 3600 if isinstance(top, float) else 0.0


def _title(sport: str) -> str:
    """Write a sport's name as words: "AlpineSki" is "Alpine ski"."""
    if sport == OTHER_SPORT:
        return shared_text.OTHER_SPORTS
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)
    return re.sub(r"[^\w \-]", "", spaced).capitalize()


def _look(canvas: ScreenCanvas, place: int) -> PlotlyDict:
    pattern, depth = SPORT_COLOURS[place]
    colour = canvas.colours.muted
    if not pattern:
        return {"line": {"width": 1}, "fillcolor": with_alpha(colour, depth)}
    hatch = {
        "shape": pattern,
        "fgcolor": colour,
        "bgcolor": with_alpha(colour, depth / 2),
        "size": 6,
        "solidity": depth,
    }
    return {"line": {"width": 1}, "fillpattern": hatch}
