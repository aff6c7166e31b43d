"""The quiet lane of other sports: hours of the last 7 days, never added to the load of running."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from dashboard.charts.axes import round_top
from dashboard.charts.palette import pale, with_alpha
from dashboard.model.analysis import Analysis
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import Canvas, Fill, Hover, LaneArea, LegendEntry, PaperFill, StackLayer
from dashboard.timeline.cut_marks import cut_stack
from dashboard.timeline.lane import KeyEntries, Lane
from dashboard.timeline.robust_scale import robust_highest

MOST = 3  # sports drawn by name
OTHER_SPORT = "\0other"
SPORT_SIGNS = ("■", "▨", "▦", "▤")
SPORT_PATTERNS = (("", 0.42), ("/", 0.2), (".", 0.2), ("-", 0.12))
"""Pattern and depth of each layer: one grey, so that the lane stays behind the running."""


def draw_sports(canvas: Canvas, area: LaneArea) -> None:
    """Draw the hours of each sport one on another: how they load the tendon is not estimated."""
    by_sport = _layers(canvas)
    top = round_top(_highest(canvas, by_sport), 2)
    canvas.scale(area, top)
    tone = canvas.palette.muted
    shown = cut_stack(canvas, area, list(by_sport.values()), top, "{:.1f} h".format, tone)
    layers = [
        StackLayer(y, _fill(canvas, place), tone, Hover(_title(name), "%{customdata:.1f} h", hours))
        for place, (y, (name, hours)) in enumerate(zip(shown, by_sport.items(), strict=True))
        if hours.any()
    ]
    canvas.stack(area, layers, "sports")
    if not layers:
        canvas.empty_message(area, shared_text.NO_OTHER_SPORT)
    canvas.legend(area, _entries(canvas))


def _entries(canvas: Canvas) -> list[LegendEntry]:
    """Return the name of each sport drawn, from the bottom up, told apart by pattern and not by colour."""
    tone = canvas.palette.muted
    return [
        LegendEntry(SPORT_SIGNS[place], _title(name), tone, _fill(canvas, place), tone)
        for place, (name, hours) in enumerate(_layers(canvas).items())
        if hours.any()
    ]


def _key(canvas: Canvas) -> KeyEntries:
    return [(f"{one.sign} {one.text}", one.colour) for one in _entries(canvas)]


def _layers(canvas: Canvas) -> dict[str, np.ndarray]:
    """Return the hours of the sports with most of them in the whole record, and of the others together."""
    known = canvas.timeline_data.sports
    sums = (
        known.group_by("sport")
        .agg(pl.col("time_s").sum())
        .sort(["time_s", "sport"], descending=[True, False])
    )
    by_name = sums["sport"].head(MOST).to_list()
    if sums.height == MOST + 1:
        by_name = sums["sport"].to_list()
    grouped = known.with_columns(
        pl.when(pl.col("sport").is_in(by_name)).then("sport").otherwise(pl.lit(OTHER_SPORT)).alias("sport")
    )
    layers = {}
    for sport in [*by_name, *([OTHER_SPORT] if sums.height > len(by_name) else [])]:
        one = grouped.filter(pl.col("sport") == sport).group_by("local_date").agg(pl.col("time_s").sum())
        rows = canvas.rows.select("local_date").join(one, on="local_date", how="left", maintain_order="left")
        layers[sport] = (rows["time_s"].fill_null(0.0) / 3600).cast(pl.Float32).to_numpy()
    return layers


def _highest(canvas: Canvas, layers: dict[str, np.ndarray]) -> float:
    total = sum(layers.values(), np.zeros(canvas.rows.height, dtype=np.float32))
    return robust_highest(total, canvas.timeline_data.step_days)


def _title(sport: str) -> str:
    """Write a sport's name as words: "AlpineSki" is "Alpine ski"."""
    if sport == OTHER_SPORT:
        return shared_text.OTHER_SPORTS
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)
    return re.sub(r"[^\w \-]", "", spaced).capitalize()


def _fill(canvas: Canvas, place: int) -> Fill:
    pattern, depth = SPORT_PATTERNS[place]
    tone = canvas.palette.muted
    paper = PaperFill("none" if pattern else pale(tone), pattern, tone)
    tint = with_alpha(tone, depth / 2 if pattern else depth)
    return Fill(tint, paper, pattern, tone, 6, depth, edge_px=1)


def _unit(canvas: Canvas) -> list[str]:
    return ["h, last 7 days", shared_text.NOT_IN_LOAD]


def _height(canvas: Canvas) -> float:
    """Return no height where the runner does nothing else: a lane that never holds anything only takes room."""
    return 0.0 if canvas.timeline_data.sports.is_empty() else canvas.pick(62.0, 44.0)


def _is_available(analysis: Analysis, strength: pl.DataFrame) -> bool:
    return not analysis.others.is_empty()


SPORTS = Lane(
    id="sports",
    title="Other sports",
    unit=_unit,
    height=_height,
    columns=(),
    draw=draw_sports,
    key=_key,
    is_available=_is_available,
)
