"""The Timeline: every lane on one clock with one hover; windows of load above habit run through all of them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dashboard.charts.axes import date_axis, date_ticks
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import BODY_PX, FONT, NAME_PX, SMALL_PX, PlotlyDict
from dashboard.timeline.canvas import LaneArea, ScreenCanvas
from dashboard.timeline.data import TimelineData
from dashboard.timeline.lanes import LANES, Lane
from dashboard.timeline.markers import answer_hover, mark_events, mark_windows

GAP_PX, NARROW_GAP_PX = 24.0, 14.0
NAME_ROW_PX, KEY_PX = 22.0, 17.0  # on a phone, above the lane
FOOT_PX = 46.0
LEFT_PX, RIGHT_PX, NARROW_LEFT_PX, NARROW_RIGHT_PX = 158, 164, 34, 10
TARGETS = "90"  # number of the y axis that spans all lanes


def timeline_figure(timeline_data: TimelineData) -> PageFigure:
    """Draw the Timeline.

    Lanes on one clock, fixed scales, names beside the lines.
    """
    stage = ScreenCanvas(timeline_data)
    panels = _panels(stage)
    lanes, plot_px = _places(stage, panels)
    head_px = mark_windows(stage)
    for panel, lane in zip(
        reversed(panels), reversed(lanes), strict=True
    ):  # the hover reads from the last up
        drawn = panel.draw(stage, lane)
        _hold(stage, lane)
        domain = [max(0.0, 1 - lane.bottom / plot_px), 1 - lane.top / plot_px]
        stage.axes[f"yaxis{lane.axis[1:]}"] = {**_y_axis(stage), **drawn, "domain": domain}
        _name(stage, panel, lane, plot_px)
    _grid(stage)
    foot_px = FOOT_PX + mark_events(stage)
    answer_hover(stage, f"y{TARGETS}")
    _targets(stage)
    return PageFigure({"data": stage.traces, "layout": _layout(stage, head_px, plot_px, foot_px)})


def _hold(canvas: ScreenCanvas, area: LaneArea) -> None:
    """Keep the axis of a lane without data: Plotly forgets an axis that no trace is on."""
    if any(trace["yaxis"] == area.axis for trace in canvas.traces):
        return
    nothing = {"type": "scatter", "mode": "lines", "x": [str(canvas.picture.start)], "y": [0]}
    unseen = {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    canvas.traces.append({**nothing, **unseen, "xaxis": "x", "yaxis": area.axis})


def _panels(canvas: ScreenCanvas) -> list[Lane]:
    shown = canvas.picture.shown
    return [panel for panel in LANES if (not shown or panel.lane in shown) and panel.px(canvas) > 0]


def _places(canvas: ScreenCanvas, panels: list[Lane]) -> tuple[list[LaneArea], float]:
    """Stand the panels one under another, in px from the top."""
    at, lanes, narrow = 0.0, [], canvas.picture.is_narrow
    for place, panel in enumerate(panels):
        at += NAME_ROW_PX + KEY_PX * len(_key_lines(canvas, panel)) if narrow else 0
        bottom = at + panel.px(canvas)
        lanes.append(LaneArea(f"y{place + 1}" if place else "y", at, bottom))
        at = bottom + (NARROW_GAP_PX if narrow else GAP_PX)
    return lanes, lanes[-1].bottom if lanes else 60.0


def _name(canvas: ScreenCanvas, panel: Lane, area: LaneArea, plot_px: float) -> None:
    """Write what the lane is and in which unit: left of it, or above it on a phone."""
    units, look = canvas.picture.units, canvas.colours
    unit = panel.unit(canvas).format(
        distance=units.distance_unit, height=units.height_unit, load=units.load_unit
    )
    aside = f"<span style='font-size:{SMALL_PX}px;color:{look.muted}'>{unit}</span>"
    where = {"xref": "paper", "x": 0, "yref": "paper", "y": 1 - area.top / plot_px}
    if not canvas.picture.is_narrow:
        text = f"<b>{panel.title}</b><br>{aside}"
        font = {"size": NAME_PX, "color": look.ink}
        canvas.note(
            text, **where, xanchor="right", xshift=-46, yanchor="top", yshift=5, align="right", font=font
        )
        return
    lines = [f"<b>{panel.title}</b>  {aside}", *_key_lines(canvas, panel)]
    font = {"size": NAME_PX - 1, "color": look.ink}
    left = {"xanchor": "left", "xshift": 6 - NARROW_LEFT_PX, "yanchor": "bottom", "yshift": 4}
    canvas.note("<br>".join(lines), **where, **left, align="left", font=font)


def _key_lines(canvas: ScreenCanvas, panel: Lane, most: int = 44) -> list[str]:
    """Name the marks of a lane for a phone, broken into lines that fit."""
    lines: list[str] = []
    used = most
    for text, colour in panel.key(canvas):
        named = f"<span style='font-size:{SMALL_PX}px;color:{colour}'>{text}</span>"
        if used + len(text) + 3 > most:
            lines.append(named)
            used = len(text)
        else:
            lines[-1] += f"   {named}"
            used += len(text) + 3
    return lines


def _dates(canvas: ScreenCanvas) -> list[tuple[date, str]]:
    picture = canvas.picture
    return date_ticks(picture.start, picture.end, 5 if picture.is_narrow else 13)


def _grid(canvas: ScreenCanvas) -> None:
    """Draw the dates as hair lines behind everything, from the first lane to the last."""
    look = {"color": canvas.colours.grid, "width": 1}
    for moment, _ in _dates(canvas):
        where = {"xref": "x", "x0": str(moment), "x1": str(moment), "yref": "paper", "y0": 0, "y1": 1}
        canvas.shapes.append({"type": "line", "layer": "below", "line": look, **where})


def _targets(canvas: ScreenCanvas) -> None:
    """Put an unseen point on every row over all lanes, so that a day is chosen wherever it is tapped."""
    unseen = {"size": 1, "opacity": 0, "maxdisplayed": 1}
    canvas.axes[f"yaxis{TARGETS}"] = {"domain": [0, 1], "range": [0, 1], "visible": False, "fixedrange": True}
    canvas.traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "y": np.full(canvas.rows.height, 0.5, dtype=np.float32),
            **canvas.clock,
            "marker": unseen,
            "selected": {"marker": {"opacity": 0}},
            "unselected": {"marker": {"opacity": 0}},
            "hoverinfo": "none",
            "xaxis": "x",
            "yaxis": f"y{TARGETS}",
            "showlegend": False,
        }
    )


def _y_axis(canvas: ScreenCanvas) -> PlotlyDict:
    look = canvas.colours
    return {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": look.zero,
        "zerolinewidth": 1,
        "tickfont": {"size": SMALL_PX, "color": look.muted},
        "ticklabelstandoff": 4,
        "showline": False,
        "automargin": False,
    }


def _x_axis(canvas: ScreenCanvas) -> PlotlyDict:
    picture, look = canvas.picture, canvas.colours
    half = timedelta(hours=12 * picture.step_days)
    said = "%a %-d %b %Y" if picture.step_days == 1 else "7 days to %-d %b %Y"
    return {
        "type": "date",
        "range": [_moment(picture, -half), _moment(picture, half)],
        "anchor": "free",
        "position": 0,
        "fixedrange": True,
        **date_axis(_dates(canvas)),
        "tickfont": {"size": BODY_PX if not picture.is_narrow else SMALL_PX, "color": look.muted},
        "showgrid": False,
        "ticklabelstandoff": 6,
        "zeroline": False,
        "hoverformat": said,
        "unifiedhovertitle": {"text": f"<b>%{{x|{said}}}</b>"},
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "hovered data",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": look.muted,
    }


def _moment(timeline_data: TimelineData, shift: timedelta) -> str:
    day = timeline_data.start if shift < timedelta(0) else timeline_data.end
    return str(np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")).replace("T", " ")


def _layout(canvas: ScreenCanvas, head_px: float, plot_px: float, foot_px: float) -> PlotlyDict:
    look, narrow = canvas.colours, canvas.picture.is_narrow
    sides = (NARROW_LEFT_PX, NARROW_RIGHT_PX) if narrow else (LEFT_PX, RIGHT_PX)
    hover = {"size": BODY_PX, "family": FONT, "color": look.ink}
    return {
        "template": {"layout": {"dragmode": False}},
        "height": round(head_px + plot_px + foot_px),
        "margin": {"l": sides[0], "r": sides[1], "t": round(head_px), "b": round(foot_px), "pad": 0},
        "font": {"family": FONT, "size": BODY_PX, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverdistance": canvas.reach_px,
        "hoverlabel": {"bgcolor": look.background, "bordercolor": look.zero, "font": hover, "namelength": -1},
        "clickmode": "event+select",
        "xaxis": _x_axis(canvas),
        **canvas.axes,
        "shapes": canvas.shapes,
        "annotations": canvas.notes,
    }
