"""The lane of load: the last 7 days, habit and its band, and what is estimated, unknown or left out."""

from __future__ import annotations

import math

import numpy as np

from dashboard.charts.axes import last_known, round_top, stretches
from dashboard.charts.palette import with_alpha
from dashboard.model.running_state import WAY_BACK
from dashboard.shared import state_text
from dashboard.shared import text as shared_text
from dashboard.timeline.canvas import (
    CLEAR,
    DOTTED,
    ESTIMATED,
    SPACED,
    STRONG,
    THIN,
    Canvas,
    Fill,
    Hover,
    LaneArea,
    LineLabel,
    PaperFill,
    TimelineWindow,
    shade,
)
from dashboard.timeline.cut_marks import beyond_texts, cut_line, is_cut
from dashboard.timeline.lane import KeyEntries, Lane, fixed
from dashboard.timeline.robust_scale import CUT_RATIO
from dashboard.timeline.state_markers import SIGNS, STRIP_SHARE, colour, mark_states

NEEDED_DAYS = ("habitual", "habitual_low", "habitual_high", "load", "load_low", "load_high")
BAND = ", its band {low:.0f} to {high:.0f}"
WITH_LEFT_OUT = "{value:,.0f} {unit} with what was left out"
USED_TO, OF_WAY_BACK = "used to", "of the way back"  # as the table has it; a longer text for each day weighs
FIRST_WEEK = 6  # days of a record before there is a whole week to sum


def draw_load(canvas: Canvas, area: LaneArea) -> None:
    """Draw load, habit, the band around it and the state of the record; what is estimated or unknown looks different.

    The upper edge of the band is the runner's own threshold, from which load counts as above habit.
    """
    data, palette = canvas.timeline_data, canvas.palette
    per, unit = np.float32(data.units.load(1.0)), data.units.load_unit
    habit, least, most, acute, low, high = (canvas.values(f"{name}_7d_tkm") * per for name in NEEDED_DAYS)
    top = round_top(float(per) * highest(canvas) * 1.04, 10)
    canvas.scale(area, top, strip=STRIP_SHARE)
    canvas.between(area, least, np.minimum(most, top), shade(palette.load, 0.14))
    _draw_unknown(canvas, area, acute, top)
    excluded_overlay(canvas, area, acute, canvas.values("left_out_tkm") * per, top, unit)
    _draw_threshold(canvas, area, most, top)
    _draw_habit(canvas, area, habit, least, most)
    _draw_line_back(canvas, area, per)
    _draw_acute(canvas, area, acute, low, high, top)
    canvas.label_lines(
        area,
        LineLabel(min(last_known(acute), top), "last 7 days", palette.load, STRONG, is_strong=True),
        LineLabel(last_known(habit, math.nan), "used to, its band", palette.habitual, DOTTED),
    )
    mark_states(canvas, area, top * (1 + STRIP_SHARE))


def highest(window: TimelineWindow) -> float:
    """Return the largest load that is no rare peak, habit, line back, and the threshold unless it hides them all."""
    back = np.where(window.rows["state"].eq_missing(WAY_BACK).to_numpy(), window.values("line_7d_tkm"), 0)
    line = float(np.nan_to_num(back).max(initial=0.0))
    lines = max(window.highest("load_7d_tkm"), window.largest("habitual_7d_tkm"), line)
    edge = window.largest("habitual_high_7d_tkm")
    return max(lines, min(edge, CUT_RATIO * lines) if lines else edge)


def excluded_overlay(
    canvas: Canvas, area: LaneArea, counted: np.ndarray, out: np.ndarray, top: float, unit: str
) -> None:
    """Draw what a person left out, crossed, on top of what counts: it never vanishes."""
    there = out > 0
    if not there.any():
        return
    muted = canvas.palette.muted
    base = np.nan_to_num(counted).astype(np.float32)
    overlay = np.where(there & ~is_cut(base, top), base + np.nan_to_num(out), np.float32("nan"))
    cut_line(canvas, area, overlay, top, lambda value: WITH_LEFT_OUT.format(value=value, unit=unit), muted)
    base = np.minimum(base, np.float32(top))
    high = np.where(there, np.minimum(base + np.nan_to_num(out), np.float32(top)), np.float32("nan"))
    crossed = Fill(CLEAR, PaperFill("none", "x", muted), "x", muted, 6, 0.15, 1, "dot")
    canvas.between(area, np.where(there, base, np.float32("nan")), high, crossed)
    canvas.answer(
        area, high, muted, Hover(shared_text.LEFT_OUT, f"%{{customdata:.0f}} {unit}", customdata=out)
    )


