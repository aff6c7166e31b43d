"""What was logged: pain as dots, stiffness as stems, none as a small ring, not logged as nothing."""

from __future__ import annotations

import numpy as np

from dashboard import day_words, words
from dashboard.charts.flare_marks import TOP, mark_flares
from dashboard.charts.measures import Measures
from dashboard.charts.scale import axis, round_top
from dashboard.charts.stage import Lane, Plain, Stage


def pain(stage: Stage, lane: Lane) -> Plain:
    """Draw the largest pain logged each day.

    Parameters
    ----------
    stage : Stage
        What is drawn on.
    lane : Lane
        Where.

    Returns
    -------
    dict
        Plotly's y axis, 0 to 10 always.

    Source
    ------
    ours: a day without an entry is not a day without pain.
    """
    look = stage.colours
    y = stage.values("pain_0_10")
    dots = {
        "size": _fitting(stage, 5, 8),
        "color": look.pain,
        "line": {"color": look.background, "width": 0.5},
    }
    _logged(stage, lane, y, dots, "Pain", "of 10")
    mark_flares(stage, lane)
    if not np.isfinite(y).any() and not np.isfinite(stage.values(stiffness_column(stage))).any():
        stage.absent(lane, words.NOTHING_LOGGED if ever_logged(stage) else words.NEVER_LOGGED)
    return axis(TOP, -0.8, (0, 5, 10) if ever_logged(stage) else (0, 10))


def stiffness(stage: Stage, lane: Lane) -> Plain:
    """Draw morning stiffness, in minutes, or 0 to 10 where the runner mostly logs that.

    Parameters
    ----------
    stage, lane
        As for `pain`.

    Returns
    -------
    dict
        Plotly's y axis.

    Source
    ------
    ours: one scale in one panel.
    """
    look, column = stage.colours, stiffness_column(stage)
    in_minutes = column == "stiffness_min"
    y = stage.values(column)
    some = y > 0
    at, height = stage.moments[some].astype(np.float32), y[some]
    gaps = np.full(len(at), np.float32("nan"))
    stems = {"color": look.stiffness, "width": _fitting(stage, 1.5, 3)}
    stage.traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": np.stack([at, at, at], axis=1).ravel(),
            "y": np.stack([height * 0, height, gaps], axis=1).ravel(),
            "line": stems,
            "hoverinfo": "skip",
            "xaxis": "x",
            "yaxis": lane.axis,
            "showlegend": False,
        }
    )
    top = round_top(stage.highest(column), 30) if in_minutes else 10.0
    unseen = {"size": 1, "opacity": 0}
    _logged(stage, lane, y, unseen, "Stiffness", "min" if in_minutes else "of 10")
    if in_minutes and len(y) and np.isfinite(y).any():
        stage.traces[-1]["text"] = _minutes(stage)
    return axis(top, -top * 0.08, (0, top / 2, top))


def pain_px(stage: Stage) -> float:
    """Give the height of the panel of pain: small as long as nothing was ever logged.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    float
        px.

    Source
    ------
    ours.
    """
    return 92.0 if ever_logged(stage) else 44.0


def stiffness_px(stage: Stage) -> float:
    """Give the height of the panel of stiffness: none as long as nothing was ever logged.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    float
        px; 0 leaves the panel out.

    Source
    ------
    ours.
    """
    return 56.0 if ever_logged(stage) else 0.0


def ever_logged(stage: Measures) -> bool:
    """Tell whether a symptom was ever logged.

    Parameters
    ----------
    stage : Measures
        With the whole history.

    Returns
    -------
    bool
        True with one entry, "none" included.

    Source
    ------
    ours.
    """
    lanes = stage.picture.lanes
    return any(lanes[name].count() for name in ("pain_0_10", "stiffness_min", "stiffness_0_10"))


def stiffness_unit(stage: Stage) -> str:
    """Name the scale of the panel.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    str
        In words.

    Source
    ------
    ours.
    """
    return "min in the morning" if stiffness_column(stage) == "stiffness_min" else "0–10 in the morning"


def stiffness_column(stage: Measures) -> str:
    """Give the scale of stiffness the runner logs most: `stiffness_min` or `stiffness_0_10`.

    Parameters
    ----------
    stage : Measures
        With the whole history, so that the scale is the same in every window.

    Returns
    -------
    str
        A column of the lanes.

    Source
    ------
    ours.
    """
    lanes = stage.picture.lanes
    minutes, score = lanes["stiffness_min"].count(), lanes["stiffness_0_10"].count()
    return "stiffness_min" if minutes >= score else "stiffness_0_10"


def _fitting(stage: Stage, least: float, most: float) -> float:
    """Give a size in px at which neighbouring days do not hide one another."""
    return min(max(1.2 * stage.plot_px / max(stage.rows.height, 1), least), most)


def _minutes(stage: Stage) -> list[str]:
    """What the hover says of minutes: of a band, the band."""
    rows = stage.rows.select("stiffness_min", "stiffness_low_min", "stiffness_high_min")
    return [
        day_words.minutes(exact if least is None else least, exact if most is None else most)
        if most or exact
        else "none"
        for exact, least, most in rows.drop_nulls("stiffness_min").iter_rows()
    ]


def _logged(stage: Stage, lane: Lane, y: np.ndarray, mark: Plain, name: str, unit: str) -> None:
    """Draw what was logged; one unseen trace answers the hover, so that a day never reads its neighbour's mark."""
    some, none, known = y > 0, y == 0, np.isfinite(y)
    ring = {
        "symbol": "circle-open",
        "size": _fitting(stage, 3, 4),
        "color": stage.colours.stiffness,
        "line": {"width": 1},
    }
    stage.marks(lane, stage.moments[some], y[some], mark, hoverinfo="skip")
    stage.marks(lane, stage.moments[none], y[none], ring, hoverinfo="skip")
    told = [f"{value:.0f} {unit}" if value else "none" for value in y[known]]
    unseen = {"size": 1, "opacity": 0}
    stage.marks(lane, stage.moments[known], y[known], unseen, name=name, text=told, hovertemplate="%{text}")
