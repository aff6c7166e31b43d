"""Tendon load on paper: the last 7 days against what the runner was used to."""

from __future__ import annotations

import numpy as np

from dashboard import state_words, words
from dashboard.charts import lane_load
from dashboard.charts.scale import last_known, round_top, stretches
from dashboard.charts.state_marks import colour
from dashboard.model.running_state import BREAK, IRREGULAR, NEW, WAY_BACK
from dashboard.report.paper import NAMES, SMALL, Band, Paper
from dashboard.report.svg import CHARACTER

PAPER_DASHES = {NEW: "0.8 2", IRREGULAR: "5 3", WAY_BACK: "1 3"}


def load(paper: Paper, band: Band) -> None:
    """Draw load as a solid line, habit as a dotted one in its range; dashed is estimated, hatched not known.

    Parameters
    ----------
    paper, band
        As for `paper_symptoms.pain`.

    Source
    ------
    ours: as on the screen.
    """
    look, sheet, x = paper.colours, paper.sheet, paper.x
    per = np.float32(paper.picture.units.load(1.0))
    habit, least, most, acute, low, high = (paper.values(f"{n}_7d_tkm") * per for n in lane_load.NEEDED)
    sheet.area(x, band.y(least), band.y(np.minimum(most, band.high)), look.load, fill_opacity=0.13)
    for first, last in stretches(lane_load.is_missing(paper)):
        left, right = x[first], x[min(last, len(x)) - 1]
        sheet.box(
            left, band.top, right - left, band.bottom - band.top, sheet.hatch("/", look.unknown, "none")
        )
    guessed = lane_load.is_guessed(paper)
    joint = guessed | np.roll(guessed, 1) | np.roll(guessed, -1) if guessed.any() else guessed
    below, above = (band.y(np.where(guessed, end, np.nan)) for end in (low, high))
    sheet.area(x, below, above, look.load, fill_opacity=0.12)
    sheet.line(x, band.y(habit), look.habitual, 1.3, "1.2 2.2")
    sheet.line(x, band.y(np.where(most > band.high, np.nan, most)), look.habitual, 0.6)
    back = paper.rows["state"].eq_missing(WAY_BACK).to_numpy()
    line = np.where(back, paper.values("line_7d_tkm") * per, np.nan)
    sheet.line(x, band.y(line), look.window_edge, 1.6, "1 3")
    sheet.line(x, band.y(np.where(joint, acute, np.nan)), look.load, 1.9, "4 2")
    sheet.line(x, band.y(np.where(guessed, np.nan, acute)), look.load, 1.9)
    one, other = (float(band.y(np.array(last_known(line)))) for line in (acute, habit))
    if abs(one - other) < 11:
        middle, sign = (one + other) / 2, 1 if one <= other else -1
        one, other = middle - 5.5 * sign, middle + 5.5 * sign
    sheet.line(np.array([NAMES, NAMES + 11]), np.full(2, one), look.load, 1.9)
    paper.beside(one, "last 7 days", look.load, room=15, font_weight="bold")
    sheet.line(np.array([NAMES, NAMES + 11]), np.full(2, other), look.habitual, 1.3, "1.2 2.2")
    paper.beside(other, "habit, its band", look.habitual, room=15)
    _states(paper, band)


def _states(paper: Paper, band: Band) -> None:
    """Draw the states as bars at the upper edge of the lane, each with its own pattern and its name."""
    for name, first, last in state_words.stretches(paper.rows, paper.picture.start, paper.picture.end):
        left, right = paper.span(first, last)
        dash = {} if name == BREAK else {"stroke_dasharray": PAPER_DASHES[name]}
        y = band.top - 1
        paper.sheet.stroke(f"M{left:.1f} {y:.1f}H{right:.1f}", colour(name, paper.colours), 1.6, **dash)
        text = state_words.NAMES[name]
        if right - left > len(text) * SMALL * CHARACTER:
            paper.sheet.text(left, y - 3, text, paper.colours.muted, SMALL)


def unit(paper: Paper) -> list[str]:
    """Name the unit of the lane, and what its uncertain parts look like where there are any.

    Parameters
    ----------
    paper : Paper
        What is drawn on.

    Returns
    -------
    list of str
        One for each line.

    Source
    ------
    ours.
    """
    said = [f"{paper.picture.units.load_unit}, last 7 days"]
    said += ["dashed: estimated"] if lane_load.is_guessed(paper).any() else []
    said += ["thin: your threshold"]
    said += ["spaced dots: line back"] if paper.rows["state"].eq_missing(WAY_BACK).any() else []
    return said + ([words.HATCHED] if lane_load.is_missing(paper).any() else [])


def scale(paper: Paper) -> tuple[float, float]:
    """Give both ends of the scale, the same in every window.

    Parameters
    ----------
    paper : Paper
        What is drawn on.

    Returns
    -------
    tuple of float
        In the runner's unit of load.

    Source
    ------
    ours: as on the screen.
    """
    return 0.0, round_top(paper.picture.units.load(1.0) * lane_load.highest(paper) * 1.04, 10)
