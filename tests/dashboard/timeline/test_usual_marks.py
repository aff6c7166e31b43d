"""The usual range behind each lane, and the stretch in which a lane stepped up, named once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import planted_causes
import pytest

from dashboard.model.analysis import adapt
from dashboard.model.explain import explain_flares
from dashboard.model.settings import ModelSettings
from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure


@pytest.fixture(scope="module", params=["shoe", "speed", "hills", "volume", "cadence"])
def planted(request):
    """A calm year with one cause, and what is drawn around it."""
    runner = planted_causes.grow(1, (request.param,))
    analysis = adapt(runner.runs, runner.symptoms, ModelSettings(), planted_causes.day(runner.days - 1))
    explanation = explain_flares(analysis, runner.symptoms)
    start = planted_causes.day(runner.plants[0].first - 60)
    shown = timeline_data(
        analysis, runner.names, start, start + timedelta(days=110), TimelineOptions(Units()), explanation
    )
    return request.param, explanation, shown, timeline_figure(shown)


def texts(fig) -> str:
    return " | ".join(note.text for note in fig.layout.annotations)


WORDS = {
    "shoe": ("Flat One", "mean drop"),
    "speed": ("fast ",),
    "hills": ("climb ", "descent "),
    "volume": ("distance ", "longest run "),
    "cadence": ("cadence ",),
}


def test_the_lane_that_changed_is_named_with_usual_and_reached(planted):
    cause, _, _, fig = planted
    said = [note.text for note in fig.layout.annotations if ", usually " in note.text]
    assert any(one.startswith(WORDS[cause]) for one in said), said
    lanes = [note.yref for note in fig.layout.annotations if ", usually " in note.text]
    assert len(lanes) == len(set(lanes)), "each lane names its step-up once"


def test_the_stretch_is_thick_and_not_only_coloured(planted):
    cause, why, shown, fig = planted
    thick = [t for t in fig.data if t.mode == "lines" and t.line.width == 5]
    bars = [s for s in fig.layout.shapes if s.type == "line" and s.line.width == 5]
    assert thick or bars
    if cause == "hills":
        days = why.step_ups.rows.filter(why.step_ups.rows["channel"] == "climb").to_dicts()[-1]
        seen = np.isfinite(np.array(thick[0].y)).sum()
        assert seen <= (days["to_date"] - days["from_date"]).days + 1
    assert "hard_gap" not in shown.step_ups["channel"].to_list()


def test_the_usual_range_lies_behind_every_lane_but_the_loads(planted):
    _, why, shown, _ = planted
    row = shown.lanes.row(400, named=True)
    for channel in ("volume", "fast", "climb", "descent", "cadence"):
        low, high = (row[f"usual_{end}_{channel}"] for end in ("low", "high"))
        assert (low, high) == pytest.approx(tuple(why.step_ups.usual[channel][[0, 2], 400]))
        assert low <= high
    assert "usual_low_load" not in row
