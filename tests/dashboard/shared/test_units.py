"""One conversion layer."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.shared.units import Units, units_from_settings

METRIC, IMPERIAL = Units(), Units("mi", "ft")


def test_a_marathon_in_both():
    assert METRIC.distance(42_195) == pytest.approx(42.195)
    assert IMPERIAL.distance(42_195) == pytest.approx(26.2188, abs=1e-4)
    assert IMPERIAL.height(304.8) == pytest.approx(1000)


@given(some.floats(0, 1e7))
def test_there_and_back(metres):
    for units in (METRIC, IMPERIAL):
        assert units.metres(units.distance(metres)) == pytest.approx(metres, rel=1e-12, abs=1e-9)


@given(some.floats(0.01, 500), some.floats(0.2, 5))
def test_the_multiplier_is_the_same_in_miles(km, multiplier):
    for units in (METRIC, IMPERIAL):
        assert units.load(km * multiplier) / units.distance(km * 1000) == pytest.approx(multiplier)


def test_columns_are_converted_too():
    frame = pl.DataFrame({"metres": [1609.344, None]}).select(IMPERIAL.distance(pl.col("metres")))
    assert frame["metres"].to_list() == [1.0, None]
    assert IMPERIAL.height(pl.Series([0.3048])).to_list() == pytest.approx([1.0])


def test_pace_is_minutes_and_seconds():
    assert METRIC.pace(1000 / 330) == "5:30 /km"
    assert IMPERIAL.pace(1609.344 / 540) == "9:00 /mi"
    assert METRIC.pace(1000 / 359.7) == "6:00 /km"
    assert METRIC.pace(None) == METRIC.pace(0.0) == "–"


def test_words_say_not_known():
    assert METRIC.distance_words(12_430) == "12.4 km"
    assert IMPERIAL.height_words(100) == "328 ft"
    assert METRIC.load_words(13.06) == "13.1 easy kilometres"
    assert {METRIC.distance_words(None), METRIC.load_words(None), METRIC.height_words(None)} == {"not known"}


def test_settings_that_make_no_sense_are_metric():
    assert units_from_settings({"distance_unit": "mi", "height_unit": "ft"}) == IMPERIAL
    assert units_from_settings({"distance_unit": "furlong"}) == METRIC
    assert Units(distance="mi", height="m").load_unit == "easy mi"


@given(some.floats(0, 1_000))
def test_weights_there_and_back(kg):
    for units in (METRIC, Units(weight="lb")):
        assert units.kilograms(units.weight(kg)) == pytest.approx(kg, rel=1e-12, abs=1e-9)


def test_a_plate_in_both():
    assert METRIC.weight_words(22.5) == "22.5 kg"
    assert units_from_settings({"weight_unit": "lb"}).weight_words(20.4117) == "45 lb"
    assert METRIC.weight_words(None) == "not known"
