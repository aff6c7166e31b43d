"""The lane of strength work: sets logged in the last 7 days, one kind on another; none of it is running load."""

from __future__ import annotations

import numpy as np

from connectors.frames import EXERCISE_KINDS
from dashboard.charts.axes import round_top, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.strength import text as strength_text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas

ROW_PX = 17.0
LEAST_PX = 64.0
STRENGTH_COLOURS = {
    "isometric": ("habitual", "-"),
    "slow_heavy": ("volume", ""),
    "eccentric": ("up", "\\"),
    "plyometric": ("spike", "x"),
    "other": ("muted", "."),
}
"""Colour of the palette and pattern of each kind, so that no kind is told by colour alone."""


def draw_strength(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the sets of each kind, one on another.

    A count beside running load, never added to it.
    """
    done = _done(canvas)
    for kind, y in done.items():
        colour, pattern = getattr(canvas.colours, STRENGTH_COLOURS[kind][0]), STRENGTH_COLOURS[kind][1]
        tint = with_alpha(colour, 0.4)
        hatch = {"shape": pattern, "fgcolor": colour, "bgcolor": tint, "size": 7, "solidity": 0.25}
        look = {"fillpattern": hatch} if pattern else {"fillcolor": tint}
        unseen = {"line": {"width": 0}, "hoverinfo": "skip", "stackgroup": "strength"}
        canvas.line(area, np.nan_to_num(y), colour, **unseen, **look)
    if done:
        _say(canvas, area, done)
    else:
        canvas.absent(area, strength_text.NONE_HERE)
    for place, (text, colour) in enumerate(reversed(strength_key(canvas))):
        named = f"<span style='color:{colour}'>{text[0]}</span>{text[1:]}"
        canvas.beside(area, 1 - (place + 0.5) * ROW_PX / strength_px(canvas), named, canvas.colours.ink)
    return value_axis(round_top(canvas.highest("sets_7d"), 10))


def strength_px(canvas: ScreenCanvas) -> float:
    """Return the height of the lane: none where no set was ever logged, else room for the name of each kind."""
    if "sets_7d" not in canvas.picture.lanes.columns or not canvas.picture.lanes["sets_7d"].count():
        return 0.0
    return LEAST_PX if canvas.picture.is_narrow else max(LEAST_PX, ROW_PX * len(_done(canvas)))


def strength_key(canvas: ScreenCanvas) -> list[tuple[str, str]]:
    """Return the name of each kind drawn, with its colour, from the bottom of the stack up."""
    return [
        (
            f"■ {strength_text.EXERCISE_KIND_NAMES[kind].lower()}",
            getattr(canvas.colours, STRENGTH_COLOURS[kind][0]),
        )
        for kind in _done(canvas)
    ]


def _done(canvas: ScreenCanvas) -> dict[str, np.ndarray]:
    values = {kind: canvas.values(f"sets_7d_{kind}") for kind in EXERCISE_KINDS}
    return {kind: y for kind, y in values.items() if (y > 0).any()}


def _say(canvas: ScreenCanvas, area: LaneArea, done: dict[str, np.ndarray]) -> None:
    """Name the kinds of each row in the shared hover: only those there were."""
    names = [strength_text.EXERCISE_KIND_NAMES[kind].lower() for kind in done]
    table = np.stack(list(done.values()), axis=1)
    text = [
        "<br>".join(f"{n:.0f} {name}" for n, name in zip(row, names, strict=True) if n > 0) for row in table
    ]
    total = canvas.values("sets_7d")
    y = np.where(total > 0, total, np.float32("nan"))
    outline = {"line": {"width": 1}, "text": text, "hovertemplate": "%{text}"}
    canvas.line(area, y, canvas.colours.muted, name="Sets", **outline)
