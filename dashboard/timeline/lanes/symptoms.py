"""Flares in the lane of pain: a pale bracket over their days, with a word, never a block."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.charts.axes import round_top, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import SMALL_PX, PlotlyDict
from dashboard.shared import text
from dashboard.timeline.canvas import LaneArea, ScreenCanvas, TimelineWindow
from dashboard.timeline.print_canvas import CHARACTER, PRINT_NAMES, PRINT_SMALL, PrintArea, PrintCanvas

PAIN_TOP = 12.0
"""Top of the axis of pain, 0-10: room for the bracket above the highest score."""
FLARE_LINE, BRACKET_LEG = 11.4, 10.6
LABEL_PX = 34.0


def mark_flares(canvas: ScreenCanvas, area: LaneArea) -> None:
    """Draw each flare of the dates shown as a bracket; one whose end was not seen stays open.

    A bracket says from when to when, and no more.
    """
    found, start, end = canvas.picture.flares, canvas.picture.start, canvas.picture.end
    if found is None:
        return
    seen = found.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    free, per_day = 0.0, canvas.plot_px / canvas.days
    x: list[str | None] = []
    y: list[float | None] = []
    for row in seen.iter_rows(named=True):
        first, last = max(row["onset"], start), min(row["last_high"], end)
        x0, x1 = canvas.shade(first, last)
        _shade(canvas, area, (x0, x1))
        legs = (
            BRACKET_LEG if row["onset"] >= start else None,
            BRACKET_LEG if row["end"] and row["last_high"] <= end else None,
        )
        x += [x0, x0, x1, x1, None]
        y += [legs[0], FLARE_LINE, FLARE_LINE, legs[1], None]
        left = (first - start).days * per_day
        if left >= free and left + LABEL_PX <= canvas.plot_px:
            _label(canvas, area, str(first))
            free = left + LABEL_PX
    _brackets(canvas, area, x, y)


def _shade(canvas: ScreenCanvas, area: LaneArea, at: tuple[str, str]) -> None:
    where: PlotlyDict = {"type": "rect", "xref": "x", "yref": area.axis, "layer": "below"}
    pale = {"fillcolor": with_alpha(canvas.colours.stiffness, 0.16), "line": {"width": 0}}
    canvas.shapes.append({**where, "x0": at[0], "x1": at[1], "y0": 0, "y1": FLARE_LINE, **pale})


def _brackets(canvas: ScreenCanvas, area: LaneArea, x: list[str | None], y: list[float | None]) -> None:
    """All brackets as one line with gaps: a shape for each leg would make a long history slow."""
    if not x:
        return
    line = {"color": canvas.colours.stiffness, "width": 1.5}
    drawn = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}
    canvas.traces.append({**drawn, "xaxis": "x", "yaxis": area.axis, "showlegend": False})


def _label(canvas: ScreenCanvas, area: LaneArea, at: str) -> None:
    canvas.note(
        text.FLARE,
        xref="x",
        x=at,
        xanchor="left",
        xshift=3,
        yref=area.axis,
        y=FLARE_LINE,
        yanchor="top",
        yshift=-1,
        font={"size": SMALL_PX, "color": canvas.colours.muted},
    )


def draw_pain(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw the largest pain logged each day.

    A day without an entry is not a day without pain.
    """
    look = canvas.colours
    y = canvas.values("pain_0_10")
    dots = {
        "size": _fitting(canvas, 5, 8),
        "color": look.pain,
        "line": {"color": look.background, "width": 0.5},
    }
    _logged(canvas, area, y, dots, "Pain", "of 10")
    mark_flares(canvas, area)
    if not np.isfinite(y).any() and not np.isfinite(canvas.values(stiffness_column(canvas))).any():
        canvas.absent(area, text.NOTHING_LOGGED if ever_logged(canvas) else text.NEVER_LOGGED)
    return value_axis(PAIN_TOP, -0.8, (0, 5, 10) if ever_logged(canvas) else (0, 10))


