"""The lanes that are plain lines: volume with its long runs, fast minutes, hills and cadence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from dashboard.charts.axes import last_known, round_top
from dashboard.flares import change_text
from dashboard.shared import text as shared_text
from dashboard.timeline import usual_marks
from dashboard.timeline.canvas import ARROW, OPEN_ARROW, SMALL_ARROW, Canvas, Hover, LaneArea
from dashboard.timeline.cut_marks import beyond_texts, cut_line
from dashboard.timeline.lane import KeyEntries, Lane, fixed, words
from dashboard.timeline.lanes import load

FIRST_RUN_MARK = "◁ First run"
MOST_FIRST_RUN_NAMES = 3
LABEL_APART, HALF_LINE_PX = 0.06, 7.5
MANY_SPIKES = 30  # marks, from which they are drawn small
SPIKE_LABEL = "▼ longest run<br>     in 30 days", "▼ longest run<br>in 30 days"


def _hover(
    canvas: Canvas, known: np.ndarray, shown: np.ndarray, top: float, what: tuple[str, str, str], per: float
) -> Hover:
    """Return the answer of a line, of `what` name, unit and channel: its value, also where it is cut, and the usual."""
    name, unit, channel = what
    usual = usual_marks.usual_texts(canvas, channel, per)
    texts = [one + more for one, more in zip(usual, beyond_texts(known, top), strict=True)]
    value, full = ("y", None) if known is shown else ("customdata", known)
    if not any(texts):
        return Hover(name, f"%{{{value}:,.0f}} {unit}", full)
    return Hover(name, f"%{{{value}:,.0f}} {unit}%{{text}}", full, texts)


def _write(unit: str) -> Callable[[float], str]:
    """Return how a value that is cut off is written."""
    return lambda value: f"{abs(value):,.0f} {unit}"


def draw_volume(canvas: Canvas, area: LaneArea) -> None:
    """Draw the distance of the last 7 days, and a mark on each run much longer than before.

    References
    ----------
    Spikes after Frandsen 2025 (PMID 40623829).
    """
    units, tone = canvas.timeline_data.units, canvas.palette.volume
    y = canvas.values("distance_7d_m") / np.float32(units.metres(1.0))
    per, unit = units.distance(1.0), units.distance_unit
    top = round_top(usual_marks.top(canvas, "volume", canvas.highest("distance_7d_m")) * per, 10)
    canvas.scale(area, top)
    usual_marks.band(canvas, area, "volume", per, 0, top)
    known, y = y, cut_line(canvas, area, y, top, _write(unit), tone)
    canvas.fill(area, y, tone, 0.10)
    out = canvas.values("left_out_m") / np.float32(units.metres(1.0))
    load.excluded_overlay(canvas, area, y, out, top, unit)
    hover = _hover(canvas, known, y, top, ("Volume", unit, "volume"), per)
    canvas.line(area, y, tone, hover=hover)
    usual_marks.step_up(canvas, area, {"volume": y}, ("volume", "longest", "run_days"))
    _mark_spikes(canvas, area, y, top)
    _mark_first_runs(canvas, area, y, top)


def _mark_spikes(canvas: Canvas, area: LaneArea, y: np.ndarray, top: float) -> None:
    data, tone = canvas.timeline_data, canvas.palette.spike
    spikes = data.spikes.filter(pl.col("local_date").is_between(data.start, data.end))
    if spikes.is_empty() or not len(y):
        return
    rows = _rows_of(canvas, spikes["local_date"])
    ratios = spikes["distance_ratio"].cast(pl.Float32).to_numpy()
    canvas.marks(
        area,
        canvas.times_ms[rows],
        np.nan_to_num(y[rows]),
        ARROW if spikes.height <= MANY_SPIKES else SMALL_ARROW,
        tone,
        Hover("▼ Longest run", "×%{customdata:.1f} of the longest before", ratios),
        lift=0.08 * top,
    )
    canvas.label_line(area, 0.85, canvas.pick(*SPIKE_LABEL), tone, "top")


def _rows_of(canvas: Canvas, days: pl.Series) -> np.ndarray:
    """Return the row on which each day stands."""
    day_ms = days.cast(pl.Datetime("ms")).cast(pl.Int64).to_numpy()
    return np.clip(np.searchsorted(canvas.times_ms, day_ms), 0, len(canvas.times_ms) - 1)


def _mark_first_runs(canvas: Canvas, area: LaneArea, y: np.ndarray, top: float) -> None:
    """Mark first runs after 30 days without one: open, since there is no run to compare them with."""
    data, tone = canvas.timeline_data, canvas.palette.spike
    first = data.first_runs.filter(pl.col("local_date").is_between(data.start, data.end))
    if first.is_empty() or not len(y):
        return
    rows, since = _rows_of(canvas, first["local_date"]), first["days_since"].to_list()
    texts = [shared_text.FIRST_RUN.format(days=days) for days in since]
    hover = Hover(FIRST_RUN_MARK, "%{text}", text=texts)
    height = np.nan_to_num(y[rows])
    canvas.marks(area, canvas.times_ms[rows], height, OPEN_ARROW, tone, hover, lift=0.1 * top)
    canvas.label_line(area, 0.4, f"{FIRST_RUN_MARK}<br>     after a break", tone)
    longest = sorted(zip(rows.tolist(), since, texts, strict=True), key=lambda one: -one[1])
    for row, _, text in longest[:MOST_FIRST_RUN_NAMES]:
        canvas.note_day(area, float(canvas.times_ms[row]), text, tone)


def _volume_unit(canvas: Canvas) -> list[str]:
    crossed = [shared_text.CROSSED] if load.has_excluded(canvas) else []
    return [f"{canvas.timeline_data.units.distance_unit}, last 7 days", *crossed]


def _volume_key(canvas: Canvas) -> KeyEntries:
    tone = canvas.palette.spike
    return [("▼ longest run in 30 days", tone), ("◁ first run after a break", tone)]


def draw_fast(canvas: Canvas, area: LaneArea) -> None:
    """Draw the minutes above the runner's own fast speed, last 7 days: average pace hides them."""
    tone = canvas.palette.fast
    y = canvas.values("fast_7d_s") / np.float32(60)
    top = round_top(usual_marks.top(canvas, "fast", canvas.highest("fast_7d_s")) / 60, 20)
    canvas.scale(area, top)
    usual_marks.band(canvas, area, "fast", 1 / 60, 0, top)
    known, y = y, cut_line(canvas, area, y, top, _write("min"), tone)
    canvas.fill(area, y, tone, 0.13)
    canvas.line(area, y, tone, hover=_hover(canvas, known, y, top, ("Fast", "min", "fast"), 1 / 60))
    if not np.isfinite(y).any():
        canvas.empty_message(area, shared_text.NO_SPEED)
    usual_marks.step_up(canvas, area, {"fast": y}, ("fast", "speed"))


