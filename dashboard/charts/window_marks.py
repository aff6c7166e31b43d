"""Windows where load outran habit: shaded through all lanes, told in words at the top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from dashboard import state_words, words
from dashboard.charts.picture import Picture
from dashboard.charts.stage import BODY, SMALL, Plain, Stage

MOST_NAMED = 7
ROWS = 3
ROW_PX = 19.0
PX_PER_CHARACTER = 6.6
CAP_PX = 4


@dataclass(frozen=True)
class Named:
    """One label: a window, or neighbours told together.

    Parameters
    ----------
    start, end
        Dates from the first to the last of them.
    ratio
        The largest.
    count
        How many windows.
    robust
        Whether all of them hold under both lenses.
    drivers
        Names of what made up the rise, largest first; empty where several are told together.
    above_share
        Share of the runner's year below the largest, 0 to 1; None not known.
    by_line
        Whether it was held against the line back from a break.
    """

    start: date
    end: date
    ratio: float
    count: int
    robust: bool
    drivers: tuple[str, ...] = ()
    above_share: float | None = None
    by_line: bool = False


def mark_windows(stage: Stage) -> float:
    """Shade each window through all lanes and name it at the top.

    Parameters
    ----------
    stage : Stage
        What is drawn on.

    Returns
    -------
    float
        px the names need above the lanes.

    Source
    ------
    ours: at most seven names, neighbours told together; a solid bar is robust, a dotted one depends on model
    assumptions.
    """
    windows = in_view(stage.picture)
    for one in windows:
        _shade(stage, one)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    for one in sorted(clustered(windows, MOST_NAMED), key=lambda one: -one.ratio):
        _name(stage, one, taken)
    return 16 + ROW_PX * sum(bool(row) for row in taken)


def in_view(picture: Picture) -> list[Named]:
    """Give the windows that reach into the dates shown, oldest first.

    Parameters
    ----------
    picture : Picture
        What is drawn.

    Returns
    -------
    list of Named
        Cut to the dates shown.

    Source
    ------
    ours.
    """
    start, end = picture.start, picture.end
    seen = picture.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    return [
        Named(
            max(row["from_date"], start),
            min(row["to_date"], end),
            row["peak_ratio"],
            1,
            bool(row["robust"]),
            picture.drivers.get((row["from_date"], row["to_date"]), ()),
            row["above_share_of_year"],
            row["peak_date"] in picture.held_by_line,
        )
        for row in seen.sort("from_date").iter_rows(named=True)
    ]


def clustered(windows: list[Named], most: int) -> list[Named]:
    """Tell neighbours together until few enough are left.

    Parameters
    ----------
    windows : list of Named
        Oldest first.
    most : int
        How many names may stand.

    Returns
    -------
    list of Named
        At most `most`; the closest neighbours are joined first.

    Source
    ------
    ours.
    """
    left = list(windows)
    while len(left) > most:
        gaps = [(b.start - a.end).days + (b.end - a.start).days / 4 for a, b in pairwise(left)]
        at = gaps.index(min(gaps))
        left[at : at + 2] = [_joined(left[at], left[at + 1])]
    return left


def _joined(one: Named, other: Named) -> Named:
    larger = max(one, other, key=lambda window: window.ratio)
    robust, count = one.robust and other.robust, one.count + other.count
    return Named(one.start, other.end, larger.ratio, count, robust, (), larger.above_share, larger.by_line)


def _shade(stage: Stage, one: Named) -> None:
    look = stage.colours
    x0, x1 = stage.shade(one.start, one.end)
    where: Plain = {"type": "rect", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "layer": "below"}
    stage.shapes.append({**where, "y0": 0, "y1": 1, "fillcolor": look.window, "line": {"width": 0}})
    cap = {"color": look.window_edge, "width": CAP_PX, "dash": "solid" if one.robust else "3px,3px"}
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y0": 1, "y1": 1, "line": cap}
    stage.shapes.append(line)


def _name(stage: Stage, one: Named, taken: list[list[tuple[float, float]]]) -> None:
    """Put the name where there is room: over its own window before as long as can be; the largest choose first."""
    texts = [_text(parts) for parts in offered(one, stage.picture.is_narrow)]
    for anchor in ("left", "right"):
        for text, width in texts:
            left = _left_px(stage, one, width, anchor)
            row = next((n for n, spans in enumerate(taken) if _is_free(spans, left, width)), None)
            if left is not None and row is not None:
                taken[row].append((left, left + width))
                _put(stage, one, text, row, anchor)
                return


def _is_free(spans: list[tuple[float, float]], left: float | None, width: float) -> bool:
    return left is not None and all(left > b + 8 or left + width < a - 8 for a, b in spans)


def offered(one: Named, is_narrow: bool) -> list[tuple[str, ...]]:
    """Offer names for a window, each as parts to be joined; the first that has room is taken.

    Parameters
    ----------
    one : Named
        A window, or neighbours told together.
    is_narrow : bool
        Whether there is room for short names only.

    Returns
    -------
    list of tuple of str
        Best first.

    Source
    ------
    ours.
    """
    short = state_words.ratio(one.ratio, 1)
    held = words.WINDOW_LINE if one.by_line else words.WINDOW
    long = (words.WINDOWS if one.count > 1 else held).format(count=one.count, ratio=short)
    aside = words.ROBUST if one.robust else words.NOT_ROBUST
    made_of, above = ", ".join(one.drivers), state_words.share_of_year(one.above_share) or ""
    names = [(long, made_of, above, aside), (long, made_of, above), (long, made_of), (short, made_of)]
    names += [(long, above), (long, aside), (long,), (short,)]
    if one.count > 1:
        names = [(long,), (short,)]
    elif is_narrow:
        names = [(long, made_of), (short, made_of), (long,), (short,)]
    return [parts for parts in names if one.count > 1 or made_of or len(parts) != 2 or parts[1]]


def _text(parts: tuple[str, ...]) -> tuple[str, float]:
    """A name with its asides, and the px it takes."""
    told = [part for part in parts if part]
    text = " · ".join(told)
    return f"<b>{told[0]}</b>" + text[len(told[0]) :], len(text) * PX_PER_CHARACTER


def _left_px(stage: Stage, one: Named, width: float, anchor: str) -> float | None:
    """Give the left edge in px of words that begin or end with the window; None where they leave the picture."""
    per_day = stage.plot_px / stage.days
    if anchor == "left":
        left = (one.start - stage.picture.start).days * per_day
        return left if left + width <= stage.plot_px + (0 if stage.picture.is_narrow else 90) else None
    left = (one.end - stage.picture.start).days * per_day - width
    return left if left >= 0 else None


def _put(stage: Stage, one: Named, text: str, row: int, anchor: str) -> None:
    at = one.start if anchor == "left" else one.end  # a note beyond the clock would not be drawn
    size = SMALL if stage.picture.is_narrow else BODY
    stage.note(
        text,
        xref="x",
        x=str(at),
        xanchor=anchor,
        yref="paper",
        y=1,
        yanchor="bottom",
        yshift=6 + row * ROW_PX,
        font={"color": stage.colours.window_text, "size": size},
    )
