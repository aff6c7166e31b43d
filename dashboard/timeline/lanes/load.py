"""What a person left out, drawn crossed on top of what counts: it never vanishes."""

from __future__ import annotations

import numpy as np

from dashboard.charts.axes import last_known, round_top, stretches, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import PlotlyDict
from dashboard.shared import text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas, TimelineWindow
from dashboard.timeline.print_canvas import PRINT_NAMES, PrintArea, PrintCanvas

EXCLUDED_ALPHA = "rgba(0,0,0,0)"


def excluded_overlay(
    canvas: ScreenCanvas, area: LaneArea, counted: np.ndarray, out: np.ndarray, top: float, unit: str
) -> None:
    """Draw what was left out, crossed, on top of what counts.

    What a person leaves out never vanishes, and is told by pattern and word.
    """
    there = out > 0
    if not there.any():
        return
    look = canvas.colours
    base = np.nan_to_num(counted).astype(np.float32)
    high = np.where(there, np.minimum(base + np.nan_to_num(out), np.float32(top)), np.float32("nan"))
    pattern = {"shape": "x", "fgcolor": look.muted, "bgcolor": EXCLUDED_ALPHA, "size": 6, "solidity": 0.15}
    edge = {"width": 1, "color": look.muted, "dash": "dot"}
    canvas.between(
        area, np.where(there, base, np.float32("nan")), high, EXCLUDED_ALPHA, fillpattern=pattern, line=edge
    )
    said = {"customdata": out, "hovertemplate": f"%{{customdata:.0f}} {unit}", "name": text.LEFT_OUT}
    canvas.line(area, high, look.muted, line={"width": 0.01}, **said)


def has_excluded(canvas: ScreenCanvas) -> bool:
    """Tell whether anything was left out in the window."""
    return bool((canvas.values("left_out_m") > 0).any() or (canvas.values("left_out_tkm") > 0).any())


NEEDED_DAYS = ("habitual", "habitual_low", "habitual_high", "load", "load_low", "load_high")
CLEAR_ALPHA = "rgba(0,0,0,0)"
FIRST_WEEK = 6  # days of a record before there is a whole week to sum


