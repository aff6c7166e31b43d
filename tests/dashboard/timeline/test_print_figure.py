"""The picture on paper: the numbers of the Timeline, and nothing that only colour tells."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import polars as pl
import polars.selectors as cs
import pytest

from dashboard.charts.palette import LIGHT, contrast, palette_of
from dashboard.shared import text
from dashboard.shared.units import Units
from dashboard.timeline.canvas import LaneArea
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.lanes import lanes_drawn
from dashboard.timeline.lanes.load import LOAD
from dashboard.timeline.markers import windows_in_view
from dashboard.timeline.print_canvas import PRINT_LEFT, PRINT_NAMES, PRINT_WIDTH, PrintCanvas
from dashboard.timeline.print_figure import MOST_HEIGHT, draw_svg, picture_alt
from dashboard.timeline.screen_canvas import ScreenCanvas
from dashboard.timeline.text import BARS_NAME, DOTTED_NAME

NS = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shown(demo_page):
    return demo_page.picture


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{NS}text")]


def scale_of(lane, data):
    canvas, area = PrintCanvas(data, "serif"), LaneArea(10, 60)
    lane.draw(canvas, area)
    return area.low, area.high


def test_scales_are_those_of_what_is_shown(demo_ready, shown):
    """Issue 14: lanes scale to what is shown, on paper as on the screen."""
    analysis, why = demo_ready
    early = analysis.days["local_date"][0] + timedelta(days=90)
    other = timeline_data(
        analysis, shown.shoe_names, early, early + timedelta(days=60), TimelineOptions(Units()), why
    )
    paper, screen = PrintCanvas(other, "serif"), ScreenCanvas(other)
    scales = {lane.title: scale_of(lane, other) for lane in lanes_drawn(paper)}
    assert scales["Tendon load"] != scale_of(LOAD, shown)
    for lane in lanes_drawn(screen):
        area = LaneArea(10, 60, "y")
        lane.draw(screen, area)
        low, high = screen.axes["yaxis"]["tickvals"][0], screen.axes["yaxis"]["tickvals"][-1]
        if lane.title not in ("Pain", "Stiffness"):
            assert scales[lane.title] == (low, high), lane.title


def test_a_day_stands_where_its_date_is(shown):
    paper = PrintCanvas(shown, "serif")
    assert PRINT_LEFT < paper.day(shown.start) < paper.day(shown.end) < PRINT_NAMES < PRINT_WIDTH
    assert paper.x[0] == pytest.approx(paper.day(paper.rows["local_date"][0]))
    left, right = paper.span(shown.start, shown.end)
    assert (left, right) == (PRINT_LEFT, PRINT_LEFT + paper.plot_width)


def test_a_value_stands_on_its_scale():
    band = LaneArea(10, 60, low=-1, high=4)
    assert band.y([-1, 4, 1.5]).tolist() == [60, 10, 35]


def test_a_window_is_tinted_in_the_lane_of_load_alone_and_named_by_its_ratio(shown):
    """As on the screen: a bar with its ratio over it, and no tint behind symptoms or shoes."""
    whole = float(ElementTree.fromstring(draw_svg(shown)).get("viewBox").split()[3])
    (height,) = {float(one.get("height")) for one in boxes(shown)}
    assert 0 < height < whole / 3
    assert len(boxes(shown)) == len(windows_in_view(shown)) > 0
    assert boxes(replace(shown, shown=("symptoms", "shoes"))) == []
    ratios = [one for one in texts(draw_svg(shown)) if re.fullmatch(r"(up to )?×\d(\.\d|\+)", one)]
    assert 0 < len(ratios) <= len(windows_in_view(shown))


def boxes(data):
    """The tints of windows in a printed picture."""
    svg = ElementTree.fromstring(draw_svg(data))
    return [one for one in svg.iter(f"{NS}rect") if one.get("fill") == palette_of(data.theme).window]


def test_paper_says_what_the_bars_are_and_their_certainty_is_a_line_style(shown):
    sure = replace(shown, windows=shown.windows.with_columns(robust=pl.lit(True)))
    assert set(BARS_NAME) <= set(texts(draw_svg(sure)))
    assert not set(DOTTED_NAME) & set(texts(draw_svg(sure)))
    loose = replace(shown, windows=shown.windows.with_columns(robust=pl.lit(False)))
    svg = draw_svg(loose)
    assert set(DOTTED_NAME) <= set(texts(svg))
    none = replace(shown, windows=shown.windows.clear())
    assert not set(BARS_NAME) & set(texts(draw_svg(none)))
    assert "stroke-dasharray='2.5 2.5'" not in svg or svg.count("2.5 2.5") > draw_svg(shown).count("2.5 2.5")
    assert svg.count("stroke-dasharray") > draw_svg(shown).count("stroke-dasharray")


def test_empty_lanes_say_why(shown):
    bare = shown.lanes.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("fast_7d_s", "ascent_7d_m", "descent_7d_m", "cadence_deviation_pct", "pain_0_10",
                     "stiffness_min", "stiffness_0_10")
    )  # fmt: skip
    said = texts(draw_svg(replace(shown, lanes=bare, shares=shown.shares.clear(), flares=None)))
    for why in (text.NO_SPEED, text.NO_ALTITUDE, text.NO_CADENCE, text.NO_RUNS, text.NOTHING_LOGGED):
        assert why in said
    assert "Stiffness" not in said


def test_estimated_is_dashed_and_unknown_hatched(shown):
    lanes = shown.lanes.with_columns(
        estimated=pl.lit(True),
        load_7d_tkm=pl.when(pl.int_range(pl.len()) % 40 > 3).then("load_7d_tkm"),
    )
    svg = draw_svg(replace(shown, lanes=lanes))
    assert "stroke-dasharray='4 2'" in svg
    assert {"dashed: estimated", text.HATCHED} <= set(texts(svg))
    assert "fill='url(#h0-" in svg


def test_pairs_differ_by_pattern_where_grey_would_not_tell_them(shown):
    tiles = re.findall(r"<pattern id='([^']+)'", draw_svg(shown))
    fills = set(re.findall(r"fill='(#[0-9a-f]{6}|url[^']+)'", draw_svg(shown)))
    assert len(tiles) >= 3
    assert {f"url(#{tile})" for tile in tiles} <= fills


def test_other_sports_and_strength_are_drawn_and_heard(shown):
    svg = draw_svg(shown)
    assert {"Other sports", "Strength", "Ride", "slow and heavy", "sets, last 7 days"} <= set(texts(svg))
    assert "Other sports, Cadence, Strength." in picture_alt(shown)
    assert picture_alt(shown) in svg
    bare = replace(shown, sports=shown.sports.clear(), lanes=shown.lanes.drop("sets_7d"))
    assert "Other sports" not in picture_alt(bare)
    assert "Strength" not in draw_svg(bare)


def test_many_lanes_share_the_height_of_one_page_and_few_have_their_own(shown):
    def height(data) -> float:
        return float(ElementTree.fromstring(draw_svg(data)).get("viewBox").split()[3])

    few = replace(shown, sports=shown.sports.clear(), lanes=shown.lanes.drop("sets_7d"))
    assert height(shown) == pytest.approx(MOST_HEIGHT, abs=0.1)
    assert height(few) <= MOST_HEIGHT
    assert height(replace(few, shown=("load", "volume"))) < 165
    crowd = {f"{n}": f"Pair {n}" for n in range(30)}
    pair = (pl.int_range(pl.len()) % 30).cast(pl.String)
    shares = shown.shares.with_columns(shoe_id=pair)
    assert height(replace(shown, shares=shares, shoe_names=crowd)) <= MOST_HEIGHT + 40


def test_what_was_usual_and_what_stepped_up_are_on_paper(shown):
    assert any(", usually " in one for one in texts(draw_svg(shown)))
    plain = replace(shown, step_ups=shown.step_ups.clear(), lanes=shown.lanes.drop(cs.starts_with("usual_")))
    assert not any(", usually " in one for one in texts(draw_svg(plain)))
    assert draw_svg(plain).count("<path") < draw_svg(shown).count("<path")


def test_miles_and_feet_are_named(shown):
    said = texts(draw_svg(replace(shown, units=Units("mi", "ft"))))
    assert {"mi, last 7 days", "ft, last 7 days", "easy mi, last 7 days"} <= set(said)


def test_words_keep_their_contrast():
    for colour in (LIGHT.ink, LIGHT.muted, LIGHT.load, LIGHT.habitual, LIGHT.window_text, LIGHT.spike):
        assert contrast(colour, "#ffffff") >= 4.5
