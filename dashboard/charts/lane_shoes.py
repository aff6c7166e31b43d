"""The lane of shoes: the share of each pair in the distance of the last 7 days."""

from __future__ import annotations

from functools import partial
from html import escape

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import usual_marks
from dashboard.charts.measures import Measures
from dashboard.charts.palette import shoe_looks, veil
from dashboard.charts.scale import axis
from dashboard.charts.stage import Lane, Plain, Stage

MOST = 8  # pairs drawn by name in one window
ROW_PX = 17.0
LEAST_PX = 64.0
NAME_CHARACTERS = 22
OTHER, UNKNOWN = "\0other", "\0unknown"


def shoes(stage: Stage, lane: Lane) -> Plain:
    """Draw the shares one on another; the share not known is left white with hatching and an outline.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.

    Returns
    -------
    dict
        Plotly's y axis, 0 to 100 %.

    Source
    ------
    ours: a pair keeps its colour and pattern in every window.
    """
    pairs = worn(stage)
    for name, y in pairs.items():
        stage.line(lane, y, **_look(stage, name), hoverinfo="skip", stackgroup="shoes")
    if pairs:
        _say(stage, lane, pairs)
    else:
        stage.absent(lane, words.NO_RUNS)
    for place, (text, colour) in enumerate(reversed(key(stage))):
        named = f"<span style='color:{colour}'>{text[0]}</span>{text[1:]}"
        stage.beside(lane, 1 - (place + 0.5) * ROW_PX / tall(stage), named, stage.colours.ink)
    usual_marks.step_up(stage, lane, {}, ("shoe_new", "drop"))
    return axis(100)


def tall(stage: Stage) -> float:
    """Give the height of the lane: room for the name of each pair drawn.

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
    ours.
    """
    return LEAST_PX if stage.picture.is_narrow else max(LEAST_PX, ROW_PX * len(worn(stage)))


def key(stage: Stage) -> list[tuple[str, str]]:
    """Give the name of each pair drawn, with its colour, from the bottom of the stack up.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    list of tuple of str
        Name after a square, and hex colour.

    Source
    ------
    ours: names beside the lane, so that no legend is needed.
    """
    named = ((_name(stage, shoe), _look(stage, shoe)["colour"]) for shoe in worn(stage))
    return [(f"{'□' if name == words.SHOE_UNKNOWN else '■'} {name}", colour) for name, colour in named]


def worn(stage: Measures) -> dict[str, np.ndarray]:
    """Give the share of each pair, first worn first.

    Parameters
    ----------
    stage : Measures
        The window.

    Returns
    -------
    dict of str to ndarray, shape (rows,)
        Pair, `OTHER` or `UNKNOWN` to its % of the last 7 days' distance; empty without any.

    Source
    ------
    ours: at most eight pairs by name.
    """
    rows = stage.rows.select("local_date")
    shares = stage.picture.shares.join(rows, on="local_date", how="semi").with_columns(
        pl.col("shoe_id").fill_null(UNKNOWN), pl.col("share").cast(pl.Float32) * 100
    )
    shares = shares.filter(pl.col("share") > 0)
    if shares.is_empty():
        return {}
    sums = shares.group_by("shoe_id").agg(pl.col("share").sum()).sort("share", "shoe_id", descending=True)
    pairs = [shoe for shoe in sums["shoe_id"] if shoe != UNKNOWN]
    kept = {*pairs[:MOST], UNKNOWN} if len(pairs) > MOST else {*pairs, UNKNOWN}
    named = shares.with_columns(
        pl.when(pl.col("shoe_id").is_in(list(kept))).then("shoe_id").otherwise(pl.lit(OTHER)).alias("shoe_id")
    )
    wide = named.pivot("shoe_id", index="local_date", values="share", aggregate_function="sum")
    wide = rows.join(wide, on="local_date", how="left", maintain_order="left").fill_null(0)
    first_worn = [*stage.picture.shoe_names, OTHER, UNKNOWN]
    order = sorted(
        wide.columns[1:], key=lambda shoe: (first_worn.index(shoe) if shoe in first_worn else 0, shoe)
    )
    return {shoe: wide[shoe].to_numpy() for shoe in order}


def _name(stage: Stage, shoe: str) -> str:
    if shoe in (OTHER, UNKNOWN):
        return words.SHOE_OTHER if shoe == OTHER else words.SHOE_UNKNOWN
    name = stage.picture.shoe_names.get(shoe, words.SHOE_NAMELESS)
    return escape(shortened(name), quote=False)  # a name is text, whatever it holds


def shortened(name: str, most: int = NAME_CHARACTERS) -> str:
    """Shorten a name in the middle: its end tells two versions of one shoe apart.

    Parameters
    ----------
    name : str
        As the runner wrote it.
    most : int
        Characters there is room for.

    Returns
    -------
    str
        At most as many.

    Source
    ------
    ours.
    """
    if len(name) <= most:
        return name
    end = name[-6:].lstrip()
    return f"{name[: most - 1 - len(end)].rstrip()}…{end}"


def _look(stage: Stage, shoe: str) -> Plain:
    colours = stage.colours
    if shoe == UNKNOWN:
        hatch = {
            "shape": "/",
            "fgcolor": colours.unknown,
            "bgcolor": colours.background,
            "size": 7,
            "solidity": 0.1,
        }
        return {"colour": colours.unknown, "line": {"width": 1, "dash": "dot"}, "fillpattern": hatch}
    look = shoe_looks(list(stage.picture.shoe_names), stage.picture.theme).get(shoe)
    colour, fill, pattern = (
        (look.colour, look.fill, look.pattern) if look else (colours.muted, colours.muted, "")
    )
    tint = veil(fill, 0.4)
    if not pattern:
        return {"colour": colour, "line": {"width": 1}, "fillcolor": tint}
    hatch = {"shape": pattern, "fgcolor": colour, "bgcolor": tint, "size": 7, "solidity": 0.25}
    return {"colour": colour, "line": {"width": 1}, "fillpattern": hatch}


def _say(stage: Stage, lane: Lane, worn: dict[str, np.ndarray]) -> None:
    """Name the pairs of each row in the shared hover: only those that were worn."""
    names = {shoe: _name(stage, shoe) for shoe in worn}
    table = np.stack(list(worn.values()), axis=1)
    text = list(map(partial(_sentence, list(names.values())), table))
    y = np.where(table.sum(axis=1) > 0, np.float32(100), np.float32("nan"))
    unseen = {"line": {"width": 0.01}, "text": text, "hovertemplate": "%{text}"}
    stage.line(lane, y, stage.colours.muted, name="Shoes", **unseen)


def _sentence(names: list[str], row: np.ndarray) -> str:
    largest = np.argsort(-row)[:4]
    return "<br>".join(f"{names[i]} {row[i]:.0f} %" for i in largest if row[i] >= 0.5)
