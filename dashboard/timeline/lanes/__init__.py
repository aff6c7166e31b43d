"""The lanes of the Timeline that are plain lines, and the list of all lanes in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.charts.axes import last_known, round_top, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas
from dashboard.timeline.lanes import lines, load, shoes, sports, strength, symptoms


@dataclass(frozen=True)
class Lane:
    """One panel of the picture; the symptoms lane has two."""

    lane: str
    title: str
    unit: Callable[[ScreenCanvas], str]
    px: Callable[[ScreenCanvas], float]
    draw: Callable[[ScreenCanvas, LaneArea], PlotlyDict]
    key: Callable[[ScreenCanvas], list[tuple[str, str]]]


def fast(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the minutes above the runner's own fast speed, last 7 days.

    Average pace hides fast minutes.
    """
    look = canvas.colours
    y = canvas.values("fast_7d_s") / np.float32(60)
    canvas.area(area, y, with_alpha(look.fast, 0.13))
    canvas.line(area, y, look.fast, name="Fast", hovertemplate="%{y:.0f} min")
    if not np.isfinite(y).any():
        canvas.absent(area, shared_text.NO_SPEED)
    return value_axis(round_top(canvas.highest("fast_7d_s") / 60, 20))


def hills(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the climb up and the descent down from one zero line, last 7 days.

    Both on one scale; a lab model lowers load downhill, clinics name downhill as a trigger.
    """
    units, look = canvas.picture.units, canvas.colours
    per = np.float32(units.height(1.0))
    up, down = canvas.values("ascent_7d_m") * per, -canvas.values("descent_7d_m") * per
    top = round_top(float(per) * max(canvas.highest("ascent_7d_m"), canvas.highest("descent_7d_m")), 100)
    for name, y, colour in (("Descent", down, look.down), ("Climb", up, look.up)):
        canvas.area(area, y, with_alpha(colour, 0.14))
        shown = f"%{{customdata:,.0f}} {units.height_unit}"
        canvas.line(area, y, colour, name=name, customdata=np.abs(y), hovertemplate=shown)
    canvas.beside(area, (last_known(up) / top + 1) / 2 + 0.06, "climb", look.up)
    canvas.beside(area, (last_known(down) / top + 1) / 2 - 0.06, "descent", look.down)
    if not np.isfinite(up).any():
        canvas.absent(area, shared_text.NO_ALTITUDE)
    return value_axis(top, -top)


def cadence(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the step rate at matched speed, against the runner's own line.

    Raw cadence only mirrors speed.
    """
    look = canvas.colours
    y = canvas.values("cadence_deviation_pct")
    whole = canvas.picture.lanes["cadence_deviation_pct"].abs().quantile(0.995)
    top = round_top(float(whole or 0), 4)
    canvas.line(area, np.clip(y, -top, top), look.cadence, name="Cadence", hovertemplate="%{y:+.1f} %")
    if not np.isfinite(y).any():
        canvas.absent(area, shared_text.NO_CADENCE)
    return {**value_axis(top, -top), "ticktext": [f"−{top:g}", "0", f"+{top:g}"]}


def _fixed(px: float) -> Callable[[ScreenCanvas], float]:
    return lambda stage: px


def _in(unit: str) -> Callable[[ScreenCanvas], str]:
    return lambda stage: unit


def _key(*pairs: tuple[str, str]) -> Callable[[ScreenCanvas], list[tuple[str, str]]]:
    return lambda stage: [(text, getattr(stage.colours, colour)) for text, colour in pairs]


LANES = (
    Lane(
        "symptoms",
        "Pain",
        _in("0–10"),
        symptoms.pain_px,
        symptoms.draw_pain,
        _key(("● pain", "pain"), ("○ none", "muted")),
    ),
    Lane(
        "symptoms",
        "Stiffness",
        symptoms.stiffness_unit,
        symptoms.stiffness_px,
        symptoms.draw_stiffness,
        _key(("┃ stiff", "stiffness"), ("○ none", "muted")),
    ),
    Lane(
        "load",
        "Tendon load",
        load.load_unit,
        _fixed(150),
        load.draw_load,
        _key(("━ last 7 days", "load"), ("┅ habit", "habitual")),
    ),
    Lane(
        "volume",
        "Volume",
        lines.volume_unit,
        _fixed(84),
        lines.volume,
        _key(("▼ longest run in 30 days", "spike")),
    ),
    Lane("fast", "Fast minutes", _in("min, last 7 days"), _fixed(62), fast, _key()),
    Lane(
        "hills",
        "Hills",
        _in("{height}, last 7 days"),
        _fixed(92),
        hills,
        _key(("climb", "up"), ("descent", "down")),
    ),
    Lane(
        "shoes",
        "Shoes",
        _in("% of {distance}, last 7 days"),
        shoes.shoes_px,
        shoes.draw_shoes,
        shoes.shoes_key,
    ),
    Lane(
        "sports",
        "Other sports",
        sports.sports_unit,
        sports.sports_px,
        sports.draw_sports,
        sports.sports_key,
    ),
    Lane("cadence", "Cadence", _in("% at same speed"), _fixed(62), cadence, _key()),
    Lane(
        "strength",
        "Strength",
        _in("sets, last 7 days"),
        strength.strength_px,
        strength.draw_strength,
        strength.strength_key,
    ),
)