def draw_stiffness(canvas: ScreenCanvas, area: LaneArea) -> PlotlyDict:
    """Draw morning stiffness, in minutes, or 0 to 10 where the runner mostly logs that.

    One scale in one panel.
    """
    look, column = canvas.colours, stiffness_column(canvas)
    in_minutes = column == "stiffness_min"
    y = canvas.values(column)
    some = y > 0
    at, height = canvas.moments[some].astype(np.float32), y[some]
    gaps = np.full(len(at), np.float32("nan"))
    stems = {"color": look.stiffness, "width": _fitting(canvas, 1.5, 3)}
    canvas.traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": np.stack([at, at, at], axis=1).ravel(),
            "y": np.stack([height * 0, height, gaps], axis=1).ravel(),
            "line": stems,
            "hoverinfo": "skip",
            "xaxis": "x",
            "yaxis": area.axis,
            "showlegend": False,
        }
    )
    top = round_top(canvas.highest(column), 30) if in_minutes else 10.0
    unseen = {"size": 1, "opacity": 0}
    _logged(canvas, area, y, unseen, "Stiffness", "min" if in_minutes else "of 10")
    if in_minutes and len(y) and np.isfinite(y).any():
        canvas.traces[-1]["text"] = _minutes(canvas)
    return value_axis(top, -top * 0.08, (0, top / 2, top))


def pain_px(canvas: ScreenCanvas) -> float:
    """Return the height of the panel of pain: small as long as nothing was ever logged."""
    return 92.0 if ever_logged(canvas) else 44.0


def stiffness_px(canvas: ScreenCanvas) -> float:
    """Return the height of the panel of stiffness: none as long as nothing was ever logged."""
    return 56.0 if ever_logged(canvas) else 0.0


def ever_logged(stage: TimelineWindow) -> bool:
    """Tell whether a symptom was ever logged."""
    lanes = stage.picture.lanes
    return any(lanes[name].count() for name in ("pain_0_10", "stiffness_min", "stiffness_0_10"))


def stiffness_unit(canvas: ScreenCanvas) -> str:
    """Name the scale of the panel."""
    return "min in the morning" if stiffness_column(canvas) == "stiffness_min" else "0–10 in the morning"


def stiffness_column(stage: TimelineWindow) -> str:
    """Return the scale of stiffness the runner logs most: `stiffness_min` or `stiffness_0_10`."""
    lanes = stage.picture.lanes
    minutes, score = lanes["stiffness_min"].count(), lanes["stiffness_0_10"].count()
    return "stiffness_min" if minutes >= score else "stiffness_0_10"


def _fitting(canvas: ScreenCanvas, least: float, most: float) -> float:
    """Return a size in px at which neighbouring days do not hide one another."""
    return min(max(1.2 * canvas.plot_px / max(canvas.rows.height, 1), least), most)


def _minutes(canvas: ScreenCanvas) -> list[str]:
    """What the hover says of minutes: of a band, the band."""
    rows = canvas.rows.select("stiffness_min", "stiffness_low_min", "stiffness_high_min")
    return [
        text.minutes_in_words(exact if least is None else least, exact if most is None else most)
        if most or exact
        else "none"
        for exact, least, most in rows.drop_nulls("stiffness_min").iter_rows()
    ]


def _logged(
    canvas: ScreenCanvas, area: LaneArea, y: np.ndarray, mark: PlotlyDict, name: str, unit: str
) -> None:
    """Draw what was logged; one unseen trace answers the hover, so that a day never reads its neighbour's mark."""
    some, none, known = y > 0, y == 0, np.isfinite(y)
    ring = {
        "symbol": "circle-open",
        "size": _fitting(canvas, 3, 4),
        "color": canvas.colours.stiffness,
        "line": {"width": 1},
    }
    canvas.marks(area, canvas.moments[some], y[some], mark, hoverinfo="skip")
    canvas.marks(area, canvas.moments[none], y[none], ring, hoverinfo="skip")
    told = [f"{value:.0f} {unit}" if value else "none" for value in y[known]]
    unseen = {"size": 1, "opacity": 0}
    canvas.marks(area, canvas.moments[known], y[known], unseen, name=name, text=told, hovertemplate="%{text}")


