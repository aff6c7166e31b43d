"""How long the Timeline takes on the server, and how much it sends."""

from __future__ import annotations

import time
from datetime import date, timedelta

import plotly.io as pio
import pytest
from run_builders import NAMES, made_up

from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.text import timeline_in_words

WINDOWS = {"15 years": 5479, "3 years": 1096, "1 year": 365, "16 weeks": 112}


@pytest.fixture(scope="module")
def history():
    return made_up(5479, tuple(range(150, 5400, 180)), first=date(2010, 1, 4))


@pytest.mark.benchmark
@pytest.mark.parametrize("name", WINDOWS)
def test_redraw(history, name):
    end: date = history.days["local_date"].max()
    start = end - timedelta(days=WINDOWS[name] - 1)
    took = []
    size = 0
    for _ in range(5):
        begun = time.perf_counter()
        drawn = timeline_figure(timeline_data(history, NAMES, start, end, TimelineOptions(Units())))
        size = len(pio.to_json(drawn.to_dict(), validate=False))
        timeline_in_words(history, start, end, Units())
        took.append(time.perf_counter() - begun)
    print(
        f"\nTimeline, {name}: {min(took) * 1000:.0f} ms (first {took[0] * 1000:.0f} ms), {size / 1000:.0f} kB"
    )
    assert size < 300_000
