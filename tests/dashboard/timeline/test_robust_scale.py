"""The scale of a lane follows what is shown, and no single day flattens it."""

from __future__ import annotations

import numpy as np

from dashboard.timeline.robust_scale import CUT_RATIO, CUT_ROOM, robust_highest


def weeks(*heights: float) -> np.ndarray:
    return np.repeat(np.array(heights, dtype=float), 7)


def test_one_big_day_does_not_flatten_the_hills_of_a_year():
    hills = weeks(*(300 + 20 * (n % 5) for n in range(52)))
    big = hills.copy()
    big[200:207] += 2000
    assert robust_highest(hills) == 380
    assert robust_highest(big) == CUT_ROOM * 380
    assert robust_highest(-big) == CUT_ROOM * 380
    big[300:307] += 1500
    assert robust_highest(big) == CUT_ROOM * 380, "nor do two"


def test_a_rise_that_stays_or_is_not_far_is_shown_whole():
    assert robust_highest(weeks(*[10] * 12, *[100] * 4)) == 100
    assert robust_highest(weeks(*[10] * 14, CUT_RATIO * 10, 10)) == CUT_RATIO * 10
    assert robust_highest(weeks(0, 0, 0, 50, 0, 0)) == 50


def test_a_row_may_be_a_week_and_unknown_is_no_value():
    rows = np.full(200, 30.0)
    rows[90] = 400
    assert robust_highest(rows, 7) == CUT_ROOM * 30
    rows[10:60] = np.nan
    assert robust_highest(rows, 7) == CUT_ROOM * 30
    assert robust_highest(np.array([])) == 0
    assert robust_highest(np.full(30, np.nan)) == 0
