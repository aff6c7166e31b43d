"""The lanes of the Timeline in their order; a lane is one record, drawn on the screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard.model.analysis import Analysis
from dashboard.timeline.canvas import Canvas
from dashboard.timeline.lane import Lane
from dashboard.timeline.lanes.lines import CADENCE, FAST, HILLS, VOLUME
from dashboard.timeline.lanes.load import LOAD
from dashboard.timeline.lanes.shoes import SHOES
from dashboard.timeline.lanes.sports import SPORTS
from dashboard.timeline.lanes.strength import STRENGTH
from dashboard.timeline.lanes.symptoms import PAIN, STIFFNESS

LANES: tuple[Lane, ...] = (
    PAIN,
    STIFFNESS,
    LOAD,
    VOLUME,
    FAST,
    HILLS,
    SHOES,
    SPORTS,
    CADENCE,
    STRENGTH,
)


USUAL_LANES = frozenset(lane.id for lane in LANES if lane.is_usual)
"""What the Timeline opens with, beside what stepped up."""
CHANNELS_OF_LANE = {lane.id: lane.channels for lane in LANES if lane.channels}


def lane_titles() -> dict[str, str]:
    """Return the words of each lane that can be chosen, by id, in the order of the picture."""
    return {lane.id: lane.choice for lane in LANES}


def available_ids(analysis: Analysis, strength: pl.DataFrame) -> list[str]:
    """Return the ids of the lanes a runner may choose from, each once."""
    return list(dict.fromkeys(lane.id for lane in LANES if lane.is_available(analysis, strength)))


def ordered(lanes: Sequence[Lane], order: Sequence[str]) -> list[Lane]:
    """Return lanes in the order a runner wants; lanes of one id stay together, those not named follow as they stand."""
    return sorted(lanes, key=lambda lane: order.index(lane.id) if lane.id in order else len(order))


def stepped_up(rows: pl.DataFrame, start: date, end: date) -> set[str]:
    """Return the ids of the lanes of which a channel stepped up between two dates."""
    inside = rows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    channels = set(inside["channel"].to_list())
    return {lane for lane, own in CHANNELS_OF_LANE.items() if channels & set(own)}


def lanes_drawn(canvas: Canvas) -> list[Lane]:
    """Return the lanes that are asked for, whose columns are there, and that have a height."""
    shown, columns = canvas.timeline_data.shown, set(canvas.timeline_data.lanes.columns)
    asked = ordered([lane for lane in LANES if not shown or lane.id in shown], canvas.timeline_data.order)
    return [lane for lane in asked if columns.issuperset(lane.columns) and lane.height(canvas) > 0]
