"""Contrast in both themes; a pair keeps its look."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard.charts.palette import contrast, palette_of, shoe_styles, with_alpha

THEMES = ("light", "dark")
MARKS = ["load", "habitual", "window_edge", "volume", "fast", "up", "down", "cadence"]
MARKS += ["pain", "stiffness", "spike", "unknown"]


def test_contrast_of_black_on_white_is_the_standards_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", MARKS)
def test_marks_keep_three_to_one_also_in_a_shaded_window(theme, name):
    palette = palette_of(theme)
    assert contrast(getattr(palette, name), palette.background) >= 3
    assert contrast(getattr(palette, name), palette.window) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["ink", "muted", "window_text", "load", "habitual", "spike", "up", "fast"])
def test_words_keep_four_and_a_half_to_one(theme, name):
    palette = palette_of(theme)
    assert contrast(getattr(palette, name), palette.background) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_shoe_outlines_keep_three_to_one_and_differ(theme):
    palette = palette_of(theme)
    assert len(set(palette.shoes)) == 8
    assert all(contrast(colour, palette.background) >= 3 for colour in palette.shoes)


def test_no_body_is_red():
    for theme in THEMES:
        colours = [c for c in vars(palette_of(theme)).values() if isinstance(c, str)]
        for colour in colours:
            red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
            assert not (red > 150 and green < 70 and blue < 90), colour


def test_a_ninth_pair_differs_from_the_first_by_its_pattern():
    looks = shoe_styles([f"s{i}" for i in range(20)], "light")
    assert looks["s0"].colour == looks["s8"].colour
    assert looks["s0"].pattern != looks["s8"].pattern != looks["s16"].pattern
    assert len({(look.colour, look.pattern) for look in looks.values()}) == 20


def test_a_new_pair_changes_no_older_look():
    assert shoe_styles(["a", "b"], "dark") == {
        k: v for k, v in shoe_styles(["a", "b", "c"], "dark").items() if k != "c"
    }


def test_a_veil_is_css():
    assert with_alpha("#102030", 0.5) == "rgba(16,32,48,0.5)"


def test_the_pages_theme_and_the_pictures_palette_are_one():
    file = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
    theme = tomllib.loads(file.read_text())["theme"]
    for name in THEMES:
        palette = palette_of(name)
        assert theme[name]["backgroundColor"] == palette.background
        assert theme[name]["textColor"] == palette.ink
        assert theme[name]["primaryColor"] == palette.load
        assert theme[name]["grayTextColor"] == palette.muted
        assert tuple(theme[name]["chartCategoricalColors"]) == palette.shoes
        for text, behind in pairwise(["textColor", "backgroundColor"]):
            assert contrast(theme[name][text], theme[name][behind]) >= 4.5
        assert contrast(theme[name]["linkColor"], theme[name]["secondaryBackgroundColor"]) >= 4.5
    assert all(re.fullmatch(r"#[0-9a-f]{6}", theme[name]["primaryColor"]) for name in THEMES)


@pytest.mark.parametrize("theme", THEMES)
def test_every_outline_has_its_fill(theme):
    looks = shoe_styles([f"s{i}" for i in range(8)], theme)
    assert len({look.fill for look in looks.values()}) == 8
