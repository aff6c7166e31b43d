"""Which lanes stand on one screen and how high: symptoms first, then those that were furthest out before the onset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.charts.style import SMALL_PX
from dashboard.flares.change_text import amount
from dashboard.model.changes import UNUSUAL
from dashboard.model.leading_changes import Composite
from dashboard.shared import state_text
from dashboard.shared.text import NOT_KNOWN
from dashboard.shared.units import Units
from dashboard.timeline.lane import Lane
from dashboard.timeline.lanes import CHANNELS_OF_LANE
from dashboard.timeline.usual_marks import CHANNEL_NAMES

SYMPTOM_SHARE = 0.2
"""Of the height, for symptoms: what everything else is held against."""
LEAST_LINES, LINE_HEIGHT = 3, 1.2
LEAST_PX = LEAST_LINES * LINE_HEIGHT * SMALL_PX
LEAST_SYMPTOM_PX = 2.3 * LINE_HEIGHT * SMALL_PX
MOST_PX = 200.0
"""A lane higher than this shows nothing more. Design choice."""
STEPPED_UP = 2.0
"""Own spreads beyond usual from which a change is a step-up; a load at the runner's threshold counts as far out."""
SYMPTOMS, LOAD = "symptoms", "load"
LANES_OWN_CHANNELS = ("volume", "fast", "cadence")
FLAT = "{title}: {usual} → {reached}"
FLAT_LOAD = "{title}: at most {ratio} of what you are used to"
FLAT_UNKNOWN = "{title}: {unknown}"


@dataclass(frozen=True)
class LaneReach:
    """How far out a lane was before the onset, and its line of text where it is not drawn."""

    id: str
    title: str
    z: float
    """Own spreads beyond the eight weeks before; minus infinity where nothing is known."""
    line: str

    @property
    def has_moved(self) -> bool:
        """Whether any of its channels was out of the usual."""
        return self.z >= UNUSUAL


@dataclass(frozen=True)
class Screen:
    """What stands on one screen."""

    shown: tuple[str, ...]
    """Ids of the lanes that are drawn, symptoms first."""
    heights: Mapping[str, float]
    """Height of each lane, by its title."""
    flat: tuple[LaneReach, ...]
    """The rest, one line of text each, the furthest out first."""


def reach_of_lanes(
    available: Sequence[tuple[str, str]], changed: pl.DataFrame, load: Composite, units: Units
) -> list[LaneReach]:
    """Return the lanes beside symptoms, by id and title, the one furthest out before the onset first."""
    rows = {row["channel"]: row for row in changed.to_dicts()}
    reaches = [
        _load_reach(title, load) if lane == LOAD else _reach(lane, title, rows, units)
        for lane, title in available
        if lane != SYMPTOMS
    ]
    return sorted(reaches, key=lambda one: -one.z)


def _reach(lane: str, title: str, rows: Mapping[str, dict[str, Any]], units: Units) -> LaneReach:
    of_lane = [rows[name] for name in CHANNELS_OF_LANE.get(lane, ()) if name in rows]
    known = [row for row in of_lane if row["z"] is not None]
    if not known:  # a lane without a channel has nothing to be compared, which is not the same as unknown
        line = FLAT_UNKNOWN.format(title=title, unknown=NOT_KNOWN) if lane in CHANNELS_OF_LANE else title
        return LaneReach(lane, title, float("-inf"), line)
    row = max(known, key=lambda one: one["z"])
    usual, reached = (amount(row["channel"], row[name], units) for name in ("usual", "value"))
    name = title if row["channel"] in LANES_OWN_CHANNELS else f"{title}, {CHANNEL_NAMES[row['channel']]}"
    return LaneReach(lane, title, row["z"], FLAT.format(title=name, usual=usual, reached=reached))


def _load_reach(title: str, load: Composite) -> LaneReach:
    if load.peak_ratio is None or load.threshold is None or load.threshold <= 1:
        return LaneReach(LOAD, title, float("-inf"), FLAT_UNKNOWN.format(title=title, unknown=NOT_KNOWN))
    # Read as spreads, so that it takes its place among the channels: its threshold stands for a step-up.
    z = STEPPED_UP * (load.peak_ratio - 1) / (load.threshold - 1)
    line = FLAT_LOAD.format(title=title, ratio=state_text.ratio(load.peak_ratio))
    return LaneReach(LOAD, title, z, line)


def fit_lanes(
    room_px: float,
    symptoms: Sequence[Lane],
    reaches: Sequence[LaneReach],
    wanted: Sequence[str],
    row_px: float,
) -> Screen:
    """Share a height among lanes, in px before the figure is enlarged; `row_px` is what each takes beside its plot.

    Lanes a person pressed (`wanted`) come first, then those furthest out; one that did not move keeps to its line.
    """
    order = sorted(reaches, key=lambda one: one.id not in wanted)
    able = [one for one in order if one.has_moved or one.id in wanted] or order[:1]
    least = max(SYMPTOM_SHARE * room_px, LEAST_SYMPTOM_PX * len(symptoms))
    free = room_px - least - row_px * len(symptoms)
    count = max(1, min(len(able), int(free // (LEAST_PX + row_px))))
    drawn = able[:count]
    each = min(MOST_PX, max(LEAST_PX, free / count - row_px)) if drawn else 0.0
    spare = free - count * (each + row_px)
    of_symptoms = (least + max(0.0, spare)) / max(len(symptoms), 1)
    heights = {lane.title: min(MOST_PX, of_symptoms) for lane in symptoms}
    heights |= {one.title: each for one in drawn}
    flat = tuple(one for one in reaches if one not in drawn)
    return Screen((SYMPTOMS, *(one.id for one in drawn)), heights, flat)


def onset_share(start: date, end: date, onset: date | None) -> float:
    """Return where on the clock an onset lies, 0 to 1."""
    return 0.0 if onset is None else (onset - start).days / max((end - start).days, 1)
