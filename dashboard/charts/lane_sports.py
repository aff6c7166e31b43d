"""The quiet lane of other sports: hours of the last 7 days, never added to the load of running."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, round_top
from dashboard.charts.stage import Lane, Plain, Stage

MOST = 3  # sports drawn by name
ROW_PX = 17.0
HEIGHT_PX = 62.0
OTHER = "\0other"
LOOKS = (("", 0.42), ("/", 0.2), (".", 0.2), ("-", 0.12))
"""Pattern and depth of each layer: one grey, so that the lane stays behind the running."""


def tall(stage: Stage) -> float:
    """Give the height of the lane: none where the runner does nothing else.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    float
        px.

    Source
    ------
    ours: a lane that never holds anything only takes room.
    """
    return 0.0 if stage.picture.sports.is_empty() else HEIGHT_PX


def unit(stage: Stage) -> str:
    """Name the unit of the lane, and that it is no part of load.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    str
        One or two lines.

    Source
    ------
    ours: nothing here is summed silently.
    """
    return (", " if stage.picture.is_narrow else "<br>").join(("h, last 7 days", words.NOT_IN_LOAD))


def sports(stage: Stage, lane: Lane) -> Plain:
    """Draw the hours of each sport, one on another.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.

    Returns
    -------
    dict
        Plotly's y axis, in hours.

    Source
    ------
    ours: hours are what all sports have; how they load the tendon is not estimated.
    """
    layers = _layers(stage)
    for place, (name, hours) in enumerate(layers.items()):
        if hours.any():
            told = {"name": _title(name), "hovertemplate": "%{y:.1f} h"}
            stage.line(lane, hours, stage.colours.muted, **_look(stage, place), **told, stackgroup="sports")
    if not any(hours.any() for hours in layers.values()):
        stage.absent(lane, words.NO_OTHER_SPORT)
    for place, (text, colour) in enumerate(reversed(key(stage))):
        stage.beside(lane, 1 - (place + 0.5) * ROW_PX / HEIGHT_PX, text, colour)
    return axis(round_top(_highest(stage), 2))


def key(stage: Stage) -> list[tuple[str, str]]:
    """Give the name of each sport drawn, from the bottom of the stack up.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    list of tuple of str
        Name after its sign, and hex colour.

    Source
    ------
    ours: names beside the lane, told apart by pattern and not by colour.
    """
    signs = ("■", "▨", "▦", "▤")
    return [
        (f"{signs[place]} {_title(name)}", stage.colours.muted)
        for place, (name, hours) in enumerate(_layers(stage).items())
        if hours.any()
    ]


def _layers(stage: Stage) -> dict[str, np.ndarray]:
    """Hours of the sports with most of them in the whole record, and of the others together."""
    known = stage.picture.sports
    sums = (
        known.group_by("sport")
        .agg(pl.col("time_s").sum())
        .sort(["time_s", "sport"], descending=[True, False])
    )
    named = sums["sport"].head(MOST).to_list()
    if sums.height == MOST + 1:
        named = sums["sport"].to_list()
    grouped = known.with_columns(
        pl.when(pl.col("sport").is_in(named)).then("sport").otherwise(pl.lit(OTHER)).alias("sport")
    )
    layers = {}
    for sport in [*named, *([OTHER] if sums.height > len(named) else [])]:
        mine = grouped.filter(pl.col("sport") == sport).group_by("local_date").agg(pl.col("time_s").sum())
        rows = stage.rows.select("local_date").join(mine, on="local_date", how="left", maintain_order="left")
        layers[sport] = (rows["time_s"].fill_null(0.0) / 3600).cast(pl.Float32).to_numpy()
    return layers


def _highest(stage: Stage) -> float:
    totals = stage.picture.sports.group_by("local_date").agg(pl.col("time_s").sum())["time_s"]
    top = totals.max()
    return float(top) / 3600 if isinstance(top, float) else 0.0


def _title(sport: str) -> str:
    """Write a sport's name as words: "AlpineSki" is "Alpine ski"."""
    if sport == OTHER:
        return words.OTHER_SPORTS
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)
    return re.sub(r"[^\w \-]", "", spaced).capitalize()


def _look(stage: Stage, place: int) -> Plain:
    pattern, depth = LOOKS[place]
    colour = stage.colours.muted
    if not pattern:
        return {"line": {"width": 1}, "fillcolor": veil(colour, depth)}
    hatch = {
        "shape": pattern,
        "fgcolor": colour,
        "bgcolor": veil(colour, depth / 2),
        "size": 6,
        "solidity": depth,
    }
    return {"line": {"width": 1}, "fillpattern": hatch}