def draw_load(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw load, habit and the range around it; what is estimated or unknown looks different.

    The upper edge of the range is the ratio from which load counts as above habit.
    """
    picture, look = canvas.picture, canvas.colours
    per = np.float32(picture.units.load(1.0))
    habit, least, most, acute, low, high = (canvas.values(f"{name}_7d_tkm") * per for name in NEEDED_DAYS)
    highest = max(canvas.highest("load_7d_tkm"), canvas.highest("habitual_7d_tkm"))
    top = round_top(float(per) * highest * 1.04, 10)
    canvas.between(area, least, np.minimum(most, top), with_alpha(look.load, 0.14))
    _unknown(canvas, area, acute, top)
    excluded_overlay(canvas, area, acute, canvas.values("left_out_tkm") * per, top, picture.units.load_unit)
    canvas.line(
        area,
        habit,
        look.habitual,
        line={"width": 1.5, "dash": "dot"},
        name="Habit",
        hovertemplate=f"%{{y:.0f}} {picture.units.load_unit}",
    )
    _acute(canvas, area, acute, low, high)
    _names(canvas, area, acute, habit, top)
    return value_axis(top)


def _acute(
    canvas: ScreenCanvas, area: LaneArea, acute: np.ndarray, low: np.ndarray, high: np.ndarray
) -> None:
    """Draw a solid line, or a dotted one with its low-high band where a run was estimated."""
    look, unit = canvas.colours, canvas.picture.units.load_unit
    guessed = is_guessed(canvas)
    if guessed.any():
        pattern = {"shape": "/", "fgcolor": look.load, "bgcolor": CLEAR_ALPHA, "size": 5, "solidity": 0.12}
        band = np.where(guessed, low, np.nan), np.where(guessed, high, np.nan)
        canvas.between(area, *band, CLEAR_ALPHA, fillpattern=pattern)
    said = (
        f"%{{y:.0f}} {unit} (%{{customdata[1]:.0f}}–%{{customdata[2]:.0f}}), ×%{{customdata[0]:.2f}} of habit"
    )
    told = {"customdata": np.stack([canvas.values("ratio"), low, high], axis=1), "hovertemplate": said}
    if guessed.any():
        joint = ~guessed & (np.roll(guessed, 1) | np.roll(guessed, -1)) | guessed
        dotted = {"width": 2.4, "dash": "dot"}
        canvas.line(area, np.where(joint, acute, np.nan), look.load, line=dotted, hoverinfo="skip")
        unseen = {"line": dotted | {"width": 0.01}, "name": text.LOAD_ESTIMATED}
        canvas.line(area, np.where(guessed, acute, np.nan), look.load, **unseen, **told)
    measured = np.where(guessed, np.nan, acute)
    canvas.line(area, measured, look.load, line={"width": 2.4}, name="Load", **told)


def is_guessed(stage: TimelineWindow) -> np.ndarray:
    """Tell where the load shown is partly estimated from a summary."""
    known = np.isfinite(stage.values("load_7d_tkm"))
    return known & stage.rows["estimated"].fill_null(False).to_numpy()


def is_missing(stage: TimelineWindow) -> np.ndarray:
    """Tell where load is not known; the first days of a record, with no whole week yet, are just left open.

    Unknown is shown, never drawn as zero.
    """
    known = stage.picture.lanes.drop_nulls("load_7d_tkm")["local_date"]
    missing = ~np.isfinite(stage.values("load_7d_tkm"))
    if known.is_empty():
        return missing
    first = np.datetime64(known[0], "D")
    days = stage.rows["local_date"].to_numpy().astype("datetime64[D]")
    return missing & ~((days < first) & (days >= first - FIRST_WEEK))


def load_unit(canvas: ScreenCanvas) -> str:
    """Name the unit of the lane, and what its uncertain parts look like where there are any.

    What is not sure is told by word and by pattern.
    """
    asides = ["{load}, last 7 days"]
    asides += [text.DOTTED] if is_guessed(canvas).any() else []
    asides += [text.HATCHED] if is_missing(canvas).any() else []
    asides += [text.CROSSED] if has_excluded(canvas) else []
    return (", " if canvas.picture.is_narrow else "<br>").join(asides)


def _unknown(canvas: ScreenCanvas, area: LaneArea, acute: np.ndarray, top: float) -> None:
    missing = is_missing(canvas)
    if not missing.any():
        return
    look = canvas.colours
    full = np.where(missing, np.float32(top), np.float32("nan"))
    pattern = {"shape": "/", "fgcolor": look.unknown, "bgcolor": CLEAR_ALPHA, "size": 8, "solidity": 0.08}
    canvas.between(area, full * 0, full, CLEAR_ALPHA, fillpattern=pattern)
    for first, last in stretches(missing):
        if (last - first) / max(len(acute), 1) * canvas.plot_px > 70:
            middle = float(canvas.moments[(first + last - 1) // 2])
            back = {"bgcolor": look.background, "borderpad": 3}
            canvas.note(text.NOT_KNOWN, x=middle, xref="x", yref=f"{area.axis} domain", y=0.5, **back)


def _names(canvas: ScreenCanvas, area: LaneArea, acute: np.ndarray, habit: np.ndarray, top: float) -> None:
    look = canvas.colours
    one, other = last_known(acute) / top, last_known(habit) / top
    least = 0.12  # of the lane's height, so that two names never meet
    if abs(one - other) < least:
        spare = (least - abs(one - other)) / 2
        one, other = (one + spare, other - spare) if one >= other else (one - spare, other + spare)
    canvas.beside(area, one, "<b>last 7 days</b>", look.load)
    canvas.beside(area, other, "habit and its range", look.habitual)


def print_load(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw load as a solid line, habit as a dotted one in its range; dashed is estimated, hatched not known.

    As on the screen.
    """
    look, sheet, x = canvas.colours, canvas.sheet, canvas.x
    per = np.float32(canvas.picture.units.load(1.0))
    habit, least, most, acute, low, high = (canvas.values(f"{n}_7d_tkm") * per for n in NEEDED_DAYS)
    sheet.area(x, area.y(least), area.y(np.minimum(most, area.high)), look.load, fill_opacity=0.13)
    for first, last in stretches(is_missing(canvas)):
        left, right = x[first], x[min(last, len(x)) - 1]
        sheet.box(
            left, area.top, right - left, area.bottom - area.top, sheet.hatch("/", look.unknown, "none")
        )
    guessed = is_guessed(canvas)
    joint = guessed | np.roll(guessed, 1) | np.roll(guessed, -1) if guessed.any() else guessed
    below, above = (area.y(np.where(guessed, end, np.nan)) for end in (low, high))
    sheet.area(x, below, above, look.load, fill_opacity=0.12)
    sheet.line(x, area.y(habit), look.habitual, 1.3, "1.2 2.2")
    sheet.line(x, area.y(np.where(joint, acute, np.nan)), look.load, 1.9, "4 2")
    sheet.line(x, area.y(np.where(guessed, np.nan, acute)), look.load, 1.9)
    one, other = (float(area.y(np.array(last_known(line)))) for line in (acute, habit))
    if abs(one - other) < 11:
        middle, sign = (one + other) / 2, 1 if one <= other else -1
        one, other = middle - 5.5 * sign, middle + 5.5 * sign
    sheet.line(np.array([PRINT_NAMES, PRINT_NAMES + 11]), np.full(2, one), look.load, 1.9)
    canvas.beside(one, "last 7 days", look.load, room=15, font_weight="bold")
    sheet.line(np.array([PRINT_NAMES, PRINT_NAMES + 11]), np.full(2, other), look.habitual, 1.3, "1.2 2.2")
    canvas.beside(other, "habit, its range", look.habitual, room=15)


def print_load_unit(canvas: PrintCanvas) -> list[str]:
    """Name the unit of the lane, and what its uncertain parts look like where there are any."""
    said = [f"{canvas.picture.units.load_unit}, last 7 days"]
    said += ["dashed: estimated"] if is_guessed(canvas).any() else []
    return said + ([text.HATCHED] if is_missing(canvas).any() else [])


def print_load_scale(canvas: PrintCanvas) -> tuple[float, float]:
    """Return both ends of the scale, the same in every window.

    As on the screen.
    """
    highest = max(canvas.highest("load_7d_tkm"), canvas.highest("habitual_7d_tkm"))
    return 0.0, round_top(canvas.picture.units.load(1.0) * highest * 1.04, 10)
