"""The two lanes of symptoms: pain with its flares, and morning stiffness."""

from __future__ import annotations

import numpy as np
import polars as pl

from dashboard.charts.axes import round_top
from dashboard.diary.statements import HEEL_PARTS, begun
from dashboard.diary.statements_text import band_name
from dashboard.shared import text
from dashboard.timeline.canvas import (
    DOT,
    RING,
    Canvas,
    DateSpan,
    EpisodeBand,
    Glyph,
    Hover,
    LaneArea,
    TimelineWindow,
)
from dashboard.timeline.cut_marks import beyond_texts, cut_rows
from dashboard.timeline.lane import KeyEntries, Lane, words

PAIN_TOPS = (4.0, 6.0, 8.0, 10.0)
"""Where the scale of pain can end, 0-10: a score is never cut off, and small ones are not all on the floor."""
HEAD_ROOM, FLARE_LINE, BRACKET_LEG = 1.2, 1.14, 1.06
"""Top of the axis, the bracket and the end of its legs above the highest score, as shares of the scale."""
EPISODE_DASHES = {"wrote": "solid", "logged": "solid", "remembers": "dash", "inferred": "dot"}
SCORE = Glyph("circle", (4, 6), 0.5, 1.5)
SCORE_KEY, SCORE_PRINT_KEY = "● 0–10, 10 at the top", "0–10, 10 on top"


def draw_pain(canvas: Canvas, area: LaneArea) -> None:
    """Draw the largest pain logged each day; a day without an entry is not a day without pain."""
    palette, y = canvas.palette, canvas.values("pain_0_10")
    is_logged = ever_logged(canvas)
    top = pain_top(canvas)
    canvas.scale(area, top * HEAD_ROOM, -0.08 * top, (0, top / 2, top) if is_logged else (0, top))
    _mark_flares(canvas, area, top)
    has_bands = _mark_episodes(canvas, area, top)
    _mark_logged(canvas, area, y, DOT)
    canvas.answer_at(area, *_known(canvas, y), Hover("Pain", "%{text}", text=_scores(y)))
    if not np.isfinite(y).any() and not np.isfinite(canvas.values(stiffness_column(canvas))).any():
        never = canvas.pick(text.NEVER_LOGGED, text.NOTHING_LOGGED)  # paper has no Log page
        if not has_bands:  # the words of the bands stand there, and that they are not logged days below
            canvas.empty_message(area, text.NOTHING_LOGGED if is_logged else never)
    elif is_logged:
        canvas.mark_key(area, [(DOT, palette.pain, "pain"), (RING, palette.stiffness, "none")])


def pain_top(window: TimelineWindow) -> float:
    """Return where the scale of pain ends for the dates shown, 4 to 10; 10 where no symptom was ever logged."""
    if not ever_logged(window):
        return PAIN_TOPS[-1]
    highest = window.largest("pain_0_10")
    return next((top for top in PAIN_TOPS if top >= highest), PAIN_TOPS[-1])


def _mark_flares(canvas: Canvas, area: LaneArea, top: float) -> None:
    """Draw each flare of the dates shown as a bracket; one whose end was not seen stays open."""
    data = canvas.timeline_data
    if data.flares is None:
        return
    inside = (pl.col("onset") <= data.end) & (pl.col("last_high") >= data.start)
    spans = [
        DateSpan(
            max(row["onset"], data.start),
            min(row["last_high"], data.end),
            row["onset"] >= data.start,
            bool(row["end"] and row["last_high"] <= data.end),
        )
        for row in data.flares.filter(inside).sort("onset").iter_rows(named=True)
    ]
    canvas.brackets(area, spans, BRACKET_LEG * top, FLARE_LINE * top, text.FLARE, canvas.palette.stiffness)


def _mark_episodes(canvas: Canvas, area: LaneArea, top: float) -> bool:
    """Draw each episode of the dates shown as a hollow band: written, remembered or inferred, never a logged day."""
    data = canvas.timeline_data
    bands = []
    for one in data.episodes:
        first = begun(one)
        last = one.to_date or one.from_date
        if first is None or last is None or first > data.end or last < data.start:
            continue
        has_end = one.to_date is not None and one.to_date <= data.end
        span = DateSpan(max(first, data.start), min(last, data.end), first >= data.start, has_end)
        is_heel = one.body_part in HEEL_PARTS
        colour = canvas.palette.stiffness if is_heel else canvas.palette.muted
        bands.append(EpisodeBand(span, band_name(one), EPISODE_DASHES[one.known_by], colour))
    canvas.bands(area, sorted(bands, key=lambda each: each.span.first), 0.0, BRACKET_LEG * top)
    return bool(bands)


