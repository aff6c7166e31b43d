"""The lane of tendon load: the last 7 days against what the runner was used to."""

from __future__ import annotations

import numpy as np

from dashboard import words
from dashboard.charts import crossed
from dashboard.charts.measures import Measures
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, last_known, round_top, stretches
from dashboard.charts.stage import Lane, Plain, Stage

NEEDED = ("habitual", "habitual_low", "habitual_high", "load", "load_low", "load_high")
CLEAR = "rgba(0,0,0,0)"
FIRST_WEEK = 6  # days of a record before there is a whole week to sum


def load(stage: Stage, lane: Lane) -> Plain:
    """Draw load, habit and the range around it; what is estimated or unknown looks different.

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
    ours: the upper edge of the range is the ratio from which load counts as above habit.
    """
    picture, look = stage.picture, stage.colours
    per = np.float32(picture.units.load(1.0))
    habit, least, most, acute, low, high = (stage.values(f"{name}_7d_tkm") * per for name in NEEDED)
    highest = max(stage.highest("load_7d_tkm"), stage.highest("habitual_7d_tkm"))
    top = round_top(float(per) * highest * 1.04, 10)
    stage.between(lane, least, np.minimum(most, top), veil(look.load, 0.14))
    _unknown(stage, lane, acute, top)
    crossed.left_out(stage, lane, acute, stage.values("left_out_tkm") * per, top, picture.units.load_unit)
    stage.line(
        lane,
        habit,
        look.habitual,
        line={"width": 1.5, "dash": "dot"},
        name="Habit",
        hovertemplate=f"%{{y:.0f}} {picture.units.load_unit}",
    )
    _acute(stage, lane, acute, low, high)
    _names(stage, lane, acute, habit, top)
    return axis(top)


def _acute(stage: Stage, lane: Lane, acute: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Draw a solid line, or a dotted one with its low-high band where a run was estimated."""
    look, unit = stage.colours, stage.picture.units.load_unit
    guessed = is_guessed(stage)
    if guessed.any():
        pattern = {"shape": "/", "fgcolor": look.load, "bgcolor": CLEAR, "size": 5, "solidity": 0.12}
        band = np.where(guessed, low, np.nan), np.where(guessed, high, np.nan)
        stage.between(lane, *band, CLEAR, fillpattern=pattern)
    said = (
        f"%{{y:.0f}} {unit} (%{{customdata[1]:.0f}}–%{{customdata[2]:.0f}}), ×%{{customdata[0]:.2f}} of habit"
    )
    told = {"customdata": np.stack([stage.values("ratio"), low, high], axis=1), "hovertemplate": said}
    if guessed.any():
        joint = ~guessed & (np.roll(guessed, 1) | np.roll(guessed, -1)) | guessed
        dotted = {"width": 2.4, "dash": "dot"}
        stage.line(lane, np.where(joint, acute, np.nan), look.load, line=dotted, hoverinfo="skip")
        unseen = {"line": dotted | {"width": 0.01}, "name": words.LOAD_ESTIMATED}
        stage.line(lane, np.where(guessed, acute, np.nan), look.load, **unseen, **told)
    measured = np.where(guessed, np.nan, acute)
    stage.line(lane, measured, look.load, line={"width": 2.4}, name="Load", **told)


def is_guessed(stage: Measures) -> np.ndarray:
    """Tell where the load shown is partly estimated from a summary.

    Parameters
    ----------
    stage : Measures
        The window.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True where one of the last 7 days has such a run.

    Source
    ------
    ours.
    """
    known = np.isfinite(stage.values("load_7d_tkm"))
    return known & stage.rows["estimated"].fill_null(False).to_numpy()


def is_missing(stage: Measures) -> np.ndarray:
    """Tell where load is not known; the first days of a record, with no whole week yet, are just left open.

    Parameters
    ----------
    stage : Measures
        The window.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True where nothing may be drawn as a value.

    Source
    ------
    ours: unknown is shown, never drawn as zero.
    """
    known = stage.picture.lanes.drop_nulls("load_7d_tkm")["local_date"]
    missing = ~np.isfinite(stage.values("load_7d_tkm"))
    if known.is_empty():
        return missing
    first = np.datetime64(known[0], "D")
    days = stage.rows["local_date"].to_numpy().astype("datetime64[D]")
    return missing & ~((days < first) & (days >= first - FIRST_WEEK))


def unit(stage: Stage) -> str:
    """Name the unit of the lane, and what its uncertain parts look like where there are any.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    str
        One or more lines.

    Source
    ------
    ours: what is not sure is told by word and by pattern.
    """
    asides = ["{load}, last 7 days"]
    asides += [words.DOTTED] if is_guessed(stage).any() else []
    asides += [words.HATCHED] if is_missing(stage).any() else []
    asides += [words.CROSSED] if crossed.has_left_out(stage) else []
    return (", " if stage.picture.is_narrow else "<br>").join(asides)


def _unknown(stage: Stage, lane: Lane, acute: np.ndarray, top: float) -> None:
    missing = is_missing(stage)
    if not missing.any():
        return
    look = stage.colours
    full = np.where(missing, np.float32(top), np.float32("nan"))
    pattern = {"shape": "/", "fgcolor": look.unknown, "bgcolor": CLEAR, "size": 8, "solidity": 0.08}
    stage.between(lane, full * 0, full, CLEAR, fillpattern=pattern)
    for first, last in stretches(missing):
        if (last - first) / max(len(acute), 1) * stage.plot_px > 70:
            middle = float(stage.moments[(first + last - 1) // 2])
            back = {"bgcolor": look.background, "borderpad": 3}
            stage.note(words.NOT_KNOWN, x=middle, xref="x", yref=f"{lane.axis} domain", y=0.5, **back)


def _names(stage: Stage, lane: Lane, acute: np.ndarray, habit: np.ndarray, top: float) -> None:
    look = stage.colours
    one, other = last_known(acute) / top, last_known(habit) / top
    least = 0.12  # of the lane's height, so that two names never meet
    if abs(one - other) < least:
        spare = (least - abs(one - other)) / 2
        one, other = (one + spare, other - spare) if one >= other else (one - spare, other + spare)
    stage.beside(lane, one, "<b>last 7 days</b>", look.load)
    stage.beside(lane, other, "habit and its range", look.habitual)
