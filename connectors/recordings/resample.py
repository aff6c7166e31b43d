"""One clock from what a device wrote: times put in order, then a grid of one second.

A device's clock can be wrong at the start, be put right on the way, step back at a sync, or stand still; a
file can hold a late point or the same stretch twice. What is kept is one clock that never runs backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.plural import count

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

DAY_S = 86_400.0
END_OF_TIME_S = 4_102_444_800.0
LONG_PAUSE_S = 30 * DAY_S
SMALL_STEP_BACK_S = 60.0
STRAGGLERS = 60
TOUCH_S = 0.5001


@dataclass(frozen=True)
class OrderedPoints:
    """Points in time order.

    Parameters
    ----------
    index : ndarray of int, shape (k,)
        Which points of the file are kept, in time order.
    time_s : ndarray of float, shape (k,)
        Their times, never falling; a stretch recorded under a wrong clock is moved to where it belongs.
    notes : tuple of str
        What was left out or moved, in plain sentences.
    """

    index: IntArray
    time_s: FloatArray
    notes: tuple[str, ...]


def order_points(time_s: FloatArray, distance_m: FloatArray) -> OrderedPoints:
    """Sort the times of a recording, leaving out what cannot belong to it.

    Steps back of up to a minute are a sync or a late point and are sorted; a lone point or a handful far off is
    left out; a long stretch far off is moved when its distance runs on, put where its times say when those are
    free, and left out otherwise.

    Parameters
    ----------
    time_s : ndarray of float, shape (n,)
        Seconds since 1970, in file order; NaN, and what is not from 1970 to 2099, is left out.
    distance_m : ndarray of float, shape (n,)
        Distance as written, m; NaN unknown. Tells a clock that was put back from a stretch there twice.

    Returns
    -------
    OrderedPoints
        Times that never fall. Equal times stay, for their values may complete each other.
    """
    with np.errstate(invalid="ignore"):
        index = np.flatnonzero((time_s >= 0) & (time_s < END_OF_TIME_S))
    lone = _lone_points(time_s[index])
    index, time = index[~lone], time_s[index[~lone]]
    notes = [f"{count(int(lone.sum()), 'point')} with an impossible time left out."] if lone.any() else []
    steps = np.diff(time)
    if steps.size and ((steps < -SMALL_STEP_BACK_S) | (steps > DAY_S)).any():
        keep, time, more = _fit_blocks(time, distance_m[index])
        index, time = index[keep], time[keep]
        notes += more
    if (np.diff(time) < 0).any():
        order = np.argsort(time, kind="stable")
        index, time = index[order], time[order]
    return OrderedPoints(index, time, tuple(notes))


@dataclass(frozen=True)
class SecondGrid:
    """Every running second of a recording.

    Parameters
    ----------
    second : ndarray of int, shape (m,)
        Seconds since the start, rising; a pause leaves a gap.
    stretch : ndarray of int, shape (m,)
        Number of the stretch without a gap, from 0.
    at : ndarray of float, shape (k,)
        The points' own seconds since the start.
    point_stretch : ndarray of int, shape (k,)
        Stretch of each point.
    before : ndarray of int, shape (m,)
        Last point at or before each second; -1 before the first.
    """

    second: IntArray
    stretch: IntArray
    at: FloatArray
    point_stretch: IntArray
    before: IntArray


def second_grid(at: FloatArray, breaks: npt.NDArray[np.bool_]) -> SecondGrid:
    """Build the grid of one second over points.

    Rows only while the timer ran, as the SAMPLE contract says.

    Parameters
    ----------
    at : ndarray of float, shape (k,)
        Seconds since the start, never falling.
    breaks : ndarray of bool, shape (k - 1,)
        True where the timer stood or nothing is known between two points.

    Returns
    -------
    SecondGrid
        No second twice. Empty when there is no point.
    """
    if not at.size:
        none = np.zeros(0, np.int64)
        return SecondGrid(none, none, at, none, none)
    cuts = np.flatnonzero(breaks)
    first = np.rint(at[np.r_[0, cuts + 1]]).astype(np.int64)
    last = np.rint(at[np.r_[cuts, at.size - 1]]).astype(np.int64)
    first[1:] = np.maximum(first[1:], last[:-1] + 1)
    lengths = np.maximum(last - first + 1, 0)
    begin = np.cumsum(lengths) - lengths
    second = np.arange(lengths.sum()) + np.repeat(first - begin, lengths)
    stretch = np.repeat(np.arange(lengths.size), lengths)
    point_stretch = np.zeros(at.size, np.int64)
    np.cumsum(breaks, out=point_stretch[1:])
    return SecondGrid(second, stretch, at, point_stretch, np.searchsorted(at, second, side="right") - 1)


def values_on_grid(grid: SecondGrid, values: FloatArray, longest_gap_s: float) -> FloatArray:
    """Carry a channel from its points to the grid.

    Linear over short gaps, unknown over longer ones; never across a pause.

    Parameters
    ----------
    grid : SecondGrid
        From `second_grid`.
    values : ndarray of float, shape (k,)
        One value for each point; NaN unknown.
    longest_gap_s : float
        Between known values up to this many seconds apart in one stretch, the line between them is taken.

    Returns
    -------
    ndarray of float, shape (m,)
        NaN where unknown. Of points at the same time the last known value counts.
    """
    known = np.isfinite(values)
    if not known.any():
        return np.full(grid.second.size, np.nan)
    count, numbers = values.size, np.arange(values.size)
    last_known = np.maximum.accumulate(np.where(known, numbers, -1))
    next_known = np.minimum.accumulate(np.where(known, numbers, count)[::-1])[::-1]
    before, after = grid.before, grid.before + 1
    left = np.where(before >= 0, last_known[np.maximum(before, 0)], -1)
    right = np.where(after < count, next_known[np.minimum(after, count - 1)], count)
    has_left, has_right = left >= 0, right < count
    left, right = np.maximum(left, 0), np.minimum(right, count - 1)
    since = np.where(has_left, grid.second - grid.at[left], np.inf)
    until = np.where(has_right, grid.at[right] - grid.second, np.inf)
    gap = since + until
    joined = (gap <= longest_gap_s) & (grid.point_stretch[left] == grid.point_stretch[right])
    share = np.divide(since, gap, out=np.zeros_like(gap), where=joined & (gap > 0))
    line = values[left] + share * (values[right] - values[left])
    touch = np.where(since <= TOUCH_S, values[left], np.where(until <= TOUCH_S, values[right], np.nan))
    return np.where(joined, line, touch)


def _lone_points(time: FloatArray) -> npt.NDArray[np.bool_]:
    """Points off by more than a minute whose two neighbours agree with each other."""
    lone = np.zeros(time.size, bool)
    if time.size > 2:
        into, out = np.diff(time)[:-1], np.diff(time)[1:]
        across = time[2:] - time[:-2]
        ahead = (out < -SMALL_STEP_BACK_S) & (across >= 0) & (across <= DAY_S)
        behind = (into < -SMALL_STEP_BACK_S) & (across >= 0) & (across <= DAY_S)
        lone[1:-1] = ahead | behind
    return lone


def _fit_blocks(time: FloatArray, distance: FloatArray) -> tuple[IntArray, FloatArray, list[str]]:
    """Cut at impossible steps, keep the longest piece and fit the others to it, going outwards."""
    steps = np.diff(time)
    cuts = np.flatnonzero((steps < -SMALL_STEP_BACK_S) | (steps > DAY_S)) + 1
    blocks = np.split(np.arange(time.size), cuts)
    anchor = int(np.argmax([block.size for block in blocks]))
    time = time.copy()
    sound = [blocks[anchor]]
    dropped = moved = 0
    for block in [*blocks[anchor + 1 :], *blocks[:anchor][::-1]]:
        shift = _shift(block, sound, time, distance)
        if shift is None:
            dropped += block.size
        else:
            moved += block.size * (shift != 0)
            time[block] += shift
            sound.append(block)
    notes = [f"{count(dropped, 'point')} with an impossible time left out."] if dropped else []
    if moved:
        notes.append(
            f"The clock was put right during the recording: {count(moved, 'point')} moved to where they belong."
        )
    return np.sort(np.concatenate(sound)), time, notes


def _shift(block: IntArray, blocks: list[IntArray], time: FloatArray, distance: FloatArray) -> float | None:
    """Seconds to move a block by so that it joins what is kept; None when it does not belong."""
    later = [piece for piece in blocks if piece[0] > block[0]]
    earlier = [piece for piece in blocks if piece[0] < block[0]]
    before = max(earlier, key=lambda piece: piece[0])[-1] if earlier else None
    after = min(later, key=lambda piece: piece[0])[0] if later else None
    gaps = [time[block[0]] - time[before]] if before is not None else []
    gaps += [time[after] - time[block[-1]]] if after is not None else []
    if all(0 <= gap <= DAY_S for gap in gaps):
        return 0.0
    if block.size < STRAGGLERS:
        return None
    if all(0 <= gap <= LONG_PAUSE_S for gap in gaps):
        return 0.0
    if before is not None and _runs_on(distance, before, block[0]):
        return float(time[before] + 1 - time[block[0]])
    if after is not None and _runs_on(distance, block[-1], after):
        return float(time[after] - 1 - time[block[-1]])
    near = all(abs(gap) <= LONG_PAUSE_S for gap in gaps)
    free = all(time[block[-1]] < time[p].min() or time[block[0]] > time[p].max() for p in blocks)
    return 0.0 if near and free else None


def _runs_on(distance: FloatArray, before: int, after: int) -> bool:
    """Whether the distance goes on from one point to the next as if no time had passed."""
    step = distance[after] - distance[before]
    return bool(np.isfinite(step) and -1 <= step <= 100 and distance[before] > 1)