def draw_stiffness(canvas: Canvas, area: LaneArea) -> None:
    """Draw morning stiffness, in minutes, or 0 to 10 where the runner mostly logs that."""
    column = stiffness_column(canvas)
    in_minutes = column == "stiffness_min"
    y = canvas.values(column)
    top = round_top(canvas.highest(column), 30) if in_minutes else 10.0
    canvas.scale(area, top, -top * 0.08, (0, top / 2, top))
    answers = _minutes(canvas) if in_minutes else _scores(y)
    known = np.isfinite(y)
    by_row = dict(zip(np.flatnonzero(known).tolist(), answers, strict=True))
    more = beyond_texts(y[known], top)
    answers = [f"{answer}{beyond}" for answer, beyond in zip(answers, more, strict=True)]
    y = cut_rows(canvas, area, y, top, by_row.__getitem__, canvas.palette.stiffness)
    canvas.stems(area, y, canvas.palette.stiffness)
    _mark_logged(canvas, area, y, None)
    canvas.answer_at(area, *_known(canvas, y), Hover("Stiffness", "%{text}", text=answers))
    if has_both_scales(canvas):
        _draw_scores(canvas, area, top)


def _draw_scores(canvas: Canvas, area: LaneArea, top: float) -> None:
    """Draw stiffness from 0 to 10 as dots beside the minutes; 10 stands at the top of the lane."""
    score = canvas.values("stiffness_0_10")
    some = score > 0  # none is the ring that the minutes draw
    answers = Hover("Stiffness, 0–10", "%{text}", text=[f"{value:g} of 10" for value in score[some]])
    height = (score[some] / 10 * top).astype(np.float32)
    canvas.marks(area, canvas.times_ms[some], height, SCORE, canvas.palette.pain, answers)
    canvas.mark_key(area, [(SCORE, canvas.palette.pain, SCORE_PRINT_KEY)])


def _mark_logged(canvas: Canvas, area: LaneArea, y: np.ndarray, glyph: Glyph | None) -> None:
    """Draw a mark for some and a ring for none."""
    some, none = y > 0, y == 0
    if glyph:
        canvas.marks(area, canvas.times_ms[some], y[some], glyph, canvas.palette.pain)
    canvas.marks(area, canvas.times_ms[none], y[none], RING, canvas.palette.stiffness)


def _known(canvas: Canvas, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the days that were logged: each answers for itself and never for its neighbour."""
    known = np.isfinite(y)
    return canvas.times_ms[known], y[known]


def _scores(y: np.ndarray) -> list[str]:
    return [f"{value:.0f} of 10" if value else "none" for value in y[np.isfinite(y)]]


def _minutes(canvas: Canvas) -> list[str]:
    """Return what the hover answers for minutes: of a band, the band."""
    rows = canvas.rows.select("stiffness_min", "stiffness_low_min", "stiffness_high_min")
    return [
        text.minutes_in_words(exact if least is None else least, exact if most is None else most)
        if most or exact
        else "none"
        for exact, least, most in rows.drop_nulls("stiffness_min").iter_rows()
    ]


def ever_logged(window: TimelineWindow) -> bool:
    """Return whether a symptom was ever logged."""
    lanes = window.timeline_data.lanes
    return any(lanes[name].count() for name in SYMPTOM_COLUMNS)


def stiffness_column(window: TimelineWindow) -> str:
    """Return the scale of stiffness the runner logs most: `stiffness_min` or `stiffness_0_10`."""
    lanes = window.timeline_data.lanes
    minutes, score = lanes["stiffness_min"].count(), lanes["stiffness_0_10"].count()
    return "stiffness_min" if minutes >= score else "stiffness_0_10"


def has_both_scales(window: TimelineWindow) -> bool:
    """Return whether stiffness is drawn in minutes, and was logged from 0 to 10 in the dates shown as well."""
    in_minutes = stiffness_column(window) == "stiffness_min"
    return in_minutes and bool((window.values("stiffness_0_10") > 0).any())


def _stiffness_unit(canvas: Canvas) -> list[str]:
    scale = "min" if stiffness_column(canvas) == "stiffness_min" else "0–10"
    unit = canvas.pick(f"{scale} in the morning", f"{scale}, morning")
    return canvas.pick([unit, SCORE_KEY], [unit]) if has_both_scales(canvas) else [unit]


def _pain_height(canvas: Canvas) -> float:
    return canvas.pick(92.0, 44.0) if ever_logged(canvas) else canvas.pick(44.0, 24.0)


def _stiffness_height(canvas: Canvas) -> float:
    return canvas.pick(56.0, 24.0) if ever_logged(canvas) else 0.0


def _pain_key(canvas: Canvas) -> KeyEntries:
    return [("● pain", canvas.palette.pain), ("○ none", canvas.palette.muted)]


def _stiffness_key(canvas: Canvas) -> KeyEntries:
    score = [(SCORE_KEY, canvas.palette.pain)] if has_both_scales(canvas) else []
    return [("┃ stiff", canvas.palette.stiffness), *score, ("○ none", canvas.palette.muted)]


SYMPTOM_COLUMNS = ("pain_0_10", "stiffness_min", "stiffness_0_10")
PAIN = Lane(
    id="symptoms",
    title="Pain",
    group="Symptoms",
    unit=words("0–10"),
    height=_pain_height,
    columns=SYMPTOM_COLUMNS,
    draw=draw_pain,
    key=_pain_key,
    is_usual=True,
)
STIFFNESS = Lane(
    id="symptoms",
    title="Stiffness",
    group="Symptoms",
    unit=_stiffness_unit,
    height=_stiffness_height,
    columns=(*SYMPTOM_COLUMNS, "stiffness_low_min", "stiffness_high_min"),
    draw=draw_stiffness,
    key=_stiffness_key,
    is_usual=True,
)
