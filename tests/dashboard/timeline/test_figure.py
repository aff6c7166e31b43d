"""The figure as data: one clock, fixed scales, gaps left open, a day to tap anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import plotly.io as pio
import polars as pl
import pytest

from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, first_worn, timeline_data
from dashboard.timeline.figure import LEAST_STRETCH, fitted_stretch, timeline_figure
from dashboard.timeline.lanes import LANES

END = date(2025, 6, 23)
START = END - timedelta(days=364)


def drawn(analysis, names, start=START, end=END, **look):
    return timeline_figure(
        timeline_data(analysis, names, start, end, TimelineOptions(look.pop("units", Units()), **look))
    )


def named(fig, name):
    return [trace for trace in fig.data if trace.name == name]


def test_every_trace_is_on_one_clock(jumping, shoe_names):
    fig = drawn(jumping, shoe_names)
    assert {trace.xaxis for trace in fig.data} == {"x"}
    assert fig.layout.hovermode == "x unified"
    assert fig.layout.hoversubplots == "axis"


def test_no_axis_can_be_dragged_and_a_finger_scrolls_the_page(jumping, shoe_names):
    plain = drawn(jumping, shoe_names).to_dict()
    axes = [axis for name, axis in plain["layout"].items() if name.startswith(("xaxis", "yaxis"))]
    # No lane of other sports without a session, none of strength without a set.
    there = [lane for lane in LANES if lane.id not in ("sports", "strength")]
    assert len(axes) == len(there) + 2
    assert all(axis["fixedrange"] for axis in axes)
    assert plain["layout"]["template"]["layout"]["dragmode"] is False
    assert plain["layout"]["dragmode"] not in ("pan", "zoom", "select", "lasso", False)


def test_scales_are_those_of_what_is_shown(jumping, shoe_names):
    """Issue 14: lanes scale to what is shown."""

    def top(fig):
        return fig.layout[f"yaxis{named(fig, 'Volume')[0].yaxis[1:]}"].range[1]

    short = drawn(jumping, shoe_names, END - timedelta(days=40))
    assert top(short) < top(drawn(jumping, shoe_names))
    assert top(short) >= np.nanmax(np.asarray(named(short, "Volume")[0].y, dtype=float))


def test_daily_values_travel_without_dates(jumping, shoe_names):
    load = named(drawn(jumping, shoe_names), "Load")[0]
    assert load.x is None
    assert str(load.x0) == str(START)
    assert load.dx == 86_400_000
    assert load.y.dtype == np.float32


def test_volume_is_the_sum_of_the_last_seven_days(steady, shoe_names):
    volume = named(drawn(steady, shoe_names), "Volume")[0]
    days = steady.days.filter(pl.col("local_date").is_between(END - timedelta(days=6), END))
    assert volume.y[-1] == pytest.approx(days["distance_m"].sum() / 1000, rel=1e-4)


def test_miles_and_feet_change_the_numbers_and_the_words(jumping, shoe_names):
    metric, imperial = (
        drawn(jumping, shoe_names, units=Units(*pair)) for pair in (("km", "m"), ("mi", "ft"))
    )
    volume = [named(fig, "Volume")[0].y[-1] for fig in (metric, imperial)]
    assert volume[0] / volume[1] == pytest.approx(1.609344, rel=1e-4)
    words = " ".join(note.text for note in imperial.layout.annotations)
    assert "mi, last 7 days" in words
    assert "easy mi" in words
    assert "ft" in words
    assert "km" not in words


def test_days_not_logged_have_no_mark_and_logged_none_has_a_ring(jumping, shoe_names):
    fig = drawn(jumping, shoe_names)
    (answer,) = named(fig, "Pain")
    logged = jumping.days.filter(pl.col("local_date").is_between(START, END))["pain_0_10"].drop_nulls()
    assert len(answer.x) == len(logged), "one hover answer for each logged day, none for the rest"
    assert list(answer.text) == [f"{value:.0f} of 10" if value else "none" for value in logged]
    drawn_marks = [
        t for t in fig.data if t.yaxis == answer.yaxis and t.hoverinfo == "skip" and t.mode == "markers"
    ]
    rings = [trace for trace in drawn_marks if trace.marker.symbol == "circle-open"]
    assert len(rings[0].x) == (logged == 0).sum()
    assert sum(len(trace.x) for trace in drawn_marks) == len(logged)


def test_without_a_log_the_lane_says_so(steady, shoe_names):
    fig = drawn(steady, shoe_names)
    assert not named(fig, "Pain")
    assert any("nothing logged yet" in note.text for note in fig.layout.annotations)


def test_windows_are_shaded_and_named_in_words(jumping, shoe_names):
    fig = drawn(jumping, shoe_names)
    rects = [shape for shape in fig.layout.shapes if shape.type == "rect"]
    inside = jumping.windows.filter((pl.col("to_date") >= START) & (pl.col("from_date") <= END))
    assert inside.height >= 1
    assert len(rects) == inside.height
    assert all((shape.y0, shape.y1) == (0, 1) for shape in rects)
    load = named(fig, "Load")[0].yaxis
    assert {shape.yref for shape in rects} == {f"{load} domain"}, "tinted in the lane of load alone"
    (row,) = inside.head(1).to_dicts()
    names = [note for note in fig.layout.annotations if note.text == f"<b>×{row['peak_ratio']:.1f}</b>"]
    assert {note.xanchor for note in names} == {"center"}
    first, last = max(row["from_date"], START), min(row["to_date"], END)
    assert any(first <= date.fromisoformat(note.x) <= last for note in names), "over its own bar"


def test_without_the_lane_of_load_no_lane_is_tinted(jumping, shoe_names):
    options = TimelineOptions(Units(), shown=("symptoms", "volume"))
    fig = timeline_figure(timeline_data(jumping, shoe_names, START, END, options))
    assert not [shape for shape in fig.layout.shapes if shape.type == "rect"]
    assert [shape for shape in fig.layout.shapes if shape.type == "line" and shape.y0 == 1]


def test_lanes_stand_in_the_order_and_at_the_height_a_runner_wants(jumping, shoe_names):
    options = TimelineOptions(Units(), shown=("symptoms", "load", "volume"))
    plain = timeline_figure(timeline_data(jumping, shoe_names, START, END, options))
    wanted = replace(options, order=("volume", "load"), stretch={"load": 2.0})
    own = timeline_figure(timeline_data(jumping, shoe_names, START, END, wanted))
    order = [note.text.split("<br>")[0] for note in own.layout.annotations if note.text.startswith("<b>")]
    names = [
        name for name in reversed(order) if name in ("<b>Volume</b>", "<b>Tendon load</b>", "<b>Pain</b>")
    ]
    assert names == ["<b>Volume</b>", "<b>Tendon load</b>", "<b>Pain</b>"]
    assert own.layout.height - plain.layout.height == pytest.approx(132, abs=1)


def test_a_window_that_rests_on_assumptions_has_a_dotted_bar(jumping, shoe_names):
    loose = jumping.windows.with_columns(robust=pl.lit(False))
    shaky = timeline_data(jumping, shoe_names, START, END, TimelineOptions(Units()))
    fig = timeline_figure(type(shaky)(**{**shaky.__dict__, "windows": loose}))
    caps = [shape for shape in fig.layout.shapes if shape.type == "line" and shape.y0 == 1]
    assert {shape.line.dash for shape in caps} == {"3px,3px"}


def test_runs_estimated_from_their_summary_are_a_thin_line_in_a_pale_band(jumping, shoe_names):
    wide = {"load_low_tkm": pl.col("load_tkm") * 0.8, "load_high_tkm": pl.col("load_tkm") * 1.3}
    late = pl.col("local_date") > END - timedelta(days=30)
    guessed = jumping.runs.with_columns(estimated=late, **wide)
    analysis = type(jumping)(**{**jumping.__dict__, "runs": guessed})
    fig = drawn(analysis, shoe_names)
    thin = named(fig, "Load, partly estimated")[0]
    solid = named(fig, "Load")[0]
    assert np.isfinite(thin.y[-29:]).all()
    assert not np.isfinite(solid.y[-29:]).any()
    assert not np.isfinite(thin.y[:-40]).any()
    assert not any(trace.fillpattern.shape for trace in fig.data if trace.fill == "toself"), "fuzz over years"
    drawn_thin = [
        t for t in fig.data if t.mode == "lines" and t.line.width and t.line.width < solid.line.width / 2
    ]
    assert any(np.isfinite(np.asarray(t.y, float)[-29:]).all() and not t.line.dash for t in drawn_thin)
    said = [note.text for note in fig.layout.annotations]
    assert any("thin, in a band:<br>estimated" in text for text in said)
    units = [text.split("'>")[1].removesuffix("</span>") for text in said if "<br><span" in text]
    assert units
    assert max(len(row) for unit in units for row in unit.split("<br>")) <= 21, (
        "left of a lane no word is cut"
    )


def test_a_line_that_is_not_known_yet_is_not_named(jumping, shoe_names):
    unknown = {name: pl.lit(None, pl.Float64) for name in jumping.days.columns if name.startswith("habitual")}
    early = type(jumping)(**{**jumping.__dict__, "days": jumping.days.with_columns(**unknown)})
    for analysis, is_named in ((jumping, True), (early, False)):
        texts = " ".join(str(note.text) for note in drawn(analysis, shoe_names).layout.annotations)
        assert ("used to, its band" in texts) == is_named


def test_unknown_load_is_a_gap_and_never_zero(jumping, shoe_names):
    dark = pl.col("local_date").is_between(START + timedelta(days=100), START + timedelta(days=119))
    empty = [
        pl.when(~dark).then(pl.col(name)).alias(name) for name in ("acute_tkm", "habitual_tkm", "load_tkm")
    ]
    analysis = type(jumping)(**{**jumping.__dict__, "days": jumping.days.with_columns(empty)})
    fig = drawn(analysis, shoe_names)
    load = named(fig, "Load")[0]
    assert np.isnan(load.y[100:120]).all()
    assert load.connectgaps is False
    assert any("hatched" in note.text for note in fig.layout.annotations)


def test_any_place_over_a_day_can_be_tapped(jumping, shoe_names):
    fig = drawn(jumping, shoe_names)
    target = fig.data[-1]
    assert target.mode == "markers"
    assert len(target.y) == 365
    assert fig.layout["yaxis90"].domain == (0, 1)
    assert fig.layout.clickmode == "event+select"


def test_hidden_lanes_leave_the_picture(jumping, shoe_names):
    fig = drawn(jumping, shoe_names, shown=("load", "shoes"))
    titles = " ".join(note.text for note in fig.layout.annotations)
    assert "Tendon load" in titles
    assert "Shoes" in titles
    assert "Cadence" not in titles
    assert fig.layout.height < drawn(jumping, shoe_names).layout.height / 2


def test_on_a_phone_names_stand_above_and_margins_are_small(jumping, shoe_names):
    fig = drawn(jumping, shoe_names, is_narrow=True)
    assert fig.layout.margin.l + fig.layout.margin.r < 60
    titles = [note for note in fig.layout.annotations if "<b>Volume</b>" in note.text]
    assert titles[0].yanchor == "bottom"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_draw(jumping, shoe_names, theme):
    fig = drawn(jumping, shoe_names, theme=theme)
    assert fig.layout.paper_bgcolor == {"light": "#ffffff", "dark": "#11161c"}[theme]


def test_an_empty_window_draws_and_says_why(jumping, shoe_names):
    fig = drawn(jumping, shoe_names, END + timedelta(days=10), END + timedelta(days=40))
    assert any("no runs" in note.text for note in fig.layout.annotations)


def test_fifteen_years_fit_in_three_hundred_kilobytes(fifteen_years, shoe_names):
    fig = drawn(fifteen_years, shoe_names, date(2010, 1, 1), date(2024, 12, 31))
    assert len(pio.to_json(fig.to_dict(), validate=False)) < 300_000
    assert named(fig, "Load")[0].dx == 7 * 86_400_000


def test_a_pair_keeps_its_place_in_the_order_when_another_is_added(jumping, make_run):
    names = {"ghost": "Ghost 15", "racer": "Racer 2", "aaa": "Never worn"}
    order = list(first_worn(jumping.runs, names))
    later = pl.DataFrame(
        [make_run(9999, date(2026, 1, 1), 5000.0, shoe_id="new")], schema=jumping.runs.schema
    )
    again = list(first_worn(pl.concat([jumping.runs, later]), {"new": "New", **names}))
    assert order[:2] == again[:2]
    assert order[2] == "aaa"


def test_long_names_keep_the_end_that_tells_them_apart_and_stay_text(jumping):
    names = {"ghost": "Larkfield Harrier Wide Edition 13", "racer": "Larkfield Harrier Wide Edition 14"}
    words = [note.text for note in drawn(jumping, names).layout.annotations if "Larkfield" in note.text]
    assert len(set(words)) == 2
    assert sum("13" in text for text in words) == 1
    odd = drawn(jumping, {"ghost": "<a href='x'>shoe</a>", "racer": "B"})
    assert not any("<a " in note.text for note in odd.layout.annotations)


def test_an_axis_without_data_is_still_drawn(jumping, shoe_names):
    fig = drawn(jumping, shoe_names, END + timedelta(days=10), END + timedelta(days=40))
    used = {trace.yaxis for trace in fig.data}
    axes = {name.replace("axis", "") for name in fig.layout.to_plotly_json() if name.startswith("yaxis")}
    assert axes == used


def test_every_note_stands_on_the_clock(jumping, shoe_names):
    last = jumping.windows["to_date"][-1]
    fig = drawn(jumping, shoe_names, last - timedelta(days=100), last)
    low, high = (str(edge)[:10] for edge in fig.layout.xaxis.range)
    assert any(note.text.startswith("<b>×") for note in fig.layout.annotations)
    assert all(low <= note.x <= high for note in fig.layout.annotations if note.xref == "x")


def test_all_lanes_fit_one_screen_and_a_chosen_height_is_kept(jumping, shoe_names):
    """Symptoms and load stay in sight with the others: nothing has to be scrolled away for them."""
    there = tuple(dict.fromkeys(lane.id for lane in LANES))
    options = TimelineOptions(Units(), shown=there, stretch={"load": 1.5})
    data = timeline_data(jumping, shoe_names, START, END, options)
    fitted = replace(data, stretch=fitted_stretch(data, 640))
    assert fitted.stretch["load"] == 1.5
    before, after = (timeline_figure(one).layout.height for one in (data, fitted))
    assert after < before
    assert after <= 640 or set(fitted.stretch.values()) == {1.5, LEAST_STRETCH}
    assert fitted_stretch(data, before + 100) == data.stretch


def test_few_lanes_keep_their_height(jumping, shoe_names):
    options = TimelineOptions(Units(), shown=("symptoms", "load"))
    data = timeline_data(jumping, shoe_names, START, END, options)
    assert fitted_stretch(data) == {}


@pytest.mark.parametrize(
    ("days", "is_narrow", "step"), [(365, True, 1), (366, True, 7), (366, False, 1), (731, False, 7)]
)
def test_a_day_narrower_than_a_pixel_is_drawn_with_its_week(jumping, shoe_names, days, is_narrow, step):
    options = TimelineOptions(Units(), is_narrow=is_narrow)
    data = timeline_data(jumping, shoe_names, END - timedelta(days=days), END, options)
    dates = data.lanes["local_date"]
    assert data.step_days == step
    assert dates[-1] == END
    assert set(dates.diff().drop_nulls().dt.total_days()) == {step}
