"""The lane of shoes: the share of each pair in the distance of the last 7 days."""

from __future__ import annotations

from functools import partial
from html import escape

import numpy as np
import polars as pl

from dashboard.charts.axes import value_axis
from dashboard.charts.palette import OKABE_ITO, shoe_looks, with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas, TimelineWindow
from dashboard.timeline.print_canvas import HATCHES, PRINT_NAMES, PRINT_SMALL, PrintArea, PrintCanvas

MOST_SHOES = 8  # pairs drawn by name in one window
ROW_PX = 17.0
LEAST_PX = 64.0
NAME_CHARACTERS = 22
OTHER_SHOE, UNKNOWN_SHOE = "\0other", "\0unknown"


def draw_shoes(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the shares one on another; the share not known is left white with hatching and an outline.

    A pair keeps its colour and pattern in every window.
    """
    pairs = worn_shoes(canvas)
    for name, y in pairs.items():
        canvas.line(area, y, **_pattern_of(canvas, name), hoverinfo="skip", stackgroup="shoes")
    if pairs:
        _say(canvas, area, pairs)
    else:
        canvas.absent(area, shared_text.NO_RUNS)
    for place, (text, colour) in enumerate(reversed(shoes_key(canvas))):
        named = f"<span style='color:{colour}'>{text[0]}</span>{text[1:]}"
        canvas.beside(area, 1 - (place + 0.5) * ROW_PX / shoes_px(canvas), named, canvas.colours.ink)
    return value_axis(100)


def shoes_px(canvas: ScreenCanvas) -> float:
    """Return the height of the lane: room for the name of each pair drawn."""
    return LEAST_PX if canvas.picture.is_narrow else max(LEAST_PX, ROW_PX * len(worn_shoes(canvas)))


def shoes_key(canvas: ScreenCanvas) -> list[tuple[str, str]]:
    """Return the name of each pair drawn, with its colour, from the bottom of the stack up.

    Names beside the lane, so that no legend is needed.
    """
    named = ((_lane_name(canvas, shoe), _pattern_of(canvas, shoe)["colour"]) for shoe in worn_shoes(canvas))
    return [(f"{'□' if name == shared_text.SHOE_UNKNOWN else '■'} {name}", colour) for name, colour in named]


def worn_shoes(stage: TimelineWindow) -> dict[str, np.ndarray]:
    """Return the share of each pair, first worn first.

    At most eight pairs by name.
    """
    rows = stage.rows.select("local_date")
    shares = stage.picture.shares.join(rows, on="local_date", how="semi").with_columns(
        pl.col("shoe_id").fill_null(UNKNOWN_SHOE), pl.col("share").cast(pl.Float32) * 100
    )
    shares = shares.filter(pl.col("share") > 0)
    if shares.is_empty():
        return {}
    sums = shares.group_by("shoe_id").agg(pl.col("share").sum()).sort("share", "shoe_id", descending=True)
    pairs = [shoe for shoe in sums["shoe_id"] if shoe != UNKNOWN_SHOE]
    kept = {*pairs[:MOST_SHOES], UNKNOWN_SHOE} if len(pairs) > MOST_SHOES else {*pairs, UNKNOWN_SHOE}
    named = shares.with_columns(
        pl.when(pl.col("shoe_id").is_in(list(kept)))
        .then("shoe_id")
        .otherwise(pl.lit(OTHER_SHOE))
        .alias("shoe_id")
    )
    wide = named.pivot("shoe_id", index="local_date", values="share", aggregate_function="sum")
    wide = rows.join(wide, on="local_date", how="left", maintain_order="left").fill_null(0)
    first_worn = [*stage.picture.shoe_names, OTHER_SHOE, UNKNOWN_SHOE]
    order = sorted(
        wide.columns[1:], key=lambda shoe: (first_worn.index(shoe) if shoe in first_worn else 0, shoe)
    )
    return {shoe: wide[shoe].to_numpy() for shoe in order}


def _lane_name(canvas: ScreenCanvas, shoe: str) -> str:
    if shoe in (OTHER_SHOE, UNKNOWN_SHOE):
        return shared_text.SHOE_OTHER if shoe == OTHER_SHOE else shared_text.SHOE_UNKNOWN
    name = canvas.picture.shoe_names.get(shoe, shared_text.SHOE_NAMELESS)
    return escape(shortened(name), quote=False)  # a name is text, whatever it holds


def shortened(name: str, most: int = NAME_CHARACTERS) -> str:
    """Shorten a name in the middle: its end tells two versions of one shoe apart."""
    if len(name) <= most:
        return name
    end = name[-6:].lstrip()
    return f"{name[: most - 1 - len(end)].rstrip()}…{end}"


def _pattern_of(canvas: ScreenCanvas, shoe: str) -> PlotlyDict:
    colours = canvas.colours
    if shoe == UNKNOWN_SHOE:
        hatch = {
            "shape": "/",
            "fgcolor": colours.unknown,
            "bgcolor": colours.background,
            "size": 7,
            "solidity": 0.1,
        }
        return {"colour": colours.unknown, "line": {"width": 1, "dash": "dot"}, "fillpattern": hatch}
    look = shoe_looks(list(canvas.picture.shoe_names), canvas.picture.theme).get(shoe)
    colour, fill, pattern = (
        (look.colour, look.fill, look.pattern) if look else (colours.muted, colours.muted, "")
    )
    tint = with_alpha(fill, 0.4)
    if not pattern:
        return {"colour": colour, "line": {"width": 1}, "fillcolor": tint}
    hatch = {"shape": pattern, "fgcolor": colour, "bgcolor": tint, "size": 7, "solidity": 0.25}
    return {"colour": colour, "line": {"width": 1}, "fillpattern": hatch}


def _say(canvas: ScreenCanvas, area: LaneArea, worn: dict[str, np.ndarray]) -> None:
    """Name the pairs of each row in the shared hover: only those that were worn."""
    names = {shoe: _lane_name(canvas, shoe) for shoe in worn}
    table = np.stack(list(worn.values()), axis=1)
    text = list(map(partial(_sentence, list(names.values())), table))
    y = np.where(table.sum(axis=1) > 0, np.float32(100), np.float32("nan"))
    unseen = {"line": {"width": 0.01}, "text": text, "hovertemplate": "%{text}"}
    canvas.line(area, y, canvas.colours.muted, name="Shoes", **unseen)


def _sentence(names: list[str], row: np.ndarray) -> str:
    largest = np.argsort(-row)[:4]
    return "<br>".join(f"{names[i]} {row[i]:.0f} %" for i in largest if row[i] >= 0.5)


SHOE_ROW = 11.0
NAME_LENGTH = 16  # characters beside the picture


def print_shoes(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw the share of each pair, told apart by pattern and named beside the lane.

    What is not known is left white.
    """
    look, sheet, under = canvas.colours, canvas.sheet, np.zeros(canvas.rows.height)
    pairs = worn_shoes(canvas)
    if not pairs:
        canvas.absent(area, shared_text.NO_RUNS)
    for place, (shoe, share) in enumerate(pairs.items()):
        fill = look.background if shoe == UNKNOWN_SHOE else _pattern(canvas, shoe)
        edge = {"stroke": look.muted, "stroke_width": 0.5}
        known = np.where(sum(pairs.values()) > 0, 0.0, np.nan)
        sheet.area(canvas.x, area.y(under + known), area.y(under + share + known), fill, **edge)
        under = under + share
        y = area.bottom - (place + 0.5) * SHOE_ROW
        sheet.box(PRINT_NAMES, y - 4, 11, 8, fill, **edge)
        sheet.text(PRINT_NAMES + 15, y + 3, _shoe(canvas, shoe), look.ink, PRINT_SMALL)


def _pattern(canvas: PrintCanvas, shoe: str) -> str:
    """A pair keeps its pattern in every window, as it keeps its colour on the screen."""
    order = [*canvas.picture.shoe_names, OTHER_SHOE]
    place = order.index(shoe) if shoe in order else len(order)
    kinds = ["", *HATCHES]
    turn = place % len(kinds)
    colour = OKABE_ITO[place % len(OKABE_ITO)]
    return canvas.sheet.hatch(kinds[turn], canvas.colours.muted, _pale(colour))


def _pale(colour: str) -> str:
    """Half way to white, so that lines on it are seen in grey."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in parts)


def _shoe(canvas: PrintCanvas, shoe: str) -> str:
    said = {OTHER_SHOE: shared_text.SHOE_OTHER, UNKNOWN_SHOE: shared_text.SHOE_UNKNOWN}
    return said.get(shoe) or shortened(
        canvas.picture.shoe_names.get(shoe, shared_text.SHOE_NAMELESS), NAME_LENGTH
    )


def print_shoes_px(canvas: PrintCanvas) -> float:
    """Return the height of the lane: room for the name of each pair drawn."""
    return max(40.0, SHOE_ROW * len(worn_shoes(canvas)))


def print_shoes_unit(canvas: PrintCanvas) -> list[str]:
    """Name the unit of the lane."""
    return [f"% of {canvas.picture.units.distance_unit},", "last 7 days"]
