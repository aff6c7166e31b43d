"""The lane of shoes: the share of each pair in the distance of the last 7 days."""

from __future__ import annotations

from html import escape

import numpy as np
import polars as pl

from dashboard.charts.palette import OKABE_ITO, pale, shoe_styles, with_alpha
from dashboard.shared import text as shared_text
from dashboard.timeline import usual_marks
from dashboard.timeline.canvas import (
    Canvas,
    Fill,
    Hover,
    LaneArea,
    LegendEntry,
    PaperFill,
    StackLayer,
    TimelineWindow,
)
from dashboard.timeline.lane import KeyEntries, Lane
from dashboard.timeline.print_canvas import HATCHES

MOST_SHOES = 8  # pairs drawn by name in one window
ROW_PX, PAPER_ROW_PX = 17.0, 11.0
LEAST_PX, PAPER_LEAST_PX = 64.0, 40.0
ONE_PAIR_PX = (30.0, 34.0)
NAME_CHARACTERS, PAPER_NAME_CHARACTERS = 22, 16
NEW_PAIR, MEAN_DROP = "<br>new or lower pair", "<br>mean drop"
OTHER_SHOE, UNKNOWN_SHOE = "\0other", "\0unknown"


def draw_shoes(canvas: Canvas, area: LaneArea) -> None:
    """Draw the shares one on another; the share not known is left white with hatching and an outline.

    A pair keeps its colour and pattern in every window.
    """
    pairs = worn_shoes(canvas)
    canvas.scale(area, 100, ticks=[0, 100] if len(pairs) == 1 else None)
    styles = {shoe: _look(canvas, shoe) for shoe in pairs}
    layers = [StackLayer(y, styles[shoe][1], styles[shoe][0]) for shoe, y in pairs.items()]
    canvas.stack(area, layers, "shoes")
    if pairs:
        _answer(canvas, area, pairs)
    else:
        canvas.empty_message(area, shared_text.NO_RUNS)
    canvas.legend(area, _entries(canvas))
    usual_marks.step_up(canvas, area, {}, ("shoe_new", "drop"))


def _height(canvas: Canvas) -> float:
    """Return room for the name of each pair drawn."""
    if len(worn_shoes(canvas)) == 1:
        return canvas.pick(*ONE_PAIR_PX)  # all of the distance, week after week: a strip says it
    least, row = canvas.pick(LEAST_PX, PAPER_LEAST_PX), canvas.pick(ROW_PX, PAPER_ROW_PX)
    return least if canvas.timeline_data.is_narrow else max(least, row * len(worn_shoes(canvas)))


def _entries(canvas: Canvas) -> list[LegendEntry]:
    """Return the name of each pair drawn, from the bottom of the stack up."""
    entries = []
    for shoe in worn_shoes(canvas):
        colour, fill = _look(canvas, shoe)
        sign = "□" if shoe == UNKNOWN_SHOE else "■"
        entries.append(LegendEntry(sign, _lane_name(canvas, shoe), colour, fill))
    return entries


def _key(canvas: Canvas) -> KeyEntries:
    return [(f"{one.sign} {escape(one.text, quote=False)}", one.colour) for one in _entries(canvas)]


def worn_shoes(window: TimelineWindow) -> dict[str, np.ndarray]:
    """Return the share of each pair, first worn first, at most eight pairs by name."""
    rows = window.rows.select("local_date")
    shares = window.timeline_data.shares.join(rows, on="local_date", how="semi").with_columns(
        pl.col("shoe_id").fill_null(UNKNOWN_SHOE), pl.col("share").cast(pl.Float32) * 100
    )
    shares = shares.filter(pl.col("share") > 0)
    if shares.is_empty():
        return {}
    sums = shares.group_by("shoe_id").agg(pl.col("share").sum()).sort("share", "shoe_id", descending=True)
    pairs = [shoe for shoe in sums["shoe_id"] if shoe != UNKNOWN_SHOE]
    by_name = [*(pairs[:MOST_SHOES] if len(pairs) > MOST_SHOES else pairs), UNKNOWN_SHOE]
    shoe = pl.when(pl.col("shoe_id").is_in(by_name)).then("shoe_id").otherwise(pl.lit(OTHER_SHOE))
    wide = shares.with_columns(shoe.alias("shoe_id")).pivot(
        "shoe_id", index="local_date", values="share", aggregate_function="sum"
    )
    wide = rows.join(wide, on="local_date", how="left", maintain_order="left").fill_null(0)
    first_worn = [*window.timeline_data.shoe_names, OTHER_SHOE, UNKNOWN_SHOE]
    order = sorted(wide.columns[1:], key=lambda one: (first_worn.index(one) if one in first_worn else 0, one))
    return {shoe_id: wide[shoe_id].to_numpy() for shoe_id in order}


