"""Episodes as hollow bands: their dates and words, open where no end is known, on screen and on paper alike."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.diary.episodes import Episode
from dashboard.shared.units import Units
from dashboard.timeline.data import TimelineOptions, timeline_data
from dashboard.timeline.figure import timeline_figure
from dashboard.timeline.print_figure import draw_svg

START, END = date(2025, 1, 1), date(2025, 4, 22)
WROTE = Episode("achilles", date(2025, 2, 3), None, date(2025, 2, 20), "left", "wrote")
STILL = Episode("shin", date(2025, 3, 31), date(2025, 3, 1), None, None, "remembers")
BEFORE = Episode("knee", date(2024, 3, 1), None, date(2024, 3, 9), None, "inferred")


def data(analysis, shoe_names, *episodes, **look):
    options = TimelineOptions(Units(), shown=("symptoms",), **look)
    return timeline_data(analysis, shoe_names, START, END, options, episodes=episodes)


def words(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def outlines(figure) -> list:
    return [
        t
        for t in figure.data
        if t.mode == "lines"
        and getattr(t.line, "width", None) == 1.5
        and t.x is not None
        and len(t.x) in (4, 5)
        and isinstance(t.x[0], str)
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_an_episode_is_an_outline_with_its_words(steady, shoe_names, narrow):
    figure = timeline_figure(data(steady, shoe_names, WROTE, BEFORE, is_narrow=narrow))
    (band,) = outlines(figure)
    assert len(band.x) == 5
    assert band.x[0] == band.x[-1]
    assert band.line.dash == "solid"
    assert band.fill is None
    assert "Achilles left, you wrote" in words(figure)
    assert not [text for text in words(figure) if "knee" in text]


def test_one_without_an_end_stays_open_and_is_dashed(steady, shoe_names):
    figure = timeline_figure(data(steady, shoe_names, STILL))
    (band,) = outlines(figure)
    assert list(band.y)[-1] is None
    assert band.line.dash == "dash"
    assert "shin, remembered" in words(figure)


def test_the_paper_has_the_same_bands(steady, shoe_names):
    drawn = draw_svg(data(steady, shoe_names, WROTE, STILL))
    assert "Achilles left, you wrote" in drawn
    assert "stroke-dasharray='4 2'" in drawn
    assert "you wrote" not in draw_svg(data(steady, shoe_names))


def test_a_band_is_no_logged_day(steady, shoe_names):
    plain, banded = (data(steady, shoe_names, *some) for some in ((), (WROTE,)))
    assert plain.lanes.equals(banded.lanes)
