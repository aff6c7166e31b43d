"""What changed before an onset on one clock: one bar for each channel, in order of date, and the onset beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.charts.axes import date_axis, date_ticks
from dashboard.charts.palette import Palette, Theme, palette_of, with_alpha
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import BODY_PX, SMALL_PX, PlotlyDict, annotation, base_layout
from dashboard.flares.change_text import CHANNEL_NAMES, amount
from dashboard.model.date_window import AFTER_ONSET_DAYS, BEFORE_ONSET_DAYS
from dashboard.shared import text
from dashboard.shared.units import Units

ROW_PX, BAR_PX, HEAD_PX, FOOT_PX = 32, 8, 22, 38
LEFT_PX, RIGHT_PX = 6, 10
TEXT_ABOVE_PX = 4
BAR = "{name}: {reached}, usually {usual}"
ONSET = "Onset"
NONE = "Nothing in training was out of your usual in these dates."
SUMMARY = "{count} on one clock, the earliest first: {parts}."
PART = "{name} since {day}"


@dataclass(frozen=True)
class ChangeBar:
    """One channel that was out of the usual."""

    channel: str
    start: date
    end: date
    is_step_up: bool
    reached: float
    usual: float | None

    @property
    def name(self) -> str:
        """The name of the channel."""
        return CHANNEL_NAMES[self.channel]

    def label(self, units: Units) -> str:
        """Describe what it reached and what is usual."""
        reached, usual = (amount(self.channel, value, units) for value in (self.reached, self.usual))
        return BAR.format(name=self.name, reached=reached, usual=usual)


def change_bars(changed: pl.DataFrame, step_ups: pl.DataFrame, day: date) -> list[ChangeBar]:
    """Return the channels that were out of the usual before a day, in order of their first day.

    A step-up lasts as long as the model says; another change from its first unusual day to the week furthest out.
    """
    bars = []
    for row in changed.filter(pl.col("unusual").fill_null(False)).iter_rows(named=True):
        step = _step_up(step_ups, row)
        start, end = (step["from_date"], step["to_date"]) if step else (row["since"], row["date"])
        bars.append(ChangeBar(row["channel"], start, end, step is not None, row["value"], row["usual"]))
    return sorted(bars, key=lambda bar: (bar.start, bar.end))


def _step_up(step_ups: pl.DataFrame, row: Mapping[str, Any]) -> dict[str, Any] | None:
    same = step_ups.filter(
        (pl.col("channel") == row["channel"])
        & (pl.col("from_date") <= row["to_date"])
        & (pl.col("to_date") >= row["from_date"])
    )
    return same.sort("z").row(-1, named=True) if same.height and row["stepped_up"] else None


def changes_clock_figure(
    bars: Sequence[ChangeBar], day: date, is_onset: bool, plot_px: float, units: Units, theme: Theme
) -> PageFigure | None:
    """Draw one bar for each channel between twelve weeks before a day and four after, the earliest on top."""
    if not bars:
        return None
    palette = palette_of(theme)
    start = min(day - timedelta(days=BEFORE_ONSET_DAYS), *(bar.start for bar in bars))
    end = day + timedelta(days=AFTER_ONSET_DAYS if is_onset else 1)
    height = ROW_PX * len(bars)
    layout = base_layout(palette, HEAD_PX + height + FOOT_PX, (LEFT_PX, RIGHT_PX, HEAD_PX, FOOT_PX), pad=0)
    notes = [_label(bar, place, start, palette, units) for place, bar in enumerate(bars)]
    shapes = [_hair(moment, palette) for moment, _ in _ticks(start, end, plot_px)]
    if is_onset:
        notes.append(_onset_label(day, palette))
        shapes.append(_onset_line(day, palette))
    axes = {"xaxis": _clock(start, end, plot_px, palette), "yaxis": _rows(len(bars))}
    more = {"hovermode": False, "showlegend": False, "shapes": shapes, "annotations": notes, **axes}
    traces = [_bar(bar, place, end, palette) for place, bar in enumerate(bars)]
    return PageFigure({"data": traces, "layout": {**layout, **more}})


def changes_clock_in_words(bars: Sequence[ChangeBar]) -> str:
    """Describe the same in a sentence."""
    if not bars:
        return NONE
    parts = [PART.format(name=bar.name, day=text.day_in_words(bar.start)) for bar in bars]
    return SUMMARY.format(count=count(len(bars), "change"), parts="; ".join(parts))


def _bar(bar: ChangeBar, place: int, end: date, palette: Palette) -> PlotlyDict:
    """Draw a solid bar for a step-up, and an outlined one for a change that is none."""
    last = max(min(bar.end, end), bar.start) + timedelta(days=1)
    x, half = [str(bar.start), str(last)], BAR_PX / ROW_PX / 2
    low, high = place - half, place + half
    fill = palette.load if bar.is_step_up else with_alpha(palette.load, 0.15)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x[0], x[1], x[1], x[0], x[0]],
        "y": [low, low, high, high, low],
        "fill": "toself",
        "fillcolor": fill,
        "line": {"color": palette.load, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _label(bar: ChangeBar, place: int, start: date, palette: Palette, units: Units) -> PlotlyDict:
    where = {"xref": "x", "x": str(start), "xanchor": "left", "yref": "y", "y": place}
    font = {"size": SMALL_PX, "color": palette.ink}
    # On the background's own colour, so that no line of the clock, the onset's above all, runs through the words.
    return annotation(
        bar.label(units),
        palette.ink,
        **where,
        yanchor="bottom",
        yshift=TEXT_ABOVE_PX,
        font=font,
        bgcolor=palette.background,
    )


def _onset_label(day: date, palette: Palette) -> PlotlyDict:
    where = {"xref": "x", "x": str(day), "xanchor": "center", "yref": "paper", "y": 1, "yanchor": "bottom"}
    text_above = f"{ONSET}, {text.day_in_words(day, False)}"
    return annotation(
        text_above, palette.ink, **where, yshift=4, font={"size": BODY_PX, "color": palette.ink}
    )


def _onset_line(day: date, palette: Palette) -> PlotlyDict:
    line = {"color": palette.ink, "width": 2, "dash": "dash"}
    where = {"xref": "x", "yref": "paper", "x0": str(day), "x1": str(day), "y0": 0, "y1": 1}
    return {"type": "line", **where, "line": line, "layer": "below"}


def _hair(moment: date, palette: Palette) -> PlotlyDict:
    where = {"xref": "x", "yref": "paper", "x0": str(moment), "x1": str(moment), "y0": 0, "y1": 1}
    return {"type": "line", **where, "line": {"color": palette.grid, "width": 1}, "layer": "below"}


def _ticks(start: date, end: date, plot_px: float) -> list[tuple[date, str]]:
    return date_ticks(start, end, max(2, int(plot_px / 70)))


def _clock(start: date, end: date, plot_px: float, palette: Palette) -> PlotlyDict:
    return {
        "type": "date",
        "range": [str(start), str(end)],
        **date_axis(_ticks(start, end, plot_px)),
        "tickfont": {"size": SMALL_PX, "color": palette.muted},
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }


def _rows(rows: int) -> PlotlyDict:
    return {"range": [rows - 0.7, -0.9], "visible": False, "fixedrange": True}