def _lane_name(canvas: Canvas, shoe: str) -> str:
    if shoe in (OTHER_SHOE, UNKNOWN_SHOE):
        return shared_text.SHOE_OTHER if shoe == OTHER_SHOE else shared_text.SHOE_UNKNOWN
    name = canvas.timeline_data.shoe_names.get(shoe, shared_text.SHOE_NAMELESS)
    return shortened(name, canvas.pick(NAME_CHARACTERS, PAPER_NAME_CHARACTERS))


def shortened(name: str, most: int = NAME_CHARACTERS) -> str:
    """Shorten a name in the middle: its end tells two versions of one shoe apart."""
    if len(name) <= most:
        return name
    end = name[-6:].lstrip()
    return f"{name[: most - 1 - len(end)].rstrip()}…{end}"


def _look(canvas: Canvas, shoe: str) -> tuple[str, Fill]:
    """Return the colour of a pair and its fill; grey paper tells two neighbours apart by pattern."""
    data, palette = canvas.timeline_data, canvas.palette
    if shoe == UNKNOWN_SHOE:
        white = PaperFill(palette.background)
        return palette.unknown, Fill(
            palette.background, white, "/", palette.unknown, 7, 0.1, edge_px=1, edge_dash="dot"
        )
    order = [*data.shoe_names, OTHER_SHOE]
    place = order.index(shoe) if shoe in order else len(order)
    kinds = ["", *HATCHES]
    background = pale(OKABE_ITO[place % len(OKABE_ITO)])
    paper = PaperFill(background, kinds[place % len(kinds)], palette.muted)
    style = shoe_styles(list(data.shoe_names), data.theme).get(shoe)
    if style is None:
        return palette.muted, Fill(with_alpha(palette.muted, 0.4), paper, edge_px=1)
    tint = with_alpha(style.fill, 0.4)
    return style.colour, Fill(tint, paper, style.pattern, style.colour, edge_px=1)


def _answer(canvas: Canvas, area: LaneArea, worn: dict[str, np.ndarray]) -> None:
    """Name the pairs of each row in the shared hover: only those that were worn."""
    names = [escape(_lane_name(canvas, shoe), quote=False) for shoe in worn]
    table = np.stack(list(worn.values()), axis=1)
    usual = _usual_texts(canvas)
    texts = [f"{_sentence(names, row)}{more}" for row, more in zip(table, usual, strict=True)]
    y = np.where(table.sum(axis=1) > 0, np.float32(100), np.float32("nan"))
    canvas.answer(area, y, canvas.palette.muted, Hover("Shoes", "%{text}", text=texts))


def _usual_texts(canvas: Canvas) -> list[str]:
    """Return for each row the usual share of a new or lower pair and the usual mean drop, where they are known."""
    new = usual_marks.usual_texts(canvas, "shoe_new", 100.0, "{:.0f} %".format)
    drop = usual_marks.usual_texts(canvas, "drop", 1.0, "{:.1f} mm".format)
    return [
        (NEW_PAIR + share if share else "") + (MEAN_DROP + mm if mm else "")
        for share, mm in zip(new, drop, strict=True)
    ]


def _sentence(names: list[str], row: np.ndarray) -> str:
    largest = np.argsort(-row)[:4]
    return "<br>".join(f"{names[i]} {row[i]:.0f} %" for i in largest if row[i] >= 0.5)


def _unit(canvas: Canvas) -> list[str]:
    distance = canvas.timeline_data.units.distance_unit
    return canvas.pick([f"% of {distance}, last 7 days"], [f"% of {distance},", "last 7 days"])


SHOES = Lane(
    id="shoes",
    title="Shoes",
    unit=_unit,
    height=_height,
    columns=(),
    draw=draw_shoes,
    key=_key,
    channels=("shoe_new", "drop"),
    is_usual=True,
)
