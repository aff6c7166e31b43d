"""Names at the top: at most seven, none over another, none outside."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as some

from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.markers import WINDOW_CHARACTER_PX, WindowLabel, clustered, mark_windows
from dashboard.timeline.screen_canvas import ScreenCanvas

DAY = date(2024, 1, 1)
gaps = some.lists(some.tuples(some.integers(1, 60), some.integers(0, 30)), max_size=40)


def laid_out(pairs):
    at, windows = DAY, []
    for gap, length in pairs:
        start = at + timedelta(days=gap)
        at = start + timedelta(days=length)
        windows.append(WindowLabel(start, at, 1.3 + length / 50, 1, length % 2 == 0))
    return windows


@given(gaps)
def test_clusters_keep_every_window_and_the_largest_ratio(pairs):
    windows = laid_out(pairs)
    told = clustered(windows, 7)
    assert len(told) == min(len(windows), 7)
    assert sum(one.count for one in told) == len(windows)
    if windows:
        assert max(one.ratio for one in told) == max(one.ratio for one in windows)
        assert (told[0].start, told[-1].end) == (windows[0].start, windows[-1].end)
    assert all(one.end < other.start for one, other in itertools.pairwise(told))


def test_few_windows_stay_apart():
    windows = laid_out([(5, 3), (4, 2)])
    assert clustered(windows, 7) == windows


def test_names_in_one_row_never_meet(fifteen_years, shoe_names):
    for narrow in (False, True):
        for end in (date(2012, 1, 1), date(2016, 1, 1), date(2024, 12, 31)):
            look = TimelineOptions(Units(), is_narrow=narrow)
            canvas = ScreenCanvas(timeline_data(fifteen_years, shoe_names, date(2010, 3, 1), end, look))
            mark_windows(canvas)
            assert len(canvas.annotations) <= 7
            per_day = canvas.plot_px / canvas.days
            rows: dict[float, list[tuple[float, float]]] = {}
            for note in canvas.annotations:
                width = len(note["text"].replace("<b>", "").replace("</b>", "")) * WINDOW_CHARACTER_PX
                at = (date.fromisoformat(note["x"]) - canvas.timeline_data.start).days * per_day
                left = at if note["xanchor"] == "left" else at - width
                rows.setdefault(note["yshift"], []).append((left, left + width))
            for spans in rows.values():
                ordered = sorted(spans)
                assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))


def test_a_short_window_can_still_be_seen_among_years(fifteen_years, shoe_names):
    canvas = ScreenCanvas(
        timeline_data(
            fifteen_years, shoe_names, date(2010, 1, 1), date(2024, 12, 31), TimelineOptions(Units())
        )
    )
    mark_windows(canvas)
    rects = [shape for shape in canvas.shapes if shape["type"] == "rect"]
    assert len(rects) == fifteen_years.windows.height
    frame = pl.DataFrame(rects).select(pl.col("x0", "x1").str.to_datetime())
    widths = (frame["x1"] - frame["x0"]).dt.total_seconds() / 86400
    assert widths.min() >= 2.9 * canvas.days / canvas.plot_px
