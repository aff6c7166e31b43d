"""Both sides of the cadence experiment, drawn and as tables: more steps, less for each, and the mornings after."""

from __future__ import annotations

from math import log

import polars as pl

from dashboard.cadence.experiment import BeforeAfter, CadenceEffect, LoadPerKm, run_at
from dashboard.cadence.text import percent
from dashboard.charts.axes import html_table
from dashboard.charts.palette import Palette, Theme, palette_of
from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import BODY_PX, SMALL_PX, PlotlyDict, annotation, base_layout
from dashboard.flares.change_text import signed
from dashboard.shared.text import NOT_KNOWN
from dashboard.shared.units import Units

STEPS, FORCE, LOAD = "Steps of a {distance}", "Load of a step", "Load of a {distance}"
ROW_PX = 34
LEAST_REACH_PCT = 6.0
HEAD = ("", "Before", "Since", "Change as you ran", "Cadence alone, same speed")
THOUSAND = "Load of 1,000 steps"
CAPTION = "Steps and load for each distance, before the experiment and since"
MORNING_HEAD = ("The morning after a run", "Before", "Since", "Change")
MORNING_CAPTION = "Mornings after days with a run, before the experiment and since"
MORNING_NAMES = {
    "stiffness_0_10": "Stiffness, 0–10",
    "stiffness_min": "Stiffness, min",
    "pain_0_10": "Pain, 0–10",
}
FEW = "too few"


def experiment_figure(
    effect: CadenceEffect, units: Units, theme: Theme, is_narrow: bool = False
) -> PageFigure:
    """Draw both sides and what they make together, from the step rate alone.

    Load of a km is steps times load of a step, so the logarithms add up.
    """
    palette = palette_of(theme)
    names = [text.format(distance=units.distance_unit) for text in (STEPS, FORCE, LOAD)]
    three = [_three(one) for one in (effect.published, effect.halved, effect.doubled)]
    middle, ends = three[0], list(zip(*three[1:], strict=True))
    bars: PlotlyDict = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": middle,
        "width": 0.55,
        "marker": {"color": [palette.load, palette.habitual, palette.window_edge], "line": {"width": 0}},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, max(end) - x) for x, end in zip(middle, ends, strict=True)],
            "arrayminus": [max(0.0, x - min(end)) for x, end in zip(middle, ends, strict=True)],
            "color": palette.ink,
            "thickness": 1.5,
            "width": 5,
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }
    reach = max(log(1 + LEAST_REACH_PCT / 100), *(abs(x) for one in three for x in one)) * 1.15
    return PageFigure({"data": [bars], "layout": _layout(palette, names, middle, reach, is_narrow)})


def _three(one: BeforeAfter) -> tuple[float, float, float]:
    return *one.shares, sum(one.shares)


def _change_text(name: str, x: float, palette: Palette) -> PlotlyDict:
    text = f"{signed(percent(2.718281828459045**x))} %"
    where = {"xref": "paper", "x": 1, "xanchor": "right", "y": name, "font": {"size": BODY_PX}}
    return annotation(text, palette.ink, borderpad=1, **where)


def _layout(
    palette: Palette, names: list[str], middle: tuple[float, ...], reach: float, is_narrow: bool
) -> PlotlyDict:
    marks = (-20, -10, 0, 10, 20) if is_narrow else (-20, -15, -10, -5, 0, 5, 10, 15, 20)
    ticks = [t for t in marks if abs(log(1 + t / 100)) <= reach]
    return {
        **base_layout(palette, ROW_PX * len(names) + 40, (118, 8, 4, 32), is_narrow),
        "hovermode": False,
        "showlegend": False,
        "annotations": [_change_text(name, x, palette) for name, x in zip(names, middle, strict=True)],
        "xaxis": {
            "range": [-reach, reach * (1.7 if is_narrow else 1.25)],
            "tickvals": [log(1 + t / 100) for t in ticks],
            "ticktext": [f"{t:+d} %".replace("-", "−") if t else "0" for t in ticks],
            "tickangle": 0,
            "fixedrange": True,
            "gridcolor": palette.grid,
            "zeroline": True,
            "zerolinecolor": palette.zero,
            "tickfont": {"size": SMALL_PX, "color": palette.muted},
        },
        "yaxis": {
            "categoryorder": "array",
            "categoryarray": list(reversed(names)),
            "fixedrange": True,
            "showgrid": False,
            "automargin": False,
            "ticklabelstandoff": 4,
        },
    }


def effects_in_html(
    effect: CadenceEffect, before: LoadPerKm | None, since: LoadPerKm | None, units: Units
) -> str:
    """Build the table of steps and load: as they were run, and what the step rate alone makes of them.

    Steps and load of a step multiply to the load of the distance in both columns of change.
    """
    distance, alone = units.distance_unit, effect.published
    ran = run_at(before, since) if before and since else None
    steps_of = units.metres(1.0) / 1000

    def row(name: str, values: list[str], change: float | None, by_cadence: float) -> list[str]:
        as_ran = NOT_KNOWN if change is None else f"{signed(percent(change))} %"
        return [name, *values, as_ran, f"{signed(percent(by_cadence))} %"]

    sides = (before, since)
    steps = [f"{one.steps_per_km * steps_of:.0f}" if one else NOT_KNOWN for one in sides]
    force = [
        f"{units.load(one.load_per_step * 1000):.2f} {units.load_unit}" if one else NOT_KNOWN for one in sides
    ]
    load = [f"{one.load_per_km:.2f} {units.load_unit}" if one else NOT_KNOWN for one in sides]
    rows = [
        row(STEPS.format(distance=distance), steps, ran and ran.steps, alone.steps),
        row(THOUSAND, force, ran and ran.step_load, alone.step_load),
        row(LOAD.format(distance=distance), load, ran and ran.km_load, alone.km_load),
    ]
    return html_table(HEAD, rows, CAPTION)


def mornings_in_html(mornings: pl.DataFrame) -> str:
    """Build the table of mornings after runs, before and since, with how many are known.

    A mean without its count says nothing.
    """
    if not mornings.select(pl.max_horizontal("told_before", "told_since").max()).item():
        return ""
    rows = [
        [
            MORNING_NAMES[row["measure"]],
            _mean(row["before"], row["told_before"], row["run_days_before"]),
            _mean(row["since"], row["told_since"], row["run_days_since"]),
            _change(row["change"], row["low"], row["high"]),
        ]
        for row in mornings.iter_rows(named=True)
    ]
    return html_table(MORNING_HEAD, rows, MORNING_CAPTION)


def _mean(value: float | None, count: int, run_days: int) -> str:
    return f"{NOT_KNOWN if value is None else f'{value:.1f}'} ({count} of {run_days} mornings)"


def _change(change: float | None, low: float | None, high: float | None) -> str:
    if change is None:
        return FEW
    if low is None or high is None:
        return signed(change)
    return f"{signed(change)} ({signed(low)} to {signed(high)})"
