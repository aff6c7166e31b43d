"""The lane of strength work: sets of the last 7 days by kind, a ring for a session without sets; no running load."""

from __future__ import annotations

import numpy as np
import polars as pl

from connectors.frames import EXERCISE_KINDS
from dashboard import strength_words
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, round_top
from dashboard.charts.stage import Lane, Plain, Stage

ROW_PX = 17.0
LEAST_PX = 64.0
RING_AT = 0.12  # share of the lane's height: above the axis, so that a ring is not read as 0
LOOKS = {
    "isometric": ("habitual", "-"),
    "slow_heavy": ("volume", ""),
    "eccentric": ("up", "\\"),
    "plyometric": ("spike", "x"),
    "other": ("muted", "."),
}
"""Colour of the palette and pattern of each kind, so that no kind is told by colour alone."""


def strength(stage: Stage, lane: Lane) -> Plain:
    """Draw the sets of each kind, one on another.

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
    ours: a count beside running load, never added to it.
    """
    done = _done(stage)
    for kind, y in done.items():
        colour, pattern = getattr(stage.colours, LOOKS[kind][0]), LOOKS[kind][1]
        tint = veil(colour, 0.4)
        hatch = {"shape": pattern, "fgcolor": colour, "bgcolor": tint, "size": 7, "solidity": 0.25}
        look = {"fillpattern": hatch} if pattern else {"fillcolor": tint}
        unseen = {"line": {"width": 0}, "hoverinfo": "skip", "stackgroup": "strength"}
        stage.line(lane, np.nan_to_num(y), colour, **unseen, **look)
    rings = _rings(stage, lane)
    if done:
        _say(stage, lane, done)
    elif not rings:
        stage.absent(lane, strength_words.NONE_HERE)
    for place, (text, colour) in enumerate(reversed(key(stage))):
        named = f"<span style='color:{colour}'>{text[0]}</span>{text[1:]}"
        stage.beside(lane, 1 - (place + 0.5) * ROW_PX / tall(stage), named, stage.colours.ink)
    return axis(round_top(stage.highest("sets_7d"), 10))


def tall(stage: Stage) -> float:
    """Give the height of the lane: none without any set or session, else room for the name of each kind.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    float
        px; 0 leaves the lane out.

    Source
    ------
    ours.
    """
    if "sets_7d" not in stage.picture.lanes.columns:
        return 0.0
    if not stage.picture.lanes["sets_7d"].count() and stage.picture.unlogged.is_empty():
        return 0.0
    return LEAST_PX if stage.picture.is_narrow else max(LEAST_PX, ROW_PX * len(key(stage)))


def key(stage: Stage) -> list[tuple[str, str]]:
    """Give the name of each kind drawn, with its colour, from the bottom of the stack up.

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
    ours.
    """
    kinds = [
        (f"■ {strength_words.KINDS[kind].lower()}", getattr(stage.colours, LOOKS[kind][0]))
        for kind in _done(stage)
    ]
    return kinds + (
        [(f"○ {strength_words.UNLOGGED}", stage.colours.muted)] if _unlogged(stage).height else []
    )


def _unlogged(stage: Stage) -> pl.DataFrame:
    inside = pl.col("local_date").is_between(stage.picture.start, stage.picture.end)
    return stage.picture.unlogged.filter(inside)


def _rings(stage: Stage, lane: Lane) -> bool:
    """Put a ring on each session without sets: it says that one was, and nothing of how much."""
    sessions = _unlogged(stage)
    x = sessions["local_date"].cast(pl.Datetime("ms")).cast(pl.Int64).cast(pl.Float64).to_numpy()
    y = np.full(len(x), RING_AT * round_top(stage.highest("sets_7d"), 10))
    text = [strength_words.unlogged_in_words(sport, time_s) for _, sport, time_s in sessions.iter_rows()]
    ring = {"symbol": "circle-open", "size": 8, "color": stage.colours.muted, "line": {"width": 1.5}}
    stage.marks(lane, x, y, ring, name="Session", text=text, hovertemplate="%{text}")
    return bool(len(x))


def _done(stage: Stage) -> dict[str, np.ndarray]:
    values = {kind: stage.values(f"sets_7d_{kind}") for kind in EXERCISE_KINDS}
    return {kind: y for kind, y in values.items() if (y > 0).any()}


def _say(stage: Stage, lane: Lane, done: dict[str, np.ndarray]) -> None:
    """Name the kinds of each row in the shared hover: only those there were."""
    names = [strength_words.KINDS[kind].lower() for kind in done]
    table = np.stack(list(done.values()), axis=1)
    text = [
        "<br>".join(f"{n:.0f} {name}" for n, name in zip(row, names, strict=True) if n > 0) for row in table
    ]
    total = stage.values("sets_7d")
    y = np.where(total > 0, total, np.float32("nan"))
    outline = {"line": {"width": 1}, "text": text, "hovertemplate": "%{text}"}
    stage.line(lane, y, stage.colours.muted, name="Sets", **outline)
