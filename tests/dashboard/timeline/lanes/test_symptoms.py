"""Morning stiffness: from 0 to 10 beside the minutes where both were logged, and none of it where it was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.lanes.symptoms import SCORE_KEY, SCORE_PRINT_KEY
from dashboard.timeline.print_figure import draw_svg

START, END = date(2025, 1, 1), date(2025, 4, 22)
NAME = "Stiffness, 0–10"


def with_scores(analysis, score: pl.Expr):
    minutes = pl.col("stiffness_min").is_not_null()
    return replace(analysis, days=analysis.days.with_columns(stiffness_0_10=pl.when(minutes).then(score)))


def drawn(analysis, shoe_names, **look):
    options = TimelineOptions(Units(), shown=("symptoms",), **look)
    return timeline_figure(timeline_data(analysis, shoe_names, START, END, options))


def scores(figure) -> list:
    return [trace for trace in figure.data if trace.name == NAME]


def words(figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations)


@pytest.mark.parametrize("narrow", [False, True])
def test_both_scales_are_drawn_and_named(jumping, shoe_names, narrow):
    figure = drawn(with_scores(jumping, pl.lit(5.0)), shoe_names, is_narrow=narrow)
    (marks,) = scores(figure)
    axis = figure.to_dict()["layout"][marks.yaxis.replace("y", "yaxis")]
    top = max(axis["tickvals"])
    assert np.allclose(np.asarray(marks.y, dtype=float), top / 2)
    assert set(marks.text) == {"5 of 10"}
    assert SCORE_KEY in words(figure)


def test_the_paper_names_the_dots_right_of_the_lane(jumping, shoe_names):
    def printed(score: pl.Expr) -> str:
        options = TimelineOptions(Units(), shown=("symptoms",))
        analysis = with_scores(jumping, score)
        return draw_svg(timeline_data(analysis, shoe_names, START, END, options))

    assert SCORE_PRINT_KEY in printed(pl.lit(5.0))
    assert SCORE_PRINT_KEY not in printed(pl.lit(None, pl.Float64))


def test_a_score_nobody_gave_is_not_drawn(jumping, shoe_names):
    bare = drawn(with_scores(jumping, pl.lit(None, pl.Float64)), shoe_names)
    assert not scores(bare)
    assert SCORE_KEY not in words(bare)


def test_none_is_not_a_dot(jumping, shoe_names):
    assert not scores(drawn(with_scores(jumping, pl.lit(0.0)), shoe_names))