def print_pain(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw pain as dots, none as rings, and flares as brackets.

    A day without an entry is not a day without pain.
    """
    look, y = canvas.colours, canvas.values("pain_0_10")
    _flares(canvas, area)
    _marks(canvas, area, y, 2.4, look.pain)
    if not np.isfinite(y).any() and not np.isfinite(canvas.values(stiffness_column(canvas))).any():
        canvas.absent(area, text.NOTHING_LOGGED)
    elif ever_logged(canvas):
        here = np.array([PRINT_NAMES + 3]), np.array([area.top + 10])
        canvas.sheet.dots(*here, 2.4, look.pain)
        canvas.beside(area.top + 10, "pain", look.ink, room=9)
        _rings(canvas, here[0] + 32, here[1], 1.0)
        canvas.beside(area.top + 10, "none", look.ink, room=41)


def print_stiffness(canvas: PrintCanvas, area: PrintArea) -> None:
    """Draw morning stiffness as stems."""
    y = canvas.values(stiffness_column(canvas))
    some = y > 0
    stems = "".join(
        f"M{x:.1f} {area.y(np.array(0.0)):.1f}V{top:.1f}"
        for x, top in zip(canvas.x[some], area.y(y[some]), strict=True)
    )
    if stems:
        wide = min(max(0.6 * canvas.plot_width / max(len(y), 1), 0.8), 2.6)
        canvas.sheet.stroke(stems, canvas.colours.stiffness, wide)
    _marks(canvas, area, np.where(some, np.nan, y), 0, "none")


def _marks(canvas: PrintCanvas, area: PrintArea, y: np.ndarray, radius: float, colour: str) -> None:
    """Draw dots for some and small rings for none, small enough that days do not hide one another."""
    some, none = y > 0, y == 0
    least = min(1.0, max(0.5, 0.25 * canvas.plot_width / max(len(y), 1)))
    if radius:
        canvas.sheet.dots(canvas.x[some], area.y(y[some]), max(radius * least, 0.8), colour)
    _rings(canvas, canvas.x[none], area.y(y[none]), least)


def _rings(canvas: PrintCanvas, x: np.ndarray, y: np.ndarray, size: float) -> None:
    for radius, tone in ((1.7, canvas.colours.stiffness), (0.9, canvas.colours.background)):
        canvas.sheet.dots(x, y, radius * size, tone)


def _flares(canvas: PrintCanvas, area: PrintArea) -> None:
    """Bracket each flare; one whose end was not seen stays open."""
    found, start, end = canvas.picture.flares, canvas.picture.start, canvas.picture.end
    if found is None:
        return
    look, free = canvas.colours, 0.0
    line, leg, zero = (float(area.y(np.array(v))) for v in (FLARE_LINE, BRACKET_LEG, 0.0))
    seen = found.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    for row in seen.iter_rows(named=True):
        left, right = canvas.span(max(row["onset"], start), min(row["last_high"], end))
        canvas.sheet.box(left, line, right - left, zero - line, look.stiffness, fill_opacity=0.14)
        first = f"M{left:.1f} {leg:.1f}V{line:.1f}" if row["onset"] >= start else f"M{left:.1f} {line:.1f}"
        last = f"V{leg:.1f}" if row["end"] and row["last_high"] <= end else ""
        canvas.sheet.stroke(f"{first}H{right:.1f}{last}", look.stiffness, 1.2)
        if left >= free:
            canvas.sheet.text(left + 3, line + 9.5, text.FLARE, look.muted, PRINT_SMALL)
            free = left + len(text.FLARE) * PRINT_SMALL * CHARACTER + 8
