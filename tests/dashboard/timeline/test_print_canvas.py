"""Lines, areas and words as plain SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.timeline.print_canvas import HATCHES, SvgSheet

NS = "{http://www.w3.org/2000/svg}"


def sheet() -> SvgSheet:
    return SvgSheet(100, 50, "serif")


def parsed(drawn: SvgSheet) -> ElementTree.Element:
    return ElementTree.fromstring(drawn.written("A title", "What it shows"))


def points(path: str) -> list[tuple[float, float]]:
    """Follow a path of one M and one l."""
    start, _, steps = path.removeprefix("M").partition("l")
    numbers = [float(one) for one in re.findall(r"-?\d*\.?\d+", f"{start} {steps}")]
    pairs = np.array(numbers).reshape(-1, 2)
    return [tuple(one) for one in np.cumsum(pairs, axis=0)]


@given(st.lists(st.floats(-500, 1500), min_size=2, max_size=60))
@example([1.15, 1.25])  # halves: the first point is rounded as the steps are
def test_a_line_goes_through_its_points_however_long_it_is(values):
    drawn, x = sheet(), np.linspace(0, 700, len(values))
    drawn.line(x, np.array(values), "#000")
    path = parsed(drawn).find(f"{NS}path").get("d")
    assert np.allclose(points(path), np.stack([x, values], axis=1), atol=0.0501)


def test_what_is_not_known_is_a_gap():
    drawn = sheet()
    drawn.line(np.arange(5.0), np.array([1, 2, np.nan, 4, 5.0]), "#000")
    assert parsed(drawn).find(f"{NS}path").get("d").count("M") == 2
    empty = sheet()
    empty.line(np.arange(2.0), np.full(2, np.nan), "#000")
    empty.area(np.arange(2.0), np.zeros(2), np.full(2, np.nan), "#000")
    empty.dots(np.array([]), np.array([]), 2, "#000")
    assert empty.parts == []


def test_one_known_day_alone_is_seen():
    drawn = sheet()
    drawn.line(np.arange(3.0), np.array([np.nan, 2, np.nan]), "#000")
    assert "h.1" in parsed(drawn).find(f"{NS}path").get("d")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_any_words_stay_words(words):
    drawn = sheet()
    drawn.text(1, 2, words, "#000")
    assert (parsed(drawn).find(f"{NS}text").text or "") == words


@pytest.mark.parametrize("kind", HATCHES)
def test_a_pattern_is_made_once(kind):
    drawn = sheet()
    fills = {drawn.hatch(kind, "#112233", "#ffffff") for _ in range(3)}
    assert len(fills) == len(drawn.tiles) == 1
    (fill,) = fills
    ids = {one.get("id") for one in parsed(drawn).iter(f"{NS}pattern")}
    assert fill == f"url(#{ids.pop()})"


def test_a_listener_hears_what_it_is():
    found = parsed(sheet())
    assert (found.get("role"), found.find(f"{NS}title").text) == ("img", "A title")
    assert found.find(f"{NS}desc").text == "What it shows"
