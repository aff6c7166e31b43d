"""The lanes of the Timeline that are plain lines, and the list of all lanes in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard import words
from dashboard.charts import (
    lane_load,
    lane_shoes,
    lane_sports,
    lane_strength,
    lane_symptoms,
    lane_volume,
    usual_marks,
)
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, last_known, round_top
from dashboard.charts.stage import Lane, Plain, Stage


@dataclass(frozen=True)
class Panel:
    """One panel of the picture; the symptoms lane has two.

    Parameters
    ----------
    lane
        Id of the lane, which a reader can hide.
    title, unit
        What stands beside it; `{distance}`, `{height}` and `{load}` in the unit take the runner's units.
    px
        Height of the plot area, in px.
    draw
        Puts the lane on the stage and gives its y axis.
    key
        Names of its marks in a line, for a phone, each in its colour.
    """

    lane: str
    title: str
    unit: Callable[[Stage], str]
    px: Callable[[Stage], float]
    draw: Callable[[Stage, Lane], Plain]
    key: Callable[[Stage], list[tuple[str, str]]]


def fast(stage: Stage, lane: Lane) -> Plain:
    """Draw the minutes above the runner's own fast speed, last 7 days.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.

    Returns
    -------
    dict
        Plotly's y axis.

    Source
    ------
    ours: average pace hides fast minutes.
    """
    look = stage.colours
    y = stage.values("fast_7d_s") / np.float32(60)
    top = round_top(stage.highest("fast_7d_s") / 60, 20)
    usual_marks.band(stage, lane, "fast", 1 / 60, 0, top)
    stage.area(lane, y, veil(look.fast, 0.13))
    stage.line(lane, y, look.fast, name="Fast", hovertemplate="%{y:.0f} min")
    if not np.isfinite(y).any():
        stage.absent(lane, words.NO_SPEED)
    usual_marks.step_up(stage, lane, {"fast": y}, ("fast", "speed"))
    return axis(top)


def hills(stage: Stage, lane: Lane) -> Plain:
    """Draw the climb up and the descent down from one zero line, last 7 days.

    Parameters
    ----------
    stage, lane
        As for `fast`.

    Returns
    -------
    dict
        Plotly's y axis.

    Source
    ------
    ours: both on one scale; a lab model lowers load downhill, clinics name downhill as a trigger.
    """
    units, look = stage.picture.units, stage.colours
    per = np.float32(units.height(1.0))
    up, down = stage.values("ascent_7d_m") * per, -stage.values("descent_7d_m") * per
    top = round_top(float(per) * max(stage.highest("ascent_7d_m"), stage.highest("descent_7d_m")), 100)
    usual_marks.band(stage, lane, "climb", float(per), 0, top)
    usual_marks.band(stage, lane, "descent", -float(per), -top, 0)
    for name, y, colour in (("Descent", down, look.down), ("Climb", up, look.up)):
        stage.area(lane, y, veil(colour, 0.14))
        shown = f"%{{customdata:,.0f}} {units.height_unit}"
        stage.line(lane, y, colour, name=name, customdata=np.abs(y), hovertemplate=shown)
    stage.beside(lane, (last_known(up) / top + 1) / 2 + 0.06, "climb", look.up)
    stage.beside(lane, (last_known(down) / top + 1) / 2 - 0.06, "descent", look.down)
    if not np.isfinite(up).any():
        stage.absent(lane, words.NO_ALTITUDE)
    usual_marks.step_up(stage, lane, {"climb": up, "descent": down}, ("climb", "descent"))
    return axis(top, -top)


def cadence(stage: Stage, lane: Lane) -> Plain:
    """Draw the step rate at matched speed, against the runner's own line.

    Parameters
    ----------
    stage, lane
        As for `fast`.

    Returns
    -------
    dict
        Plotly's y axis.

    Source
    ------
    ours: raw cadence only mirrors speed.
    """
    look = stage.colours
    y = stage.values("cadence_deviation_pct")
    whole = stage.picture.lanes["cadence_deviation_pct"].abs().quantile(0.995)
    top = round_top(float(whole or 0), 4)
    usual_marks.band(stage, lane, "cadence", 1.0, -top, top)
    stage.line(lane, np.clip(y, -top, top), look.cadence, name="Cadence", hovertemplate="%{y:+.1f} %")
    usual_marks.step_up(stage, lane, {"cadence": np.clip(y, -top, top)}, ("cadence",))
    if not np.isfinite(y).any():
        stage.absent(lane, words.NO_CADENCE)
    return {**axis(top, -top), "ticktext": [f"−{top:g}", "0", f"+{top:g}"]}


def _fixed(px: float) -> Callable[[Stage], float]:
    return lambda stage: px


def _in(unit: str) -> Callable[[Stage], str]:
    return lambda stage: unit


def _key(*pairs: tuple[str, str]) -> Callable[[Stage], list[tuple[str, str]]]:
    return lambda stage: [(text, getattr(stage.colours, colour)) for text, colour in pairs]


PANELS = (
    Panel(
        "symptoms",
        "Pain",
        _in("0–10"),
        lane_symptoms.pain_px,
        lane_symptoms.pain,
        _key(("● pain", "pain"), ("○ none", "muted")),
    ),
    Panel(
        "symptoms",
        "Stiffness",
        lane_symptoms.stiffness_unit,
        lane_symptoms.stiffness_px,
        lane_symptoms.stiffness,
        _key(("┃ stiff", "stiffness"), ("○ none", "muted")),
    ),
    Panel(
        "load",
        "Tendon load",
        lane_load.unit,
        _fixed(168),
        lane_load.load,
        lane_load.key,
    ),
    Panel(
        "volume",
        "Volume",
        lane_volume.unit,
        _fixed(84),
        lane_volume.volume,
        _key(("▼ longest run in 30 days", "spike"), ("◁ first run after a break", "spike")),
    ),
    Panel("fast", "Fast minutes", _in("min, last 7 days"), _fixed(62), fast, _key()),
    Panel(
        "hills",
        "Hills",
        _in("{height}, last 7 days"),
        _fixed(92),
        hills,
        _key(("climb", "up"), ("descent", "down")),
    ),
    Panel(
        "shoes",
        "Shoes",
        _in("% of {distance}, last 7 days"),
        lane_shoes.tall,
        lane_shoes.shoes,
        lane_shoes.key,
    ),
    Panel(
        "sports",
        "Other sports",
        lane_sports.unit,
        lane_sports.tall,
        lane_sports.sports,
        lane_sports.key,
    ),
    Panel("cadence", "Cadence", _in("% at same speed"), _fixed(62), cadence, _key()),
    Panel(
        "strength",
        "Strength",
        _in("sets, last 7 days"),
        lane_strength.tall,
        lane_strength.strength,
        lane_strength.key,
    ),
)
