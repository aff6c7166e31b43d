"""The lane of tendon load: the last 7 days against what the runner was used to."""

from __future__ import annotations

import numpy as np

from dashboard import state_words, words
from dashboard.charts import crossed
from dashboard.charts.measures import Measures
from dashboard.charts.palette import veil
from dashboard.charts.scale import axis, last_known, round_top, stretches
from dashboard.charts.stage import Lane, Plain, Stage
from dashboard.charts.state_marks import SIGNS, STRIP_SHARE, colour, mark_states
from dashboard.model.running_state import WAY_BACK

NEEDED = ("habitual", "habitual_low", "habitual_high", "load", "load_low", "load_high")
CLEAR = "rgba(0,0,0,0)"
FIRST_WEEK = 6  # days of a record before there is a whole week to sum


def load(stage: Stage, lane: Lane) -> Plain:
    """Draw load, habit, the band around it and the state of the record; what is estimated or unknown looks different.

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
    ours: the upper edge of the band is the runner's own threshold, from which load counts as above habit.
    """
    picture, look = stage.picture, stage.colours
    per = np.float32(picture.units.load(1.0))
    habit, least, most, acute, low, high = (stage.values(f"{name}_7d_tkm") * per for name in NEEDED)
    top = round_top(float(per) * highest(stage) * 1.04, 10)
    strip_top = top * (1 + STRIP_SHARE)
    stage.between(lane, least, np.minimum(most, top), veil(look.load, 0.14))
    _unknown(stage, lane, acute, top)
    crossed.left_out(stage, lane, acute, stage.values("left_out_tkm") * per, top, picture.units.load_unit)
    _threshold(stage, lane, most, top)
    mean = stage.values("mean_7d_tkm") * per
    said = f"%{{y:.0f}} {picture.units.load_unit}; plain mean of 12 weeks %{{customdata:.0f}}"
    dotted = {"width": 1.5, "dash": "dot"}
    stage.line(lane, habit, look.habitual, line=dotted, name="Habit", customdata=mean, hovertemplate=said)
    _line_back(stage, lane, per)
    _acute(stage, lane, acute, low, high)
    _names(stage, lane, acute, habit, strip_top)
    mark_states(stage, lane, top, strip_top)
    return {**axis(top), "range": [0.0, strip_top]}


def highest(stage: Measures) -> float:
    """Give the largest load and habit, and the threshold as high as it is on nine days of ten.

    Parameters
    ----------
    stage : Measures
        The window.

    Returns
    -------
    float
        tkm in seven days, of the whole history: the lane keeps its scale in every window.
    """
    band = stage.picture.lanes["habitual_high_7d_tkm"].quantile(0.9)
    return max(stage.highest("load_7d_tkm"), stage.highest("habitual_7d_tkm"), float(band or 0.0))


def _threshold(stage: Stage, lane: Lane, most: np.ndarray, top: float) -> None:
    """Draw the runner's own threshold, the upper edge of the band, as a thin line that answers the pointer."""
    picture = stage.picture
    known, own = np.isfinite(most), stage.values("threshold").tolist()
    least, share = picture.least_threshold, picture.threshold_share
    said = [state_words.threshold(t, least, share) if k else "" for t, k in zip(own, known, strict=True)]
    if not known.any():
        return
    stage.line(
        lane,
        np.where(most > top, np.nan, most),
        stage.colours.habitual,
        line={"width": 1},
        name="Your threshold",
        text=said,
        hovertemplate=f"%{{y:.0f}} {picture.units.load_unit} (%{{text}})",
    )


def _line_back(stage: Stage, lane: Lane, per: np.float32) -> None:
    """Draw the line that load is held against on the way back from a break."""
    line = stage.values("line_7d_tkm") * per
    back = stage.rows["state"].eq_missing(WAY_BACK).to_numpy()
    line = np.where(back, line, np.nan)
    if not np.isfinite(line).any():
        return
    said = f"%{{y:.0f}} {stage.picture.units.load_unit}"
    dots = {"width": 2, "dash": "2px,4px"}
    look = stage.colours
    stage.line(lane, line, look.window_edge, line=dots, name="Line back", hovertemplate=said)
    if not stage.picture.is_narrow:
        last = int(np.flatnonzero(np.isfinite(line))[-1])
        at = {"x": float(stage.moments[last]), "xref": "x", "yref": lane.axis, "y": float(line[last])}
        back = {"bgcolor": look.background, "font": {"color": look.window_text}}
        stage.note("line back", **at, **back, xanchor="right", yanchor="bottom", yshift=3)


def _acute(stage: Stage, lane: Lane, acute: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Draw a solid line, or a dotted one with its low-high band where a run was estimated."""
    look, unit = stage.colours, stage.picture.units.load_unit
    guessed = is_guessed(stage)
    if guessed.any():
        pattern = {"shape": "/", "fgcolor": look.load, "bgcolor": CLEAR, "size": 5, "solidity": 0.12}
        band = np.where(guessed, low, np.nan), np.where(guessed, high, np.nan)
        stage.between(lane, *band, CLEAR, fillpattern=pattern)
    said = f"%{{y:.0f}} {unit} (%{{customdata[0]:.0f}}–%{{customdata[1]:.0f}})%{{text}}"
    told = {"customdata": np.stack([low, high], axis=1), "text": held(stage), "hovertemplate": said}
    if guessed.any():
        joint = ~guessed & (np.roll(guessed, 1) | np.roll(guessed, -1)) | guessed
        dotted = {"width": 2.4, "dash": "dot"}
        stage.line(lane, np.where(joint, acute, np.nan), look.load, line=dotted, hoverinfo="skip")
        unseen = {"line": dotted | {"width": 0.01}, "name": words.LOAD_ESTIMATED}
        stage.line(lane, np.where(guessed, acute, np.nan), look.load, **unseen, **told)
    measured = np.where(guessed, np.nan, acute)
    stage.line(lane, measured, look.load, line={"width": 2.4}, name="Load", **told)


def key(stage: Stage) -> list[tuple[str, str]]:
    """Name the lines for a phone.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    list of tuple of str
        Each name with its colour; the line back and the states only where they are drawn.
    """
    look = stage.colours
    told = [("━ last 7 days", look.load), ("┅ habit", look.habitual), ("─ your threshold", look.habitual)]
    seen = [name for name in state_words.NAMES if stage.rows["state"].eq_missing(name).any()]
    told += [("┈ line back", look.window_edge)] if WAY_BACK in seen else []
    return [*told, *((f"{SIGNS[name]} {state_words.NAMES[name]}", colour(name, look)) for name in seen)]


def held(stage: Measures) -> list[str]:
    """Say for each row how load stands to what it is held against.

    Parameters
    ----------
    stage : Measures
        The window.

    Returns
    -------
    list of str
        Such as ", ×1.42 of habit"; on the way back from a break of the line where that is higher; empty where not
        known.
    """
    by_habit, against = stage.values("ratio").tolist(), stage.values("held_ratio").tolist()
    return [
        ""
        if np.isnan(one)
        else f", {state_words.ratio(one)} of {'habit' if np.isclose(one, other) else 'the line back'}"
        for one, other in zip(against, by_habit, strict=True)
    ]


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
    stage.beside(lane, other, "habit, its band", look.habitual)