def draw_hills(canvas: Canvas, area: LaneArea) -> None:
    """Draw the climb up and the descent down from one zero line, last 7 days.

    Both on one scale; a lab model lowers load downhill, clinics name downhill as a trigger.
    """
    units, palette = canvas.timeline_data.units, canvas.palette
    per = np.float32(units.height(1.0))
    up, down = canvas.values("ascent_7d_m") * per, -canvas.values("descent_7d_m") * per
    highest = (("climb", "ascent_7d_m"), ("descent", "descent_7d_m"))
    tops = [usual_marks.top(canvas, channel, canvas.highest(column)) for channel, column in highest]
    top = round_top(float(per) * max(tops), 100)
    canvas.scale(area, top, -top)
    usual_marks.band(canvas, area, "climb", float(per), 0, top)
    usual_marks.band(canvas, area, "descent", -float(per), -top, 0)
    known = {"Descent": np.abs(down), "Climb": up}
    down = cut_line(canvas, area, down, top, _write(units.height_unit), palette.down)
    up = cut_line(canvas, area, up, top, _write(units.height_unit), palette.up)
    for name, y, tone in (("Descent", down, palette.down), ("Climb", up, palette.up)):
        canvas.fill(area, y, tone, 0.14)
        what = (name, units.height_unit, name.lower())
        canvas.line(area, y, tone, hover=_hover(canvas, known[name], y, top, what, float(per)))
    apart = canvas.pick(max(LABEL_APART, HALF_LINE_PX / (area.bottom - area.top)), LABEL_APART)
    canvas.label_line(area, (last_known(up) / top + 1) / 2 + apart, "climb", palette.up, "top")
    canvas.label_line(area, (last_known(down) / top + 1) / 2 - apart, "descent", palette.down, "bottom")
    if not np.isfinite(up).any():
        canvas.empty_message(area, shared_text.NO_ALTITUDE)
    usual_marks.step_up(canvas, area, {"climb": up, "descent": down}, ("climb", "descent"))


def _hills_unit(canvas: Canvas) -> list[str]:
    return [f"{canvas.timeline_data.units.height_unit}, last 7 days"]


def _hills_key(canvas: Canvas) -> KeyEntries:
    return [("climb", canvas.palette.up), ("descent", canvas.palette.down)]


def draw_cadence(canvas: Canvas, area: LaneArea) -> None:
    """Draw the step rate at matched speed, against the runner's own line: raw cadence only mirrors speed."""
    y = canvas.values("cadence_deviation_pct")
    tone = canvas.palette.cadence
    top = round_top(usual_marks.top(canvas, "cadence", canvas.highest("cadence_deviation_pct")), 4)
    canvas.scale(area, top, -top, is_signed=True)
    usual_marks.band(canvas, area, "cadence", 1.0, -top, top)
    shown = cut_line(canvas, area, y, top, lambda value: f"{change_text.signed(value)} %", tone)
    usual = usual_marks.usual_texts(canvas, "cadence", 1.0, change_text.signed)
    texts = [one + more for one, more in zip(usual, beyond_texts(y, top), strict=True)]
    canvas.line(area, shown, tone, hover=Hover("Cadence", "%{customdata:+.1f} %%{text}", y, texts))
    usual_marks.step_up(canvas, area, {"cadence": shown}, ("cadence",))
    if not np.isfinite(y).any():
        canvas.empty_message(area, shared_text.NO_CADENCE)


VOLUME = Lane(
    id="volume",
    title="Volume",
    unit=_volume_unit,
    height=fixed(84.0, 36.0),
    columns=("distance_7d_m", "left_out_m", "left_out_tkm"),
    draw=draw_volume,
    key=_volume_key,
    channels=("volume", "longest", "run_days"),
    is_usual=True,
)
FAST = Lane(
    id="fast",
    title="Fast minutes",
    unit=words("min, last 7 days"),
    height=fixed(62.0, 28.0),
    columns=("fast_7d_s",),
    draw=draw_fast,
    channels=("fast", "speed"),
)
HILLS = Lane(
    id="hills",
    title="Hills",
    unit=_hills_unit,
    height=fixed(92.0, 38.0),
    columns=("ascent_7d_m", "descent_7d_m"),
    draw=draw_hills,
    key=_hills_key,
    channels=("climb", "descent"),
)
CADENCE = Lane(
    id="cadence",
    title="Cadence",
    unit=words("% at same speed"),
    height=fixed(62.0, 28.0),
    columns=("cadence_deviation_pct",),
    draw=draw_cadence,
    channels=("cadence",),
)
