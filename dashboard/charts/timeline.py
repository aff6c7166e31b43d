"""The Timeline: every lane on one clock with one hover; windows of load above habit run through all of them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dashboard.charts.event_marks import answer_hover, mark_events
from dashboard.charts.lanes import PANELS, Panel
from dashboard.charts.picture import Picture
from dashboard.charts.quiet import PageFigure
from dashboard.charts.ruler import as_axis, ticks
from dashboard.charts.stage import BODY, FONT, NAME, SMALL, Lane, Plain, Stage
from dashboard.charts.window_marks import mark_windows

__all__ = ["Picture", "figure"]

GAP_PX, NARROW_GAP_PX = 24.0, 14.0
NAME_PX, KEY_PX = 22.0, 17.0  # on a phone, above the lane
FOOT_PX = 46.0
LEFT_PX, RIGHT_PX, NARROW_LEFT_PX, NARROW_RIGHT_PX = 158, 164, 34, 10
TARGETS = "90"  # number of the y axis that spans all lanes


def figure(picture: Picture) -> PageFigure:
    """Draw the Timeline.

    Parameters
    ----------
    picture : Picture
        The lanes of the whole history, the dates to show and how to show them.

    Returns
    -------
    PageFigure
        One x axis for all lanes. Its last trace has one point for each row of the grid over the full height,
        so that any place over a day can be tapped; its x is that day.

    Source
    ------
    ours: lanes on one clock, fixed scales, names beside the lines.
    """
    stage = Stage(picture)
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


def _hold(stage: Stage, lane: Lane) -> None:
    """Keep the axis of a lane without data: Plotly forgets an axis that no trace is on."""
    if any(trace["yaxis"] == lane.axis for trace in stage.traces):
        return
    nothing = {"type": "scatter", "mode": "lines", "x": [str(stage.picture.start)], "y": [0]}
    unseen = {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    stage.traces.append({**nothing, **unseen, "xaxis": "x", "yaxis": lane.axis})


def _panels(stage: Stage) -> list[Panel]:
    shown = stage.picture.shown
    return [panel for panel in PANELS if (not shown or panel.lane in shown) and panel.px(stage) > 0]


def _places(stage: Stage, panels: list[Panel]) -> tuple[list[Lane], float]:
    """Stand the panels one under another, in px from the top."""
    at, lanes, narrow = 0.0, [], stage.picture.is_narrow
    for place, panel in enumerate(panels):
        at += NAME_PX + KEY_PX * len(_key_lines(stage, panel)) if narrow else 0
        bottom = at + panel.px(stage)
        lanes.append(Lane(f"y{place + 1}" if place else "y", at, bottom))
        at = bottom + (NARROW_GAP_PX if narrow else GAP_PX)
    return lanes, lanes[-1].bottom if lanes else 60.0


def _name(stage: Stage, panel: Panel, lane: Lane, plot_px: float) -> None:
    """Write what the lane is and in which unit: left of it, or above it on a phone."""
    units, look = stage.picture.units, stage.colours
    unit = panel.unit(stage).format(
        distance=units.distance_unit, height=units.height_unit, load=units.load_unit
    )
    aside = f"<span style='font-size:{SMALL}px;color:{look.muted}'>{unit}</span>"
    where = {"xref": "paper", "x": 0, "yref": "paper", "y": 1 - lane.top / plot_px}
    if not stage.picture.is_narrow:
        text = f"<b>{panel.title}</b><br>{aside}"
        font = {"size": NAME, "color": look.ink}
        stage.note(
            text, **where, xanchor="right", xshift=-46, yanchor="top", yshift=5, align="right", font=font
        )
        return
    lines = [f"<b>{panel.title}</b>  {aside}", *_key_lines(stage, panel)]
    font = {"size": NAME - 1, "color": look.ink}
    left = {"xanchor": "left", "xshift": 6 - NARROW_LEFT_PX, "yanchor": "bottom", "yshift": 4}
    stage.note("<br>".join(lines), **where, **left, align="left", font=font)


def _key_lines(stage: Stage, panel: Panel, most: int = 44) -> list[str]:
    """Name the marks of a lane for a phone, broken into lines that fit."""
    lines: list[str] = []
    used = most
    for text, colour in panel.key(stage):
        named = f"<span style='font-size:{SMALL}px;color:{colour}'>{text}</span>"
        if used + len(text) + 3 > most:
            lines.append(named)
            used = len(text)
        else:
            lines[-1] += f"   {named}"
            used += len(text) + 3
    return lines


def _dates(stage: Stage) -> list[tuple[date, str]]:
    picture = stage.picture
    return ticks(picture.start, picture.end, 5 if picture.is_narrow else 13)


def _grid(stage: Stage) -> None:
    """Draw the dates as hair lines behind everything, from the first lane to the last."""
    look = {"color": stage.colours.grid, "width": 1}
    for moment, _ in _dates(stage):
        where = {"xref": "x", "x0": str(moment), "x1": str(moment), "yref": "paper", "y0": 0, "y1": 1}
        stage.shapes.append({"type": "line", "layer": "below", "line": look, **where})


def _targets(stage: Stage) -> None:
    """Put an unseen point on every row over all lanes, so that a day is chosen wherever it is tapped."""
    unseen = {"size": 1, "opacity": 0, "maxdisplayed": 1}
    stage.axes[f"yaxis{TARGETS}"] = {"domain": [0, 1], "range": [0, 1], "visible": False, "fixedrange": True}
    stage.traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "y": np.full(stage.rows.height, 0.5, dtype=np.float32),
            **stage.clock,
            "marker": unseen,
            "selected": {"marker": {"opacity": 0}},
            "unselected": {"marker": {"opacity": 0}},
            "hoverinfo": "none",
            "xaxis": "x",
            "yaxis": f"y{TARGETS}",
            "showlegend": False,
        }
    )


def _y_axis(stage: Stage) -> Plain:
    look = stage.colours
    return {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": look.zero,
        "zerolinewidth": 1,
        "tickfont": {"size": SMALL, "color": look.muted},
        "ticklabelstandoff": 4,
        "showline": False,
        "automargin": False,
    }


def _x_axis(stage: Stage) -> Plain:
    picture, look = stage.picture, stage.colours
    half = timedelta(hours=12 * picture.step_days)
    said = "%a %-d %b %Y" if picture.step_days == 1 else "7 days to %-d %b %Y"
    return {
        "type": "date",
        "range": [_moment(picture, -half), _moment(picture, half)],
        "anchor": "free",
        "position": 0,
        "fixedrange": True,
        **as_axis(_dates(stage)),
        "tickfont": {"size": BODY if not picture.is_narrow else SMALL, "color": look.muted},
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


def _moment(picture: Picture, shift: timedelta) -> str:
    day = picture.start if shift < timedelta(0) else picture.end
    return str(np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")).replace("T", " ")


def _layout(stage: Stage, head_px: float, plot_px: float, foot_px: float) -> Plain:
    look, narrow = stage.colours, stage.picture.is_narrow
    sides = (NARROW_LEFT_PX, NARROW_RIGHT_PX) if narrow else (LEFT_PX, RIGHT_PX)
    hover = {"size": BODY, "family": FONT, "color": look.ink}
    return {
        "template": {"layout": {"dragmode": False}},
        "height": round(head_px + plot_px + foot_px),
        "margin": {"l": sides[0], "r": sides[1], "t": round(head_px), "b": round(foot_px), "pad": 0},
        "font": {"family": FONT, "size": BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverdistance": stage.reach_px,
        "hoverlabel": {"bgcolor": look.background, "bordercolor": look.zero, "font": hover, "namelength": -1},
        "clickmode": "event+select",
        "xaxis": _x_axis(stage),
        **stage.axes,
        "shapes": stage.shapes,
        "annotations": stage.notes,
    }
