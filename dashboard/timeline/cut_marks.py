"""The marks of the values that the scale of a lane cuts off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dashboard.charts.axes import stretches
from dashboard.timeline.canvas import CUT, CUT_DOWN, Canvas, Hover, LaneArea

BEYOND = "beyond the scale"
MARK_DROP_PX = 14.0  # below the edge, where the words on a step-up stand
CUT_NAME, CUT_DOWN_NAME = "▲ Cut off", "▼ Cut off"


def is_cut(y: np.ndarray, top: float) -> np.ndarray:
    """Return which values lie beyond the edges of a lane."""
    return np.nan_to_num(np.abs(y)) > top * 1.0001


def beyond_texts(y: np.ndarray, top: float) -> list[str]:
    """Return for each value what the hover adds where it is cut off."""
    return [f", {BEYOND}" if cut else "" for cut in is_cut(y, top)]


def cut_line(
    canvas: Canvas, area: LaneArea, y: np.ndarray, top: float, write: Callable[[float], str], colour: str
) -> np.ndarray:
    """Return a line cut at the edges of its lane; mark each stretch that is cut, and name the largest value."""
    return cut_rows(canvas, area, y, top, lambda row: write(float(y[row])), colour)


def _middle_of_top(sizes: np.ndarray) -> int:
    """Return the middle of the rows at the largest value: its edges may bear other marks."""
    rows = np.flatnonzero(sizes >= sizes.max() * 0.999)
    return int(rows[len(rows) // 2])


def cut_rows(
    canvas: Canvas, area: LaneArea, y: np.ndarray, top: float, write: Callable[[int], str], colour: str
) -> np.ndarray:
    """Return a line cut at the edges of its lane, as `cut_line`, its values named by their rows."""
    beyond = is_cut(y, top)
    if not beyond.any():
        return y
    sizes = np.where(beyond, np.abs(y), 0)
    rows = np.array([a + _middle_of_top(sizes[a:b]) for a, b in stretches(beyond)])
    texts = [f"{write(row)}, {BEYOND}" for row in rows.tolist()]
    _mark(canvas, area, y, top, dict(zip(rows.tolist(), texts, strict=True)), colour)
    largest = int(np.argmax(sizes[rows]))
    canvas.note_day(area, float(canvas.times_ms[rows[largest]]), texts[largest], colour)
    return np.clip(y, -top, top)


def _mark(
    canvas: Canvas, area: LaneArea, y: np.ndarray, top: float, texts: dict[int, str], colour: str
) -> None:
    """Draw arrows near the edges of a lane that point to the values cut off at some rows."""
    per_px = (area.high - area.low) / (area.bottom - area.top)
    inside = top - canvas.pick(MARK_DROP_PX, 0.0) * per_px
    for sign, glyph, name in ((1, CUT, CUT_NAME), (-1, CUT_DOWN, CUT_DOWN_NAME)):
        rows = [row for row in texts if y[row] * sign > 0]
        if rows:
            edge = np.full(len(rows), sign * inside, dtype=np.float32)
            hover = Hover(name, "%{text}", text=[texts[row] for row in rows])
            canvas.marks(area, canvas.times_ms[rows], edge, glyph, colour, hover)


def cut_stack(
    canvas: Canvas,
    area: LaneArea,
    layers: Sequence[np.ndarray],
    top: float,
    write: Callable[[float], str],
    colour: str,
) -> list[np.ndarray]:
    """Return the layers of a stack cut at the top of its lane, and mark where their sum is cut."""
    if not layers:
        return []
    sums = np.cumsum(np.nan_to_num(np.stack(layers)), axis=0)
    cut_line(canvas, area, sums[-1], top, write, colour)
    edges = np.minimum(sums, np.float32(top))
    return list(np.diff(edges, axis=0, prepend=np.zeros_like(edges[:1])))
