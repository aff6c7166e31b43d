"""What is left out is drawn crossed, other sports stand on a lane of their own, and neither moves a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from connectors.frames import SYMPTOM
from dashboard.model.analysis import adapt
from dashboard.model.other_sessions import OTHER_SCHEMA
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.timeline import table
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure

END = date(2025, 6, 23)
START = END - timedelta(days=111)


@pytest.fixture(scope="module")
def parted(steady):
    """The steady runner, with the two newest runs but five left out."""
    ids = steady.runs.sort("start_utc")["activity_id"].to_list()[-7:-5]
    marked = steady.runs.with_columns(is_excluded=pl.col("activity_id").is_in(ids))
    return adapt(marked, SYMPTOM.empty(), steady.settings, END)


def drawn(analysis, narrow: bool = False, units: Units | None = None, start: date = START):
    look = TimelineOptions(units or Units(), is_narrow=narrow)
    return timeline_figure(timeline_data(analysis, {}, start, END, look))


def crossed(fig) -> list:
    return [trace for trace in fig.data if trace.fillpattern.shape == "x"]


def said(fig) -> str:
    return " ".join(note.text for note in fig.layout.annotations)


def test_what_is_left_out_is_crossed_on_load_and_volume(parted, steady):
    fig = drawn(parted)
    assert len({trace.yaxis for trace in crossed(fig)}) == 2
    assert said(fig).count(text.CROSSED) == 2
    assert [trace.name for trace in fig.data].count(text.LEFT_OUT) == 2
    assert crossed(drawn(steady)) == []
    assert text.CROSSED not in said(drawn(steady))


def test_the_crossed_part_is_as_tall_as_what_is_missing(parted, steady):
    """Counted and left out together are the whole of the runner of whom nothing is left out."""
    whole = timeline_data(steady, {}, START, END, TimelineOptions(Units())).lanes
    tops = dict(whole.select("local_date", pl.col("distance_7d_m") / 1000).rows())
    fig = drawn(parted)
    lane = next(trace.yaxis for trace in fig.data if trace.name == "Volume")
    shape = next(trace for trace in crossed(fig) if trace.yaxis == lane)
    count = len(shape.y) // 2
    days = np.array(shape.x[:count], dtype="float64").astype("datetime64[ms]")
    nearest = (days + np.timedelta64(12, "h")).astype("datetime64[D]").astype(object)
    assert count >= 7
    assert list(shape.y[count:][::-1]) == pytest.approx([tops[day] for day in nearest], rel=1e-4)


def test_a_day_list_names_what_is_left_out(parted, shoe_names):
    day = parted.excluded["local_date"][0]
    (run,) = timeline_text.day_runs_in_words(parted.every_run, day, Units(), shoe_names)
    assert run.sentences[0] == text.RUN_LEFT_OUT
    (other,) = timeline_text.day_runs_in_words(parted.every_run, day - timedelta(days=7), Units(), shoe_names)
    assert text.RUN_LEFT_OUT not in other.sentences


def test_the_table_has_a_column_for_it(parted, steady):
    day = parted.excluded["local_date"][0]
    (row,) = table.timeline_table(parted, day, day, Units()).rows(named=True)
    assert row["Left out (km)"] == pytest.approx(parted.excluded["distance_m"][0] / 1000, abs=0.01)
    assert row["Distance (km)"] == 0
    assert "Left out (km)" not in table.timeline_table(steady, day, day, Units()).columns


def test_nonsense_that_is_left_out_does_not_set_the_scale(parted):
    nonsense = parted.excluded.with_columns(distance_m=pl.lit(2.1e7), load_tkm=pl.lit(2e4))
    fig, usual = drawn(replace(parted, excluded=nonsense)), drawn(parted)
    for trace in crossed(fig):
        name = f"yaxis{trace.yaxis[1:]}"
        assert fig.layout[name].range == usual.layout[name].range
        assert max(trace.y) <= fig.layout[name].range[1]


@pytest.fixture
def sporty(steady):
    days = [START + timedelta(days=n) for n in range(0, 100, 3)]
    sports = ["Ride", "Swim", "AlpineSki", "<b>Odd</b>", "Rowing"]
    rows = [(day, sports[n % 5], 3_600.0 * (5 - n % 5)) for n, day in enumerate(days)]
    return replace(steady, others=pl.DataFrame(rows, schema=OTHER_SCHEMA, orient="row"))


def test_other_sports_have_a_lane_only_where_there_are_any(sporty, steady):
    assert "Other sports" in said(drawn(sporty))
    assert "Other sports" not in said(drawn(steady))
    assert text.NOT_IN_LOAD in said(drawn(sporty))
    assert text.NO_OTHER_SPORT in said(drawn(sporty, start=END - timedelta(days=2)))


def test_sports_are_named_hours_and_not_markup(sporty):
    fig = drawn(sporty)
    stacked = [trace for trace in fig.data if trace.stackgroup == "sports"]
    assert [trace.name for trace in stacked] == ["Ride", "Swim", "Alpine ski", text.OTHER_SPORTS]
    assert max(stacked[0].y) == pytest.approx(5.0)
    assert "<b>Odd" not in said(fig)
    patterns = [trace.fillpattern.shape for trace in stacked]
    assert len(set(patterns)) == len(patterns), "told apart without colour"


def test_the_load_is_the_same_with_and_without_other_sports(sporty, steady):
    def load(fig):
        return next(trace.y for trace in fig.data if trace.name == "Load")

    assert np.array_equal(load(drawn(sporty)), load(drawn(steady)), equal_nan=True)


@pytest.mark.parametrize("narrow", [False, True])
def test_it_is_drawn_on_a_phone_and_in_miles(parted, narrow):
    assert text.CROSSED in said(drawn(parted, narrow, Units("mi", "ft")))
