"""Step rate over speed: the runner's own line, and the runs of some weeks as dots."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts.mechanics_measures import band_name
from dashboard.charts.palette import Palette, Theme, palette, veil
from dashboard.charts.quiet import PageFigure
from dashboard.charts.stage import BODY, FONT, SMALL, Plain
from dashboard.model.experiment import Experiment
from dashboard.model.mechanics import SECONDS
from dashboard.model.mechanics_time import between, inside
from dashboard.model.personal import Personal
from dashboard.units import Units

ON_LINE_PCT = 0.5
"""Nearer to the own line than this is on it: a watch counts whole steps. Design choice."""
FAR_PCT = 1.0
HEIGHT = 340
TICK_S = 30
ROOM_SPM = 4.0

NOTHING = "No run from {span} has cadence on level ground."
RESTS_ON = "From {span} there are {runs} with cadence, {hours:.1f} h of level running."
ABOVE = "At the same speed your cadence was {value:.1f} % above your own line."
BELOW = "At the same speed your cadence was {value:.1f} % below your own line."
ON_LINE = "At the same speed your cadence was on your own line, within half a per cent."
EASY = "Around your easy speed, {band}, it was {cadence:.0f} steps/min; your line has {own:.0f} there."
FURTHEST = "Furthest from the line it was at {band}: {value}."
NO_LINE = "Your own line is not known yet: it takes half an hour of running with cadence."
EXPLAINED = (
    "Each dot is the level running of one run in one band of speed, a tenth of your easy speed wide; cadence counts "
    "both feet. The line is your own over the whole record: cadence rises with speed, so only the distance from the "
    "line says something of how you step."
)
SINCE = "Diamonds are runs since your experiment began; the dashed line is its target."


def figure(
    rows: pl.DataFrame,
    personal: Personal,
    units: Units,
    theme: Theme,
    is_narrow: bool = False,
    experiment: Experiment | None = None,
    line: Personal | None = None,
) -> PageFigure | None:
    """Draw the own line with runs as dots.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA of the weeks wanted.
    personal : Personal
        The own line.
    units : Units
        What the runner reads in.
    theme : "light" or "dark"
        What the browser shows.
    is_narrow : bool
        A phone.
    experiment : Experiment or None
        Its runs are diamonds.
    line : Personal or None
        The line of the weeks before it, from which the target is drawn; None leaves the target out.

    Returns
    -------
    PageFigure or None
        None where there is no dot.

    Source
    ------
    ours: raw cadence alone only mirrors speed.
    """
    if rows.is_empty():
        return None
    look = palette(theme)
    speeds = rows["speed_mps"].sort()
    reach = (speeds[0] - 0.1, speeds[-1] + 0.1)
    traces: list[Plain] = []
    if personal.cadence_from != "default":
        traces.append(_line(personal, reach, look.habitual, "solid", 1.0))
    if experiment and line:
        traces.append(_line(line, reach, look.load, "dash", 1 + experiment.target_pct / 100))
    traces += [_dots(part, is_new, look, units) for part, is_new in _parted(rows, experiment)]
    return PageFigure({"data": traces, "layout": _layout(look, traces, reach, units, is_narrow)})


def in_words(rows: pl.DataFrame, personal: Personal, first: date, last: date, units: Units) -> list[str]:
    """Say how step rate stood to the own line in some dates.

    Parameters
    ----------
    rows : DataFrame
        MECHANICS_SCHEMA of the whole history.
    personal : Personal
        The own line.
    first, last : date
        Local dates, both included.
    units : Units
        What the runner reads in.

    Returns
    -------
    list of str
        Whole sentences; one where nothing is known.

    Source
    ------
    ours.
    """
    shown = inside(rows, first, last)
    if shown.is_empty():
        return [NOTHING.format(span=words.span(first, last))]
    count = shown["activity_id"].n_unique()
    runs, hours = "1 run" if count == 1 else f"{count} runs", shown["seconds"].sum() / 3600
    said = [RESTS_ON.format(span=words.span(first, last), runs=runs, hours=hours)]
    whole = _deviation(shown)
    if whole is None:
        return [*said, NO_LINE]
    place = ON_LINE if abs(whole) < ON_LINE_PCT else ABOVE if whole > 0 else BELOW
    bands = between(rows, first, last).drop_nulls("cadence_deviation_pct")
    easy = bands.filter(pl.col("band") == 0).to_dicts()
    near = [
        EASY.format(
            band=band_name(personal, 0, units).split(" · ")[0],
            cadence=row["cadence_spm"],
            own=row["own_cadence_spm"],
        )
        for row in easy
    ]
    return [*said, " ".join([place.format(value=abs(whole)), *near, *_furthest(bands, personal, units)])]


def _deviation(rows: pl.DataFrame) -> float | None:
    known = rows.drop_nulls("own_cadence_spm")
    own = float((known["own_cadence_spm"] * known["seconds"]).sum())
    return (float((known["cadence_spm"] * known["seconds"]).sum()) / own - 1) * 100 if own else None


def _furthest(bands: pl.DataFrame, personal: Personal, units: Units) -> list[str]:
    far = bands.sort(pl.col("cadence_deviation_pct").abs(), descending=True).head(1).to_dicts()
    if bands.height < 2 or abs(far[0]["cadence_deviation_pct"]) < FAR_PCT:
        return []
    value = f"{far[0]['cadence_deviation_pct']:+.1f} %".replace("-", "−")
    return [FURTHEST.format(band=band_name(personal, far[0]["band"], units), value=value)]


def _parted(rows: pl.DataFrame, experiment: Experiment | None) -> list[tuple[pl.DataFrame, bool]]:
    if experiment is None:
        return [(rows, False)]
    new = pl.col("local_date").is_between(experiment.start, experiment.end or date.max)
    parts = ((rows.filter(~new), False), (rows.filter(new), True))
    return [(part, is_new) for part, is_new in parts if part.height]


def _line(personal: Personal, reach: tuple[float, float], colour: str, dash: str, by: float) -> Plain:
    x = np.linspace(*reach, 40)
    y = [personal.cadence_at(float(v)) * by for v in x]
    look = {"color": colour, "width": 2, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": look, "hoverinfo": "skip"}


def _dots(rows: pl.DataFrame, is_new: bool, look: Palette, units: Units) -> Plain:
    colour = look.load if is_new else look.cadence
    said = [
        f"{words.day(row['local_date'])}, {units.pace(row['speed_mps'])}, {row[SECONDS['cadence_spm']] / 60:.0f} min"
        for row in rows.iter_rows(named=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": rows["speed_mps"].round(3).to_numpy(),
        "y": rows["cadence_spm"].round(1).to_numpy(),
        "marker": {
            "size": 9 if is_new else 8,
            "symbol": "diamond" if is_new else "circle",
            "color": veil(colour, 0.45),
            "line": {"color": colour, "width": 1},
        },
        "customdata": said,
        "hovertemplate": "%{y:.0f} steps/min<br>%{customdata}<extra></extra>",
    }


def _layout(
    look: Palette, traces: list[Plain], reach: tuple[float, float], units: Units, is_narrow: bool
) -> Plain:
    ys = np.concatenate([np.asarray(trace["y"], dtype=float) for trace in traces])
    axis = {
        "fixedrange": True,
        "gridcolor": look.grid,
        "zeroline": False,
        "tickfont": {"size": SMALL, "color": look.muted},
    }
    speeds, labels = _paces(reach, units, is_narrow)
    return {
        "height": HEIGHT,
        "margin": {"l": 46, "r": 10, "t": 8, "b": 50, "pad": 4},
        "font": {"family": FONT, "size": SMALL if is_narrow else BODY, "color": look.ink},
        "paper_bgcolor": look.background,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "dragmode": False,
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {
            **axis,
            "range": list(reach),
            "tickvals": speeds,
            "ticktext": labels,
            "title": {"text": f"Pace, min{units.pace_unit} (faster to the right)", "font": {"size": SMALL}},
        },
        "yaxis": {
            **axis,
            "range": [float(ys.min()) - ROOM_SPM, float(ys.max()) + ROOM_SPM],
            "title": {"text": "Cadence, steps/min", "font": {"size": SMALL}},
        },
    }


def _paces(reach: tuple[float, float], units: Units, is_narrow: bool) -> tuple[list[float], list[str]]:
    """Round paces on an axis of speed."""
    unit_m = units.metres(1.0)
    slow, fast = unit_m / reach[0], unit_m / reach[1]
    step = TICK_S * (2 if is_narrow or slow - fast > 8 * TICK_S else 1)
    seconds = np.arange(np.ceil(fast / step), np.floor(slow / step) + 1) * step
    speeds = [float(unit_m / s) for s in seconds]
    return speeds, [units.pace(v).split(" ")[0] for v in speeds]