def has_excluded(canvas: Canvas) -> bool:
    """Return whether anything was left out in the window."""
    return bool((canvas.values("left_out_m") > 0).any() or (canvas.values("left_out_tkm") > 0).any())


def _draw_threshold(canvas: Canvas, area: LaneArea, most: np.ndarray, top: float) -> None:
    """Draw the runner's own threshold, the upper edge of the band, as a thin line that answers the pointer."""
    data, known = canvas.timeline_data, np.isfinite(most)
    if not known.any():
        return
    own, least, share = canvas.values("threshold").tolist(), data.least_threshold, data.threshold_share
    answers = [state_text.threshold(t, least, share) if k else "" for t, k in zip(own, known, strict=True)]
    tone, unit = canvas.palette.habitual, data.units.load_unit
    answers = [one + more for one, more in zip(answers, beyond_texts(most, top), strict=True)]
    cut = cut_line(canvas, area, most, top, lambda value: f"threshold {value:.0f} {unit}", tone)
    value, full = ("y", None) if cut is most else ("customdata", most)
    hover = Hover("Your threshold", f"%{{{value}:.0f}} {unit} (%{{text}})", full, answers)
    canvas.line(area, cut, tone, THIN, hover)


def _draw_line_back(canvas: Canvas, area: LaneArea, per: np.float32) -> None:
    """Draw the line that load is held against on the way back from a break."""
    back = canvas.rows["state"].eq_missing(WAY_BACK).to_numpy()
    line = np.where(back, canvas.values("line_7d_tkm") * per, np.nan)
    if not np.isfinite(line).any():
        return
    hover = Hover("Way back to your old level", f"%{{y:.0f}} {canvas.timeline_data.units.load_unit}")
    canvas.line(area, line, canvas.palette.window_edge, SPACED, hover)
    canvas.note_end(area, line, "way back", canvas.palette.window_text)


def _draw_habit(
    canvas: Canvas, area: LaneArea, habit: np.ndarray, least: np.ndarray, most: np.ndarray
) -> None:
    """Draw habit; it answers with its band and with the plain mean."""
    per, unit = np.float32(canvas.timeline_data.units.load(1.0)), canvas.timeline_data.units.load_unit
    known = (np.isfinite(least) & np.isfinite(most)).tolist()
    bands = [BAND.format(low=a, high=b) if k else "" for k, a, b in zip(known, least, most, strict=True)]
    answer = f"%{{y:.0f}} {unit}%{{text}}; plain mean of 12 weeks %{{customdata:.0f}}"
    hover = Hover("Used to", answer, canvas.values("mean_7d_tkm") * per, bands)
    canvas.line(area, habit, canvas.palette.habitual, DOTTED, hover)


def _draw_acute(
    canvas: Canvas, area: LaneArea, acute: np.ndarray, low: np.ndarray, high: np.ndarray, top: float
) -> None:
    """Draw a strong line, or a thin one in its low-high band where a run was estimated."""
    load, guessed = canvas.palette.load, is_guessed(canvas)
    unit = canvas.timeline_data.units.load_unit
    cut = is_cut(acute, top).any()
    value = "customdata[2]" if cut else "y"
    template = f"%{{{value}:.0f}} {unit} (%{{customdata[0]:.0f}}–%{{customdata[1]:.0f}})%{{text}}"
    bounds = np.stack([low, high, acute] if cut else [low, high], axis=1)
    standing_texts = [one + more for one, more in zip(held(canvas), beyond_texts(acute, top), strict=True)]
    acute = cut_line(canvas, area, acute, top, lambda value: f"{value:.0f} {unit}", load)
    low, high = np.minimum(low, np.float32(top)), np.minimum(high, np.float32(top))
    if guessed.any():
        band = Fill(with_alpha(load, 0.22), PaperFill(load, opacity=0.12))
        canvas.between(area, np.where(guessed, low, np.nan), np.where(guessed, high, np.nan), band)
        joint = guessed | np.roll(guessed, 1) | np.roll(guessed, -1)
        canvas.line(area, np.where(joint, acute, np.nan), load, ESTIMATED)
        hover = Hover(shared_text.LOAD_ESTIMATED, template, bounds, standing_texts)
        canvas.answer(area, np.where(guessed, acute, np.nan), load, hover, ESTIMATED)
    measured = np.where(guessed, np.nan, acute)
    canvas.line(area, measured, load, STRONG, Hover("Load", template, bounds, standing_texts))


