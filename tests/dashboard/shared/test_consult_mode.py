"""The consult: its windows, its address, and what it says of whom."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.frames import SYMPTOM
from dashboard.charts.plotly_figure import PageFigure
from dashboard.consult import since_last_visit as consult_since_last_visit
from dashboard.model.changes import changes_before
from dashboard.model.step_ups import channel_rank
from dashboard.shared import consult_mode
from dashboard.shared.pipeline import analysis_of, explanation_of
from dashboard.shared.ui import zoomed
from dashboard.shared.units import Units
from dashboard.timeline.markers import ONSET_ROW_PX, with_onset

LAST = date(2026, 4, 29)


@pytest.fixture
def found(store, athlete_id):
    return analysis_of(store, athlete_id)


@pytest.fixture
def why(store, athlete_id, found):
    return explanation_of(store, athlete_id, found)


def test_the_address_names_nobody():
    assert consult_mode.consult_address(7) == "/consult?embed=true&embed_options=light_theme&runner=7"
    assert "runner" not in consult_mode.consult_address(None)


def test_the_heel_is_the_one_logged_most_often_and_unknown_without_any():
    entries = pl.DataFrame(
        {"date": [LAST] * 3, "side": ["left", "left", "right"], "site": ["insertion", None, None]},
        schema_overrides={"site": pl.String},
    )
    assert consult_mode.heel_in_words(entries) == "Left heel, where it meets the heel."
    assert consult_mode.heel_in_words(SYMPTOM.empty()) is None


def test_what_changed_first_is_sorted_and_says_what_is_not_known(found, why):
    onset = date(2026, 4, 20)
    table = changes_before(found, why.flares, onset)
    known = table.drop_nulls("z")
    order = [
        (not up, channel_rank(name), -z) for up, name, z in known.select("stepped_up", "channel", "z").rows()
    ]
    assert order == sorted(order)
    assert table["z"][known.height :].null_count() == table.height - known.height
    assert (table["from_date"][0], table["to_date"][0]) == (onset - timedelta(28), onset - timedelta(1))
    rows = consult_since_last_visit.first_change_rows(found, why, onset, Units())
    assert len(rows) <= consult_since_last_visit.MOST_CHANGES
    assert rows[-1].channel == "unknown"  # no recording: cadence, fast minutes and more
    assert consult_since_last_visit.first_change_rows(found, why, None, Units()) == []
    assert consult_since_last_visit.first_changes_in_words(None, []) == consult_since_last_visit.NO_ONSET


def figure() -> PageFigure:
    layout = {"height": 100, "margin": {"l": 10}, "font": {"size": 10}, "xaxis": {"range": [0, 5]}}
    note = {"text": "<span style='font-size:12px'>a</span>", "font": {"size": 10}, "x": 3, "xshift": 4}
    return PageFigure(
        {
            "data": [{"x": [1, 2], "y": [3, 4], "line": {"width": 2}}],
            "layout": {**layout, "annotations": [note]},
        }
    )


def test_a_larger_figure_shows_the_same_data():
    large = zoomed(figure(), 2)
    assert (large.layout.height, large.layout.margin.l, large.layout.font.size) == (200, 20, 20)
    assert (list(large.data[0].x), list(large.data[0].y)) == ([1, 2], [3, 4])
    assert (large.data[0].line.width, tuple(large.layout.xaxis.range)) == (4, (0, 5))
    (note,) = large.layout.annotations
    assert (note.font.size, note.x, note.xshift) == (20, 3, 8)
    assert "font-size:24px" in note.text


def test_the_onset_runs_through_all_lanes():
    drawn = with_onset(figure(), date(2026, 4, 1), "light")
    (line,), (label,) = drawn.layout.shapes, drawn.layout.annotations[1:]
    assert (label.yref, label.y, label.yanchor) == ("paper", 1, "bottom")  # above the picture, on nothing
    assert (drawn.layout.height, label.yshift) == (100 + ONSET_ROW_PX, figure().layout.margin.t or 0)
    assert (line.x0, line.x1, line.yref, line.y0, line.y1) == ("2026-04-01", "2026-04-01", "paper", 0, 1)
    assert not with_onset(figure(), None, "light").layout.shapes
