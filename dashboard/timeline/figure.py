"""The Timeline: every lane on one clock with one hover; windows of load above habit run through all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from textwrap import wrap

import numpy as np

from dashboard.charts.axes import date_axis, date_ticks
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import BODY_PX, FONT, NAME_PX, SMALL_PX, PlotlyDict, base_layout
from dashboard.timeline.canvas import LaneArea
from dashboard.timeline.data import TimelineData
from dashboard.timeline.lane import Lane
from dashboard.timeline.lanes import lanes_drawn
from dashboard.timeline.lanes.load import LOAD
from dashboard.timeline.markers import DATE_LINE_PX, ONSET_ROW_PX, answer_hover, mark_events, mark_windows
from dashboard.timeline.screen_canvas import ScreenCanvas

GAP_PX, NARROW_GAP_PX, FIT_GAP_PX = 24.0, 14.0, 8.0
NAME_ROW_PX, KEY_PX = 22.0, 17.0  # on a phone, above the lane
FOOT_PX, KEY_CHARACTER_PX = 46.0, 6.4
LEFT_PX, RIGHT_PX, NARROW_LEFT_PX, NARROW_RIGHT_PX = 158, 164, 34, 10
UNIT_CHARACTERS = 21
SCREEN_PX, LEAST_STRETCH = 830.0, 0.7
"""What a window of 900 px leaves below the menu, so that symptoms and load stay in sight with all the others; how low a
lane may become for it. Design choices."""
KEEP_HEIGHT = ("symptoms", "shoes")
DATE_PX = 64.0  # a date with the room beside it
TARGETS = "90"  # number of the y axis that spans all lanes


def timeline_figure(timeline_data: TimelineData) -> PageFigure:
    """Draw the Timeline as a figure."""
    return PageFigure(timeline_plain(timeline_data))


def timeline_plain(timeline_data: TimelineData) -> PlotlyDict:
    """Draw the Timeline as plain data: lanes on one clock, scales of what is shown, names beside the lines."""
    canvas = ScreenCanvas(timeline_data)
    lanes = lanes_drawn(canvas)
    areas, plot_px = _areas(canvas, lanes)
    of_load = next((area.axis for lane, area in zip(lanes, areas, strict=True) if lane.id == LOAD.id), "")
    head_px = mark_windows(canvas, f"{of_load} domain" if of_load else "")
    for lane, area in zip(reversed(lanes), reversed(areas), strict=True):  # the hover reads from the last up
        lane.draw(canvas, area)
        _hold(canvas, area)
        axis = f"yaxis{area.axis[1:]}"
        domain = [max(0.0, 1 - area.bottom / plot_px), 1 - area.top / plot_px]
        canvas.axes[axis] = {**_y_axis(canvas), **canvas.axes.get(axis, {}), "domain": domain}
        _name(canvas, lane, area, plot_px)
    _grid(canvas)
    foot_px = _foot_px(canvas) + mark_events(canvas)
    answer_hover(canvas, f"y{TARGETS}")
    _targets(canvas)
    return {"data": canvas.traces, "layout": _layout(canvas, head_px, plot_px, foot_px)}


def _hold(canvas: ScreenCanvas, area: LaneArea) -> None:
    """Keep the axis of a lane without data: Plotly forgets an axis that no trace is on."""
    if any(trace["yaxis"] == area.axis for trace in canvas.traces):
        return
    nothing = {"type": "scatter", "mode": "lines", "x": [str(canvas.timeline_data.start)], "y": [0]}
    unseen = {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    canvas.traces.append({**nothing, **unseen, "xaxis": "x", "yaxis": area.axis})


def _areas(canvas: ScreenCanvas, lanes: list[Lane]) -> tuple[list[LaneArea], float]:
    """Place the lanes one under another, in px from the top."""
    at, areas = 0.0, []
    for place, lane in enumerate(lanes):
        at += name_px(canvas, lane)
        bottom = at + lane_px(canvas, lane)
        areas.append(LaneArea(at, bottom, f"y{place + 1}" if place else "y"))
        at = bottom + gap_px(canvas)
    return areas, areas[-1].bottom if areas else 60.0


def _foot_px(canvas: ScreenCanvas) -> float:
    """Return the room for the dates: two lines, on one screen one."""
    return FOOT_PX - (DATE_LINE_PX if canvas.timeline_data.fit else 0)


def lane_px(canvas: ScreenCanvas, lane: Lane) -> float:
    """Return the height of a lane: its share of one screen, else its own as the runner stretched it."""
    fit = canvas.timeline_data.fit
    if fit:
        return fit.heights.get(lane.title, lane.height(canvas))
    return lane.height(canvas) * canvas.timeline_data.stretch.get(lane.id, 1.0)


def name_px(canvas: ScreenCanvas, lane: Lane) -> float:
    """Return what the name takes above a lane: on a phone a row and its key, on one screen the row alone."""
    if not canvas.timeline_data.is_narrow:
        return 0.0
    return NAME_ROW_PX if canvas.timeline_data.fit else NAME_ROW_PX + KEY_PX * len(_key_lines(canvas, lane))


def gap_px(canvas: ScreenCanvas) -> float:
    """Return the room between two lanes."""
    if canvas.timeline_data.fit:
        return FIT_GAP_PX
    return NARROW_GAP_PX if canvas.timeline_data.is_narrow else GAP_PX


def _name(canvas: ScreenCanvas, lane: Lane, area: LaneArea, plot_px: float) -> None:
    """Write what the lane is and in which unit: left of it, or above it on a phone."""
    palette = canvas.palette
    is_narrow, is_fit = canvas.timeline_data.is_narrow, canvas.timeline_data.fit is not None
    units = lane.unit(canvas)[: 1 if is_fit else None]
    # Left of the lane there is room for so many characters.
    unit = (
        ", ".join(units)
        if is_narrow
        else "<br>".join(row for one in units for row in wrap(one, UNIT_CHARACTERS))
    )
    aside = f"<span style='font-size:{SMALL_PX}px;color:{palette.muted}'>{unit}</span>"
    where = {"xref": "paper", "x": 0, "yref": "paper", "y": 1 - area.top / plot_px}
    if not is_narrow:
        text = f"<b>{lane.title}</b><br>{aside}"
        font = {"size": BODY_PX if is_fit else NAME_PX, "color": palette.ink}
        canvas.note(
            text, **where, xanchor="right", xshift=-46, yanchor="top", yshift=5, align="right", font=font
        )
        return
    head = f"<b>{lane.title}</b>  {aside}"
    lines = [head, *_key_lines(canvas, lane)]
    if is_fit:  # one row holds what it can: the name, the unit, and the first marks of the key
        room = int(canvas.plot_px / KEY_CHARACTER_PX) - len(lane.title) - len(unit) - 4
        lines = ["   ".join([head, *_key_lines(canvas, lane, max(room, 0))[:1]])]
    font = {"size": NAME_PX - 1, "color": palette.ink}
    left = {"xanchor": "left", "xshift": 6 - NARROW_LEFT_PX, "yanchor": "bottom", "yshift": 4}
    canvas.note("<br>".join(lines), **where, **left, align="left", font=font)


def _key_lines(canvas: ScreenCanvas, lane: Lane, most: int = 44) -> list[str]:
    """Name the marks of a lane for a phone, broken into lines that fit."""
    lines: list[str] = []
    used = most
    for text, colour in lane.key(canvas):
        line = f"<span style='font-size:{SMALL_PX}px;color:{colour}'>{text}</span>"
        if used + len(text) + 3 > most:
            lines.append(line)
            used = len(text)
        else:
            lines[-1] += f"   {line}"
            used += len(text) + 3
    return lines


def _dates(canvas: ScreenCanvas) -> list[tuple[date, str]]:
    data = canvas.timeline_data
    most = max(2, int(canvas.plot_px / DATE_PX)) if data.fit else 5 if data.is_narrow else 13
    ticks = date_ticks(data.start, data.end, most)
    return [(moment, text.replace("<br>", " ")) for moment, text in ticks] if data.fit else ticks


def _grid(canvas: ScreenCanvas) -> None:
    """Draw the dates as hair lines behind everything, from the first lane to the last."""
    hair = {"color": canvas.palette.grid, "width": 1}
    for moment, _ in _dates(canvas):
        where = {"xref": "x", "x0": str(moment), "x1": str(moment), "yref": "paper", "y0": 0, "y1": 1}
        canvas.shapes.append({"type": "line", "layer": "below", "line": hair, **where})


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
    palette = canvas.palette
    return {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": palette.zero,
        "zerolinewidth": 1,
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
        "ticklabelstandoff": 4,
        "showline": False,
        "automargin": False,
    }


def _x_axis(canvas: ScreenCanvas) -> PlotlyDict:
    data, palette = canvas.timeline_data, canvas.palette
    half = timedelta(hours=12 * data.step_days)
    day = "%a %-d %b %Y" if data.step_days == 1 else "7 days to %-d %b %Y"
    return {
        "type": "date",
        "range": [_moment(data, -half), _moment(data, half)],
        "anchor": "free",
        "position": 0,
        "fixedrange": True,
        **date_axis(_dates(canvas)),
        "tickfont": {"size": BODY_PX if not data.is_narrow else SMALL_PX, "color": palette.muted},
        "showgrid": False,
        "ticklabelstandoff": 6,
        "zeroline": False,
        "hoverformat": day,
        "unifiedhovertitle": {"text": f"<b>%{{x|{day}}}</b>"},
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "hovered data",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": palette.muted,
    }


def _moment(timeline_data: TimelineData, shift: timedelta) -> str:
    day = timeline_data.start if shift < timedelta(0) else timeline_data.end
    return str(np.datetime64(day, "s") + np.timedelta64(int(shift.total_seconds()), "s")).replace("T", " ")


def _layout(canvas: ScreenCanvas, head_px: float, plot_px: float, foot_px: float) -> PlotlyDict:
    palette, narrow = canvas.palette, canvas.timeline_data.is_narrow
    sides = (NARROW_LEFT_PX, NARROW_RIGHT_PX) if narrow else (LEFT_PX, RIGHT_PX)
    hover = {"size": BODY_PX, "family": FONT, "color": palette.ink}
    return {
        **base_layout(
            palette,
            round(head_px + plot_px + foot_px),
            (sides[0], sides[1], round(head_px), round(foot_px)),
            pad=0,
        ),
        "template": {"layout": {"dragmode": False}},
        "showlegend": False,
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "hoverdistance": canvas.reach_px,
        "hoverlabel": {
            "bgcolor": palette.background,
            "bordercolor": palette.zero,
            "font": hover,
            "namelength": -1,
        },
        "clickmode": "event+select",
        "xaxis": _x_axis(canvas),
        **canvas.axes,
        "shapes": canvas.shapes,
        "annotations": canvas.annotations,
    }


def fitted_stretch(timeline_data: TimelineData, most_px: float = SCREEN_PX) -> dict[str, float]:
    """Return the stretch with which the picture fits one screen, by id of the lane; as it is where it fits already.

    Lanes give way alike, down to `LEAST_STRETCH`; those whose height was chosen do not, nor symptoms and shoes.
    """
    canvas = ScreenCanvas(timeline_data)
    lanes = lanes_drawn(canvas)
    heights = [lane_px(canvas, lane) for lane in lanes]
    gives_way = [lane.id not in (*timeline_data.stretch, *KEEP_HEIGHT) for lane in lanes]
    head, foot, _ = screen_overhead(timeline_data)
    free = most_px - head - foot - gap_px(canvas) * (len(lanes) - 1)
    soft = sum(height for height, soft in zip(heights, gives_way, strict=True) if soft)
    share = (free - (sum(heights) - soft)) / soft if soft else 1.0
    if share >= 1:
        return dict(timeline_data.stretch)
    lower = {lane.id: max(share, LEAST_STRETCH) for lane, soft in zip(lanes, gives_way, strict=True) if soft}
    return {**timeline_data.stretch, **lower}


def side_px(is_narrow: bool) -> float:
    """Return what stands left and right of the plot."""
    return NARROW_LEFT_PX + NARROW_RIGHT_PX if is_narrow else LEFT_PX + RIGHT_PX


def symptom_lanes(timeline_data: TimelineData) -> list[Lane]:
    """Return the lanes of symptoms that have anything to show."""
    canvas = ScreenCanvas(replace(timeline_data, shown=("symptoms",)))
    return lanes_drawn(canvas)


def screen_overhead(timeline_data: TimelineData) -> tuple[float, float, float]:
    """Return the px above the lanes, below them, and beside the plot of each lane."""
    canvas = ScreenCanvas(timeline_data)
    head = mark_windows(canvas) + ONSET_ROW_PX
    foot = _foot_px(canvas) + mark_events(canvas)
    return head, foot, gap_px(canvas) + (NAME_ROW_PX if timeline_data.is_narrow else 0.0)