def held(window: TimelineWindow) -> list[str]:
    """Return for each row how load compares to what it is held against."""
    by_habit, against = window.values("ratio").tolist(), window.values("held_ratio").tolist()
    return [
        ""
        if np.isnan(one)
        else f", {state_text.ratio(one)} {USED_TO if np.isclose(one, other) else OF_WAY_BACK}"
        for one, other in zip(against, by_habit, strict=True)
    ]


def is_guessed(window: TimelineWindow) -> np.ndarray:
    """Return where the load shown is partly estimated from a summary."""
    known = np.isfinite(window.values("load_7d_tkm"))
    return known & window.rows["estimated"].fill_null(False).to_numpy()


def is_missing(window: TimelineWindow) -> np.ndarray:
    """Return where load is not known; the first days of a record, with no whole week yet, are just left open."""
    known = window.timeline_data.lanes.drop_nulls("load_7d_tkm")["local_date"]
    missing = ~np.isfinite(window.values("load_7d_tkm"))
    if known.is_empty():
        return missing
    first = np.datetime64(known[0], "D")
    days = window.rows["local_date"].to_numpy().astype("datetime64[D]")
    return missing & ~((days < first) & (days >= first - FIRST_WEEK))


def _draw_unknown(canvas: Canvas, area: LaneArea, acute: np.ndarray, top: float) -> None:
    missing, tone = is_missing(canvas), canvas.palette.unknown
    if not missing.any():
        return
    full = np.where(missing, np.float32(top), np.float32("nan"))
    canvas.between(area, full * 0, full, Fill(CLEAR, PaperFill("none", "/", tone), "/", tone, 8, 0.08))
    for first, last in stretches(missing):
        canvas.note_stretch(area, first, last, shared_text.NOT_KNOWN)


def _unit(canvas: Canvas) -> list[str]:
    """Name the unit, and what its uncertain parts look like where there are any; paper has no hover for its lines."""
    is_back = bool(canvas.rows["state"].eq_missing(WAY_BACK).any())
    lines = [f"{canvas.timeline_data.units.load_unit}, last 7 days"]
    lines += [canvas.pick(shared_text.THIN_LINE, "dashed: estimated")] if is_guessed(canvas).any() else []
    lines += canvas.pick([], ["thin: your threshold"])
    lines += canvas.pick([], ["spaced dots: way back"] if is_back else [])
    lines += [shared_text.HATCHED] if is_missing(canvas).any() else []
    return lines + ([shared_text.CROSSED] if has_excluded(canvas) else [])


def _key(canvas: Canvas) -> KeyEntries:
    """Name the lines for a phone."""
    palette = canvas.palette
    entries = [("━ last 7 days", palette.load)]
    if np.isfinite(canvas.values("habitual_7d_tkm")).any():
        entries += [("┅ what you are used to", palette.habitual), ("─ your threshold", palette.habitual)]
    seen = [name for name in state_text.NAMES if canvas.rows["state"].eq_missing(name).any()]
    entries += [("┈ way back", palette.window_edge)] if WAY_BACK in seen else []
    return [*entries, *((f"{SIGNS[name]} {state_text.NAMES[name]}", colour(name, palette)) for name in seen)]


LOAD = Lane(
    id="load",
    title="Tendon load",
    unit=_unit,
    height=fixed(132.0, 70.0),
    columns=(
        *(f"{name}_7d_tkm" for name in (*NEEDED_DAYS, "mean", "line")),
        *("left_out_tkm", "threshold", "ratio", "held_ratio", "state", "estimated"),
    ),
    draw=draw_load,
    key=_key,
    is_usual=True,
)
