"""The verbs of a lane on the screen: Plotly traces, shapes and annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import isfinite
from typing import Any

import numpy as np

from dashboard.charts import style as chart_style
from dashboard.charts.axes import stretches, value_axis
from dashboard.charts.palette import with_alpha
from dashboard.charts.style import BODY_PX, PlotlyDict
from dashboard.timeline.canvas import (
    PLAIN,
    Canvas,
    Choice,
    DateSpan,
    EpisodeBand,
    Fill,
    Glyph,
    Hover,
    LaneArea,
    LegendEntry,
    LineLabel,
    LineStyle,
    StackLayer,
    StateBar,
)

MOST_ISLANDS = 60  # more than a reader can tell apart
LEGEND_ROW_PX, LINE_PX = 17.0, 15.0
CAPTION_PX, MOST_CAPTION_SHARE = 15.0, 0.4
BRACKET_LABEL_PX = 34.0
BAND_CHARACTER_PX = 6.5
STATE_CHARACTER_PX, CAPTION_CHARACTER_PX = 6.4, 6.2
MOST_STATE_NAMES = 8
NOTE_ROOM_PX, STRETCH_ROOM_PX = 150, 70
NOTE_DROP_PX = 8  # below the words on a step-up, which stand on the upper edge
LEAST_APART = 0.12  # of the height of a lane, so that two names never meet
SILENT: PlotlyDict = {"hoverinfo": "skip"}
UNSEEN: PlotlyDict = {"size": 1, "opacity": 0}


@dataclass
class ScreenCanvas(Canvas):
    """Traces, shapes, annotations and axes of the lanes drawn so far."""

    traces: list[PlotlyDict] = field(default_factory=list)
    shapes: list[PlotlyDict] = field(default_factory=list)
    annotations: list[PlotlyDict] = field(default_factory=list)
    axes: dict[str, PlotlyDict] = field(default_factory=dict)

    def pick(self, screen: Choice, paper: Choice) -> Choice:
        """Return the size or the words of the screen."""
        return screen

    def note(self, text: str, **where: Any) -> None:
        """Write words on the figure."""
        self.annotations.append(chart_style.annotation(text, self.palette.muted, **where))

    def scale(
        self,
        area: LaneArea,
        top: float,
        bottom: float = 0.0,
        ticks: Sequence[float] | None = None,
        *,
        is_signed: bool = False,
        strip: float = 0.0,
    ) -> None:
        """Set the axis of a lane."""
        area.low, area.high = bottom, top * (1 + strip)
        axis = {**value_axis(top, bottom, ticks), "range": [area.low, area.high]}
        if is_signed:
            axis["ticktext"] = [f"{'+' if v > 0 else '−' if v else ''}{abs(v):g}" for v in axis["tickvals"]]
        self.axes[f"yaxis{area.axis[1:]}"] = axis

    def line(
        self, area: LaneArea, y: np.ndarray, colour: str, style: LineStyle = PLAIN, hover: Hover | None = None
    ) -> None:
        """Add a line; a gap in the data stays a gap."""
        self._line(area, y, colour, {"line": _line_look(style), **_hover_keys(hover)})

    def _line(self, area: LaneArea, y: np.ndarray, colour: str, more: PlotlyDict) -> None:
        line = {"color": colour, "width": PLAIN.px, **more.pop("line", {})}
        trace = {"type": "scatter", "mode": "lines", "y": y, "line": line, "connectgaps": False, **self.clock}
        self.traces.append({**trace, "xaxis": "x", "yaxis": area.axis, "showlegend": False, **more})

    def fill(self, area: LaneArea, y: np.ndarray, colour: str, share: float) -> None:
        """Fill from zero to a line; unknown is left empty."""
        tint = with_alpha(colour, share)
        look = {"line": {"width": 0}, "fill": "tozeroy", "fillcolor": tint, **SILENT}
        self._line(area, np.nan_to_num(y), tint, look)

    def between(self, area: LaneArea, low: np.ndarray, high: np.ndarray, fill: Fill) -> None:
        """Fill between two lines; where either is unknown nothing is filled."""
        look = {
            "fill": "toself",
            "fillcolor": fill.tint,
            **SILENT,
            **(_pattern(fill) if fill.pattern else {}),
        }
        for first, last in stretches(np.isfinite(low) & np.isfinite(high))[:MOST_ISLANDS]:
            y = np.concatenate([low[first:last], high[first:last][::-1]])
            at = self.times_ms[first:last].astype(np.float32)  # to two minutes: nobody points at a fill
            trace = {"type": "scatter", "mode": "lines", "x": np.concatenate([at, at[::-1]]), "y": y}
            edge = {"line": {**_edge(fill), **({"color": fill.colour} if fill.edge_px else {})}}
            self.traces.append(
                {**trace, **edge, **look, "xaxis": "x", "yaxis": area.axis, "showlegend": False}
            )

    def stack(self, area: LaneArea, layers: Sequence[StackLayer], group: str) -> None:
        """Add layers one on another, from the bottom up."""
        for layer in layers:
            look = {"line": _edge(layer.fill), **_pattern(layer.fill), **_hover_keys(layer.hover)}
            self._line(area, layer.y, layer.colour, {**look, "stackgroup": group})

    def stems(self, area: LaneArea, y: np.ndarray, colour: str) -> None:
        """Add all stems as one line with gaps."""
        some = y > 0
        at, height = self.times_ms[some].astype(np.float32), y[some]
        gaps = np.full(len(at), np.float32("nan"))
        x = np.stack([at, at, at], axis=1).ravel()
        ends = np.stack([height * 0, height, gaps], axis=1).ravel()
        self._free_line(area, x, ends, {"color": colour, "width": self._fitting(1.5, 3)})

    def _free_line(self, area: LaneArea, x: Any, y: Any, line: PlotlyDict) -> None:
        trace = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, **SILENT}
        self.traces.append({**trace, "xaxis": "x", "yaxis": area.axis, "showlegend": False})

    def _fitting(self, least: float, most: float) -> float:
        """Return a size in px at which neighbouring days do not hide one another."""
        return min(max(1.2 * self.plot_px / max(self.rows.height, 1), least), most)

    def marks(
        self,
        area: LaneArea,
        x: np.ndarray,
        y: np.ndarray,
        glyph: Glyph,
        colour: str,
        hover: Hover | None = None,
        lift: float = 0.0,
    ) -> None:
        """Add marks; a lane without any gets no trace."""
        edge = {} if glyph.symbol.endswith("open") else {"color": self.palette.background}
        look = {"symbol": glyph.symbol, "size": self._fitting(*glyph.px), "color": colour}
        marker = {**look, "line": {**edge, "width": glyph.edge_px}}
        self._markers(area, x, y + np.float32(lift) if lift else y, marker, hover)

    def _markers(
        self, area: LaneArea, x: np.ndarray, y: np.ndarray, marker: PlotlyDict, hover: Hover | None
    ) -> None:
        if not len(x):
            return
        trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "cliponaxis": False}
        steady = {"unselected": {"marker": {"opacity": 1}}, "showlegend": False}
        self.traces.append({**trace, **steady, "xaxis": "x", "yaxis": area.axis, **_hover_keys(hover)})

    def brackets(
        self, area: LaneArea, spans: Sequence[DateSpan], leg: float, line: float, text: str, colour: str
    ) -> None:
        """Add all brackets as one line with gaps: a shape for each leg would make a long history slow."""
        free, per_day = 0.0, self.plot_px / self.days
        x: list[str | None] = []
        y: list[float | None] = []
        for span in spans:
            x0, x1 = self.shade(span.first, span.last)
            where = {"type": "rect", "xref": "x", "yref": area.axis, "layer": "below", "x0": x0, "x1": x1}
            pale = {"fillcolor": with_alpha(colour, 0.16), "line": {"width": 0}}
            self.shapes.append({**where, "y0": 0, "y1": line, **pale})
            x += [x0, x0, x1, x1, None]
            y += [leg if span.has_start else None, line, line, leg if span.has_end else None, None]
            left = (span.first - self.timeline_data.start).days * per_day
            right = left + ((span.last - span.first).days + 1) * per_day
            if left >= free and left + BRACKET_LABEL_PX <= self.plot_px:
                # At the right end where there is room: scores have mostly come down there.
                has_room = right - left > BRACKET_LABEL_PX
                at = {"xref": "x", "x": x1 if has_room else str(span.first), "yref": area.axis, "y": line}
                side = {"xanchor": "right", "xshift": -3} if has_room else {"xanchor": "left", "xshift": 3}
                self.note(text, **at, **side, yanchor="top", yshift=-1)
                free = right if has_room else left + BRACKET_LABEL_PX
        if x:
            self._free_line(area, x, y, {"color": colour, "width": 1.5})

    def bands(self, area: LaneArea, bands: Sequence[EpisodeBand], low: float, high: float) -> None:
        """Add each band as one outline, and its name where there is room."""
        free, per_day = 0.0, self.plot_px / self.days
        for band in bands:
            x0, x1 = self.shade(band.span.first, band.span.last)
            first = [low, high] if band.span.has_start else [None, high]
            last = [high, low] if band.span.has_end else [high, None]
            closed = [(x0, low)] if band.span.has_start and band.span.has_end else []
            x, y = [x0, x0, x1, x1], [*first, *last]
            line = {"color": band.colour, "width": 1.5, "dash": band.dash}
            self._free_line(area, [*x, *(at for at, _ in closed)], [*y, *(at for _, at in closed)], line)
            left, wide = (
                (band.span.first - self.timeline_data.start).days * per_day,
                len(band.text) * BAND_CHARACTER_PX,
            )
            if left >= free and left + wide <= self.plot_px:
                at = {"xref": "x", "x": str(band.span.first), "yref": area.axis, "y": high}
                self.note(band.text, **at, xanchor="left", xshift=3, yanchor="top", yshift=-1)
                free = left + wide

    def strip(self, area: LaneArea, bars: Sequence[StateBar]) -> None:
        """Add the bars, and the names of the widest of them where there is room."""
        top = self.axes[f"yaxis{area.axis[1:]}"]["tickvals"][-1]
        at = top + 0.12 * (area.high - top)
        for bar in bars:
            x0, x1 = self.shade(bar.span.first, bar.span.last)
            line = {"color": bar.colour, "width": bar.style.px, "dash": bar.style.dash or "solid"}
            where = {"type": "line", "xref": "x", "yref": area.axis, "x0": x0, "x1": x1}
            self.shapes.append({**where, "y0": at, "y1": at, "line": line})
        for bar in sorted(bars, key=lambda one: one.span.first - one.span.last)[:MOST_STATE_NAMES]:
            room = ((bar.span.last - bar.span.first).days + 1) / self.days * self.plot_px
            if room >= len(bar.text) * STATE_CHARACTER_PX:
                where = {"xref": "x", "x": str(bar.span.first), "yref": area.axis, "y": area.high}
                self.note(bar.text, **where, xanchor="left", yanchor="middle", yshift=-3)

    def bar(self, area: LaneArea, span: DateSpan, colour: str) -> None:
        """Add a thick bar at the upper edge of a lane."""
        x0, x1 = self.shade(span.first, span.last)
        where = {"type": "line", "xref": "x", "yref": f"{area.axis} domain", "x0": x0, "x1": x1}
        self.shapes.append({**where, "y0": 1, "y1": 1, "line": {"color": colour, "width": 5}})

    def caption(self, area: LaneArea, span: DateSpan, text: str, colour: str) -> None:
        """Write words at the upper edge, from the first day on or, without room, up to the last one."""
        if self.timeline_data.fit:
            self._make_room(area)
        self.note(
            escape(text, quote=False),
            **self._within(span, len(text) * CAPTION_CHARACTER_PX),
            yref=f"{area.axis} domain",
            y=1,
            yanchor="top" if self.timeline_data.is_narrow or self.timeline_data.fit else "middle",
            bgcolor=self.palette.background,
            font={"color": colour},
        )

    def _within(self, span: DateSpan, wide_px: float) -> PlotlyDict:
        """Return where words begin or end so that none of them is cut at an edge of the picture."""
        per_day, start = self.plot_px / self.days, self.timeline_data.start
        if (span.first - start).days * per_day + wide_px <= self.plot_px:
            return {"xref": "x", "x": str(span.first), "xanchor": "left"}
        if ((span.last - start).days + 1) * per_day >= wide_px:
            return {"xref": "x", "x": str(span.last), "xanchor": "right"}
        return {"xref": "paper", "x": 0, "xanchor": "left"}

    def _make_room(self, area: LaneArea) -> None:
        """Raise the upper edge of a low lane, so that words in it never stand over what they are about."""
        axis = self.axes[f"yaxis{area.axis[1:]}"]
        room = min(CAPTION_PX / (area.bottom - area.top), MOST_CAPTION_SHARE)
        low, high = area.low, axis["tickvals"][-1]
        area.high = max(area.high, low + (high - low) / (1 - room))
        axis["range"] = [low, area.high]

    def note_day(self, area: LaneArea, moment: float, text: str, colour: str) -> None:
        """Write words right of a mark or, without room, left of it; a phone has the hover instead."""
        if self.timeline_data.is_narrow:
            return
        after = int((self.times_ms >= moment).sum())
        fits = after / len(self.times_ms) * self.plot_px > NOTE_ROOM_PX
        at = {"xref": "x", "x": moment, "yref": f"{area.axis} domain", "y": 1}
        side = {"xanchor": "left", "xshift": 8} if fits else {"xanchor": "right", "xshift": -8}
        look = {"font": {"color": colour}, "bgcolor": self.palette.background}
        self.note(text, **at, **side, yanchor="top", yshift=-NOTE_DROP_PX, **look)

    def note_stretch(self, area: LaneArea, first: int, last: int, text: str) -> None:
        """Write words in the middle of some rows, where there is room."""
        if (last - first) / max(len(self.times_ms), 1) * self.plot_px > STRETCH_ROOM_PX:
            middle = float(self.times_ms[(first + last - 1) // 2])
            back = {"bgcolor": self.palette.background, "borderpad": 3}
            self.note(text, x=middle, xref="x", yref=f"{area.axis} domain", y=0.5, **back)

    def note_end(self, area: LaneArea, y: np.ndarray, text: str, colour: str) -> None:
        """Write words at the last known value of a line; a phone has a key instead."""
        if self.timeline_data.is_narrow:
            return
        last = int(np.flatnonzero(np.isfinite(y))[-1])
        at = {"x": float(self.times_ms[last]), "xref": "x", "yref": area.axis, "y": float(y[last])}
        back = {"bgcolor": self.palette.background, "font": {"color": colour}}
        self.note(text, **at, **back, xanchor="right", yanchor="bottom", yshift=3)

    def label_line(self, area: LaneArea, share: float, text: str, colour: str, edge: str = "") -> None:
        """Name a line at its right end; a phone has a key instead."""
        if self.timeline_data.is_narrow:
            return
        where = {"xref": "paper", "x": 1, "yref": f"{area.axis} domain", "y": min(max(share, 0.0), 1.0)}
        side = {"xanchor": "left", "xshift": 10, "align": "left", "yanchor": "middle"}
        self.note(text, **where, **side, font={"color": colour})

    def label_lines(self, area: LaneArea, one: LineLabel, other: LineLabel) -> None:
        """Name two lines at their right ends, moved apart where they would meet."""
        upper, lower = one.value / area.high, other.value / area.high
        least = max(LEAST_APART, LINE_PX / (area.bottom - area.top))
        if abs(upper - lower) < least:
            spare = (least - abs(upper - lower)) / 2 * (1 if upper >= lower else -1)
            upper, lower = upper + spare, lower - spare
        for label, share in ((one, upper), (other, lower)):
            if isfinite(share):
                text = f"<b>{label.text}</b>" if label.is_strong else label.text
                self.label_line(area, share, text, label.colour)

    def legend(self, area: LaneArea, entries: Sequence[LegendEntry]) -> None:
        """Name the layers of a stack right of the lane, the uppermost first, as many as there is room for."""
        room = int((area.bottom - area.top) / LEGEND_ROW_PX) if self.timeline_data.fit else len(entries)
        for place, entry in enumerate([*reversed(entries)][:room]):
            share = 1 - (place + 0.5) * LEGEND_ROW_PX / (area.bottom - area.top)
            sign, text = entry.sign, escape(entry.text, quote=False)
            if entry.text_colour:
                self.label_line(area, share, f"{sign} {text}", entry.text_colour)
            else:
                coloured = f"<span style='color:{entry.colour}'>{sign}</span> {text}"
                self.label_line(area, share, coloured, self.palette.ink)

    def mark_key(self, area: LaneArea, entries: Sequence[tuple[Glyph, str, str]]) -> None:
        """Leave the marks to the hover, and on a phone to the key above the lane."""

    def empty_message(self, area: LaneArea, text: str) -> None:
        """Write in the middle of an empty lane why it is empty."""
        middle = {"xref": "paper", "x": 0.5, "yref": f"{area.axis} domain", "y": 0.5}
        self.note(text, **middle, font={"size": BODY_PX})

    def answer(
        self, area: LaneArea, y: np.ndarray, colour: str, hover: Hover, style: LineStyle = PLAIN
    ) -> None:
        """Add a line too thin to be seen that answers the pointer."""
        self._line(area, y, colour, {"line": {**_line_look(style), "width": 0.01}, **_hover_keys(hover)})

    def answer_at(self, area: LaneArea, x: np.ndarray, y: np.ndarray, hover: Hover) -> None:
        """Add unseen marks that answer the pointer."""
        self._markers(area, x, y, UNSEEN, hover)


def _line_look(style: LineStyle) -> PlotlyDict:
    return {"width": style.px, **({"dash": style.dash} if style.dash else {})}


def _edge(fill: Fill) -> PlotlyDict:
    edge: PlotlyDict = {"width": fill.edge_px}
    if fill.edge_dash:
        edge["dash"] = fill.edge_dash
    return edge


def _pattern(fill: Fill) -> PlotlyDict:
    if not fill.pattern:
        return {"fillcolor": fill.tint}
    look = {"shape": fill.pattern, "fgcolor": fill.colour, "bgcolor": fill.tint}
    return {"fillpattern": {**look, "size": fill.size, "solidity": fill.solidity}}


def _hover_keys(hover: Hover | None) -> PlotlyDict:
    if hover is None:
        return dict(SILENT)
    beside = {"customdata": hover.customdata, "text": hover.text}
    known = {name: value for name, value in beside.items() if value is not None}
    return {"name": hover.name, "hovertemplate": hover.template, **known}
